// For tests: a queue and a Mail on each engine.
#pragma once

#include "mail/letter.hpp"

#include "db/test_databases.hpp"

#include <doctest/doctest.h>

namespace preau::mail::testing {

inline Message volcanoes(std::string to) {
    return {.kind = "test.volcanoes",
            .to = std::move(to),
            .to_name = "Anne Rey",
            .subject = "Les volcans d’Auvergne",
            .text = "Bonjour",
            .html = "<p>Bonjour</p>",
            .language = "fr"};
}

struct Post {
    Post(db::Database& database, Options options)
        : db{database}, mail{database, jobs, clock, ids, std::move(options)} {}

    db::Database& db;
    ManualClock clock;
    IdSource ids{clock, 7};
    jobs::Jobs jobs{db, clock, ids};
    Mail mail;

    Result<MessageId> queue(const Message& message) {
        return db.write_now([&](db::Tx& tx) { return mail.send(tx, message); });
    }
    Entry entry(MessageId id) {
        auto found = db.read_now([id](db::Tx& tx) { return find_entry(tx, id); });
        REQUIRE(found);
        return *found;
    }
    Body body(MessageId id) {
        auto found = db.read_now([id](db::Tx& tx) { return find_body(tx, id); });
        REQUIRE(found);
        return *found;
    }
    std::vector<Entry> all() {
        return db.read_now([](db::Tx& tx) { return entries(tx, {}, {}, 1000); });
    }
};

template <class Body> void on_each_post(const Options& options, Body body) {
    auto list = jobs::migrations();
    for (auto& migration : migrations()) list.push_back(std::move(migration));
    db::on_each_engine(list, [&](db::Database& database) {
        Post post{database, options};
        body(post);
    });
}

} // namespace preau::mail::testing

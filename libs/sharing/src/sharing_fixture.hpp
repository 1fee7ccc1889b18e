// For tests: a small school around a database. People, classes and structures are only ids here: what they mean is
// identity's business, and a viewer brings his subjects along.
#pragma once

#include "db/test_databases.hpp"
#include "sharing/link.hpp"

#include <memory>
#include <set>

namespace preau::sharing::testing {

// Repeatable "random" bits: never the same twice, the same in every run.
class CountingRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override {
        auto block = sha256("counting random " + std::to_string(++count_));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i > 0 && i % block.size() == 0) block = sha256(block);
            bytes[i] = static_cast<std::byte>(block[i % block.size()]);
        }
    }

private:
    std::atomic<int> count_ = 0;
};

inline Viewer person(std::int64_t id, std::set<Subject> more = {}) {
    more.insert({subject(PersonId{id}), signed_in, everybody});
    return {.kind = Viewer::Kind::Person, .person = PersonId{id}, .subjects = {more.begin(), more.end()}};
}

struct School {
    explicit School(db::Database& database) : db{database} {}

    db::Database& db;
    ManualClock clock;
    IdSource ids{clock, 7};
    CountingRandom random;
    jobs::Jobs jobs{db, clock, ids};
    World world{clock, ids, random, jobs, sha256("a key of 32 bytes")};

    Viewer camille = person(101); // has the space
    Viewer nadia = person(102);   // a colleague
    Viewer stranger;

    ItemId space_of(const Viewer& who) {
        return db.write_now([&](db::Tx& tx) { return personal_space(tx, world, who.person, "Mes fichiers"); });
    }
    Result<Item> create(const Viewer& who, ItemId parent, std::string title, std::string kind = "folder",
                        bool restricted = false) {
        return db.write_now([&](db::Tx& tx) {
            return create_item(tx, world, who,
                               {.parent = parent, .kind = kind, .title = title, .restricted = restricted});
        });
    }
    void give(ItemId item, Subject to, Role role, std::optional<Millis> until = {}) {
        db.write_now([&](db::Tx& tx) {
            set_grant(tx, world, camille,
                      {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role, .until = until});
        });
    }
    bool can(const Viewer& who, Action action, ItemId item) {
        return db.read_now([&](db::Tx& tx) { return sharing::can(tx, who, action, item, clock.now()); });
    }
    Standing standing(const Viewer& who, ItemId item) {
        return db.read_now([&](db::Tx& tx) { return sharing::standing(tx, who, item, clock.now()); });
    }
    std::vector<std::string> titles(const Viewer& who, ItemId folder, int limit = 100) {
        auto rows = db.read_now([&](db::Tx& tx) { return children(tx, who, folder, {}, limit, clock.now()); });
        std::vector<std::string> names;
        for (const auto& row : rows) names.push_back(row.title);
        return names;
    }
    Result<MadeLink> link(const NewLink& form) {
        return db.write_now([&](db::Tx& tx) { return create_link(tx, world, camille, form); });
    }
    // Who comes by these links, as the gate resolves it.
    Viewer by_links(const std::vector<LinkId>& passes) {
        return db.read_now([&](db::Tx& tx) {
            Viewer viewer;
            add_passes(viewer, valid_links(tx, passes, clock.now()));
            return viewer;
        });
    }
    std::vector<std::string> events() {
        static const db::Query kinds{"sharing.test_events", "SELECT kind FROM outbox ORDER BY position"};
        return db.read_now([&](db::Tx& tx) { return tx.all<std::string>(kinds, {}); });
    }
};

template <class Body> void on_each_school(Body body) {
    auto all = jobs::migrations();
    for (auto& migration : migrations()) all.push_back(std::move(migration));
    db::on_each_engine(all, [&](db::Database& database) {
        School school{database};
        body(school);
    });
}

} // namespace preau::sharing::testing

// For tests of the tree and of who administers it: a ministry with two académies, each with schools, and people in
// them.
#pragma once

#include "identity/administration.hpp"
#include "identity/attachments.hpp"
#include "identity_fixture.hpp"

#include <doctest/doctest.h>

#include <set>

namespace preau::identity {

// The names on all pages of a list, of so many rows each; each row is on one page only.
template <class Key, class Page>
std::vector<std::string> names_on_all_pages(db::Database& database, int limit, Page read) {
    std::vector<std::string> names;
    std::set<std::int64_t> seen;
    Key after;
    for (int page = 0; page < 500; ++page) {
        auto rows = database.read_now([&](db::Tx& tx) { return read(tx, after); });
        CHECK(std::ssize(rows.rows) <= limit);
        for (const auto& row : rows.rows) {
            CHECK(seen.insert(row.id.value).second);
            names.push_back(row.name);
        }
        if (!rows.next) return names;
        after = *rows.next;
    }
    FAIL("the pages do not end");
    return names;
}

struct Realm {
    explicit Realm(IdentityFixture& the_people) : people{the_people}, db{the_people.db} {
        db.write_now([this](db::Tx& tx) {
            auto plant = [&](StructureId parent, std::string name, std::string kind, std::string uai = {}) {
                return create_structure(
                    tx, people.ids,
                    {.parent = parent, .name = std::move(name), .kind = std::move(kind), .uai = std::move(uai)});
            };
            ministry = plant({}, "Ministère", "ministry");
            lille = plant(ministry, "Académie de Lille", "academy");
            reunion = plant(ministry, "Académie de La Réunion", "academy");
            moulin = plant(lille, "Collège Jean-Moulin", "school", "0590001A");
            curie = plant(lille, "Collège Marie-Curie", "school", "0590002B");
            delisle = plant(reunion, "Collège Hubert-Delisle", "school", "9740001A");
        });
        administrator = people.person("farid", "Farid Benali");
        rector = people.person("rector", "Odile Rector");
        head = people.person("head", "Hélène Rousseau");
        db.write_now([this](db::Tx& tx) {
            add_function(tx, people.teacher, moulin, "teacher");
            add_function(tx, people.colleague, curie, "teacher");
            add_function(tx, rector, lille, "director");
            add_function(tx, head, moulin, "head");
        });
        make_administrator(administrator);
    }

    void make_administrator(PersonId person) {
        db.write_now([&](db::Tx& tx) {
            return set_administrator(tx, {.person = person, .everything = true}, person, true, now());
        });
    }
    Rights rights(PersonId person) {
        return db.read_now([&](db::Tx& tx) { return rights_of(tx, person, now()); });
    }
    Millis now() { return people.clock.now(); }
    Result<Delegation> give(PersonId giver, PersonId to, AdminRole role, StructureId structure,
                            std::optional<Millis> until = {}) {
        return db.write_now([&](db::Tx& tx) {
            return give_delegation(tx, people.ids, rights_of(tx, giver, now()),
                                   {.person = to, .role = role, .structure = structure, .until_at = until}, now());
        });
    }
    bool may_in(PersonId person, AdminRole role, StructureId structure) {
        return db.read_now([&](db::Tx& tx) { return may(tx, rights_of(tx, person, now()), role, structure); });
    }
    Result<Attachment> function(PersonId person, StructureId structure, std::string function, Millis from = 0,
                                std::optional<Millis> until = {}) {
        return db.write_now([&](db::Tx& tx) {
            return give_function(
                tx,
                {.person = person, .structure = structure, .function = function, .from_at = from, .until_at = until},
                now());
        });
    }
    int turn() {
        return db.write_now([&](db::Tx& tx) { return turn_attachments(tx, now(), 100); });
    }

    IdentityFixture& people;
    db::Database& db;
    StructureId ministry, lille, reunion, moulin, curie, delisle;
    PersonId administrator, rector, head;
};

template <class Body> void in_realm(Body body) {
    with_people([&](IdentityFixture& people) {
        Realm realm{people};
        body(realm);
    });
}

} // namespace preau::identity

// Lists of people against a plain count of who should be in them, page by page.
#include "identity/people_list.hpp"
#include "realm_fixture.hpp"

#include "db/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace preau;
using namespace preau::identity;

namespace {

using State = PeopleFilter::State;

std::vector<std::string> all_pages(Realm& realm, const PeopleFilter& filter, int limit = 7) {
    return names_on_all_pages<PeopleKey>(
        realm.db, limit, [&](db::Tx& tx, const PeopleKey& after) { return list_people(tx, filter, after, limit); });
}

// 60 teachers in Lille, 30 in Réunion, every tenth closed, one librarian among twenty.
void settle(Realm& realm) {
    realm.db.write_now([&](db::Tx& tx) {
        for (int i = 0; i < 90; ++i) {
            auto made =
                create_person(tx, realm.people.ids, 0,
                              {.login = fmt::format("p{}", i),
                               .name = fmt::format("{} {}", i % 3 ? "Marie" : "Élodie", i % 2 ? "Martin" : "Émery"),
                               .mail = fmt::format("p{}@ac-lille.fr", i)});
            auto where = i < 60 ? (i % 2 ? realm.moulin : realm.curie) : realm.delisle;
            add_function(tx, made->id, where, "teacher");
            if (i % 20 == 0) add_function(tx, made->id, where, "librarian");
            if (i % 10 == 0) set_disabled(tx, made->id, true);
        }
    });
}

} // namespace

TEST_CASE("everybody, a subtree, a function and a state, each on exactly one page") {
    in_realm([](Realm& realm) {
        settle(realm);
        auto count = [&](const PeopleFilter& filter) { return all_pages(realm, filter).size(); };
        auto names = all_pages(realm, {});
        CHECK(names.size() == 95);
        CHECK(names.front() == "Camille Bernard");
        CHECK(count({.structure = realm.lille}) == 60 + 4);
        CHECK(count({.structure = realm.moulin}) == 30 + 2);
        CHECK(count({.structure = realm.reunion}) == 30);
        CHECK(count({.structure = realm.ministry}) == 94); // all but the administrator, who works nowhere
        CHECK(count({.function = "librarian"}) == 5);
        CHECK(count({.structure = realm.lille, .function = "librarian"}) == 3);
        CHECK(count({.structure = realm.reunion, .function = "head"}) == 0);
        CHECK(count({.state = State::Closed}) == 9);
        CHECK(count({.structure = realm.lille, .state = State::Closed}) == 6);
        CHECK(count({.structure = realm.reunion, .state = State::Open}) == 27);
        CHECK(count({.function = "librarian", .state = State::Open}) == 0);
    });
}

TEST_CASE("people are found by words of their names, their login and their mail, closed accounts too") {
    in_realm([](Realm& realm) {
        settle(realm);
        auto count = [&](const PeopleFilter& filter) { return all_pages(realm, filter).size(); };
        CHECK(count({.typed = "martin"}) == 45);
        CHECK(count({.typed = "marie martin"}) == 30);
        CHECK(count({.typed = "mart mari"}) == 30); // both cut off, in the other order
        CHECK(count({.typed = "emery"}) == 45);
        CHECK(count({.structure = realm.reunion, .typed = "emery"}) == 15);
        CHECK(count({.structure = realm.ministry, .function = "librarian", .typed = "elodie"}) == 2);
        CHECK(count({.state = State::Closed, .typed = "emery"}) == 9);
        CHECK(count({.state = State::Open, .typed = "emery"}) == 36);
        CHECK(count({.structure = realm.lille, .state = State::Closed, .typed = "emery"}) == 6);
        CHECK(all_pages(realm, {.typed = "FARID"}) == std::vector<std::string>{"Farid Benali"}); // a login
        CHECK(all_pages(realm, {.structure = realm.lille, .typed = "farid"}).empty());
        CHECK(count({.typed = "p7@ac-lille.fr"}) == 1);
        CHECK(count({.typed = "p7@"}) == 1);
        CHECK(count({.structure = realm.reunion, .typed = "p61"}) == 1);
        CHECK(count({.structure = realm.reunion, .typed = "p1@"}) == 0);
        CHECK(count({.typed = "nobody-of-that-name"}) == 0);
        CHECK(count({.typed = "…"}) == 0);
        CHECK(count({.typed = "%' OR 1=1 --@"}) == 0);
    });
}

TEST_CASE("a page takes as many queries of many people as of few") {
    in_realm([](Realm& realm) {
        settle(realm);
        realm.db.read_now([&](db::Tx& tx) {
            for (const auto& filter :
                 {PeopleFilter{}, PeopleFilter{.structure = realm.lille},
                  PeopleFilter{.structure = realm.lille, .function = "teacher"},
                  PeopleFilter{.structure = realm.lille, .typed = "martin"}, PeopleFilter{.state = State::Closed}})
                CHECK_QUERIES(tx, 4, (void)list_people(tx, filter, {}, 50));
            CHECK_QUERIES(tx, 5, (void)list_people(tx, {.typed = "marie martin"}, {}, 50));
        });
    });
}

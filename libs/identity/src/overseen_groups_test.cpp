// Lists of groups for administrators against a plain count of what should be on them, page by page; and what an
// administrator changes of a group.
#include "identity/overseen_groups.hpp"

#include "identity/directory.hpp"
#include "identity/school_year.hpp"
#include "realm_fixture.hpp"

#include "db/checks.hpp"

#include <fmt/format.h>

#include <set>

namespace preau::identity {
namespace {

using State = GroupFilter::State;

std::vector<std::string> all_pages(Realm& realm, const GroupFilter& filter, int limit = 7) {
    return names_on_all_pages<NameKey>(
        realm.db, limit, [&](db::Tx& tx, const NameKey& after) { return overseen_groups(tx, filter, after, limit); });
}

GroupId make(Realm& realm, std::string name, StructureId structure, std::string kind = "group") {
    return realm.db.write_now([&](db::Tx& tx) {
        return create_group(tx, realm.people.ids,
                            {.name = std::move(name), .kind = std::move(kind), .structure = structure});
    });
}

// 20 groups and 20 classes in Lille, 10 classes in Réunion, a group of no structure.
void settle(Realm& realm) {
    for (int i = 0; i < 20; ++i) {
        make(realm, fmt::format("Club échecs {}", i), i % 2 ? realm.moulin : realm.lille);
        make(realm, fmt::format("6e {}", i), i % 2 ? realm.moulin : realm.curie, "class");
        if (i < 10) make(realm, fmt::format("6e {}", i), realm.delisle, "class");
    }
    make(realm, "Chorale sans toit", {});
}

std::string key_of(const Result<void>& done) { return done ? "" : done.error().key; }

} // namespace

TEST_CASE("groups of a part of the tree, of a kind and a state, each on exactly one page") {
    in_realm([](Realm& realm) {
        settle(realm);
        auto count = [&](const GroupFilter& filter) { return all_pages(realm, filter).size(); };
        CHECK(count({}) == 51);
        CHECK(count({.kind = "class"}) == 30);
        CHECK(count({.kind = "group"}) == 21);
        CHECK(count({.structure = realm.lille}) == 40);
        CHECK(count({.structure = realm.moulin}) == 20);
        CHECK(count({.structure = realm.reunion}) == 10);
        CHECK(count({.structure = realm.lille, .kind = "group"}) == 20);
        CHECK(count({.structure = realm.lille, .kind = "thing"}) == 0);
        CHECK(count({.typed = "che"}) == 0); // within a word: nothing begins so
        CHECK(count({.typed = "ech"}) == 20);
        CHECK(count({.typed = "19 club"}) == 1);
        CHECK(count({.typed = "6", .structure = realm.reunion}) == 10);
        CHECK(count({.typed = "6 1"}) == 12); // 6e 1, 6e 10 to 6e 19, and 6e 1 of Réunion
        CHECK(count({.typed = "toit"}) == 1);
        CHECK(count({.typed = "toit", .structure = realm.ministry}) == 0); // stands nowhere
        CHECK(count({.typed = "?!"}) == 0);
        auto names = all_pages(realm, {.structure = realm.moulin});
        CHECK(names.front() == "6e 1");
        CHECK(names.back() == "Club échecs 19");
    });
}

TEST_CASE("a part with many groups is read from the order of names, and nothing is left out") {
    in_realm([](Realm& realm) {
        settle(realm);
        realm.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 2'010; ++i)
                create_group(tx, realm.people.ids,
                             {.name = fmt::format("Classe{}", i), .kind = "class", .structure = realm.curie});
        });
        CHECK(all_pages(realm, {.structure = realm.lille}, 500).size() == 2'050);
        CHECK(all_pages(realm, {.structure = realm.lille, .kind = "group"}).size() == 20);
        CHECK(all_pages(realm, {.typed = "6e", .structure = realm.lille}).size() == 20);
        CHECK(all_pages(realm, {.typed = "classe20", .structure = realm.lille}).size() == 21);
        CHECK(all_pages(realm, {.structure = realm.lille, .state = State::Closed}).empty());
        // The same few questions of the database, whatever the number of rows.
        realm.db.read_now(
            [&](db::Tx& tx) { CHECK_QUERIES(tx, 3, overseen_groups(tx, {.structure = realm.lille}, {}, 50)); });
    });
}

TEST_CASE("a closed group is found by administrators alone, and opened as it was") {
    in_realm([](Realm& realm) {
        const auto group = make(realm, "Sciences", realm.moulin);
        const auto teacher = realm.people.teacher;
        auto act = [&](auto closure) { return realm.db.write_now(closure); };
        REQUIRE(act([&](db::Tx& tx) { return set_group(tx, group, {.name = "Sciences", .joining = Joining::Open}); }));
        auto discovered = [&] {
            return realm.db.read_now([&](db::Tx& tx) {
                const auto viewer = *find_viewer(tx, teacher);
                return std::pair{groups_to_discover(tx, viewer, {}, 10).groups.size(),
                                 search_groups(tx, viewer, "scien").size() +
                                     search_directory(tx, viewer, "scien").size()};
            });
        };
        CHECK(discovered() == std::pair<std::size_t, std::size_t>{1, 2});
        REQUIRE(act([&](db::Tx& tx) { return close_group(tx, group, realm.now()); }));
        CHECK(discovered() == std::pair<std::size_t, std::size_t>{0, 0});
        CHECK(all_pages(realm, {.typed = "scien", .structure = realm.lille, .state = State::Closed}).size() == 1);
        CHECK(all_pages(realm, {.typed = "scien"}).size() == 1);
        CHECK(all_pages(realm, {.typed = "scien", .state = State::Open}).empty());
        CHECK(key_of(act([&](db::Tx& tx) { return close_group(tx, group, realm.now()); })) == "identity.group_ended");
        CHECK(key_of(act([&](db::Tx& tx) { return join_group(tx, *find_viewer(tx, teacher), group, realm.now()); })) ==
              "identity.group"); // not even known
        CHECK(key_of(act([&](db::Tx& tx) { return name_owner(tx, group, teacher, realm.now()); })) ==
              "identity.group_ended");
        REQUIRE(act([&](db::Tx& tx) { return reopen_group(tx, group); }));
        CHECK(key_of(act([&](db::Tx& tx) { return reopen_group(tx, group); })) == "identity.group_open_already");
        CHECK(discovered() == std::pair<std::size_t, std::size_t>{1, 2});
        const auto sixth = make(realm, "6e A", realm.moulin, "class");
        CHECK(key_of(act([&](db::Tx& tx) { return close_group(tx, sixth, realm.now()); })) ==
              "identity.group_is_class");
        REQUIRE(act([&](db::Tx& tx) {
            return close_classes(tx,
                                 {.id = realm.people.ids.next_as<ClosingId>(),
                                  .structure = realm.moulin,
                                  .classes = {sixth},
                                  .year = "2025-2026"},
                                 realm.now());
        }));
        CHECK(key_of(act([&](db::Tx& tx) { return reopen_group(tx, sixth); })) == "identity.group_is_class");
        auto shown = realm.db.read_now([&](db::Tx& tx) { return overseen_groups(tx, {.typed = "6e"}, {}, 10).rows; });
        REQUIRE(shown.size() == 1);
        CHECK(shown[0].closed);
        CHECK(shown[0].year == "2025-2026");
    });
}

TEST_CASE("a group gets an owner, and its last owner stays") {
    in_realm([](Realm& realm) {
        const auto group = make(realm, "Sciences", realm.moulin);
        const auto teacher = realm.people.teacher, colleague = realm.people.colleague;
        auto act = [&](auto closure) { return key_of(realm.db.write_now(closure)); };
        auto name = [&](PersonId who) {
            return act([&](db::Tx& tx) { return name_owner(tx, group, who, realm.now()); });
        };
        auto take = [&](PersonId who) { return act([&](db::Tx& tx) { return take_ownership(tx, group, who); }); };
        auto shown = [&] { return *realm.db.read_now([&](db::Tx& tx) { return overseen_group(tx, group); }); };
        CHECK_FALSE(shown().led);
        CHECK(take(teacher) == "identity.group_nobody");
        CHECK(name(teacher).empty());
        CHECK(name(teacher) == "identity.group_owner_already");
        CHECK(shown().led);
        CHECK(shown().members == 1);
        CHECK(take(teacher) == "identity.group_last_owner");
        CHECK(name(colleague).empty());
        CHECK(take(teacher).empty());
        CHECK(shown().members == 2); // still a member
        realm.db.write_now([&](db::Tx& tx) { set_disabled(tx, colleague, true); });
        CHECK_FALSE(shown().led); // its owner's account is closed
        CHECK(name(colleague) == "identity.group_nobody");
        CHECK(name(teacher).empty());
        CHECK(take(colleague).empty());
        CHECK(act([&](db::Tx& tx) { return set_group(tx, group, {.name = "x"}); }) == "text_too_short");
        CHECK(act([&](db::Tx& tx) { return set_group(tx, GroupId{77}, {.name = "Lettres"}); }) == "identity.group");
        CHECK(act([&](db::Tx& tx) { return set_group(tx, group, {.name = "Lettres"}); }).empty());
        CHECK(all_pages(realm, {.typed = "sciences"}).empty());
        CHECK(all_pages(realm, {.typed = "lettres"}).size() == 1);
    });
}

} // namespace preau::identity

#include "sharing/hand_over.hpp"

#include "sharing/team.hpp"
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

const PersonId leaver{101}; // Camille
const PersonId successor{102}; // Nadia
const Viewer head = person(109);

Result<HandedOver> leave(School& s, bool end_links = false) {
    auto held = s.db.read_now([&](db::Tx& tx) { return places_of_leaving(tx, leaver); });
    return s.db.write_now([&](db::Tx& tx) {
        return hand_over(
            tx, s.world, head,
            {.leaver = leaver, .successor = successor, .title = "Espace de Camille", .end_links = end_links}, held);
    });
}
std::vector<std::string> teams(School& s, const Viewer& who) {
    std::vector<std::string> titles;
    for (auto& team : s.db.read_now([&](db::Tx& tx) { return teams_of(tx, who, s.clock.now()); }))
        titles.push_back(team.title);
    return titles;
}
ItemId team(School& s, const Viewer& who, std::string title) {
    return s.db.write_now([&](db::Tx& tx) { return create_team(tx, s.world, who, title); }).value().id;
}
template <class T> std::string key_of(const Result<T>& result) { return result ? "" : result.error().key; }
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("the files of who leaves become a space of the successor, with their addresses and shares") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Volcans").value();
        auto colleague = person(103);
        s.give(folder.id, subject(colleague.person), Role::Edit);
        auto link = s.link({.item = folder.id, .label = "Familles"}).value().link;

        auto done = leave(s);
        REQUIRE(done);
        CHECK(done->space == space);
        CHECK(done->links == 1);
        CHECK(s.can(s.nadia, Action::Manage, folder.id));
        CHECK(s.can(colleague, Action::Edit, folder.id));
        CHECK(s.can(s.by_links({link.id}), Action::View, folder.id));
        CHECK_FALSE(s.can(s.camille, Action::View, folder.id));
        CHECK(teams(s, s.nadia) == Names{"Espace de Camille"});
        CHECK(s.titles(s.nadia, space) == Names{"Volcans"}); // and no trash
        // Who comes back begins with an empty space of their own.
        CHECK(s.space_of(s.camille) != space);
        auto again = leave(s);
        REQUIRE(again);
        CHECK_FALSE(again->space);
        CHECK(again->links == 0);
    });
}

TEST_CASE("links end where it is wanted, those of others do not") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans").value();
        auto link = s.link({.item = folder.id}).value().link;
        auto shared = s.create(s.nadia, s.space_of(s.nadia), "De Nadia").value();
        auto other = s.db.write_now([&](db::Tx& tx) { return create_link(tx, s.world, s.nadia, {.item = shared.id}); });
        REQUIRE(other);
        auto done = leave(s, true);
        REQUIRE(done);
        CHECK(done->links == 1);
        CHECK_FALSE(s.can(s.by_links({link.id}), Action::View, folder.id));
        CHECK(s.can(s.by_links({other->link.id}), Action::View, shared.id));
    });
}

TEST_CASE("a team without another manager gets the successor, one with another stays as it is") {
    on_each_school([](School& s) {
        team(s, s.camille, "Seule");
        auto with = team(s, s.camille, "À deux");
        auto third = person(103);
        s.give(with, subject(third.person), Role::Manage);
        auto ending = team(s, s.camille, "Pour un temps");
        s.give(ending, subject(third.person), Role::Manage, s.clock.now() + 1000);
        auto done = leave(s);
        REQUIRE(done);
        CHECK(done->teams == 2);
        CHECK_FALSE(done->space);
        CHECK(teams(s, s.nadia) == Names{"Pour un temps", "Seule"});
        CHECK(s.can(third, Action::Manage, with));
        CHECK(teams(s, s.camille).empty());
    });
}

TEST_CASE("who leaves loses what others gave, and an empty space stays theirs") {
    on_each_school([](School& s) {
        auto own = s.space_of(s.camille);
        auto folder = s.create(s.nadia, s.space_of(s.nadia), "De Nadia").value();
        s.give(folder.id, subject(leaver), Role::Edit);
        auto done = leave(s);
        REQUIRE(done);
        CHECK_FALSE(done->space);
        CHECK(done->rights == 1);
        CHECK_FALSE(s.can(s.camille, Action::View, folder.id));
        CHECK(s.space_of(s.camille) == own);
        CHECK(s.can(s.camille, Action::Manage, own));
    });
}

TEST_CASE("what is only in the trash is handed over too") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Volcans").value();
        s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.camille, folder.id); }).value();
        CHECK(leave(s).value().space == space);
        CHECK(s.db.write_now([&](db::Tx& tx) { return restore_item(tx, s.world, s.nadia, folder.id); }).has_value());
    });
}

TEST_CASE("nothing is handed over to oneself, under no name, or without the lanes") {
    on_each_school([](School& s) {
        s.create(s.camille, s.space_of(s.camille), "Volcans").value();
        auto before = s.events();
        auto with = [&](Leaving leaving, std::vector<ItemId> held) {
            return s.db.write_now([&](db::Tx& tx) { return hand_over(tx, s.world, head, leaving, held); });
        };
        auto held = s.db.read_now([&](db::Tx& tx) { return places_of_leaving(tx, leaver); });
        CHECK(key_of(with({.leaver = leaver, .successor = leaver, .title = "x"}, held)) == "sharing.successor_same");
        CHECK(key_of(with({.leaver = leaver, .successor = successor, .title = "a/b"}, held)) ==
              "name_forbidden_character");
        CHECK(key_of(with({.leaver = leaver, .successor = successor, .title = "x"}, {})) == "sharing.moved_meanwhile");
        CHECK(s.events() == before);
    });
}

TEST_CASE("without a successor what families could open closes, and the rest waits for somebody") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Volcans").value();
        auto link = s.link({.item = folder.id}).value().link;
        s.give(folder.id, everybody, Role::View);
        auto of_nadia = s.create(s.nadia, s.space_of(s.nadia), "De Nadia").value();
        s.db.write_now([&](db::Tx& tx) {
            set_grant(tx, s.world, s.nadia,
                      {.item = of_nadia.id, .subject_kind = Subject::Kind::Public, .role = Role::View});
        });
        const auto before = s.db.read_now([&](db::Tx& tx) { return to_hand_over(tx, leaver); });
        CHECK(before.space);
        CHECK(before.links == 1);
        CHECK(before.published == 1);
        auto held = s.db.read_now([&](db::Tx& tx) { return places_of_leaving(tx, leaver); });
        auto done = s.db.write_now([&](db::Tx& tx) { return hand_over(tx, s.world, head, {.leaver = leaver}, held); });
        REQUIRE(done);
        CHECK_FALSE(done->space);
        CHECK(done->links == 1);
        CHECK(done->published == 1);
        CHECK_FALSE(s.can(s.by_links({link.id}), Action::View, folder.id));
        CHECK_FALSE(s.can(s.stranger, Action::View, folder.id));
        CHECK(s.can(s.stranger, Action::View, of_nadia.id));
        CHECK(s.can(s.camille, Action::Manage, folder.id)); // an account that is closed has no viewer
        // Somebody takes over a month later.
        s.clock.advance(30_days);
        auto later = leave(s);
        REQUIRE(later);
        CHECK(later->space == space);
        CHECK(s.can(s.nadia, Action::Manage, folder.id));
    });
}

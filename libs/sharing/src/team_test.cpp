#include "sharing/team.hpp"

#include "sharing/moving.hpp"
#include "sharing_fixture.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

template <class Deed> auto write(School& s, Deed deed, ItemId lane = {}) {
    return s.db.write_now([&](db::Tx& tx) { return deed(tx); }, db::lane_of(lane));
}
Result<Item> make(School& s, const Viewer& who, std::string title, std::vector<std::pair<Subject, Role>> members = {}) {
    auto team = write(s, [&](db::Tx& tx) { return create_team(tx, s.world, who, title); });
    for (const auto& [to, role] : members) s.give(team->id, to, role);
    return team;
}
std::vector<std::string> teams(School& s, const Viewer& who) {
    std::vector<std::string> titles;
    for (auto& team : s.db.read_now([&](db::Tx& tx) { return teams_of(tx, who, s.clock.now()); }))
        titles.push_back(team.title);
    return titles;
}
template <class T> std::string key_of(const Result<T>& result) { return result ? "" : result.error().key; }
using Names = std::vector<std::string>;
const GroupId science{700};

} // namespace

TEST_CASE("staff make a space for a group and people, and find it among theirs in French order") {
    on_each_school([](School& s) {
        const auto member = person(103, {subject(science)});
        auto team =
            make(s, s.camille, "Sciences", {{subject(science), Role::Edit}, {subject(s.nadia.person), Role::View}});
        REQUIRE(team);
        make(s, s.camille, "Éveil").value();
        make(s, s.nadia, "Autre").value();
        CHECK(teams(s, s.camille) == Names{"Éveil", "Sciences"});
        CHECK(teams(s, member) == Names{"Sciences"});
        CHECK(teams(s, s.nadia) == Names{"Autre", "Sciences"});
        CHECK(teams(s, s.stranger).empty());
        CHECK(s.can(s.camille, Action::Manage, team->id));
        CHECK(s.create(member, team->id, "Volcans").has_value());
        CHECK_FALSE(s.create(s.nadia, team->id, "x").has_value());
        CHECK(s.titles(s.nadia, team->id) == Names{"Volcans"}); // and no trash
        CHECK(key_of(make(s, s.stranger, "x")) == "sharing.sign_in_needed");
        CHECK(key_of(make(s, s.camille, "a/b")) == "name_forbidden_character");
    });
}

TEST_CASE("a space has its own trash, and is not among what people made lately") {
    on_each_school([](School& s) {
        auto team = make(s, s.camille, "Sciences", {{subject(s.nadia.person), Role::Edit}})->id;
        auto file = s.create(s.nadia, team, "plan.odt", "file")->id;
        REQUIRE(write(s, [&](db::Tx& tx) { return trash_item(tx, s.world, s.nadia, file); }));
        auto thrown = s.db.read_now([&](db::Tx& tx) { return trashed(tx, team, {}, 10); });
        REQUIRE(thrown.size() == 1);
        CHECK(thrown[0].id == file);
        CHECK(write(s, [&](db::Tx& tx) { return restore_item(tx, s.world, s.camille, file); })->parent == team);
        auto lately = s.db.read_now([&](db::Tx& tx) { return recent_items(tx, s.camille, 10, s.clock.now()); });
        CHECK(std::ranges::find(lately, team, &Item::id) == lately.end());
    });
}

TEST_CASE("managers rename; others do not; it is no folder and no folder is a space") {
    on_each_school([](School& s) {
        auto team = make(s, s.camille, "Sciences", {{subject(s.nadia.person), Role::Edit}})->id;
        auto folder = s.create(s.camille, s.space_of(s.camille), "Dossier")->id;
        auto rename = [&](const Viewer& who, ItemId id, std::string title) {
            return key_of(write(s, [&](db::Tx& tx) { return rename_team(tx, s.world, who, id, title); }));
        };
        CHECK(rename(s.nadia, team, "x") == "sharing.role");
        CHECK(rename(person(105), team, "x") == "sharing.item");
        CHECK(rename(s.camille, folder, "x") == "sharing.not_a_team");
        CHECK(rename(s.camille, team, "..") == "name_reserved");
        CHECK(rename(s.camille, team, "Sciences et techno") == "");
        CHECK(teams(s, s.nadia) == Names{"Sciences et techno"});
        CHECK(key_of(write(s, [&](db::Tx& tx) { return rename_item(tx, s.world, s.camille, team, "x"); })) ==
              "sharing.fixed");
    });
}

TEST_CASE("members leave, the last manager does not, and the space goes on without who made it") {
    on_each_school([](School& s) {
        const auto member = person(103, {subject(science)});
        auto team =
            make(s, s.camille, "Sciences", {{subject(s.nadia.person), Role::Edit}, {subject(science), Role::View}})->id;
        auto leave = [&](const Viewer& who) {
            return key_of(write(s, [&](db::Tx& tx) { return leave_team(tx, s.world, who, team); }, team));
        };
        CHECK(leave(s.camille) == "sharing.team_last_manager");
        CHECK(leave(member) == "sharing.team_by_group");
        CHECK(leave(person(105)) == "sharing.item");
        s.give(team, subject(s.nadia.person), Role::Manage);
        CHECK(leave(s.camille) == "");
        CHECK(teams(s, s.camille).empty());
        CHECK_FALSE(s.can(s.camille, Action::View, team));
        CHECK(s.can(s.nadia, Action::Manage, team));
        CHECK(leave(s.nadia) == "sharing.team_last_manager");
    });
}

TEST_CASE("of two managers who leave at once one stays") {
    on_each_school([](School& s) {
        for (int round = 0; round < 10; ++round) {
            auto team = make(s, s.camille, "Sciences", {{subject(s.nadia.person), Role::Manage}})->id;
            std::atomic<int> left = 0;
            std::vector<std::thread> threads;
            for (const auto* who : {&s.camille, &s.nadia})
                threads.emplace_back([&, who] {
                    left += write(s, [&](db::Tx& tx) { return leave_team(tx, s.world, *who, team); }, team).has_value();
                });
            for (auto& thread : threads) thread.join();
            CHECK(left == 1);
        }
    });
}

TEST_CASE("a space that was thrown away is there for its managers alone, changes no more, and comes back whole") {
    on_each_school([](School& s) {
        auto team = make(s, s.camille, "Sciences", {{subject(s.nadia.person), Role::Edit}})->id;
        auto file = s.create(s.nadia, team, "plan.odt", "file")->id;
        auto other = s.create(s.camille, s.space_of(s.camille), "Ailleurs")->id;
        s.give(file, subject(person(104).person), Role::View);
        auto trash = [&](const Viewer& who) {
            return key_of(write(s, [&](db::Tx& tx) { return trash_team(tx, s.world, who, team); }));
        };
        auto restore = [&](const Viewer& who) {
            return key_of(write(s, [&](db::Tx& tx) { return restore_team(tx, s.world, who, team); }));
        };
        CHECK(trash(s.nadia) == "sharing.role");
        CHECK(restore(s.camille) == "sharing.not_trashed");
        CHECK(trash(s.camille) == "");
        CHECK(trash(s.camille) == "sharing.trashed");
        CHECK(teams(s, s.camille).empty());
        CHECK_FALSE(s.can(s.nadia, Action::View, team));
        CHECK_FALSE(s.can(s.nadia, Action::View, file));
        CHECK_FALSE(s.can(person(104), Action::View, file));
        CHECK(s.can(s.camille, Action::View, file));
        CHECK(key_of(s.create(s.camille, team, "x")) == "sharing.trashed");
        CHECK(key_of(write(s, [&](db::Tx& tx) { return move_item(tx, s.world, s.camille, file, other); })) ==
              "sharing.trashed");
        CHECK(key_of(write(s, [&](db::Tx& tx) { return rename_team(tx, s.world, s.camille, team, "x"); })) ==
              "sharing.trashed");
        auto listed = [&](const Viewer& who) {
            return s.db.read_now([&](db::Tx& tx) { return trashed_teams_of(tx, who, s.clock.now()); }).size();
        };
        CHECK(listed(s.camille) == 1);
        CHECK(listed(s.nadia) == 0);
        CHECK(restore(s.nadia) == "sharing.item");
        CHECK(restore(s.camille) == "");
        CHECK(s.titles(s.nadia, team) == Names{"plan.odt"});
        CHECK(s.can(person(104), Action::View, file));
    });
}

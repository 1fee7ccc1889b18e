#include "sharing/suspension.hpp"

#include "sharing/publishing.hpp"
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

const Viewer rector = person(900);

SuspensionId begin(School& s) {
    return s.db.write_now([&](db::Tx& tx) { return begin_suspension(tx, s.world, rector, "Données d’élèves"); })
        .value();
}
std::vector<LinkId> suspend(School& s, SuspensionId act, std::vector<LinkId> links) {
    return s.db.write_now([&](db::Tx& tx) { return suspend_links(tx, s.world, rector, act, links); });
}
std::string refusal(School& s, const std::string& token) {
    auto opened = s.db.read_now([&](db::Tx& tx) { return open_link(tx, token, s.clock.now()); });
    return opened ? "" : opened.error().key;
}

} // namespace

TEST_CASE("a suspended link opens nothing, also to who is inside, until it is lifted") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans").value();
        auto made = s.link({.item = folder.id, .label = "Familles"}).value();
        auto other = s.link({.item = folder.id}).value();
        CHECK(s.can(s.by_links({made.link.id}), Action::View, folder.id));
        const auto act = begin(s);
        CHECK(suspend(s, act, {made.link.id, LinkId{77}}) == std::vector{made.link.id});
        CHECK(suspend(s, act, {made.link.id}).empty());
        CHECK_FALSE(s.can(s.by_links({made.link.id}), Action::View, folder.id));
        CHECK(s.can(s.by_links({other.link.id}), Action::View, folder.id));
        CHECK(refusal(s, made.token) == "link.suspended");
        auto used = s.db.write_now([&](db::Tx& tx) { return use_link(tx, made.link.id, s.clock.now()); });
        CHECK(used.error().key == "link.suspended");
        // Its owner sees why, changes it and gains nothing by that; withdrawing and giving back neither.
        auto shown = s.db.read_now([&](db::Tx& tx) { return links_on(tx, s.world, s.camille, folder.id); });
        REQUIRE(shown.size() == 2);
        CHECK(shown[0].link.suspended == "Données d’élèves");
        CHECK(s.db.write_now([&](db::Tx& tx) { return change_link(tx, s.world, s.camille, made.link.id, {}); }));
        CHECK(s.db.write_now([&](db::Tx& tx) { return revoke_link(tx, s.world, s.camille, made.link.id); }));
        CHECK(s.db.write_now([&](db::Tx& tx) { return restore_link(tx, s.world, s.camille, made.link.id); }));
        CHECK(refusal(s, made.token) == "link.suspended");

        auto lifted = s.db.write_now(
            [&](db::Tx& tx) { return resume_links(tx, s.world, rector, {made.link.id, other.link.id}); });
        CHECK(lifted == std::vector{made.link.id});
        CHECK(refusal(s, made.token).empty());
        CHECK(s.can(s.by_links({made.link.id}), Action::View, folder.id));
        auto events = s.events();
        CHECK(std::ranges::count(events, "link.suspended") == 1);
        CHECK(std::ranges::count(events, "link.resumed") == 1);
    });
}

TEST_CASE("a suspended item is not public, cannot become it, and is as it was afterwards") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans").value();
        s.give(folder.id, everybody, Role::View, s.clock.now() + 30_days);
        const auto act = begin(s);
        auto hide = [&] {
            return s.db.write_now([&](db::Tx& tx) { return suspend_public(tx, s.world, rector, act, folder.id); });
        };
        CHECK(hide());
        CHECK_FALSE(hide());
        CHECK_FALSE(s.can(s.stranger, Action::View, folder.id));
        CHECK(s.can(s.camille, Action::Manage, folder.id));
        CHECK(s.db.read_now([&](db::Tx& tx) { return public_suspended(tx, folder.id); }) == "Données d’élèves");
        auto again = s.db.write_now([&](db::Tx& tx) { return publish(tx, s.world, s.camille, folder.id); });
        REQUIRE_FALSE(again);
        CHECK(again.error().key == "publishing.suspended");
        CHECK_FALSE(s.can(s.stranger, Action::View, folder.id));
        CHECK(s.db.write_now([&](db::Tx& tx) { return resume_public(tx, s.world, rector, folder.id); }));
        CHECK_FALSE(s.db.write_now([&](db::Tx& tx) { return resume_public(tx, s.world, rector, folder.id); }));
        CHECK(s.can(s.stranger, Action::View, folder.id));
        s.clock.advance(30_days);
        CHECK_FALSE(s.can(s.stranger, Action::View, folder.id)); // the end that its owner had set
    });
}

// They end and come back with the school year of the class, which is nobody's decision here.
TEST_CASE("the link of a class is neither suspended nor opened among others") {
    on_each_school([](School& s) {
        auto made = s.db.write_now([&](db::Tx& tx) { return create_class_link(tx, s.world, GroupId{7}, ""); });
        CHECK(suspend(s, begin(s), {made.link.id}).empty());
        CHECK(refusal(s, made.token).empty());
        s.db.write_now([&](db::Tx& tx) {
            static const db::Query end{"sharing.test_end_class", "UPDATE link SET suspended = $2 WHERE id = $1"};
            tx.execute(end, {made.link.id, begin_suspension(tx, s.world, rector, "2025-2026").value()});
        });
        CHECK(refusal(s, made.token) == "link.class_ended");
        auto lifted = s.db.write_now([&](db::Tx& tx) { return resume_links(tx, s.world, rector, {made.link.id}); });
        CHECK(lifted.empty());
        CHECK(refusal(s, made.token) == "link.class_ended");
    });
}

TEST_CASE("a suspension says why") {
    on_each_school([](School& s) {
        for (const std::string& reason : {std::string{}, std::string(501, 'x'), std::string{"\xff"}}) {
            auto begun = s.db.write_now([&](db::Tx& tx) { return begin_suspension(tx, s.world, rector, reason); });
            CHECK_FALSE(begun);
        }
    });
}

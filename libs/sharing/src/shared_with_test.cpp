#include "sharing/shared_with.hpp"

#include "sharing/team.hpp"
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

using Names = std::vector<std::string>;
const GroupId class_6b{700};

SharedPage page(School& s, const Viewer& who, Hidden hidden = Hidden::Without, SharedKey after = {}, int limit = 50) {
    return s.db.read_now([&](db::Tx& tx) { return shared_with(tx, who, hidden, after, limit, s.clock.now()); });
}
Names titles(School& s, const Viewer& who, Hidden hidden = Hidden::Without) {
    Names all;
    for (const auto& row : page(s, who, hidden).rows) all.push_back(row.item.title);
    return all;
}

} // namespace

TEST_CASE("what others gave to me or a group of mine is listed, latest first, once") {
    on_each_school([](School& s) {
        const auto member = person(103, {subject(class_6b)});
        auto space = s.space_of(s.camille);
        auto first = s.create(s.camille, space, "Premier")->id;
        auto second = s.create(s.camille, space, "Second")->id;
        auto inside = s.create(s.camille, first, "Dedans")->id;
        auto closed = s.create(s.camille, first, "Fermé", "folder", true)->id;
        s.give(first, subject(class_6b), Role::View);
        s.clock.advance(1_s);
        s.give(second, subject(member.person), Role::Edit);
        s.give(inside, subject(member.person), Role::Edit); // stands in what is listed already
        CHECK(titles(s, member) == Names{"Second", "Premier"});
        s.clock.advance(1_s);
        s.give(closed, subject(member.person), Role::View); // nothing comes down to it, so it is not inside
        s.give(first, subject(member.person), Role::View);  // by two ways now
        CHECK(titles(s, member) == Names{"Fermé", "Premier", "Second"});
        auto rows = page(s, member).rows;
        REQUIRE(rows.size() == 3);
        CHECK(rows[1].direct);
        CHECK(rows[2].role == Role::Edit);
        CHECK(rows[2].given_by == s.camille.person);
        // Not for who gave, nor for who has nothing to do with it.
        CHECK(titles(s, s.camille).empty());
        CHECK(titles(s, s.nadia).empty());
        CHECK(titles(s, s.stranger).empty());
        // What everybody may see is not shared with anybody.
        auto open = s.create(s.camille, space, "Ouvert")->id;
        s.give(open, everybody, Role::View);
        s.give(open, signed_in, Role::View);
        CHECK(titles(s, s.nadia).empty());
    });
}

TEST_CASE("what ended, was taken back or thrown away is not listed; a team's space has its own place") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto ends = s.create(s.camille, space, "Jusqu’à midi")->id;
        auto taken = s.create(s.camille, space, "Repris")->id;
        auto thrown = s.create(s.camille, space, "Jeté")->id;
        s.give(ends, subject(s.nadia.person), Role::View, s.clock.now() + 1_h);
        s.give(taken, subject(s.nadia.person), Role::View);
        s.give(thrown, subject(s.nadia.person), Role::View);
        auto team = s.db.write_now([&](db::Tx& tx) { return create_team(tx, s.world, s.camille, "Sciences"); });
        REQUIRE(team);
        s.give(team->id, subject(s.nadia.person), Role::Edit);
        auto in_team = s.create(s.camille, team->id, "Plan")->id;
        s.give(in_team, subject(s.nadia.person), Role::Manage);
        CHECK(titles(s, s.nadia).size() == 3);
        s.give(taken, subject(s.nadia.person), Role::None);
        REQUIRE(s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.camille, thrown); }));
        CHECK(titles(s, s.nadia) == Names{"Jusqu’à midi"});
        s.clock.advance(1_h);
        CHECK(titles(s, s.nadia).empty());
    });
}

TEST_CASE("pages by key, each of as many queries") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        for (int i = 0; i < 25; ++i) {
            if (i % 2) s.clock.advance(1_s); // two given in one millisecond order by id
            s.give(s.create(s.camille, space, "n" + std::to_string(i))->id, subject(s.nadia.person), Role::View);
        }
        Names paged;
        SharedKey after;
        do {
            auto next = page(s, s.nadia, Hidden::Without, after, 4);
            for (const auto& row : next.rows) paged.push_back(row.item.title);
            after = next.next.value_or(SharedKey{});
        } while (after.id);
        CHECK(paged.size() == 25);
        CHECK(paged == titles(s, s.nadia));
        CHECK(paged.front() == "n24");
        auto cost = [&](int limit) {
            return s.db.read_now([&](db::Tx& tx) {
                shared_with(tx, s.nadia, Hidden::Without, {}, limit, s.clock.now());
                return tx.query_count();
            });
        };
        CHECK(cost(2) == cost(20));
    });
}

TEST_CASE("one hides what one does not want to see, shows it again, and gives back what was given in person") {
    on_each_school([](School& s) {
        const auto member = person(103, {subject(class_6b)});
        auto space = s.space_of(s.camille);
        auto mine = s.create(s.camille, space, "À moi")->id;
        auto ours = s.create(s.camille, space, "À la classe")->id;
        s.give(mine, subject(member.person), Role::View);
        s.give(ours, subject(class_6b), Role::View);
        auto hide = [&](const Viewer& who, ItemId item, bool on) {
            return s.db.write_now([&](db::Tx& tx) { return hide_shared(tx, s.world, who, item, on); });
        };
        auto leave = [&](const Viewer& who, ItemId item) {
            auto left = s.db.write_now([&](db::Tx& tx) { return leave_shared(tx, s.world, who, item); });
            return left ? std::string{} : left.error().key;
        };
        CHECK(hide(member, ours, true));
        CHECK(titles(s, member) == Names{"À moi"});
        CHECK(titles(s, member, Hidden::Only) == Names{"À la classe"});
        CHECK(s.can(member, Action::View, ours));
        CHECK(hide(member, ours, false));
        CHECK(titles(s, member).size() == 2);
        CHECK_FALSE(hide(s.nadia, ours, true)); // not hers to know
        CHECK(leave(member, ours) == "sharing.not_given_directly");
        CHECK(leave(s.nadia, mine) == "sharing.item");
        CHECK(leave(member, mine) == "");
        CHECK_FALSE(s.can(member, Action::View, mine));
        CHECK(titles(s, member) == Names{"À la classe"});
    });
}

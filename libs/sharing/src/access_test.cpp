#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {
constexpr Subject class_6b{Subject::Kind::Group, 500};
constexpr Subject school{Subject::Kind::Structure, 600};
} // namespace

TEST_CASE("nobody sees the space of somebody else, and its maker manages it") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        CHECK(s.can(s.camille, Action::Manage, space));
        CHECK(s.can(s.camille, Action::Deposit, space));
        for (auto action : {Action::View, Action::Comment, Action::Edit, Action::Manage, Action::Deposit}) {
            CHECK_FALSE(s.can(s.nadia, action, space));
            CHECK_FALSE(s.can(s.stranger, action, space));
        }
        auto administrator = s.nadia;
        administrator.admin = true; // sees no content by that alone
        CHECK_FALSE(s.can(administrator, Action::View, space));
        CHECK(s.standing(s.nadia, space).reason.why == Reason::Why::NoGrant);
        CHECK(s.standing(s.nadia, ItemId{12345}).reason.why == Reason::Why::NoSuchItem);
    });
}

TEST_CASE("each role allows what stands below it on the ladder, and deposit stands beside it") {
    struct Row {
        Role role;
        const char* allowed; // view comment edit manage deposit
    };
    constexpr Row table[] = {{Role::Deposit, "----d"},
                             {Role::View, "v----"},
                             {Role::Comment, "vc---"},
                             {Role::Edit, "vce-d"},
                             {Role::Manage, "vcemd"}};
    on_each_school([&](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Sciences")->id;
        for (const auto& row : table) {
            s.give(folder, subject(s.nadia.person), row.role);
            auto standing = s.standing(s.nadia, folder);
            std::string allowed;
            for (auto [action, letter] :
                 {std::pair{Action::View, 'v'}, std::pair{Action::Comment, 'c'}, std::pair{Action::Edit, 'e'},
                  std::pair{Action::Manage, 'm'}, std::pair{Action::Deposit, 'd'}})
                allowed += standing.can(action) ? letter : '-';
            CHECK(allowed == row.allowed);
        }
    });
}

TEST_CASE("a grant reaches everything below, adds to others, and ends at its moment") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Sciences")->id;
        auto deep = s.create(s.camille, folder, "Volcans")->id;
        auto staff = person(103, {class_6b, school});
        s.give(folder, school, Role::View);
        s.give(deep, class_6b, Role::Edit, s.clock.now() + 1_h);
        CHECK(s.standing(staff, folder).role == Role::View);
        CHECK(s.standing(staff, deep).role == Role::Edit);
        CHECK(s.standing(staff, deep).reason.grant->item == deep);
        s.clock.advance(1_h);
        CHECK(s.standing(staff, deep).role == Role::View); // what the school was given is still inherited
        CHECK(s.standing(staff, deep).reason.grant->item == folder);
        s.give(folder, school, Role::None);
        CHECK_FALSE(s.can(staff, Action::View, deep));
    });
}

TEST_CASE("a restricted item inherits from nobody but the managers of its space") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Équipe")->id;
        auto closed = s.create(s.camille, folder, "Conseil de classe", "folder", true)->id;
        auto inside = s.create(s.camille, closed, "Avis.odt", "file")->id;
        s.give(folder, subject(s.nadia.person), Role::Manage); // of the folder, not of the space
        CHECK(s.can(s.nadia, Action::Manage, folder));
        CHECK_FALSE(s.can(s.nadia, Action::View, inside));
        CHECK(s.standing(s.nadia, inside).reason.why == Reason::Why::Restricted);
        CHECK(s.can(s.camille, Action::Manage, inside));
        s.give(closed, subject(s.nadia.person), Role::View);
        CHECK(s.standing(s.nadia, inside).role == Role::View);
        s.give(space, subject(PersonId{104}), Role::Edit); // not a manager of the space
        CHECK_FALSE(s.can(person(104), Action::View, closed));
    });
}

TEST_CASE("what lies in the trash is for the managers of the space alone") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Sciences")->id;
        auto file = s.create(s.camille, folder, "Volcans.odp", "file")->id;
        s.give(file, subject(s.nadia.person), Role::Edit);
        CHECK(s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.camille, folder); }).has_value());
        CHECK_FALSE(s.can(s.nadia, Action::View, file));
        CHECK(s.standing(s.nadia, file).reason.why == Reason::Why::Trashed);
        CHECK(s.can(s.camille, Action::View, file));
        CHECK(s.standing(s.camille, file).trashed);
        CHECK(s.db.write_now([&](db::Tx& tx) { return restore_item(tx, s.world, s.camille, folder); }).has_value());
        CHECK(s.can(s.nadia, Action::Edit, file)); // the grant was never touched
    });
}

TEST_CASE("require tells a stranger nothing, and who may see it what is missing") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Sciences")->id;
        auto ask = [&](const Viewer& who, Action action) {
            return s.db.read_now([&](db::Tx& tx) { return require(tx, who, action, folder, s.clock.now()); });
        };
        CHECK(ask(s.camille, Action::Manage)->title == "Sciences");
        CHECK(ask(s.nadia, Action::View).error().kind == Error::Kind::NotFound);
        CHECK(ask(s.nadia, Action::View).error().key == "sharing.item");
        s.give(folder, subject(s.nadia.person), Role::View);
        CHECK(ask(s.nadia, Action::Edit).error().kind == Error::Kind::Forbidden);
        CHECK(ask(s.nadia, Action::View).has_value());
        s.give(folder, subject(s.nadia.person), Role::Deposit);
        CHECK(ask(s.nadia, Action::View).error().kind == Error::Kind::Forbidden);
    });
}

TEST_CASE("a standing takes one query, and so do those of a whole page") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Sciences")->id;
        auto file = s.create(s.camille, folder, "Volcans.odp", "file")->id;
        s.db.read_now([&](db::Tx& tx) {
            const auto before = tx.query_count();
            sharing::standing(tx, s.camille, file, s.clock.now());
            CHECK(tx.query_count() - before == 1);
            auto answers = reaches(tx, s.camille, {file, folder, ItemId{999}, file}, s.clock.now());
            CHECK(tx.query_count() - before == 2);
            REQUIRE(answers.size() == 4);
            CHECK(answers[0].role == Role::Manage);
            CHECK(answers[2].role == Role::None);
            CHECK(answers[3].role == Role::Manage);
        });
    });
}

TEST_CASE("giving and taking leaves a trace, taking what was never given does not") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        s.give(space, class_6b, Role::View);
        s.give(space, class_6b, Role::None);
        s.give(space, class_6b, Role::None);
        CHECK(s.events() == std::vector<std::string>{"item.granted", "item.granted", "item.ungranted"});
        auto left = s.db.read_now([&](db::Tx& tx) { return grants_on(tx, space); });
        REQUIRE(left.size() == 1);
        CHECK(left[0].role == Role::Manage);
    });
}

#include "portal/year/year_fixture.hpp"
#include "portal/year/year_fixture_store.hpp"

#include "base/assert.hpp"
#include "identity/structure_detail.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

Portal& install(fixtures::School& school) {
    school.kinds.add({.name = "file", .app = "files", .icon = "file", .address = "/files/"});
    school.kinds.add({.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
    auto& portal = school.keep(std::make_unique<Portal>(
        school.db, school.world, school.identity, school.pages, school.kinds, *school.gate, school.addresses.public_url,
        [] { return std::string{}; }, school.mail));
    add_kinds(school.kinds);
    preload(school.pages);
    routes(school.router, portal);
    return portal;
}

} // namespace

Years::Years(fixtures::School& at, Portal* of)
    : school{at}, portal{of}, sixth{at.class_6eB}, page{"/structures/" + to_text(at.college) + "/year"} {
    school.change([&](db::Tx& tx) { return identity::set_card(tx, school.college, {.mail = "contact@moulin.test"}); });
    space = make_space("Équipe 6e B", Role::Edit);
    below_space = school.db.write_now([&, viewer = school.viewer(school.teacher)](db::Tx& tx) {
        auto made =
            sharing::create_item(tx, school.world, viewer, {.parent = space, .kind = "folder", .title = "Volcans"});
        PREAU_ASSERT(made.has_value());
        return made->id;
    });
    sheet = make_file("Fiche.pdf", Role::Comment);
    give(sheet, families(sixth), Role::View);
}

ItemId Years::make_space(std::string title, Role role) {
    auto made = school.db.write_now([&, viewer = school.viewer(school.teacher)](db::Tx& tx) {
        return sharing::create_team(tx, school.world, viewer, title);
    });
    PREAU_ASSERT(made.has_value());
    give(made->id, subject(sixth), role);
    return made->id;
}

ItemId Years::make_file(std::string title, Role role) {
    auto made = school.db.write_now([&, viewer = school.viewer(school.teacher)](db::Tx& tx) {
        return sharing::create_item(tx, school.world, viewer, {.parent = school.space, .kind = "file", .title = title});
    });
    PREAU_ASSERT(made.has_value());
    give(made->id, subject(sixth), role);
    return made->id;
}

void Years::give(ItemId item, Subject to, Role role) {
    auto given = school.db.write_now([&, viewer = school.viewer(school.teacher)](db::Tx& tx) {
        return sharing::give(tx, school.world, viewer, item,
                             {.to = to, .role = role, .deposit = role == Role::Deposit});
    });
    REQUIRE_MESSAGE(given.has_value(), given.error().key);
}

void Years::withdraw(ItemId item, Subject from) {
    auto taken = school.db.write_now([&, viewer = school.viewer(school.teacher)](db::Tx& tx) {
        return sharing::withdraw(tx, school.world, viewer, item, from);
    });
    REQUIRE_MESSAGE(taken.has_value(), taken.error().key);
}

Role Years::role_of(PersonId person, ItemId item) {
    const auto viewer = school.viewer(person);
    return school.db.read_now([&](db::Tx& tx) { return sharing::standing(tx, viewer, item, school.clock.now()).role; });
}

bool Years::may_deposit(PersonId person, ItemId item) {
    const auto viewer = school.viewer(person);
    return school.db.read_now(
        [&](db::Tx& tx) { return sharing::can(tx, viewer, Action::Deposit, item, school.clock.now()); });
}

std::size_t Years::own_rights(ItemId item) {
    return school.db.read_now([&](db::Tx& tx) { return sharing::grants_on(tx, item).size(); });
}

std::string Years::everything_given() {
    return school.db.read_now([](db::Tx& tx) { return store::all_given(tx); });
}

std::string Years::close(fixtures::Visitor& by, const Fields& form) {
    auto answer = by.post(page + "/close", form);
    REQUIRE_MESSAGE(answer.status == 303, answer.body);
    return std::string{answer.headers.find("location")};
}

void Years::close_class() {
    auto head = school.as(school.head);
    close(head, {{"what", to_text(sixth)}, {"year", "2025-2026"}});
}

std::string Years::undo_in(const std::string& body) const {
    constexpr std::string_view begin = "name=\"closing\" value=\"";
    const auto at = body.find(begin);
    REQUIRE(at != std::string::npos);
    const auto from = at + begin.size();
    return body.substr(from, body.find('"', from) - from);
}

void at_years(const std::function<void(Years&)>& body) {
    Portal* portal = nullptr;
    const fixtures::App app{.migrations = [] { return migrations(); },
                            .install = [&](fixtures::School& school) { portal = &install(school); }};
    fixtures::at_school(app, [&](fixtures::School& school) {
        Years years{school, portal};
        body(years);
    });
}

} // namespace preau::portal::testing

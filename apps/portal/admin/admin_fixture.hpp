// For tests: the portal at the school, with a journal and somebody who keeps files.
#pragma once

#include "fixtures/school.hpp"
#include "identity/guests.hpp"
#include "portal/admin/admin.hpp"
#include "sharing/audit.hpp"

#include <doctest/doctest.h>

#include <map>

namespace preau::portal {

inline std::map<std::int64_t, std::int64_t>& given_space() { // limits that were set, by space
    static std::map<std::int64_t, std::int64_t> limits;
    return limits;
}

inline void install_administration(fixtures::School& school) {
    given_space().clear();
    school.keep(std::make_unique<sharing::Audit>(school.db, school.world, sharing::AuditOptions{}));
    auto& portal = school.keep(std::make_unique<Portal>(
        school.db, school.world, school.identity, school.pages, school.kinds, *school.gate, school.addresses.public_url,
        [] { return std::string{}; }, school.mail));
    portal.content_url = school.addresses.content_url;
    portal.spaces.of_person = [](db::Tx& tx, PersonId person) -> std::optional<SpaceKeeper::Space> {
        const auto space = sharing::find_personal_space(tx, person);
        if (!space) return std::nullopt;
        return SpaceKeeper::Space{.id = *space, .used = 1'000'000, .limit = 100'000'000'000};
    };
    portal.spaces.set_limit = [](db::Tx&, ItemId space, std::optional<std::int64_t> limit) {
        given_space()[space.value] = limit.value_or(-1);
    };
    open(portal);
    preload(school.pages);
    install_timers(portal);
    routes(school.router, portal);
}
inline const fixtures::App administration{.migrations = migrations, .install = install_administration};

// Gives a part of the tree as the administrator would.
inline identity::Delegation delegate(fixtures::School& school, PersonId to, identity::AdminRole role,
                                     StructureId structure, std::optional<Millis> until = {}) {
    auto given = school.change([&](db::Tx& tx) {
        return identity::give_delegation(
            tx, school.ids, identity::rights_of(tx, school.administrator, school.clock.now()),
            {.person = to, .role = role, .structure = structure, .until_at = until}, school.clock.now());
    });
    REQUIRE(given.has_value());
    return *given;
}

// Of the head, for ten days.
inline PersonId invite_guest(fixtures::School& school, std::string name = "Inès Roy") {
    auto guest = school.change([&](db::Tx& tx) {
        return identity::invite_guest(
            tx, school.ids, *identity::find_viewer(tx, school.head),
            {.name = std::move(name), .mail = "ines@musee.example", .until = school.clock.now() + 10_days},
            school.clock.now());
    });
    REQUIRE(guest.has_value());
    return guest->person;
}

} // namespace preau::portal

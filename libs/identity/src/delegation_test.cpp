// Nobody gives more than they have, what is taken away takes along what rested on it, and one administrator is left.
#include "realm_fixture.hpp"

#include <barrier>
#include <thread>

using namespace preau;
using namespace preau::identity;

TEST_CASE("a role holds in its subtree and nowhere else, for as long as it was given") {
    in_realm([](Realm& realm) {
        CHECK_FALSE(realm.rights(realm.rector).any());
        REQUIRE(realm.give(realm.administrator, realm.rector, AdminRole::People, realm.lille, realm.now() + 10_days));
        for (auto structure : {realm.lille, realm.moulin, realm.curie})
            CHECK(realm.may_in(realm.rector, AdminRole::People, structure));
        for (auto structure : {realm.ministry, realm.reunion, realm.delisle, StructureId{}})
            CHECK_FALSE(realm.may_in(realm.rector, AdminRole::People, structure));
        for (auto role : {AdminRole::Administration, AdminRole::Structures, AdminRole::Support})
            CHECK_FALSE(realm.may_in(realm.rector, role, realm.lille));
        CHECK(realm.may_in(realm.administrator, AdminRole::Structures, realm.delisle));
        CHECK(realm.may_in(realm.administrator, AdminRole::Administration, {}));
        realm.people.clock.advance(10_days);
        CHECK_FALSE(realm.rights(realm.rector).any());
        CHECK_FALSE(realm.may_in(realm.rector, AdminRole::People, realm.lille));
    });
}

TEST_CASE("delegation never goes beyond one's own role, subtree or time") {
    in_realm([](Realm& realm) {
        using enum AdminRole;
        const auto until = realm.now() + 30_days;
        REQUIRE(realm.give(realm.administrator, realm.rector, People, realm.lille, until));
        auto error = [&](PersonId to, AdminRole role, StructureId structure, std::optional<Millis> end) {
            auto given = realm.give(realm.rector, to, role, structure, end);
            return given ? std::string{"given"} : given.error().key;
        };
        CHECK(error(realm.head, Administration, realm.moulin, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, Structures, realm.moulin, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, Support, realm.moulin, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, People, realm.ministry, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, People, realm.delisle, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, People, {}, until) == "identity.delegation_beyond");
        CHECK(error(realm.head, People, realm.moulin, std::nullopt) == "identity.delegation_too_long");
        CHECK(error(realm.head, People, realm.moulin, until + 1) == "identity.delegation_too_long");
        CHECK(error(realm.head, People, realm.moulin, realm.now()) == "identity.delegation_past");
        CHECK(error(realm.rector, People, realm.moulin, until) == "identity.delegation_to_oneself");
        CHECK(error(PersonId{5}, People, realm.moulin, until) == "identity.person");
        CHECK(error(realm.head, People, StructureId{5}, until) == "identity.structure");
        CHECK_FALSE(realm.rights(realm.head).any());
        CHECK(error(realm.head, People, realm.moulin, until) == "given");
        CHECK(error(realm.head, People, realm.moulin, until) == "identity.delegation_there");
        CHECK(realm.may_in(realm.head, People, realm.moulin));
        // Who has nothing gives nothing.
        CHECK(realm.give(realm.people.teacher, realm.head, People, realm.moulin).error().key ==
              "identity.delegation_beyond");
        // The whole administration of a subtree holds every role, for others too.
        REQUIRE(realm.give(realm.administrator, realm.rector, Administration, realm.lille));
        for (auto role : {Administration, Structures, Support})
            CHECK(realm.give(realm.rector, realm.head, role, realm.curie));
    });
}

TEST_CASE("what was given on the strength of a delegation ends with it, however long the chain") {
    in_realm([](Realm& realm) {
        using enum AdminRole;
        auto first = realm.give(realm.administrator, realm.rector, Administration, realm.lille);
        auto second = realm.give(realm.rector, realm.head, Administration, realm.moulin);
        auto third = realm.give(realm.head, realm.people.teacher, People, realm.moulin);
        REQUIRE(third);
        CHECK(third->strength == second->id);
        auto aside = realm.give(realm.administrator, realm.people.colleague, Support, realm.curie);
        auto revoke = [&](PersonId by, DelegationId id) {
            return realm.db.write_now(
                [&](db::Tx& tx) { return revoke_delegation(tx, rights_of(tx, by, realm.now()), id, realm.now()); });
        };
        CHECK(revoke(realm.people.teacher, second->id).error().key == "identity.delegation_not_yours");
        CHECK(revoke(realm.head, first->id).error().key == "identity.delegation_not_yours");
        CHECK(revoke(realm.people.colleague, third->id).error().key == "identity.delegation_not_yours");
        CHECK(revoke(realm.head, DelegationId{5}).error().key == "identity.delegation");
        auto ended = revoke(realm.administrator, first->id);
        REQUIRE(ended);
        CHECK(ended->size() == 3);
        for (auto person : {realm.rector, realm.head, realm.people.teacher}) CHECK_FALSE(realm.rights(person).any());
        CHECK(realm.rights(realm.people.colleague).any());
        CHECK(revoke(realm.administrator, first->id).error().key == "identity.delegation"); // once
        // Above it, or one's own.
        REQUIRE(realm.give(realm.administrator, realm.rector, Administration, realm.lille));
        CHECK(revoke(realm.rector, aside->id));
        auto own = realm.give(realm.administrator, realm.head, People, realm.moulin);
        CHECK(revoke(realm.head, own->id));
    });
}

TEST_CASE("a structure that moves out of a subtree takes no delegation along that rested on it") {
    in_realm([](Realm& realm) {
        using enum AdminRole;
        REQUIRE(realm.give(realm.administrator, realm.rector, Administration, realm.lille));
        REQUIRE(realm.give(realm.rector, realm.head, People, realm.moulin));
        auto ended = realm.db.write_now([&](db::Tx& tx) {
            (void)move_structure(tx, realm.moulin, realm.reunion);
            return revoke_uncovered(tx, realm.administrator, realm.now());
        });
        CHECK(ended.size() == 1);
        CHECK_FALSE(realm.rights(realm.head).any());
        CHECK(realm.rights(realm.rector).any());
    });
}

TEST_CASE("an account is commanded only by who administers all of it") {
    in_realm([](Realm& realm) {
        using enum AdminRole;
        auto command = [&](PersonId by, PersonId whom) {
            return realm.db.read_now([&](db::Tx& tx) -> std::string {
                auto answer = require_command(tx, rights_of(tx, by, realm.now()), whom, realm.now());
                return answer ? "yes" : answer.error().key;
            });
        };
        const auto teacher = realm.people.teacher;
        CHECK(command(realm.rector, teacher) == "identity.not_within_reach");
        REQUIRE(realm.give(realm.administrator, realm.head, People, realm.moulin));
        CHECK(command(realm.head, teacher) == "yes");
        CHECK(command(realm.head, realm.people.colleague) == "identity.not_within_reach");
        CHECK(command(realm.head, PersonId{5}) == "identity.person");
        // The teacher is a trainer elsewhere too: the school alone may not sign in as them. Also before it begins.
        REQUIRE(realm.function(teacher, realm.curie, "trainer", realm.now() + 1_days));
        CHECK(command(realm.head, teacher) == "identity.account_beyond");
        REQUIRE(realm.give(realm.administrator, realm.rector, People, realm.lille));
        CHECK(command(realm.rector, teacher) == "yes");
        // Who administers more than oneself.
        REQUIRE(realm.give(realm.administrator, teacher, Support, realm.lille));
        CHECK(command(realm.rector, teacher) == "identity.account_beyond");
        REQUIRE(realm.function(realm.administrator, realm.moulin, "teacher"));
        CHECK(command(realm.rector, realm.administrator) == "identity.account_beyond");
        CHECK(command(realm.administrator, teacher) == "yes");
    });
}

TEST_CASE("a closed account administers nothing, and is given nothing") {
    in_realm([](Realm& realm) {
        REQUIRE(realm.give(realm.administrator, realm.rector, AdminRole::People, realm.lille));
        realm.db.write_now([&](db::Tx& tx) {
            return close_account(tx, rights_of(tx, realm.administrator, realm.now()), realm.rector, realm.now());
        });
        CHECK_FALSE(realm.rights(realm.rector).any());
        CHECK(realm.give(realm.administrator, realm.rector, AdminRole::Support, realm.lille).error().key ==
              "identity.person");
    });
}

TEST_CASE("the last administrator stays") {
    in_realm([](Realm& realm) {
        auto remove = [&](PersonId by, PersonId whom) {
            return realm.db.write_now([&](db::Tx& tx) {
                return set_administrator(tx, rights_of(tx, by, realm.now()), whom, false, realm.now());
            });
        };
        auto close = [&](PersonId by, PersonId whom) {
            return realm.db.write_now(
                [&](db::Tx& tx) { return close_account(tx, rights_of(tx, by, realm.now()), whom, realm.now()); });
        };
        CHECK(remove(realm.administrator, realm.administrator).error().key == "identity.last_administrator");
        CHECK(close(realm.administrator, realm.administrator).error().key == "identity.last_administrator");
        CHECK(remove(realm.rector, realm.administrator).error().key == "identity.administrators_only");
        realm.make_administrator(realm.rector);
        CHECK(close(realm.rector, realm.administrator));
        CHECK(remove(realm.rector, realm.rector).error().key == "identity.last_administrator"); // the other is closed
    });
}

TEST_CASE("who is administrator no more has given only what they may still give") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher, colleague = realm.people.colleague;
        const auto deputy = realm.people.person("deputy", "Diane Deputy");
        const auto soon = realm.now() + 1_h, late = realm.now() + 10_h;
        realm.make_administrator(deputy);
        // What the deputy holds by somebody else's word, and by the word of somebody who holds it from the deputy.
        REQUIRE(realm.give(realm.administrator, deputy, AdminRole::People, realm.moulin, soon));
        REQUIRE(realm.give(deputy, realm.rector, AdminRole::Administration, realm.reunion));
        REQUIRE(realm.give(realm.rector, deputy, AdminRole::Administration, realm.delisle));

        REQUIRE(realm.give(deputy, teacher, AdminRole::People, realm.moulin, soon)); // stands
        REQUIRE(realm.give(deputy, colleague, AdminRole::People, realm.moulin, late)); // longer than they hold it
        REQUIRE(realm.give(deputy, teacher, AdminRole::Support, realm.delisle)); // would hold itself up
        REQUIRE(realm.give(deputy, realm.head, AdminRole::Administration, realm.lille));
        REQUIRE(realm.give(realm.head, colleague, AdminRole::Support, realm.curie)); // carried by it
        auto ended = realm.db.write_now([&](db::Tx& tx) {
            return set_administrator(tx, rights_of(tx, realm.administrator, realm.now()), deputy, false, realm.now());
        });
        REQUIRE(ended);
        CHECK(ended->size() == 6);
        CHECK(realm.may_in(teacher, AdminRole::People, realm.moulin));
        CHECK_FALSE(realm.may_in(colleague, AdminRole::People, realm.moulin));
        CHECK_FALSE(realm.may_in(teacher, AdminRole::Support, realm.delisle));
        CHECK_FALSE(realm.rights(realm.head).any());
        CHECK_FALSE(realm.rights(colleague).any());
        CHECK_FALSE(realm.rights(realm.rector).any());
        CHECK(realm.may_in(deputy, AdminRole::People, realm.moulin));
        CHECK_FALSE(realm.may_in(deputy, AdminRole::Support, realm.delisle));
        // What stood rests now on what they hold.
        const auto own = realm.rights(deputy).held.at(0).id;
        REQUIRE(realm.db.write_now([&](db::Tx& tx) {
            return revoke_delegation(tx, rights_of(tx, realm.administrator, realm.now()), own, realm.now());
        }));
        CHECK_FALSE(realm.rights(teacher).any());
    });
}

TEST_CASE("two administrators who remove each other at the same moment leave one") {
    in_realm([](Realm& realm) {
        for (int round = 0; round < 12; ++round) {
            realm.make_administrator(realm.administrator);
            realm.make_administrator(realm.rector);
            std::barrier together{2};
            auto act = [&](PersonId by, PersonId whom) {
                together.arrive_and_wait();
                (void)sync_wait(realm.db.write_across(
                    administration_lanes(), [&realm, by, whom, round](db::Tx& tx) -> Result<void> {
                        auto rights = rights_of(tx, by, realm.now());
                        if (round % 2)
                            TRY(set_administrator(tx, rights, whom, false, realm.now()));
                        else
                            TRY(close_account(tx, rights, whom, realm.now()));
                        return {};
                    }));
            };
            std::thread one{act, realm.administrator, realm.rector};
            std::thread other{act, realm.rector, realm.administrator};
            one.join();
            other.join();
            const bool first = realm.rights(realm.administrator).everything;
            const bool second = realm.rights(realm.rector).everything;
            CHECK(first != second);
            for (auto person : {realm.administrator, realm.rector})
                realm.db.write_now([&](db::Tx& tx) { set_disabled(tx, person, false); });
        }
    });
}

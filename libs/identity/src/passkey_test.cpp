// Passkeys as rows: challenges that are ours, for one browser and once; counters; what is left when one is removed.
#include "identity_fixture.hpp"

#include "identity/passkeys.hpp"

#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {

NewPasskey new_passkey(PersonId person, std::string credential = "credential", std::string label = "Téléphone") {
    return {.person = person,
            .credential = {.credential = std::move(credential), .public_key = std::string(64, 'k'), .algorithm = -7},
            .label = std::move(label)};
}

Result<PasskeyId> add(IdentityFixture& people, const NewPasskey& passkey) {
    return people.db.write_now([&](db::Tx& tx) { return add_passkey(tx, people.ids, passkey, people.clock.now()); });
}

Result<void> use(IdentityFixture& people, PasskeyId passkey, std::int64_t count) {
    return people.db.write_now([&](db::Tx& tx) { return use_passkey(tx, passkey, count, people.clock.now()); });
}

std::vector<Passkey> all(IdentityFixture& people, PersonId person) {
    return people.db.read_now([&](db::Tx& tx) { return passkeys_of(tx, person); });
}

} // namespace

TEST_CASE("a challenge is ours, for this browser and purpose, for five minutes") {
    with_people([](IdentityFixture& people) {
        auto now = people.clock.now();
        auto challenge = make_challenge(people.identity, people.random, "sign in browser-1", now);
        auto check = [&](std::string_view one, std::string_view bound_to) {
            return check_challenge(people.identity, one, bound_to, people.clock.now()).has_value();
        };
        CHECK(check(challenge, "sign in browser-1"));
        CHECK_FALSE(check(challenge, "sign in browser-2"));
        CHECK_FALSE(check(challenge, "register browser-1"));
        CHECK_FALSE(check(challenge, ""));
        for (std::size_t at = 0; at < challenge.size(); ++at) {
            auto changed = challenge;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            CHECK_FALSE(check(changed, "sign in browser-1"));
        }
        CHECK_FALSE(check(challenge.substr(1), "sign in browser-1"));
        CHECK_FALSE(check("", "sign in browser-1"));
        CHECK(make_challenge(people.identity, people.random, "sign in browser-1", now) != challenge);
        people.clock.advance(5_min - 1);
        CHECK(check(challenge, "sign in browser-1"));
        people.clock.advance(1);
        CHECK_FALSE(check(challenge, "sign in browser-1"));
    });
}

TEST_CASE("a challenge is answered once, by one of two at once, and what is over is forgotten") {
    with_people([](IdentityFixture& people) {
        auto spend = [&](const std::string& challenge) {
            return people.db.write_now([&](db::Tx& tx) { return spend_challenge(tx, challenge, people.clock.now()); });
        };
        auto fresh = [&] { return make_challenge(people.identity, people.random, "x", people.clock.now()); };
        auto first = fresh();
        CHECK(spend(first));
        CHECK(spend(first).error().key == "identity.passkey_challenge");
        for (int round = 0; round < 5; ++round) {
            auto challenge = fresh();
            std::atomic<int> taken = 0;
            auto take = [&] {
                if (spend(challenge)) ++taken;
            };
            std::thread one{take}, two{take};
            one.join();
            two.join();
            CHECK(taken == 1);
        }
        people.clock.advance(5_min);
        CHECK(spend(fresh()));
        static const db::Query count_sql{"test.spent", "SELECT COUNT(*) AS count FROM spent_challenge"};
        CHECK(people.db.read_now([&](db::Tx& tx) { return tx.one<std::int64_t>(count_sql, {}); }) == 1);
    });
}

TEST_CASE("passkeys have names, belong to one person, and twenty are enough") {
    with_people([](IdentityFixture& people) {
        auto first = add(people, new_passkey(people.teacher));
        REQUIRE(first);
        CHECK(add(people, new_passkey(people.teacher)).error().key == "identity.passkey_known");
        CHECK(add(people, new_passkey(people.colleague)).error().key == "identity.passkey_known");
        CHECK(add(people, new_passkey(people.teacher, "other", "")).error().field == "label");
        CHECK(add(people, new_passkey(people.teacher, "other", std::string(61, 'a'))).error().field == "label");
        REQUIRE(all(people, people.teacher).size() == 1);
        CHECK(all(people, people.teacher)[0].label == "Téléphone");
        CHECK(all(people, people.teacher)[0].used_at == 0);
        CHECK(all(people, people.colleague).empty());
        CHECK_FALSE(people.db.write_now([&](db::Tx& tx) { return remove_passkey(tx, people.colleague, *first); }));
        CHECK(people.db.write_now([&](db::Tx& tx) { return remove_passkey(tx, people.teacher, *first); }));
        CHECK_FALSE(people.db.read_now([](db::Tx& tx) { return find_passkey(tx, "credential"); }));
        for (int i = 0; i < 20; ++i) REQUIRE(add(people, new_passkey(people.teacher, "key " + std::to_string(i))));
        CHECK(add(people, new_passkey(people.teacher, "one more")).error().key == "identity.passkey_many");
    });
}

TEST_CASE("a counter that stands still is a copied key; one that never counts is none") {
    with_people([](IdentityFixture& people) {
        auto counting = *add(people, new_passkey(people.teacher));
        CHECK(use(people, counting, 1));
        CHECK(use(people, counting, 7));
        CHECK(use(people, counting, 7).error().key == "identity.passkey_refused");
        CHECK(use(people, counting, 6).error().key == "identity.passkey_refused");
        CHECK(use(people, counting, 0).error().key == "identity.passkey_refused");
        CHECK(use(people, counting, 8));
        CHECK(all(people, people.teacher)[0].used_at == people.clock.now());
        auto silent = *add(people, new_passkey(people.teacher, "silent"));
        CHECK(use(people, silent, 0));
        CHECK(use(people, silent, 0));
        CHECK(use(people, PasskeyId{1}, 1).error().key == "identity.passkey_refused"); // removed meanwhile
    });
}

TEST_CASE("the passkey of who was sent away opens nothing") {
    with_people([](IdentityFixture& people) {
        REQUIRE(add(people, new_passkey(people.teacher)));
        auto found = [&] {
            return people.db.read_now([](db::Tx& tx) { return find_passkey(tx, "credential"); }).has_value();
        };
        CHECK(found());
        people.db.write_now([&](db::Tx& tx) { set_disabled(tx, people.teacher, true); });
        CHECK_FALSE(found());
    });
}

TEST_CASE("an account's handle says nothing of the account, and is not another's") {
    with_people([](IdentityFixture& people) {
        auto handle = user_handle(people.identity, people.teacher);
        CHECK(handle.size() == 32);
        CHECK(handle == user_handle(people.identity, people.teacher));
        CHECK(handle != user_handle(people.identity, people.colleague));
    });
}

TEST_CASE("two rungs: another key, and the codes on paper") {
    with_people([](IdentityFixture& people) {
        auto rungs = [&] {
            return people.db.read_now([&](db::Tx& tx) { return factors_of(tx, people.teacher); }).rungs();
        };
        CHECK(rungs() == 0);
        REQUIRE(add(people, new_passkey(people.teacher)));
        CHECK(rungs() == 0);
        people.db.write_now(
            [&](db::Tx& tx) { make_recovery_codes(tx, people.random, people.teacher, people.clock.now()); });
        CHECK(rungs() == 1);
        REQUIRE(add(people, new_passkey(people.teacher, "second")));
        CHECK(rungs() == 2);
    });
}

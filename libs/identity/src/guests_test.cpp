#include "identity/guests.hpp"

#include "identity/administration.hpp"
#include "identity/attachments.hpp"
#include "identity/directory.hpp"
#include "identity/groups.hpp"
#include "identity_fixture.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

Viewer seen(db::Tx& tx, PersonId who) { return find_viewer(tx, who).value(); }
template <class T> std::string key_of(const Result<T>& result) { return result ? "" : result.error().key; }

struct House : IdentityFixture {
    explicit House(db::Database& database) : IdentityFixture{database} {
        db.write_now([this](db::Tx& tx) {
            academy = create_structure(tx, ids, {.name = "Académie", .kind = "academy"});
            college = create_structure(tx, ids, {.parent = academy, .name = "Collège", .kind = "school"});
            add_function(tx, teacher, college, "teacher");
            add_function(tx, colleague, college, "head");
        });
    }
    Viewer as(PersonId who) {
        return db.read_now([&](db::Tx& tx) { return find_viewer(tx, who).value(); });
    }
    Result<GuestRow> invite(PersonId by, std::string name = "Inès Roy", std::string mail = "ines@musee.example",
                            Millis until = 0) {
        if (!until) until = clock.now() + guest_default;
        return db.write_now(
            [&](db::Tx& tx) {
                return invite_guest(tx, ids, seen(tx, by), {.name = name, .mail = mail, .until = until}, clock.now());
            },
            db::lane_of(by));
    }
    void give_password(PersonId who, std::string password) {
        auto hash = identity.passwords().hash_now(password);
        db.write_now([&](db::Tx& tx) { set_password(tx, ids, who, hash, clock.now()); });
    }
    StructureId academy, college;
};

template <class Body> void in_house(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        House house{db};
        body(house);
    });
}
constexpr auto secret = "cinq renards roux courent";

} // namespace

TEST_CASE("a guest is not one of those who are signed in, has no structure's rights and no directory") {
    in_house([](House& s) {
        auto guest = s.invite(s.teacher);
        REQUIRE(guest);
        auto viewer = s.as(guest->person);
        CHECK(viewer.guest);
        CHECK_FALSE(viewer.is(signed_in));
        CHECK_FALSE(viewer.is(subject(s.college)));
        CHECK(viewer.is(subject(guest->person)));
        CHECK(viewer.is(everybody));
        auto search = [&](PersonId who, std::string typed) {
            return s.db.read_now([&](db::Tx& tx) { return search_directory(tx, seen(tx, who), typed).size(); });
        };
        CHECK(search(guest->person, "camille") == 0);
        CHECK(search(guest->person, "collège") == 0);
        CHECK(search(s.colleague, "inès roy") == 1); // those who work where they were invited find them
        auto far = s.person("far", "Maxime Payet");
        CHECK(search(far, "inès roy") == 0);
        CHECK(search(far, "camille") == 1);
    });
}

TEST_CASE("from their end on a guest is nobody, with every way in, and comes back when prolonged") {
    in_house([](House& s) {
        auto guest = s.invite(s.teacher, "Inès Roy", "ines@musee.example", s.clock.now() + 1_h);
        REQUIRE(guest);
        s.give_password(guest->person, secret);
        CHECK(s.sign_in("ines@musee.example", secret).has_value());
        auto session = s.session(guest->person);
        CHECK(s.viewer(session).is_person());
        auto app = s.db.write_now(
            [&](db::Tx& tx) { return make_app_password(tx, s.ids, s.random, guest->person, "phone", s.clock.now()); });
        auto by_app = [&] {
            return sync_wait(s.identity.viewer_of_app_password(
                s.db.read_now([&](db::Tx& tx) { return find_person(tx, guest->person)->login; }), app, "192.0.2.7"));
        };
        CHECK(by_app().has_value());
        auto link = s.db.write_now([&](db::Tx& tx) {
            return make_one_time_link(tx, s.ids, s.random, guest->person, s.clock.now(), guest_link_lifetime);
        });
        s.clock.advance(1_h);
        CHECK_FALSE(s.viewer(session).is_person());
        CHECK(key_of(s.sign_in("ines@musee.example", secret)) == "identity.wrong_password");
        s.identity.forget_all();
        CHECK_FALSE(by_app().has_value());
        CHECK(key_of(sync_wait(redeem_link(s.db, s.clock, link))) == "identity.link_used");
        auto prolong = [&](PersonId by, Millis until) {
            return key_of(s.db.write_now(
                [&](db::Tx& tx) { return prolong_guest(tx, seen(tx, by), guest->person, until, s.clock.now()); }));
        };
        CHECK(prolong(s.colleague, s.clock.now() + 1_days) == "identity.guest");
        CHECK(prolong(s.teacher, s.clock.now() + 400_days) == "identity.guest_until");
        CHECK(prolong(s.teacher, s.clock.now()) == "identity.guest_until");
        CHECK(prolong(s.teacher, s.clock.now() + 1_days) == "");
        CHECK(s.sign_in("ines@musee.example", secret).has_value());
    });
}

TEST_CASE("a sponsor ends a guest at once, the head too, a colleague not") {
    in_house([](House& s) {
        auto guest = s.invite(s.teacher);
        auto session = s.session(guest->person);
        auto other = s.person("other", "Paul Petit");
        auto end = [&](PersonId by) {
            auto key = key_of(
                s.db.write_now([&](db::Tx& tx) { return end_guest(tx, seen(tx, by), guest->person, s.clock.now()); }));
            s.identity.forget(guest->person);
            return key;
        };
        CHECK(end(other) == "identity.guest");
        CHECK(s.viewer(session).is_person());
        CHECK(end(s.colleague) == ""); // leads the school
        CHECK_FALSE(s.viewer(session).is_person());
        CHECK(s.sessions(guest->person).empty());
        CHECK(end(s.teacher) == ""); // again is harmless
    });
}

TEST_CASE("the rule of the structure, and what an invitation must say") {
    in_house([](House& s) {
        auto rule = [&](PersonId by, StructureId structure, std::optional<GuestPolicy> policy) {
            return key_of(s.db.write_now(
                [&](db::Tx& tx) { return set_guest_policy(tx, seen(tx, by), structure, policy, s.clock.now()); }));
        };
        CHECK(rule(s.teacher, s.college, GuestPolicy{}) == "identity.structure");
        CHECK(rule(s.colleague, s.academy, GuestPolicy{}) == "identity.structure"); // leads the college alone
        CHECK(rule(s.colleague, s.college, GuestPolicy{.allowed = true, .per_sponsor = 0}) == "identity.guest_number");
        CHECK(rule(s.colleague, s.college, GuestPolicy{.allowed = false}) == "");
        CHECK(key_of(s.invite(s.teacher)) == "identity.guests_off");
        CHECK(rule(s.colleague, s.college, GuestPolicy{.allowed = true, .per_sponsor = 1}) == "");
        CHECK(key_of(s.invite(s.teacher, "", "a@b.example")) == "text_too_short");
        CHECK(key_of(s.invite(s.teacher, "Inès Roy", "no address")) == "identity.mail_malformed");
        CHECK(key_of(s.invite(s.teacher, "Inès Roy", "")) == "identity.mail_malformed");
        CHECK(key_of(s.invite(s.teacher, "Inès Roy", "nadia.haddad@ac-lille.fr")) == "identity.mail_taken");
        CHECK(key_of(s.invite(s.teacher, "Inès Roy", "i@b.example", s.clock.now() + 400_days)) ==
              "identity.guest_until");
        auto guest = s.invite(s.teacher);
        REQUIRE(guest);
        CHECK(key_of(s.invite(s.teacher, "Paul", "paul@musee.example")) == "identity.guests_enough");
        CHECK(key_of(s.invite(guest->person, "Paul", "paul@musee.example")) == "identity.guest_may_not");
        CHECK(rule(s.colleague, s.college, std::nullopt) == "");
        CHECK(key_of(s.invite(s.teacher, "Paul", "paul@musee.example")) == ""); // twenty again
        CHECK(s.db.read_now([&](db::Tx& tx) { return guests_of(tx, s.teacher).size(); }) == 2);
    });
}

TEST_CASE("sponsor and guest are told once of each end that comes near") {
    in_house([](House& s) {
        auto guest = s.invite(s.teacher, "Inès Roy", "ines@musee.example", s.clock.now() + 20_days);
        auto told = [&] {
            return s.db.write_now([&](db::Tx& tx) { return take_ending_guests(tx, s.clock.now(), 10).size(); });
        };
        CHECK(told() == 0);
        s.clock.advance(7_days);
        CHECK(told() == 1);
        CHECK(told() == 0);
        s.db.write_now([&](db::Tx& tx) {
            return prolong_guest(tx, seen(tx, s.teacher), guest->person, s.clock.now() + 30_days, s.clock.now());
        });
        CHECK(told() == 0);
        s.clock.advance(20_days);
        CHECK(told() == 1);
    });
}

TEST_CASE("a guest founds no group, joins none by themselves, is invited, and owns none") {
    in_house([](House& s) {
        auto guest = s.invite(s.teacher)->person;
        auto now = s.clock.now();
        s.db.write_now([&](db::Tx& tx) {
            auto mine = found_group(tx, s.ids, seen(tx, s.teacher),
                                    {.name = "Musée", .joining = Joining::Open, .structure = s.college}, now);
            REQUIRE(mine);
            CHECK(key_of(found_group(tx, s.ids, seen(tx, guest), {.name = "Le mien"}, now)) ==
                  "identity.guest_may_not");
            CHECK(key_of(join_group(tx, seen(tx, guest), *mine, now)) == "identity.group");
            CHECK(invite_to_group(tx, seen(tx, s.teacher), *mine, guest, now));
            CHECK(answer_invitation(tx, seen(tx, guest), *mine, Decision::Accept, now));
            CHECK(key_of(set_group_role(tx, seen(tx, s.teacher), *mine, guest, GroupRole::Owner)) ==
                  "identity.guest_may_not");
            CHECK(set_group_role(tx, seen(tx, s.teacher), *mine, guest, GroupRole::Animator));
        });
    });
}

TEST_CASE("who administers a structure sets its rule, and who administers its people ends a guest; nobody else") {
    in_house([](House& s) {
        const auto guest = s.invite(s.teacher);
        const auto delegate = s.person("support", "Sana Petit");
        auto give = [&](AdminRole role, StructureId where) {
            auto given = s.db.write_now([&](db::Tx& tx) {
                return give_delegation(tx, s.ids, {.person = s.colleague, .everything = true},
                                       {.person = delegate, .role = role, .structure = where}, s.clock.now());
            });
            REQUIRE(given);
            return given->id;
        };
        auto take = [&](DelegationId id) {
            CHECK(s.db.write_now([&](db::Tx& tx) {
                return revoke_delegation(tx, {.person = s.colleague, .everything = true}, id, s.clock.now());
            }));
        };
        auto rule = [&](StructureId structure) {
            return key_of(s.db.write_now([&](db::Tx& tx) {
                return set_guest_policy(tx, seen(tx, delegate), structure, GuestPolicy{}, s.clock.now());
            }));
        };
        auto end = [&] {
            return key_of(s.db.write_now(
                [&](db::Tx& tx) { return end_guest(tx, seen(tx, delegate), guest->person, s.clock.now()); }));
        };
        CHECK(rule(s.college) == "identity.structure");
        CHECK(end() == "identity.guest");
        const auto structures = give(AdminRole::Structures, s.college);
        CHECK(rule(s.college) == "");
        CHECK(rule(s.academy) == "identity.structure"); // above what was given
        CHECK(end() == "identity.guest"); // another role
        take(structures);
        CHECK(rule(s.college) == "identity.structure");
        give(AdminRole::People, s.academy);
        CHECK(rule(s.college) == "identity.structure");
        CHECK(end() == ""); // of a school below
    });
}

TEST_CASE("a guest gets no function: it would open what a sponsor cannot give") {
    in_house([](House& s) {
        const auto guest = s.invite(s.teacher);
        auto given = s.db.write_now([&](db::Tx& tx) {
            return give_function(
                tx, {.person = guest->person, .structure = s.college, .function = "teacher", .given_by = s.colleague},
                s.clock.now());
        });
        CHECK(key_of(given) == "identity.guest_function");
        CHECK_FALSE(s.as(guest->person).is(subject(s.college)));
    });
}

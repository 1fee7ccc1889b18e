#include "identity/profile.hpp"

#include "db/checks.hpp"
#include "identity/groups.hpp"
#include "identity/guests.hpp"
#include "identity/people_list.hpp"
#include "realm_fixture.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

struct Looking {
    explicit Looking(Realm& the_realm) : realm{the_realm} {}
    std::optional<Standing> at(PersonId viewer, PersonId who) {
        return realm.db.read_now([&](db::Tx& tx) -> std::optional<Standing> {
            auto found = find_viewer(tx, viewer);
            REQUIRE(found.has_value());
            auto seen = see_person(tx, *found, who, realm.now());
            return seen ? std::optional{seen->standing} : std::nullopt;
        });
    }
    PersonId guest_of(PersonId sponsor, std::string mail) {
        auto made = realm.db.write_now([&](db::Tx& tx) {
            return invite_guest(tx, realm.people.ids, *find_viewer(tx, sponsor),
                                {.name = "Inès Roy", .mail = std::move(mail), .until = realm.now() + 10_days},
                                realm.now());
        });
        REQUIRE(made.has_value());
        return made->person;
    }
    void join(GroupId group, PersonId who) {
        realm.db.write_now([&](db::Tx& tx) { add_member(tx, group, who, "member"); });
    }
    Realm& realm;
};

} // namespace

TEST_CASE("who works somewhere sees who works here, and colleagues are those below one's own structures") {
    in_realm([](Realm& realm) {
        Looking looking{realm};
        const auto teacher = realm.people.teacher; // of Jean-Moulin
        CHECK(looking.at(teacher, teacher) == Standing::Self);
        CHECK(looking.at(realm.head, teacher) == Standing::Colleague);
        CHECK(looking.at(realm.people.colleague, teacher) == Standing::Staff); // of Marie-Curie
        CHECK(looking.at(teacher, realm.rector) == Standing::Colleague);      // below the académie
        CHECK(looking.at(realm.rector, teacher) == Standing::Staff);          // does not work in that school
        CHECK(looking.at(realm.administrator, teacher) == Standing::Staff);
        CHECK_FALSE(looking.at(teacher, PersonId{4711}).has_value());
        realm.db.read_now([&](db::Tx& tx) {
            auto viewer = *find_viewer(tx, realm.head);
            CHECK_QUERIES(tx, 2, (void)see_person(tx, viewer, teacher, realm.now()));
        });
    });
}

TEST_CASE("nobody sees a closed account, and somebody without function sees their groups alone") {
    in_realm([](Realm& realm) {
        Looking looking{realm};
        const auto nobody = realm.people.person("nobody", "Noé Personne");
        CHECK_FALSE(looking.at(nobody, realm.head).has_value());
        const auto group = realm.db.write_now([&](db::Tx& tx) {
            return create_group(tx, realm.people.ids, {.name = "Fête", .kind = "group", .structure = realm.moulin});
        });
        looking.join(group, nobody);
        looking.join(group, realm.head);
        CHECK(looking.at(nobody, realm.head) == Standing::Group);
        CHECK_FALSE(looking.at(nobody, realm.people.teacher).has_value());
        realm.db.write_now([&](db::Tx& tx) { set_disabled(tx, realm.head, true); });
        CHECK_FALSE(looking.at(nobody, realm.head).has_value());
        CHECK_FALSE(looking.at(realm.administrator, realm.head).has_value());
        realm.db.read_now([&](db::Tx& tx) { CHECK_FALSE(see_person(tx, {}, realm.people.teacher, 0).has_value()); });
    });
}

TEST_CASE("a guest is known where they were invited and in their groups, until the last day") {
    in_realm([](Realm& realm) {
        Looking looking{realm};
        const auto guest = looking.guest_of(realm.people.teacher, "ines@musee.example");
        CHECK(looking.at(realm.people.teacher, guest) == Standing::Colleague); // the sponsor
        CHECK(looking.at(realm.head, guest) == Standing::Staff);              // of that school
        CHECK_FALSE(looking.at(realm.people.colleague, guest).has_value());   // of another one
        CHECK_FALSE(looking.at(guest, realm.head).has_value());
        const auto group = realm.db.write_now([&](db::Tx& tx) {
            return create_group(tx, realm.people.ids, {.name = "Musée", .kind = "group", .structure = realm.moulin});
        });
        for (auto who : {guest, realm.people.colleague}) looking.join(group, who);
        CHECK(looking.at(guest, realm.people.colleague) == Standing::Group);
        CHECK(looking.at(realm.people.colleague, guest) == Standing::Colleague);
        realm.people.clock.advance(11_days);
        CHECK_FALSE(looking.at(realm.people.teacher, guest).has_value());
    });
}

TEST_CASE("each line is for whom its person chose") {
    using enum Audience;
    CHECK(may_see(Standing::Self, Nobody));
    CHECK(may_see(Standing::Colleague, Colleagues));
    CHECK(may_see(Standing::Colleague, Staff));
    CHECK_FALSE(may_see(Standing::Colleague, Nobody));
    CHECK(may_see(Standing::Staff, Staff));
    CHECK_FALSE(may_see(Standing::Staff, Colleagues));
    CHECK_FALSE(may_see(Standing::Group, Staff));
    for (auto audience : {Nobody, Colleagues, Staff}) CHECK(audience_named(word_of(audience)) == audience);
    CHECK_FALSE(audience_named("everybody").has_value());
    CHECK_FALSE(standing_named("self").has_value()); // nobody looks as oneself by asking for it
}

TEST_CASE("what somebody says of themselves is kept as typed, within limits") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        auto set = [&](const Profile& profile) {
            return realm.db.write_now([&](db::Tx& tx) { return set_profile(tx, teacher, profile); });
        };
        auto now = [&] { return realm.db.read_now([&](db::Tx& tx) { return profile_of(tx, teacher); }); };
        CHECK(now().mail_for == Audience::Colleagues); // before anything was written
        CHECK(set({.phone = " 03 20 00 00 00 ",
                   .office = "Salle 12",
                   .about = "Ligne\r\nautre\n",
                   .phone_for = Audience::Nobody})
                  .has_value());
        CHECK(now().phone == "03 20 00 00 00");
        CHECK(now().about == "Ligne\nautre");
        CHECK(now().phone_for == Audience::Nobody);
        auto key = [](const Result<void>& result) { return result ? "" : result.error().key; };
        CHECK(key(set({.phone = std::string(41, '1')})) == "text_too_long");
        CHECK(key(set({.office = "a\nb"})) == "text_forbidden_character");
        CHECK(key(set({.about = std::string(1001, 'a')})) == "identity.about_words");
        CHECK(key(set({.about = "a\x07"})) == "identity.about_words");
        CHECK(key(set({.about = "\xff"})) == "text_not_utf8");
        CHECK(now().office == "Salle 12"); // nothing of these
    });
}

TEST_CASE("a list by names is not a way to try addresses or logins") {
    in_realm([](Realm& realm) {
        realm.db.write_now([&](db::Tx& tx) { set_picture(tx, realm.people.teacher, "abc"); });
        auto found = [&](std::string typed, PeopleFilter::Typed by) {
            return realm.db.read_now(
                [&](db::Tx& tx) { return list_people(tx, {.typed = typed, .by = by}, {}, 10).rows; });
        };
        using enum PeopleFilter::Typed;
        CHECK(found("camille.bernard@", Anything).size() == 1);
        CHECK(found("camille.bernard@ac", Name).empty());
        CHECK(found("teacher", Anything).size() == 1);
        CHECK(found("teacher", Name).empty());
        const auto named = found("bernard", Name);
        REQUIRE(named.size() == 1);
        CHECK(named[0].picture == "abc");
        CHECK_FALSE(named[0].guest);
    });
}

#include "identity/activation.hpp"

#include "identity_fixture.hpp"

#include "identity/attachments.hpp"
#include "identity/guests.hpp"
#include "identity/person_mail.hpp"
#include "identity/providers.hpp"

namespace preau::identity {
namespace {

std::optional<Activation> begin(IdentityFixture& school, std::string_view mail) {
    return school.db.write_now(
        [&](db::Tx& tx) { return begin_activation(tx, school.random, mail, school.clock.now()); });
}

} // namespace

TEST_CASE("a link goes to the address of an open account, and says whether there is a password") {
    with_people([](IdentityFixture& school) {
        auto newcomer = school.person("zoe", "Zoé Œuvrard", "Zoe@ac-lille.fr");
        auto made = begin(school, " ZOE@ac-lille.fr ");
        REQUIRE(made);
        CHECK(made->person.id == newcomer);
        CHECK_FALSE(made->forgotten);
        CHECK(begin(school, "camille.bernard@ac-lille.fr")->forgotten);
        CHECK_FALSE(begin(school, "nobody@ac-lille.fr"));
        CHECK_FALSE(begin(school, ""));
        CHECK_FALSE(begin(school, "zoe")); // a login is no address
        school.db.write_now([&](db::Tx& tx) { set_disabled(tx, newcomer, true); });
        CHECK_FALSE(begin(school, "zoe@ac-lille.fr"));
    });
}

TEST_CASE("a link is good once, for a day, and the next one voids it") {
    with_people([](IdentityFixture& school) {
        school.person("zoe", "Zoé Œuvrard", "zoe@ac-lille.fr");
        auto use = [&](const std::string& token) {
            return school.db.write_now(
                [&](db::Tx& tx) { return activate(tx, school.ids, token, "phc", school.clock.now()); });
        };
        auto look = [&](const std::string& token) {
            return school.db.read_now([&](db::Tx& tx) { return find_activation(tx, token, school.clock.now()); });
        };
        auto first = begin(school, "zoe@ac-lille.fr"), second = begin(school, "zoe@ac-lille.fr");
        CHECK_FALSE(look(first->token));
        CHECK(look(second->token));
        CHECK(look(second->token)); // looking uses nothing up
        CHECK(use(second->token));
        auto again = use(second->token);
        REQUIRE_FALSE(again);
        CHECK(again.error().key == "identity.link_used");
        CHECK(again.error().kind == Error::Kind::Gone);
        school.clock.advance(2_h);
        auto late = begin(school, "zoe@ac-lille.fr");
        CHECK(late->forgotten);
        school.clock.advance(24_h);
        CHECK_FALSE(use(late->token));
        CHECK_FALSE(use("nonsense"));
    });
}

TEST_CASE("a link to an address that is not the account's any more is void") {
    with_people([](IdentityFixture& school) {
        auto zoe = school.person("zoe", "Zoé Œuvrard", "zoe@ac-lille.fr");
        auto sent = begin(school, "zoe@ac-lille.fr");
        school.db.write_now([&](db::Tx& tx) { return set_mail(tx, zoe, "zoe.oeuvrard@ac-lille.fr").has_value(); });
        school.db.read_now(
            [&](db::Tx& tx) { CHECK_FALSE(find_activation(tx, sent->token, school.clock.now()).has_value()); });
        CHECK(begin(school, "zoe.oeuvrard@ac-lille.fr"));
    });
}

TEST_CASE("who signs in otherwise and has no password gets none by mail, and the letters count all the same") {
    with_people([](IdentityFixture& school) {
        auto zoe = school.person("zoe", "Zoé Œuvrard", "zoe@ac-lille.fr");
        auto early = begin(school, "zoe@ac-lille.fr");
        school.db.write_now([&](db::Tx& tx) {
            return link_provider(tx, zoe, "https://id.ac-lille.fr", "u-17", school.clock.now()).has_value();
        });
        auto use = [&](const std::string& token) {
            return school.db.write_now(
                [&](db::Tx& tx) { return activate(tx, school.ids, token, "phc", school.clock.now()); });
        };
        CHECK_FALSE(use(early->token)); // a letter from before
        for (int i = 0; i < 2; ++i) {
            auto told = begin(school, "zoe@ac-lille.fr");
            REQUIRE(told);
            CHECK(told->token.empty());
            CHECK(told->forgotten);
        }
        CHECK_FALSE(begin(school, "zoe@ac-lille.fr"));
        CHECK_FALSE(use(""));
    });
}

TEST_CASE("a guest is let in by mail until their time is over") {
    with_people([](IdentityFixture& school) {
        const auto end = school.clock.now() + 60_days;
        school.db.write_now([&](db::Tx& tx) {
            const auto place = create_structure(tx, school.ids, {.name = "Collège", .kind = "school", .uai = ""});
            if (!give_function(tx, {.person = school.teacher, .structure = place, .function = "teacher"},
                               school.clock.now()))
                return false;
            return invite_guest(tx, school.ids, *find_viewer(tx, school.teacher),
                                {.name = "Ivan Dehors", .mail = "ivan@asso.fr", .until = end}, school.clock.now())
                .has_value();
        });
        school.clock.advance(60_days - 2_h);
        auto made = begin(school, "ivan@asso.fr");
        REQUIRE(made);
        school.clock.advance(3_h);
        school.db.read_now(
            [&](db::Tx& tx) { CHECK_FALSE(find_activation(tx, made->token, school.clock.now()).has_value()); });
        CHECK_FALSE(begin(school, "ivan@asso.fr"));
    });
}

TEST_CASE("three letters an hour to one account") {
    with_people([](IdentityFixture& school) {
        school.person("zoe", "Zoé Œuvrard", "zoe@ac-lille.fr");
        for (int i = 0; i < 3; ++i) CHECK(begin(school, "zoe@ac-lille.fr"));
        CHECK_FALSE(begin(school, "zoe@ac-lille.fr"));
        CHECK(begin(school, "camille.bernard@ac-lille.fr")); // another account
        school.clock.advance(61_min);
        CHECK(begin(school, "zoe@ac-lille.fr"));
    });
}

TEST_CASE("a new password ends the sessions of before") {
    with_people([](IdentityFixture& school) {
        auto session = school.session(school.teacher);
        auto made = begin(school, "camille.bernard@ac-lille.fr");
        auto phc = school.identity.passwords().hash_now("cinq-loups-verts-nagent");
        CHECK(school.db.write_now(
            [&](db::Tx& tx) { return activate(tx, school.ids, made->token, phc, school.clock.now()); }));
        school.identity.forget_all();
        CHECK_FALSE(school.viewer(session).is_person());
        CHECK(school.sign_in("teacher", "cinq-loups-verts-nagent"));
        CHECK_FALSE(school.sign_in("teacher", "trois-lapins-bleus-lisent"));
    });
}

} // namespace preau::identity

#include "portal/portal_fixture.hpp"

#include "identity/directory.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {

TEST_CASE("the account says who one is and where one is signed in") {
    on_each_portal([](TestPortal& school) {
        auto phone = school.browser();
        phone.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1";
        CHECK(phone.post("/signin", {{"login", "camille"}, {"password", std::string{password}}}).status == 303);
        auto browser = school.as(school.teacher);
        auto profile = browser.get("/account");
        CHECK(profile.status == 200);
        CHECK(profile.body.contains("Camille Bernard"));
        CHECK(profile.body.contains("camille@ecole.test"));
        auto page = browser.get("/account/devices");
        CHECK(page.body.contains("192.0.2.0/24"));
        CHECK(page.body.contains("Firefox, Linux"));
        CHECK(page.body.contains("iPhone"));
        CHECK(page.body.find("Firefox, Linux") < page.body.find("iPhone")); // this session stands first
        CHECK(page.body.contains("cette session"));
    });
}

TEST_CASE("a stranger is asked to sign in first, and comes back") {
    on_each_portal([](TestPortal& school) {
        auto answer = school.browser().get("/account");
        CHECK(answer.status == 303);
        CHECK(location(answer) == "/signin?to=%2Faccount");
    });
}

TEST_CASE("one session or all others are ended") {
    on_each_portal([](TestPortal& school) {
        auto here = school.as(school.teacher);
        auto there = school.as(school.teacher);
        auto third = school.as(school.teacher);
        REQUIRE(school.sessions(school.teacher).size() == 3);
        auto page = there.get("/account/devices").body;
        auto at = page.find("/account/sessions/") + 18;
        auto id = page.substr(at, page.find("/end", at) - at); // the first that is not this session
        CHECK(there.post("/account/sessions/" + id + "/end").status == 303);
        CHECK(school.sessions(school.teacher).size() == 2);
        CHECK(there.get("/account").status == 200);
        CHECK(there.post("/account/sessions/end-others").status == 303);
        CHECK(school.sessions(school.teacher).size() == 1);
        CHECK(there.get("/account").status == 200);
        CHECK(here.get("/account").status == 303);
        CHECK(third.get("/account").status == 303);
    });
}

TEST_CASE("nobody ends somebody else's session") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        auto other = school.as(school.stranger);
        auto session = school.sessions(school.teacher).at(0).id;
        other.post("/account/sessions/" + to_text(session) + "/end");
        CHECK(school.sessions(school.teacher).size() == 1);
        CHECK(teacher.get("/account").status == 200);
        CHECK(other.post("/account/sessions/nonsense!/end").status == 404);
    });
}

TEST_CASE("a password is changed by who knows it, and other devices are signed out") {
    on_each_portal([](TestPortal& school) {
        auto there = school.as(school.teacher);
        auto here = school.as(school.teacher);
        const std::string chosen = "cinq-poissons-rouges-chantent";
        auto wrong = here.post("/account/password", {{"current", "not this one"}, {"chosen", chosen}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("id=\"current-problem\""));
        auto weak = here.post("/account/password", {{"current", std::string{password}}, {"chosen", "court"}});
        CHECK(weak.status == 422);
        CHECK(weak.body.contains("id=\"new-problem\""));
        CHECK(there.get("/account").status == 200); // nothing has changed so far

        auto saved = here.post("/account/password", {{"current", std::string{password}}, {"chosen", chosen}});
        CHECK(location(saved) == "/account/security?done=password");
        CHECK(here.get("/account/security?done=password").body.contains("Votre mot de passe est enregistré"));
        CHECK(there.get("/account").status == 303);
        CHECK(school.browser().post("/signin", {{"login", "camille"}, {"password", chosen}}).status == 303);
        CHECK(school.browser().post("/signin", {{"login", "camille"}, {"password", std::string{password}}}).status ==
              401);
    });
}

TEST_CASE("who came by a one-time link gives a first password") {
    on_each_portal([](TestPortal& school) {
        auto token = school.db.write_now([&](db::Tx& tx) {
            auto person = identity::create_person(tx, school.ids, school.clock.now(),
                                                  {.login = "lea", .name = "Léa Petit", .mail = "lea@ecole.test"});
            return identity::make_one_time_link(tx, school.ids, school.random, person->id, school.clock.now());
        });
        auto browser = school.browser();
        CHECK(browser.post("/signin/once/" + token).status == 303);
        CHECK_FALSE(browser.get("/account/security").body.contains("name=\"current\""));
        const std::string chosen = "cinq-poissons-rouges-chantent";
        CHECK(browser.post("/account/password", {{"chosen", chosen}}).status == 303);
        CHECK(browser.get("/account/security").body.contains("name=\"current\""));
        CHECK(school.browser().post("/signin", {{"login", "lea"}, {"password", chosen}}).status == 303);
        CHECK(browser.post("/account/password", {{"chosen", chosen + "-aussi"}}).status == 422); // now it is asked for
    });
}

TEST_CASE("the language is chosen by strangers for the browser, by people for the account") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        auto answer = browser.post("/language", {{"to", "en"}, {"back", "/signin"}});
        CHECK(answer.status == 303);
        CHECK(location(answer) == "/signin");
        CHECK(browser.get("/").body.contains("<html lang=\"en\""));

        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/").body.contains("Bonjour Camille"));
        CHECK(teacher.post("/language", {{"to", "en"}, {"back", "/"}}).status == 303);
        CHECK(teacher.get("/").body.contains("Hello Camille"));
        CHECK(school.as(school.teacher).get("/").body.contains("Hello Camille")); // in a new browser too
    });
}

TEST_CASE("one is called as one says, by others too") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        CHECK(location(browser.post("/account/name", {{"name", " Camille Bernard-Petit "}})) == "/account?saved");
        CHECK(browser.get("/").body.contains("Camille Bernard-Petit"));
        auto found = [&](std::string_view typed) {
            return school.db.read_now([&](db::Tx& tx) {
                auto viewer = *identity::find_viewer(tx, school.stranger);
                return identity::search_directory(tx, viewer, typed).size();
            });
        };
        CHECK(found("petit") == 1);
        CHECK(found("camille bernard-p") == 1); // once, under the new name alone
        auto wrong = browser.post("/account/name", {{"name", "  "}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("id=\"name-problem\""));
        CHECK(browser.get("/").body.contains("Camille Bernard-Petit"));
    });
}

TEST_CASE("the look is this browser's, said by the first byte of every page") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        CHECK_FALSE(browser.get("/").body.contains("data-theme"));
        CHECK(browser.post("/account/look", {{"theme", "dark"}, {"density", "compact"}}).status == 303);
        auto page = browser.get("/").body;
        CHECK(page.contains("<html lang=\"fr\" data-theme=\"dark\" data-density=\"compact\">"));
        CHECK(page.contains("<meta name=\"color-scheme\" content=\"dark\">"));
        CHECK(browser.get("/nowhere-at-all/").body.contains("data-theme=\"dark\"")); // errors too
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("data-theme")); // another browser
        CHECK(browser.post("/account/look", {{"theme", "pink"}, {"density", ""}}).status == 422);
        CHECK(browser.post("/account/look", {{"theme", ""}, {"density", ""}}).status == 303);
        CHECK(browser.get("/").body.contains("<html lang=\"fr\">"));
        browser.cookies.emplace_back("theme", "\"><script>");
        CHECK_FALSE(browser.get("/").body.contains("data-theme"));
    });
}

TEST_CASE("the language switch leads nowhere else and knows two languages") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        CHECK(location(browser.post("/language", {{"to", "fr"}, {"back", "//evil.example"}})) == "/");
        CHECK(location(browser.post("/language", {{"to", "fr"}, {"back", "https://evil.example"}})) == "/");
        CHECK(browser.post("/language", {{"to", "de"}, {"back", "/"}}).status == 422);
    });
}

} // namespace preau::portal::testing

#include "portal/portal_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace preau::portal::testing {
namespace {

PersonId newcomer(TestPortal& school) {
    return school.db.write_now([&](db::Tx& tx) {
        return identity::create_person(tx, school.ids, school.clock.now(),
                                       {.login = "zoe.roux", .name = "Zoé Roux", .mail = "zoe@ecole.test"})
            ->id;
    });
}

} // namespace

TEST_CASE("a newcomer gets a letter, chooses a password and is in") {
    on_each_portal([](TestPortal& school) {
        newcomer(school);
        auto browser = school.browser();
        CHECK(browser.get("/signin").body.contains("href=\"/activate\""));
        CHECK(browser.get("/activate").status == 200);
        auto asked = browser.post("/activate", {{"mail", " Zoe@Ecole.test "}});
        CHECK(asked.status == 303);
        CHECK(browser.get(std::string{location(asked)}).body.contains("role=\"status\""));
        auto link = link_in_last_letter(school);
        auto page = browser.get(link);
        CHECK(page.status == 200);
        CHECK(page.body.contains("zoe.roux"));
        // By a provider too, but only for the browser that opened the letter's page and pressed the button there: who
        // is led into it by somebody else's letter would be known here as somebody else.
        const auto at = page.body.find("/signin/with/academie?activation=");
        REQUIRE(at != std::string::npos);
        auto way = page.body.substr(at, page.body.find('"', at) - at);
        way.replace(way.find("&amp;"), 5, "&");
        CHECK(browser.get(way).status == 503); // on the way: the provider is silent
        CHECK(school.browser().get(way).status == 401);
        CHECK(browser.get(way.substr(0, way.find('&'))).status == 401);
        auto lured = school.browser();
        CHECK(lured.get(link).status == 200);
        CHECK(lured.get(way).status == 401); // another browser has another ticket
        CHECK(browser.get(link).status == 200); // a program that looks at mail uses nothing up
        auto weak = browser.post(link, {{"password", "zoe.roux"}});
        CHECK(weak.status == 422);
        CHECK(weak.body.contains("aria-invalid"));
        auto chosen = browser.post(link, {{"password", "cinq-loups-verts-nagent"}});
        CHECK(chosen.status == 303);
        CHECK(location(chosen) == "/");
        CHECK(browser.get("/account").status == 200);
        CHECK(browser.get("/").body.contains("Zoé"));
        // Once.
        auto again = school.browser();
        CHECK(again.get(link).status == 410);
        CHECK(again.post(link, {{"password", "six-loups-verts-nagent"}}).status == 410);
        CHECK(again.post("/signin", {{"login", "zoe.roux"}, {"password", "cinq-loups-verts-nagent"}}).status == 303);
    });
}

TEST_CASE("nobody learns whether an address has an account") {
    on_each_portal([](TestPortal& school) {
        newcomer(school);
        for (std::string path : {"/activate", "/forgotten"}) {
            auto known = school.browser().post(path, {{"mail", "zoe@ecole.test"}});
            auto unknown = school.browser().post(path, {{"mail", "nobody@ecole.test"}});
            CHECK(known.status == 303);
            CHECK(unknown.status == known.status);
            CHECK(location(unknown) == location(known));
            CHECK(unknown.body == known.body);
        }
        auto entries = letters_written(school);
        CHECK(std::ranges::none_of(entries, [](const auto& entry) { return entry.recipient == "nobody@ecole.test"; }));
        CHECK(std::ranges::any_of(entries, [](const auto& entry) { return entry.recipient == "zoe@ecole.test"; }));
        CHECK(school.browser().post("/activate", {{"mail", "zoe"}}).status == 422); // no address at all
    });
}

TEST_CASE("a forgotten password is replaced, and whoever was signed in is not any more") {
    on_each_portal([](TestPortal& school) {
        auto thief = school.as(school.teacher);
        CHECK(thief.get("/account").status == 200);
        auto browser = school.browser();
        browser.post("/forgotten", {{"mail", "camille@ecole.test"}});
        auto link = link_in_last_letter(school);
        CHECK(browser.get(link).body.contains("camille"));
        CHECK_FALSE(browser.get(link).body.contains("/signin/with/")); // nobody is linked by a forgotten password
        CHECK(browser.post(link, {{"password", "cinq-loups-verts-nagent"}}).status == 303);
        school.clock.advance(2'000); // viewers are remembered for a second
        CHECK(thief.get("/account").status != 200);
        CHECK(school.browser().post("/signin", {{"login", "camille"}, {"password", std::string{password}}}).status ==
              401);
    });
}

TEST_CASE("letters to one account are few, however often they are asked for") {
    on_each_portal([](TestPortal& school) {
        newcomer(school);
        for (int i = 0; i < 6; ++i) {
            school.browser().post("/activate", {{"mail", "zoe@ecole.test"}});
            school.jobs.run_due();
        }
        CHECK(letters_written(school).size() == 3);
    });
}

} // namespace preau::portal::testing

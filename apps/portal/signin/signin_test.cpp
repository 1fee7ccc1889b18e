#include "portal/portal_fixture.hpp"
#include "portal/signin/local_path.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {

TEST_CASE("only a path of this server is followed after signing in") {
    for (auto good : {"/", "/files", "/files/6k2?after=x#row", "/class/1", "/é"}) {
        CAPTURE(good);
        CHECK(is_local_path(good));
    }
    for (auto bad : {"", "files", "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example",
                     "/\t/evil.example", "/\n/evil.example", " /", "/files\r\nSet-Cookie: a=b", "javascript:alert(1)",
                     "http:/evil.example", "/a b", "/\x7f"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_local_path(bad));
        CHECK(local_path_or_home(bad) == "/");
    }
    CHECK_FALSE(is_local_path("/" + std::string(3000, 'a')));
    CHECK(local_path_or_home("/signin?to=/signin") == "/");
    CHECK(local_path_or_home("/signin/once/x") == "/");
    CHECK(local_path_or_home("/signout") == "/");
    CHECK(local_path_or_home("/signings") == "/signings");
}

TEST_CASE("a person signs in and goes where they wanted, never elsewhere") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        auto form = browser.get("/signin?to=/files/6k2");
        CHECK(form.status == 200);
        CHECK(form.body.contains("value=\"/files/6k2\""));
        auto answer = browser.post("/signin",
                                   {{"login", " camille "}, {"password", std::string{password}}, {"to", "/files/6k2"}});
        CHECK(answer.status == 303);
        CHECK(location(answer) == "/files/6k2");
        auto cookie = answer.headers.find("set-cookie");
        CHECK(cookie.starts_with("__Host-preau="));
        CHECK(cookie.contains("HttpOnly"));
        CHECK(cookie.contains("SameSite=Lax"));
        CHECK(browser.get("/account").status == 200);

        auto elsewhere = school.browser();
        auto trick = elsewhere.post(
            "/signin", {{"login", "camille"}, {"password", std::string{password}}, {"to", "https://evil.example/"}});
        CHECK(location(trick) == "/");
        CHECK(school.browser().get("/signin?to=//evil.example").body.contains("name=\"to\" value=\"/\""));
    });
}

TEST_CASE("a wrong password and an unknown account read the same") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        auto wrong = browser.post("/signin", {{"login", "camille"}, {"password", "not this one"}});
        auto unknown = browser.post("/signin", {{"login", "nobody"}, {"password", "not this one"}});
        CHECK(wrong.status == 401);
        CHECK(unknown.status == 401);
        CHECK(wrong.body.contains("role=\"alert\""));
        CHECK(wrong.body.contains("value=\"camille\"")); // only the password has to be typed again
        CHECK_FALSE(wrong.body.contains("not this one"));
        auto cut = [](std::string body, std::string_view login) {
            for (auto at = body.find(login); at != std::string::npos; at = body.find(login))
                body.erase(at, login.size());
            return body;
        };
        CHECK(cut(wrong.body, "camille") == cut(unknown.body, "nobody"));
        CHECK_FALSE(wrong.headers.has("set-cookie"));
    });
}

TEST_CASE("too many tries are slowed down, with the seconds said") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        http::TestAnswer answer;
        for (int i = 0; i < 12; ++i)
            answer = browser.post("/signin", {{"login", "camille"}, {"password", "wrong wrong wrong"}});
        CHECK(answer.status == 429);
        auto seconds = answer.headers.find("retry-after");
        REQUIRE_FALSE(seconds.empty());
        CHECK(answer.body.contains(seconds));
        school.clock.advance(1_h);
        CHECK(browser.post("/signin", {{"login", "camille"}, {"password", std::string{password}}}).status == 303);
    });
}

TEST_CASE("each sign-in makes a new session and ends the one before in that browser") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto first = browser.cookies;
        auto answer = browser.post("/signin", {{"login", "camille"}, {"password", std::string{password}}});
        CHECK(answer.status == 303);
        CHECK(browser.cookies != first);
        CHECK(school.sessions(school.teacher).size() == 1);
        auto old = school.browser();
        old.cookies = first;
        CHECK(old.get("/account").status == 303);
    });
}

TEST_CASE("signing out ends the session, not only the cookie") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto copy = browser.cookies;
        CHECK(browser.post("/signout").status == 303);
        CHECK(browser.cookies.empty());
        CHECK(school.sessions(school.teacher).empty());
        browser.cookies = copy;
        CHECK(location(browser.get("/account")).starts_with("/signin"));
    });
}

TEST_CASE("a form that another site posts signs nobody in or out") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto request = http::make_request(http::Method::Post, "/signout", "", "application/x-www-form-urlencoded");
        request.headers.set("Origin", "https://evil.example");
        request.headers.set("Sec-Fetch-Site", "cross-site");
        CHECK(browser.send(std::move(request)).status == 403);
        CHECK(school.sessions(school.teacher).size() == 1);
    });
}

TEST_CASE("a one-time link survives previews, works once, and then says so") {
    on_each_portal([](TestPortal& school) {
        auto token = school.db.write_now([&](db::Tx& tx) {
            return identity::make_one_time_link(tx, school.ids, school.random, school.teacher, school.clock.now());
        });
        auto address = "/signin/once/" + token;
        auto robot = school.browser();
        CHECK(robot.get(address).status == 200);
        CHECK(robot.cookies.empty());
        auto browser = school.browser();
        CHECK(browser.get(address).body.contains("method=\"post\""));
        CHECK(browser.post(address).status == 303);
        CHECK(browser.get("/account").status == 200);
        auto second = school.browser();
        auto refused = second.post(address);
        CHECK(refused.status == 410);
        CHECK(second.cookies.empty());
    });
}

TEST_CASE("an old one-time link is gone") {
    on_each_portal([](TestPortal& school) {
        auto token = school.db.write_now([&](db::Tx& tx) {
            return identity::make_one_time_link(tx, school.ids, school.random, school.teacher, school.clock.now());
        });
        school.clock.advance(16_min);
        CHECK(school.browser().post("/signin/once/" + token).status == 410);
    });
}

} // namespace preau::portal::testing

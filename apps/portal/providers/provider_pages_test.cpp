// What happens before and beside the provider; what it answers is tested with real and lying ones in
// tests/system/providers_test.mjs.
#include "portal/portal_fixture.hpp"

#include "identity/second_factor.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

std::string link_address(const http::TestAnswer& page) {
    const auto at = page.body.find("/signin/with/academie?link=");
    REQUIRE(at != std::string::npos);
    return page.body.substr(at, page.body.find('"', at) - at);
}

} // namespace

TEST_CASE("a provider that does not answer is said so, and an unknown one does not exist") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        auto silent = browser.get("/signin/with/academie?to=/files");
        CHECK(silent.status == 503); // its address is a port where nobody listens, and a private one
        CHECK(browser.get("/signin/with/another").status == 404);
    });
}

TEST_CASE("an answer that nobody asked for is none") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        auto answer = browser.get("/signin/with/academie/back?code=x&state=y");
        CHECK(answer.status == 401);
        CHECK(school.sessions(school.teacher).empty());
        browser.cookies.emplace_back("__Host-preau_provider", "made.up");
        CHECK(browser.get("/signin/with/academie/back?code=x&state=y").status == 401);
    });
}

TEST_CASE("linking begins only from a page of ours, by who is signed in") {
    on_each_portal([](TestPortal& school) {
        const auto address = link_address(school.as(school.teacher).get("/account/providers"));
        // What led here was no page of this session: another site, a letter, the page of somebody else.
        CHECK(location(school.browser().get(address)) == "/account/providers");
        auto teacher = school.as(school.teacher);
        for (const auto& led : {std::string{"/signin/with/academie?link=1"}, address,
                                link_address(school.as(school.stranger).get("/account/providers"))})
            CHECK(location(teacher.get(led)) == "/account/providers");
        CHECK(teacher.get(link_address(teacher.get("/account/providers"))).status == 503); // on the way: it is silent
    });
}

TEST_CASE("one's own providers are seen, linked after a proof, and the last way in stays") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/account/security").body.contains("href=\"/account/providers\""));
        auto page = teacher.get("/account/providers");
        CHECK(web::page_problems(page.body).empty());
        const auto begin = link_address(page);
        school.db.write_now([&](db::Tx& tx) {
            return identity::link_provider(tx, school.teacher, "http://127.0.0.1:9", "0590001A-17", school.clock.now())
                .has_value();
        });
        CHECK(teacher.get("/account/providers").body.contains("/account/providers/academie/unlink"));
        // Hours later somebody else sits there: first the proof, by either address.
        school.clock.advance(1_h);
        CHECK(location(teacher.get(begin)).starts_with("/account/proof"));
        CHECK(location(teacher.post("/account/providers/academie/unlink")).starts_with("/account/proof"));
        auto fresh = school.as(school.teacher);
        school.db.write_now([&](db::Tx& tx) { identity::remove_password(tx, school.teacher); });
        CHECK(location(fresh.post("/account/providers/academie/unlink")) == "/account/providers?done=last");
        CHECK(fresh.post("/account/providers/another/unlink").status == 404);
        CHECK(link_address(school.as(school.stranger).get("/account/providers")) != begin);
    });
}

TEST_CASE("who came by no provider signs out to the front page") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        CHECK(location(teacher.post("/signout")) == "/");
        CHECK(location(school.browser().get("/signedout?provider=academie")) == "/"); // never heard of it yet
    });
}

} // namespace preau::portal::testing

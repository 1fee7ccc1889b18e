#include "portal/home/home.hpp"
#include "portal/portal_fixture.hpp"
#include "sharing/favourite.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {

TEST_CASE("a stranger learns what this is, and where families go") {
    on_each_portal([](TestPortal& school) {
        auto french = school.browser().get("/");
        CHECK(french.status == 200);
        CHECK(french.body.contains("href=\"/signin\""));
        CHECK(french.body.contains("Vous êtes une famille\u00a0?"));
        auto browser = school.browser();
        browser.language = "en";
        CHECK(browser.get("/").body.contains("Are you a family?"));
    });
}

TEST_CASE("the home says the day, the school, the services and where one was") {
    on_each_portal([](TestPortal& school) {
        school.make_document("Volcans <6e>.odp", TestPortal::Share::Nobody);
        auto page = school.as(school.teacher).get("/");
        CHECK(page.status == 200);
        CHECK(page.body.contains("Lundi 7\u00a0septembre · Collège Jean-Moulin"));
        CHECK(page.body.contains("Bonjour Camille</h1>"));
        CHECK(page.body.contains("Fichiers"));
        CHECK(page.body.contains("Volcans &lt;6e&gt;.odp"));
        CHECK(page.body.contains("· Moi")); // whom it reaches
        CHECK(page.body.contains("/class/" + to_text(school.class_6eb)));
        CHECK(page.body.contains("6e B"));
    });
}

TEST_CASE("what one starred stands on a shelf of its own, as long as one may see it") {
    on_each_portal([](TestPortal& school) {
        auto document = school.make_document("Sortie au volcan.odt", TestPortal::Share::Nobody);
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("Favoris"));
        school.db.write_now([&](db::Tx& tx) {
            return sharing::set_favourite(tx, school.world, *identity::find_viewer(tx, school.teacher), document, true);
        });
        auto page = school.as(school.teacher).get("/").body;
        CHECK(page.contains("Favoris"));
        CHECK(page.contains("id=\"favourites\""));
        CHECK_FALSE(school.as(school.stranger).get("/").body.contains("Favoris"));
    });
}

TEST_CASE("a home without anything says what it is for") {
    on_each_portal([](TestPortal& school) {
        auto page = school.as(school.stranger).get("/");
        CHECK(page.body.contains("Bonjour Victor"));
        CHECK(page.body.contains("Rien encore"));
        CHECK_FALSE(page.body.contains("Mes classes"));
    });
}

TEST_CASE("nobody's home shows what belongs to somebody else") {
    on_each_portal([](TestPortal& school) {
        school.make_document("Secret.odt", TestPortal::Share::Nobody);
        CHECK_FALSE(school.as(school.stranger).get("/").body.contains("Secret.odt"));
    });
}

TEST_CASE("the home costs the same few queries however much there is") {
    on_each_portal([](TestPortal& school) {
        auto queries = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                auto viewer = *identity::find_viewer(tx, school.teacher);
                auto before = tx.query_count();
                home_data(tx, school.kinds, web::Locale::of(web::Language::French), viewer, school.clock.now());
                return tx.query_count() - before;
            });
        };
        school.make_document("one", TestPortal::Share::Nobody);
        auto few = queries();
        for (int i = 0; i < 15; ++i) school.make_document("n" + std::to_string(i), TestPortal::Share::Nobody);
        CHECK(queries() == few);
        CHECK(few <= 14); // two or three of them for the words that say whom things reach
    });
}

TEST_CASE("operators and robots get their answers, strangers no metrics") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.browser();
        CHECK(browser.get("/healthz").body == "ok");
        CHECK(browser.get("/readyz").body == "ok");
        CHECK(browser.get("/robots.txt").body.contains("Disallow: /"));
        CHECK(browser.get("/metrics").status == 404);
        auto here = school.browser();
        here.peer = "127.0.0.1";
        CHECK(here.get("/metrics").body == "preau_requests 1\n");
        auto proxied = http::make_request(http::Method::Get, "/metrics");
        proxied.headers.set("X-Forwarded-For", "192.0.2.9");
        CHECK(here.send(std::move(proxied)).status == 404);
        auto silent = http::make_request(http::Method::Get, "/metrics"); // a proxy that leaves no traces
        silent.host = "preau.example.org";
        CHECK(here.send(std::move(silent)).status == 404);
    });
}

} // namespace preau::portal::testing

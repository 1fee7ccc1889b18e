#include "base/json.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

json::Value body_of(const http::TestAnswer& answer) {
    auto parsed = json::parse(answer.body);
    REQUIRE(parsed.has_value());
    return *parsed;
}
// The path behind the public address.
std::string path_of(std::string address) { return address.substr(std::string_view{"http://localhost:8080"}.size()); }

} // namespace

TEST_CASE("a family comes by a link, keeps no secret in the address bar, and leaves") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        auto entered = site.get("/s/" + made.token);
        CHECK(entered.status == 303);
        CHECK(entered.headers.find("location") == "/files/" + to_text(site.folder));
        CHECK(entered.headers.find("cache-control") == "no-store");
        CHECK(entered.headers.find("referrer-policy") == "strict-origin");
        CHECK_FALSE(entered.headers.find("set-cookie").contains("Max-Age")); // ends with the browser's session
        CHECK_FALSE(entered.headers.find("set-cookie").contains(made.token));
        auto pass = Site::kept(entered);
        auto second = site.link({});
        auto both = Site::kept(site.get("/s/" + second.token, pass));
        CHECK(site.get("/link", both).status == 200);

        auto named = site.post("/s/name", "name=Lina&back=//evil.test", both);
        CHECK(named.headers.find("location") == "/");
        CHECK(site.get("/link", Site::kept(named)).status == 200);
        CHECK(site.post("/s/name", "name=", both).status == 422);

        auto left = site.post("/s/leave", "", both);
        CHECK(left.headers.find("location") == "/s/left");
        CHECK(left.headers.find("set-cookie").contains("Max-Age=0"));
        CHECK(site.get("/s/left").status == 200);
    });
}

TEST_CASE("closed links say what happened and what to do, in both languages") {
    on_each_site([](Site& site) {
        auto expired = site.link({.until = site.clock.now() + 1_h});
        auto revoked = site.link({});
        auto gone = site.link({});
        auto teacher = site.db.read_now([&](db::Tx& tx) { return *identity::find_viewer(tx, site.teacher); });
        site.db.write_now([&](db::Tx& tx) { return revoke_link(tx, site.world, teacher, revoked.link.id); });
        site.clock.advance(1_h);
        auto look = [&](const std::string& token, const char* language) {
            auto request = http::make_request(http::Method::Get, "/s/" + token);
            request.headers.set("Accept-Language", language);
            return http::deliver(site.routes, *site.gate, std::move(request));
        };
        CHECK(look("invented", "fr").status == 404);
        CHECK(look("invented", "fr").body.contains("Lien inconnu"));
        CHECK(look(expired.token, "fr").status == 410);
        CHECK(look(expired.token, "en").body.contains("This link has ended"));
        CHECK(look(revoked.token, "fr").status == 410);
        CHECK(look(revoked.token, "en").body.contains("Ask whoever gave it to you, or the school, for a new link"));
        CHECK(look(gone.token, "fr").status == 303);
        site.db.write_now([&](db::Tx& tx) { return trash_item(tx, site.world, teacher, site.folder); });
        CHECK(look(gone.token, "fr").status == 410);
        CHECK(look(gone.token, "fr").headers.find("set-cookie").empty());
    });
}

TEST_CASE("a link with a password opens with the right one only, and guessing is slowed down") {
    on_each_site([](Site& site) {
        auto made = site.link({.password_hash = site.identity.passwords().hash_now("volcan")});
        auto asked = site.get("/s/" + made.token);
        CHECK(asked.status == 200);
        CHECK(asked.headers.find("set-cookie").empty());
        CHECK(asked.body.contains("type=\"password\""));
        CHECK_FALSE(asked.body.contains("Volcans")); // not even the title before the password
        auto wrong = site.post("/s/" + made.token, "password=Volcan");
        CHECK(wrong.status == 422);
        CHECK(wrong.headers.find("set-cookie").empty());
        auto right = site.post("/s/" + made.token, "password=volcan");
        CHECK(right.status == 303);
        CHECK(site.get("/s/" + made.token, Site::kept(right)).status == 303); // not asked twice
        int slowed = 0;
        for (int i = 0; i < 30; ++i) slowed += site.post("/s/" + made.token, "password=x").status == 429;
        CHECK(slowed > 10);
        slowed = 0;
        for (int i = 0; i < 30; ++i) { // another address of the same household each time
            auto request = http::make_request(http::Method::Post, "/s/" + made.token, "password=x",
                                              "application/x-www-form-urlencoded");
            request.peer = "2001:db8:1:2::" + std::to_string(i + 1);
            slowed += http::deliver(site.routes, *site.gate, std::move(request)).status == 429;
        }
        CHECK(slowed > 10);
    });
}

TEST_CASE("a class link leads to the page of the class") {
    on_each_site([](Site& site) {
        const GroupId class_6b{500};
        auto made = site.db.write_now([&](db::Tx& tx) { return create_class_link(tx, site.world, class_6b, "Lina"); });
        CHECK(site.get("/s/" + made.token).headers.find("location") == "/class/" + to_text(class_6b));
    });
}

TEST_CASE("the share page makes and withdraws links as plain forms, for who manages the item") {
    on_each_site([](Site& site) {
        const auto address = "/share/" + to_text(site.folder);
        auto teacher = site.cookie(site.teacher);
        auto page = site.get(address, teacher);
        CHECK(page.status == 200);
        CHECK(page.body.contains("Aucun lien"));
        CHECK(page.body.contains("Vous")); // who sees it
        CHECK(site.get(address).status == 303); // to the sign-in page
        CHECK(site.get(address, site.cookie(site.colleague)).status == 404);

        auto made =
            site.post(address, "may=view-deposit&until=week&label=Familles+%3Cde%3E+6e+B&password=volcan", teacher);
        CHECK(made.status == 303);
        auto shown = site.get(std::string{made.headers.find("location")}, teacher).body;
        CHECK(shown.contains("Familles &lt;de&gt; 6e B"));
        CHECK(shown.contains("http://localhost:8080/s/"));
        CHECK(shown.contains("14\u00a0septembre 2026"));
        CHECK_FALSE(shown.contains("volcan\""));

        for (auto form : {"may=everything", "until=week", "may=view&password=abc"}) {
            auto refused = site.post(address, form, teacher);
            CHECK(refused.status == 422);
            CHECK(refused.body.contains("role=\"alert\""));
        }
        CHECK(site.post(address, "may=view", site.cookie(site.colleague)).status == 404);

        auto links = body_of(site.get("/api/sharing/items/" + to_text(site.folder) + "/links", teacher))["links"];
        REQUIRE(links.size() == 1);
        auto link = *links.at(0)["id"].text();
        auto secret = path_of(*links.at(0)["address"].text());
        CHECK(site.get(secret).status == 200); // asks for the password
        auto sheet = site.get(address + "/sheet?link=" + link, teacher);
        CHECK(sheet.status == 200);
        CHECK(sheet.body.contains("<svg xmlns"));
        CHECK(site.get(address + "/sheet?link=zzz", teacher).status == 404);
        CHECK(site.post(address + "/revoke", "link=" + link, site.cookie(site.colleague)).status == 404);
        CHECK(site.post(address + "/revoke", "link=" + link, teacher).status == 303);
        CHECK(site.get(secret).status == 410);
    });
}

TEST_CASE("the API lists, makes, draws and withdraws links") {
    on_each_site([](Site& site) {
        auto teacher = site.cookie(site.teacher);
        auto colleague = site.cookie(site.colleague);
        const auto links = "/api/sharing/items/" + to_text(site.folder) + "/links";
        auto make = [&](std::string json, const std::string& who) {
            return site.send(http::Method::Post, links, std::move(json), who, "application/json");
        };
        const auto until = std::to_string(site.clock.now() + 1_h);
        auto made = make(R"({"role":"view","deposit":true,"label":"6e B","until":)" + until + "}", teacher);
        CHECK(made.status == 201);
        auto link = body_of(made);
        CHECK(link["role"].text() == "view");
        CHECK(link["deposit"].boolean() == true);
        CHECK(link["until"].integer() == site.clock.now() + 1_h);
        CHECK(site.get(path_of(*link["address"].text())).status == 303);
        CHECK(make(R"({"role":"manage"})", teacher).status == 422);
        CHECK(make(R"({"role":"view","until":1})", teacher).status == 422);
        CHECK(make("{", teacher).status == 400);
        CHECK(make(R"({"role":"view"})", colleague).status == 404);
        CHECK(make(R"({"role":"view"})", {}).status == 401);
        CHECK(site.get(links, colleague).status == 404);

        const auto one = "/api/sharing/links/" + *link["id"].text();
        auto qr = site.get(one + "/qr.svg", teacher);
        CHECK(qr.headers.find("content-type") == "image/svg+xml");
        CHECK(qr.body.starts_with("<svg"));
        CHECK(qr.headers.find("cache-control").contains("no-store"));
        CHECK(site.get(one + "/qr.svg", colleague).status == 404);
        CHECK(site.send(http::Method::Delete, one, {}, colleague).status == 404);
        CHECK(site.send(http::Method::Delete, one, {}, teacher).status == 204);
        CHECK(site.get(one + "/qr.svg", teacher).status == 404);
        CHECK(site.get(path_of(*link["address"].text())).status == 410);
    });
}

TEST_CASE("who manages an item can ask why somebody sees it or not") {
    on_each_site([](Site& site) {
        auto teacher = site.cookie(site.teacher);
        const auto why = "/api/sharing/items/" + to_text(site.folder) + "/why";
        auto made = site.link({.deposit = true});
        CHECK(body_of(site.get(why, teacher))["role"].text() == "manage");
        CHECK(body_of(site.get(why + "?person=colleague", teacher))["because"].text() == "no-grant");
        auto link = body_of(site.get(why + "?link=" + to_text(made.link.id), teacher));
        CHECK(link["role"].text() == "view");
        CHECK(link["subject_kind"].text() == "link");
        CHECK(link["item"].text() == to_text(site.folder));
        CHECK(site.get(why + "?person=nobody", teacher).status == 404);
        CHECK(site.get(why, site.cookie(site.colleague)).status == 404);
    });
}

TEST_CASE("a QR code keeps four white modules around and its label harmless") {
    auto svg = qr_svg("http://localhost:8080/s/abcdefghijklmnopqrstuvwxyz", "a \"<b>\"");
    CHECK(svg.contains("&lt;b&gt;"));
    CHECK_FALSE(svg.contains("<b>"));
    CHECK(svg.contains("M4 4h7")); // the finder pattern in the corner starts behind the quiet zone
    CHECK_FALSE(svg.contains("M0 4"));
}

// How often a link may be opened, and what may be changed of it afterwards.
#include "base/json.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

// What a browser keeps of an answer's cookies.
struct Browser {
    Site& site;
    std::map<std::string, std::string> jar = {};
    std::string agent = "Mozilla/5.0 (Android 14; Mobile) Firefox/140.0";

    http::TestAnswer send(http::Method method, std::string target, std::string form = {}) {
        auto request =
            http::make_request(method, std::move(target), std::move(form), "application/x-www-form-urlencoded");
        request.headers.set("User-Agent", agent);
        std::string cookies;
        for (const auto& [name, value] : jar) cookies += (cookies.empty() ? "" : "; ") + name + '=' + value;
        if (!cookies.empty()) request.headers.set("Cookie", cookies);
        auto answer = http::deliver(site.routes, *site.gate, std::move(request));
        for (const auto& [name, value] : answer.headers.all())
            if (name == "Set-Cookie") {
                const auto equals = value.find('=');
                jar[value.substr(0, equals)] = value.substr(equals + 1, value.find(';') - equals - 1);
            }
        return answer;
    }
    http::TestAnswer get(std::string target) { return send(http::Method::Get, std::move(target)); }
    http::TestAnswer post(std::string target, std::string form = {}) {
        return send(http::Method::Post, std::move(target), std::move(form));
    }
    // Closed and opened again: what ends with the session is gone.
    void restart() { jar.erase("__Host-preau_passes"); }
};

std::int64_t uses(Site& site, LinkId link) {
    return site.db.read_now([&](db::Tx& tx) { return find_link(tx, site.world, link)->link.uses; });
}
Result<Link> change(Site& site, PersonId who, LinkId link, LinkChange wanted) {
    return site.db.write_now(
        [&](db::Tx& tx) { return change_link(tx, site.world, *identity::find_viewer(tx, who), link, wanted); });
}

} // namespace

TEST_CASE("where the number of browsers is limited, who presses the button is counted, once, and robots are not") {
    on_each_site([](Site& site) {
        auto made = site.link({.max_uses = 2});
        const auto address = "/s/" + made.token;
        Browser robot{site}, mother{site}, father{site}, aunt{site};
        for (int i = 0; i < 10; ++i) {
            auto preview = robot.get(address);
            CHECK(preview.status == 200);
            CHECK(preview.headers.find("set-cookie").empty());
            CHECK_FALSE(preview.body.contains("Volcans"));
        }
        CHECK(uses(site, made.link.id) == 0);
        CHECK(mother.post(address).status == 303);
        CHECK(mother.get(address).status == 303); // is inside
        CHECK(mother.post(address).status == 303);
        CHECK(uses(site, made.link.id) == 1);
        mother.restart();
        CHECK(mother.get(address).status == 303); // the next evening: was counted
        CHECK(mother.get("/link").status == 200);
        CHECK(uses(site, made.link.id) == 1);
        CHECK(father.post(address).status == 303);
        for (auto answer : {aunt.get(address), aunt.post(address)}) {
            CHECK(answer.status == 410);
            CHECK(answer.body.contains("déjà servi"));
        }
        CHECK(aunt.get("/link").status == 401);
        CHECK(uses(site, made.link.id) == 2);
        mother.restart();
        CHECK(mother.get(address).status == 303);
        // Raised: one more may come. Lowered: who is inside stays.
        CHECK(change(site, site.teacher, made.link.id, {.max_uses = 3}));
        CHECK(aunt.post(address).status == 303);
        CHECK(change(site, site.teacher, made.link.id, {.max_uses = 1}));
        CHECK(aunt.get("/link").status == 200);
    });
}

TEST_CASE("a forged memory of having been counted lets nobody in") {
    on_each_site([](Site& site) {
        auto made = site.link({.max_uses = 1});
        Browser first{site}, forger{site};
        CHECK(first.post("/s/" + made.token).status == 303);
        forger.jar["__Host-preau_counted"] = to_text(made.link.id) + ".AAAA";
        CHECK(forger.get("/s/" + made.token).status == 410);
        auto other = site.link({});
        CHECK(forger.get("/s/" + other.token).status == 303);
        auto real = forger.jar["__Host-preau_counted"];
        forger.jar["__Host-preau_counted"] = to_text(made.link.id) + real.substr(real.find('.'));
        CHECK(forger.get("/s/" + made.token).status == 410);
    });
}

TEST_CASE("opened ten thousand times at once with at most five: exactly five passes") {
    on_each_site([](Site& site) {
        auto made = site.link({.max_uses = 5});
        std::atomic<int> passed = 0, refused = 0;
        std::vector<std::thread> crowd;
        for (int thread = 0; thread < 20; ++thread)
            crowd.emplace_back([&, thread] {
                for (int i = 0; i < 500; ++i) {
                    // Lanes apart, so that nothing but the row itself counts.
                    auto done =
                        site.db.write_now([&](db::Tx& tx) { return use_link(tx, made.link.id, site.clock.now()); },
                                          {static_cast<std::uint64_t>(thread + 1)});
                    done ? ++passed : ++refused;
                    if (!done && done.error().key != "link.used_up") refused += 100'000;
                }
            });
        for (auto& thread : crowd) thread.join();
        CHECK(passed == 5);
        CHECK(refused == 9995);
        CHECK(uses(site, made.link.id) == 5);
        // The same through the door: none of these families gets in any more, none is told anything but that.
        Browser late{site};
        CHECK(late.post("/s/" + made.token).status == 410);
    });
}

TEST_CASE("many browsers press the button at the same moment") {
    on_each_site([](Site& site) {
        auto made = site.link({.password_hash = site.identity.passwords().hash_now("volcan"), .max_uses = 5});
        std::atomic<int> in = 0, out = 0;
        std::vector<std::thread> crowd;
        for (int thread = 0; thread < 20; ++thread)
            crowd.emplace_back([&, thread] {
                auto request = http::make_request(http::Method::Post, "/s/" + made.token, "password=volcan",
                                                  "application/x-www-form-urlencoded");
                request.peer = "192.0.2." + std::to_string(thread + 1);
                const auto status = http::deliver(site.routes, *site.gate, std::move(request)).status;
                if (status == 303) ++in;
                if (status == 410) ++out;
            });
        for (auto& thread : crowd) thread.join();
        CHECK(in == 5);
        CHECK(out == 15);
    });
}

TEST_CASE("without a limit browsers are counted as they come, robots are not, and a wrong password neither") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        const auto address = "/s/" + made.token;
        Browser mother{site}, robot{site};
        robot.agent = "WhatsApp/2.23";
        CHECK(robot.get(address).status == 303);
        CHECK(uses(site, made.link.id) == 0);
        CHECK(mother.get(address).status == 303);
        mother.restart();
        CHECK(mother.get(address).status == 303);
        CHECK(uses(site, made.link.id) == 1);
        auto used_at =
            site.db.read_now([&](db::Tx& tx) { return find_link(tx, site.world, made.link.id)->link.used_at; });
        CHECK(used_at == site.clock.now());

        auto locked = site.link({.password_hash = site.identity.passwords().hash_now("volcan"), .max_uses = 1});
        CHECK(Browser{site}.post("/s/" + locked.token, "password=wrong").status == 422);
        CHECK(uses(site, locked.link.id) == 0);
        CHECK(mother.post("/s/" + locked.token, "password=volcan").status == 303);
        CHECK(Browser{site}.post("/s/" + locked.token, "password=volcan").status ==
              410); // and is not asked for guesses
        CHECK(Browser{site}.get("/s/" + locked.token).status == 410);
    });
}

TEST_CASE("label, end, maximum and password can be changed afterwards, what it allows cannot") {
    on_each_site([](Site& site) {
        auto made = site.link({.label = "6e B"});
        const auto id = made.link.id;
        CHECK(change(site, site.colleague, id, {.label = "x"}).error().key == "link.unknown");
        auto changed =
            change(site, site.teacher, id, {.label = "Familles", .until = site.clock.now() + 1_h, .max_uses = 9});
        REQUIRE(changed);
        CHECK(changed->label == "Familles");
        CHECK(changed->role == Role::View);
        struct Row {
            LinkChange change;
            const char* problem;
        };
        const std::vector<Row> table{{{.label = std::string(101, 'x')}, "text_too_long"},
                                     {{.until = site.clock.now()}, "link.until_past"},
                                     {{.max_uses = 0}, "link.max_uses_impossible"},
                                     {{.max_uses = -5}, "link.max_uses_impossible"},
                                     {{.max_uses = 100'001}, "link.max_uses_impossible"}};
        for (const auto& row : table) CHECK(change(site, site.teacher, id, row.change).error().key == row.problem);
        Browser mother{site};
        CHECK(mother.post("/s/" + made.token).status == 303);
        site.clock.advance(1_h); // the end that was set holds for who is inside, too
        CHECK(mother.get("/link").status == 401);
        CHECK(mother.get("/s/" + made.token).status == 410);
        CHECK(change(site, site.teacher, id, {.label = "Fini", .until = site.clock.now()})); // as it is: only the label
        CHECK(change(site, site.teacher, id, {}));
        CHECK(mother.get("/s/" + made.token).status == 303);
        CHECK(change(site, site.teacher, id, {.password_hash = site.identity.passwords().hash_now("volcan")}));
        CHECK(Browser{site}.get("/s/" + made.token).status == 200);
        CHECK(change(site, site.teacher, id, {.label = "b"})->has_password);
        CHECK_FALSE(change(site, site.teacher, id, {.password_hash = ""})->has_password);
        CHECK(Browser{site}.get("/s/" + made.token).status == 303);
    });
}

TEST_CASE("a link that was withdrawn by mistake works again, within ten minutes") {
    on_each_site([](Site& site) {
        auto made = site.link({.role = Role::Edit, .until = site.clock.now() + 1_days});
        auto as = [&](PersonId who, auto act) {
            return site.db.write_now([&](db::Tx& tx) { return act(tx, *identity::find_viewer(tx, who)); });
        };
        auto revoke = [&](db::Tx& tx, const Viewer& who) { return revoke_link(tx, site.world, who, made.link.id); };
        auto restore = [&](db::Tx& tx, const Viewer& who) { return restore_link(tx, site.world, who, made.link.id); };
        Browser mother{site};
        CHECK(mother.get("/s/" + made.token).status == 303);
        CHECK(as(site.teacher, revoke));
        CHECK(mother.get("/link").status == 401);
        CHECK(change(site, site.teacher, made.link.id, {}).error().key == "link.revoked");
        CHECK(as(site.colleague, restore).error().key == "link.unknown");
        CHECK(as(site.teacher, restore));
        CHECK(as(site.teacher, restore)); // pressed twice
        CHECK(mother.get("/link").status == 200);
        CHECK(site.db.read_now([&](db::Tx& tx) {
            Viewer holder;
            add_passes(holder, valid_links(tx, {made.link.id}, site.clock.now()));
            return can(tx, holder, Action::Edit, site.folder, site.clock.now());
        }));
        CHECK(as(site.teacher, revoke));
        site.clock.advance(10_min);
        CHECK(as(site.teacher, restore).error().key == "link.restore_late");
        CHECK(mother.get("/s/" + made.token).status == 410);
    });
}

TEST_CASE("the page and the API change links and bring them back") {
    on_each_site([](Site& site) {
        auto made = site.link({.label = "6e B"});
        const auto id = to_text(made.link.id);
        const auto page = "/share/" + to_text(site.folder);
        auto camille = site.cookie(site.teacher);
        auto changed = site.post(
            page + "/link", "link=" + id + "&label=Familles&until=date&until_day=2026-12-18&max_uses=3&password=volcan",
            camille);
        CHECK(changed.status == 303);
        auto shown = site.get(page, camille).body;
        CHECK(shown.contains("Familles"));
        CHECK(shown.contains("3 au plus"));
        CHECK(shown.contains("avec mot de passe"));
        for (auto form : {"label=x&max_uses=many", "label=x&max_uses=0", "label=x&password=abc",
                          "label=x&until=date&until_day=x"}) {
            auto refused = site.post(page + "/link", "link=" + id + "&" + form, camille);
            CHECK_MESSAGE(refused.status == 422, form);
            CHECK_MESSAGE(refused.body.contains("role=\"alert\""), form);
        }
        CHECK(site.post(page + "/link", "link=" + id + "&label=x", site.cookie(site.colleague)).status == 404);
        auto patch = [&](std::string body, std::string who) {
            return site.send(http::Method::Patch, "/api/sharing/links/" + id, std::move(body), std::move(who),
                             "application/json");
        };
        auto answer = json::parse(patch(R"({"password":null,"max_uses":null})", camille).body);
        REQUIRE(answer.has_value());
        CHECK((*answer)["has_password"].boolean() == false);
        CHECK((*answer)["label"].text() == "Familles"); // left out: stays
        CHECK_FALSE((*answer)["max_uses"].present());
        CHECK((*answer)["until"].present());
        CHECK(patch(R"({"password":"abc"})", camille).status == 422);
        CHECK(patch(R"({"max_uses":0})", camille).status == 422);
        CHECK(patch(R"({"label":"x"})", site.cookie(site.colleague)).status == 404);
        CHECK(patch(R"({"password":"abcd"})", site.cookie(site.colleague)).status == 404);
        CHECK(patch(R"({"label":"x"})", {}).status == 401);
        CHECK(patch("[", camille).status == 400);

        auto revoked = site.post(page + "/revoke", "link=" + id, camille);
        CHECK(site.get(std::string{revoked.headers.find("location")}, camille).body.contains("/restore"));
        CHECK(site.get("/s/" + made.token).status == 410);
        CHECK(site.post(page + "/restore", "link=" + id, camille).status == 303);
        CHECK(site.get("/s/" + made.token).status == 303);
        CHECK(site.send(http::Method::Delete, "/api/sharing/links/" + id, {}, camille).status == 204);
        CHECK(site.send(http::Method::Post, "/api/sharing/links/" + id + "/restore", {}, site.cookie(site.colleague))
                  .status == 404);
        CHECK(site.send(http::Method::Post, "/api/sharing/links/" + id + "/restore", {}, camille).status == 204);
        CHECK(site.get("/s/" + made.token).status == 303);
        site.clock.advance(11_min);
        CHECK(site.send(http::Method::Delete, "/api/sharing/links/" + id, {}, camille).status == 204);
        site.clock.advance(11_min);
        CHECK(site.send(http::Method::Post, "/api/sharing/links/" + id + "/restore", {}, camille).status == 409);
        CHECK(site.post(page + "/restore", "link=" + id, camille).status == 409);
    });
}

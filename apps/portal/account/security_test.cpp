// The second factor as people meet it: set up, asked for, lost, reset; and what is asked again before sensitive acts.
#include "portal/portal_fixture.hpp"
#include "portal/signin/reset.hpp"

#include "base/text.hpp"
#include "identity/second_factor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

namespace preau::portal::testing {
namespace {

// Debian's oathtool as the person's application.
std::string oathtool(std::string key, Millis now) {
    std::erase(key, ' ');
    auto command = "oathtool --totp --base32 --now '@" + std::to_string(now / 1000) + "' " + key;
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), &pclose};
    REQUIRE(pipe);
    std::array<char, 64> line{};
    REQUIRE(std::fgets(line.data(), line.size(), pipe.get()) != nullptr);
    return std::string{line.data(), 6};
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
    auto start = text.find(before);
    REQUIRE(start != text.npos);
    start += before.size();
    return std::string{text.substr(start, text.find(after, start) - start)};
}

std::vector<std::string> codes_in(std::string_view page) {
    std::vector<std::string> codes;
    for (auto at = page.find("<code>"); at != page.npos; at = page.find("<code>", at + 1))
        codes.push_back(std::string{page.substr(at + 6, page.find("</code>", at) - at - 6)});
    return codes;
}

struct SetUp {
    std::string key;
    std::vector<std::string> codes;
};

// Through the pages, as a person does it.
SetUp set_up_totp(TestPortal& school, Visitor& browser) {
    CHECK(location(browser.post("/account/totp/begin")) == "/account/totp");
    auto page = browser.get("/account/totp");
    REQUIRE(page.status == 200);
    CHECK(page.body.contains("<svg"));
    SetUp made{.key = between(page.body, "<code class=\"key\">", "</code>")};
    auto answer = browser.post("/account/totp", {{"code", oathtool(made.key, school.clock.now())}});
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    made.codes = codes_in(answer.body);
    REQUIRE(made.codes.size() == 10);
    school.clock.advance(1_min);
    return made;
}

Fields signing_in(std::string to = "/") {
    return {{"login", "camille"}, {"password", std::string{password}}, {"to", to}};
}

// The mark of use is written beside the request, and left out while the one before it is being put away: used again
// until it is there, so that the session does not end of idleness.
void use_after_seven_hours(TestPortal& school, Visitor& browser) {
    school.clock.advance(7_h);
    const auto moment = school.clock.now();
    for (int i = 0; i < 3000; ++i) {
        REQUIRE(browser.get("/account").status == 200);
        if (school.sessions(school.teacher).front().seen_at >= moment) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
        school.clock.advance(1_s);
    }
    FAIL("the session was not marked as used");
}

identity::Factors factors(TestPortal& school) {
    return school.db.read_now([&](db::Tx& tx) { return identity::factors_of(tx, school.teacher); });
}

} // namespace

TEST_CASE("an application is set up, and from then on the password alone opens nothing") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto made = set_up_totp(school, browser);
        CHECK(browser.get("/account/security").body.contains("10 codes de secours restent"));

        auto other = school.browser();
        auto first = other.post("/signin", signing_in("/files/6k2"));
        CHECK(location(first) == "/signin/second?to=%2Ffiles%2F6k2");
        CHECK(other.get("/account").status == 303); // still a stranger
        auto page = other.get("/signin/second?to=/files/6k2");
        CHECK(page.body.contains("autocomplete=\"one-time-code\""));
        auto wrong = other.post("/signin/second", {{"code", "000000"}, {"to", "/files/6k2"}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("role=\"alert\""));
        CHECK(other.get("/account").status == 303);
        auto code = oathtool(made.key, school.clock.now());
        auto right = other.post("/signin/second", {{"code", code}, {"to", "/files/6k2"}});
        CHECK(location(right) == "/files/6k2");
        CHECK(other.get("/account").status == 200);

        auto third = school.browser(); // the same code, a moment later, seen over the shoulder
        third.post("/signin", signing_in());
        CHECK(third.post("/signin/second", {{"code", code}, {"to", "/"}}).status == 422);
        school.clock.advance(30_s);
        CHECK(location(third.post("/signin/second", {{"code", oathtool(made.key, school.clock.now())},
                                                     {"to", "//evil.example"}})) == "/");
    });
}

TEST_CASE("between the steps nobody is anybody, and the way ends after ten minutes") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto made = set_up_totp(school, browser);
        auto stranger = school.browser();
        CHECK(location(stranger.get("/signin/second")) == "/signin?to=%2F");
        CHECK(location(stranger.post("/signin/second", {{"code", made.codes[0]}})) == "/signin?to=%2F");

        auto slow = school.browser();
        slow.post("/signin", signing_in());
        auto forged = slow;
        for (auto& [name, value] : forged.cookies)
            if (name.contains("second")) value.replace(0, value.find('.'), to_text(school.stranger));
        CHECK(location(forged.get("/signin/second")) == "/signin?to=%2F");
        CHECK(slow.get("/signin/second").status == 200);
        school.clock.advance(10_min);
        CHECK(location(slow.get("/signin/second")) == "/signin?to=%2F");
        CHECK(location(slow.post("/signin/second", {{"code", oathtool(made.key, school.clock.now())}})) ==
              "/signin?to=%2F");
    });
}

TEST_CASE("a wrong code stands in the journal as a refused sign-in, until the door stays shut") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        set_up_totp(school, browser);
        auto refusals = [&] {
            auto events = school.db.read_now([](db::Tx& tx) { return jobs::events_of(tx, 0, 0, 1000); });
            return std::ranges::count(events, "session.refused", &jobs::Event::kind);
        };
        auto other = school.browser();
        other.post("/signin", signing_in());
        CHECK(refusals() == 0);
        CHECK(other.post("/signin/second", {{"code", "000000"}}).status == 422);
        CHECK(refusals() == 1);
        CHECK(school.browser().post("/signin/recovery", {{"login", "camille"}, {"code", "k2m7pq"}}).status == 401);
        CHECK(refusals() == 2);
        int status = 0;
        for (int i = 0; i < 100 && status != 429; ++i)
            status = other.post("/signin/second", {{"code", "000000"}}).status;
        CHECK(status == 429);
        const auto written = refusals();
        CHECK(other.post("/signin/second", {{"code", "000000"}}).status == 429);
        CHECK(refusals() == written); // who floods the door does not fill the journal
    });
}

TEST_CASE("a lost phone: a recovery code opens once and says what to do") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto made = set_up_totp(school, browser);
        auto other = school.browser();
        other.post("/signin", signing_in());
        CHECK(location(other.post("/signin/second", {{"code", made.codes[3]}})) == "/account/security?why=recovered");
        CHECK(other.get("/account/security?why=recovered").body.contains("Supprimez ce que vous avez perdu"));
        CHECK(factors(school).recovery_codes == 9);
        auto again = school.browser();
        again.post("/signin", signing_in());
        CHECK(again.post("/signin/second", {{"code", made.codes[3]}}).status == 422);

        auto page = other.post("/account/recovery-codes"); // a new set voids the old
        auto fresh = codes_in(page.body);
        CHECK(fresh.size() == 10);
        CHECK(page.headers.find("cache-control") == "private, no-store");
        CHECK(again.post("/signin/second", {{"code", made.codes[4]}}).status == 422);
        CHECK(again.post("/signin/second", {{"code", fresh[4]}}).status == 303);
    });
}

TEST_CASE("a one-time link is no way around the second factor") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto made = set_up_totp(school, browser);
        auto token = school.db.write_now([&](db::Tx& tx) {
            return identity::make_one_time_link(tx, school.ids, school.random, school.teacher, school.clock.now());
        });
        auto other = school.browser();
        CHECK(location(other.post("/signin/once/" + token)) == "/signin/second?to=%2F");
        CHECK(other.get("/account").status == 303);
        CHECK(other.post("/signin/second", {{"code", oathtool(made.key, school.clock.now())}}).status == 303);
        CHECK(other.get("/account").status == 200);
    });
}

TEST_CASE("a lost key and a lost phone on the same day: an administrator starts, the person finishes") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        set_up_totp(school, browser);
        Reset reset{school.world, school.pages, school.mail, "http://localhost:8080"};
        auto to = school.db.write_now([&](db::Tx& tx) { return start_reset(tx, reset, Viewer{}, school.teacher); });
        REQUIRE(to);
        CHECK(*to == "camille@ecole.test");
        CHECK(factors(school).second()); // nothing has happened yet
        auto letters = school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); });
        REQUIRE(letters.size() == 1);
        CHECK(letters[0].recipient == "camille@ecole.test");
        auto body = school.db.read_now([&](db::Tx& tx) { return mail::find_body(tx, letters[0].id); });
        REQUIRE(body);
        auto path = "/signin/once/" + between(body->body_text, "/signin/once/", "\n");

        auto other = school.browser();
        CHECK(other.get(path).body.contains("Retirer le deuxième facteur"));
        CHECK(factors(school).second()); // looking changes nothing
        CHECK(location(other.post(path)) == "/signin?done=reset"); // a mail is no factor: the password comes next
        CHECK(other.get("/account").status == 303);
        CHECK_FALSE(factors(school).second());
        CHECK(factors(school).recovery_codes == 0);
        CHECK(browser.get("/account").status == 303); // every session ended
        CHECK(other.get("/signin?done=reset").body.contains("Le deuxième facteur est retiré"));
        CHECK(location(other.post("/signin", signing_in())) == "/");
        CHECK(other.post(path).status == 410);

        letters = school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); });
        CHECK(letters.size() == 2); // told that it was done
        auto events = school.db.read_now([](db::Tx& tx) { return jobs::events_of(tx, 0, 0, 100); });
        CHECK(std::ranges::count(events, "person.reset_started", &jobs::Event::kind) == 1);
        CHECK(std::ranges::count(events, "person.reset_done", &jobs::Event::kind) == 1);
    });
}

TEST_CASE("a reset needs an address to go to") {
    on_each_portal([](TestPortal& school) {
        auto person = school.db.write_now([&](db::Tx& tx) {
            return identity::create_person(tx, school.ids, school.clock.now(), {.login = "lea", .name = "Léa Petit"})
                ->id;
        });
        Reset reset{school.world, school.pages, school.mail, "http://localhost:8080"};
        auto to = school.db.write_now([&](db::Tx& tx) { return start_reset(tx, reset, Viewer{}, person); });
        REQUIRE_FALSE(to);
        CHECK(to.error().key == "portal.reset_no_mail");
        CHECK(school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); }).empty());
    });
}

TEST_CASE("sensitive acts ask again after a quarter of an hour") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        CHECK(location(browser.post("/account/totp/begin")) == "/account/totp");
        school.clock.advance(16_min);
        const std::string from_security = "/account/proof?to=%2Faccount%2Fsecurity";
        for (std::string act : {"/account/totp/begin", "/account/totp/remove", "/account/recovery-codes",
                                "/account/password/remove", "/account/passkeys/6k2/remove"}) {
            CAPTURE(act);
            CHECK(location(browser.post(act)) == from_security);
        }
        CHECK(location(browser.get("/account/totp")) == "/account/proof?to=%2Faccount%2Ftotp");
        CHECK(location(browser.post("/account/app-passwords", {{"label", "rclone"}})) ==
              "/account/proof?to=%2Faccount%2Fdevices");
        CHECK(school.db.read_now([&](db::Tx& tx) { return identity::app_passwords_of(tx, school.teacher); }).empty());

        CHECK(browser.get("/account/proof?to=/account/security").status == 200);
        auto wrong = browser.post("/account/proof", {{"password", "not this one"}, {"to", "/account/security"}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("id=\"password-problem\""));
        CHECK(location(browser.post("/account/totp/begin")) == from_security);
        CHECK(location(browser.post("/account/proof",
                                    {{"password", std::string{password}}, {"to", "//evil.example"}})) == "/");
        CHECK(location(browser.post("/account/totp/begin")) == "/account/totp");
    });
}

TEST_CASE("who has a second factor shows it again when it is half a day old") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        auto made = set_up_totp(school, browser);
        use_after_seven_hours(school, browser); // a session that is in use all day
        use_after_seven_hours(school, browser);
        auto page = browser.get("/account/proof?to=/account/security");
        CHECK(page.body.contains("name=\"code\""));
        Fields form{{"password", std::string{password}}, {"to", "/account/security"}};
        auto without = browser.post("/account/proof", form);
        CHECK(without.status == 422);
        CHECK(without.body.contains("id=\"code-problem\""));
        CHECK(location(browser.post("/account/totp/remove")).starts_with("/account/proof"));
        form.emplace_back("code", oathtool(made.key, school.clock.now()));
        CHECK(location(browser.post("/account/proof", form)) == "/account/security");
        CHECK(location(browser.post("/account/totp/remove")) == "/account/security?done=removed");
        CHECK_FALSE(factors(school).second());
    });
}

TEST_CASE("an administrator without second factor is led to set one up, and then goes on") {
    on_each_portal([](TestPortal& school) {
        auto hash = school.identity.passwords().hash_now(std::string{password});
        school.db.write_now([&](db::Tx& tx) {
            return identity::create_person(tx, school.ids, school.clock.now(),
                                           {.login = "chef", .name = "Ada Min", .password_hash = hash, .admin = true});
        });
        auto browser = school.browser();
        auto in = browser.post("/signin", {{"login", "chef"}, {"password", std::string{password}}, {"to", "/admin"}});
        CHECK(location(in) == "/account/security?why=admin&to=%2Fadmin");
        CHECK(browser.get("/account/security?why=admin").body.contains("Les administrateurs montrent"));
        CHECK(location(browser.get("/admin/mail")) == "/account/security?why=admin&to=%2Fadmin%2Fmail");
        CHECK(browser.post("/admin/mail/trial").status == 403);
        set_up_totp(school, browser);
        CHECK(browser.get("/account/security?why=admin&to=/admin")
                  .body.contains("class=\"button main\" href=\"/admin\""));
        CHECK(browser.get("/admin").status == 200);
    });
}

TEST_CASE("a forgotten password leads to the second step and not around it") {
    on_each_portal([](TestPortal& school) {
        auto owner = school.as(school.teacher);
        auto made = set_up_totp(school, owner);
        school.clock.advance(1_h);
        auto thief = school.browser(); // who reads the mail, and has no application
        thief.post("/forgotten", {{"mail", "camille@ecole.test"}});
        auto chosen = thief.post(link_in_last_letter(school), {{"password", "cinq-loups-verts-nagent"}});
        CHECK(chosen.status == 303);
        CHECK(location(chosen).starts_with("/signin/second"));
        CHECK(thief.get("/account").status != 200);
        CHECK(school.sessions(school.teacher).empty()); // the owner's are over as well
        CHECK(thief.post("/signin/second", {{"code", "000000"}}).status != 303);
        CHECK(school.sessions(school.teacher).empty());
        auto code = oathtool(made.key, school.clock.now());
        CHECK(thief.post("/signin/second", {{"code", code}}).status == 303); // it was the owner, after all
        CHECK(thief.get("/account").status == 200);
    });
}

TEST_CASE("recovery codes are for who has a second factor") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        CHECK(browser.post("/account/recovery-codes").status == 409);
        CHECK(factors(school).recovery_codes == 0);
    });
}

TEST_CASE("app passwords are shown once, listed, revoked by their owner alone") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        CHECK(browser.post("/account/app-passwords", {{"label", " "}}).status == 422);
        auto made = browser.post("/account/app-passwords", {{"label", "Nextcloud <téléphone>"}});
        REQUIRE(made.status == 200);
        auto secret = between(made.body, "<code class=\"key\">", "</code>");
        auto opens = [&] {
            return sync_wait(school.identity.viewer_of_app_password("camille", secret, "192.0.2.7")).has_value();
        };
        CHECK(opens());
        auto page = browser.get("/account/devices").body;
        CHECK_FALSE(page.contains(secret));
        CHECK(page.contains("Nextcloud &lt;téléphone&gt;"));
        auto revoke = "/account/app-passwords/" + between(page, "/account/app-passwords/", "/revoke") + "/revoke";
        auto other = school.as(school.stranger);
        CHECK(other.post(revoke).status == 404);
        CHECK(opens());
        CHECK(browser.post(revoke).status == 303);
        CHECK_FALSE(opens());
        CHECK(browser.post(revoke).status == 404);
    });
}

} // namespace preau::portal::testing

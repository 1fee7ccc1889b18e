// Passkeys through the addresses that browsers use, with a device that lies on request. Chromium's own device is asked
// in tests/system/browser_account_test.mjs.
#include "portal/portal_fixture.hpp"
#include "webauthn_testing/authenticator.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/passkeys.hpp"
#include "identity/second_factor.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

using preau::testing::Authenticator;

http::TestAnswer post_json(Visitor& visitor, std::string target, std::string body = "{}") {
    auto request = http::make_request(http::Method::Post, std::move(target), std::move(body), "application/json");
    request.headers.set("Accept", "application/json");
    return visitor.send(std::move(request));
}

std::string challenge_of(const http::TestAnswer& options) {
    REQUIRE_MESSAGE(options.status == 200, options.body);
    return json::parse(options.body).value()["challenge"].text().value();
}

http::TestAnswer add(Visitor& browser, const Authenticator& device, std::string label = "Téléphone") {
    auto challenge = challenge_of(post_json(browser, "/account/passkeys/options"));
    return post_json(browser, "/account/passkeys", device.registration_json(challenge, label));
}

http::TestAnswer sign_in(Visitor& browser, Authenticator& device, std::string to = "/files") {
    auto challenge = challenge_of(post_json(browser, "/signin/passkey/options"));
    return post_json(browser, "/signin/passkey?to=" + percent_encode(to), device.assertion_json(challenge));
}

bool refused_as(const http::TestAnswer& answer, std::string_view key) {
    return answer.status >= 400 && answer.body.contains("\"" + std::string{key} + "\"");
}

std::string handle_of(TestPortal& school, PersonId person) { return identity::user_handle(school.identity, person); }

struct Ready { // the teacher with one passkey, and a browser where nobody is signed in
    explicit Ready(TestPortal& the_school)
        : school{the_school}, home{school.as(school.teacher)}, away{school.browser()} {
        device.user_handle = handle_of(school, school.teacher);
        auto added = add(home, device);
        REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    TestPortal& school;
    Authenticator device;
    Visitor home, away;
};

} // namespace

TEST_CASE("a passkey signs in without name or password, and counts as both factors") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        auto answer = sign_in(ready.away, ready.device);
        CHECK(answer.status == 200);
        CHECK(answer.body == R"({"to":"/files"})");
        CHECK(ready.away.get("/account").body.contains("Camille Bernard"));
        auto session = school.sessions(school.teacher).front().id;
        CHECK(identity::second_shown(school.db.read_now([&](db::Tx& tx) { return identity::proof_of(tx, session); }),
                                     school.clock.now()));
        CHECK(sign_in(ready.away, ready.device, "https://evil.example").body == R"({"to":"/"})");
        auto page = ready.home.get("/account/security").body;
        CHECK(page.contains("Téléphone"));
        CHECK(page.contains("dernière utilisation"));
    });
}

TEST_CASE("the first passkey brings the codes for the day it is lost; the second does not void them") {
    on_each_portal([](TestPortal& school) {
        auto browser = school.as(school.teacher);
        Authenticator first, second;
        CHECK(add(browser, first).body == R"({"to":"/account/recovery-codes"})");
        CHECK(browser.post("/account/recovery-codes").body.contains("<ol class=\"codes\">"));
        CHECK(add(browser, second).body == R"({"to":"/account/security?done=passkey"})");
        CHECK(refused_as(add(browser, second), "identity.passkey_known"));
    });
}

TEST_CASE("wrong origin, unverified person, another ceremony, another's handle: refused, and nobody is signed in") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        auto& device = ready.device;
        const auto before = school.sessions(school.teacher).size();
        auto lie = [&](auto& what, auto value, std::string_view key) {
            auto truth = std::exchange(what, value);
            CHECK(refused_as(sign_in(ready.away, device), key));
            what = truth;
        };
        lie(device.origin, "http://localhost:8081", "identity.passkey_origin");
        lie(device.origin, "https://preau.evil.example", "identity.passkey_origin");
        lie(device.rp, "evil.example", "identity.passkey_refused");
        lie(device.verified, false, "identity.passkey_unverified");
        lie(device.present, false, "identity.passkey_unverified");
        lie(device.cross_origin, true, "identity.passkey_origin");
        lie(device.type_get, "webauthn.create", "identity.passkey_refused");
        lie(device.user_handle, handle_of(school, school.stranger), "identity.passkey_refused");
        lie(device.credential, "unknown", "identity.passkey_unknown");
        CHECK(refused_as(post_json(ready.away, "/signin/passkey", "not json"), "identity.passkey_malformed"));
        CHECK(refused_as(post_json(ready.away, "/signin/passkey", R"({"id":"*"})"), "identity.passkey_malformed"));
        CHECK(ready.away.get("/account").status == 303);
        CHECK(school.sessions(school.teacher).size() == before);
        CHECK(sign_in(ready.away, device).status == 200);
    });
}

TEST_CASE("a challenge is good once, in the browser it was made for, for five minutes, and for signing in alone") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        auto& device = ready.device;
        device.counts = false;
        device.sign_count = 0;
        auto challenge = challenge_of(post_json(ready.away, "/signin/passkey/options"));
        auto body = device.assertion_json(challenge);
        auto copy = ready.away;
        auto thief = school.browser();
        CHECK(refused_as(post_json(thief, "/signin/passkey", body), "identity.passkey_challenge")); // another browser
        post_json(thief, "/signin/passkey/options"); // with a mark of its own
        CHECK(refused_as(post_json(thief, "/signin/passkey", body), "identity.passkey_challenge"));
        CHECK(post_json(ready.away, "/signin/passkey", body).status == 200);
        CHECK(refused_as(post_json(copy, "/signin/passkey", body), "identity.passkey_challenge")); // replayed
        CHECK(copy.get("/account").status == 303);

        auto late = challenge_of(post_json(copy, "/signin/passkey/options"));
        school.clock.advance(5_min);
        CHECK(
            refused_as(post_json(copy, "/signin/passkey", device.assertion_json(late)), "identity.passkey_challenge"));
        CHECK(refused_as(post_json(copy, "/signin/passkey", device.assertion_json(base64url(std::string(56, 'x')))),
                         "identity.passkey_challenge"));

        // What was made for registering opens no session, and the reverse.
        auto other = challenge_of(post_json(ready.home, "/account/passkeys/options"));
        CHECK(refused_as(post_json(ready.home, "/signin/passkey", device.assertion_json(other)),
                         "identity.passkey_challenge"));
        Authenticator fresh;
        auto mine = challenge_of(post_json(ready.home, "/signin/passkey/options"));
        CHECK(refused_as(post_json(ready.home, "/account/passkeys", fresh.registration_json(mine, "x")),
                         "identity.passkey_challenge"));
    });
}

TEST_CASE("a removed passkey opens nothing, nor does a copied one") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        CHECK(sign_in(ready.away, ready.device).status == 200);
        ready.device.sign_count = 0; // as if it had been copied before
        auto copy = school.browser();
        CHECK(refused_as(sign_in(copy, ready.device), "identity.passkey_refused"));
        CHECK(copy.get("/account").status == 303);

        auto passkeys = school.db.read_now([&](db::Tx& tx) { return identity::passkeys_of(tx, school.teacher); });
        auto remove = "/account/passkeys/" + to_text(passkeys[0].id) + "/remove";
        auto stranger = school.as(school.stranger);
        CHECK(stranger.post(remove).status == 404);
        CHECK(location(ready.home.post(remove)) == "/account/security?done=removed");
        ready.device.sign_count = 50;
        CHECK(refused_as(sign_in(copy, ready.device), "identity.passkey_unknown"));
        CHECK(location(copy.post("/signin", {{"login", "camille"}, {"password", std::string{password}}})) == "/");
    });
}

TEST_CASE("after the password a passkey is the second step, also one that no device finds by itself") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        auto& away = ready.away;
        CHECK(location(away.post("/signin", {{"login", "camille"}, {"password", std::string{password}}})) ==
              "/signin/second?to=%2F");
        auto page = away.get("/signin/second").body;
        CHECK(page.contains("<passkey-signin"));
        CHECK_FALSE(page.contains("autocomplete=\"one-time-code\""));
        auto options = post_json(away, "/signin/passkey/options");
        CHECK(options.body.contains(base64url(ready.device.credential)));
        auto stranger = school.browser(); // who has shown nothing learns of no key
        CHECK_FALSE(post_json(stranger, "/signin/passkey/options").body.contains(base64url(ready.device.credential)));
        CHECK(sign_in(away, ready.device).status == 200);
        CHECK(away.get("/account").status == 200);
    });
}

TEST_CASE("a passkey proves again who sits there, and only that person's does") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        school.clock.advance(16_min);
        CHECK(location(ready.home.post("/account/totp/begin")).starts_with("/account/proof"));
        CHECK(refused_as(post_json(ready.home, "/account/passkeys/options"), "portal.proof_needed"));
        auto prove = [&](Visitor& browser, Authenticator& device) {
            auto challenge = challenge_of(post_json(browser, "/account/proof/passkey/options"));
            return post_json(browser, "/account/proof/passkey?to=%2Faccount%2Fsecurity",
                             device.assertion_json(challenge));
        };
        auto stranger = school.as(school.stranger);
        CHECK(refused_as(prove(stranger, ready.device), "identity.passkey_refused"));
        CHECK(prove(ready.home, ready.device).body == R"({"to":"/account/security"})");
        CHECK(location(ready.home.post("/account/totp/begin")) == "/account/totp");
        auto nobody = school.browser();
        CHECK(post_json(nobody, "/account/proof/passkey/options").status == 401);
    });
}

TEST_CASE("a password goes only when two ways back are there, and the last key stays then") {
    on_each_portal([](TestPortal& school) {
        Ready ready{school};
        auto remove = [&] { return ready.home.post("/account/password/remove"); };
        CHECK(remove().status == 409); // one key, no codes
        auto codes = ready.home.post("/account/recovery-codes").body;
        CHECK(remove().status == 409); // codes alone are one way
        Authenticator second;
        CHECK(add(ready.home, second, "Clé USB").status == 200);
        CHECK(location(remove()) == "/account/security?done=password-removed");
        CHECK(school.browser().post("/signin", {{"login", "camille"}, {"password", std::string{password}}}).status ==
              401);
        auto passkeys = school.db.read_now([&](db::Tx& tx) { return identity::passkeys_of(tx, school.teacher); });
        REQUIRE(passkeys.size() == 2);
        CHECK(ready.home.post("/account/passkeys/" + to_text(passkeys[0].id) + "/remove").status == 303);
        CHECK(ready.home.post("/account/passkeys/" + to_text(passkeys[1].id) + "/remove").status == 409);

        // Both keys lost: the paper opens, once.
        auto at = codes.find("<code>") + 6;
        auto code = codes.substr(at, codes.find("</code>", at) - at);
        auto other = school.browser();
        CHECK(other.post("/signin/recovery", {{"login", "camille"}, {"code", "k2m7pq-k2m7pq-k2m7pq-k2m7pq"}}).status ==
              401);
        CHECK(location(other.post("/signin/recovery", {{"login", "camille"}, {"code", code}})) ==
              "/account/security?why=recovered");
        CHECK(other.get("/account").status == 200);
        CHECK(school.browser().post("/signin/recovery", {{"login", "camille"}, {"code", code}}).status == 401);
        CHECK(other.post("/account/password", {{"chosen", "cinq-poissons-rouges-chantent"}}).status == 303);
    });
}

TEST_CASE("a program with an app password changes no account") {
    on_each_portal([](TestPortal& school) {
        auto secret = school.db.write_now([&](db::Tx& tx) {
            return identity::make_app_password(tx, school.ids, school.random, school.teacher, "rclone",
                                               school.clock.now());
        });
        auto pair = base64url("camille:" + secret); // the gate reads the URL's alphabet too
        for (std::string target :
             {"/account/passkeys/options", "/account/totp/begin", "/account/recovery-codes", "/account/app-passwords",
              "/account/password", "/account/password/remove", "/account/proof", "/account/name"}) {
            CAPTURE(target);
            auto request = http::make_request(http::Method::Post, target, "", "application/x-www-form-urlencoded");
            request.headers.set("Authorization", "Basic " + pair);
            auto program = school.browser();
            CHECK(program.send(std::move(request)).status == 403);
        }
    });
}

} // namespace preau::portal::testing

#include "base/text.hpp"
#include "credentials.hpp"
#include "origin_check.hpp"
#include "site_fixture.hpp"

#include "identity/administration.hpp"
#include "identity/passkeys.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

http::Request plain(http::Method method, std::string target) { return http::make_request(method, std::move(target)); }

std::string basic(const std::string& login, const std::string& secret) {
    // RFC 4648 §4 by way of the URL alphabet, which the gate reads as well.
    return "Basic " + base64url(login + ':' + secret);
}

} // namespace

TEST_CASE("where a request comes from decides whether it may change something") {
    struct Row {
        const char* site;
        const char* origin;
        bool cookie;
        bool secure;
        const char* problem;
    };
    constexpr Row table[] = {
        {"same-origin", "http://localhost:8080", true, false, ""},
        {"same-origin", "", true, false, ""},
        {"none", "", true, false, ""}, // typed into the address bar
        {"", "http://localhost:8080", true, false, ""},
        {"", "HTTP://LOCALHOST:8080", true, false, ""},
        {"", "https://localhost:8080", true, true, ""},
        {"", "https://preau.test", true, false, ""}, // the public address, behind a proxy that ends TLS
        {"", "", false, false, ""},                  // curl
        {"", "", true, false, "sharing.origin_unknown"},
        {"same-site", "http://content.localhost:8080", true, false, "sharing.other_site"},
        {"same-site", "", true, false, "sharing.other_site"},
        {"cross-site", "https://evil.test", true, false, "sharing.other_site"},
        {"cross-site", "", false, false, "sharing.other_site"}, // signs somebody in as somebody else
        {"same-origin", "https://evil.test", true, false, "sharing.other_site"},
        {"Same-Origin", "", true, false, "sharing.other_site"},
        {"", "null", true, false, "sharing.other_site"},
        {"", "http://localhost:8080.evil.test", true, false, "sharing.other_site"},
        {"", "http://localhost", true, false, "sharing.other_site"},
        {"", "http://localhost:8081", true, false, "sharing.other_site"},
        {"", "http://localhost:8080/", true, false, "sharing.other_site"},
        {"", "https://localhost:8080", true, false, "sharing.other_site"},
        {"", "http://localhost:8080, https://evil.test", true, false, "sharing.other_site"},
        {"", "file://", true, false, "sharing.other_site"},
    };
    for (const auto& row : table) {
        CAPTURE(row.site);
        CAPTURE(row.origin);
        http::Request request;
        request.host = "localhost:8080";
        request.secure = row.secure;
        if (*row.site) request.headers.set("Sec-Fetch-Site", row.site);
        if (*row.origin) request.headers.set("Origin", row.origin);
        auto problem = origin_problem(request, "https://preau.test", row.cookie);
        CHECK((problem ? problem->key : "") == row.problem);
    }
}

TEST_CASE("credentials are read strictly, other schemes are not ours") {
    CHECK_FALSE(read_credentials("")->has_value());
    CHECK_FALSE(read_credentials("Digest username=x")->has_value());
    CHECK(read_credentials("Basic dGVhY2hlcjphOmI=")->value().login == "teacher");
    CHECK(read_credentials("bAsIc  dGVhY2hlcjphOmI=")->value().secret == "a:b");
    CHECK(read_credentials("Bearer dGVhY2hlcjphOmI")->value().secret == "a:b");
    const std::vector<std::string> broken{"Basic",
                                          "Basic ",
                                          "Basic ***",
                                          "Basic bm9jb2xvbg==",
                                          "Basic OnNlY3JldA==",
                                          "Basic /////w==",
                                          "Basic " + std::string(2000, 'A')};
    for (const auto& text : broken) CHECK_FALSE(read_credentials(text).has_value());
}

TEST_CASE("each access level lets in whom it names, and tells the others what to do") {
    on_each_site([](Site& site) {
        auto admin = site.cookie(site.person("admin", "Ada Min", true), Site::Second::Shown);
        auto member = site.cookie(site.teacher);
        auto holder = Site::kept(site.get("/s/" + site.link({}).token));
        struct Row {
            const char* path;
            int stranger, holder, member, admin;
        };
        constexpr Row table[] = {{"/guest", 200, 200, 200, 200},      {"/link", 401, 200, 200, 200},
                                 {"/member", 303, 303, 200, 200},     {"/admin", 303, 303, 403, 200},
                                 {"/api/member", 401, 401, 200, 200}, {"/api/admin", 401, 401, 403, 200}};
        for (const auto& row : table) {
            CAPTURE(row.path);
            CHECK(site.get(row.path).status == row.stranger);
            CHECK(site.get(row.path, holder).status == row.holder);
            CHECK(site.get(row.path, member).status == row.member);
            CHECK(site.get(row.path, admin).status == row.admin);
        }
        CHECK(site.get("/member?page=2").headers.find("location") == "/signin?to=%2Fmember%3Fpage%3D2");
        CHECK(site.post("/member", "").status == 401); // a form cannot be repeated by a redirect
        CHECK(site.get("/guest", member).body == "person teacher");
        CHECK(site.get("/guest", holder).body == "link holder");
        CHECK(site.get("/guest", "__Host-preau=invented").body == "stranger");
        CHECK(site.get("/guest", holder + "; " + member).body == "person teacher");
    });
}

TEST_CASE("an administrator shows a second factor, within half a day, and no program does it for them") {
    on_each_site([](Site& site) {
        auto person = site.person("admin", "Ada Min", true);
        auto bare = site.cookie(person);
        auto first = site.get("/admin?page=2", bare);
        CHECK(first.status == 303);
        CHECK(first.headers.find("location") == "/account/security?why=admin&to=%2Fadmin%3Fpage%3D2"); // set one up
        CHECK(site.get("/api/admin", bare).status == 403);
        CHECK(site.get("/member", bare).status == 200); // everything else is as for anybody

        site.db.write_now([&](db::Tx& tx) {
            identity::add_passkey(tx, site.ids,
                                  {.person = person,
                                   .credential = {.credential = "c", .public_key = "k", .algorithm = -7},
                                   .label = "Clé"},
                                  site.clock.now());
        });
        CHECK(site.get("/admin", bare).headers.find("location") == "/account/proof?to=%2Fadmin"); // show it
        auto shown = site.cookie(person, Site::Second::Shown);
        CHECK(site.get("/admin", shown).status == 200);
        site.clock.advance(11_h);
        CHECK(site.get("/admin", shown).status == 200);
        site.clock.advance(1_h);
        CHECK(site.get("/admin", site.cookie(person)).status == 303);

        auto secret = site.db.write_now([&](db::Tx& tx) {
            return identity::make_app_password(tx, site.ids, site.random, person, "rclone", site.clock.now());
        });
        auto program = plain(http::Method::Get, "/api/admin");
        program.headers.set("Authorization", basic("admin", secret));
        auto refused = http::deliver(site.routes, *site.gate, std::move(program));
        CHECK(refused.status == 403);
        CHECK(refused.body.contains("sharing.second_factor_session"));
    });
}

TEST_CASE("who administers a part of the tree shows a second factor for all under /admin as well") {
    on_each_site([](Site& site) {
        for (const auto* pattern : {"/admin/part", "/api/admin/part"})
            site.routes.get(pattern, {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
                            [](http::Request&) -> Task<http::Response> { co_return http::text_response(200, "part"); });
        auto bare = site.cookie(site.teacher);
        CHECK(site.get("/admin/part", bare).status == 200); // nothing to protect: the page says no by itself
        site.db.write_now([&](db::Tx& tx) {
            return identity::give_delegation(tx, site.ids, {.person = site.colleague, .everything = true},
                                             {.person = site.teacher, .role = identity::AdminRole::Support},
                                             site.clock.now());
        });
        CHECK(site.get("/admin/part", bare).headers.find("location") ==
              "/account/security?why=admin&to=%2Fadmin%2Fpart");
        CHECK(site.get("/api/admin/part", bare).status == 403);
        CHECK(site.get("/member", bare).status == 200);
        CHECK(site.get("/admin/part", site.cookie(site.teacher, Site::Second::Shown)).status == 200);
    });
}

TEST_CASE("an API refusal is a problem with its challenge, a page refusal is a page in the reader's language") {
    on_each_site([](Site& site) {
        auto request = plain(http::Method::Get, "/api/member");
        auto program = http::deliver(site.routes, *site.gate, std::move(request));
        CHECK(program.status == 401);
        CHECK(program.headers.find("www-authenticate").starts_with("Basic "));
        CHECK(program.headers.find("content-type").starts_with("application/problem+json"));
        auto script = plain(http::Method::Get, "/api/member");
        script.headers.set("Sec-Fetch-Mode", "cors");
        auto from_page = http::deliver(site.routes, *site.gate, std::move(script));
        CHECK(from_page.headers.find("www-authenticate").starts_with("Session ")); // no window of the browser's own
        for (auto [language, word] : {std::pair{"fr", "ouvrez-le"}, std::pair{"en", "open it again"}}) {
            auto page = plain(http::Method::Get, "/link");
            page.headers.set("Accept-Language", language);
            page.headers.set("Accept", "text/html");
            CHECK(http::deliver(site.routes, *site.gate, std::move(page)).body.contains(word));
        }
        CHECK(site.get("/nowhere").status == 404);
    });
}

TEST_CASE("a forged request with our cookies is refused, one with an app password is not asked where it comes from") {
    on_each_site([](Site& site) {
        auto member = site.cookie(site.teacher);
        auto secret = site.db.write_now([&](db::Tx& tx) {
            return identity::make_app_password(tx, site.ids, site.random, site.teacher, "rclone", site.clock.now());
        });
        auto send = [&](auto change) {
            auto request = plain(http::Method::Post, "/member");
            change(request.headers);
            return http::deliver(site.routes, *site.gate, std::move(request));
        };
        auto forged = [](http::Headers& headers) {
            headers.set("Sec-Fetch-Site", "cross-site");
            headers.set("Origin", "https://evil.test");
        };
        CHECK(send([&](auto& headers) { headers.set("Cookie", member); }).status == 200);
        CHECK(send([&](auto& headers) { headers.set("Cookie", member), forged(headers); }).status == 403);
        auto by_password = [&](auto& headers) {
            headers.set("Authorization", basic("teacher", secret)), forged(headers);
        };
        CHECK(send(by_password).body == "person teacher");
        // Credentials in the header: the cookie of somebody else beside them counts for nothing.
        auto with_cookie = [&](auto& headers) {
            by_password(headers);
            headers.set("Cookie", site.cookie(site.colleague));
        };
        CHECK(send(with_cookie).body == "person teacher");
        auto wrong = [&](auto& headers) {
            headers.set("Authorization", basic("teacher", "wrong"));
            headers.set("Cookie", member);
        };
        CHECK(send(wrong).status == 401); // and no falling back to the cookie
    });
}

TEST_CASE("a pass cookie that was changed, or signed by another server, is worth nothing") {
    on_each_site([](Site& site) {
        auto pass = Site::kept(site.get("/s/" + site.link({}).token));
        CHECK(site.get("/guest", pass).body == "link holder");
        auto other = site.link({});
        const auto dot = pass.rfind('.');
        CHECK(site.get("/guest", pass.substr(0, dot) + '~' + to_text(other.link.id) + pass.substr(dot)).body ==
              "stranger");
        CHECK(site.get("/guest", pass.substr(0, dot)).body == "stranger");
        CHECK(site.get("/guest", pass + "A").body == "stranger");
        CHECK(site.get("/guest", "__Host-preau_passes=.").body == "stranger");
    });
}

TEST_CASE("a revoked or expired link shuts the door at the next request") {
    on_each_site([](Site& site) {
        auto revoked = site.link({});
        auto expiring = site.link({.until = site.clock.now() + 1_h});
        auto pass = Site::kept(site.get("/s/" + revoked.token));
        auto short_pass = Site::kept(site.get("/s/" + expiring.token));
        CHECK(site.get("/link", pass).status == 200);
        site.db.write_now([&](db::Tx& tx) {
            return revoke_link(tx, site.world, *identity::find_viewer(tx, site.teacher), revoked.link.id);
        });
        CHECK(site.get("/link", pass).status == 401);
        CHECK(site.get("/link", short_pass).status == 200);
        site.clock.advance(1_h);
        CHECK(site.get("/link", short_pass).status == 401);
    });
}

TEST_CASE("an address of bytes works for its viewer as long as the right lasts, not a moment longer") {
    on_each_site([](Site& site) {
        auto address_for = [&](const std::string& cookies) {
            auto whole = site.get("/content-address", cookies).body;
            CHECK(whole.starts_with("http://content.localhost:8080/content/"));
            return whole.substr(std::string_view{"http://content.localhost:8080"}.size());
        };
        auto fetch = [&](std::string target) {
            auto request = plain(http::Method::Get, std::move(target));
            request.content_origin = true;
            return http::deliver(site.routes, *site.gate, std::move(request)).body;
        };
        auto made = site.link({});
        auto own = address_for(site.cookie(site.teacher));
        auto family = address_for(Site::kept(site.get("/s/" + made.token)));
        CHECK(fetch(own) == "bytes of Volcans");
        CHECK(fetch(family) == "bytes of Volcans");
        CHECK(fetch(address_for(site.cookie(site.colleague))) ==
              "sharing.item"); // signed for somebody without the right
        auto who = own.find("&w=");
        CHECK(fetch(own.substr(0, who) + family.substr(family.find("&w="))) ==
              fetch(family)); // the same text, so the same
        CHECK(fetch(own.substr(0, who) + "&w=" + family.substr(family.find("&w=") + 3, 2) +
                    own.substr(own.find("&s="))) == "content.signature");
        CHECK(fetch(own.substr(0, own.find("&s="))) == "content.signature");

        site.db.write_now([&](db::Tx& tx) {
            return revoke_link(tx, site.world, *identity::find_viewer(tx, site.teacher), made.link.id);
        });
        CHECK(fetch(family) == "sharing.item");
        CHECK(fetch(own) == "bytes of Volcans");
        sync_wait(site.identity.end_other_sessions(site.teacher, SessionId{})); // signed out everywhere
        CHECK(fetch(own) == "sharing.item");
        site.clock.advance(2_h);
        CHECK(fetch(own) == "content.expired");
    });
}

TEST_CASE("who asks too often is told how long to wait, alone in his own bucket") {
    on_each_site([](Site& site) {
        auto options = site.options;
        options.rates.read.person = {.per_second = 1, .burst = 5};
        site.gate = make_gate(site.db, site.world, site.identity, site.pages, options);
        auto member = site.cookie(site.teacher);
        int refused = 0;
        http::TestAnswer last;
        for (int i = 0; i < 10; ++i) {
            last = site.get("/api/member", member);
            refused += last.status == 429;
        }
        CHECK(refused == 5);
        CHECK_FALSE(last.headers.find("retry-after").empty());
        CHECK(site.get("/api/member", site.cookie(site.colleague)).status == 200);
    });
}

TEST_CASE("only who sits at this very machine is not limited, never the world behind a proxy on it") {
    on_each_site([](Site& site) {
        auto options = site.options;
        options.rates.read.network = {.per_second = 1, .burst = 5};
        auto refusals = [&](std::string_view public_url, std::string_view header) {
            options.public_url = public_url;
            site.gate = make_gate(site.db, site.world, site.identity, site.pages, options);
            int refused = 0;
            for (int i = 0; i < 10; ++i) {
                auto request = http::make_request(http::Method::Get, "/guest");
                request.peer = "127.0.0.1";
                if (!header.empty()) request.headers.set(header, "198.51.100.7");
                refused += http::deliver(site.routes, *site.gate, std::move(request)).status == 429;
            }
            return refused;
        };
        CHECK(refusals("http://localhost:8080", "") == 0);
        CHECK(refusals("http://127.0.0.1:8080", "") == 0);
        CHECK(refusals("http://localhost:8080", "X-Forwarded-For") == 5);
        CHECK(refusals("http://localhost:8080", "Via") == 5);
        CHECK(refusals("https://preau.example.org", "") == 5);
        CHECK(refusals("https://localhost.example.org", "") == 5);
    });
}

TEST_CASE("wrong credentials are counted too") {
    on_each_site([](Site& site) {
        auto options = site.options;
        options.rates.read.network = {.per_second = 1, .burst = 5};
        site.gate = make_gate(site.db, site.world, site.identity, site.pages, options);
        int wrong = 0;
        int refused = 0;
        for (int i = 0; i < 10; ++i) {
            auto request = http::make_request(http::Method::Get, "/api/member");
            request.headers.set("Authorization", "Basic dGVhY2hlcjp3cm9uZw=="); // teacher:wrong
            auto status = http::deliver(site.routes, *site.gate, std::move(request)).status;
            wrong += status == 401;
            refused += status == 429;
        }
        CHECK(wrong == 5);
        CHECK(refused == 5);
    });
}

TEST_CASE("an overloaded database and a full disk have words of their own, other failures have not") {
    on_each_site([](Site& site) {
        auto overloaded = site.gate->error_of(std::make_exception_ptr(db::Overloaded{"queue"}));
        REQUIRE(overloaded.has_value());
        CHECK(http::status_of(*overloaded) == 503);
        CHECK(overloaded->retry_after > 0);
        CHECK(http::status_of(*site.gate->error_of(std::make_exception_ptr(db::StorageFull{"disk"}))) == 507);
        CHECK(http::status_of(*site.gate->error_of(std::make_exception_ptr(db::ConstraintFailure{"taken"}))) == 409);
        CHECK_FALSE(site.gate->error_of(std::make_exception_ptr(db::Failure{"broken"})).has_value());
    });
}

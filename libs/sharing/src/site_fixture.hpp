// For tests through the gate: two teachers with sessions, a router with the real routes, no socket.
#pragma once

#include "http/test_client.hpp"
#include "identity/people.hpp"
#include "sharing/routes.hpp"
#include "sharing_fixture.hpp"

namespace preau::sharing::testing {

struct Site {
    explicit Site(db::Database& database) : db{database} {
        add_own_kinds(kinds);
        kinds.add({.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
        teacher = person("teacher", "Camille Bernard");
        colleague = person("colleague", "Nadia Haddad");
        add_probes();
        sharing_routes(routes, sharing);
        folder = db.write_now([&](db::Tx& tx) {
            auto space = personal_space(tx, world, teacher, "Mes fichiers");
            return create_item(tx, world, *identity::find_viewer(tx, teacher),
                               {.parent = space, .kind = "folder", .title = "Volcans"})
                ->id;
        });
    }

    PersonId person(std::string login, std::string name, bool admin = false) {
        return db
            .write_now([&](db::Tx& tx) {
                return identity::create_person(tx, ids, clock.now(), {.login = login, .name = name, .admin = admin});
            })
            ->id;
    }
    // Cookie header of somebody who has just signed in.
    enum class Second { No, Shown }; // factor
    std::string cookie(PersonId who, Second second = Second::No) {
        auto session = sync_wait(identity.start_session({.person = who,
                                                         .device = "Firefox, Linux",
                                                         .peer = "192.0.2.7",
                                                         .second = second == Second::Shown,
                                                         .spend = nullptr}));
        return "__Host-preau=" + session->token;
    }
    http::TestAnswer get(std::string target, std::string cookies = {}) {
        return send(http::Method::Get, std::move(target), {}, std::move(cookies));
    }
    http::TestAnswer post(std::string target, std::string form, std::string cookies = {}) {
        return send(http::Method::Post, std::move(target), std::move(form), std::move(cookies));
    }
    http::TestAnswer send(http::Method method, std::string target, std::string body, std::string cookies,
                          std::string type = "application/x-www-form-urlencoded") {
        auto request = http::make_request(method, std::move(target), std::move(body), type);
        if (!cookies.empty()) request.headers.set("Cookie", cookies);
        return http::deliver(routes, *gate, std::move(request));
    }
    // What the browser would send back of the cookies that an answer sets.
    static std::string kept(const http::TestAnswer& answer) {
        const auto line = answer.headers.find("set-cookie");
        return std::string{line.substr(0, line.find(';'))};
    }
    MadeLink link(NewLink form) {
        form.item = form.item ? form.item : folder;
        return *db.write_now(
            [&](db::Tx& tx) { return create_link(tx, world, *identity::find_viewer(tx, teacher), form); });
    }

    db::Database& db;
    ManualClock clock;
    IdSource ids{clock, 7};
    CountingRandom random;
    jobs::Jobs jobs{db, clock, ids};
    World world{clock, ids, random, jobs};
    identity::Identity identity{db, clock, ids, random, {.threads = 1, .memory_kib = 64, .passes = 1, .queue = 64}};
    web::Pages pages;
    Kinds kinds;
    GateOptions options{.public_url = "http://localhost:8080", .content_url = "http://content.localhost:8080"};
    mail::Mail mail{db, jobs, clock, ids, {.public_url = options.public_url}}; // never sends
    Sharing sharing{db, world, identity, pages, kinds, options, mail};
    http::Router routes;
    std::unique_ptr<http::Gatekeeper> gate = make_gate(db, world, identity, pages, options);
    PersonId teacher, colleague;
    ItemId folder;

private:
    // One address per access level; each says who the gate thinks is asking.
    static Task<http::Response> who_am_i(http::Request& request) {
        const auto& who = viewer(request);
        constexpr const char* kinds_of_viewer[] = {"stranger", "link holder", "person "};
        co_return http::text_response(200, kinds_of_viewer[static_cast<int>(who.kind)] + who.login);
    }
    static Task<http::Response> show_content_address(Site& site, http::Request& request) {
        co_return http::text_response(200,
                                      content_address(request, site.identity, site.options,
                                                      {.item = site.folder, .variant = "download"}, site.clock.now()));
    }
    static Task<http::Response> show_content(Site& site, http::Request& request) {
        auto allowed = co_await site.db.read([&site, &request](db::Tx& tx) -> Result<Item> {
            const auto now = site.clock.now();
            auto who =
                TRY(content_viewer(tx, site.identity, request, {.item = site.folder, .variant = "download"}, now));
            return require(tx, who, Action::View, site.folder, now);
        });
        if (!allowed) co_return http::text_response(http::status_of(allowed.error()), allowed.error().key);
        co_return http::text_response(200, "bytes of " + allowed->title);
    }
    void add_probes() {
        using enum http::Access;
        auto probe = [](http::Request& request) { return who_am_i(request); };
        for (auto [path, access] : {std::pair{"/guest", Guest}, std::pair{"/link", Link}, std::pair{"/member", Member},
                                    std::pair{"/admin", Admin}}) {
            const http::Rule rule{.access = access, .body_limit = 100, .rate = http::Rate::Read};
            routes.get(path, rule, probe);
            routes.post(path, rule, probe);
            routes.get("/api" + std::string{path}, rule, probe);
        }
        routes.get("/content-address", {.access = Link, .body_limit = 0, .rate = http::Rate::Read},
                   [this](http::Request& request) { return show_content_address(*this, request); });
        routes.get("/content/{item}/download",
                   {.access = Guest, .body_limit = 0, .rate = http::Rate::Read, .origin = http::Origin::Content},
                   [this](http::Request& request) { return show_content(*this, request); });
    }
};

template <class Body> void on_each_site(Body body) {
    auto list = identity::migrations();
    for (const auto& part : {jobs::migrations(), mail::migrations(), migrations()})
        list.insert(list.end(), part.begin(), part.end());
    db::on_each_engine(list, [&](db::Database& database) {
        Site site{database};
        body(site);
    });
}

} // namespace preau::sharing::testing

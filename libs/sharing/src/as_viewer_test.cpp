#include "as_viewer.hpp"

#include "base/text.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

// The site with an app of one page, and a class of Camille's.
struct Theatre : Site {
    explicit Theatre(db::Database& database) : Site{database} {
        db.write_now([this](db::Tx& tx) {
            class_6b = identity::create_group(tx, ids, {.name = "6e B", .kind = "class"});
            identity::add_member(tx, class_6b, teacher, "owner");
            space = find_personal_space(tx, teacher).value();
        });
        routes.get("/files/{item}", {.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Read},
                   [this](http::Request& request) { return show(*this, request); });
        camille = cookie(teacher);
    }
    static Task<http::Response> show(Theatre& site, http::Request& request) {
        const auto id = parse_id<ItemId>(request.parameter("item")).value_or(ItemId{});
        auto item = co_await site.db.read([&site, who = viewer(request), id](db::Tx& tx) {
            return require(tx, who, Action::View, id, site.clock.now());
        });
        if (!item) co_return site.gate->refusal(request, item.error());
        co_return http::text_response(200, item->title);
    }
    ItemId make(ItemId parent, std::string title, bool restricted = false) {
        return db
            .write_now([&](db::Tx& tx) {
                return create_item(tx, world, *identity::find_viewer(tx, teacher),
                                   {.parent = parent, .kind = "folder", .title = title, .restricted = restricted});
            })
            ->id;
    }
    void give(ItemId item, Subject to, Role role = Role::View) {
        db.write_now([&](db::Tx& tx) {
            set_grant(tx, world, *identity::find_viewer(tx, teacher),
                      {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role});
        });
    }
    http::TestAnswer look(ItemId item, Subject as, const std::string& who) {
        return post("/share/" + to_text(item) + "/as", "as=" + text_of(as), who);
    }
    // The cookies of somebody who has begun to look so.
    std::string eyes(ItemId item, Subject as, const std::string& who) {
        auto answer = look(item, as, who);
        REQUIRE(answer.status == 303);
        return who + "; " + kept(answer);
    }
    int see(ItemId item, const std::string& cookies) { return get("/files/" + to_text(item), cookies).status; }

    GroupId class_6b;
    ItemId space;
    std::string camille;
};

template <class Body> void in_theatre(Body body) {
    auto list = identity::migrations();
    for (const auto& part : {jobs::migrations(), migrations()}) list.insert(list.end(), part.begin(), part.end());
    db::on_each_engine(list, [&](db::Database& database) {
        Theatre theatre{database};
        body(theatre);
    });
}

} // namespace

TEST_CASE("a manager sees what the families see, changes nothing, and comes back") {
    in_theatre([](Theatre& t) {
        auto own = t.make(t.space, "Notes de conseil");
        t.give(t.folder, families(t.class_6b));
        auto entered = t.look(t.folder, families(t.class_6b), t.camille);
        CHECK(entered.status == 303);
        CHECK(entered.headers.find("location") == "/files/" + to_text(t.folder));
        const auto eyes = t.camille + "; " + Site::kept(entered);
        CHECK(t.see(t.folder, eyes) == 200);
        CHECK(t.see(own, eyes) == 404);
        CHECK(t.see(own, t.camille) == 200);
        CHECK(t.get("/guest", eyes).body == "link holder");
        CHECK(t.get("/files/" + to_text(own), eyes).body.contains("Vous voyez cette page comme Familles de 6e B"));
        CHECK(t.get("/files/" + to_text(own), eyes).body.contains("action=\"/share/as/leave\""));

        for (auto target : {"/link", "/guest", "/member"}) {
            auto refused = t.post(target, "", eyes);
            CHECK(refused.status == 403);
            CHECK(refused.body.contains("rien ne peut être modifié"));
        }
        const auto page = "/share/" + to_text(t.folder);
        CHECK(t.post(page, "may=edit", eyes).status == 403);
        CHECK(t.post(page + "/grants", "to=signed-in&may=edit", eyes).status == 403);
        CHECK(t.send(http::Method::Delete, "/api/sharing/links/" + to_text(t.link({}).link.id), {}, eyes).status ==
              403);
        for (auto target : {std::string{"/member"}, std::string{"/admin"}, std::string{"/api/member"}, page,
                            "/s/" + t.link({}).token})
            CHECK_MESSAGE(t.get(target, eyes).status == 403, target);

        auto left = t.post("/share/as/leave", "back=%2Ffiles%2F" + to_text(own), eyes);
        CHECK(left.headers.find("location") == "/files/" + to_text(own));
        CHECK(left.headers.find("set-cookie").contains("Max-Age=0"));
        CHECK(t.post("/share/as/leave", "back=//evil.test", eyes).headers.find("location") == "/");
        t.clock.advance(as_lifetime);
        CHECK(t.get("/guest", eyes).body == "person teacher"); // it ends by itself
    });
}

TEST_CASE("what is seen as somebody else is never wider than what the manager sees") {
    in_theatre([](Theatre& t) {
        t.give(t.folder, subject(t.colleague), Role::Manage);
        auto inside = t.make(t.folder, "Avis", true); // closed to Nadia
        auto made = t.link({});
        t.give(inside, subject(made.link.id));
        const auto nadia = t.cookie(t.colleague);
        const auto holder = Site::kept(t.get("/s/" + made.token));
        CHECK(t.see(inside, holder) == 200);
        const auto eyes = t.eyes(t.folder, subject(made.link.id), nadia);
        CHECK(t.see(t.folder, eyes) == 200);
        CHECK(t.see(inside, eyes) == 404);
        CHECK(t.see(inside, t.eyes(t.folder, subject(made.link.id), t.camille)) == 200); // Camille may
        // Nor does it outlive the manager's own right, or the link.
        t.give(t.folder, subject(t.colleague), Role::None);
        CHECK(t.see(t.folder, eyes) == 404);
        t.give(t.folder, subject(t.colleague), Role::Manage);
        CHECK(t.see(t.folder, eyes) == 200);
        t.db.write_now(
            [&](db::Tx& tx) { return revoke_link(tx, t.world, *identity::find_viewer(tx, t.teacher), made.link.id); });
        CHECK(t.see(t.folder, eyes) == 404);
        CHECK(t.get("/guest", eyes).body == "stranger");
        CHECK(t.see(t.folder, t.eyes(t.folder, everybody, nadia)) == 404); // not public
        t.give(t.folder, everybody);
        CHECK(t.see(t.folder, t.eyes(t.folder, everybody, nadia)) == 200);
    });
}

TEST_CASE("nobody takes eyes that are not theirs to take") {
    in_theatre([](Theatre& t) {
        auto made = t.link({});
        auto elsewhere = t.link({.item = t.make(t.space, "Ailleurs")});
        const auto nadia = t.cookie(t.colleague);
        CHECK(t.look(t.folder, families(t.class_6b), nadia).status == 404);
        CHECK(t.look(t.folder, everybody, {}).status == 401);
        t.give(t.folder, subject(t.colleague), Role::Manage);
        CHECK(t.look(t.folder, families(t.class_6b), nadia).status == 403); // their page lists what Nadia may not know
        CHECK(t.look(t.folder, subject(elsewhere.link.id), nadia).status == 403);
        CHECK(t.look(t.folder, subject(t.teacher), nadia).status == 403);
        CHECK(t.look(t.folder, signed_in, nadia).status == 403);
        CHECK(t.post("/share/" + to_text(t.folder) + "/as", "as=nobody", nadia).status == 403);

        const auto eyes = t.eyes(t.folder, families(t.class_6b), t.camille);
        const auto cookie = eyes.substr(eyes.find("; ") + 2);
        CHECK(t.get("/guest", t.cookie(t.teacher) + "; " + cookie).body == "person teacher"); // of another session
        CHECK(t.get("/guest", nadia + "; " + cookie).body == "person colleague");
        CHECK(t.get("/guest", cookie).body == "stranger");
        auto forged = cookie;
        forged.replace(forged.find("families"), 8, "familles");
        CHECK(t.get("/guest", t.camille + "; " + forged).body == "person teacher");
        CHECK(t.get("/guest", t.camille + "; __Host-preau_as=x").body == "person teacher");
    });
}

TEST_CASE("bytes are shown to who looks as somebody else by their own right") {
    in_theatre([](Theatre& t) {
        t.give(t.folder, families(t.class_6b));
        const auto eyes = t.eyes(t.folder, families(t.class_6b), t.camille);
        auto address = t.get("/content-address", eyes).body;
        CHECK(address.contains("w=p" + to_text(t.teacher)));
        auto fetch = [&] {
            auto request = http::make_request(http::Method::Get, address.substr(t.options.content_url.size()));
            request.content_origin = true;
            return http::deliver(t.routes, *t.gate, std::move(request)).status;
        };
        CHECK(fetch() == 200);
        t.db.write_now([&](db::Tx& tx) { identity::set_disabled(tx, t.teacher, true); });
        CHECK(fetch() != 200);
    });
}

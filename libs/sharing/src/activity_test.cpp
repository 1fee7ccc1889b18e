#include "sharing/activity.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"
#include "sharing/comments.hpp"
#include "sharing/link.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using fixtures::School;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add(
                                {.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
                        }};

ItemId shared_folder(School& school) {
    return school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        auto item = create_item(tx, school.world, who, {.parent = school.space, .kind = "folder", .title = "Volcans"});
        set_grant(tx, school.world, who, {.item = item->id, .subject = school.colleague.value, .role = Role::Edit});
        return item->id;
    });
}

std::string api(ItemId item) { return "/api/sharing/items/" + to_text(item) + "/activity"; }

} // namespace

TEST_CASE("activity tells who did what, latest first, in the reader's words") {
    fixtures::at_school(app, [](School& school) {
        auto item = shared_folder(school);
        school.db.write_now([&, who = school.viewer(school.colleague)](db::Tx& tx) {
            return rename_item(tx, school.world, who, item, "Séismes").has_value();
        });
        auto list = *json::parse(school.as(school.teacher).get(api(item)).body);
        REQUIRE(list["events"].size() == 3);
        CHECK(list["events"].at(0)["who"].text() == "Nadia Haddad");
        CHECK(list["events"].at(0)["what"].text() == "a renommé");
        CHECK(list["events"].at(0)["person"].text() == to_text(school.colleague));
        CHECK(list["events"].at(2)["who"].text() == "Camille Bernard");
        auto english = *json::parse(school.as(school.teacher).with_header("Accept-Language", "en").get(api(item)).body);
        CHECK(english["events"].at(0)["what"].text() == "renamed it");
        auto page = school.as(school.colleague).get("/activity/" + to_text(item));
        CHECK(page.status == 200);
        CHECK(page.body.contains("Nadia Haddad"));
        CHECK(web::page_problems(page.body).empty());
    });
}

TEST_CASE("only who may edit learns who came; families never do") {
    fixtures::at_school(app, [](School& school) {
        auto item = shared_folder(school);
        auto token = school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            set_grant(tx, school.world, who, {.item = item, .subject = school.head.value, .role = Role::Comment});
            return create_link(tx, school.world, who, {.item = item, .role = Role::Edit})->token;
        });
        CHECK(school.as(school.head).get(api(item)).status == 403);
        CHECK(school.as(school.outsider).get(api(item)).status == 404);
        auto family = school.as_holder(token);
        CHECK(family.get(api(item)).status >= 400);
        CHECK_FALSE(family.get("/activity/" + to_text(item)).body.contains("Nadia"));
        CHECK(school.as_stranger().get(api(item)).status >= 400);
    });
}

TEST_CASE("who came by a link stands there by the name they gave, or as a family") {
    fixtures::at_school(app, [](School& school) {
        auto item = shared_folder(school);
        auto token = school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            return create_link(tx, school.world, who, {.item = item, .role = Role::Comment})->token;
        });
        auto family = school.as_holder(token);
        auto sent = family.post_json("/api/sharing/items/" + to_text(item) + "/comments",
                                     R"({"body":"x","name":"Papa de Lina"})");
        CHECK(sent.status == 201);
        auto list = *json::parse(school.as(school.teacher).get(api(item)).body);
        CHECK(list["events"].at(0)["who"].text() == "Papa de Lina");
        CHECK(list["events"].at(0)["what"].text() == "a commenté");
        Viewer nameless{.kind = Viewer::Kind::LinkHolder, .links = {LinkId{4711}}};
        school.db.write_now([&](db::Tx& tx) { record_event(tx, school.world, nameless, "item.created", item); });
        list = *json::parse(school.as(school.teacher).get(api(item)).body);
        CHECK(list["events"].at(0)["who"].text() == "Une famille");
    });
}

TEST_CASE("activity comes in pages by key; kinds without words are left out") {
    fixtures::at_school(app, [](School& school) {
        auto item = shared_folder(school);
        school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            for (int i = 0; i < 30; ++i)
                record_event(tx, school.world, who, i % 3 ? "item.renamed" : "machine.only", item);
        });
        std::size_t told = 0;
        std::string next;
        for (int pages = 0; pages < 5; ++pages) {
            auto list =
                *json::parse(school.as(school.teacher).get(api(item) + (next.empty() ? "" : "?before=" + next)).body);
            for (std::size_t i = 0; i < list["events"].size(); ++i)
                CHECK(list["events"].at(i)["kind"].text() != "machine.only");
            told += list["events"].size();
            next = list["next"].text().value_or("");
            if (next.empty()) break;
        }
        CHECK(told == 20 + 2);
        CHECK(school.as(school.teacher).get(api(item) + "?before=junk").status == 200);
    });
}

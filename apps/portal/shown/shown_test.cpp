// What families can open, as who administers sees it: what is listed to whom, suspended and opened again.
#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "db/checks.hpp"
#include "sharing/link.hpp"
#include "sharing/suspension.hpp"
#include "web/page_check.hpp"

#include <set>

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

struct Open {
    LinkId teacher_link, outsider_link;
    std::string token;
    ItemId item; // public, of the teacher
};
Open open_things(School& school) {
    school.kinds.add({.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
    const auto teacher = school.viewer(school.teacher), outsider = school.viewer(school.outsider);
    auto open = school.change([&](db::Tx& tx) {
        auto folder = [&](const Viewer& who, ItemId space, std::string title) {
            return sharing::create_item(tx, school.world, who, {.parent = space, .kind = "folder", .title = title})->id;
        };
        const auto secret = folder(teacher, school.space, "Notes du conseil");
        const auto shown = folder(teacher, school.space, "Volcans");
        const auto far =
            folder(outsider, sharing::personal_space(tx, school.world, outsider.person, "Mes fichiers"), "Lagons");
        auto made = sharing::create_link(tx, school.world, teacher, {.item = secret, .label = "Familles 6e B"});
        auto other = sharing::create_link(
            tx, school.world, outsider,
            {.item = far, .role = Role::Edit, .label = "Club", .until = school.clock.now() + 30_days});
        sharing::set_grant(tx, school.world, teacher,
                           {.item = shown, .subject_kind = Subject::Kind::Public, .role = Role::View});
        return Open{made->link.id, other->link.id, made->token, shown};
    });
    school.events();
    return open;
}
std::string door(School& school, const std::string& token) {
    auto opened = school.db.read_now([&](db::Tx& tx) { return sharing::open_link(tx, token, school.clock.now()); });
    return opened ? "open" : opened.error().key;
}
bool is_public(School& school, ItemId item) {
    return school.db.read_now(
        [&](db::Tx& tx) { return sharing::can(tx, Viewer{}, Action::View, item, school.clock.now()); });
}
std::string what(LinkId link) { return "link-" + to_text(link); }
std::string what(ItemId item) { return "item-" + to_text(item); }

} // namespace

TEST_CASE("links are listed by part, person, end and what they allow, without the names of what they open") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        auto admin = school.as(school.administrator);
        auto page = admin.get("/admin/shown");
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("Camille Bernard"));
        for (const auto* words : {"Notes du conseil", "Familles 6e B", "Lagons", "Club"})
            CHECK_FALSE_MESSAGE(page.body.contains(words), words);
        auto contains = [&](std::string_view query, bool families, bool club) {
            CAPTURE(query);
            auto body = admin.get("/admin/shown" + std::string{query}).body;
            CHECK(body.contains(what(open.teacher_link)) == families);
            CHECK(body.contains(what(open.outsider_link)) == club);
        };
        contains("?structure=" + to_text(school.college), true, false);
        contains("?structure=" + to_text(school.other_academy), false, true);
        contains("?login=outsider", false, true);
        contains("?login=nobody", false, false);
        contains("?endless=1", true, false);
        contains("?writes=1", false, true);
        contains("?show=suspended-links", false, false);
        CHECK(admin.get("/admin/shown?show=public").body.contains("Volcans"));
        CHECK(admin.get("/admin/shown?show=suspended-public").body.contains("Rien n’est suspendu"));
    });
}

TEST_CASE("links are suspended with a reason that their owner reads, and opened again by one press") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        auto admin = school.as(school.administrator);
        auto none = admin.post("/admin/shown/suspend", {{"reason", "Données d’élèves"}});
        CHECK(none.status == 422);
        CHECK(none.body.contains("Cochez d’abord"));
        CHECK(admin.post("/admin/shown/suspend", {{"what", what(open.teacher_link)}, {"reason", " "}}).status == 422);
        CHECK(school.events().empty());
        CHECK(door(school, open.token) == "open");

        auto done = admin.post(
            "/admin/shown/suspend",
            {{"what", what(open.teacher_link)}, {"what", what(open.outsider_link)}, {"reason", "Données d’élèves"}});
        CHECK(done.status == 200);
        CHECK(web::page_problems(done.body).empty());
        CHECK(done.body.contains("2 ouvertures sont suspendues."));
        CHECK(school.events() == std::vector<std::string>{"link.suspended", "link.suspended"});
        CHECK(door(school, open.token) == "link.suspended");
        auto family = school.as_stranger().get("/s/" + open.token);
        CHECK(family.status == 410);
        CHECK(family.body.contains("Ce lien est suspendu"));
        auto letters = school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); });
        std::set<std::string> told;
        for (const auto& letter : letters) told.insert(letter.recipient);
        CHECK(letters.size() == 2);
        CHECK(told == std::set<std::string>{"outsider@ecole.test", "teacher@ecole.test"});
        auto suspended = admin.get("/admin/shown?show=suspended-links");
        CHECK(web::page_problems(suspended.body).empty());
        CHECK(suspended.body.contains("Données d’élèves"));

        auto undone = admin.post("/admin/shown/resume?show=links",
                                 {{"what", what(open.teacher_link)}, {"what", what(open.outsider_link)}});
        CHECK(undone.body.contains("2 ouvertures sont rétablies."));
        CHECK(school.events() == std::vector<std::string>{"link.resumed", "link.resumed"});
        CHECK(door(school, open.token) == "open");
    });
}

TEST_CASE("a public item is suspended and shown again") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        auto admin = school.as(school.administrator);
        CHECK(is_public(school, open.item));
        auto done = admin.post("/admin/shown/suspend?show=public", {{"what", what(open.item)}, {"reason", "À relire"}});
        CHECK(done.body.contains("1 ouverture est suspendue."));
        CHECK_FALSE(is_public(school, open.item));
        CHECK(admin.get("/admin/shown?show=suspended-public").body.contains("À relire"));
        CHECK(admin.post("/admin/shown/resume?show=public", {{"what", what(open.item)}}).status == 200);
        CHECK(is_public(school, open.item));
        CHECK(admin.get("/admin/shown?show=public").body.contains("Volcans"));
    });
}

TEST_CASE("a delegate suspends what their own people opened, and of others nothing at all") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        for (auto who : {school.teacher, school.colleague, school.head}) {
            auto visitor = school.as(who);
            CHECK(visitor.get("/admin/shown").status == 403);
            CHECK(visitor.post("/admin/shown/suspend", {{"what", what(open.teacher_link)}, {"reason", "x"}}).status ==
                  403);
        }
        delegate(school, school.head, AdminRole::People, school.college);
        delegate(school, school.colleague, AdminRole::Support, school.college);
        school.clock.advance(1_min);
        CHECK(school.as(school.colleague).get("/admin/shown").status == 403);
        auto head = school.as(school.head);
        auto list = head.get("/admin/shown").body;
        CHECK(list.contains(what(open.teacher_link)));
        CHECK_FALSE(list.contains(what(open.outsider_link)));
        CHECK(head.get("/admin/shown?structure=" + to_text(school.academy)).status == 403);
        CHECK_FALSE(head.get("/admin/shown?login=outsider").body.contains(what(open.outsider_link)));
        school.events();
        // One that is not theirs among them: none is suspended.
        CHECK(head.post("/admin/shown/suspend",
                        {{"what", what(open.teacher_link)}, {"what", what(open.outsider_link)}, {"reason", "x"}})
                  .status == 403);
        CHECK(school.events().empty());
        CHECK(door(school, open.token) == "open");
        CHECK(head.post("/admin/shown/suspend", {{"what", what(open.teacher_link)}, {"reason", "x"}}).status == 200);
        CHECK(door(school, open.token) == "link.suspended");
    });
}

TEST_CASE("a delegate whose own link was suspended does not open it again") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        delegate(school, school.teacher, AdminRole::People, school.college);
        school.clock.advance(1_min);
        auto admin = school.as(school.administrator);
        CHECK(admin.post("/admin/shown/suspend", {{"what", what(open.teacher_link)}, {"reason", "x"}}).status == 200);
        CHECK(admin.post("/admin/shown/suspend", {{"what", what(open.item)}, {"reason", "x"}}).status == 200);
        school.events();
        auto teacher = school.as(school.teacher);
        CHECK(teacher.post("/admin/shown/resume", {{"what", what(open.teacher_link)}}).status == 403);
        CHECK(teacher.post("/admin/shown/resume", {{"what", what(open.item)}}).status == 403);
        CHECK(school.events().empty());
        CHECK(door(school, open.token) == "link.suspended");
        CHECK_FALSE(is_public(school, open.item));
        delegate(school, school.head, AdminRole::People, school.college);
        school.clock.advance(1_min);
        auto head = school.as(school.head);
        CHECK(head.post("/admin/shown/resume", {{"what", what(open.teacher_link)}}).status == 200);
        CHECK(door(school, open.token) == "open");
    });
}

TEST_CASE("a program lists and suspends, a page at a time, in a constant number of queries") {
    fixtures::at_school(administration, [](School& school) {
        const auto open = open_things(school);
        const auto teacher = school.viewer(school.teacher);
        school.change([&](db::Tx& tx) {
            for (int i = 0; i < 60; ++i) (void)sharing::create_link(tx, school.world, teacher, {.item = open.item});
        });
        auto admin = school.as(school.administrator); // app passwords open nothing of administration
        auto first = json::parse(admin.api(http::Method::Get, "/api/admin/shown").body);
        REQUIRE(first);
        CHECK((*first)["shown"].size() == 50);
        auto second = json::parse(
            admin.api(http::Method::Get, "/api/admin/shown?before=" + (*first)["next"].text().value_or("")).body);
        REQUIRE(second);
        CHECK((*second)["shown"].size() == 12);
        CHECK_FALSE((*second)["next"].text());
        school.db.read_now([&](db::Tx& tx) {
            CHECK_QUERIES(tx, 2, (void)sharing::list_shown(tx, {}, sharing::first_shown, 50, school.clock.now()));
        });
        auto done = admin.post_json("/api/admin/shown/suspend",
                                    R"({"what": [")" + what(open.teacher_link) + R"("], "reason": "x"})");
        CHECK(done.status == 200);
        CHECK(door(school, open.token) == "link.suspended");
    });
}

} // namespace preau::portal

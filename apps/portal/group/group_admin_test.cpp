// Who sees which groups, who sets what right in them, and that the journal says so.
#include "portal/admin/admin_fixture.hpp"
#include "portal/group/group_admin.hpp"

#include "base/json.hpp"
#include "sharing/access.hpp"
#include "sharing/share.hpp"
#include "web/page_check.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;
using Events = std::vector<std::string>;

// Of the teacher, in the college.
GroupId make(School& school, std::string name, identity::Joining joining = identity::Joining::Open) {
    auto made = school.change([&](db::Tx& tx) {
        return identity::found_group(tx, school.ids, *identity::find_viewer(tx, school.teacher),
                                     {.name = std::move(name), .joining = joining, .structure = school.college},
                                     school.clock.now());
    });
    REQUIRE(made.has_value());
    return *made;
}

identity::GroupRole role_of(School& school, GroupId group, PersonId person) {
    return school.db.read_now([&](db::Tx& tx) { return identity::role_in(tx, group, person); });
}

const std::array<std::string, 5> acts{"/owners", "/owners/end", "/settings", "/close", "/reopen"};

// Fields with which each act would succeed or be refused for a reason of the group's.
fixtures::Fields said(const School& school) {
    return {{"login", "colleague"}, {"person", to_text(school.colleague)}, {"name", "Autre"}, {"joining", "closed"}};
}

} // namespace

TEST_CASE("an administrator finds a group by its name, structure, kind and state") {
    fixtures::at_school(administration, [](School& school) {
        const auto sciences = make(school, "Fête de la science");
        auto admin = school.as(school.administrator);
        auto list = admin.get("/admin/groups");
        CHECK(list.status == 200);
        CHECK(web::page_problems(list.body).empty());
        CHECK(list.body.contains("Fête de la science"));
        CHECK(list.body.contains("Groupe · Collège Jean-Moulin · 1 membre"));
        CHECK(list.body.contains("Classe · Collège Jean-Moulin · 2 membres"));
        CHECK(list.body.contains("href=\"/admin/groups\" aria-current=\"page\""));
        CHECK_FALSE(admin.get("/admin/groups?q=scien&kind=class").body.contains("Fête"));
        CHECK(admin.get("/admin/groups?q=scien").body.contains("Fête"));
        CHECK_FALSE(admin.get("/admin/groups?q=ience").body.contains("Fête"));
        CHECK_FALSE(admin.get("/admin/groups?structure=" + to_text(school.other_academy)).body.contains("Fête"));
        auto none = admin.get("/admin/groups?state=closed");
        CHECK(web::page_problems(none.body).empty());
        CHECK(none.body.contains("Aucun groupe"));

        auto page = admin.get(group_admin_address(sciences));
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("Camille Bernard"));
        CHECK(web::page_problems(admin.get(group_admin_address(school.class_6eB)).body).empty());
        CHECK(admin.get("/admin/groups/0").status == 404);
        auto json = json::parse(admin.get("/api/admin/groups?q=scien").body);
        REQUIRE(json.has_value());
        CHECK((*json)["groups"].at(0)["id"].text() == to_text(sciences));
        auto card = json::parse(admin.get("/api" + group_admin_address(sciences)).body);
        REQUIRE(card.has_value());
        CHECK((*card)["joining"].text() == "open");
        CHECK((*card)["leaders"].at(0)["name"].text() == "Camille Bernard");
    });
}

TEST_CASE("many groups are read a page at a time, each once") {
    fixtures::at_school(administration, [](School& school) {
        school.change([&](db::Tx& tx) {
            for (int i = 0; i < 120; ++i)
                identity::create_group(
                    tx, school.ids,
                    {.name = fmt::format("Atelier {:03}", i), .kind = "group", .structure = school.college});
        });
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        std::set<std::string> seen;
        std::string next = "/api/admin/groups?q=atelier";
        int pages = 0;
        for (; !next.empty() && pages < 9; ++pages) {
            auto json = json::parse(head.get(next).body);
            REQUIRE(json.has_value());
            const auto groups = (*json)["groups"];
            for (std::size_t i = 0; i < groups.size(); ++i)
                CHECK(seen.insert(groups.at(i)["name"].text().value_or("")).second);
            const auto key = (*json)["next"].text();
            next = key ? with_query("/api/admin/groups", {{"q", "atelier"}, {"after", *key}}) : "";
        }
        CHECK(pages == 3);
        CHECK(seen.size() == 120);
        auto page = head.get("/admin/groups?q=atelier").body;
        CHECK(page.contains("Sans propriétaire"));
        CHECK(page.contains("after="));
    });
}

TEST_CASE("whoever administers elsewhere, or something else, sees and changes nothing") {
    fixtures::at_school(administration, [](School& school) {
        const auto group = make(school, "Sciences");
        delegate(school, school.outsider, AdminRole::Administration, school.other_academy);
        delegate(school, school.head, AdminRole::Structures, school.college);
        school.events();
        auto elsewhere = school.as(school.outsider), structures = school.as(school.head),
             nobody = school.as(school.colleague);
        CHECK(elsewhere.get("/admin/groups").status == 200);
        CHECK_FALSE(elsewhere.get("/admin/groups?q=sciences").body.contains("Sciences</a>"));
        CHECK(elsewhere.get("/admin/groups?structure=" + to_text(school.college)).status == 403);
        CHECK(elsewhere.get(group_admin_address(group)).status == 404);
        for (auto* visitor : {&structures, &nobody}) {
            CHECK(visitor->get("/admin/groups").status == 403);
            CHECK(visitor->get("/api/admin/groups").status == 403);
            CHECK(visitor->get(group_admin_address(group)).status == 403);
        }
        CHECK_FALSE(structures.get("/admin/structures").body.contains("href=\"/admin/groups\""));
        CHECK(school.as_stranger().get("/admin/groups").status == 303);
        for (const auto& act : acts) {
            CAPTURE(act);
            const auto path = group_admin_address(group) + act;
            CHECK(elsewhere.post(path, said(school)).status == 404);
            CHECK(elsewhere.post("/api" + path, said(school)).status == 404);
            CHECK(structures.post(path, said(school)).status == 403);
            CHECK(nobody.post(path, said(school)).status == 403);
        }
        CHECK(school.events().empty());
        CHECK(role_of(school, group, school.colleague) == identity::GroupRole::None);
        const auto card = school.db.read_now([&](db::Tx& tx) { return *identity::group_card(tx, group); });
        CHECK(card.name == "Sciences");
        CHECK_FALSE(card.closed);
    });
}

TEST_CASE("an owner is named and taken away, the last one stays, and each can be undone") {
    fixtures::at_school(administration, [](School& school) {
        const auto group = make(school, "Sciences");
        const auto there = group_admin_address(group);
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        school.events();
        auto last = head.post(there + "/owners/end", {{"person", to_text(school.teacher)}});
        CHECK(last.status == 409);
        CHECK(last.body.contains("nommez-en un autre"));
        auto refused = head.post(there + "/owners", {{"login", "outsider"}}); // works elsewhere: as if unknown
        CHECK(refused.status == 422);
        auto as_typed = [](std::string body,
                           std::string_view typed) { // the form keeps what was typed, and says no more
            const auto kept = "value=\"" + std::string{typed} + '"';
            const auto at = body.find(kept);
            REQUIRE(at != std::string::npos);
            return body.erase(at, kept.size());
        };
        CHECK(as_typed(refused.body, "outsider") ==
              as_typed(head.post(there + "/owners", {{"login", "personne"}}).body, "personne"));
        CHECK(web::page_problems(refused.body).empty());
        CHECK(head.post(there + "/owners", {{"login", "head"}}).status == 403); // would see what is shared
        CHECK(head.post(there + "/owners", {{"person", to_text(school.outsider)}}).status == 422);
        CHECK(school.events().empty());

        CHECK(head.post(there + "/owners", {{"login", "colleague"}}).status == 303);
        auto page = head.follow().body;
        CHECK(page.contains("un propriétaire de plus"));
        CHECK(
            page.contains("/owners/end\"><input type=\"hidden\" name=\"person\" value=\"" + to_text(school.colleague)));
        CHECK(role_of(school, group, school.colleague) == identity::GroupRole::Owner);
        CHECK(school.as(school.colleague).get("/groups/" + to_text(group) + "/settings").status == 200);
        CHECK(head.post(there + "/owners", {{"login", "colleague"}}).status == 409);
        CHECK(head.post(there + "/owners/end", {{"person", to_text(school.teacher)}}).status == 303);
        page = head.follow().body;
        CHECK(page.contains("La propriété est retirée"));
        CHECK(page.contains("<input type=\"hidden\" name=\"person\" value=\"" + to_text(school.teacher)));
        CHECK(role_of(school, group, school.teacher) == identity::GroupRole::Member);
        CHECK(head.post(there + "/owners", {{"person", to_text(school.teacher)}}).status == 303); // the undo
        CHECK(school.events() == Events{"group.owner_named", "group.owner_removed", "group.owner_named"});
        school.jobs.run_due();
        auto journal = school.as(school.administrator).get("/admin/audit").body;
        CHECK(journal.contains("Propriétaire d’un groupe nommé"));
        CHECK(journal.contains("Nadia Haddad, Collège Jean-Moulin"));
        CHECK(journal.contains("value=\"group.owner_named\""));
    });
}

TEST_CASE("a group is renamed, closed and opened again; a class ends with its year") {
    fixtures::at_school(administration, [](School& school) {
        const auto group = make(school, "Sciences");
        const auto there = group_admin_address(group);
        delegate(school, school.head, AdminRole::Administration, school.college);
        auto head = school.as(school.head);
        school.events();
        auto short_name = head.post(there + "/settings", {{"name", "x"}, {"joining", "open"}});
        CHECK(short_name.status == 422);
        CHECK(short_name.body.contains("name=\"name\" value=\"x\"")); // what was typed stays
        CHECK(head.post(there + "/settings", {{"name", "Lettres"}, {"joining", "never"}}).status == 422);
        CHECK(school.events().empty());
        CHECK(head.post(there + "/settings", {{"name", "Lettres"}, {"joining", "moderated"}}).status == 303);
        CHECK(head.follow().body.contains("Les réglages sont enregistrés"));
        CHECK(school.as(school.colleague).get("/groups?show=discover").body.contains("Lettres"));

        CHECK(head.post(there + "/close").status == 303);
        auto page = head.follow().body;
        CHECK(page.contains("Le groupe est fermé."));
        CHECK(page.contains("Rouvrir le groupe"));
        CHECK(web::page_problems(page).empty());
        CHECK_FALSE(school.as(school.colleague).get("/groups?show=discover").body.contains("Lettres"));
        CHECK(school.as(school.colleague).post("/groups/" + to_text(group) + "/ask").status == 404);
        auto mine = school.as(school.teacher).get("/groups/" + to_text(group));
        CHECK(mine.status == 200); // who is in it reads on
        CHECK(mine.body.contains("Fermé"));
        CHECK(head.get("/admin/groups?state=closed&q=lettres").body.contains("Lettres"));
        for (const auto& act : {"/close", "/settings", "/owners"})
            CHECK(head.post(there + act, {{"name", "Autre"}, {"login", "colleague"}}).status == 409);
        CHECK(head.post(there + "/reopen").status == 303);
        CHECK(head.follow().body.contains("Le groupe est rouvert."));
        CHECK(head.post(there + "/reopen").status == 409);
        CHECK(school.as(school.colleague).get("/groups?show=discover").body.contains("Lettres"));
        CHECK(school.events() == Events{"group.changed", "group.closed", "group.reopened"});

        const auto sixth = group_admin_address(school.class_6eB);
        CHECK(head.get(sixth).body.contains("/year\""));
        CHECK(head.post(sixth + "/close").status == 409);
        CHECK(head.post(sixth + "/reopen").status == 409);
        CHECK(school.events().empty());
        CHECK(head.post("/api" + sixth + "/settings", {{"name", "6e B bilangue"}}).status == 200);
        CHECK(school.events() == Events{"group.changed"});
    });
}

TEST_CASE("what a group could change it reads while it is closed, and changes again afterwards") {
    fixtures::at_school(administration, [](School& school) {
        const auto group = make(school, "Sciences");
        delegate(school, school.head, AdminRole::People, school.college);
        const auto folder = school.change([&](db::Tx& tx) {
            const auto teacher = *identity::find_viewer(tx, school.teacher);
            auto made = sharing::create_item(tx, school.world, teacher,
                                             {.parent = school.space, .kind = "folder", .title = "Commun"});
            REQUIRE(made.has_value());
            REQUIRE(sharing::give(tx, school.world, teacher, made->id, {.to = subject(group), .role = Role::Edit}));
            REQUIRE(identity::name_owner(tx, group, school.colleague, school.clock.now()));
            return made->id;
        });
        auto may = [&](Action action) {
            const auto viewer = school.viewer(school.colleague);
            return school.db.read_now(
                [&](db::Tx& tx) { return sharing::can(tx, viewer, action, folder, school.clock.now()); });
        };
        CHECK(may(Action::Edit));
        auto head = school.as(school.head);
        CHECK(head.post(group_admin_address(group) + "/close").status == 303);
        CHECK(may(Action::View));
        CHECK_FALSE(may(Action::Edit));
        CHECK_FALSE(head.get(group_admin_address(group)).body.contains("Commun")); // never what is in it
        auto give = [&](Role role) {
            auto given = school.change([&](db::Tx& tx) {
                return sharing::give(tx, school.world, *identity::find_viewer(tx, school.teacher), folder,
                                     {.to = subject(group), .role = role});
            });
            return given ? std::string{} : given.error().key;
        };
        CHECK(give(Role::Edit) == "share.group_closed");
        CHECK_FALSE(may(Action::Edit));
        CHECK(head.post(group_admin_address(group) + "/reopen").status == 303);
        CHECK(may(Action::Edit));
    });
}

} // namespace preau::portal

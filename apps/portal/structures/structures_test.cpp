// The page of a structure, and what its administrators change.
#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/structure_detail.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

std::string page_of(StructureId id) { return "/structures/" + to_text(id); }
std::string admin_of(StructureId id) { return "/admin/structures/" + to_text(id); }

fixtures::Fields card(std::string name, std::string introduction) {
    return {{"name", std::move(name)},
            {"kind", "school"},
            {"uai", "0590001A"},
            {"zone", "Europe/Paris"},
            {"mail", "moulin@ecole.test"},
            {"phone", "03 20 00 00 00"},
            {"address", "1 rue des Écoles"},
            {"web", "https://moulin.example"},
            {"introduction_fr", std::move(introduction)},
            {"introduction_en", "# Welcome"}};
}

} // namespace

TEST_CASE("everyone signed in reads what a structure says; staff see who works there") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(admin
                  .post(admin_of(school.college),
                        card("Collège Jean-Moulin", "# Bonjour\n\n<script>alert(1)</script>\n\n**fort**"))
                  .status == 303);
        auto page = school.as(school.outsider).get(page_of(school.college));
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("<h2>Bonjour</h2>")); // the page's own name is its h1
        CHECK(page.body.contains("<strong>fort</strong>"));
        CHECK_FALSE(page.body.contains("<script>alert"));
        CHECK(page.body.contains("moulin@ecole.test"));
        CHECK(page.body.contains("Hélène Rousseau"));
        CHECK(page.body.contains("Enseignement"));
        CHECK_FALSE(page.body.contains("/admin/structures/"));
        CHECK(school.as(school.outsider)
                  .with_header("Accept-Language", "en")
                  .get(page_of(school.college))
                  .body.contains("Welcome"));
        CHECK(school.as_stranger().get(page_of(school.college)).status == 303);
        CHECK(school.as_holder(school.class_link).get(page_of(school.college)).status == 303);
        CHECK(school.as(school.outsider).get("/structures/zzzz").status == 404);
        // Who has an account and no function reads, and is not told who is there.
        auto guest = school.change([&](db::Tx& tx) {
            return identity::create_person(tx, school.ids, 0, {.login = "guest", .name = "Ivan Invité"})->id;
        });
        auto seen = school.as(guest).get(page_of(school.college)).body;
        CHECK(seen.contains("moulin@ecole.test"));
        CHECK_FALSE(seen.contains("Hélène Rousseau"));
        auto below = school.as(school.teacher).get(page_of(school.department)).body;
        CHECK(below.contains("Collège Jean-Moulin"));
        CHECK(below.contains("Académie de Lille"));
    });
}

TEST_CASE("a delegate changes structures in their subtree and no other") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::Structures, school.department);
        auto head = school.as(school.head);
        auto top = head.get("/admin/structures");
        CHECK(web::page_problems(top.body).empty());
        CHECK(top.body.contains("Nord"));
        CHECK_FALSE(top.body.contains("Réunion"));
        CHECK(head.get("/admin/structures?under=" + to_text(school.department)).body.contains("Collège Jean-Moulin"));
        CHECK(head.get("/admin/structures?under=" + to_text(school.ministry)).status == 403);
        CHECK_FALSE(head.get("/admin/structures?q=hubert").body.contains("Hubert-Delisle"));
        CHECK(head.get("/admin/structures?q=moulin").body.contains("Collège Jean-Moulin"));
        CHECK(head.get(admin_of(school.other_college)).status == 403);
        CHECK(web::page_problems(head.get(admin_of(school.college)).body).empty());
        school.events();
        for (auto other : {school.other_college, school.academy}) {
            CHECK(head.post(admin_of(other), card("Pris", "")).status == 403);
            CHECK(head.post(admin_of(other) + "/close").status == 403);
            CHECK(head.post(admin_of(other) + "/services", {{"service", "video"}, {"open", "0"}}).status == 403);
            CHECK(head.post(admin_of(other) + "/domains", {{"domain", "x.fr"}}).status == 403);
            CHECK(head.post(admin_of(other) + "/move", {{"parent", "Nord"}}).status == 403);
            CHECK(head.post("/admin/structures", {{"parent", to_text(other)}, {"name", "X"}, {"kind", "school"}})
                      .status == 403);
        }
        CHECK(head.post("/admin/structures", {{"name", "X"}, {"kind", "school"}}).status == 403); // at the top
        CHECK(head.post(admin_of(school.college) + "/move", {{"parent", "/"}}).status == 403);
        CHECK(
            head.post(admin_of(school.college) + "/people", {{"login", "outsider"}, {"function", "teacher"}}).status ==
            403);
        CHECK(school.events().empty());
        CHECK(head.post("/admin/structures",
                        {{"parent", to_text(school.department)}, {"name", "Lycée Faidherbe"}, {"kind", "school"}})
                  .status == 303);
        CHECK(head.post(admin_of(school.college), card("Collège Simone-Veil", "Bonjour")).status == 303);
        CHECK(head.follow().body.contains("Collège Simone-Veil"));
        CHECK(school.events() == std::vector<std::string>{"structure.created", "structure.changed"});
    });
}

TEST_CASE("what was typed wrongly is said, and nothing typed is lost") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto wrong = card("Collège Jean-Moulin", "Une longue présentation");
        wrong[4].second = "no mail";
        auto answer = admin.post(admin_of(school.college), wrong);
        CHECK(answer.status == 422);
        CHECK(answer.body.contains("Une longue présentation"));
        CHECK(answer.body.contains("ne ressemble pas à une adresse"));
        CHECK(school.db.read_now([&](db::Tx& tx) { return identity::card_of(tx, school.college).phone; }).empty());
    });
}

TEST_CASE("a structure moves with its people, never into itself, and the journal says what ended") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        delegate(school, school.head, AdminRole::Administration, school.department);
        school.change([&](db::Tx& tx) {
            return identity::give_delegation(
                tx, school.ids, identity::rights_of(tx, school.head, school.clock.now()),
                {.person = school.teacher, .role = AdminRole::People, .structure = school.college}, school.clock.now());
        });
        auto circle = admin.post(admin_of(school.academy) + "/move", {{"parent", "Nord"}});
        CHECK(circle.status == 409);
        CHECK(circle.body.contains("ne peut pas être rattachée à elle-même"));
        CHECK(admin.post(admin_of(school.college) + "/move", {{"parent", "nowhere"}}).status == 422);
        school.events();
        CHECK(admin.post(admin_of(school.college) + "/move", {{"parent", "Académie de La Réunion"}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"structure.moved", "admin.undelegated"});
        CHECK(school.viewer(school.teacher).is(subject(school.other_academy)));
        CHECK_FALSE(school.viewer(school.teacher).is(subject(school.academy)));
        CHECK(admin.get("/admin/people?structure=" + to_text(school.other_academy)).body.contains("Camille Bernard"));
        CHECK_FALSE(admin.get("/admin/people?structure=" + to_text(school.academy)).body.contains("Camille Bernard"));
    });
}

TEST_CASE("a structure closes with its functions and opens again") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(admin.post(admin_of(school.department) + "/close").status == 409);
        CHECK(admin.post(admin_of(school.college) + "/close").status == 303);
        CHECK(admin.follow().body.contains("fermée"));
        CHECK_FALSE(school.viewer(school.teacher).is(subject(school.college)));
        CHECK(school.as(school.outsider).get(page_of(school.college)).body.contains("fermée"));
        CHECK(admin.post(admin_of(school.college) + "/open").status == 303);
    });
}

TEST_CASE("services, domains and the logo") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        school.pages.add_service({.name = "Vidéos", .href = "/video", .hue = "video", .icon = "movie"},
                                 {.name = "Videos", .href = "/video", .hue = "video", .icon = "movie"});
        CHECK(school.as(school.teacher).get(page_of(school.college)).body.contains("<li class=\"video\""));
        CHECK(admin.post(admin_of(school.academy) + "/services", {{"service", "video"}, {"open", "0"}}).status == 303);
        CHECK_FALSE(school.as(school.teacher).get(page_of(school.college)).body.contains("<li class=\"video\""));
        // Nor offered at home: the menu of all services in the bar stays.
        auto offered = [&](PersonId person) {
            const auto home = school.as(person).get("/").body;
            const auto tiles = home.substr(home.find("class=\"services\""));
            return tiles.substr(0, tiles.find("</nav>")).contains("href=\"/video\"");
        };
        CHECK_FALSE(offered(school.teacher));
        CHECK(offered(school.outsider));
        CHECK(admin.get(admin_of(school.college)).body.contains("par Académie de Lille"));
        CHECK(school.as(school.outsider).get(page_of(school.other_college)).body.contains("<li class=\"video\""));
        CHECK(admin.post(admin_of(school.academy) + "/services", {{"service", "castles"}, {"open", "0"}}).status ==
              422);
        CHECK(admin.post(admin_of(school.academy) + "/domains", {{"domain", "ac-lille.fr"}}).status == 303);
        CHECK(admin.post(admin_of(school.college) + "/domains", {{"domain", "AC-Lille.fr"}}).status == 409);
        CHECK(admin.post(admin_of(school.academy) + "/domains", {{"remove", "ac-lille.fr"}}).status == 303);

        const std::string png{"\x89PNG\r\n\x1a\n and so on"};
        CHECK(admin.post_files(admin_of(school.college) + "/logo", {}, {{"logo", "x.png", "<svg>"}}).status == 422);
        CHECK(admin.post_files(admin_of(school.college) + "/logo", {}, {{"logo", "x.png", png}}).status == 303);
        auto page = school.as(school.teacher).get(page_of(school.college)).body;
        const auto at = page.find("http://content.localhost:8080/content/structures/");
        REQUIRE(at != std::string::npos);
        const auto address = page.substr(at, page.find('"', at) - at);
        auto logo = school.as_stranger().open(address);
        CHECK(logo.status == 200);
        CHECK(logo.body == png);
        CHECK(logo.headers.find("content-type") == "image/png");
        CHECK(logo.headers.find("content-security-policy").contains("sandbox"));
        CHECK(school.as_stranger().open(address + "x").status == 404);
        CHECK(admin.post(admin_of(school.college) + "/logo/remove").status == 303);
        CHECK(school.as_stranger().open(address).status == 404);
    });
}

TEST_CASE("somebody of another school is given a function here by their login") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        const auto people = admin_of(school.college) + "/people";
        CHECK(head.post(people, {{"login", "nobody"}, {"function", "teacher"}}).status == 422);
        CHECK(head.post(people, {{"login", "outsider@ecole.test"}, {"function", "trainer"}, {"until", "2026-12-31"}})
                  .status == 303);
        CHECK(school.viewer(school.outsider).is(subject(school.college)));
        CHECK(head.get("/admin/people").body.contains("Maxime Payet"));
        // That gives no hold on the account.
        CHECK(head.post("/admin/people/" + to_text(school.outsider) + "/close").status == 403);
        CHECK(school.as(school.teacher).post(people, {{"login", "outsider"}, {"function", "head"}}).status == 403);
    });
}

TEST_CASE("many structures come a page at a time, and the API walks them all") {
    fixtures::at_school(administration, [](School& school) {
        school.change([&](db::Tx& tx) {
            for (int i = 0; i < 120; ++i)
                identity::create_structure(
                    tx, school.ids,
                    {.parent = school.department, .name = "École " + std::to_string(i), .kind = "school"});
        });
        auto admin = school.as(school.administrator);
        auto walk = [&](const std::string& start) {
            std::set<std::string> seen;
            std::string after;
            for (int page = 0; page < 10; ++page) {
                auto answer =
                    json::parse(admin.get(start + (after.empty() ? "" : "&after=" + percent_encode(after))).body);
                REQUIRE(answer.has_value());
                for (std::size_t i = 0; i < (*answer)["structures"].size(); ++i)
                    CHECK(seen.insert(*(*answer)["structures"].at(i)["id"].text()).second);
                auto next = (*answer)["next"].text();
                if (!next) break;
                after = *next;
            }
            return seen.size();
        };
        CHECK(walk("/api/admin/structures?under=" + to_text(school.department)) == 121);
        CHECK(walk("/api/admin/structures?q=ecole") == 120);
        CHECK(school.as(school.administrator)
                  .get("/admin/structures?under=" + to_text(school.department))
                  .body.contains("after="));
        CHECK(school.as(school.teacher).get(page_of(school.department)).body.contains("below="));
    });
}

TEST_CASE("two moves at once through the pages close no circle") {
    fixtures::at_school(administration, [](School& school) {
        for (int round = 0; round < 6; ++round) {
            auto [left, right] = school.change([&](db::Tx& tx) {
                return std::pair{
                    identity::create_structure(
                        tx, school.ids,
                        {.parent = school.ministry, .name = "A" + std::to_string(round), .kind = "academy"}),
                    identity::create_structure(
                        tx, school.ids,
                        {.parent = school.ministry, .name = "B" + std::to_string(round), .kind = "academy"})};
            });
            auto one = school.as(school.administrator), other = school.as(school.administrator);
            std::thread first{[&, a = left, b = right] { one.post(admin_of(a) + "/move", {{"parent", to_text(b)}}); }};
            std::thread second{
                [&, a = left, b = right] { other.post(admin_of(b) + "/move", {{"parent", to_text(a)}}); }};
            first.join();
            second.join();
            const auto depths = school.db.read_now([&, a = left, b = right](db::Tx& tx) {
                return identity::structures_above(tx, a).size() + identity::structures_above(tx, b).size();
            });
            CHECK(depths == 5); // one below the other, both below the ministry
        }
    });
}

} // namespace preau::portal

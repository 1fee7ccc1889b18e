// Giving and withdrawing through pages and API; the rules themselves: libs/identity/src/delegation_test.cpp.
#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

#include <barrier>
#include <thread>

namespace preau::portal {
namespace {
using fixtures::School;
using identity::AdminRole;
} // namespace

TEST_CASE("an administrator delegates, the delegate delegates within that, and withdrawing takes both") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(web::page_problems(admin.get("/admin/delegations").body).empty());
        school.events();
        CHECK(admin
                  .post("/admin/delegations",
                        {{"login", "head"}, {"role", "people"}, {"structure", "0590001A"}, {"until", "2026-12-31"}})
                  .status == 303);
        CHECK(admin.follow().body.contains("Hélène Rousseau"));
        auto head = school.as(school.head);
        auto own = head.get("/admin/delegations").body;
        CHECK(own.contains("Personnes et fonctions"));
        CHECK(own.contains("jusqu’au 31\u00a0décembre 2026"));
        CHECK_FALSE(own.contains("value=\"administration\""));
        for (const auto& [role, structure, until, status] :
             {std::tuple{"administration", "0590001A", "2026-12-31", 403},
              {"people", "9740001B", "2026-12-31", 422},
              {"people", "/", "2026-12-31", 403},
              {"people", "0590001A", "2027-01-01", 422},
              {"people", "0590001A", "", 422},
              {"king", "0590001A", "2026-12-31", 422}}) {
            CAPTURE(role);
            CHECK(head.post("/admin/delegations",
                            {{"login", "teacher"}, {"role", role}, {"structure", structure}, {"until", until}})
                      .status == status);
        }
        CHECK(head.post("/admin/delegations",
                        {{"login", "teacher"}, {"role", "people"}, {"structure", "0590001A"}, {"until", "2026-12-31"}})
                  .status == 303);
        CHECK(school.events() == std::vector<std::string>{"admin.delegated", "admin.delegated"});
        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/admin/people").status == 200);
        const auto id = school.db.read_now(
            [&](db::Tx& tx) { return identity::delegations_of(tx, school.head, school.clock.now()).at(0).id; });
        CHECK(teacher.post("/admin/delegations/" + to_text(id) + "/revoke").status == 403);
        CHECK(school.as(school.colleague).post("/admin/delegations/" + to_text(id) + "/revoke").status == 403);
        CHECK(admin.post("/admin/delegations/" + to_text(id) + "/revoke").status == 303);
        CHECK(school.events() == std::vector<std::string>{"admin.undelegated", "admin.undelegated"});
        CHECK(teacher.get("/admin/people").status == 403);
        CHECK(head.get("/admin/people").status == 403);
        school.jobs.run_due();
        CHECK(admin.get("/admin/audit?kind=admin.delegated")
                  .body.contains("Hélène Rousseau, Personnes et fonctions, Collège Jean-Moulin"));
    });
}

TEST_CASE("a delegation that has ended opens nothing") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college, school.clock.now() + 1_h);
        auto head = school.as(school.head);
        CHECK(head.get("/admin/people").status == 200);
        school.clock.advance(1_h);
        CHECK(head.get("/admin/people").status == 403);
        CHECK(head.post("/admin/people/" + to_text(school.teacher) + "/close").status == 403);
    });
}

TEST_CASE("two administrators who remove each other by the page leave one") {
    fixtures::at_school(administration, [](School& school) {
        for (int round = 0; round < 6; ++round) {
            school.change([&](db::Tx& tx) {
                for (auto person : {school.administrator, school.head})
                    (void)identity::set_administrator(tx, {.person = person, .everything = true}, person, true, 0);
            });
            auto one = school.as(school.administrator), other = school.as(school.head);
            std::barrier together{2};
            auto remove = [&](fixtures::Visitor& by, PersonId whom) {
                together.arrive_and_wait();
                by.post("/admin/people/" + to_text(whom) + "/administrator", {{"on", "0"}});
            };
            std::thread first{[&] { remove(one, school.head); }};
            std::thread second{[&] { remove(other, school.administrator); }};
            first.join();
            second.join();
            const auto left = school.db.read_now([&](db::Tx& tx) {
                return identity::find_person(tx, school.administrator)->admin +
                       identity::find_person(tx, school.head)->admin;
            });
            CHECK(left == 1);
        }
    });
}

TEST_CASE("what a former administrator had delegated ends with a line in the journal") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        const auto head = "/admin/people/" + to_text(school.head) + "/administrator";
        CHECK(admin.post(head, {{"on", "1"}}).status == 303);
        CHECK(school.as(school.head)
                  .post("/admin/delegations", {{"login", "teacher"}, {"role", "people"}, {"structure", "0590001A"}})
                  .status == 303);
        CHECK(school.as(school.teacher).get("/admin/people").status == 200);
        school.events();
        CHECK(admin.post(head, {{"on", "0"}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"person.administrator_removed", "admin.undelegated"});
        CHECK(school.as(school.teacher).get("/admin/people").status == 403);
    });
}

TEST_CASE("the API gives, lists and withdraws") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto given = admin.post_json("/api/admin/delegations", R"({"login":"head","role":"support","structure":"/"})");
        CHECK(given.status == 201);
        auto id = *(*json::parse(given.body))["id"].text();
        CHECK((*json::parse(admin.get("/api/admin/delegations").body))["delegations"].size() == 1);
        CHECK(
            admin.post_json("/api/admin/delegations", R"({"login":"head","role":"support","structure":"/"})").status ==
            409);
        CHECK(admin.post_json("/api/admin/delegations/" + id + "/revoke", "{}").status == 200);
        CHECK(admin.post_json("/api/admin/delegations/" + id + "/revoke", "{}").status == 404);
        CHECK(admin.post_json("/api/admin/delegations", R"({"login":"nobody","role":"support","structure":"/"})")
                  .status == 422);
    });
}

} // namespace preau::portal

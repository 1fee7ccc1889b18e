// Who sees which people, who does what to them, and that the journal says so.
#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/passkeys.hpp"
#include "identity/second_factor.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

std::string page_of(PersonId person) { return "/admin/people/" + to_text(person); }

} // namespace

TEST_CASE("an administrator finds somebody and gives a function with an end, which ends by itself") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto found = admin.get("/admin/people?q=bernard");
        CHECK(found.status == 200);
        CHECK(web::page_problems(found.body).empty());
        CHECK(found.body.contains("Camille Bernard"));
        CHECK(found.body.contains("Enseignement · Collège Jean-Moulin"));
        CHECK_FALSE(found.body.contains("Nadia Haddad"));
        school.events();
        CHECK(admin
                  .post(page_of(school.teacher) + "/functions",
                        {{"function", "trainer"}, {"structure", "9740001B"}, {"until", "2026-09-09"}})
                  .status == 303);
        CHECK(admin.follow().body.contains("La fonction est donnée"));
        CHECK(school.events() == std::vector<std::string>{"person.function_given"});
        CHECK(school.viewer(school.teacher).is(subject(school.other_college)));
        auto page = admin.get(page_of(school.teacher));
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("jusqu’au 9\u00a0septembre 2026"));
        school.clock.advance(2_days); // the 9th, still
        school.jobs.run_due();
        CHECK(school.viewer(school.teacher).is(subject(school.other_college)));
        school.clock.advance(15_h + 1_min); // past midnight
        school.jobs.run_due();
        CHECK_FALSE(school.viewer(school.teacher).is(subject(school.other_college)));
        admin = school.as(school.administrator); // two days later, signed in anew
        CHECK(admin.get(page_of(school.teacher)).body.contains("terminée"));
        CHECK(admin.get("/admin/audit").body.contains("Camille Bernard, Formation, Collège Hubert-Delisle"));
    });
}

TEST_CASE("a delegate sees and changes their subtree alone") {
    fixtures::at_school(administration, [](School& school) {
        auto head = school.as(school.head);
        for (const auto* page : {"/admin", "/admin/people", "/admin/structures", "/admin/delegations", "/admin/why"})
            CHECK(head.get(page).status == 403);
        CHECK_FALSE(head.get("/").body.contains("href=\"/admin\""));
        delegate(school, school.head, AdminRole::People, school.college);
        school.clock.advance(1_min); // the menu remembers for half a minute
        head = school.as(school.head);
        CHECK(head.get("/").body.contains("href=\"/admin\""));
        CHECK(head.get("/admin").status == 303);
        auto list = head.get("/admin/people").body;
        CHECK(list.contains("Camille Bernard"));
        CHECK_FALSE(list.contains("Maxime Payet"));
        CHECK_FALSE(list.contains("href=\"/admin/audit\""));
        CHECK_FALSE(head.get("/admin/people?q=payet").body.contains("Maxime Payet"));
        CHECK(head.get("/admin/people?structure=" + to_text(school.academy)).status == 403);
        CHECK(head.get(page_of(school.teacher)).status == 200);
        CHECK(head.get(page_of(school.outsider)).status == 404);
        for (const auto* page : {"/admin/jobs", "/admin/mail", "/admin/audit", "/admin/why"})
            CHECK(head.get(page).status == 403);

        school.events();
        const fixtures::Fields elsewhere{{"function", "trainer"}, {"structure", to_text(school.other_college)}};
        CHECK(head.post(page_of(school.teacher) + "/functions", elsewhere).status == 403);
        CHECK(head.post(page_of(school.outsider) + "/functions", {{"function", "trainer"}, {"structure", "0590001A"}})
                  .status == 404);
        for (const auto* act : {"/close", "/open", "/link", "/sessions/end", "/quota"}) {
            CAPTURE(act);
            CHECK(head.post(page_of(school.outsider) + act).status == 403);
            CHECK(head.post(page_of(school.administrator) + act).status == 403);
            CHECK(school.as(school.colleague).post(page_of(school.teacher) + act).status == 403);
        }
        CHECK(head.post(page_of(school.teacher) + "/administrator", {{"on", "1"}}).status == 403);
        CHECK(school.events().empty());
        CHECK(head.post(page_of(school.teacher) + "/functions",
                        {{"function", "librarian"}, {"structure", "Collège Jean-Moulin"}})
                  .status == 303);
        CHECK(school.events() == std::vector<std::string>{"person.function_given"});
    });
}

TEST_CASE("a closed account is signed out at once, and opened again") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/account").status == 200);
        school.events();
        CHECK(head.post(page_of(school.teacher) + "/close").status == 303);
        CHECK(head.follow().body.contains("compte fermé"));
        CHECK(teacher.get("/account").status == 303);
        CHECK(head.get("/admin/people?state=closed").body.contains("Camille Bernard"));
        CHECK_FALSE(head.get("/admin/people?state=open").body.contains("Camille Bernard"));
        CHECK(head.get("/admin/people?q=bernard").body.contains("Camille Bernard"));
        CHECK(head.post(page_of(school.teacher) + "/link").status == 404); // no way in to what is closed
        CHECK(head.post(page_of(school.teacher) + "/open").status == 303);
        CHECK(school.as(school.teacher).get("/account").status == 200);
        CHECK(school.events() == std::vector<std::string>{"person.closed", "person.opened"});
    });
}

TEST_CASE("a sign-in link is shown once and opens the account once; sessions are ended") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        auto page = head.post(page_of(school.teacher) + "/link");
        CHECK(page.status == 200);
        const auto at = page.body.find("/signin/once/");
        REQUIRE(at != std::string::npos);
        const auto path = page.body.substr(at, page.body.find('"', at) - at);
        CHECK_FALSE(head.get(page_of(school.teacher)).body.contains("/signin/once/"));
        CHECK(school.as_stranger().post(path).status == 303);
        CHECK(school.as_stranger().post(path).status == 410);
        auto teacher = school.as(school.teacher);
        CHECK(head.post(page_of(school.teacher) + "/sessions/end").status == 303);
        CHECK(teacher.get("/account").status == 303);
    });
}

TEST_CASE("a lost second factor is reset by a letter to the person, asked for by who commands the account") {
    fixtures::at_school(administration, [](School& school) {
        auto letters = [&] {
            return school.db.read_now([](db::Tx& tx) { return mail::entries(tx, std::nullopt, {}, 100).size(); });
        };
        const auto reset_of = [](PersonId person) { return page_of(person) + "/second-factor/reset"; };
        const auto zoe = school.change([&](db::Tx& tx) {
            auto made =
                identity::create_person(tx, school.ids, school.clock.now(),
                                        {.login = "zoe", .name = "Zoé Vidal", .mail = "zoe@jean-moulin.example"});
            identity::add_function(tx, made->id, school.college, "teacher");
            return made->id;
        });
        const auto without_address = school.change([&](db::Tx& tx) {
            auto made = identity::create_person(tx, school.ids, school.clock.now(), {.login = "yann", .name = "Yann"});
            identity::add_function(tx, made->id, school.college, "teacher");
            return made->id;
        });
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        CHECK_FALSE(head.get(page_of(zoe)).body.contains(reset_of(zoe))); // has none to lose
        school.change([&](db::Tx& tx) {
            identity::add_passkey(
                tx, school.ids,
                {.person = zoe, .credential = {.credential = "c", .public_key = "k", .algorithm = -7}, .label = "Clé"},
                school.clock.now());
        });
        CHECK(head.get(page_of(zoe)).body.contains(reset_of(zoe)));
        school.events();
        CHECK(school.as(school.colleague).post(reset_of(zoe)).status == 403);
        CHECK(school.as(zoe).post(reset_of(zoe)).status == 403);
        CHECK(head.post(reset_of(school.outsider)).status == 403);
        CHECK(head.post(reset_of(school.administrator)).status == 403);
        CHECK(head.post(reset_of(without_address)).status == 409);
        CHECK(school.events().empty());
        CHECK(letters() == 0);
        CHECK(head.post(reset_of(zoe)).status == 303);
        CHECK(head.follow().body.contains("Un message est parti"));
        CHECK(school.events() == std::vector<std::string>{"person.reset_started"});
        CHECK(letters() == 1);
        // Nothing is taken away before the person opens the letter.
        CHECK(school.db.read_now([&](db::Tx& tx) { return identity::factors_of(tx, zoe).second(); }));
    });
}

TEST_CASE("who also works elsewhere, or administers more, is not commanded by one school") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.teacher, school.academy, "inspector"); });
        auto page = head.get(page_of(school.teacher)).body;
        CHECK(page.contains("Ce compte ne se gère pas d’ici"));
        CHECK_FALSE(page.contains("/link\""));
        school.events();
        for (const auto* act : {"/close", "/link", "/sessions/end"})
            CHECK(head.post(page_of(school.teacher) + act).status == 403);
        CHECK(school.events().empty());
        CHECK(school.as(school.administrator).post(page_of(school.teacher) + "/close").status == 303);
    });
}

TEST_CASE("the last administrator stays, and says why") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto refused = admin.post(page_of(school.administrator) + "/administrator", {{"on", "0"}});
        CHECK(refused.status == 409);
        CHECK(refused.body.contains("dernière personne qui administre"));
        CHECK(admin.post(page_of(school.administrator) + "/close").status == 409);
        CHECK(admin.post(page_of(school.head) + "/administrator", {{"on", "1"}}).status == 303);
        CHECK(school.as(school.head).post(page_of(school.administrator) + "/administrator", {{"on", "0"}}).status ==
              303);
        CHECK(admin.get("/admin/people").status == 403);
        // A page that was still open acts with no right that is gone.
        CHECK(admin.post(page_of(school.head) + "/administrator", {{"on", "0"}}).status == 403);
    });
}

TEST_CASE("somebody is added where one administers, with a function and a first way in") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        CHECK(web::page_problems(head.get("/admin/people/new").body).empty());
        const fixtures::Fields zoe{
            {"name", "Zoé Vidal"}, {"login", "zoe.vidal"}, {"function", "teacher"}, {"structure", "0590001A"}};
        auto made = head.post("/admin/people", zoe);
        CHECK(made.status == 200);
        CHECK(made.body.contains("/signin/once/"));
        auto again = head.post("/admin/people", zoe);
        CHECK(again.status == 409);
        CHECK(again.body.contains("value=\"Zoé Vidal\"")); // what was typed is kept
        school.events();
        CHECK(head.post("/admin/people", {{"name", "X"},
                                          {"login", "xx"},
                                          {"function", "teacher"},
                                          {"structure", to_text(school.other_college)}})
                  .status == 403);
        CHECK(head.post("/admin/people", {{"name", "X"}, {"login", "xx"}, {"function", "teacher"}}).status == 403);
        CHECK(head.post("/admin/people", {{"name", "X"},
                                          {"login", "xx"},
                                          {"function", "teacher"},
                                          {"structure", "0590001A"},
                                          {"until", "2026-02-31"}})
                  .status == 422);
        CHECK(school.events().empty());
        CHECK_FALSE(school.db.read_now([](db::Tx& tx) { return identity::find_person_by_login(tx, "xx"); }));
    });
}

TEST_CASE("support sees that things exist and how many, never what they are called") {
    fixtures::at_school(administration, [](School& school) {
        school.change([&](db::Tx& tx) {
            return sharing::create_item(tx, school.world, *identity::find_viewer(tx, school.teacher),
                                        {.parent = school.space, .kind = "folder", .title = "Confidentiel"});
        });
        delegate(school, school.colleague, AdminRole::Support, school.college);
        auto page = school.as(school.colleague).get(page_of(school.teacher)).body;
        CHECK(page.contains("Dossiers"));
        CHECK_FALSE(page.contains("Confidentiel"));
        CHECK_FALSE(page.contains("/functions\"")); // support gives no function
        CHECK(school.as(school.colleague).post(page_of(school.teacher) + "/close").status == 403);
        delegate(school, school.head, AdminRole::People, school.college);
        CHECK_FALSE(school.as(school.head).get(page_of(school.teacher)).body.contains("Dossiers"));
    });
}

TEST_CASE("the space of a person is set by who commands the account") {
    fixtures::at_school(administration, [](School& school) {
        delegate(school, school.head, AdminRole::People, school.college);
        auto head = school.as(school.head);
        CHECK(head.get(page_of(school.teacher)).body.contains("sur 100"));
        school.events();
        CHECK(head.post(page_of(school.teacher) + "/quota", {{"gigabytes", "200"}}).status == 303);
        CHECK(given_space()[school.space.value] == 200'000'000'000);
        CHECK(school.events() == std::vector<std::string>{"space.quota"});
        CHECK(head.post(page_of(school.teacher) + "/quota", {{"gigabytes", "-1"}}).status == 422);
        CHECK(head.post(page_of(school.teacher) + "/quota", {{"gigabytes", "99999999999999999999"}}).status == 422);
        CHECK(head.post(page_of(school.colleague) + "/quota", {{"gigabytes", "2"}}).status == 404); // no space yet
    });
}

TEST_CASE("whatever a page can do, the API can") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto list = json::parse(admin.get("/api/admin/people?q=haddad").body);
        REQUIRE(list.has_value());
        CHECK((*list)["people"].size() == 1);
        const auto api = "/api/admin/people/" + to_text(school.colleague);
        auto given = admin.post_json(api + "/functions",
                                     R"({"function":"trainer","structure":"9740001B","until":"2026-12-31"})");
        CHECK(given.status == 200);
        auto one = json::parse(admin.get(api).body);
        CHECK((*one)["functions"].size() == 2);
        CHECK(admin.post_json(api + "/close", "{}").status == 200);
        CHECK((*json::parse(admin.get(api).body))["person"]["disabled"].boolean() == true);
        CHECK(admin.post_json(api + "/open", "{}").status == 200);
        CHECK((*json::parse(admin.post_json(api + "/link", "{}").body))["url"].text()->contains("/signin/once/"));
        auto made = admin.post_json("/api/admin/people", R"({"name":"Léa Petit","login":"lea"})");
        CHECK(made.status == 201);
        CHECK(admin.post_json("/api/admin/people", "[").status == 400);
        auto refused = school.as_program(school.teacher).post_json(api + "/close", "{}");
        CHECK(refused.status == 403);
        CHECK(refused.body.contains("admin.none"));
    });
}

TEST_CASE("nonsense in addresses and forms is an answer, not a fault") {
    fixtures::at_small_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        for (const auto* page :
             {"/admin/people?after=x", "/admin/people?after=~~1", "/admin/people?q=%01", "/admin/people?structure=zzz",
              "/admin/people?function=%27", "/admin/people?state=%20", "/admin/people?q=%25%27%22&after=~"}) {
            CAPTURE(page);
            CHECK(admin.get(page).status < 500);
        }
        CHECK(admin.get("/admin/people/zzzz").status == 404);
        const auto functions = page_of(school.teacher) + "/functions";
        CHECK(admin.post(functions, {{"function", "teacher"}, {"structure", "0590001A"}}).status == 409);
        CHECK(admin.post(functions, {{"function", "Prof !"}, {"structure", "0590001A"}}).status == 422);
        CHECK(admin.post(functions, {{"function", "teacher"}, {"structure", "nowhere"}}).status == 422);
        CHECK(admin.post(functions, {{"function", "trainer"}, {"structure", "0590001A"}, {"until", "2020-01-01"}})
                  .status == 422);
        CHECK(admin.post(functions + "/end", {{"function", "teacher"}, {"structure", "0590001A"}}).status == 404);
        CHECK(admin.post("/admin/people/zzzz/close").status == 404);
    });
}

} // namespace preau::portal

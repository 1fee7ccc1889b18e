// /admin/import as an administrator uses it.
#include "portal/admin/admin_fixture.hpp"
#include "sharing/link.hpp"

#include "web/page_check.hpp"

#include <doctest/doctest.h>

namespace preau::portal {
namespace {

using fixtures::FormFile;
using fixtures::School;

constexpr std::string_view structures = "key;parent;kind;name;uai\nlp;;school;Lycée Perrin;0590777A\n";

std::string people(int from, int to) {
    std::string list = "key;name;mail;functions\n";
    for (int i = from; i < to; ++i)
        list += "p" + std::to_string(i) + ";Personne " + std::to_string(i) + ";;0590777A:teacher\n";
    return list;
}

FormFile file(std::string_view kind, std::string bytes) {
    return {.input = std::string{kind}, .name = std::string{kind} + ".csv", .bytes = std::move(bytes)};
}

// Sent and examined; answers the run's page.
std::string examine(School& school, fixtures::Visitor& admin, const std::vector<FormFile>& files) {
    auto sent = admin.post_files("/admin/import", {{"source", "siecle"}}, files);
    REQUIRE_MESSAGE(sent.status == 303, sent.body);
    school.jobs.run_due();
    return std::string{sent.headers.find("location")};
}

std::optional<identity::Person> find(School& school, std::string_view login) {
    return school.db.read_now([&](db::Tx& tx) { return identity::find_person_by_login(tx, login); });
}

} // namespace

TEST_CASE("lists are sent, looked at, confirmed and carried out") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto form = admin.get("/admin/import");
        CHECK(form.status == 200);
        CHECK(web::page_problems(form.body).empty());
        auto sent = admin.post_files("/admin/import", {{"source", "siecle"}},
                                     {file("structures", std::string{structures}),
                                      file("people", people(0, 3)),
                                      {.input = "classes", .name = "", .bytes = ""}});
        REQUIRE(sent.status == 303);
        const std::string run{sent.headers.find("location")};
        CHECK(admin.get(run).headers.find("refresh") == "2");
        school.jobs.run_due();
        auto shown = admin.get(run);
        CHECK_FALSE(shown.headers.has("refresh"));
        CHECK(web::page_problems(shown.body).empty());
        CHECK(shown.body.contains("Lycée Perrin"));
        CHECK(shown.body.contains("Importer 4 changements"));
        CHECK_FALSE(find(school, "personne.1")); // looked at only
        school.events();
        CHECK(admin.post(run + "/confirm").status == 303);
        school.jobs.run_due();
        auto done = admin.get(run);
        CHECK(done.body.contains("Import terminé"));
        CHECK(web::page_problems(done.body).empty());
        CHECK(find(school, "personne.1"));
        CHECK(school.events() == std::vector<std::string>{"admin.imported"});
        CHECK(admin.get("/admin/audit").body.contains("Listes importées"));
        CHECK(admin.post(run + "/confirm").status == 303); // pressed twice
        school.jobs.run_due();
        CHECK_FALSE(find(school, "personne.12"));
        CHECK(admin.get(examine(school, admin, {file("people", people(0, 3))})).body.contains("Rien à changer"));
        CHECK(admin.get("/admin/import").body.contains(run));
    });
}

TEST_CASE("too many ends are shown and cannot be confirmed") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        admin.post(
            examine(school, admin, {file("structures", std::string{structures}), file("people", people(0, 30))}) +
            "/confirm");
        school.jobs.run_due();
        auto short_list = examine(school, admin, {file("people", people(0, 5))});
        auto page = admin.get(short_list);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("25 sur 30"));
        CHECK_FALSE(page.body.contains("/confirm"));
        CHECK(admin.post(short_list + "/confirm").status == 409);
        school.jobs.run_due();
        CHECK_FALSE(find(school, "personne.20")->disabled);
    });
}

TEST_CASE("what is no list, and what is nobody's business") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(admin.post_files("/admin/import", {{"source", "siecle"}}, {}).status == 422);
        CHECK(admin.post_files("/admin/import", {{"source", "Not A Word"}}, {file("people", people(0, 1))}).status ==
              422);
        auto picture = examine(school, admin, {file("people", std::string{"\x89PNG\0\0", 6})});
        CHECK(admin.get(picture).body.contains("Import impossible"));
        CHECK(admin.get("/admin/import/zzzz").status == 404);
        // Not even who administers a whole académie by delegation: keys of a source are for everywhere.
        delegate(school, school.head, identity::AdminRole::Administration, school.academy);
        for (auto person : {school.teacher, school.head}) {
            auto other = school.as(person);
            CHECK(other.get("/admin/import").status == 403);
            CHECK(other.post_files("/admin/import", {{"source", "siecle"}}, {file("people", people(0, 1))}).status ==
                  403);
            CHECK(other.get(picture).status == 403);
            CHECK(other.post(picture + "/confirm").status == 403);
        }
        CHECK(school.as_stranger().get("/admin/import").status != 200);
    });
}

TEST_CASE("a family keeps its address when an imported name is corrected, and loses it with its place") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto bring = [&](std::string_view pupils) {
            const auto run = examine(school, admin,
                                     {file("structures", std::string{structures}), file("people", people(0, 1)),
                                      file("classes", "key;structure;name;teachers;pupils\n2a;0590777A;2nde A;p0;" +
                                                          std::string{pupils} + "\n")});
            REQUIRE(admin.post(run + "/confirm").status == 303);
            school.jobs.run_due();
        };
        bring("i1:Lina Lemaire|i2:Adam Aubert");
        const auto token = school.change([&](db::Tx& tx) {
            const auto classes = identity::groups_of(tx, identity::find_person_by_login(tx, "personne.0")->id);
            REQUIRE(classes.size() == 1);
            return sharing::create_class_link(tx, school.world, classes[0].id, "Lina Lemaire").token;
        });
        auto opens = [&] { return school.as_stranger().get("/s/" + token).status < 400; };
        REQUIRE(opens());
        bring("i1:Lina Lemaire-Roy|i2:Adam Aubert");
        CHECK(opens());
        bring("i2:Adam Aubert");
        CHECK_FALSE(opens());
    });
}

} // namespace preau::portal

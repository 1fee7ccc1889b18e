#include "base/json.hpp"
#include "files/files_fixture.hpp"
#include "identity/people.hpp"
#include "identity/school_year.hpp"
#include "sharing/archive.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

std::string text_of(const http::TestAnswer& answer, std::string_view name) {
    auto body = json::parse(answer.body);
    REQUIRE_MESSAGE(body.has_value(), answer.body);
    return (*body)[name].text().value_or("");
}
std::string json_member(const std::string& kind, const std::string& id, const std::string& role) {
    return R"({"kind":")" + kind + R"(","id":")" + id + R"(","role":")" + role + "\"}";
}
std::string make(Visitor visitor, const std::string& title, const std::string& members = {}) {
    auto made =
        visitor.api(Method::Post, "/api/files/spaces", R"({"title":")" + title + R"(","members":[)" + members + "]}");
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return text_of(made, "id");
}

} // namespace

TEST_CASE("a teacher makes a space for a class with a plain form, and everybody of it finds it in the side column") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto form = camille.get("/files/spaces/new");
        CHECK(form.status == 200);
        CHECK(form.body.contains("6e B"));
        school.events();
        auto refused = camille.post("/files/spaces/new", {{"title", "a/b"}, {"group", to_text(school.base.class_6eB)}});
        CHECK(refused.status == 422);
        CHECK(refused.body.contains("value=\"a/b\""));
        CHECK(refused.body.contains("checked"));
        CHECK(school.events().empty());
        auto made =
            camille.post("/files/spaces/new",
                         {{"title", "Équipe <6e B>"}, {"group", to_text(school.base.class_6eB)}, {"role", "edit"}});
        CHECK(made.status == 303);
        const auto address = std::string{made.headers.find("location")};
        auto nadia = school.as(school.colleague);
        CHECK(nadia.get("/files").body.contains("Équipe &lt;6e B&gt;"));
        CHECK(nadia.get(address).status == 200);
        CHECK(nadia.get(address).body.contains("Réglages de l’espace"));
        CHECK(nadia.post(address + "/folders", {{"name", "Volcans"}}).status == 303);
        CHECK(camille.get(address).body.contains("Volcans"));
        CHECK_FALSE(camille.get("/files").body.contains("Volcans")); // two spaces, two trees
        auto outsider = school.as(school.base.outsider);
        CHECK(outsider.get(address).status == 404);
        CHECK_FALSE(outsider.get("/files").body.contains("Équipe"));
        CHECK(school.stranger().post("/files/spaces/new", {{"title", "x"}}).status == 401);
    });
}

TEST_CASE("over the API: made with members, listed, renamed by managers, left, deleted and restored") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto nadia = school.as(school.colleague);
        auto id = make(camille, "Sciences", json_member("person", to_text(school.colleague), "edit"));
        const auto api = "/api/files/spaces/" + id;
        auto spaces = json::parse(nadia.api(Method::Get, "/api/files/spaces").body);
        REQUIRE((*spaces)["spaces"].size() == 1);
        CHECK((*spaces)["spaces"].at(0)["role"].text() == "edit");
        CHECK(nadia.api(Method::Patch, api, R"({"title":"x"})").status == 403);
        CHECK(nadia.api(Method::Delete, api).status == 403);
        CHECK(school.as(school.base.outsider).api(Method::Patch, api, R"({"title":"x"})").status == 404);
        CHECK(text_of(camille.api(Method::Patch, api, R"({"title":"Sciences et techno"})"), "name") ==
              "Sciences et techno");
        CHECK(camille.api(Method::Patch, api, R"({"title":""})").status == 422);
        CHECK(camille.api(Method::Post, api + "/leave").status == 409); // the last manager
        CHECK(camille.post("/files/spaces/" + id + "/leave").body.contains("dernière personne"));

        CHECK(camille.api(Method::Delete, api).status == 200);
        CHECK(nadia.get("/files/" + id).status == 404);
        CHECK_FALSE(nadia.get("/files").body.contains("Sciences et techno"));
        auto trash = camille.get("/files/trash").body;
        CHECK(trash.contains("Espaces supprimés"));
        CHECK(trash.contains("Sciences et techno"));
        CHECK_FALSE(nadia.get("/files/trash").body.contains("Sciences et techno"));
        CHECK(camille.get("/files/spaces/" + id).body.contains("Vous pouvez le rétablir"));
        CHECK(nadia.api(Method::Post, api + "/restore").status == 404);
        CHECK(camille.api(Method::Post, api + "/restore").status == 200);
        CHECK(nadia.get("/files/" + id).status == 200);
        CHECK(nadia.api(Method::Post, api + "/leave").status == 200);
        CHECK(nadia.get("/files/" + id).status == 404);
        school.events();
        for (auto bad : {R"({"kind":"person","id":"x","role":"edit"})", R"({"kind":"public","id":"1","role":"view"})",
                         R"({"kind":"person","id":"1","role":"deposit"})"}) {
            CAPTURE(bad);
            auto refused =
                camille.api(Method::Post, "/api/files/spaces", std::string{R"({"title":"x","members":[)"} + bad + "]}");
            CHECK_MESSAGE((refused.status == 422 || refused.status == 404), refused.body);
            CHECK(school.events().empty());
        }
    });
}

TEST_CASE("a space outlives the account of who made it") {
    on_each_school([](TestSchool& school) {
        auto id =
            make(school.as(school.teacher), "Sciences", json_member("person", to_text(school.colleague), "manage"));
        school.base.change([&](db::Tx& tx) { identity::set_disabled(tx, school.teacher, true); });
        auto nadia = school.as(school.colleague);
        CHECK(nadia.get("/files/" + id).status == 200);
        CHECK(nadia.post("/files/spaces/" + id + "/rename", {{"title", "Sciences 2027"}}).status == 303);
        CHECK(nadia.post("/files/" + id + "/folders", {{"name", "Volcans"}}).status == 303);
    });
}

TEST_CASE("a space has its own trash, for its managers") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto nadia = school.as(school.colleague);
        auto id = make(camille, "Sciences", json_member("person", to_text(school.colleague), "edit"));
        auto folder =
            text_of(nadia.api(Method::Post, "/api/files/" + id + "/folders", R"({"name":"Brouillons"})"), "id");
        CHECK(nadia.api(Method::Delete, "/api/files/" + folder).status == 200);
        CHECK_FALSE(camille.get("/files/trash").body.contains("Brouillons"));
        auto trash = camille.get("/files/trash?space=" + id).body;
        CHECK(trash.contains("Brouillons"));
        CHECK(nadia.get("/files/trash?space=" + id).status == 403);
        CHECK(school.as(school.base.outsider).get("/files/trash?space=" + id).status == 404);
        CHECK(camille.get("/files/trash?space=zz!").status == 404);
        auto back = camille.post("/files/" + folder + "/restore?from=trash&space=" + id);
        CHECK(std::string{back.headers.find("location")}.starts_with("/files/trash?space=" + id + "&restored="));
        CHECK(camille.get(std::string{back.headers.find("location")}).body.contains("est de nouveau à sa place"));
        CHECK(nadia.get("/files/" + id).body.contains("Brouillons"));
        // Between spaces goes what one manages.
        auto own = to_text(school.space);
        CHECK(camille.api(Method::Post, "/api/files/move", R"({"items":[")" + folder + R"("],"to":")" + own + "\"}")
                  .body.contains("\"name\":\"Brouillons\""));
        CHECK(nadia.get("/files/" + folder).status == 404);
    });
}

TEST_CASE("the space of a class whose year has ended stands under Archives: its staff read it, and write no more") {
    on_each_school([](TestSchool& school) {
        const auto sixth = school.base.class_6eB;
        auto camille = school.as(school.teacher);
        auto nadia = school.as(school.colleague);
        auto id = make(camille, "Équipe 6e B", json_member("group", to_text(sixth), "edit"));
        auto both = make(camille, "Projet commun",
                         json_member("group", to_text(sixth), "edit") + "," +
                             json_member("structure", to_text(school.base.college), "edit"));
        CHECK_FALSE(nadia.get("/files").body.contains("/files/archives"));
        CHECK(nadia.post("/files/" + id + "/folders", {{"name", "Volcans"}}).status == 303);
        const auto head = school.base.viewer(school.base.head);
        school.base.change([&](db::Tx& tx) {
            const auto act = school.world.ids.next_as<identity::ClosingId>();
            auto closed = identity::close_classes(
                tx, {.id = act, .structure = school.base.college, .classes = {sixth}, .year = "2025-2026"}, 1);
            REQUIRE(closed);
            REQUIRE(sharing::archive_classes(
                tx, school.world, head,
                {.act = sharing::SuspensionId{act.value}, .classes = {sixth}, .year = "2025-2026"}, {}));
        });
        for (auto* visitor : {&camille, &nadia}) {
            auto side = visitor->get("/files").body;
            CHECK(side.contains("/files/archives"));
            CHECK_FALSE(side.contains("href=\"/files/" + id + "\""));
            CHECK(side.contains("href=\"/files/" + both + "\"")); // others work in it
            CHECK(visitor->get("/files/archives").body.contains("href=\"/files/" + id + "\""));
            CHECK(visitor->get("/files/" + id).body.contains("Volcans"));
        }
        CHECK(nadia.post("/files/" + id + "/folders", {{"name", "Séismes"}}).status == 403);
        CHECK(nadia.post("/files/" + both + "/folders", {{"name", "Séismes"}}).status == 303); // of the school
        CHECK(camille.post("/files/" + id + "/folders", {{"name", "Séismes"}}).status == 303); // it is hers, too
        auto spaces = json::parse(nadia.api(Method::Get, "/api/files/spaces").body);
        for (std::size_t i = 0; i < (*spaces)["spaces"].size(); ++i) {
            const auto space = (*spaces)["spaces"].at(i);
            CHECK(space["archived"].boolean() == (space["id"].text() == id));
        }
        CHECK(school.stranger().get("/files/archives").status == 303);
    });
}

#include "base/json.hpp"
#include "base/text.hpp"
#include "files/files_fixture.hpp"
#include "files/folder/folder_service.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

std::string folder_path(ItemId id) { return "/files/" + to_text(id); }
std::string api_path(ItemId id) { return "/api/files/" + to_text(id); }
std::string name_json(std::string_view name) { return R"({"name":)" + json::text_of(std::string{name}) + "}"; }

} // namespace

TEST_CASE("a person's space is made on the first visit and says what to do with it") {
    on_each_school([](TestSchool& school) {
        auto nadia = school.as(school.colleague);
        auto first = nadia.get("/files");
        CHECK(first.status == 200);
        CHECK(first.body.contains("Mes fichiers"));
        CHECK(first.body.contains("Ce dossier est vide"));
        CHECK(school.events() == std::vector<std::string>{"item.granted"}); // her own right to manage it
        CHECK(nadia.get("/files").status == 200);
        CHECK(school.events().empty()); // from now on it is only read
    });
}

TEST_CASE("strangers are shown the door, and come back to where they wanted") {
    on_sqlite_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto own = school.stranger().get("/files");
        CHECK(own.status == 303);
        CHECK(own.headers.find("location") == "/signin?to=%2Ffiles");
        auto page = school.stranger().get(folder_path(folder));
        CHECK(page.status == 303);
        CHECK(page.headers.find("location").starts_with("/signin?to="));
        // A folder that is not there answers the same.
        CHECK(school.stranger().get("/files/zzzz").status == 303);
        CHECK(school.stranger().api(Method::Get, api_path(folder)).status == 401);
        CHECK(school.stranger().api(Method::Post, api_path(folder) + "/folders", name_json("x")).status == 401);
    });
}

TEST_CASE("a folder is made by the form and by the API, once stored and announced") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto answer = camille.post(folder_path(school.space) + "/folders", {{"name", "Copies, volcans"}});
        CHECK(answer.status == 303);
        auto folder = school.child(school.space, "Copies, volcans");
        REQUIRE(folder);
        CHECK(answer.headers.find("location") == folder_path(*folder));
        CHECK(school.events() == std::vector<std::string>{"item.created"});

        auto made = camille.api(Method::Post, api_path(*folder) + "/folders", name_json("Groupe A"));
        CHECK(made.status == 201);
        auto json = json::parse(made.body);
        REQUIRE(json);
        auto id = (*json)["id"].text();
        REQUIRE(id);
        CHECK((*json)["url"].text() == "/files/" + *id);
        CHECK((*json)["name"].text() == "Groupe A");
        CHECK((*json)["revision"].integer() == 1);
        CHECK(made.headers.find("location") == "/files/" + *id);
        CHECK(camille.get("/files/" + *id).body.contains("Groupe A"));
        CHECK(school.events() == std::vector<std::string>{"item.created"});
    });
}

TEST_CASE("the folders of a path are made where they are missing, however often it is asked") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "lave.txt", "lave");
        school.events();
        auto ask = [&](Visitor visitor, const std::string& path) {
            return visitor.api(Method::Post, api_path(folder) + "/folders", "{\"path\":\"" + path + "\"}");
        };
        auto made = ask(camille, "Séance 3/Photos");
        CHECK(made.status == 201);
        CHECK(school.events() == std::vector<std::string>{"item.created", "item.created"});
        auto photos = *school.child(*school.child(folder, "Séance 3"), "Photos");
        CHECK((*json::parse(made.body))["id"].text() == to_text(photos));
        CHECK(ask(camille, "Séance 3/Photos").status == 201);
        CHECK(ask(camille, "Séance 3/Vide").status == 201);
        CHECK(school.events() == std::vector<std::string>{"item.created"});
        for (std::string path : {"..", "a/../b", "/a", "a//b"}) {
            CAPTURE(path);
            CHECK(ask(camille, path).status == 422);
        }
        CHECK(ask(camille, "lave.txt/Photos").status == 409);
        CHECK(camille.api(Method::Post, api_path(file) + "/folders", "{\"path\":\"a\"}").status == 422);
        CHECK(ask(school.as(school.colleague), "Séance 3").status == 404); // although nothing is to be made
        school.give(folder, subject(school.colleague), Role::View);
        school.events();
        CHECK(ask(school.as(school.colleague), "Séance 3").status == 403);
        CHECK(school.events().empty());
    });
}

TEST_CASE("who has no right makes nothing and learns nothing") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "sujet.txt", "secret");
        school.events();
        auto nadia = school.as(school.colleague);
        CHECK(nadia.get(folder_path(folder)).status == 404);
        CHECK_FALSE(nadia.get(folder_path(folder)).body.contains("Sciences"));
        CHECK(nadia.get(folder_path(file)).status == 404);
        CHECK(nadia.api(Method::Get, api_path(folder)).status == 404);
        CHECK(nadia.post(folder_path(folder) + "/folders", {{"name", "x"}}).status == 404);
        CHECK(nadia.api(Method::Post, api_path(folder) + "/folders", name_json("x")).status == 404);
        CHECK(nadia.get(folder_path(folder) + "/rename").status == 404);
        CHECK(nadia.post(folder_path(folder) + "/rename", {{"name", "x"}}).status == 404);
        CHECK(nadia.api(Method::Patch, api_path(folder), name_json("x")).status == 404);
        CHECK(nadia.api(Method::Delete, api_path(folder)).status == 404);
        CHECK(school.events().empty());

        school.give(folder, subject(school.colleague), Role::View);
        school.events();
        CHECK(nadia.get(folder_path(folder)).status == 200);
        CHECK_FALSE(nadia.get(folder_path(folder)).body.contains("data-new"));
        CHECK(nadia.post(folder_path(folder) + "/folders", {{"name", "x"}}).status == 403);
        CHECK(nadia.api(Method::Patch, api_path(folder), name_json("x")).status == 403);
        CHECK(nadia.api(Method::Delete, api_path(file)).status == 403);
        CHECK(school.events().empty());
        CHECK(school.names_in(folder) == std::vector<std::string>{"sujet.txt"});
    });
}

TEST_CASE("names that differ in their capitals only are kept, and pointed at") {
    on_each_school([&](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Semaine");
        for (auto name : {"Été", "Zoo"}) school.make_folder(folder, name);
        const auto address = "/files/" + to_text(folder);
        CHECK_FALSE(camille.get(address).body.contains("que par les majuscules"));
        school.make_folder(folder, "ÉTÉ");
        auto page = camille.get(address).body;
        CHECK(page.contains("«\u00a0ÉTÉ\u00a0»"));
        CHECK(page.contains("que par les majuscules"));
        CHECK(camille.with_header("Accept-Language", "en").get(address).body.contains("in their capitals only"));
    });
}

TEST_CASE("names: what is stored, what is refused") {
    struct Row {
        std::string sent, stored; // empty: refused
        int status;
    };
    const std::vector<Row> table{
        {"Été", "Été", 201},
        {"E\u0301te\u0301 bis", "Été bis", 201},  // decomposed as macOS sends it: stored composed
        {"e\u0301te\u0301 bis", "été bis", 201},  // another case only: allowed
        {"Volcans.odp", "Volcans.odp", 201},
        {"volcans.ODP", "volcans.ODP", 201},
        {"🌋", "🌋", 201},
        {" a ", "a", 201},
        {"...", "...", 201},
        {"a\\b", "a\\b", 201},
        {"<b>gras", "<b>gras", 201},
        {std::string(255, 'x'), std::string(255, 'x'), 201},
        {std::string(256, 'x'), "", 422},
        {"é" + std::string(254, 'x'), "", 422}, // 256 bytes
        {"", "", 422},
        {".", "", 422},
        {"..", "", 422},
        {"../evil", "", 422},
        {"a/b", "", 422},
        {"a\nb", "", 422},
        {std::string("a\0b", 3), "", 422},
        {"a\u007f", "", 422},
    };
    on_each_school([&](TestSchool& school) {
        auto camille = school.as(school.teacher);
        for (const auto& row : table) {
            CAPTURE(row.sent);
            auto folder = school.make_folder(school.space, "Dossier");
            school.events();
            auto answer = camille.api(Method::Post, api_path(folder) + "/folders", name_json(row.sent));
            CHECK(answer.status == row.status);
            if (row.stored.empty()) {
                CHECK(school.names_in(folder).empty());
                CHECK(school.events().empty());
            } else {
                CHECK(school.names_in(folder) == std::vector<std::string>{row.stored});
            }
            CHECK(camille.api(Method::Delete, api_path(folder)).status == 200);
        }
        CHECK(camille.api(Method::Post, api_path(school.space) + "/folders", "{\"name\":\"\xff\"}").status >= 400);
        CHECK(camille.api(Method::Post, api_path(school.space) + "/folders", "{\"nom\":1}").status == 422);
        CHECK(camille.api(Method::Post, api_path(school.space) + "/folders", "pas du JSON").status == 400);
    });
}

TEST_CASE("a taken name comes back in the form with what was typed") {
    on_each_school([](TestSchool& school) {
        school.make_folder(school.space, "Sciences");
        school.events();
        auto camille = school.as(school.teacher);
        auto answer = camille.post(folder_path(school.space) + "/folders", {{"name", "Sciences"}});
        CHECK(answer.status == 409);
        CHECK(answer.body.contains("value=\"Sciences\""));
        CHECK(answer.body.contains("aria-invalid=\"true\""));
        CHECK(camille.api(Method::Post, api_path(school.space) + "/folders", name_json("Sciences")).status == 409);
        CHECK(school.events().empty());
        CHECK(school.names_in(school.space) == std::vector<std::string>{"Sciences"});
    });
}

TEST_CASE("nothing is put into what is no folder") {
    on_sqlite_school([](TestSchool& school) {
        auto file = school.put_file(school.space, "sujet.txt", "x");
        school.events();
        auto answer = school.as(school.teacher).api(Method::Post, api_path(file) + "/folders", name_json("x"));
        CHECK(answer.status == 422);
        CHECK(school.events().empty());
        CHECK(school.names_in(file).empty());
    });
}

TEST_CASE("renaming asks for the revision that one has seen") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Brouillon");
        school.make_folder(school.space, "Sciences");
        school.events();
        auto camille = school.as(school.teacher);
        CHECK(camille.get(folder_path(folder) + "/rename").body.contains("value=\"Brouillon\""));
        auto renamed = camille.api(Method::Patch, api_path(folder), R"({"name":"Volcans","revision":1})");
        CHECK(renamed.status == 200);
        CHECK(renamed.body.contains(R"("revision":2)"));
        CHECK(school.events() == std::vector<std::string>{"item.renamed"});

        CHECK(camille.api(Method::Patch, api_path(folder), R"({"name":"Autre","revision":1})").status == 409);
        CHECK(camille.api(Method::Patch, api_path(folder), R"({"name":"Sciences"})").status == 409);
        CHECK(camille.api(Method::Patch, api_path(folder), R"({"name":"a/b"})").status == 422);
        CHECK(camille.api(Method::Patch, api_path(folder), "{}").status == 422);
        CHECK(camille.api(Method::Patch, api_path(school.space), R"({"name":"Autre"})").status == 403);
        CHECK(school.events().empty());

        auto form = camille.post(folder_path(folder) + "/rename", {{"name", "Sciences"}, {"revision", "2"}});
        CHECK(form.status == 409);
        CHECK(form.body.contains("value=\"Sciences\"")); // what was typed
        CHECK(camille.post(folder_path(folder) + "/rename", {{"name", "Roches"}, {"revision", "2"}}).status == 303);
        CHECK(school.names_in(school.space) == std::vector<std::string>{"Roches", "Sciences"});
    });
}

TEST_CASE("long folders come in pages of a hundred, without gaps or repeats") {
    on_each_school([](TestSchool& school) {
        auto viewer = school.base.viewer(school.teacher);
        auto folder = school.make_folder(school.space, "Élèves");
        school.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 130; ++i)
                (void)sharing::create_item(tx, school.world, viewer,
                                           {.parent = folder, .kind = "folder", .title = fmt::format("Élève {}", i)});
        });
        auto camille = school.as(school.teacher);
        auto page = camille.get(folder_path(folder)).body;
        CHECK(page.contains("Élève 99<"));
        CHECK_FALSE(page.contains("Élève 100<")); // numbers order by value
        auto start = page.find("?after=");
        REQUIRE(start != std::string::npos);
        auto next = page.substr(start, page.find('"', start) - start);
        auto rest = camille.get(folder_path(folder) + next).body;
        CHECK(rest.contains("Élève 100<"));
        CHECK(rest.contains("Élève 129<"));
        CHECK_FALSE(rest.contains("Élève 99<"));
        CHECK_FALSE(rest.contains("data-more"));

        auto list = json::parse(camille.api(Method::Get, api_path(folder)).body);
        CHECK((*list)["items"].size() == 100);
        auto more = json::parse(camille.api(Method::Get, api_path(folder) + "?after=" + *(*list)["next"].text()).body);
        CHECK((*more)["items"].size() == 30);
        CHECK_FALSE((*more)["next"].present());
        CHECK(camille.get(folder_path(folder) + "?after=zz").status == 400);
    });
}

TEST_CASE("a page costs the same queries for two rows and for eighty") {
    on_each_school([](TestSchool& school) {
        auto viewer = school.base.viewer(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto cost = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                auto standing = sharing::standing(tx, viewer, folder, school.clock.now());
                auto listing = list_folder(tx, viewer, standing, {}, school.clock.now());
                REQUIRE(listing);
                return tx.query_count();
            });
        };
        school.put_file(folder, "a.txt", "a");
        school.make_folder(folder, "b");
        auto small = cost();
        for (int i = 0; i < 20; ++i) school.put_file(folder, fmt::format("{}.txt", i), "x");
        for (int i = 0; i < 60; ++i) school.make_folder(folder, fmt::format("d{}", i));
        CHECK(cost() == small);
        CHECK(small <= 17);
    });
}

TEST_CASE("names are text, never markup") {
    on_sqlite_school([](TestSchool& school) {
        const std::string evil = "<img src=x onerror=alert(1)>\"'&.txt";
        auto folder = school.make_folder(school.space, "<script>alert(1)<\\script>");
        auto file = school.put_file(folder, evil, "x");
        auto camille = school.as(school.teacher);
        auto link = school.link(folder, Role::View, false);
        for (const auto& body :
             {camille.get("/files").body, camille.get(folder_path(folder)).body, camille.get(folder_path(file)).body,
              camille.get(folder_path(file) + "/rename").body, school.by_links({link}).get(folder_path(folder)).body}) {
            CHECK_FALSE(body.contains("<img src=x"));
            CHECK_FALSE(body.contains("<script>alert"));
            CHECK_FALSE(body.contains("onerror=alert(1)>\""));
        }
        CHECK(camille.get(folder_path(folder)).body.contains("&lt;img src=x onerror=alert(1)&gt;"));
    });
}

TEST_CASE("a colleague sees what is shared and nothing above it") {
    on_each_school([](TestSchool& school) {
        auto top = school.make_folder(school.space, "Dossier privé");
        auto shared = school.make_folder(top, "Équipe de sciences");
        auto below = school.make_folder(shared, "Fiches");
        school.give(shared, subject(school.colleague), Role::Edit);
        auto nadia = school.as(school.colleague);
        auto page = nadia.get(folder_path(below));
        CHECK(page.status == 200);
        CHECK(page.body.contains("Équipe de sciences"));
        CHECK_FALSE(page.body.contains("Dossier privé"));
        CHECK_FALSE(page.body.contains(to_text(top)));
        CHECK(nadia.get(folder_path(top)).status == 404);
        CHECK(school.as(school.teacher).get(folder_path(below)).body.contains("Dossier privé"));
        CHECK(nadia.post(folder_path(below) + "/folders", {{"name", "Séance 1"}}).status == 303);
    });
}

TEST_CASE("each row says who sees it") {
    on_sqlite_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        school.make_folder(folder, "Brouillons");
        CHECK(camille.get(folder_path(folder)).body.contains("</svg> Moi"));
        auto linked = school.make_folder(folder, "Pour les familles");
        school.link(linked, Role::View, false);
        CHECK(camille.get(folder_path(folder)).body.contains("</svg> Lien"));
        auto team = school.make_folder(folder, "Pour Nadia");
        school.give(team, subject(school.colleague), Role::Edit);
        auto body = camille.get(folder_path(folder)).body;
        CHECK(body.contains("</svg> Nadia Haddad"));
        CHECK(body.contains("/share/" + to_text(team)));
        // Inside what is shared, a row without rights of its own is as visible as its folder, and says so.
        auto inside = school.make_folder(team, "Dedans");
        body = camille.get(folder_path(team)).body;
        auto row = body.find("data-share=\"" + to_text(inside) + "\"");
        REQUIRE(row != std::string::npos);
        CHECK(body.find("</svg> Nadia Haddad", row) < body.find("</a>", row));
    });
}

TEST_CASE("pages are complete in English") {
    on_sqlite_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        camille.with_header("Accept-Language", "en");
        auto folder = school.make_folder(school.space, "Sciences");
        school.put_file(folder, "a.txt", "x");
        auto body = camille.get(folder_path(folder)).body;
        CHECK(body.contains("My files"));
        CHECK(body.contains("New folder"));
        CHECK_FALSE(body.contains("Nouveau"));
        CHECK(camille.get("/files/trash").body.contains("The trash is empty"));
    });
}

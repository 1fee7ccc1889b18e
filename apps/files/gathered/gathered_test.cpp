#include "base/json.hpp"
#include "files/files_fixture.hpp"
#include "files/gathered/gathered.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

json::Value list(Visitor visitor, const std::string& which) {
    auto answer = visitor.api(Method::Get, "/api/files/" + which);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    auto body = json::parse(answer.body);
    REQUIRE(body);
    return *body;
}
std::vector<std::string> names(const json::Value& body) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < body["items"].size(); ++i)
        all.push_back(body["items"].at(i)["name"].text().value_or(""));
    return all;
}
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("what is shared with me or my class is listed, says by whom, and can be hidden, shown and given back") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(school.space, "Volcans.odp", "lave");
        auto secret = school.make_folder(school.space, "Secret");
        school.give(folder, subject(school.base.class_6eB), Role::View);
        school.clock.advance(1_s);
        school.give(file, subject(school.colleague), Role::Edit);
        auto nadia = school.as(school.colleague);
        auto page = nadia.get("/files/shared");
        CHECK(page.status == 200);
        CHECK(page.body.contains("Volcans.odp"));
        CHECK(page.body.contains("Sciences"));
        CHECK(page.body.contains("Partagé par Camille Bernard"));
        CHECK_FALSE(page.body.contains("Secret"));
        CHECK(page.body.contains("aria-current=\"page\""));
        auto read = list(nadia, "shared");
        CHECK(names(read) == Names{"Volcans.odp", "Sciences"});
        auto first = read["items"].at(0);
        CHECK(first["may_edit"].boolean() == true);
        CHECK(first["may_leave"].boolean() == true);
        CHECK(first["shared_by"].text() == "Camille Bernard");
        CHECK(first["size"].integer() == 4);
        CHECK(read["items"].at(1)["may_leave"].boolean() == false);
        CHECK(read["items"].at(1)["may_edit"].boolean() == false);
        CHECK(list(school.as(school.teacher), "shared")["items"].size() == 0);
        CHECK(school.as(school.base.outsider).get("/files/shared").body.contains("Rien n’est partagé"));
        CHECK(school.stranger().get("/files/shared").status == 303);
        CHECK(school.stranger().api(Method::Get, "/api/files/shared").status == 401);

        auto address = "/files/shared/" + to_text(folder);
        CHECK(nadia.post(address + "/hide").status == 303);
        CHECK(names(list(nadia, "shared")) == Names{"Volcans.odp"});
        CHECK(names(list(nadia, "shared?hidden=1")) == Names{"Sciences"});
        CHECK(nadia.get("/files/" + to_text(folder)).status == 200);
        CHECK(nadia.post(address + "/show").status == 303);
        CHECK(nadia.post(address + "/leave").status == 409); // by her class
        school.events();
        CHECK(nadia.api(Method::Post, "/api/files/shared/" + to_text(file) + "/leave").status == 200);
        CHECK(school.events() == Names{"item.ungranted"});
        CHECK(nadia.get("/files/" + to_text(file)).status == 404);
        CHECK(names(list(nadia, "shared")) == Names{"Sciences"});
        CHECK(nadia.post("/files/shared/" + to_text(secret) + "/hide").status == 404);
        CHECK(nadia.post("/files/shared/" + to_text(secret) + "/leave").status == 404);
        CHECK(nadia.api(Method::Get, "/api/files/shared?after=x").status == 400);
        CHECK(nadia.api(Method::Get, "/api/files/shared?after=1.").status == 400);
    });
}

TEST_CASE("recents and favourites list files and folders from everywhere, as rows of a folder do") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        CHECK(camille.get("/files/favourites").body.contains("Aucun favori"));
        auto folder = school.make_folder(school.space, "Sciences");
        school.clock.advance(1_s);
        auto file = school.put_file(folder, "Volcans.odp", "lave");
        CHECK(names(list(camille, "recents")) == Names{"Volcans.odp", "Sciences"});
        CHECK(camille.get("/files/recents").body.contains("Volcans.odp"));
        CHECK(list(school.as(school.colleague), "recents")["items"].size() == 0);
        CHECK(camille.api(Method::Put, "/api/sharing/items/" + to_text(file) + "/favourite").status < 300);
        auto favourites = list(camille, "favourites");
        CHECK(names(favourites) == Names{"Volcans.odp"});
        CHECK(favourites["items"].at(0)["favourite"].boolean() == true);
        CHECK(favourites["items"].at(0)["audience"]["text"].text() == "Moi");
        // Who sees it is said of what it inherits, too.
        school.give(folder, subject(school.colleague), Role::View);
        CHECK(list(camille, "favourites")["items"].at(0)["audience"]["text"].text() != "Moi");
        CHECK(camille.get("/files/favourites").body.contains("Volcans.odp"));
        CHECK(camille.with_header("Accept-Language", "en").get("/files/recents").body.contains("Recent"));
    });
}

TEST_CASE("a gathered list costs as many queries for two rows as for forty") {
    on_each_school([](TestSchool& school) {
        auto viewer = school.base.viewer(school.colleague);
        auto cost = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                auto list = gather(tx, school.files, viewer, Gathered::Shared, "", 100, school.clock.now());
                REQUIRE(list);
                return tx.query_count();
            });
        };
        auto share = [&](int from, int to) {
            for (int i = from; i < to; ++i)
                school.give(school.make_folder(school.space, fmt::format("x {}", i)), subject(school.colleague),
                            Role::View);
        };
        share(0, 2);
        auto few = cost();
        share(2, 40);
        CHECK(cost() == few);
    });
}

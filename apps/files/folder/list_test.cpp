#include "base/json.hpp"
#include "files/files_fixture.hpp"
#include "files/folder/folder_service.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

json::Value list(Visitor visitor, ItemId folder, const std::string& query = {}) {
    auto answer = visitor.api(Method::Get, "/api/files/" + to_text(folder) + query);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    auto body = json::parse(answer.body);
    REQUIRE(body);
    return *body;
}
std::vector<std::string> names(const json::Value& list) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < list["items"].size(); ++i)
        all.push_back(list["items"].at(i)["name"].text().value_or(""));
    return all;
}
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("the list of a folder says all that a row shows") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto inside = school.make_folder(folder, "Photos");
        school.make_folder(inside, "2026");
        auto file = school.put_file(folder, "Volcans.odp", "lave");
        auto read = list(school.as(school.teacher), folder);
        CHECK(read["folder"]["name"].text() == "Sciences");
        CHECK(read["folder"]["role"].text() == "manage");
        CHECK(read["count"].integer() == 2);
        auto first = read["items"].at(0);
        CHECK(first["id"].text() == to_text(inside));
        CHECK(first["extent"].text().value_or("").ends_with("élément"));
        CHECK(first["icon"].text() == "folder");
        auto second = read["items"].at(1);
        CHECK(second["id"].text() == to_text(file));
        CHECK(second["kind"].text() == "file");
        CHECK(second["url"].text() == "/files/" + to_text(file));
        CHECK(second["size"].integer() == 4);
        CHECK(second["extent"].text().value_or("").starts_with("4"));
        CHECK(second["revision"].integer() == 1);
        CHECK(second["may_edit"].boolean() == true);
        CHECK(second["may_manage"].boolean() == true);
        CHECK(second["audience"]["text"].text() == "Moi");
        CHECK(second["changed"].text().value_or("") != "");
        CHECK_FALSE(read["next"].present());
        CHECK(second["favourite"].boolean() == false);
        auto camille = school.as(school.teacher);
        CHECK(camille.api(Method::Put, "/api/sharing/items/" + to_text(file) + "/favourite").status < 300);
        CHECK(list(camille, folder)["items"].at(1)["favourite"].boolean() == true);
    });
}

TEST_CASE("a shortcut shows the name and the icon of what it leads to, to who may know it") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto inside = school.make_folder(school.space, "Archives");
        auto file = school.put_file(school.space, "Carte.png", "png");
        auto camille = school.as(school.teacher);
        for (auto target : {inside, file})
            CHECK(camille
                      .api(Method::Post, "/api/sharing/items/" + to_text(folder) + "/shortcuts",
                           "{\"target\":\"" + to_text(target) + "\"}")
                      .status == 201);
        auto read = list(camille, folder);
        REQUIRE(names(read) == Names{"Archives", "Carte.png"});
        for (std::size_t i : {0U, 1U}) {
            CHECK(read["items"].at(i)["kind"].text() == "shortcut");
            CHECK(read["items"].at(i)["shortcut"].boolean() == true);
            CHECK(read["items"].at(i)["extent"].text() == "Raccourci");
            CHECK(read["items"].at(i)["url"].text().value_or("").starts_with("/shortcut/"));
        }
        CHECK(read["items"].at(0)["icon"].text() == "folder");
        CHECK(read["items"].at(1)["icon"].text() == "photo");
        auto page = camille.get("/files/" + to_text(folder)).body;
        CHECK(page.contains("class=\"mark shortcut\""));
        school.give(folder, subject(school.colleague), Role::View);
        auto seen = list(school.as(school.colleague), folder);
        CHECK(names(seen) == Names{"Raccourci", "Raccourci (2)"});
        CHECK(seen["items"].at(0)["icon"].text() == "arrow-guide");
        CHECK(seen["items"].at(0)["shortcut"].boolean() == true);
    });
}

TEST_CASE("whose eyes one may borrow is said where the families of one's own class are reached, to who manages") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto shared = school.put_file(folder, "Fiche.pdf", "x");
        school.put_file(folder, "Notes.odt", "x");
        school.give(shared, families(school.base.class_6eB), Role::View);
        auto eyes = "families-" + to_text(school.base.class_6eB);
        auto read = list(school.as(school.teacher), folder);
        CHECK(read["items"].at(0)["see_as"].text() == eyes);
        CHECK_FALSE(read["items"].at(1)["see_as"].present());
        CHECK(school.as(school.teacher).get("/files/" + to_text(folder)).body.contains("value=\"" + eyes + "\""));
        // Nadia is of the class and only reads; the head would manage, and is not of the class.
        school.give(folder, subject(school.colleague), Role::Edit);
        CHECK_FALSE(list(school.as(school.colleague), folder)["items"].at(0)["see_as"].present());
        school.give(folder, subject(school.base.head), Role::Manage);
        CHECK_FALSE(list(school.as(school.base.head), folder)["items"].at(0)["see_as"].present());
    });
}

TEST_CASE("the list is sorted as asked, over pages") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        school.put_file(folder, "b.pdf", "12345");
        school.clock.advance(1_s);
        school.put_file(folder, "a.odt", "123");
        school.clock.advance(1_s);
        school.put_file(folder, "É.pdf", "1");
        school.make_folder(folder, "Z");
        auto camille = school.as(school.teacher);
        const std::vector<std::pair<std::string, Names>> expected{
            {"sort=name", {"Z", "a.odt", "b.pdf", "É.pdf"}},
            {"sort=name&order=desc", {"Z", "É.pdf", "b.pdf", "a.odt"}},
            {"sort=changed&order=desc", {"Z", "É.pdf", "a.odt", "b.pdf"}},
            {"sort=size&order=asc", {"Z", "É.pdf", "a.odt", "b.pdf"}},
            {"sort=size&order=desc", {"Z", "b.pdf", "a.odt", "É.pdf"}},
            {"sort=kind", {"Z", "a.odt", "b.pdf", "É.pdf"}},
        };
        for (const auto& [query, wanted] : expected) {
            CAPTURE(query);
            CHECK(names(list(camille, folder, "?" + query)) == wanted);
            Names paged;
            std::string after;
            do {
                auto page = list(camille, folder, "?" + query + "&limit=1" + (after.empty() ? "" : "&after=" + after));
                CHECK(page["count"].integer() == 4);
                for (auto& name : names(page)) paged.push_back(std::move(name));
                after = page["next"].text().value_or("");
            } while (!after.empty() && paged.size() < 9);
            CHECK(paged == wanted);
        }
        // New bytes, new size.
        CHECK(camille.put("/api/files/" + to_text(folder) + "/children/a.odt?if_taken=replace", "123456789").status ==
              200);
        CHECK(names(list(camille, folder, "?sort=size&order=desc"))[1] == "a.odt");
        auto page = camille.get("/files/" + to_text(folder) + "?sort=size&order=desc").body;
        CHECK(page.find("a.odt") < page.find("b.pdf"));
        for (auto bad : {"?sort=colour", "?order=up", "?after=zz", "?after=zz.zz.zz", "?after=1.ISE.x.ISE",
                         "?sort=size&after=4.MA.99999999999999999999.MA", "?sort=kind&after=4._w.1._w"}) {
            CAPTURE(bad);
            CHECK(camille.api(Method::Get, "/api/files/" + to_text(folder) + bad).status == 400);
        }
    });
}

TEST_CASE("each row says what its reader may do with it") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Équipe");
        school.put_file(folder, "a.txt", "x");
        auto hers = school.put_file(folder, "b.txt", "x");
        school.give(folder, subject(school.colleague), Role::View);
        school.give(hers, subject(school.colleague), Role::Edit);
        auto read = list(school.as(school.colleague), folder);
        CHECK(read["folder"]["role"].text() == "view");
        CHECK(read["items"].at(0)["may_edit"].boolean() == false);
        CHECK(read["items"].at(1)["may_edit"].boolean() == true);
        CHECK(read["items"].at(1)["may_manage"].boolean() == false);
    });
}

TEST_CASE("a page of five hundred rows costs as many queries as one of five, in every order") {
    on_each_school([](TestSchool& school) {
        auto viewer = school.base.viewer(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto add = [&](int from, int to) {
            school.db.write_now([&](db::Tx& tx) {
                for (int i = from; i < to; ++i)
                    (void)sharing::create_item(
                        tx, school.world, viewer,
                        {.parent = folder, .kind = i % 3 ? "file" : "folder", .title = fmt::format("x {}", i)});
            });
        };
        using By = sharing::ChildOrder::By;
        auto cost = [&](sharing::ChildOrder order) {
            return school.db.read_now([&](db::Tx& tx) {
                auto standing = sharing::standing(tx, viewer, folder, school.clock.now());
                auto listing = list_folder(tx, viewer, standing, {.order = order, .limit = 500}, school.clock.now());
                REQUIRE(listing);
                return tx.query_count();
            });
        };
        add(0, 5);
        std::vector<std::int64_t> few, many;
        for (auto by : {By::Name, By::Changed, By::Size, By::Kind}) few.push_back(cost({by, true}));
        add(5, 600);
        for (auto by : {By::Name, By::Changed, By::Size, By::Kind}) many.push_back(cost({by, true}));
        CHECK(few == many);
        CHECK(few[0] <= 17);
        CHECK(names(list(school.as(school.teacher), folder, "?limit=9999")).size() == 500);
    });
}

#include "base/json.hpp"
#include "files/files_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

std::string list_of(const std::vector<ItemId>& items) {
    std::string text;
    for (auto item : items) text += (text.empty() ? "\"" : ",\"") + to_text(item) + "\"";
    return "[" + text + "]";
}

struct Answer {
    int status = 0;
    std::vector<std::string> done;   // names
    std::vector<std::string> failed; // reasons
    std::vector<std::string> from;
};
Answer ask(Visitor visitor, const std::string& verb, const std::vector<ItemId>& items, const std::string& more = {}) {
    auto answer = visitor.api(Method::Post, "/api/files/" + verb, "{\"items\":" + list_of(items) + more + "}");
    Answer read{.status = answer.status};
    auto body = json::parse(answer.body);
    REQUIRE(body);
    for (std::size_t i = 0; i < (*body)["done"].size(); ++i) {
        read.done.push_back((*body)["done"].at(i)["name"].text().value_or(""));
        read.from.push_back((*body)["done"].at(i)["from"].text().value_or(""));
    }
    for (std::size_t i = 0; i < (*body)["failed"].size(); ++i)
        read.failed.push_back((*body)["failed"].at(i)["title"].text().value_or(""));
    return read;
}
std::string to(ItemId folder, const std::string& if_taken = "refuse") {
    return ",\"to\":\"" + to_text(folder) + "\",\"if_taken\":\"" + if_taken + "\"";
}
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("many things are moved, and moved back, in one request each") {
    on_each_school([](TestSchool& school) {
        auto from = school.make_folder(school.space, "De");
        auto target = school.make_folder(school.space, "Vers");
        auto file = school.put_file(from, "lave.odp", "lave");
        auto folder = school.make_folder(from, "Photos");
        school.events();
        auto camille = school.as(school.teacher);
        auto moved = ask(camille, "move", {file, folder}, to(target));
        CHECK(moved.status == 200);
        CHECK(moved.done == Names{"lave.odp", "Photos"});
        CHECK(moved.from == Names{to_text(from), to_text(from)});
        CHECK(moved.failed.empty());
        CHECK(school.events() == Names{"item.moved", "item.moved"});
        CHECK(school.names_in(from).empty());
        CHECK(camille.get("/files/" + to_text(target)).body.contains("lave.odp"));
        CHECK(ask(camille, "move", {file, folder}, to(from)).done.size() == 2);
        CHECK(school.names_in(from) == Names{"lave.odp", "Photos"});
    });
}

TEST_CASE("what cannot be moved says why, the rest is moved") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto from = school.make_folder(school.space, "De");
        auto target = school.make_folder(school.space, "Vers");
        auto inside = school.make_folder(from, "Dedans");
        auto taken = school.put_file(from, "sujet.txt", "un");
        school.put_file(target, "sujet.txt", "deux");
        auto free = school.put_file(from, "libre.txt", "x");
        auto answer = ask(camille, "move", {taken, free, target, ItemId{4711}}, to(target));
        CHECK(answer.status == 200);
        CHECK(answer.done == Names{"libre.txt"});
        REQUIRE(answer.failed.size() == 3);
        CHECK(answer.failed[0].contains("existe déjà"));
        CHECK(answer.failed[1].contains("dans lui-même"));
        CHECK(answer.failed[2].contains("n’existe pas"));
        CHECK(ask(camille, "move", {taken}, to(target, "number")).done == Names{"sujet (2).txt"});
        CHECK(ask(camille, "move", {from}, to(inside)).failed.at(0).contains("dans lui-même"));
        // A file holds nothing, and a target that one may not see is one that is not there.
        CHECK(ask(camille, "move", {inside}, to(free)).status == 422);
        CHECK(ask(camille, "move", {inside}, to(ItemId{4711})).status == 404);
        CHECK(camille.api(Method::Post, "/api/files/move", "{\"items\":[]}").status == 422);
        CHECK(
            camille
                .api(Method::Post, "/api/files/move", "{\"items\":[\"../..\",\"\"],\"to\":\"" + to_text(target) + "\"}")
                .body.contains("n’existe pas"));
        CHECK(camille.api(Method::Post, "/api/files/move", "nonsense").status == 400);
    });
}

TEST_CASE("whoever may not, moves nothing and learns nothing") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Secret");
        auto file = school.put_file(folder, "lave.odp", "x");
        auto nadia = school.as(school.colleague);
        nadia.get("/files"); // makes her space
        school.events();
        auto own = school.db.read_now([&](db::Tx& tx) { return *sharing::find_personal_space(tx, school.colleague); });
        auto stolen = ask(nadia, "move", {file, ItemId{4711}}, to(own));
        CHECK(stolen.status == 200);
        CHECK(stolen.done.empty());
        REQUIRE(stolen.failed.size() == 2);
        CHECK(stolen.failed[0] == stolen.failed[1]);
        CHECK(ask(nadia, "trash", {file}).failed == Names{stolen.failed[0]});
        CHECK(ask(nadia, "restore", {file}).failed == Names{stolen.failed[0]});
        CHECK(school.stranger()
                  .api(Method::Post, "/api/files/move", "{\"items\":" + list_of({file}) + to(folder) + "}")
                  .status == 401);
        school.give(folder, subject(school.colleague), Role::Edit);
        school.events();
        // An editor moves inside the space, and takes nothing out of it.
        CHECK(ask(nadia, "move", {file}, to(own)).failed.at(0).contains("qui gère cet espace"));
        CHECK(school.events().empty());
        CHECK(school.names_in(folder) == Names{"lave.odp"});
    });
}

TEST_CASE("many are thrown away and put back in one request each") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        std::vector<ItemId> items;
        for (int i = 0; i < 30; ++i) items.push_back(school.make_folder(folder, fmt::format("Séance {}", i)));
        school.events();
        auto camille = school.as(school.teacher);
        auto all = items;
        all.push_back(school.space);
        auto thrown = ask(camille, "trash", all);
        CHECK(thrown.done.size() == 30);
        CHECK(thrown.failed.size() == 1);
        CHECK(school.names_in(folder).empty());
        CHECK(camille.get("/files/trash").body.contains("Séance 29"));
        CHECK(ask(camille, "restore", items).done.size() == 30);
        CHECK(school.names_in(folder).size() == 30);
        auto events = school.events();
        CHECK(std::ranges::count(events, "item.trashed") == 30);
        CHECK(std::ranges::count(events, "item.restored") == 30);
    });
}

TEST_CASE("more than a thousand at once are refused before anything is done") {
    on_sqlite_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        std::vector<ItemId> crowd{folder};
        for (int i = 0; i < 1000; ++i) crowd.push_back(ItemId{4711 + i});
        auto camille = school.as(school.teacher);
        auto answer = camille.api(Method::Post, "/api/files/trash", "{\"items\":" + list_of(crowd) + "}");
        CHECK(answer.status == 422);
        CHECK(answer.body.contains("1 000"));
        CHECK(camille.get("/files/" + to_text(folder)).status == 200);
        crowd.pop_back();
        CHECK(ask(camille, "trash", crowd).done == Names{"Sciences"});
    });
}

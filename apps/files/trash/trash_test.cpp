#include "base/json.hpp"
#include "files/files_fixture.hpp"
#include "files/upload/file_store.hpp"
#include "sharing/purge.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <thread>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

TEST_CASE("what is thrown away can be undone at once, and from the trash") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "Volcans.odp", "lave");
        school.events();
        auto camille = school.as(school.teacher);
        auto thrown = camille.post("/files/" + to_text(file) + "/trash");
        CHECK(thrown.status == 303);
        CHECK(thrown.headers.find("location") == "/files/" + to_text(folder) + "?trashed=" + to_text(file));
        CHECK(school.events() == std::vector<std::string>{"item.trashed"});
        auto page = camille.get(std::string{thrown.headers.find("location")}).body;
        CHECK(page.contains("Volcans.odp"));
        CHECK(page.contains("est dans la corbeille"));
        CHECK(page.contains("action=\"/files/" + to_text(file) + "/restore\""));

        CHECK(camille.get("/files/trash").body.contains("Volcans.odp"));
        CHECK(camille.get("/files/" + to_text(file) + "/download").status >= 300);
        auto back = camille.post("/files/" + to_text(file) + "/restore?from=trash");
        CHECK(back.headers.find("location") == "/files/trash?restored=" + to_text(file));
        CHECK(camille.get(std::string{back.headers.find("location")}).body.contains("est de nouveau à sa place"));
        CHECK(school.events() == std::vector<std::string>{"item.restored"});
        CHECK(school.names_in(folder) == std::vector<std::string>{"Volcans.odp"});
    });
}

TEST_CASE("the trash says when, newest first, and nothing of other people's") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto first = school.make_folder(school.space, "Premier");
        auto second = school.make_folder(school.space, "Second");
        CHECK(camille.api(Method::Delete, "/api/files/" + to_text(first)).status == 200);
        school.clock.advance(1_h);
        CHECK(camille.api(Method::Delete, "/api/files/" + to_text(second)).status == 200);
        auto body = camille.get("/files/trash").body;
        CHECK(body.find("Second") < body.find("Premier"));
        CHECK(body.contains("Mis à la corbeille"));
        auto nadia = school.as(school.colleague).get("/files/trash");
        CHECK(nadia.status == 200);
        CHECK(nadia.body.contains("La corbeille est vide"));
        CHECK(school.stranger().get("/files/trash").status == 303);
    });
}

TEST_CASE("a restored thing goes to the space when its folder is gone, numbered when its name is taken") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "sujet.txt", "un");
        CHECK(camille.api(Method::Delete, "/api/files/" + to_text(file)).status == 200);
        CHECK(camille.api(Method::Delete, "/api/files/" + to_text(folder)).status == 200);
        school.put_file(school.space, "sujet.txt", "deux");
        auto restored = camille.api(Method::Post, "/api/files/" + to_text(file) + "/restore");
        CHECK(restored.status == 200);
        CHECK(school.names_in(school.space) == std::vector<std::string>{"sujet (2).txt", "sujet.txt"});
        CHECK(camille.api(Method::Post, "/api/files/" + to_text(file) + "/restore").status == 409);
    });
}

TEST_CASE("things of one name that come back at once from folders that are gone all find a place") {
    on_each_school([](TestSchool& school) {
        constexpr int count = 8;
        std::vector<ItemId> thrown;
        auto camille = school.as(school.teacher);
        for (int i = 0; i < count; ++i) {
            auto folder = school.make_folder(school.space, "Dossier " + std::to_string(i));
            thrown.push_back(school.make_folder(folder, "Sujet"));
            CHECK(camille.api(Method::Delete, "/api/files/" + to_text(thrown.back())).status == 200);
            CHECK(camille.api(Method::Delete, "/api/files/" + to_text(folder)).status == 200);
        }
        std::atomic<int> restored = 0;
        std::atomic<int> broken = 0; // an exception of the database: a page with 500
        std::vector<std::thread> threads;
        for (auto id : thrown)
            threads.emplace_back([&, id, visitor = camille]() mutable {
                try {
                    restored += visitor.api(Method::Post, "/api/files/" + to_text(id) + "/restore").status == 200;
                } catch (const std::exception&) {
                    ++broken;
                }
            });
        for (auto& thread : threads) thread.join();
        CHECK(broken == 0);
        CHECK(restored == count);
        auto names = school.names_in(school.space);
        std::ranges::sort(names);
        CHECK(std::ranges::adjacent_find(names) == names.end());
        CHECK(std::ranges::count_if(names, [](const auto& name) { return name.starts_with("Sujet"); }) == count);
    });
}

TEST_CASE("many are deleted for good in one request; what is not in the trash, or not one's own, stays") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto kept = school.put_file(folder, "gardé.txt", "x");
        std::vector<ItemId> gone;
        auto camille = school.as(school.teacher);
        for (int i = 0; i < 20; ++i) {
            gone.push_back(school.put_file(folder, "vieux " + std::to_string(i), "x"));
            CHECK(camille.api(Method::Delete, "/api/files/" + to_text(gone.back())).status == 200);
        }
        school.events();
        std::string list;
        for (auto id : gone) list += "\"" + to_text(id) + "\",";
        const auto asked = "{\"items\":[" + list + "\"" + to_text(kept) + "\",\"nonsense!\"]}";
        auto erase = [&](Visitor visitor) { return visitor.api(Method::Post, "/api/files/erase", asked); };
        CHECK(school.stranger().api(Method::Post, "/api/files/erase", asked).status == 401);
        auto refused = erase(school.as(school.colleague));
        CHECK(refused.status == 200);
        CHECK((*json::parse(refused.body))["done"].size() == 0);
        CHECK((*json::parse(refused.body))["failed"].size() == 22);
        CHECK(school.events().empty());
        auto answer = json::parse(erase(camille).body);
        REQUIRE(answer);
        REQUIRE((*answer)["done"].size() == 20);
        CHECK((*answer)["done"].at(0)["name"].text() == "vieux 0");
        REQUIRE((*answer)["failed"].size() == 2);
        CHECK((*answer)["failed"].at(0)["id"].text() == to_text(kept));
        CHECK(school.events() == std::vector<std::string>(20, "item.erased"));
        CHECK(school.names_in(folder) == std::vector<std::string>{"gardé.txt"});
        CHECK(camille.get("/files/trash").body.contains("La corbeille est vide"));
        CHECK(camille.api(Method::Post, "/api/files/" + to_text(gone[0]) + "/restore").status == 404);
        CHECK(camille.api(Method::Post, "/api/files/erase", "{\"items\":[]}").status == 422);
    });
}

TEST_CASE("only who may edit throws away, and what lies in the trash is shared no longer") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        school.give(folder, subject(school.colleague), Role::View);
        auto link = school.link(folder, Role::View, false);
        school.events();
        auto nadia = school.as(school.colleague);
        CHECK(nadia.post("/files/" + to_text(folder) + "/trash").status == 403);
        CHECK(school.stranger().post("/files/" + to_text(folder) + "/trash").status == 401);
        CHECK(school.events().empty());
        CHECK(school.as(school.teacher).post("/files/" + to_text(folder) + "/trash").status == 303);
        CHECK(nadia.get("/files/" + to_text(folder)).status == 404);
        CHECK(school.by_links({link}).get("/files/" + to_text(folder)).status == 404);
        CHECK(nadia.post("/files/" + to_text(folder) + "/restore").status == 404);
    });
}

TEST_CASE("every kind of this app says what it is called and what goes with it when it is purged") {
    sharing::Kinds kinds;
    add_kinds(kinds);
    CHECK(kinds.names().size() == 6);
    for (const auto& name : kinds.names()) {
        const auto& kind = kinds.of(name);
        CHECK_MESSAGE(!kind.icon.empty(), name);
        CHECK_MESSAGE(!kind.address.empty(), name);
        CHECK_MESSAGE(web::Locale::of(web::Language::French).has(kind.words), name);
        CHECK_MESSAGE(static_cast<bool>(kind.erase), name);
        CHECK_MESSAGE(static_cast<bool>(kind.cards), name);
    }
}

TEST_CASE("what is deleted for good takes its bytes along, and nobody else's") {
    on_each_school([](TestSchool& school) {
        sharing::install_purge(school.db, school.world, school.base.kinds);
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "lave.txt", "lave");
        school.put_file(school.space, "copie.txt", "lave"); // the same bytes
        auto other = school.put_file(folder, "cendre.txt", "cendre");
        auto single = school.put_file(school.space, "seul.txt", "seul");
        CHECK(school.keeps_files(3));
        const auto erase = "/files/" + to_text(folder) + "/erase";
        CHECK(camille.post(erase).status == 409); // not thrown away
        CHECK(camille.post("/files/" + to_text(folder) + "/trash").status == 303);
        CHECK(school.as(school.colleague).post(erase).status == 404);
        CHECK(school.stranger().post(erase).status == 401);
        auto page = camille.get("/files/trash").body;
        CHECK(page.contains(erase));
        CHECK(page.contains("Vider la corbeille"));
        school.events();
        CHECK(camille.post(erase).headers.find("location") == "/files/trash?erased=1");
        CHECK(school.events() == std::vector<std::string>{"item.erased"});
        CHECK_FALSE(camille.get("/files/trash").body.contains("Sciences"));
        CHECK(camille.get("/files/" + to_text(file)).status == 404);
        CHECK(camille.api(Method::Post, "/api/files/" + to_text(folder) + "/restore").status == 404);

        CHECK(camille.post("/files/" + to_text(single) + "/trash").status == 303);
        CHECK(school.as(school.colleague).post("/files/trash/empty").status == 303); // hers is empty
        CHECK(camille.api(Method::Post, "/api/files/trash/empty").status == 204);
        school.clock.advance(1_min);
        school.base.jobs.run_due();
        auto events = school.events();
        CHECK(std::ranges::count(events, "item.purged") == 4);
        auto gone = school.db.read_now([&](db::Tx& tx) {
            return !sharing::find_item(tx, folder) && !sharing::find_item(tx, other) &&
                   store::files_of(tx, {file.value, other.value, single.value}).empty();
        });
        CHECK(gone);
        blob::collect(school.db, *school.base.blobs, 100);
        CHECK(school.keeps_files(1)); // the copy's
        CHECK(school.names_in(school.space) == std::vector<std::string>{"copie.txt"});
    });
}

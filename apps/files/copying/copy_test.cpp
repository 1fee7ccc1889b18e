#include "base/json.hpp"
#include "files/copying/copying.hpp"
#include "files/files_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

using Names = std::vector<std::string>;

json::Value copy(Visitor visitor, const std::vector<ItemId>& items, ItemId to, int status = 200) {
    std::string list;
    for (auto item : items) list += (list.empty() ? "\"" : ",\"") + to_text(item) + "\"";
    auto answer =
        visitor.api(Method::Post, "/api/files/copy", "{\"items\":[" + list + "],\"to\":\"" + to_text(to) + "\"}");
    CHECK_MESSAGE(answer.status == status, answer.body);
    auto body = json::parse(answer.body);
    REQUIRE(body);
    return *body;
}
std::string job_state(Visitor visitor, const std::string& job, std::string_view member = "state") {
    auto body = json::parse(visitor.api(Method::Get, "/api/files/jobs/" + job).body);
    REQUIRE(body);
    return (*body)[member].text().value_or(std::to_string((*body)[member].integer().value_or(-1)));
}
// A tree with so many files below it, three to a folder.
ItemId plant(TestSchool& school, ItemId parent, int files) {
    auto viewer = school.base.viewer(school.teacher);
    auto top = school.make_folder(parent, "Grand");
    school.db.write_now([&](db::Tx& tx) {
        ItemId folder = top;
        for (int i = 0; i < files; ++i) {
            if (i % 3 == 0)
                folder = sharing::create_item(
                             tx, school.world, viewer,
                             {.parent = i % 2 ? top : folder, .kind = "folder", .title = fmt::format("d{}", i)})
                             ->id;
            (void)sharing::create_item(tx, school.world, viewer,
                                       {.parent = folder, .kind = "folder", .title = fmt::format("f{}", i)});
        }
    });
    return top;
}
std::int64_t below(TestSchool& school, ItemId folder) {
    static const db::Query count{"files.test_below", R"(
        WITH RECURSIVE below (id) AS (
            SELECT i.id FROM item i WHERE i.id = $1
            UNION ALL
            SELECT c.id FROM below b JOIN item c ON c.parent = b.id) SELECT count(*) FROM below)"};
    return school.db.read_now([&](db::Tx& tx) { return *tx.one<std::int64_t>(count, {folder}); });
}

} // namespace

TEST_CASE("files are copied with their bytes, which are stored once; folders with what they hold") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto inner = school.make_folder(folder, "Photos");
        auto file = school.put_file(inner, "lave.txt", "lave");
        school.give(folder, subject(school.colleague), Role::Edit);
        auto camille = school.as(school.teacher);
        school.events();
        auto answer = copy(camille, {folder, file}, school.space);
        REQUIRE(answer["done"].size() == 2);
        CHECK(answer["done"].at(0)["name"].text() == "Sciences (2)");
        CHECK(answer["done"].at(1)["name"].text() == "lave.txt");
        CHECK_FALSE(answer["job"].present());
        auto events = school.events();
        CHECK(std::ranges::count(events, "item.created") == 4);
        CHECK(std::ranges::count(events, "file.copied") == 2);
        auto top = *school.child(school.space, "Sciences (2)");
        auto photos = *school.child(top, "Photos");
        auto lava = *school.child(photos, "lave.txt");
        CHECK(camille.get("/files/" + to_text(lava)).status == 200);
        CHECK(school.keeps_files(1));
        // Rights stay with the original.
        CHECK(school.as(school.colleague).get("/files/" + to_text(top)).status == 404);
        // The copy lives on by itself.
        CHECK(camille.put("/api/files/" + to_text(inner) + "/children/lave.txt?if_taken=replace", "autre").status ==
              200);
        auto list = json::parse(camille.api(Method::Get, "/api/files/" + to_text(photos)).body);
        CHECK((*list)["items"].at(0)["size"].integer() == 4);
    });
}

TEST_CASE("a shortcut is copied as a shortcut, by itself and inside a folder, and leads to the same place") {
    on_each_school([](TestSchool& school) {
        auto target = school.make_folder(school.space, "Xylographe");
        auto secret = school.make_folder(school.space, "Conseil");
        auto folder = school.make_folder(school.space, "Sciences");
        auto camille = school.as(school.teacher);
        auto point = [&](ItemId to, std::string name) {
            auto made = camille.api(Method::Post, "/api/sharing/items/" + to_text(folder) + "/shortcuts",
                                    "{\"target\":\"" + to_text(to) + "\",\"name\":\"" + name + "\"}");
            REQUIRE_MESSAGE(made.status == 201, made.body);
            return *school.child(folder, name);
        };
        auto open = point(target, "Les planches"), shut = point(secret, "Fermé");
        auto led = [&](ItemId shortcut) {
            return std::string{camille.get("/shortcut/" + to_text(shortcut)).headers.find("location")};
        };
        CHECK(copy(camille, {folder}, school.space)["done"].size() == 1);
        auto copied = *school.child(school.space, "Sciences (2)");
        // Under its own name: the target's, which lists show to who may know it, would tell everybody.
        CHECK(school.names_in(copied) == Names{"Fermé", "Les planches"});
        CHECK(led(*school.child(copied, "Les planches")) == "/files/" + to_text(target));
        CHECK(copy(camille, {open}, copied)["done"].at(0)["name"].text() == "Les planches (2)");
        CHECK(led(*school.child(copied, "Les planches (2)")) == "/files/" + to_text(target));
        // A folder holds no shortcut to itself.
        CHECK(copy(camille, {open}, target)["failed"].size() == 1);
        CHECK(school.names_in(target).empty());

        // Who does not see where one leads cannot point there: that one stays behind, the rest is copied.
        school.give(folder, subject(school.colleague), Role::View);
        school.give(target, subject(school.colleague), Role::View);
        auto nadia = school.as(school.colleague);
        nadia.get("/files");
        auto own = school.db.read_now([&](db::Tx& tx) { return *sharing::find_personal_space(tx, school.colleague); });
        CHECK(copy(nadia, {folder}, own)["done"].size() == 1);
        CHECK(school.names_in(*school.child(own, "Sciences")) == Names{"Les planches"});
        CHECK(copy(nadia, {shut}, own)["failed"].size() == 1);
        CHECK(school.names_in(own) == Names{"Sciences"});
    });
}

TEST_CASE("copying needs View there and Edit here; closed things stay, nothing is copied into itself") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "lave.txt", "lave");
        auto viewer = school.base.viewer(school.teacher);
        school.db.write_now([&](db::Tx& tx) {
            (void)sharing::create_item(tx, school.world, viewer,
                                       {.parent = folder, .kind = "folder", .title = "Privé", .restricted = true});
        });
        auto nadia = school.as(school.colleague);
        nadia.get("/files");
        auto own = school.db.read_now([&](db::Tx& tx) { return *sharing::find_personal_space(tx, school.colleague); });
        auto unseen = copy(nadia, {file, ItemId{4711}}, own);
        REQUIRE(unseen["failed"].size() == 2);
        CHECK(unseen["failed"].at(0)["title"].text() == unseen["failed"].at(1)["title"].text());
        CHECK(school.names_in(own).empty());
        school.give(folder, subject(school.colleague), Role::View);
        CHECK(copy(nadia, {file}, folder, 403)["title"].present());
        CHECK(copy(nadia, {folder}, own)["done"].size() == 1);
        auto copied = *school.child(own, "Sciences");
        CHECK(school.names_in(copied) == Names{"lave.txt"});
        auto camille = school.as(school.teacher);
        auto inside = school.make_folder(folder, "Dedans");
        CHECK(copy(camille, {folder}, inside)["failed"].at(0)["title"].text().value_or("").contains("dans lui-même"));
        CHECK(copy(camille, {school.space}, folder)["failed"].size() == 1);
        copy(camille, {folder}, file, 422);
        copy(camille, {folder}, ItemId{4711}, 404);
    });
}

TEST_CASE("a large folder is copied by a job, in slices that lose and double nothing when they are cut off") {
    on_each_school([](TestSchool& school) {
        auto top = plant(school, school.space, 300);
        const auto wanted = below(school, top);
        auto camille = school.as(school.teacher);
        auto answer = copy(camille, {top}, school.space);
        auto job = answer["job"].text().value_or("");
        REQUIRE(job != "");
        CHECK(answer["done"].at(0)["name"].text() == "Grand (2)");
        CHECK(job_state(camille, job) == "running");
        CHECK(job_state(camille, job, "total") == std::to_string(wanted));
        CHECK(school.as(school.colleague).api(Method::Get, "/api/files/jobs/" + job).status == 404);
        // Half a folder says that it is half a folder: in the list above it, and on its own page.
        const auto half = to_text(*school.child(school.space, "Grand (2)"));
        const auto words = fmt::format("Copie en cours\u00a0: 1 sur {}", wanted);
        CHECK(camille.get("/files").body.contains(words));
        CHECK(camille.api(Method::Get, "/api/files").body.contains(words));
        CHECK(camille.get("/files/" + half).body.contains("data-copying>"));
        CHECK(camille.get("/files/" + half).body.contains(fmt::format("<progress max=\"{}\" value=\"1\"", wanted)));
        CHECK_FALSE(camille.get("/files/" + to_text(top)).body.contains("data-copying>"));
        CHECK(school.as(school.colleague).api(Method::Delete, "/api/files/jobs/" + job).status == 404);
        school.base.jobs.run_due();
        CHECK(job_state(camille, job) == "done");
        CHECK(job_state(camille, job, "done") == std::to_string(wanted));
        CHECK(below(school, *school.child(school.space, "Grand (2)")) == wanted);
        CHECK_FALSE(camille.get("/files").body.contains("Copie en cours\u00a0: "));
        CHECK_FALSE(camille.get("/files/" + half).body.contains("data-copying>"));
        // The handler runs again, as after a crash between the work and its receipt: nothing more is made.
        school.db.write_now([&](db::Tx& tx) { school.world.jobs.enqueue(tx, {.kind = "files.copy", .payload = job}); });
        school.base.jobs.run_due();
        CHECK(below(school, *school.child(school.space, "Grand (2)")) == wanted);
    });
}

TEST_CASE("a copy that is cancelled, or whose target is taken away, leaves nothing behind but the trash") {
    on_each_school([](TestSchool& school) {
        auto top = plant(school, school.space, 250);
        auto camille = school.as(school.teacher);
        auto job = copy(camille, {top}, school.space)["job"].text().value_or("");
        CHECK(camille.api(Method::Delete, "/api/files/jobs/" + job).status == 200);
        CHECK(job_state(camille, job) == "cancelled");
        school.base.jobs.run_due();
        CHECK_FALSE(std::ranges::count(school.names_in(school.space), "Grand (2)"));

        auto shared = school.make_folder(school.space, "Commun");
        school.give(top, subject(school.colleague), Role::View);
        school.give(shared, subject(school.colleague), Role::Edit);
        auto nadia = school.as(school.colleague);
        auto hers = copy(nadia, {top}, shared)["job"].text().value_or("");
        school.give(shared, subject(school.colleague), Role::View);
        school.base.jobs.run_due();
        CHECK(job_state(nadia, hers) == "failed");
        CHECK(job_state(nadia, hers, "title") != "");
        CHECK(school.names_in(shared).empty());
    });
}

#include "base/json.hpp"
#include "base/text.hpp"
#include "files/files_fixture.hpp"
#include "files/quota/quota.hpp"
#include "files/upload/upload_service.hpp"
#include "sharing/purge.hpp"

#include <doctest/doctest.h>

#include <random>
#include <thread>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;

namespace {

std::string child_path(ItemId folder, std::string_view name) {
    return "/api/files/" + to_text(folder) + "/children/" + percent_encode(name);
}

Quota quota(TestSchool& school, ItemId space) {
    return school.db.read_now([&](db::Tx& tx) { return quota_of(tx, school.files.limits.quota, space); });
}

bool is_exact(TestSchool& school) {
    return school.db.read_now([&](db::Tx& tx) {
        return find_miscounts(tx, 10).empty() &&
               bytes_below(tx, school.space) == quota_of(tx, school.files.limits.quota, school.space).used;
    });
}

Task<Result<blob::Stored>> store_text(blob::BlobStore& blobs, std::string text) {
    auto writer = blobs.create();
    auto wrote = co_await (*writer)->write(std::as_bytes(std::span{text}));
    if (!wrote) co_return std::unexpected(wrote.error());
    co_return co_await (*writer)->finish();
}

} // namespace

TEST_CASE("bytes are counted with the file: upload, form, replacement, hand-in; the trash counts") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "a.txt", std::string(100, 'a'));
        school.put_file(folder, "b.txt", std::string(100, 'a')); // equal bytes count for each file
        CHECK(quota(school, school.space).used == 200);
        CHECK(camille.put(child_path(folder, "a.txt") + "?if_taken=replace", std::string(30, 'x')).status == 200);
        CHECK(quota(school, school.space).used == 130);
        post_files(camille, "/files/" + to_text(folder) + "/upload", {}, {{"c.txt", "12345"}});
        auto family = school.by_links({school.link(folder, Role::View, true)});
        CHECK(post_files(family, "/files/" + to_text(folder) + "/deposit", {{"first_name", "Lina"}},
                         {{"photo.jpg", "1234567"}})
                  .status == 303);
        CHECK(quota(school, school.space).used == 142);
        CHECK(camille.api(http::Method::Delete, "/api/files/" + to_text(file)).status == 200);
        CHECK(quota(school, school.space).used == 142);
        school.db.write_now([&](db::Tx& tx) { forget_files(tx, {file.value}); });
        CHECK(quota(school, school.space).used == 112);
        CHECK(is_exact(school));
    });
}

TEST_CASE("what cannot fit is refused before its bytes are read, with numbers and what to do; less always goes") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        school.put_file(school.space, "a.txt", std::string(600, 'a'));
        school.files.limits.quota.personal = 1000;
        school.events();
        auto full = camille.put(child_path(school.space, "b.txt"), std::string(401, 'b'));
        CHECK(full.status == 507);
        auto json = json::parse(full.body);
        REQUIRE(json);
        CHECK((*json)["key"].text() == "files.quota");
        CHECK((*json)["values"]["used"].text() == "600");
        CHECK((*json)["values"]["limit"].text() == "1000");
        CHECK(full.body.contains("600\u00a0octets utilisés sur 1\u00a0ko"));
        CHECK(full.body.contains("corbeille"));
        // Two files that do not both fit: the form says what is safe.
        auto form = post_files(camille, "/files/" + to_text(school.space) + "/upload", {},
                               {{"petit.txt", std::string(300, 'p')}, {"grand.txt", std::string(300, 'g')}});
        CHECK(form.status == 507);
        CHECK(form.body.contains("1\u00a0fichier déposé"));
        CHECK(form.body.contains("900\u00a0octets utilisés"));
        // A form that is too large as a whole is not begun.
        auto whole = post_files(camille, "/files/" + to_text(school.space) + "/upload", {},
                                {{"x.bin", std::string(70'000, 'x')}});
        CHECK(whole.status == 507);
        CHECK(school.names_in(school.space) == std::vector<std::string>{"a.txt", "petit.txt"});
        CHECK(school.keeps_files(2));
        // Where less is allowed than lies there, a smaller version and an empty file still go.
        school.files.limits.quota.personal = 100;
        CHECK(camille.put(child_path(school.space, "a.txt") + "?if_taken=replace", std::string(601, 'c')).status ==
              507);
        CHECK(camille.put(child_path(school.space, "a.txt") + "?if_taken=replace", std::string(599, 'c')).status ==
              200);
        CHECK(camille.put(child_path(school.space, "vide.txt"), "").status == 201);
        CHECK(is_exact(school));
    });
}

TEST_CASE("a family whose file does not fit is told whom to ask, and its form is still there") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Exposés");
        auto family = school.by_links({school.link(folder, Role::View, true)});
        school.files.limits.quota.personal = 10;
        school.events();
        for (std::size_t size : {11u, 90'000u}) { // found while reading; known from the length of the form
            auto answer = post_files(family, "/files/" + to_text(folder) + "/deposit", {{"first_name", "Lina"}},
                                     {{"photo.jpg", std::string(size, 'x')}});
            CHECK(answer.status == 507);
            CHECK(answer.body.contains("plein"));
            CHECK(answer.body.contains("<form"));
            CHECK_FALSE(answer.body.contains("administrateur"));
        }
        CHECK(school.events().empty());
        CHECK(school.keeps_files(0));
    });
}

TEST_CASE("two uploads that fit alone but not together: exactly one wins, whatever the lane") {
    on_each_school([](TestSchool& school) {
        school.files.limits.quota.personal = 100;
        for (int round = 0; round < 5; ++round) {
            std::vector<blob::Stored> stored;
            for (int i = 0; i < 4; ++i)
                stored.push_back(*sync_wait(store_text(*school.base.blobs, std::string(60, static_cast<char>('a' + i)) +
                                                                               std::to_string(round))));
            auto viewer = school.base.viewer(school.teacher);
            std::array<bool, 4> won{};
            {
                std::vector<std::jthread> threads;
                for (std::size_t i = 0; i < won.size(); ++i)
                    threads.emplace_back([&, i] {
                        auto kept = school.db.write_now(
                            [&](db::Tx& tx) {
                                return keep_upload(tx, school.files, viewer,
                                                   {.folder = school.space, .name = "f" + std::to_string(i)},
                                                   stored[i]);
                            },
                            db::Lane{1000 + i});
                        won[i] = kept.has_value();
                        if (!kept) CHECK(kept.error().key == "files.quota");
                    });
            }
            CHECK(std::ranges::count(won, true) == 1);
            CHECK(is_exact(school));
            auto name = "f" + std::to_string(std::ranges::find(won, true) - won.begin());
            auto winner = *school.child(school.space, name);
            school.db.write_now([&](db::Tx& tx) { forget_files(tx, {winner.value}); });
            school.as(school.teacher).api(http::Method::Delete, "/api/files/" + to_text(winner));
        }
    });
}

TEST_CASE("after anything that people do, what is counted is what is there") {
    on_each_school([](TestSchool& school) {
        std::mt19937 random{2026};
        auto below = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
        auto camille = school.as(school.teacher);
        std::vector<ItemId> folders{school.space, school.make_folder(school.space, "A")};
        folders.push_back(school.make_folder(folders[1], "B"));
        auto family = school.by_links({school.link(folders[1], Role::View, true)});
        school.files.limits.quota.personal = 6000;
        std::vector<ItemId> thrown;
        for (int step = 0; step < 80; ++step) {
            auto folder = folders[below(folders.size())];
            auto name = "f" + std::to_string(below(6));
            switch (below(6)) {
            case 0: camille.put(child_path(folder, name), std::string(below(900), 'x')); break;
            case 1: camille.put(child_path(folder, name) + "?if_taken=replace", std::string(below(900), 'y')); break;
            case 2:
                post_files(family, "/files/" + to_text(folders[1]) + "/deposit", {{"first_name", "Lina"}},
                           {{name, std::string(below(300), 'z')}});
                break;
            case 3:
                if (auto file = school.child(folder, name);
                    file && camille.api(http::Method::Delete, "/api/files/" + to_text(*file)).status == 200)
                    thrown.push_back(*file);
                break;
            case 4:
                if (!thrown.empty())
                    camille.api(http::Method::Post, "/api/files/" + to_text(thrown[below(thrown.size())]) + "/restore");
                break;
            default:
                if (!thrown.empty())
                    school.db.write_now(
                        [&, id = thrown[below(thrown.size())]](db::Tx& tx) { forget_files(tx, {id.value}); });
            }
            if (step % 10 == 9) CHECK(is_exact(school));
        }
        CHECK(quota(school, school.space).used > 0);
        CHECK(quota(school, school.space).used <= 6000);
    });
}

TEST_CASE("what is erased for good counts until its bytes go") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Vieux");
        school.put_file(school.make_folder(folder, "Dedans"), "a.bin", std::string(70, 'a'));
        school.put_file(school.space, "gardé.bin", std::string(5, 'b'));
        school.as(school.teacher).api(http::Method::Delete, "/api/files/" + to_text(folder));
        auto viewer = school.base.viewer(school.teacher);
        auto erased =
            school.db.write_now([&](db::Tx& tx) { return sharing::erase_item(tx, school.world, viewer, folder); });
        REQUIRE(erased.has_value());
        CHECK(quota(school, school.space).used == 75);
        CHECK(is_exact(school));
        for (int slice = 0; slice < 5; ++slice)
            school.db.write_now([&](db::Tx& tx) { sharing::purge_some(tx, school.world, school.files.kinds, 1); });
        CHECK(quota(school, school.space).used == 5);
        CHECK(is_exact(school));
    });
}

TEST_CASE("moving between spaces moves the bytes, or nothing when they do not fit there") {
    on_each_school([](TestSchool& school) {
        school.put_file(school.space, "a.txt", std::string(50, 'a'));
        auto nadias = school.db.write_now(
            [&](db::Tx& tx) { return sharing::personal_space(tx, school.world, school.colleague, "Mes fichiers"); });
        auto move = [&](std::int64_t bytes) {
            return school.db.write_now(
                [&](db::Tx& tx) { return charge_move(tx, school.files.limits.quota, school.space, nadias, bytes); });
        };
        school.files.limits.quota.personal = 60;
        CHECK(move(50).has_value());
        CHECK(quota(school, school.space).used == 0);
        CHECK(quota(school, nadias).used == 50);
        auto too_much = move(11);
        REQUIRE_FALSE(too_much.has_value());
        CHECK(quota(school, school.space).used == 0);
        CHECK(quota(school, nadias).used == 50);
    });
}

TEST_CASE("a folder that goes to a team's space, and a copy, take their bytes with them, or stay") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto made = camille.post_json("/api/files/spaces", R"({"title":"Équipe de sciences"})");
        REQUIRE_MESSAGE(made.status == 201, made.body);
        auto team = *parse_id<ItemId>((*json::parse(made.body))["id"].text().value());
        auto folder = school.make_folder(school.space, "Volcans");
        school.put_file(school.make_folder(folder, "Photos"), "a.jpg", std::string(40, 'a'));
        auto ask = [&](std::string what, ItemId item, ItemId to) {
            return camille.post_json("/api/files/" + what,
                                     R"({"items":[")" + to_text(item) + R"("],"to":")" + to_text(to) + "\"}");
        };
        CHECK(quota(school, team).limit == 500'000'000'000);
        school.files.limits.quota.group = 39;
        CHECK(ask("move", folder, team).body.contains("utilisés"));
        CHECK(ask("copy", folder, team).status == 507);
        CHECK(ask("copy", *school.child(*school.child(folder, "Photos"), "a.jpg"), team).body.contains("utilisés"));
        CHECK(school.names_in(team).empty());
        CHECK(is_exact(school));
        school.files.limits.quota.group = 80;
        CHECK(ask("copy", folder, team).body.contains("\"failed\":[]"));
        CHECK(quota(school, team).used == 40);
        camille.post_json("/api/files/move", R"({"items":[")" + to_text(folder) + R"("],"to":")" + to_text(team) +
                                                 R"(","if_taken":"number"})");
        CHECK(quota(school, team).used == 80);
        CHECK(quota(school, school.space).used == 0);
        CHECK(is_exact(school));
    });
}

TEST_CASE("the numbers are for who sees the space and for administrators; these set limits and count anew") {
    on_each_school([](TestSchool& school) {
        school.put_file(school.space, "a.txt", "12345");
        auto path = "/api/files/spaces/" + to_text(school.space) + "/quota";
        CHECK(school.as(school.teacher).get(path).body == R"({"used":5,"limit":100000000000})");
        CHECK(school.as(school.colleague).get(path).status == 404);
        // The side column: of the space at hand, or one's own where that space is none of one's business.
        auto shared = school.make_folder(school.space, "Partagé");
        school.give(shared, subject(school.colleague), Role::Edit);
        auto here = "/api/files/quota?item=" + to_text(shared);
        CHECK(school.as(school.teacher).get(here).body == R"({"used":5,"limit":100000000000})");
        CHECK(school.as(school.colleague).get(here).body == R"({"used":0,"limit":100000000000})");
        CHECK(school.as(school.colleague).get("/api/files/quota").status == 200);
        CHECK(school.as(school.teacher).get("/files").body.contains("<space-quota"));
        CHECK(school.stranger().get(path).status == 401);
        auto admin = school.as(school.base.administrator);
        CHECK(admin.get(path).status == 200);
        school.events();
        CHECK(school.as(school.teacher).api(http::Method::Put, path, R"({"limit":1})").status == 403);
        CHECK(admin.api(http::Method::Put, path, R"({"limit":-1})").status == 422);
        CHECK(admin.api(http::Method::Put, path, R"({})").status == 422);
        CHECK(admin.api(http::Method::Put, path, "nonsense").status == 400);
        CHECK(school.events().empty());
        CHECK(admin.api(http::Method::Put, path, R"({"limit":4})").body == R"({"used":5,"limit":4})");
        CHECK(school.events() == std::vector<std::string>{"space.quota"});
        CHECK(school.as(school.teacher).put(child_path(school.space, "b.txt"), "1").status == 507);
        CHECK(admin.api(http::Method::Put, path, R"({"limit":null})").body == R"({"used":5,"limit":100000000000})");
        auto folder = school.make_folder(school.space, "Sciences");
        CHECK(admin.get("/api/files/spaces/" + to_text(folder) + "/quota").status == 404);

        // A count that went wrong, however that was, is found and mended.
        school.db.write_now([&](db::Tx& tx) { give_back(tx, school.space, 3); });
        auto wrong = school.db.read_now([&](db::Tx& tx) { return find_miscounts(tx, 10); });
        REQUIRE(wrong.size() == 1);
        CHECK(wrong[0].space == school.space);
        CHECK(wrong[0].kept == 2);
        CHECK(wrong[0].counted == 5);
        auto recount = "/api/files/spaces/" + to_text(school.space) + "/recount";
        CHECK(school.as(school.teacher).api(http::Method::Post, recount).status == 403);
        CHECK(admin.api(http::Method::Post, recount).body == R"({"used":5,"limit":100000000000})");
        CHECK(is_exact(school));
    });
}

// What two people do at the same moment. PostgreSQL runs these with several connections; on SQLite there is one writer,
// and the same must come out. Each race is run many times, with all threads let go together.
#include "sharing/moving.hpp"
#include "sharing_fixture.hpp"

#include <barrier>
#include <doctest/doctest.h>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

using What = Change::What;

// One thread each, started together. Answers the outcome of each one's first item.
std::vector<std::string> at_once(const std::vector<std::function<Result<Item>()>>& deeds) {
    std::barrier start{std::ssize(deeds)};
    std::vector<std::string> keys(deeds.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < deeds.size(); ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            try {
                auto done = deeds[i]();
                keys[i] = done ? "done" : done.error().key;
            } catch (const std::exception& error) { // the database gave up: a page with 500
                keys[i] = error.what();
            }
        });
    for (auto& thread : threads) thread.join();
    return keys;
}
Result<Item> change(School& s, const Viewer& who, const Change& what) {
    auto outcomes = sync_wait(change_places(s.db, s.world, who, what));
    if (!outcomes) return std::unexpected(outcomes.error());
    return outcomes->front().item;
}
std::function<Result<Item>()> moving(School& s, ItemId item, ItemId to) {
    return [&s, item, to] { return change(s, s.camille, {.items = {item}, .to = to}); };
}
bool reaches_root(School& s, ItemId item) {
    return s.db.read_now([&](db::Tx& tx) { return space_of(tx, item).has_value(); });
}
std::int64_t count(const std::vector<std::string>& keys, const std::string& key) {
    return std::ranges::count(keys, key);
}

} // namespace

TEST_CASE("A into B while B into A: one of them, never both") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        for (int round = 0; round < 25; ++round) {
            auto a = s.create(s.camille, space, "A" + std::to_string(round))->id;
            auto b = s.create(s.camille, space, "B" + std::to_string(round))->id;
            auto keys = at_once({moving(s, a, b), moving(s, b, a)});
            CHECK(count(keys, "done") == 1);
            CHECK(count(keys, "sharing.into_itself") == 1);
            CHECK(reaches_root(s, a));
            CHECK(reaches_root(s, b));
        }
    });
}

TEST_CASE("four folders of four spaces, each into the next, close no circle") {
    on_each_school([](School& s) {
        std::vector<ItemId> spaces;
        for (std::int64_t id : {101, 102, 103, 104}) {
            auto space = s.space_of(person(id));
            s.give(space, subject(s.camille.person), Role::Manage);
            spaces.push_back(space);
        }
        for (int round = 0; round < 15; ++round) {
            std::vector<ItemId> folders;
            for (auto space : spaces) folders.push_back(s.create(s.camille, space, "F" + std::to_string(round))->id);
            std::vector<std::function<Result<Item>()>> deeds;
            for (std::size_t i = 0; i < 4; ++i) deeds.push_back(moving(s, folders[i], folders[(i + 1) % 4]));
            auto keys = at_once(deeds);
            CHECK(count(keys, "done") == 3);
            CHECK(count(keys, "sharing.into_itself") == 1);
            for (auto folder : folders) CHECK(reaches_root(s, folder));
        }
    });
}

TEST_CASE("several move, rename and make the same name in one folder at once: one has it, the others hear so") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        for (int round = 0; round < 10; ++round) {
            auto to = s.create(s.camille, space, "Vers " + std::to_string(round))->id;
            auto rename_me = s.create(s.camille, to, "ancien", "file")->id;
            std::vector<std::function<Result<Item>()>> deeds;
            for (int i = 0; i < 3; ++i) {
                auto from = s.create(s.camille, space, "De " + std::to_string(round * 10 + i))->id;
                deeds.push_back(moving(s, s.create(s.camille, from, "sujet", "file")->id, to));
            }
            // Pages take the lane of the folder for both of these.
            auto write = [&s, to](auto closure) { return sync_wait(s.db.write(db::lane_of(to), closure)); };
            deeds.emplace_back([&s, write, rename_me] {
                return write(
                    [&s, rename_me](db::Tx& tx) { return rename_item(tx, s.world, s.camille, rename_me, "sujet"); });
            });
            deeds.emplace_back([&s, write, to] {
                return write([&s, to](db::Tx& tx) {
                    return create_item(tx, s.world, s.camille, {.parent = to, .kind = "file", .title = "sujet"});
                });
            });
            auto keys = at_once(deeds);
            CHECK(count(keys, "done") == 1);
            CHECK(count(keys, "sharing.name_taken") == 4);
            auto titles = s.titles(s.camille, to);
            CHECK(std::ranges::count(titles, "sujet") == 1);
        }
    });
}

TEST_CASE("moving something while it, or the folder it goes to, is thrown away: one after the other") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        for (int round = 0; round < 15; ++round) {
            const auto number = std::to_string(round);
            auto to = s.create(s.camille, space, "Vers " + number)->id;
            auto item = s.create(s.camille, space, "objet " + number, "file")->id;
            auto throw_away = [&s](ItemId what) {
                return [&s, what] { return change(s, s.camille, {.what = What::Trash, .items = {what}}); };
            };
            auto keys = at_once({moving(s, item, to), throw_away(round % 2 ? item : to)});
            CHECK(keys[1] == "done");
            CHECK((keys[0] == "done" || keys[0] == "sharing.trashed"));
            auto now = *s.db.read_now([&](db::Tx& tx) { return find_item(tx, item); });
            CHECK(now.space == space);
            CHECK(now.trashed_at.has_value() == (round % 2 == 1));
            if (round % 2) {
                CHECK(now.trashed_from == (keys[0] == "done" ? to : space));
                CHECK(change(s, s.camille, {.what = What::Restore, .items = {item}})->parent == now.trashed_from);
            } else {
                CHECK(now.parent == (keys[0] == "done" ? to : space));
            }
        }
    });
}

TEST_CASE("a folder goes to another space while something is thrown away and put back in it") {
    on_each_school([](School& s) {
        auto mine = s.space_of(s.camille);
        auto hers = s.space_of(s.nadia);
        s.give(hers, subject(s.camille.person), Role::Manage);
        for (int round = 0; round < 15; ++round) {
            auto folder = s.create(s.camille, mine, "Dossier " + std::to_string(round))->id;
            auto file = s.create(s.camille, folder, "x " + std::to_string(round), "file")->id;
            auto deed = [&s, file](What what) {
                return [&s, file, what] { return change(s, s.camille, {.what = what, .items = {file}}); };
            };
            at_once({moving(s, folder, hers), deed(What::Trash)});
            at_once({moving(s, folder, mine), deed(What::Restore)});
            // Whatever the order was: in the tree once, in the trash of the space that it counts to or in none.
            auto now = *s.db.read_now([&](db::Tx& tx) { return find_item(tx, file); });
            CHECK(reaches_root(s, file));
            CHECK_FALSE(now.trashed_at);
            CHECK((now.parent == folder || now.parent == mine || now.parent == hers));
        }
    });
}

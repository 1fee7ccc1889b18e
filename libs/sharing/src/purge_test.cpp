#include "sharing/purge.hpp"

#include "sharing/favourite.hpp"
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

// Rows that name an item which is not there. Cases of reports and the outbox remember on purpose.
const db::Query dangling_sql{"sharing.test_dangling", R"(
    SELECT (SELECT count(*) FROM item c WHERE c.parent > 0 AND NOT EXISTS (SELECT 1 FROM item p WHERE p.id = c.parent))
         + (SELECT count(*) FROM grant_ r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM link r WHERE r.item <> 0 AND NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM comment r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM favourite r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM recent r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM hidden_share r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM look r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item))
         + (SELECT count(*) FROM publication r WHERE NOT EXISTS (SELECT 1 FROM item p WHERE p.id = r.item)))"};
const db::Query count_items_sql{"sharing.test_count_items", "SELECT count(*) FROM item"};

std::int64_t dangling(School& school) {
    return school.db.read_now([](db::Tx& tx) { return tx.one<std::int64_t>(dangling_sql, {}).value(); });
}
std::int64_t items(School& school) {
    return school.db.read_now([](db::Tx& tx) { return tx.one<std::int64_t>(count_items_sql, {}).value(); });
}

Kinds kinds_with(std::vector<std::int64_t>& erased) {
    Kinds kinds;
    kinds.add({.name = "folder", .erase = [&erased](db::Tx&, World&, const std::vector<std::int64_t>& items) {
                   erased.insert(erased.end(), items.begin(), items.end());
               }});
    return kinds;
}

int purge(School& school, const Kinds& kinds, int most = purge_slice) {
    return school.db.write_now([&](db::Tx& tx) { return purge_some(tx, school.world, kinds, most); });
}
void trash(School& school, ItemId item) {
    REQUIRE(school.db.write_now([&](db::Tx& tx) { return trash_item(tx, school.world, school.camille, item); }));
}
Result<void> erase(School& school, const Viewer& who, ItemId item) {
    return school.db.write_now([&](db::Tx& tx) { return erase_item(tx, school.world, who, item); });
}

} // namespace

TEST_CASE("what is erased for good is gone at once for everybody, and its rows follow in slices") {
    on_each_school([](School& school) {
        std::vector<std::int64_t> erased;
        const auto kinds = kinds_with(erased);
        auto space = school.space_of(school.camille);
        const auto before = items(school);
        auto folder = school.create(school.camille, space, "Sciences")->id;
        auto deep = folder;
        for (int i = 0; i < 20; ++i) deep = school.create(school.camille, deep, "niveau " + std::to_string(i))->id;
        for (int i = 0; i < 30; ++i) school.create(school.camille, folder, "feuille " + std::to_string(i));
        school.give(deep, subject(school.nadia.person), Role::View);
        auto made = school.link({.item = folder});
        REQUIRE(made);
        school.db.write_now([&](db::Tx& tx) { return set_favourite(tx, school.world, school.camille, deep, true); });

        CHECK(erase(school, school.camille, folder).error().key == "sharing.not_trashed");
        trash(school, folder);
        CHECK(erase(school, school.nadia, folder).error().kind == Error::Kind::NotFound);
        CHECK(erase(school, school.camille, folder));
        CHECK(erase(school, school.camille, folder).error().kind == Error::Kind::NotFound);
        CHECK_FALSE(school.can(school.camille, Action::View, folder));
        CHECK_FALSE(school.can(school.camille, Action::View, deep));
        CHECK_FALSE(school.create(school.camille, deep, "trop tard"));
        CHECK_FALSE(
            school.db.write_now([&](db::Tx& tx) { return restore_item(tx, school.world, school.camille, folder); }));

        int slices = 0;
        while (int purged = purge(school, kinds, 7)) {
            CHECK(purged <= 7);
            CHECK(dangling(school) == 0); // wherever a kill would fall
            ++slices;
        }
        CHECK(slices == 8); // 51 items
        CHECK(items(school) == before);
        CHECK(erased.size() == 51);
        CHECK(std::ranges::count(school.events(), "item.purged") == 51);
    });
}

TEST_CASE("the trash is emptied by who manages the space, and only what lay there goes") {
    on_each_school([](School& school) {
        std::vector<std::int64_t> erased;
        const auto kinds = kinds_with(erased);
        auto space = school.space_of(school.camille);
        auto kept = school.create(school.camille, space, "gardé")->id;
        for (int i = 0; i < 5; ++i) {
            auto one = school.create(school.camille, space, "pareil")->id; // the same name five times
            school.create(school.camille, one, "dedans");
            trash(school, one);
        }
        auto empty = [&](const Viewer& who) {
            return school.db.write_now([&](db::Tx& tx) { return empty_trash(tx, school.world, who, space); });
        };
        CHECK(empty(school.nadia).error().kind == Error::Kind::NotFound);
        CHECK(empty(school.camille).value() == 5);
        CHECK(empty(school.camille).value() == 0);
        while (purge(school, kinds)) {
        }
        CHECK(erased.size() == 10);
        CHECK(school.can(school.camille, Action::Manage, kept));
        CHECK(school.create(school.camille, space, "pareil"));
        CHECK(dangling(school) == 0);
    });
}

TEST_CASE("the jobs purge what has lain in the trash too long, by kind, and go on after a kill") {
    on_each_school([](School& school) {
        std::vector<std::int64_t> erased;
        auto kinds = kinds_with(erased);
        kinds.add({.name = "record", .retention = 90_days, .erase = [](db::Tx&, World&, const auto&) {}});
        install_purge(school.db, school.world, kinds);
        auto space = school.space_of(school.camille);
        auto folder = school.create(school.camille, space, "vieux")->id;
        school.create(school.camille, folder, "dedans");
        auto record = school.create(school.camille, space, "registre", "record")->id;
        trash(school, folder);
        trash(school, record);
        school.clock.advance(29_days);
        auto fresh = school.create(school.camille, space, "récent")->id;
        trash(school, fresh);
        school.jobs.run_due();
        school.clock.advance(1_min);
        school.jobs.run_due();
        CHECK(erased.empty());
        school.clock.advance(1_days + 1_h);
        school.jobs.run_due(); // cuts off
        // As if the process had died in the middle of the purge: some of it is done, the job comes again.
        CHECK(purge(school, kinds, 1) == 1);
        school.clock.advance(1_min);
        school.jobs.run_due();
        CHECK(erased.size() == 2);
        CHECK(school.standing(school.camille, fresh).item.has_value());
        CHECK(school.standing(school.camille, record).item.has_value());
        school.clock.advance(61_days);
        school.jobs.run_due();
        school.clock.advance(1_min);
        school.jobs.run_due();
        CHECK_FALSE(school.standing(school.camille, record).item.has_value());
        CHECK_FALSE(school.standing(school.camille, fresh).item.has_value());
        CHECK(dangling(school) == 0);
    });
}

TEST_CASE(
    "after any sequence of making, moving, throwing away, restoring and purging no row names an item that is gone") {
    on_each_school([](School& school) {
        std::vector<std::int64_t> erased;
        const auto kinds = kinds_with(erased);
        std::mt19937 dice{20261125};
        auto space = school.space_of(school.camille);
        std::vector<ItemId> known{space};
        auto any = [&] { return known[dice() % known.size()]; };
        for (int step = 0; step < 400; ++step) {
            const auto item = any();
            switch (dice() % 11) {
            case 0:
            case 1:
            case 2:
            case 3:
                if (auto made = school.create(school.camille, item, "n" + std::to_string(step))) {
                    known.push_back(made->id);
                    school.give(made->id, subject(school.nadia.person), Role::Edit);
                }
                break;
            case 4:
            case 5:
                (void)school.db.write_now(
                    [&](db::Tx& tx) { return trash_item(tx, school.world, school.camille, item); });
                break;
            case 6:
                (void)school.db.write_now(
                    [&](db::Tx& tx) { return restore_item(tx, school.world, school.camille, item); });
                break;
            case 7: (void)erase(school, school.camille, item); break;
            case 8:
                (void)school.db.write_now(
                    [&](db::Tx& tx) { return set_favourite(tx, school.world, school.nadia, item, true); });
                break;
            case 10:
                (void)school.db.write_now(
                    [&](db::Tx& tx) { return move_item(tx, school.world, school.camille, item, any()); });
                break;
            case 9: purge(school, kinds, 1 + static_cast<int>(dice() % 3)); break;
            }
            if (step % 20 == 0) REQUIRE(dangling(school) == 0);
        }
        while (purge(school, kinds)) {
        }
        CHECK(dangling(school) == 0);
        CHECK(erased.size() > 5);
        std::ranges::sort(erased);
        CHECK(std::ranges::adjacent_find(erased) == erased.end()); // each once
    });
}

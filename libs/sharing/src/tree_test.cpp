#include "sharing_fixture.hpp"

#include "base/text.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

Result<Item> rename(School& s, const Viewer& who, ItemId item, std::string to, std::int64_t revision = 0) {
    return s.db.write_now([&](db::Tx& tx) { return rename_item(tx, s.world, who, item, to, revision); });
}
Result<Item> trash(School& s, const Viewer& who, ItemId item) {
    return s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, who, item); });
}
Result<Item> restore(School& s, const Viewer& who, ItemId item) {
    return s.db.write_now([&](db::Tx& tx) { return restore_item(tx, s.world, who, item); });
}
std::string key_of(const Result<Item>& result) { return result ? "" : result.error().key; }

} // namespace

TEST_CASE("a personal space is made once, with its trash, whoever asks first") {
    on_each_school([](School& s) {
        CHECK_FALSE(s.db.read_now([&](db::Tx& tx) { return find_personal_space(tx, s.camille.person); }));
        auto space = s.space_of(s.camille);
        CHECK(s.space_of(s.camille) == space);
        CHECK(s.space_of(s.nadia) != space);
        CHECK(s.titles(s.camille, space).empty()); // the trash is no folder of the person's
    });
}

TEST_CASE("folders come first, then French order, in pages by key") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        for (auto name : {"zèbre.odt", "Évaluation.odt", "eau.odt", "fiche 10.pdf", "fiche 9.pdf"})
            CHECK(s.create(s.camille, space, name, "file").has_value());
        for (auto name : {"Volcans", "Copies"}) CHECK(s.create(s.camille, space, name).has_value());
        const std::vector<std::string> expected{"Copies",      "Volcans",      "eau.odt",  "Évaluation.odt",
                                                "fiche 9.pdf", "fiche 10.pdf", "zèbre.odt"};
        CHECK(s.titles(s.camille, space) == expected);
        std::vector<std::string> paged;
        ChildKey key;
        while (true) {
            auto rows =
                s.db.read_now([&](db::Tx& tx) { return children(tx, s.camille, space, key, 2, s.clock.now()); });
            for (const auto& row : rows) paged.push_back(row.title);
            if (rows.size() < 2) break;
            key = {.sort = rows.back().sort, .id = rows.back().id};
        }
        CHECK(paged == expected);
    });
}

TEST_CASE("a list shows restricted children to those alone who reach them, and fills its pages") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Équipe")->id;
        std::vector<ItemId> closed;
        for (int i = 0; i < 6; ++i)
            closed.push_back(s.create(s.camille, folder, "a" + std::to_string(i), "file", true)->id);
        for (int i = 0; i < 3; ++i) CHECK(s.create(s.camille, folder, "b" + std::to_string(i), "file").has_value());
        s.give(folder, subject(s.nadia.person), Role::View);
        s.give(closed[4], subject(s.nadia.person), Role::View);
        s.give(closed[5], subject(s.nadia.person), Role::Deposit); // gives without seeing
        // A group whose id is that of her class's families: only the kind tells them apart.
        s.give(closed[1], families(GroupId{s.nadia.person.value}), Role::View);
        CHECK(s.titles(s.camille, folder).size() == 9);
        CHECK(s.titles(s.nadia, folder) == std::vector<std::string>{"a4", "b0", "b1", "b2"});
        CHECK(s.titles(s.nadia, folder, 2) == std::vector<std::string>{"a4", "b0"});
    });
}

TEST_CASE("rows say whether something was shared") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto alone = s.create(s.camille, space, "a", "file")->id;
        auto given = s.create(s.camille, space, "b", "file")->id;
        auto linked = s.create(s.camille, space, "c", "file")->id;
        s.give(alone, subject(s.camille.person), Role::Manage);
        s.give(given, subject(s.nadia.person), Role::View);
        CHECK(s.link({.item = linked, .until = s.clock.now() + 1_h}).has_value());
        auto rows = [&] {
            return s.db.read_now([&](db::Tx& tx) { return children(tx, s.camille, space, {}, 9, s.clock.now()); });
        };
        auto before = rows();
        REQUIRE(before.size() == 3);
        CHECK_FALSE(before[0].shared);
        CHECK_FALSE(before[0].has_links);
        CHECK(before[1].shared);
        CHECK_FALSE(before[1].has_links);
        CHECK_FALSE(before[2].shared);
        CHECK(before[2].has_links);
        s.clock.advance(1_h); // the link is over
        CHECK_FALSE(rows()[2].has_links);
    });
}

TEST_CASE("names: forbidden, taken, equal in Unicode, alike in case, numbered") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        const std::vector<std::string> bad_names{"", "..", "a/b", "a\nb", "caf\xC3", std::string(256, 'x')};
        for (const auto& bad : bad_names) CHECK_FALSE(s.create(s.camille, space, bad).has_value());
        CHECK(s.create(s.camille, space, "été").has_value());
        CHECK(key_of(s.create(s.camille, space, "été", "file")) == "sharing.name_taken");
        CHECK(key_of(s.create(s.camille, space, "e\xCC\x81te\xCC\x81")) == "sharing.name_taken"); // decomposed
        CHECK(s.create(s.camille, space, "ÉTÉ").has_value());
        auto alike = s.db.read_now([&](db::Tx& tx) { return names_alike(tx, space, "Été"); });
        CHECK(std::set<std::string>{alike.begin(), alike.end()} == std::set<std::string>{"été", "ÉTÉ"});
        CHECK(s.db.read_now([&](db::Tx& tx) { return names_alike(tx, space, "hiver"); }).empty());
        std::vector<std::string> made;
        for (int i = 0; i < 9; ++i)
            made.push_back(s.db.write_now([&](db::Tx& tx) {
                                   return create_item(tx, s.world, s.camille,
                                                      {.parent = space,
                                                       .kind = "file",
                                                       .title = "photo.jpg",
                                                       .if_taken = NewItem::IfTaken::Number});
                               })
                               ->title);
        CHECK(made[0] == "photo.jpg");
        for (int i = 1; i < 9; ++i) CHECK(made[static_cast<std::size_t>(i)] == numbered_name("photo.jpg", i + 1));
    });
}

TEST_CASE("creating needs the right, a place outside the trash, and a tree that is not too deep") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        CHECK(s.create(s.nadia, space, "x").error().kind == Error::Kind::NotFound);
        CHECK(s.create(s.camille, ItemId{987654}, "x").error().kind == Error::Kind::NotFound);
        auto folder = s.create(s.camille, space, "Vieux")->id;
        CHECK(trash(s, s.camille, folder).has_value());
        CHECK(key_of(s.create(s.camille, folder, "x")) == "sharing.trashed");
        auto deepest = space;
        int levels = 0;
        while (true) {
            auto next = s.create(s.camille, deepest, "n");
            if (!next) {
                CHECK(key_of(next) == "sharing.too_deep");
                break;
            }
            deepest = next->id;
            REQUIRE(++levels <= 64);
        }
        CHECK(levels == 64);
        CHECK(s.can(s.camille, Action::Manage, deepest));
    });
}

TEST_CASE("who may hand in creates with Deposit and sees nothing") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Rendre", "handin")->id;
        auto link = s.link({.item = folder, .role = Role::Deposit})->link;
        auto family = s.by_links({link.id});
        auto handed = s.db.write_now([&](db::Tx& tx) {
            return create_item(
                tx, s.world, family,
                {.parent = folder, .kind = "file", .title = "Lina.jpg", .if_taken = NewItem::IfTaken::Number},
                Action::Deposit);
        });
        REQUIRE(handed.has_value());
        CHECK_FALSE(handed->owner);
        CHECK_FALSE(s.can(family, Action::View, handed->id));
        CHECK_FALSE(s.create(family, folder, "x").has_value()); // Edit is needed for that
        CHECK(s.can(s.camille, Action::Manage, handed->id));
    });
}

TEST_CASE("renaming keeps order, refuses what is taken or has changed meanwhile") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto first = *s.create(s.camille, space, "b.odt", "file");
        CHECK(s.create(s.camille, space, "c.odt", "file").has_value());
        CHECK(key_of(rename(s, s.camille, first.id, "c.odt")) == "sharing.name_taken");
        CHECK(rename(s, s.camille, first.id, "d.odt", first.revision)->revision == first.revision + 1);
        CHECK(key_of(rename(s, s.camille, first.id, "e.odt", first.revision)) == "sharing.changed_meanwhile");
        CHECK(rename(s, s.camille, first.id, "d.odt")->revision == first.revision + 1); // nothing to do
        CHECK(s.titles(s.camille, space) == std::vector<std::string>{"c.odt", "d.odt"});
        CHECK(rename(s, s.nadia, first.id, "x").error().kind == Error::Kind::NotFound);
        s.give(first.id, subject(s.nadia.person), Role::Comment);
        CHECK(rename(s, s.nadia, first.id, "x").error().kind == Error::Kind::Forbidden);
        CHECK(key_of(rename(s, s.camille, space, "x")) == "sharing.fixed");
        auto events = s.events();
        CHECK(std::ranges::count(events, "item.renamed") == 1);
    });
}

TEST_CASE("to the trash and back: same place, or the root when it is gone, numbered when the name is taken") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Sciences")->id;
        auto file = s.create(s.camille, folder, "Volcans.odp", "file")->id;
        CHECK(trash(s, s.camille, file)->trashed_from == folder);
        CHECK(key_of(trash(s, s.camille, file)) == "sharing.trashed");
        CHECK(key_of(rename(s, s.camille, file, "x")) == "sharing.trashed");
        auto second = s.create(s.camille, folder, "Volcans.odp", "file")->id; // the name is free again
        s.clock.advance(1_s);
        CHECK(trash(s, s.camille, second).has_value()); // two of one name in the trash
        auto listed = s.db.read_now([&](db::Tx& tx) { return trashed(tx, space, {}, 10); });
        REQUIRE(listed.size() == 2);
        CHECK(listed[0].id == second); // latest first
        auto rest = s.db.read_now([&](db::Tx& tx) { return trashed(tx, space, second, 10); });
        REQUIRE(rest.size() == 1);
        CHECK(rest[0].id == file);

        CHECK(restore(s, s.camille, file)->parent == folder);
        CHECK(restore(s, s.camille, second)->title == "Volcans (2).odp");
        CHECK(key_of(restore(s, s.camille, second)) == "sharing.not_trashed");

        CHECK(trash(s, s.camille, file).has_value());
        CHECK(trash(s, s.camille, folder).has_value());
        CHECK(s.create(s.camille, space, "Volcans.odp", "file").has_value());
        auto back = restore(s, s.camille, file);
        CHECK(back->parent == space); // where it stood lies in the trash itself
        CHECK(back->title == "Volcans (2).odp");
        CHECK_FALSE(back->trashed_at);
    });
}

TEST_CASE("an editor may throw away, only a manager of the space may restore") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Équipe")->id;
        auto file = s.create(s.camille, folder, "Plan.odt", "file")->id;
        s.give(folder, subject(s.nadia.person), Role::View);
        CHECK(trash(s, s.nadia, file).error().kind == Error::Kind::Forbidden);
        s.give(folder, subject(s.nadia.person), Role::Edit);
        CHECK(trash(s, s.nadia, file).has_value());
        CHECK(restore(s, s.nadia, file).error().kind == Error::Kind::NotFound);
        CHECK(restore(s, s.camille, file).has_value());
    });
}

TEST_CASE("recents are what one made or worked on, as long as one still sees it") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Sciences")->id;
        s.clock.advance(1_s);
        auto file = s.create(s.camille, folder, "Volcans.odp", "file")->id;
        auto recents = [&](const Viewer& who) {
            auto items = s.db.read_now([&](db::Tx& tx) { return recent_items(tx, who, 10, s.clock.now()); });
            std::vector<std::string> titles;
            for (const auto& item : items) titles.push_back(item.title);
            return titles;
        };
        CHECK(recents(s.camille) == std::vector<std::string>{"Volcans.odp", "Sciences"});
        CHECK(recents(s.nadia).empty());
        CHECK(recents(s.stranger).empty());
        s.give(file, subject(s.nadia.person), Role::Edit);
        s.clock.advance(1_s);
        CHECK(rename(s, s.nadia, file, "Volcans 2.odp").has_value());
        CHECK(recents(s.nadia) == std::vector<std::string>{"Volcans 2.odp"});
        s.give(file, subject(s.nadia.person), Role::None);
        CHECK(recents(s.nadia).empty());
        CHECK(trash(s, s.camille, folder).has_value());
        CHECK(recents(s.camille).empty());
    });
}

TEST_CASE("ancestors start at the root, and a family's page lists what was given to its class") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Sciences")->id;
        auto file = s.create(s.camille, folder, "Volcans.odp", "file")->id;
        auto path = s.db.read_now([&](db::Tx& tx) { return ancestors(tx, file); });
        REQUIRE(path.size() == 2);
        CHECK(path[0].id == space);
        CHECK(path[1].id == folder);
        const GroupId class_6b{500};
        s.give(folder, families(class_6b), Role::View);
        s.give(file, families(class_6b), Role::View, s.clock.now() + 1_h);
        auto given = [&] {
            return s.db.read_now(
                [&](db::Tx& tx) { return items_granted_to(tx, families(class_6b), 10, s.clock.now()); });
        };
        REQUIRE(given().size() == 2);
        CHECK(given()[0].id == file); // newest first
        s.clock.advance(1_h);
        CHECK(given().size() == 1);
        CHECK(trash(s, s.camille, folder).has_value());
        CHECK(given().empty());
    });
}

TEST_CASE("of twenty who create the same name at once, exactly one wins") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        std::atomic<int> won = 0;
        std::atomic<int> refused = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 20; ++i)
            threads.emplace_back([&, i] {
                // A lane each, so that nothing but the index stands between them.
                auto made = s.db.write_now(
                    [&](db::Tx& tx) {
                        return create_item(tx, s.world, s.camille,
                                           {.parent = space, .kind = "folder", .title = "Sciences"});
                    },
                    db::Lane{static_cast<std::uint64_t>(i + 1)});
                if (made) ++won;
                if (!made && made.error().key == "sharing.name_taken") ++refused;
            });
        for (auto& thread : threads) thread.join();
        CHECK(won == 1);
        CHECK(refused == 19);
        CHECK(s.titles(s.camille, space).size() == 1);
    });
}

TEST_CASE("two first visits at once make one space") {
    on_each_school([](School& s) {
        std::vector<ItemId> spaces(8);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < spaces.size(); ++i)
            threads.emplace_back([&, i] {
                spaces[i] = s.db.write_now(
                    [&](db::Tx& tx) { return personal_space(tx, s.world, s.camille.person, "Mes fichiers"); },
                    db::Lane{i + 1});
            });
        for (auto& thread : threads) thread.join();
        for (auto space : spaces) CHECK(space == spaces[0]);
        CHECK(s.can(s.camille, Action::Manage, spaces[0]));
    });
}

#include "sharing/moving.hpp"

#include "db/checks.hpp"
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

using IfTaken = NewItem::IfTaken;

std::vector<Outcome> change(School& s, const Viewer& who, const Change& what) {
    auto outcomes = sync_wait(change_places(s.db, s.world, who, what));
    REQUIRE_MESSAGE(outcomes.has_value(), outcomes.error().key);
    return *std::move(outcomes);
}
Result<Item> move(School& s, const Viewer& who, ItemId item, ItemId to, IfTaken if_taken = IfTaken::Refuse,
                  std::int64_t revision = 0) {
    auto outcomes = sync_wait(
        change_places(s.db, s.world, who, {.items = {item}, .to = to, .if_taken = if_taken, .revision = revision}));
    if (!outcomes) return std::unexpected(outcomes.error());
    return outcomes->front().item;
}
std::string key_of(const Result<Item>& result) { return result ? "" : result.error().key; }
std::int64_t count_of(School& s, const std::string& kind) {
    auto events = s.events();
    return std::ranges::count(events, kind);
}
ItemId space_now(School& s, ItemId item) {
    return s.db.read_now([&](db::Tx& tx) { return space_of(tx, item).value_or(ItemId{}); });
}

} // namespace

TEST_CASE("a folder moves with all it holds, keeps its own rights and inherits the others from its new place") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto from = s.create(s.camille, space, "Équipe")->id;
        auto to = s.create(s.camille, space, "Archives")->id;
        auto folder = *s.create(s.camille, from, "Volcans");
        auto file = s.create(s.camille, folder.id, "lave.odp", "file")->id;
        s.give(from, subject(s.nadia.person), Role::View);
        const auto other = person(103);
        s.give(folder.id, subject(other.person), Role::Edit);
        CHECK(s.can(s.nadia, Action::View, file));

        auto moved = move(s, s.camille, folder.id, to);
        REQUIRE(moved);
        CHECK(moved->parent == to);
        CHECK(moved->revision == folder.revision + 1);
        CHECK(moved->changed_at == folder.changed_at); // what it holds is as old as before
        CHECK(s.titles(s.camille, from).empty());
        CHECK(s.titles(s.camille, to) == std::vector<std::string>{"Volcans"});
        CHECK(s.titles(s.camille, folder.id) == std::vector<std::string>{"lave.odp"});
        CHECK_FALSE(s.can(s.nadia, Action::View, file));
        CHECK(s.can(other, Action::Edit, file));
        CHECK(count_of(s, "item.moved") == 1);
        CHECK(move(s, s.camille, folder.id, to)->revision == folder.revision + 1); // it is there already
        CHECK(count_of(s, "item.moved") == 1);

        static const db::Query detail{"sharing.test_moved", "SELECT detail FROM outbox WHERE kind = 'item.moved'"};
        auto told = s.db.read_now([&](db::Tx& tx) { return tx.one<std::string>(detail, {}); });
        CHECK(told == R"({"from":")" + to_text(from) + R"(","to":")" + to_text(to) + "\"}");
    });
}

TEST_CASE("moving needs the right on the item and on both folders; what one may not see is told as not there") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto from = s.create(s.camille, space, "De")->id;
        auto to = s.create(s.camille, space, "À")->id;
        auto file = s.create(s.camille, from, "x.odt", "file")->id;
        const auto nobody = key_of(move(s, s.nadia, ItemId{987654}, to));
        CHECK(key_of(move(s, s.nadia, file, to)) == nobody);
        CHECK(nobody == "sharing.item");
        s.give(from, subject(s.nadia.person), Role::Edit);
        CHECK(key_of(move(s, s.nadia, file, to)) == "sharing.item"); // the target is not hers to know
        s.give(to, subject(s.nadia.person), Role::View);
        CHECK(key_of(move(s, s.nadia, file, to)) == "sharing.role");
        s.give(to, subject(s.nadia.person), Role::Edit);
        s.give(from, subject(s.nadia.person), Role::View);
        CHECK(key_of(move(s, s.nadia, file, to)) == "sharing.role");
        s.give(file, subject(s.nadia.person), Role::Edit); // of her own, but the folder is not hers to take from
        CHECK(key_of(move(s, s.nadia, file, to)) == "sharing.move_needs_both");
        CHECK(count_of(s, "item.moved") == 0);
        s.give(from, subject(s.nadia.person), Role::Edit);
        CHECK(move(s, s.nadia, file, to));
        CHECK(s.titles(s.camille, to) == std::vector<std::string>{"x.odt"});
    });
}

TEST_CASE("into itself, into what it holds, roots, trashes, what is thrown away, stale revisions: refused") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto top = *s.create(s.camille, space, "Haut");
        auto middle = s.create(s.camille, top.id, "Milieu")->id;
        auto bottom = s.create(s.camille, middle, "Bas")->id;
        CHECK(key_of(move(s, s.camille, top.id, top.id)) == "sharing.into_itself");
        CHECK(key_of(move(s, s.camille, top.id, bottom)) == "sharing.into_itself");
        CHECK(key_of(move(s, s.camille, space, bottom)) == "sharing.fixed");
        // Somebody who comes by a share of the bottom alone closes no circle either.
        s.give(bottom, subject(s.nadia.person), Role::Edit);
        s.give(top.id, subject(s.nadia.person), Role::Edit);
        CHECK(key_of(move(s, s.nadia, middle, bottom)) == "sharing.into_itself");
        CHECK(key_of(move(s, s.camille, middle, space, IfTaken::Refuse, 77)) == "sharing.changed_meanwhile");
        CHECK(move(s, s.camille, middle, space, IfTaken::Refuse, 1)->revision == 2);
        auto trashed = s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.camille, top.id); });
        REQUIRE(trashed);
        CHECK(key_of(move(s, s.camille, top.id, middle)) == "sharing.trashed");
        CHECK(key_of(move(s, s.camille, middle, top.id)) == "sharing.trashed");
        CHECK(key_of(move(s, s.camille, middle, trashed->parent)) == "sharing.trashed");
        CHECK(key_of(move(s, s.camille, trashed->parent, middle)) == "sharing.fixed");
        CHECK(s.titles(s.camille, space) == std::vector<std::string>{"Milieu"});
    });
}

TEST_CASE("a taken name is refused or numbered, among those that arrive together too") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto to = s.create(s.camille, space, "Réunis")->id;
        s.create(s.camille, to, "sujet.odt", "file").value();
        std::vector<ItemId> subjects;
        for (auto name : {"A", "B", "C"})
            subjects.push_back(s.create(s.camille, s.create(s.camille, space, name)->id, "sujet.odt", "file")->id);
        auto free = s.create(s.camille, space, "autre.odt", "file")->id;
        auto refused = change(s, s.camille, {.items = {subjects[0], free}, .to = to});
        CHECK(key_of(refused[0].item) == "sharing.name_taken");
        CHECK(refused[1].item);
        auto all = subjects;
        all.push_back(subjects[0]); // twice is once
        auto numbered = change(s, s.camille, {.items = all, .to = to, .if_taken = IfTaken::Number});
        REQUIRE(numbered.size() == 3);
        CHECK(numbered[2].item->title == "sujet (4).odt");
        auto titles = s.titles(s.camille, to);
        CHECK(std::set<std::string>{titles.begin(), titles.end()} ==
              std::set<std::string>{"autre.odt", "sujet.odt", "sujet (2).odt", "sujet (3).odt", "sujet (4).odt"});
    });
}

TEST_CASE("the limit of 64 levels holds for what a moved folder contains, however its height was counted") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto chain = [&](ItemId at, int levels) {
            for (int i = 0; i < levels; ++i) at = s.create(s.camille, at, "n")->id;
            return at;
        };
        auto tall = s.create(s.camille, space, "Haute")->id;
        auto end = chain(tall, 10); // ten levels below it
        auto deep = chain(space, 54);
        CHECK(key_of(move(s, s.camille, tall, deep)) == "sharing.too_deep");
        auto above = s.db.read_now([&](db::Tx& tx) { return ancestors(tx, deep).back().id; });
        CHECK(move(s, s.camille, tall, above, IfTaken::Number));
        CHECK(key_of(s.create(s.camille, end, "x")) == "sharing.too_deep");
        CHECK(move(s, s.camille, tall, space));
        // The lowest folder goes elsewhere: the bound that was kept is too high now, and what is there decides.
        CHECK(move(s, s.camille, end, space, IfTaken::Number));
        CHECK(move(s, s.camille, tall, deep));
        CHECK(s.can(s.camille, Action::Manage, tall));
    });
}

TEST_CASE("into another space goes only what one manages, with everything in it, and its trash is that one's") {
    on_each_school([](School& s) {
        auto mine = s.space_of(s.camille);
        auto hers = s.space_of(s.nadia);
        auto shared = s.create(s.camille, mine, "Partagé")->id;
        auto folder = s.create(s.camille, shared, "Volcans")->id;
        auto file = s.create(s.camille, folder, "lave.odp", "file")->id;
        auto closed = s.create(s.camille, folder, "Notes", "folder", true)->id;
        auto handin = s.create(s.camille, shared, "Rendus", "handin", true)->id;
        s.give(shared, subject(s.nadia.person), Role::Edit);
        CHECK(key_of(move(s, s.nadia, folder, hers)) == "sharing.move_out"); // an editor takes nothing away
        s.give(shared, subject(s.nadia.person), Role::Manage);
        s.give(handin, subject(s.nadia.person), Role::Manage);
        CHECK(key_of(move(s, s.nadia, handin, hers)) == "sharing.handin_stays");
        // Whoever counts what lies in a space may say that there is no room.
        std::vector<ItemId> asked;
        Change full{.items = {folder}, .to = hers, .leaving = [&](db::Tx&, const Item& item, ItemId) {
                        asked.push_back(item.id);
                        return Result<void>{fail(Error::Kind::StorageFull, "full")};
                    }};
        CHECK(key_of(change(s, s.nadia, full)[0].item) == "full");
        CHECK(asked == std::vector<ItemId>{folder});
        CHECK(s.can(s.camille, Action::View, file));
        CHECK(move(s, s.nadia, folder, hers)->space == hers);
        CHECK(space_now(s, file) == hers);
        CHECK(space_now(s, closed) == hers);
        CHECK_FALSE(s.can(s.camille, Action::View, file));
        CHECK(s.can(s.nadia, Action::Manage, closed)); // managers of its space reach what is restricted
        auto trashed = s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.nadia, file); });
        REQUIRE(trashed);
        auto in_hers = s.db.read_now([&](db::Tx& tx) { return sharing::trashed(tx, hers, {}, 10); });
        REQUIRE(in_hers.size() == 1);
        CHECK(in_hers[0].id == file);
        CHECK(in_hers[0].space == hers);
    });
}

TEST_CASE("what was thrown away comes back to the root of its space when its folder went to another") {
    on_each_school([](School& s) {
        auto mine = s.space_of(s.camille);
        auto hers = s.space_of(s.nadia);
        auto folder = s.create(s.camille, mine, "Volcans")->id;
        auto file = s.create(s.camille, folder, "lave.odp", "file")->id;
        REQUIRE(s.db.write_now([&](db::Tx& tx) { return trash_item(tx, s.world, s.camille, file); }));
        s.give(hers, subject(s.camille.person), Role::Edit);
        REQUIRE(move(s, s.camille, folder, hers));
        s.give(hers, subject(s.camille.person), Role::None);
        // Nobody puts something into a space that is not theirs by way of the trash.
        auto back = change(s, s.camille, {.what = Change::What::Restore, .items = {file}});
        REQUIRE(back[0].item);
        CHECK(back[0].item->parent == mine);
        CHECK(s.titles(s.nadia, folder).empty());
    });
}

TEST_CASE("many at once: each has its outcome, those that fail stop nobody, and the queries do not grow with them") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto to = s.create(s.camille, space, "Vers")->id;
        auto hidden = s.create(s.nadia, s.space_of(s.nadia), "Privé")->id;
        std::vector<ItemId> files;
        for (int i = 0; i < 120; ++i) files.push_back(s.create(s.camille, space, "f" + std::to_string(i), "file")->id);
        auto cost = [&](const Change& what) {
            return s.db.write_now([&](db::Tx& tx) {
                auto held = places_of(tx, s.camille, what, s.clock.now());
                const auto before = tx.query_count();
                auto outcomes = change_held(tx, s.world, s.camille, what, held);
                REQUIRE(outcomes);
                // Two statements for each event (outbox and recent) are the only ones for each item.
                std::int64_t done = 0;
                for (const auto& outcome : *outcomes) done += outcome.item.has_value();
                return tx.query_count() - before - 2 * done;
            });
        };
        const std::vector<ItemId> few{files[0], files[1]};
        const std::vector<ItemId> many{files.begin() + 2, files.end()};
        using What = Change::What;
        CHECK(cost({.items = few, .to = to}) == cost({.items = many, .to = to}));
        CHECK(cost({.what = What::Trash, .items = few}) == cost({.what = What::Trash, .items = many}));
        CHECK(cost({.what = What::Restore, .items = few}) == cost({.what = What::Restore, .items = many}));

        auto mixed = change(s, s.camille, {.items = {files[0], hidden, ItemId{4711}, space, files[1]}, .to = space});
        REQUIRE(mixed.size() == 5);
        CHECK(mixed[0].item);
        CHECK(mixed[0].from == to);
        CHECK(key_of(mixed[1].item) == "sharing.item");
        CHECK(key_of(mixed[2].item) == "sharing.item");
        CHECK(key_of(mixed[3].item) == "sharing.fixed");
        CHECK(mixed[4].item);
        CHECK(change(s, s.camille, {.what = What::Trash, .items = {hidden, to}})[1].item);
        CHECK(s.can(s.nadia, Action::View, hidden));

        std::vector<ItemId> crowd;
        for (int i = 0; i < 1001; ++i) crowd.push_back(ItemId{i + 1});
        auto refused = sync_wait(change_places(s.db, s.world, s.camille, {.items = crowd, .to = space}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().key == "sharing.too_many");
    });
}

TEST_CASE("lists order by name, change, size and kind, both ways, what holds others first, in pages by key") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto add = [&](const char* name, const char* kind, std::int64_t weight) {
            s.clock.advance(1_s);
            auto item = s.create(s.camille, space, name, kind)->id;
            s.db.write_now([&](db::Tx& tx) { set_weight(tx, item, weight); });
        };
        add("zoo.pdf", "file", 10);
        add("Éva", "folder", 0);
        add("abc.odt", "file", 30);
        add("Archives.v2", "folder", 0);
        add("note", "file", 20);
        add("Été.PDF", "file", 20);
        using By = ChildOrder::By;
        using Names = std::vector<std::string>;
        auto listed = [&](ChildOrder order, int limit) {
            Names names;
            ChildKey key;
            while (true) {
                auto rows = s.db.read_now(
                    [&](db::Tx& tx) { return children(tx, s.camille, space, key, limit, s.clock.now(), order); });
                for (const auto& row : rows) names.push_back(row.title);
                if (std::ssize(rows) < limit) return names;
                key = sharing::key_of(rows.back(), order);
            }
        };
        const std::vector<std::pair<ChildOrder, Names>> expected{
            {{By::Name}, {"Archives.v2", "Éva", "abc.odt", "Été.PDF", "note", "zoo.pdf"}},
            {{By::Name, true}, {"Éva", "Archives.v2", "zoo.pdf", "note", "Été.PDF", "abc.odt"}},
            {{By::Changed}, {"Éva", "Archives.v2", "zoo.pdf", "abc.odt", "note", "Été.PDF"}},
            {{By::Changed, true}, {"Archives.v2", "Éva", "Été.PDF", "note", "abc.odt", "zoo.pdf"}},
            {{By::Size}, {"Archives.v2", "Éva", "zoo.pdf", "Été.PDF", "note", "abc.odt"}},
            {{By::Size, true}, {"Éva", "Archives.v2", "abc.odt", "note", "Été.PDF", "zoo.pdf"}},
            {{By::Kind}, {"Archives.v2", "Éva", "note", "abc.odt", "Été.PDF", "zoo.pdf"}},
            {{By::Kind, true}, {"Éva", "Archives.v2", "zoo.pdf", "Été.PDF", "abc.odt", "note"}},
        };
        for (const auto& [order, names] : expected)
            for (int limit : {1, 2, 3, 100}) {
                CAPTURE(static_cast<int>(order.by));
                CAPTURE(order.descending);
                CAPTURE(limit);
                CHECK(listed(order, limit) == names);
            }
        auto count = [&](const Viewer& who) {
            return s.db.read_now([&](db::Tx& tx) { return count_children(tx, who, space, s.clock.now()); });
        };
        CHECK(count(s.camille) == 6);
        s.give(space, subject(s.nadia.person), Role::View);
        s.create(s.camille, space, "Fermé", "folder", true).value();
        CHECK(count(s.camille) == 7);
        CHECK(count(s.nadia) == 6);
    });
}

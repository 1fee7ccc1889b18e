// Random sequences of making, moving, renaming, throwing away and putting back, by several people, against a tree in
// memory that knows only the sentences of the headers. After every step the whole tree is compared, so nothing is lost,
// no name stands twice, nothing hangs in the air, and nobody does what they may not. The seed is printed; PREAU_SEED
// repeats a run and PREAU_DEEP=1 makes it ten times as long.
#include "sharing/moving.hpp"
#include "sharing_fixture.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <random>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

struct Node {
    ItemId id;
    int parent = -1; // index
    std::string title;
    bool restricted = false;
    bool trash = false; // is a trash
    int trashed_from = -1;
    std::map<int, Role> given; // by person
};

// Slow and plain on purpose; shares no code with the library but the numbering of names.
struct Model {
    std::vector<Node> nodes;

    const Node& at(int i) const { return nodes[static_cast<std::size_t>(i)]; }
    Node& at(int i) { return nodes[static_cast<std::size_t>(i)]; }
    std::vector<int> path(int item) const { // itself first, root last
        std::vector<int> way;
        for (int i = item; i >= 0; i = at(i).parent) way.push_back(i);
        return way;
    }
    int root(int item) const { return path(item).back(); }
    int trash_of(int space) const {
        for (int i = 0; i < std::ssize(nodes); ++i)
            if (at(i).trash && at(i).parent == space) return i;
        return -1;
    }
    bool in_trash(int item) const {
        for (int i : path(item))
            if (i != item && at(i).trash) return true;
        return false;
    }
    Role role(int who, int item) const {
        auto given = [&](int on) { return at(on).given.contains(who) ? at(on).given.at(who) : Role::None; };
        auto best = given(root(item)) == Role::Manage ? Role::Manage : Role::None;
        if (in_trash(item)) return best;
        for (int i : path(item)) {
            best = std::max(best, given(i));
            if (at(i).restricted) break;
        }
        return best;
    }
    bool taken(int folder, const std::string& title) const {
        for (const auto& node : nodes)
            if (node.parent == folder && node.title == title && node.trashed_from < 0) return true;
        return false;
    }
    std::string free(int folder, const std::string& title) const {
        if (!taken(folder, title)) return title;
        int number = 2;
        while (taken(folder, numbered_name(title, number))) ++number;
        return numbered_name(title, number);
    }
    std::string refused(int who, int item) const { // for what needs Edit
        if (role(who, item) >= Role::Edit) return "";
        return role(who, item) >= Role::View ? "sharing.role" : "sharing.item";
    }
    bool fixed(int item) const { return at(item).parent < 0 || at(item).trash; }

    std::string rename(int who, int item, const std::string& title) {
        if (auto no = refused(who, item); !no.empty()) return no;
        if (fixed(item)) return "sharing.fixed";
        if (in_trash(item)) return "sharing.trashed";
        if (at(item).title == title) return "";
        if (taken(at(item).parent, title)) return "sharing.name_taken";
        at(item).title = title;
        return "";
    }
    std::string move(int who, int item, int to, bool number) {
        if (auto no = refused(who, to); !no.empty()) return no;
        if (in_trash(to) || at(to).trash) return "sharing.trashed";
        if (auto no = refused(who, item); !no.empty()) return no;
        if (fixed(item)) return "sharing.fixed";
        if (in_trash(item)) return "sharing.trashed";
        if (role(who, at(item).parent) < Role::Edit) return "sharing.move_needs_both";
        if (root(item) != root(to) && role(who, item) < Role::Manage) return "sharing.move_out";
        for (int i : path(to))
            if (i == item) return "sharing.into_itself";
        if (at(item).parent == to) return "";
        if (taken(to, at(item).title) && !number) return "sharing.name_taken";
        at(item).title = free(to, at(item).title);
        at(item).parent = to;
        return "";
    }
    std::string trash(int who, int item) {
        if (auto no = refused(who, item); !no.empty()) return no;
        if (fixed(item)) return "sharing.fixed";
        if (in_trash(item)) return "sharing.trashed";
        at(item).trashed_from = at(item).parent;
        at(item).parent = trash_of(root(item));
        return "";
    }
    std::string restore(int who, int item) {
        if (auto no = refused(who, item); !no.empty()) return no;
        if (fixed(item)) return "sharing.fixed";
        if (at(item).trashed_from < 0) return "sharing.not_trashed";
        const int from = at(item).trashed_from;
        const int space = root(item);
        const bool stands = !in_trash(from) && !at(from).trash && root(from) == space;
        at(item).trashed_from = -1;
        at(item).parent = -2; // it does not stand in its own way
        at(item).title = free(stands ? from : space, at(item).title);
        at(item).parent = stands ? from : space;
        return "";
    }
};

class Game {
public:
    Game(School& s, std::uint64_t seed) : s_{s}, engine_{seed} {
        for (std::int64_t id : {201, 202, 203})
            people_.push_back(person(id + static_cast<std::int64_t>(seed % 1000) * 10));
        for (int who = 0; who < 2; ++who) add_space(who);
        for (int i = 0; i < 12; ++i) {
            create();
            give();
            give();
        }
    }
    void play(int steps) {
        for (int step = 0; step < steps; ++step) {
            CAPTURE(step);
            switch (below(12)) {
            case 0:
            case 1: create(); break;
            case 2: give(); break;
            case 3:
            case 4: rename(); break;
            case 5:
            case 6: trash(); break;
            case 7:
            case 8: restore(); break;
            default: move(); break;
            }
            compare();
        }
    }
    int done = 0;
    int refused = 0;

private:
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
    int any() { return below(static_cast<int>(std::ssize(model_.nodes))); }
    const Viewer& viewer(int who) const { return people_[static_cast<std::size_t>(who)]; }
    std::string title() { return std::string(1, static_cast<char>('a' + below(4))); } // few, so that they meet

    void add_space(int who) {
        auto space = s_.space_of(viewer(who));
        auto trash = s_.db.read_now([&](db::Tx& tx) {
            static const db::Query find{"sharing.test_trash_of",
                                        "SELECT id FROM item WHERE parent = $1 AND kind = 'trash'"};
            return *tx.one<ItemId>(find, {space});
        });
        const int root = static_cast<int>(std::ssize(model_.nodes));
        model_.nodes.push_back({.id = space, .title = "root", .given = {{who, Role::Manage}}});
        model_.nodes.push_back({.id = trash, .parent = root, .title = "/trash", .restricted = true, .trash = true});
    }
    void settle(const Result<Item>& done_by_us, const std::string& expected) {
        const auto key = done_by_us ? std::string{} : done_by_us.error().key;
        REQUIRE(key == expected);
        ++(key.empty() ? done : refused);
    }
    void create() {
        const int who = below(3);
        const int parent = any();
        const bool restricted = below(6) == 0;
        auto name = title();
        auto made = s_.create(viewer(who), model_.at(parent).id, name, "folder", restricted);
        auto expected = model_.refused(who, parent);
        if (expected.empty() && (model_.in_trash(parent) || model_.at(parent).trash)) expected = "sharing.trashed";
        if (expected.empty() && model_.taken(parent, name)) expected = "sharing.name_taken";
        settle(made, expected);
        if (made) model_.nodes.push_back({.id = made->id, .parent = parent, .title = name, .restricted = restricted});
    }
    void give() {
        constexpr Role roles[] = {Role::View, Role::Edit, Role::Manage, Role::Manage};
        const int item = any();
        const int who = below(3);
        if (model_.at(item).given.contains(who) && model_.at(item).parent < 0) return; // a space keeps its maker
        const auto role = roles[below(4)];
        s_.give(model_.at(item).id, subject(viewer(who).person), role);
        model_.at(item).given[who] = role;
    }
    void rename() {
        const int who = below(3);
        const int item = any();
        auto name = title();
        auto renamed = s_.db.write_now(
            [&](db::Tx& tx) { return rename_item(tx, s_.world, viewer(who), model_.at(item).id, name); });
        settle(renamed, model_.rename(who, item, name));
    }
    Result<Item> change(int who, Change what) {
        auto outcomes = sync_wait(change_places(s_.db, s_.world, viewer(who), std::move(what)));
        if (!outcomes) return std::unexpected(outcomes.error());
        return outcomes->front().item;
    }
    void move() {
        const int who = below(3);
        const int item = any();
        const int to = any();
        const bool number = below(2) == 0;
        auto moved = change(who, {.items = {model_.at(item).id},
                                  .to = model_.at(to).id,
                                  .if_taken = number ? NewItem::IfTaken::Number : NewItem::IfTaken::Refuse});
        settle(moved, model_.move(who, item, to, number));
        if (moved) accept_name(item, moved->title);
    }
    void trash() {
        const int who = below(3);
        const int item = any();
        settle(change(who, {.what = Change::What::Trash, .items = {model_.at(item).id}}), model_.trash(who, item));
    }
    void restore() {
        const int who = below(3);
        int item = any();
        for (int i = 0; i < 8 && model_.at(item).trashed_from < 0; ++i) item = any(); // rarely worth asking else
        auto back = change(who, {.what = Change::What::Restore, .items = {model_.at(item).id}});
        settle(back, model_.restore(who, item));
        if (back) accept_name(item, back->title);
    }
    // Where numbers have gaps, any free one will do.
    void accept_name(int item, const std::string& title) {
        auto& node = model_.at(item);
        if (node.title == title) return;
        REQUIRE(node.title.contains('('));
        REQUIRE(title.contains('('));
        REQUIRE_FALSE(model_.taken(node.parent, title));
        node.title = title;
    }
    void compare() {
        static const db::Query all{"sharing.test_all_items", "SELECT id, parent, title, height FROM item"};
        std::map<ItemId, std::tuple<ItemId, std::string, std::int64_t>> rows;
        s_.db.read_now([&](db::Tx& tx) {
            tx.each(all, {}, [&](const db::Row& row) {
                rows[ItemId{row.integer(0)}] = {ItemId{row.integer(1)}, std::string{row.text(2)}, row.integer(3)};
            });
        });
        for (int i = 0; i < std::ssize(model_.nodes); ++i) {
            const auto& node = model_.at(i);
            REQUIRE(rows.contains(node.id)); // nothing is lost
            const auto& [parent, title, height] = rows.at(node.id);
            REQUIRE(parent == (node.parent < 0 ? ItemId{} : model_.at(node.parent).id));
            if (node.parent >= 0) REQUIRE(title == node.title);
            // Its height is never too small, by what stands below it outside the trash.
            if (!model_.in_trash(i) && !node.trash)
                for (int above : model_.path(i)) {
                    const auto levels = std::ssize(model_.path(i)) - std::ssize(model_.path(above));
                    REQUIRE(std::get<2>(rows.at(model_.at(above).id)) >= levels);
                }
        }
        if (below(6) > 0) return;
        for (int who = 0; who < 3; ++who) {
            std::vector<ItemId> ids;
            for (const auto& node : model_.nodes) ids.push_back(node.id);
            auto answers = s_.db.read_now([&](db::Tx& tx) { return reaches(tx, viewer(who), ids, s_.clock.now()); });
            for (int i = 0; i < std::ssize(model_.nodes); ++i)
                REQUIRE(answers[static_cast<std::size_t>(i)].role == model_.role(who, i));
        }
    }

    School& s_;
    std::mt19937_64 engine_;
    std::vector<Viewer> people_;
    Model model_;
};

std::uint64_t chosen_seed() {
    if (const char* given = std::getenv("PREAU_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

} // namespace

TEST_CASE("the tree does what its rules say, whatever people do to it in whatever order") {
    const auto seed = chosen_seed();
    const int rounds = std::getenv("PREAU_DEEP") ? 40 : 4;
    MESSAGE("PREAU_SEED=" << seed);
    int done = 0;
    int refused = 0;
    on_each_school([&](School& s) {
        for (int round = 0; round < rounds; ++round) {
            CAPTURE(seed);
            CAPTURE(round);
            Game game{s, seed + static_cast<std::uint64_t>(round)};
            game.play(80);
            done += game.done;
            refused += game.refused;
        }
    });
    MESSAGE(done << " done, " << refused << " refused");
    CHECK(done > refused / 10); // a game in which nobody may do anything proves nothing
    CHECK(refused > done / 10);
}

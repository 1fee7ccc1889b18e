#include "sharing/moving.hpp"

#include "base/assert.hpp"
#include "base/fault.hpp"
#include "base/json.hpp"
#include "moving_store.hpp"
#include "naming.hpp"
#include "tree_store.hpp"

#include <map>
#include <set>

namespace preau::sharing {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t most_places = 64; // lanes in one transaction: a change of so many spaces at once is no person's

std::unexpected<Error> meanwhile() { return fail(Error::Kind::Conflict, "sharing.moved_meanwhile"); }

// Where something goes, and who already has which name there.
struct Place {
    ItemId folder;
    int depth = 0;
    Ids plain;                                    // arrive under their own names
    std::vector<std::pair<std::size_t, std::string>> numbered; // outcome and the name it wanted
    std::set<std::string, std::less<>> claimed;   // by those that arrive
    std::set<std::int64_t> taken;                 // items whose name somebody there has
    int tallest = 0;
};

// One change: what it looks up once for all its items, then what becomes of each.
class Changing {
public:
    Changing(db::Tx& tx, World& world, const Viewer& viewer, const Change& change, const Held* held)
        : tx_{tx}, world_{world}, viewer_{viewer}, change_{change}, held_{held}, now_{world.clock.now()} {}

    Result<std::vector<Outcome>> run() {
        if (change_.items.size() > most_at_once) return fail(Error::Kind::Invalid, "sharing.too_many");
        if (change_.what == Change::What::Move) TRY(look_at_target());
        look_up();
        for (const auto& [id, item] : items_)
            if (reach_.at(id).role >= Role::View && !holds(item.space)) return meanwhile();
        switch (change_.what) {
        case Change::What::Move: TRY(move()); break;
        case Change::What::Trash: TRY(trash()); break;
        case Change::What::Restore: TRY(restore()); break;
        }
        return std::move(outcomes_);
    }

private:
    bool holds(ItemId place) const { return !held_ || std::ranges::binary_search(*held_, place); }

    Result<void> look_at_target() {
        auto standing = sharing::standing(tx_, viewer_, change_.to, now_);
        target_ = TRY(allow(standing, Action::Edit));
        if (standing.trashed || target_.kind == "trash") return fail(Error::Kind::Conflict, "sharing.trashed");
        if (!holds(target_.id) || !holds(target_.space)) return meanwhile();
        target_depth_ = standing.depth;
        above_.insert(target_.id);
        for (const auto& item : store::ancestors(tx_, target_.id)) above_.insert(item.id);
        return {};
    }

    // Four queries for all items together.
    void look_up() {
        Ids ids;
        std::set<ItemId> once;
        for (auto id : change_.items)
            if (once.insert(id).second) {
                ids.push_back(id.value);
                outcomes_.push_back({.id = id, .item = not_found("sharing.item"), .from = {}});
            }
        if (ids.empty()) return;
        for (auto& item : store::items_of(tx_, ids)) items_.emplace(item.id, std::move(item));
        std::set<ItemId> asked;
        for (const auto& [id, item] : items_) {
            asked.insert(id);
            if (item.parent && change_.what == Change::What::Move) asked.insert(item.parent);
        }
        const std::vector<ItemId> list{asked.begin(), asked.end()};
        auto answers = reaches(tx_, viewer_, list, now_);
        for (std::size_t i = 0; i < list.size(); ++i) reach_.emplace(list[i], answers[i]);
        for (const auto& row : store::heights_of(tx_, ids)) heights_.emplace(row.id, row.height);
        for (auto& outcome : outcomes_)
            if (auto found = items_.find(outcome.id); found != items_.end())
                outcome.from = found->second.trashed_at ? found->second.trashed_from : found->second.parent;
    }

    // What every change asks of an item. Who may not see it learns what they would of one that is not there.
    Result<Item> check(ItemId id) const {
        auto found = items_.find(id);
        if (found == items_.end()) return not_found("sharing.item");
        const auto& reach = reach_.at(id);
        if (reach.role < Role::Edit)
            return reach.role >= Role::View || reach.deposit ? forbidden("sharing.role") : not_found("sharing.item");
        const auto& item = found->second;
        if (!item.parent || item.kind == "trash") return forbidden("sharing.fixed");
        if (change_.revision != 0 && change_.revision != item.revision)
            return fail(Error::Kind::Conflict, "sharing.changed_meanwhile");
        return item;
    }
    Result<Item> check_live(ItemId id) const {
        auto item = TRY(check(id));
        if (reach_.at(id).trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
        return item;
    }

    Result<Item> check_move(ItemId id) {
        auto item = TRY(check_live(id));
        if (reach_.at(item.parent).role < Role::Edit) return forbidden("sharing.move_needs_both");
        // It leaves those who manage its space: no editor takes it away from them.
        if (item.space != target_.space && reach_.at(id).role < Role::Manage) return forbidden("sharing.move_out");
        // What families hand in is found from the folder that they were given, by the managers of its space.
        if (item.space != target_.space && item.kind == "handin") return forbidden("sharing.handin_stays");
        if (above_.contains(id)) return fail(Error::Kind::Invalid, "sharing.into_itself");
        return item;
    }

    // The bound that is kept may be too high: then what is there decides.
    bool fits(ItemId id, int depth) {
        auto& height = heights_.at(id);
        if (depth + 1 + height > deepest) height = store::exact_height(tx_, id);
        return depth + 1 + height <= deepest;
    }

    Result<void> move() {
        Place place{.folder = target_.id, .depth = target_depth_};
        Ids coming;
        for (auto& outcome : outcomes_) {
            outcome.item = check_move(outcome.id);
            if (outcome.item && outcome.item->parent != place.folder) coming.push_back(outcome.id.value);
        }
        if (coming.empty()) return {};
        for (auto id : store::taken_in(tx_, place.folder, coming)) place.taken.insert(id);
        for (std::size_t i = 0; i < outcomes_.size(); ++i) {
            auto& outcome = outcomes_[i];
            if (!outcome.item || outcome.item->parent == place.folder) continue; // it is there already
            if (!fits(outcome.id, place.depth)) {
                outcome.item = fail(Error::Kind::Invalid, "sharing.too_deep");
                continue;
            }
            if (change_.if_taken == NewItem::IfTaken::Refuse && !free_in(place, *outcome.item)) {
                outcome.item = name_taken(outcome.item->title);
                continue;
            }
            if (change_.leaving && outcome.item->space != target_.space)
                if (auto fine = change_.leaving(tx_, *outcome.item, target_.space); !fine) {
                    outcome.item = std::unexpected(fine.error());
                    continue;
                }
            arrive(place, i);
            place.tallest = std::max(place.tallest, heights_.at(outcome.id) + 1);
        }
        if (store::move_to(tx_, place.plain, place.folder) != std::ssize(place.plain)) return meanwhile();
        for (auto& [index, wanted] : place.numbered) {
            auto& item = *outcomes_[index].item;
            wanted = free_name(tx_, place.folder, item.title);
            if (store::move_to(tx_, item, place.folder, wanted) != 1) return meanwhile();
            item.title = wanted;
        }
        if (place.tallest > 0) store::raise(tx_, place.folder, place.tallest);
        for (auto& outcome : outcomes_) {
            if (!outcome.item || outcome.item->parent == place.folder) continue;
            auto& item = *outcome.item;
            record_event(tx_, world_, viewer_, "item.moved", item.id, moved_detail(outcome.from, place.folder));
            item.parent = target_.id;
            item.space = target_.space;
            item.revision += 1;
        }
        return {};
    }

    Result<void> trash() {
        std::map<ItemId, Ids> by_space;
        for (auto& outcome : outcomes_) {
            outcome.item = check_live(outcome.id);
            if (outcome.item) by_space[outcome.item->space].push_back(outcome.id.value);
        }
        for (const auto& [space, ids] : by_space) {
            auto trash = store::trash_of(tx_, space);
            PREAU_ASSERT(trash.has_value());
            if (store::put_in_trash(tx_, ids, *trash, now_) != std::ssize(ids)) return meanwhile();
            for (auto& outcome : outcomes_) {
                if (!outcome.item || outcome.item->space != space) continue;
                record_event(tx_, world_, viewer_, "item.trashed", outcome.id);
                outcome.item->trashed_from = outcome.item->parent;
                outcome.item->parent = *trash;
                outcome.item->trashed_at = now_;
                outcome.item->revision += 1;
            }
        }
        return {};
    }

    Result<void> restore() {
        std::map<ItemId, Place> places;
        for (std::size_t i = 0; i < outcomes_.size(); ++i) {
            auto& outcome = outcomes_[i];
            outcome.item = check(outcome.id);
            if (!outcome.item) continue;
            if (!outcome.item->trashed_at) {
                outcome.item = fail(Error::Kind::Conflict, "sharing.not_trashed");
                continue;
            }
            const auto to = back_to(*outcome.item);
            if (!holds(to.folder)) return meanwhile();
            auto& place = places.try_emplace(to.folder, to).first->second;
            place.tallest = std::max(place.tallest, heights_.at(outcome.id) + 1);
            place.numbered.emplace_back(i, std::string{});
        }
        for (auto& [folder, place] : places) TRY(put_back(place));
        return {};
    }

    // It has to be there still, in this space and not in its trash. Who may edit in the trash manages the space, so a
    // place in it needs no right of its own and is looked at with nobody's.
    Place back_to(const Item& item) {
        auto [known, is_new] = stands_.try_emplace(item.trashed_from);
        if (is_new) known->second = sharing::standing(tx_, Viewer{}, item.trashed_from, now_);
        const auto& place = known->second;
        const bool stands = place.item && !place.trashed && place.item->kind != "trash" &&
                            place.item->space == item.space && fits(item.id, place.depth);
        return stands ? Place{.folder = item.trashed_from, .depth = place.depth} : Place{.folder = item.space};
    }

    Result<void> put_back(Place& place) {
        auto coming = std::exchange(place.numbered, {});
        Ids ids;
        for (const auto& [index, name] : coming) ids.push_back(outcomes_[index].id.value);
        for (auto id : store::taken_in(tx_, place.folder, ids)) place.taken.insert(id);
        for (const auto& [index, name] : coming) arrive(place, index);
        if (store::take_out_of_trash(tx_, place.plain, place.folder, now_) != std::ssize(place.plain))
            return meanwhile();
        for (const auto& [index, name] : place.numbered) {
            auto& item = *outcomes_[index].item;
            auto free = free_name(tx_, place.folder, item.title);
            if (store::take_out_of_trash(tx_, item, place.folder, free, now_) != 1) return meanwhile();
            item.title = std::move(free);
        }
        store::raise(tx_, place.folder, place.tallest);
        for (const auto& [index, name] : coming) {
            auto& item = *outcomes_[index].item;
            record_event(tx_, world_, viewer_, "item.restored", item.id);
            item.parent = place.folder;
            item.trashed_at.reset();
            item.trashed_from = {};
            item.revision += 1;
            item.changed_at = now_;
        }
        return {};
    }

    // Two of one name that arrive together count as taken for the second.
    static bool free_in(const Place& place, const Item& item) {
        return !place.taken.contains(item.id.value) && !place.claimed.contains(item.title);
    }
    void arrive(Place& place, std::size_t index) {
        const auto& item = *outcomes_[index].item;
        if (free_in(place, item)) {
            place.plain.push_back(item.id.value);
            place.claimed.insert(item.title);
        } else {
            place.numbered.emplace_back(index, item.title);
        }
    }

    static std::string moved_detail(ItemId from, ItemId to) {
        return json::text_of(std::map<std::string, std::string>{{"from", to_text(from)}, {"to", to_text(to)}});
    }

    db::Tx& tx_;
    World& world_;
    const Viewer& viewer_;
    const Change& change_;
    const Held* held_; // none: the caller answers for it
    Millis now_;
    Item target_;
    int target_depth_ = 0;
    std::set<ItemId> above_; // the target and everything it stands in
    std::map<ItemId, Item> items_;
    std::map<ItemId, Reach> reach_;
    std::map<ItemId, int> heights_;
    std::map<ItemId, Standing> stands_;
    std::vector<Outcome> outcomes_;
};

Result<Item> change_one(db::Tx& tx, World& world, const Viewer& viewer, const Change& change) {
    auto outcomes = TRY(Changing{tx, world, viewer, change, nullptr}.run());
    return std::move(outcomes.front().item);
}

} // namespace

Held places_of(db::Tx& tx, const Viewer& viewer, const Change& change, Millis now) {
    std::set<ItemId> places;
    auto items = change.items;
    items.resize(std::min(items.size(), most_at_once));
    auto seen = reaches(tx, viewer, items, now);
    Ids ids;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (seen[i].role >= Role::View) ids.push_back(items[i].value); // nobody holds up what they do not see
    if (change.what == Change::What::Move) {
        places.insert(change.to);
        if (auto space = store::space_of(tx, change.to)) places.insert(*space);
    }
    if (!ids.empty())
        for (const auto& item : store::items_of(tx, ids)) {
            places.insert(item.space);
            if (change.what == Change::What::Restore && item.trashed_at) places.insert(item.trashed_from);
        }
    places.erase(ItemId{});
    return {places.begin(), places.end()};
}

Result<std::vector<Outcome>> change_held(db::Tx& tx, World& world, const Viewer& viewer, const Change& change,
                                         const Held& held) {
    return Changing{tx, world, viewer, change, &held}.run();
}

Task<Result<std::vector<Outcome>>> change_places(db::Database& db, World& world, Viewer viewer, Change change) {
    constexpr int most_tries = 8; // each lost to somebody who moved one of these spaces' folders to another
    for (int left = most_tries;; --left) {
        auto held = co_await db.read(
            [viewer, change, now = world.clock.now()](db::Tx& tx) { return places_of(tx, viewer, change, now); });
        if (held.size() > most_places) co_return fail(Error::Kind::Invalid, "sharing.too_many");
        std::vector<db::Lane> lanes;
        for (auto place : held) lanes.push_back(db::lane_of(place));
        if (lanes.empty() || fault("move_without_lanes")) lanes = {db::lane_of(world.ids.next_as<ItemId>())};
        try {
            auto done = co_await db.write_across(lanes, [&world, viewer, change, held](db::Tx& tx) {
                return change_held(tx, world, viewer, change, held);
            });
            if (done || done.error().key != "sharing.moved_meanwhile" || left == 0) co_return done;
        } catch (const db::ConstraintFailure&) {
            if (left == 0) throw; // a name was lost to a writer in another lane, at the unique index: look again
        }
    }
}

Result<Item> move_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, ItemId to,
                       NewItem::IfTaken if_taken, std::int64_t revision) {
    return change_one(tx, world, viewer, {.items = {item}, .to = to, .if_taken = if_taken, .revision = revision});
}

Result<Item> trash_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item) {
    return change_one(tx, world, viewer, {.what = Change::What::Trash, .items = {item}});
}

Result<Item> restore_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item) {
    return change_one(tx, world, viewer, {.what = Change::What::Restore, .items = {item}});
}

} // namespace preau::sharing

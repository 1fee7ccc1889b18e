// The job goes through the list newest first, a portion in each transaction, in which it also notes how far it came: a
// process that dies goes on there. Links are done some hundred at once; each public item under the lane of its space.
#include "portal/shown/shown_sweep.hpp"

#include "identity/people.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using What = ShownFilter::What;
using sharing::ShownMaker;
constexpr std::string_view sweep_job = "portal.sweep";
constexpr int links_at_once = 200;

What what_of(const Sweep& sweep) { return sweep.items ? What::Public : What::Links; }

// The next rows; of an undo those that the other sweep suspended, else the list as it is now.
sharing::ShownKeys rows_of(db::Tx& tx, const Sweep& sweep, Millis now) {
    if (!sweep.suspends && sweep.suspension)
        return sharing::suspended_by(tx, sweep.suspension, what_of(sweep), sweep.came_to, links_at_once);
    return sharing::shown_keys(tx,
                               {.what = what_of(sweep),
                                .suspended = !sweep.suspends,
                                .structure = sweep.structure,
                                .maker = sweep.maker,
                                .endless = sweep.endless,
                                .writes = sweep.writes},
                               sweep.came_to, links_at_once, now);
}

// People whose things the one who began it may change today.
struct Reach {
    std::vector<PersonId> makers;
    bool holds(PersonId maker) const { return std::ranges::binary_search(makers, maker); }
};
Reach reach_of(db::Tx& tx, const Sweep& sweep, const std::vector<ShownMaker>& rows, Millis now) {
    const auto rights = identity::rights_of(tx, sweep.made_by, now);
    Reach reach;
    for (const auto& row : rows) reach.makers.push_back(row.maker);
    std::ranges::sort(reach.makers);
    reach.makers.erase(std::ranges::unique(reach.makers).begin(), reach.makers.end());
    // Nobody but an administrator of all opens again what is their own (ShownActs).
    std::erase_if(reach.makers, [&](PersonId maker) {
        return !identity::reaches(tx, rights, identity::AdminRole::People, maker) ||
               (!sweep.suspends && !rights.everything && maker == sweep.made_by);
    });
    return reach;
}

// One letter to each person about one suspension, in however many portions their things come.
void tell_newly(db::Tx& tx, Portal& portal, const Sweep& sweep, const std::vector<PersonId>& told_before,
                const std::vector<PersonId>& makers) {
    for (auto maker : makers)
        if (std::ranges::find(told_before, maker) == told_before.end())
            tell_suspended(tx, portal, maker, sweep.reason, what_of(sweep));
}

void sweep_links(db::Tx& tx, Portal& portal, const Viewer& viewer, Sweep& sweep, const std::vector<ShownMaker>& rows) {
    const auto reach = reach_of(tx, sweep, rows, portal.world.clock.now());
    std::vector<LinkId> links;
    for (const auto& row : rows)
        if (reach.holds(row.maker)) links.push_back(LinkId{row.id});
    sweep.skipped += std::ssize(rows) - std::ssize(links);
    if (!sweep.suspends) {
        sweep.done += std::ssize(sharing::resume_links(tx, portal.world, viewer, links));
        return;
    }
    const auto told = sharing::touched_by(tx, sweep.suspension, reach.makers);
    const auto done = sharing::suspend_links(tx, portal.world, viewer, sweep.suspension, links);
    sweep.done += std::ssize(done);
    std::vector<PersonId> makers;
    for (const auto& row : rows)
        if (std::ranges::find(done, LinkId{row.id}) != done.end() &&
            std::ranges::find(makers, row.maker) == makers.end())
            makers.push_back(row.maker);
    tell_newly(tx, portal, sweep, told, makers);
}

void sweep_item(db::Tx& tx, Portal& portal, const Viewer& viewer, Sweep& sweep, const ShownMaker& row) {
    if (!reach_of(tx, sweep, {row}, portal.world.clock.now()).holds(row.maker)) {
        ++sweep.skipped;
        return;
    }
    const ItemId item{row.id};
    if (!sweep.suspends) {
        sweep.done += sharing::resume_public(tx, portal.world, viewer, item) ? 1 : 0;
        return;
    }
    const auto told = sharing::touched_by(tx, sweep.suspension, {row.maker});
    if (!sharing::suspend_public(tx, portal.world, viewer, sweep.suspension, item)) return;
    ++sweep.done;
    tell_newly(tx, portal, sweep, told, {row.maker});
}

// Whoever began it, as they are today: of a closed account nothing is carried out any more.
std::optional<Viewer> viewer_of(db::Tx& tx, const Sweep& sweep) { return identity::find_viewer(tx, sweep.made_by); }

// Answers whether there is more.
bool some_links(db::Tx& tx, Portal& portal, SweepId id) {
    auto sweep = store::find_sweep(tx, id);
    if (!sweep || sweep->ended_at) return false;
    const auto now = portal.world.clock.now();
    const auto viewer = viewer_of(tx, *sweep);
    const auto keys = viewer ? rows_of(tx, *sweep, now) : sharing::ShownKeys{};
    if (viewer) sweep_links(tx, portal, *viewer, *sweep, keys.rows);
    if (keys.next)
        sweep->came_to = *keys.next;
    else
        sweep->ended_at = now;
    store::advance_sweep(tx, *sweep);
    return keys.next.has_value();
}

void one_item(db::Tx& tx, Portal& portal, SweepId id, const ShownMaker& row) {
    auto sweep = store::find_sweep(tx, id);
    if (!sweep) return;
    if (const auto viewer = viewer_of(tx, *sweep)) sweep_item(tx, portal, *viewer, *sweep, row);
    sweep->came_to = row.id;
    store::advance_sweep(tx, *sweep);
}

Task<bool> some_items(Portal& portal, SweepId id) {
    const auto now = portal.world.clock.now();
    struct Next {
        sharing::ShownKeys keys;
        std::vector<ItemId> spaces;
    };
    auto next = co_await portal.db.read([id, now](db::Tx& tx) {
        Next next;
        const auto sweep = store::find_sweep(tx, id);
        if (sweep && !sweep->ended_at) next.keys = rows_of(tx, *sweep, now);
        for (const auto& row : next.keys.rows)
            next.spaces.push_back(sharing::space_of(tx, ItemId{row.id}).value_or(ItemId{}));
        return next;
    });
    for (std::size_t i = 0; i < next.keys.rows.size(); ++i)
        co_await portal.db.write(db::lane_of(next.spaces[i]),
                                 [&portal, id, row = next.keys.rows[i]](db::Tx& tx) { one_item(tx, portal, id, row); });
    co_await portal.db.write(db::lane_of(id), [id, now, after = next.keys.next](db::Tx& tx) {
        auto sweep = store::find_sweep(tx, id);
        if (!sweep || sweep->ended_at) return;
        if (after)
            sweep->came_to = *after;
        else
            sweep->ended_at = now;
        store::advance_sweep(tx, *sweep);
    });
    co_return next.keys.next.has_value();
}

Task<void> run_sweep(Portal& portal, jobs::Job job) {
    const auto id = parse_id<SweepId>(job.payload).value_or(SweepId{});
    const auto sweep = co_await portal.db.read([id](db::Tx& tx) { return store::find_sweep(tx, id); });
    if (!sweep) co_return;
    for (bool more = true; more;)
        if (sweep->items)
            more = co_await some_items(portal, id);
        else
            more = co_await portal.db.write_across(identity::administration_lanes(),
                                                   [&portal, id](db::Tx& tx) { return some_links(tx, portal, id); });
}

SweepId begin(db::Tx& tx, Portal& portal, const Viewer& viewer, Sweep sweep) {
    sweep.id = portal.world.ids.next_as<SweepId>();
    sweep.made_by = viewer.person;
    sweep.made_at = portal.world.clock.now();
    store::insert_sweep(tx, sweep);
    portal.world.jobs.enqueue(tx, {.kind = std::string{sweep_job}, .payload = to_text(sweep.id)});
    return sweep.id;
}

} // namespace

Result<SweepId> begin_sweep(db::Tx& tx, Portal& portal, const Viewer& viewer, const ShownQuestion& question,
                            std::string_view reason) {
    const auto& filter = question.filter;
    Sweep sweep{.suspends = !filter.suspended,
                .items = filter.what == What::Public,
                .structure = filter.structure,
                .maker = filter.maker,
                .endless = filter.endless,
                .writes = filter.writes};
    if (sweep.suspends) sweep.suspension = TRY(sharing::begin_suspension(tx, portal.world, viewer, reason));
    return begin(tx, portal, viewer, sweep);
}

Result<SweepId> undo_sweep(db::Tx& tx, Portal& portal, const Viewer& viewer, SweepId id) {
    const auto sweep = TRY(sweep_for(tx, portal, viewer, id));
    if (!sweep.suspends || !sweep.ended_at) return fail(Error::Kind::Conflict, "shown.sweep_not_undone");
    return begin(tx, portal, viewer, {.suspension = sweep.suspension, .items = sweep.items});
}

Result<Sweep> sweep_for(db::Tx& tx, const Portal& portal, const Viewer& viewer, SweepId id) {
    const auto rights = TRY(require_rights(tx, viewer.person, portal.world.clock.now()));
    const auto sweep = store::find_sweep(tx, id);
    if (!sweep || (sweep->made_by != viewer.person && !rights.everything)) return not_found("shown.sweep_unknown");
    return *sweep;
}

void install_sweeps(Portal& portal) {
    portal.world.jobs.handle(std::string{sweep_job},
                             [&portal](jobs::Job job) { return run_sweep(portal, std::move(job)); },
                             {.attempts = 10, .at_once = 1});
}

} // namespace preau::portal

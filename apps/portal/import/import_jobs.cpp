// The two jobs behind the page: examining lists, and carrying out what was confirmed. Both may run twice: a plan is
// made of what is there, so that what was done already is not done again.
#include "portal/class/class_page.hpp"
#include "portal/import/import_pages.hpp"

#include "base/log.hpp"

namespace preau::portal {
namespace {

using State = identity::ImportRun::State;

struct Planned {
    identity::ImportRun run;
    // Shared: an answer of the database is copied, a plan is not.
    std::shared_ptr<Result<identity::ImportPlan>> plan;
};

std::optional<Planned> plan_of(db::Tx& tx, identity::ImportRunId id, State expected) {
    auto run = identity::find_import_run(tx, id);
    if (!run || run->state != expected) return std::nullopt; // somebody was quicker, or it is forgotten
    auto plan = identity::plan_import(tx, identity::files_of_run(tx, id), identity::options_of_run(*run));
    return Planned{.run = *run, .plan = std::make_shared<Result<identity::ImportPlan>>(std::move(plan))};
}

Task<void> settle(Portal& portal, identity::ImportRunId id, State from, State to, std::string report) {
    co_await portal.db.write({}, [id, from, to, report, now = portal.world.clock.now()](db::Tx& tx) {
        identity::move_import_run(tx, id, from, to, report, now);
    });
}

Task<void> examine(Portal& portal, identity::ImportRunId id) {
    auto planned = co_await portal.db.read([id](db::Tx& tx) { return plan_of(tx, id, State::Examining); });
    if (!planned) co_return;
    if (!*planned->plan) {
        co_await settle(portal, id, State::Examining, State::Failed, planned->plan->error().key);
        co_return;
    }
    co_await settle(portal, id, State::Examining, State::Examined, identity::to_json((*planned->plan)->report()));
}

Task<void> carry_out(Portal& portal, identity::ImportRunId id) {
    auto planned = co_await portal.db.read([id](db::Tx& tx) { return plan_of(tx, id, State::Importing); });
    if (!planned) co_return;
    if (!*planned->plan) {
        co_await settle(portal, id, State::Importing, State::Failed, planned->plan->error().key);
        co_return;
    }
    auto hooks = import_hooks(portal.world);
    hooks.progress = [id, clock = &portal.world.clock](db::Tx& tx, std::int64_t done, std::int64_t total) {
        identity::note_import_progress(tx, id, done, total, clock->now());
    };
    auto report = co_await identity::carry_out_import(portal.db, portal.world.clock, portal.world.ids,
                                                      std::move(**planned->plan), std::move(hooks));
    portal.identity.forget_all();
    if (!report) {
        co_await settle(portal, id, State::Importing, State::Failed, report.error().key);
        co_return;
    }
    auto* world = &portal.world;
    auto finish = [world, id, person = planned->run.person, said = *report](db::Tx& tx) {
        auto viewer = identity::find_viewer(tx, person);
        const auto detail = "{\"count\":" + std::to_string(said.changes()) + "}";
        if (identity::move_import_run(tx, id, State::Importing, State::Done, identity::to_json(said),
                                      world->clock.now()))
            sharing::record_event(tx, *world, viewer.value_or(Viewer{}), "admin.imported", {}, detail);
    };
    co_await portal.db.write({}, std::move(finish));
}

Task<void> run_examine(Portal& portal, jobs::Job job) {
    if (auto id = parse_id<identity::ImportRunId>(job.payload)) co_await examine(portal, *id);
}
Task<void> run_carry_out(Portal& portal, jobs::Job job) {
    if (auto id = parse_id<identity::ImportRunId>(job.payload)) co_await carry_out(portal, *id);
}

} // namespace

identity::ImportHooks import_hooks(sharing::World& world) {
    auto follow = [&world](db::Tx& tx, GroupId group, const std::vector<identity::Pupil>& before) {
        // Refusals are about rights, and none are asked.
        (void)links_follow_roster(tx, world, group, before, Newcomers::GetNone);
    };
    return {.permission = {}, .progress = {}, .roster = follow};
}

void install_import(Portal& portal) {
    const jobs::Policy policy{.attempts = 3, .at_once = 1};
    portal.world.jobs.handle(
        "portal.import_examine", [&portal](jobs::Job job) { return run_examine(portal, std::move(job)); }, policy);
    portal.world.jobs.handle(
        "portal.import_carry_out", [&portal](jobs::Job job) { return run_carry_out(portal, std::move(job)); }, policy);
}

} // namespace preau::portal

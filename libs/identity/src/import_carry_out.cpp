// Carries a plan out: small transactions, so that whoever works meanwhile waits for fifty rows and not for a whole
// académie.
#include "import_acts.hpp"

#include "identity/administration.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

constexpr std::size_t rows_at_once = 50;
constexpr std::int64_t most_refusals_told = 100; // of each kind; the others are counted
constexpr db::Lane import_lane{0x494D'504F'5254'0001}; // two imports at once would each make what is missing

using Do = std::optional<ImportRefusal> (ImportHand::*)(const ImportAct&);

struct Batch {
    std::size_t from = 0, to = 0;
    std::int64_t done = 0, total = 0; // before this batch; of all
};
struct Refused {
    std::size_t act = 0;
    ImportRefusal why;
};

struct Carrier {
    db::Database& db;
    const Clock& clock;
    IdSource& ids;
    std::shared_ptr<ImportPlan> plan;
    ImportHooks hooks;
    std::int64_t done = 0, total = 0;
};

std::vector<Refused> do_batch(db::Tx& tx, const Carrier& carrier, const std::vector<ImportAct>& acts, Do act,
                              Batch batch) {
    ImportHand hand{tx, carrier.ids, carrier.clock.now(), carrier.plan->inner(), carrier.hooks};
    std::vector<Refused> refused;
    for (auto at = batch.from; at < batch.to; ++at)
        if (auto why = (hand.*act)(acts[at])) refused.push_back({at, std::move(*why)});
    if (carrier.hooks.progress)
        carrier.hooks.progress(tx, batch.done + static_cast<std::int64_t>(batch.to - batch.from), batch.total);
    return refused;
}

void note_refusals(ImportReport& report, ImportCount& count, std::string_view kind, const std::vector<ImportAct>& acts,
                   const std::vector<Refused>& refused) {
    for (const auto& [at, why] : refused) {
        using enum ImportAct::What;
        --(acts[at].what == Begins ? count.begins : acts[at].what == Changes ? count.changes : count.ends);
        if (++count.refused > most_refusals_told) continue;
        report.differences.push_back({.kind = std::string{kind},
                                      .what = "refused",
                                      .key = acts[at].key,
                                      .name = {},
                                      .line = 0,
                                      .fields = {},
                                      .reason = why.reason,
                                      .value = why.value});
    }
}

struct Stretch { // of the acts of one kind
    std::size_t from = 0, to = 0;
};

Task<void> carry_out_kind(Carrier& carrier, ImportReport& report, ImportCount& count, std::string_view kind,
                          const std::vector<ImportAct>& acts, Stretch stretch, Do act) {
    for (auto from = stretch.from; from < stretch.to; from += rows_at_once) {
        const Batch batch{.from = from,
                          .to = std::min(from + rows_at_once, stretch.to),
                          .done = carrier.done,
                          .total = carrier.total};
        auto lanes = administration_lanes(); // it closes accounts and changes the tree
        lanes.push_back(import_lane);
        auto work = [carrier, &acts, act, batch](db::Tx& tx) { return do_batch(tx, carrier, acts, act, batch); };
        auto refused = co_await carrier.db.write_across(std::move(lanes), std::move(work));
        note_refusals(report, count, kind, acts, refused);
        carrier.done += static_cast<std::int64_t>(batch.to - batch.from);
    }
}

} // namespace

Task<Result<ImportReport>> carry_out_import(db::Database& db, const Clock& clock, IdSource& ids, ImportPlan plan,
                                            ImportHooks hooks) {
    if (!plan.report().may_go_on()) co_return fail(Error::Kind::Conflict, "import.braked");
    auto report = plan.report();
    std::erase_if(report.differences, [](const ImportDifference& shown) { return shown.what != "refused"; });
    Carrier carrier{.db = db,
                    .clock = clock,
                    .ids = ids,
                    .plan = std::make_shared<ImportPlan>(std::move(plan)),
                    .hooks = std::move(hooks),
                    .total = report.changes()};
    const auto& inner = carrier.plan->inner();
    // Structures end last: until then somebody may have left them.
    const auto first_end = std::ranges::find(inner.structure_acts, ImportAct::What::Ends, &ImportAct::what);
    const auto staying = static_cast<std::size_t>(first_end - inner.structure_acts.begin());
    co_await carry_out_kind(carrier, report, report.structures, "structure", inner.structure_acts, {0, staying},
                            &ImportHand::structure);
    co_await carry_out_kind(carrier, report, report.people, "person", inner.person_acts, {0, inner.person_acts.size()},
                            &ImportHand::person);
    co_await carry_out_kind(carrier, report, report.classes, "class", inner.class_acts, {0, inner.class_acts.size()},
                            &ImportHand::class_of_pupils);
    co_await carry_out_kind(carrier, report, report.structures, "structure", inner.structure_acts,
                            {staying, inner.structure_acts.size()}, &ImportHand::structure);
    co_return report;
}

} // namespace preau::identity

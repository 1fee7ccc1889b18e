// Lists that somebody sent to a page: kept while a job examines them and another carries them out.
#pragma once

#include "identity/import.hpp"

namespace preau::identity {

using ImportRunId = Id<struct ImportRunTag>;

struct ImportRun {
    ImportRunId id;
    PersonId person;
    std::string source;
    StructureId within;
    bool rentree = false;
    enum class State : std::int64_t { Examining = 1, Examined = 2, Importing = 3, Done = 4, Failed = 5 };
    State state = State::Examining;
    std::string report; // JSON of an ImportReport; of one that failed, the key of why
    std::int64_t done = 0, total = 0;
    Millis created_at = 0;
};
PREAU_DESCRIBE(ImportRun, id, person, source, within, rentree, state, report, done, total, created_at)

inline constexpr Millis import_run_kept = 30_days;

// Lists of runs that nobody confirmed are forgotten with it.
ImportRunId begin_import_run(db::Tx& tx, IdSource& ids, PersonId person, const ImportOptions& options,
                             const ImportFiles& files, Millis now);
std::optional<ImportRun> find_import_run(db::Tx& tx, ImportRunId run);
std::vector<ImportRun> import_runs(db::Tx& tx, int limit); // latest first, without their reports
ImportFiles files_of_run(db::Tx& tx, ImportRunId run);
ImportOptions options_of_run(const ImportRun& run);
// False: it was not in that state any more: somebody pressed twice. At an end the lists go.
bool move_import_run(db::Tx& tx, ImportRunId run, ImportRun::State from, ImportRun::State to, std::string_view report,
                     Millis now);
void set_import_rentree(db::Tx& tx, ImportRunId run);
void note_import_progress(db::Tx& tx, ImportRunId run, std::int64_t done, std::int64_t total, Millis now);

} // namespace preau::identity

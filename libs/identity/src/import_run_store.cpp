#include "identity/import_run.hpp"

namespace preau::identity {
namespace {

const db::Query insert_run_sql{"identity.insert_import_run", R"(
    INSERT INTO import_run (id, person, source, within, rentree, state, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, 1, $6, $6))"};

const db::Query insert_file_sql{"identity.insert_import_file", R"(
    INSERT INTO import_run_file (run, kind, bytes) VALUES ($1, $2, $3))"};

const db::Query find_run_sql{"identity.find_import_run", R"(
    SELECT id, person, source, within, rentree, state, report, done, total, created_at FROM import_run WHERE id = $1)"};

const db::Query runs_sql{"identity.import_runs", R"(
    SELECT id, person, source, within, rentree, state, '' AS report, done, total, created_at FROM import_run
     ORDER BY id DESC LIMIT $1)"};

const db::Query file_sql{"identity.import_file", "SELECT bytes FROM import_run_file WHERE run = $1 AND kind = $2"};

const db::Query move_run_sql{"identity.move_import_run", R"(
    UPDATE import_run SET state = $3, report = $4, changed_at = $5 WHERE id = $1 AND state = $2)"};

const db::Query rentree_sql{"identity.import_rentree", "UPDATE import_run SET rentree = 1 WHERE id = $1"};

const db::Query drop_files_sql{"identity.drop_import_files", "DELETE FROM import_run_file WHERE run = $1"};

const db::Query progress_sql{"identity.import_progress", R"(
    UPDATE import_run SET done = $2, total = $3, changed_at = $4 WHERE id = $1)"};

const db::Query forget_files_sql{"identity.forget_import_files", R"(
    DELETE FROM import_run_file WHERE run IN (SELECT id FROM import_run WHERE changed_at < $1))"};

const db::Query forget_runs_sql{"identity.forget_import_runs", "DELETE FROM import_run WHERE changed_at < $1"};

} // namespace

ImportRunId begin_import_run(db::Tx& tx, IdSource& ids, PersonId person, const ImportOptions& options,
                             const ImportFiles& files, Millis now) {
    tx.execute(forget_files_sql, {now - import_run_kept});
    tx.execute(forget_runs_sql, {now - import_run_kept});
    const auto run = ids.next_as<ImportRunId>();
    tx.execute(insert_run_sql, {run, person, options.source, options.within, options.rentree, now});
    auto keep = [&](ImportKind kind, const std::optional<std::string>& bytes) {
        if (bytes) tx.execute(insert_file_sql, {run, kind, db::Bytes{*bytes}});
    };
    keep(ImportKind::Structure, files.structures);
    keep(ImportKind::Person, files.people);
    keep(ImportKind::Class, files.classes);
    return run;
}

std::optional<ImportRun> find_import_run(db::Tx& tx, ImportRunId run) { return tx.one<ImportRun>(find_run_sql, {run}); }

std::vector<ImportRun> import_runs(db::Tx& tx, int limit) { return tx.all<ImportRun>(runs_sql, {limit}); }

ImportFiles files_of_run(db::Tx& tx, ImportRunId run) {
    auto file = [&](ImportKind kind) { return tx.one<std::string>(file_sql, {run, kind}); };
    return {.structures = file(ImportKind::Structure),
            .people = file(ImportKind::Person),
            .classes = file(ImportKind::Class)};
}

ImportOptions options_of_run(const ImportRun& run) {
    return {.source = run.source, .rentree = run.rentree, .within = run.within};
}

bool move_import_run(db::Tx& tx, ImportRunId run, ImportRun::State from, ImportRun::State to, std::string_view report,
                     Millis now) {
    using enum ImportRun::State;
    if (tx.execute(move_run_sql, {run, from, to, report, now}) != 1) return false;
    if (to == Done || to == Failed) tx.execute(drop_files_sql, {run});
    return true;
}

void set_import_rentree(db::Tx& tx, ImportRunId run) { tx.execute(rentree_sql, {run}); }

void note_import_progress(db::Tx& tx, ImportRunId run, std::int64_t done, std::int64_t total, Millis now) {
    tx.execute(progress_sql, {run, done, total, now});
}

} // namespace preau::identity

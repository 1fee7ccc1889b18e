#include "report_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query reports_since_sql{"sharing.reports_since", R"(
    SELECT count(*) FROM report WHERE network = $1 AND at > $2 AND (about = $3 OR $3 = 0))"};

const db::Query insert_report_sql{"sharing.insert_report", R"(
    INSERT INTO report (id, about, choice, words, mail, seen_as, link, network, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};

const db::Query count_report_sql{"sharing.count_report", R"(
    INSERT INTO report_case (about, about_kind, structure, title, state, reports, first_at, last_at, taken_by, note)
    VALUES ($1, $2, $3, $4, 'open', 1, $5, $5, 0, '')
    ON CONFLICT (about) DO UPDATE
       SET reports = report_case.reports + 1, last_at = excluded.last_at, structure = excluded.structure,
           title = excluded.title,
           state = CASE WHEN report_case.state = 'closed' THEN 'open' ELSE report_case.state END)"};

const db::Query find_case_sql{"sharing.find_case", R"(
    SELECT about, about_kind, structure, title, state, reports, first_at, last_at, taken_by, note
      FROM report_case WHERE about = $1)"};

const db::Query open_cases_sql{"sharing.open_cases", R"(
    SELECT about, about_kind, structure, title, state, reports, first_at, last_at, taken_by, note
      FROM report_case
     WHERE state <> 'closed' AND (last_at, about) < ($3, $4)
       AND ($2 = 1 OR structure IN
               (SELECT a.structure FROM person_function f JOIN structure_above a ON a.ancestor = f.structure
                 WHERE f.person = $1 AND f.function IN ('head', 'manager')))
     ORDER BY last_at DESC, about DESC LIMIT $5)"};

const db::Query closed_cases_sql{"sharing.closed_cases", R"(
    SELECT about, about_kind, structure, title, state, reports, first_at, last_at, taken_by, note
      FROM report_case
     WHERE state = 'closed' AND (last_at, about) < ($3, $4)
       AND ($2 = 1 OR structure IN
               (SELECT a.structure FROM person_function f JOIN structure_above a ON a.ancestor = f.structure
                 WHERE f.person = $1 AND f.function IN ('head', 'manager')))
     ORDER BY last_at DESC, about DESC LIMIT $5)"};

const db::Query reports_about_sql{"sharing.reports_about", R"(
    SELECT id, choice, words, mail, seen_as, link, at FROM report WHERE about = $1 ORDER BY id DESC LIMIT $2)"};

const db::Query came_by_sql{"sharing.came_by", "SELECT 1 FROM report WHERE about = $1 AND link = $2 LIMIT 1"};

const db::Query set_state_sql{"sharing.set_case_state", R"(
    UPDATE report_case SET state = $2, taken_by = $3, note = $4 WHERE about = $1 AND state <> $2)"};

} // namespace

std::int64_t reports_since(db::Tx& tx, std::string_view network, std::int64_t about, Millis since) {
    return tx.one<std::int64_t>(reports_since_sql, {db::Bytes{network}, since, about}).value_or(0);
}

void insert_report(db::Tx& tx, const ReportRow& row, std::int64_t about, std::string_view network) {
    tx.execute(insert_report_sql,
               {row.id, about, row.choice, row.words, row.mail, row.seen_as, row.link, db::Bytes{network}, row.at});
}

void count_report(db::Tx& tx, const Target& target, Millis now) {
    tx.execute(count_report_sql,
               {target.about, target.is_class ? "class" : "item", target.structure, target.title, now});
}

std::optional<ReportCase> find_case(db::Tx& tx, std::int64_t about) {
    return tx.one<ReportCase>(find_case_sql, {about});
}

std::vector<ReportCase> cases(db::Tx& tx, const Viewer& viewer, bool closed, Millis before_at, std::int64_t before,
                              int limit) {
    const auto& query = closed ? closed_cases_sql : open_cases_sql;
    return tx.all<ReportCase>(query, {viewer.person, viewer.admin, before_at, before, limit});
}

std::vector<ReportRow> reports_about(db::Tx& tx, std::int64_t about, int limit) {
    return tx.all<ReportRow>(reports_about_sql, {about, limit});
}

bool came_by(db::Tx& tx, std::int64_t about, LinkId link) {
    return tx.one<std::int64_t>(came_by_sql, {about, link}).has_value();
}

bool set_state(db::Tx& tx, std::int64_t about, std::string_view state, PersonId by, std::string_view note) {
    return tx.execute(set_state_sql, {about, state, by, note}) == 1;
}

} // namespace preau::sharing::store

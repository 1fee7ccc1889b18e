#include "waiting_counts.hpp"

namespace preau::sharing {
namespace {

const db::Query count_waiting_sql{"sharing.count_waiting", R"(
    SELECT (SELECT count(*) FROM
               (SELECT 1 FROM publication
                 WHERE state = 'waiting'
                   AND (structure IN (SELECT a.structure FROM person_function f
                                        JOIN structure_above a ON a.ancestor = f.structure
                                       WHERE f.person = $1 AND f.function IN ('head', 'manager'))
                        OR (structure = 0 AND $2 = 1)) LIMIT 100) AS asked) AS approvals,
           (SELECT count(*) FROM
               (SELECT 1 FROM report_case
                 WHERE state = 'open'
                   AND ($2 = 1 OR structure IN
                           (SELECT a.structure FROM person_function f JOIN structure_above a ON a.ancestor = f.structure
                             WHERE f.person = $1 AND f.function IN ('head', 'manager'))) LIMIT 100) AS said) AS reports,
           CASE WHEN EXISTS (SELECT 1 FROM delegation WHERE person = $1 AND revoked_at IS NULL
                                AND (until_at IS NULL OR until_at > $3)) THEN 1 ELSE 0 END AS administers)"};

} // namespace

WaitingCount count_waiting(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person()) return {};
    return tx.one<WaitingCount>(count_waiting_sql, {viewer.person, viewer.admin, now}).value_or(WaitingCount{});
}

} // namespace preau::sharing

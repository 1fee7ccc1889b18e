#include "portal/shown/shown_sweep.hpp"

namespace preau::portal::store {
namespace {

const db::Query insert_sweep_sql{"portal.insert_sweep", R"(
    INSERT INTO sweep (id, made_by, made_at, suspends, suspension, items, structure, maker, endless, writes, came_to,
                       done, skipped)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0))"};
const db::Query find_sweep_sql{"portal.find_sweep", R"(
    SELECT w.id, w.made_by, w.made_at, w.suspends, COALESCE(w.suspension, 0) AS suspension, w.items, w.structure,
           w.maker, w.endless, w.writes, w.came_to, w.done, w.skipped, w.ended_at, COALESCE(s.reason, '') AS reason
      FROM sweep w LEFT JOIN suspension s ON s.id = w.suspension WHERE w.id = $1)"};
const db::Query advance_sweep_sql{"portal.advance_sweep", R"(
    UPDATE sweep SET came_to = $2, done = $3, skipped = $4, ended_at = $5 WHERE id = $1)"};

} // namespace

void insert_sweep(db::Tx& tx, const Sweep& sweep) {
    const auto suspension = sweep.suspension ? std::optional{sweep.suspension.value} : std::nullopt;
    tx.execute(insert_sweep_sql, {sweep.id, sweep.made_by, sweep.made_at, sweep.suspends, suspension, sweep.items,
                                  sweep.structure, sweep.maker, sweep.endless, sweep.writes, sweep.came_to});
}

std::optional<Sweep> find_sweep(db::Tx& tx, SweepId id) { return tx.one<Sweep>(find_sweep_sql, {id}); }

void advance_sweep(db::Tx& tx, const Sweep& sweep) {
    tx.execute(advance_sweep_sql, {sweep.id, sweep.came_to, sweep.done, sweep.skipped, sweep.ended_at});
}

} // namespace preau::portal::store

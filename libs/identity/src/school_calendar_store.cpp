#include "school_calendar_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query nearest_sql{"identity.nearest_calendar", R"(
    SELECT c.structure, s.name AS structure_name, c.zone, c.changed_at
      FROM structure_above a JOIN structure_calendar c ON c.structure = a.ancestor JOIN structure s ON s.id = c.structure
     WHERE a.structure = $1 ORDER BY a.depth LIMIT 1)"};
const db::Query put_sql{"identity.put_calendar", R"(
    INSERT INTO structure_calendar (structure, zone, changed_at) VALUES ($1, $2, $3)
    ON CONFLICT (structure) DO UPDATE SET zone = excluded.zone, changed_at = excluded.changed_at)"};
const db::Query delete_periods_sql{"identity.delete_periods", "DELETE FROM structure_period WHERE structure = $1"};
const db::Query delete_sql{"identity.delete_calendar", "DELETE FROM structure_calendar WHERE structure = $1"};
const db::Query periods_sql{"identity.periods_of", R"(
    SELECT id, kind, name, first_day, last_day FROM structure_period
     WHERE structure = $1 ORDER BY first_day, id LIMIT $2)"};
const db::Query insert_period_sql{"identity.insert_period", R"(
    INSERT INTO structure_period (id, structure, kind, name, first_day, last_day) VALUES ($1, $2, $3, $4, $5, $6))"};
const db::Query delete_period_sql{"identity.delete_period", R"(
    DELETE FROM structure_period WHERE id = $2 AND structure = $1)"};

} // namespace

std::optional<CalendarRow> nearest_calendar(db::Tx& tx, StructureId structure) {
    return tx.one<CalendarRow>(nearest_sql, {structure});
}
void put_calendar(db::Tx& tx, StructureId structure, std::string_view zone, Millis now) {
    tx.execute(put_sql, {structure, zone, now});
}
void delete_calendar(db::Tx& tx, StructureId structure) {
    tx.execute(delete_periods_sql, {structure});
    tx.execute(delete_sql, {structure});
}
std::vector<Period> periods_of(db::Tx& tx, StructureId structure, int limit) {
    return tx.all<Period>(periods_sql, {structure, limit});
}
void insert_period(db::Tx& tx, StructureId structure, const Period& period) {
    tx.execute(insert_period_sql, {period.id, structure, period.kind, period.name, period.first_day, period.last_day});
}
bool delete_period(db::Tx& tx, StructureId structure, PeriodId period) {
    return tx.execute(delete_period_sql, {structure, period}) == 1;
}

} // namespace preau::identity::store

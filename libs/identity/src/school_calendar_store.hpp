// Rows of calendars.
#pragma once

#include "identity/school_calendar.hpp"

namespace preau::identity::store {

struct CalendarRow {
    StructureId structure;
    std::string structure_name, zone;
    Millis changed_at = 0;
};
PREAU_DESCRIBE(CalendarRow, structure, structure_name, zone, changed_at)
std::optional<CalendarRow> nearest_calendar(db::Tx& tx, StructureId structure);
void put_calendar(db::Tx& tx, StructureId structure, std::string_view zone, Millis now);
void delete_calendar(db::Tx& tx, StructureId structure); // with its periods
std::vector<Period> periods_of(db::Tx& tx, StructureId structure, int limit);
void insert_period(db::Tx& tx, StructureId structure, const Period& period);
bool delete_period(db::Tx& tx, StructureId structure, PeriodId period);

} // namespace preau::identity::store

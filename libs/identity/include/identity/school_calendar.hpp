// The calendar of a structure: school years, holidays, days without lessons. A structure has its own, whole, or that of
// the nearest above that has one: an académie writes it once, and a school that differs begins with a copy.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

using PeriodId = Id<struct PeriodTag>;

// "year", "holiday", "free" (no lessons: a bridge, a strike), "event" (an open day)
const std::vector<std::string>& period_kinds();
const std::vector<std::string>& calendar_zones(); // "A", "B", "C": of French holidays; empty for none

struct Period {
    PeriodId id;
    std::string kind, name;
    std::string first_day, last_day; // "2026-09-01", both included
};
PREAU_DESCRIBE(Period, id, kind, name, first_day, last_day)
inline constexpr int most_periods = 200; // of one calendar

struct SchoolCalendar {
    StructureId of; // who wrote it: itself, or the nearest above
    std::string of_name;
    std::string zone;
    Millis changed_at = 0;
    std::vector<Period> periods; // by first day
};
std::optional<SchoolCalendar> calendar_of(db::Tx& tx, StructureId structure); // two queries

// The rest needs a right that the caller asked for. A structure that has none of its own gets a copy of the one that it
// followed, and the change is made there. Errors: identity.period_kind, identity.period_day, identity.period_days,
// identity.periods_many (Conflict), those of check_line for the name.
struct PeriodForm {
    std::string kind, name, first_day, last_day;
};
Result<PeriodId> add_period(db::Tx& tx, IdSource& ids, StructureId structure, const PeriodForm& form, Millis now);
// Of a copied period too: `which` may name one of the calendar that was followed. Errors: identity.period (NotFound).
Result<void> remove_period(db::Tx& tx, IdSource& ids, StructureId structure, PeriodId which, Millis now);
// Errors: identity.calendar_zone.
Result<void> set_calendar_zone(db::Tx& tx, IdSource& ids, StructureId structure, std::string_view zone, Millis now);
// From now on that of the nearest above. False: it had none of its own.
bool follow_calendar_above(db::Tx& tx, StructureId structure);

bool is_day(std::string_view text); // "2026-09-01", a day that there is, between 2000 and 2199
std::string day_after(std::string_view day);

} // namespace preau::identity

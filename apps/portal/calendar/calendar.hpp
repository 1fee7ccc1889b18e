// The calendar of a structure: shown on its page, changed by who administers structures there, and published for every
// program that subscribes to calendars.
#pragma once

#include "identity/school_calendar.hpp"
#include "portal/structures/structures.hpp"

namespace preau::portal {

struct PeriodLine {
    std::string id, name, kind, days; // "du 19 décembre 2026 au 3 janvier 2027"
    bool now = false;                 // today is one of them
};
PREAU_DESCRIBE(PeriodLine, id, name, kind, days, now)

struct CalendarView { // what page and form show alike (calendar/periods.html)
    std::vector<PeriodLine> periods, past;
    std::string followed, followed_name; // the structure that it was taken over from; empty: its own
    std::string zone;                    // "Zone B"
    bool some = false, some_past = false;
};
PREAU_DESCRIBE(CalendarView, periods, past, followed, followed_name, zone, some, some_past)
CalendarView calendar_view(const web::Locale& locale, StructureId structure,
                           const std::optional<identity::SchoolCalendar>& calendar, std::string_view today);

std::string today_in(std::string_view zone, Millis now); // "2026-09-07"

void preload_calendar(web::Pages& pages);
void calendar_routes(http::Router& routes, Portal& portal);      // …/calendar.ics
void calendar_edit_routes(http::Router& routes, Portal& portal); // /admin/structures/ID/calendar

} // namespace preau::portal

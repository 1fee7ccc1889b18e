// iCalendar (RFC 5545): whole days, as other programs subscribe to them.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace preau::portal {

struct IcsDays {
    std::string uid; // the same for as long as the event is the same
    std::string summary;
    std::string first_day, last_day; // "2026-09-01", both included
};
// `changed_at` stands as DTSTAMP of each, so that the text changes only when the calendar does.
std::string ics_text(std::string_view name, const std::vector<IcsDays>& events, Millis changed_at);

} // namespace preau::portal

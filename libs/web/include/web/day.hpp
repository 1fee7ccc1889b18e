// Days that people type: <input type="date"> says 2026-09-14, and means the end of that day where they live.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace preau::web {

// The first moment after that day in the zone; nothing for what is no day between 1970 and 2200.
std::optional<Millis> end_of_day(std::string_view year_month_day, std::string_view zone);
// The day that a moment ends, for the field: of end_of_day(d) it is d.
std::string day_before(Millis moment, std::string_view zone);

} // namespace preau::web

// Wall clocks: a moment as people in a time zone read it. Zones are ICU's, the calendar is the standard library's.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <string_view>

namespace preau::web {

struct Moment {
    std::chrono::sys_days day; // local
    int minute = 0;            // of the local day

    std::chrono::year_month_day date() const { return day; }
    unsigned weekday() const { return std::chrono::weekday{day}.c_encoding(); } // 0 is Sunday
};

// An unknown zone counts as Europe/Paris.
Moment moment_in(std::string_view zone, Millis moment);

} // namespace preau::web

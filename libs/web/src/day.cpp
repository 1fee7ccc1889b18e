#include "web/day.hpp"

#include "moments.hpp"

#include <charconv>
#include <fmt/core.h>

namespace preau::web {
namespace {

std::optional<int> digits(std::string_view text) {
    int number = 0;
    for (char letter : text)
        if (letter < '0' || letter > '9') return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

std::optional<Millis> end_of_day(std::string_view text, std::string_view zone) {
    using namespace std::chrono;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year_number = digits(text.substr(0, 4));
    const auto month_number = digits(text.substr(5, 2));
    const auto day_number = digits(text.substr(8, 2));
    if (!year_number || !month_number || !day_number || *year_number < 1970 || *year_number > 2200) return std::nullopt;
    const year_month_day date{year{*year_number}, month{static_cast<unsigned>(*month_number)},
                              day{static_cast<unsigned>(*day_number)}};
    if (!date.ok()) return std::nullopt;
    const auto midnight = sys_days{date} + days{1};
    auto moment = duration_cast<milliseconds>(midnight.time_since_epoch()).count();
    // The offset is that of the moment sought; a second look settles it when the clocks change in between.
    for (int look = 0; look < 2; ++look) {
        const auto local = moment_in(zone, moment);
        const auto shown = local.day + minutes{local.minute};
        moment += duration_cast<milliseconds>(midnight - shown).count();
    }
    return moment;
}

std::string day_before(Millis moment, std::string_view zone) {
    const auto date = moment_in(zone, moment - 1).date();
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

} // namespace preau::web

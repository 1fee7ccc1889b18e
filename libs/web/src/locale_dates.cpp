// Dates and times as the two languages write them. Names of months and days are ICU's.
#include "locale_data.hpp"
#include "moments.hpp"

#include <fmt/core.h>

namespace preau::web {
namespace {

// In French the first of a month is "1er".
std::string day_number(Language language, std::chrono::year_month_day date) {
    const auto day = static_cast<unsigned>(date.day());
    return day == 1 && language == Language::French ? "1er" : std::to_string(day);
}

std::size_t month_index(std::chrono::year_month_day date) { return static_cast<unsigned>(date.month()) - 1; }

std::string wall_clock(Language language, const Moment& moment) {
    const int hour = moment.minute / 60;
    const int minute = moment.minute % 60;
    if (language == Language::English) return fmt::format("{:02}:{:02}", hour, minute);
    return fmt::format("{}\u00a0h\u00a0{:02}", hour, minute);
}

} // namespace

std::string Locale::time(Millis moment, std::string_view zone) const {
    return wall_clock(language_, moment_in(zone, moment));
}

std::string Locale::day(Millis moment, std::string_view zone) const {
    const auto local = moment_in(zone, moment);
    return fmt::format("{} {}\u00a0{}", inner_->weekdays[local.weekday()], day_number(language_, local.date()),
                       inner_->months[month_index(local.date())]);
}

std::string Locale::date(Millis moment, std::string_view zone) const {
    const auto date = moment_in(zone, moment).date();
    return fmt::format("{}\u00a0{} {}", day_number(language_, date), inner_->months[month_index(date)],
                       static_cast<int>(date.year()));
}

std::string Locale::date_time(Millis moment, std::string_view zone) const {
    return text("web.date_at_time", {{"date", date(moment, zone)}, {"time", time(moment, zone)}});
}

std::string Locale::ago(Millis moment, Millis now, std::string_view zone) const {
    const auto passed = now - moment;
    // A clock that was set back may put the moment a little into the future: that is "now" to a reader.
    if (passed < 1_min && passed > -5_min) return text("web.just_now");
    if (passed > 0 && passed < 1_h) return text("web.minutes_ago", {{"n", std::to_string(passed / 1_min)}});
    const auto then = moment_in(zone, moment);
    const auto today = moment_in(zone, now);
    if (passed > 0 && then.day == today.day) return text("web.hours_ago", {{"n", std::to_string(passed / 1_h)}});
    if (then.day == today.day - std::chrono::days{1})
        return text("web.yesterday_at", {{"time", wall_clock(language_, then)}});
    const auto date = then.date();
    auto out = fmt::format("{}\u00a0{}", day_number(language_, date), inner_->short_months[month_index(date)]);
    if (date.year() != today.date().year()) out += fmt::format(" {}", static_cast<int>(date.year()));
    return out;
}

} // namespace preau::web

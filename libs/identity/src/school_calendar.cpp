// Rules of calendars: what a period may be, and how a structure comes to a calendar of its own.
#include "identity/school_calendar.hpp"

#include "school_calendar_store.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fmt/core.h>
#include <map>

namespace preau::identity {
namespace {

constexpr std::size_t longest_name = 100;
constexpr auto longest_period = std::chrono::days{397}; // a school year and a month

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::chrono::sys_days> day_of(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_in(text.substr(0, 4)), month = number_in(text.substr(5, 2)),
               day = number_in(text.substr(8));
    if (!year || !month || !day || *year < 2000 || *year > 2199 || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

Result<Period> checked(IdSource& ids, const PeriodForm& form) {
    if (std::ranges::find(period_kinds(), form.kind) == period_kinds().end())
        return invalid("kind", "identity.period_kind");
    Period period{.id = ids.next_as<PeriodId>(),
                  .kind = form.kind,
                  .name = TRY(check_line(form.name, "name", 1, longest_name)),
                  .first_day = std::string{trimmed(form.first_day)},
                  .last_day = std::string{trimmed(form.last_day)}};
    if (period.last_day.empty()) period.last_day = period.first_day; // one day
    const auto first = day_of(period.first_day), last = day_of(period.last_day);
    if (!first) return invalid("first_day", "identity.period_day");
    if (!last) return invalid("last_day", "identity.period_day");
    if (*last < *first || *last - *first > longest_period) return invalid("last_day", "identity.period_days");
    return period;
}

// Its own calendar, made from the one that it followed. The copies have ids of their own: whoever subscribed to the
// académie goes on seeing the académie's.
struct Own {
    std::string zone;
    std::map<PeriodId, PeriodId> copies; // from the one above
};
Own own_calendar(db::Tx& tx, IdSource& ids, StructureId structure, Millis now) {
    const auto nearest = store::nearest_calendar(tx, structure);
    Own own{.zone = nearest ? nearest->zone : std::string{}, .copies = {}};
    store::put_calendar(tx, structure, own.zone, now); // also when it is there: changed now
    if (!nearest || nearest->structure == structure) return own;
    for (auto period : store::periods_of(tx, nearest->structure, most_periods)) {
        const auto copy = ids.next_as<PeriodId>();
        own.copies[period.id] = copy;
        period.id = copy;
        store::insert_period(tx, structure, period);
    }
    return own;
}

} // namespace

const std::vector<std::string>& period_kinds() {
    static const std::vector<std::string> all{"year", "holiday", "free", "event"};
    return all;
}

const std::vector<std::string>& calendar_zones() {
    static const std::vector<std::string> all{"A", "B", "C"};
    return all;
}

std::optional<SchoolCalendar> calendar_of(db::Tx& tx, StructureId structure) {
    auto row = store::nearest_calendar(tx, structure);
    if (!row) return std::nullopt;
    return SchoolCalendar{.of = row->structure,
                          .of_name = std::move(row->structure_name),
                          .zone = std::move(row->zone),
                          .changed_at = row->changed_at,
                          .periods = store::periods_of(tx, row->structure, most_periods)};
}

Result<PeriodId> add_period(db::Tx& tx, IdSource& ids, StructureId structure, const PeriodForm& form, Millis now) {
    const auto period = TRY(checked(ids, form));
    own_calendar(tx, ids, structure, now);
    if (std::ssize(store::periods_of(tx, structure, most_periods)) == most_periods)
        return std::unexpected(Error{.kind = Error::Kind::Conflict,
                                     .key = "identity.periods_many",
                                     .values = {{"limit", std::to_string(most_periods)}}});
    store::insert_period(tx, structure, period);
    return period.id;
}

Result<void> remove_period(db::Tx& tx, IdSource& ids, StructureId structure, PeriodId which, Millis now) {
    // Known before anything is copied: who names a period of elsewhere gets no calendar by that.
    const auto calendar = calendar_of(tx, structure);
    if (!calendar || std::ranges::find(calendar->periods, which, &Period::id) == calendar->periods.end())
        return not_found("identity.period");
    const auto own = own_calendar(tx, ids, structure, now);
    const auto copy = own.copies.find(which);
    store::delete_period(tx, structure, copy == own.copies.end() ? which : copy->second);
    return {};
}

Result<void> set_calendar_zone(db::Tx& tx, IdSource& ids, StructureId structure, std::string_view zone, Millis now) {
    const auto& known = calendar_zones();
    if (!zone.empty() && std::ranges::find(known, zone) == known.end())
        return invalid("zone", "identity.calendar_zone");
    own_calendar(tx, ids, structure, now);
    store::put_calendar(tx, structure, zone, now);
    return {};
}

bool follow_calendar_above(db::Tx& tx, StructureId structure) {
    const auto nearest = store::nearest_calendar(tx, structure);
    if (!nearest || nearest->structure != structure) return false;
    store::delete_calendar(tx, structure);
    return true;
}

bool is_day(std::string_view text) { return day_of(text).has_value(); }

std::string day_after(std::string_view day) {
    const auto found = day_of(day);
    if (!found) return std::string{day};
    const std::chrono::year_month_day next{*found + std::chrono::days{1}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(next.year()), static_cast<unsigned>(next.month()),
                       static_cast<unsigned>(next.day()));
}

} // namespace preau::identity

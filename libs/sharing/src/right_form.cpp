#include "right_form.hpp"

#include "sharing/team.hpp"
#include "web/day.hpp"

#include <charconv>
#include <chrono>

namespace preau::sharing {
namespace {

// 31 August of this school year, at the end of the day in France: what minors left behind ends with it.
Millis end_of_school_year(Millis now) {
    using namespace std::chrono;
    const auto today = year_month_day{floor<days>(sys_time<milliseconds>{milliseconds{now}})};
    auto end = sys_days{today.year() / August / 31} + 22h;
    if (end <= sys_time<milliseconds>{milliseconds{now}} + 24h)
        end = sys_days{(today.year() + years{1}) / August / 31} + 22h;
    return duration_cast<milliseconds>(end.time_since_epoch()).count();
}

} // namespace

std::optional<Right> right_of(std::string_view may) {
    if (may == "view") return Right{Role::View, false};
    if (may == "view-deposit") return Right{Role::View, true};
    if (may == "deposit") return Right{Role::Deposit, true};
    if (may == "comment") return Right{Role::Comment, false};
    if (may == "edit") return Right{Role::Edit, false};
    if (may == "manage") return Right{Role::Manage, false};
    return std::nullopt;
}

std::string may_of(Role role, bool deposit) {
    if (role == Role::View && deposit) return "view-deposit";
    return word_of(role);
}

std::string word_of(Role role) {
    switch (role) {
    case Role::None: return "none";
    case Role::Deposit: return "deposit";
    case Role::View: return "view";
    case Role::Comment: return "comment";
    case Role::Edit: return "edit";
    case Role::Manage: return "manage";
    }
    return "none";
}

Result<std::optional<Millis>> end_of(const Until& typed, std::string_view zone, Millis now) {
    if (typed.until.empty()) return std::nullopt;
    if (typed.until == "day") return now + 1_days;
    if (typed.until == "week") return now + 7_days;
    if (typed.until == "month") return now + 30_days;
    if (typed.until == "year") return end_of_school_year(now);
    std::optional<Millis> end;
    if (typed.until == "date") end = web::end_of_day(typed.until_day, zone);
    if (typed.until == "at") {
        Millis at = 0;
        const auto* last = typed.until_at.data() + typed.until_at.size();
        if (std::from_chars(typed.until_at.data(), last, at).ptr == last && at > 0) end = at;
    }
    if (!end) return invalid("until", "link.until_day");
    if (*end <= now) return invalid("until", "link.until_past");
    return end;
}

std::string until_words(const web::Locale& locale, std::optional<Millis> until, std::string_view zone) {
    if (!until) return locale.text("share.until_never");
    return locale.text("share.until_day_named",
                       {{"day", locale.date(*until - 1, zone)}}); // midnight ends the day before
}

std::vector<Choice> choices(const web::Locale& locale, std::string_view prefix,
                            const std::vector<std::string_view>& values, std::string_view chosen) {
    std::vector<Choice> list;
    for (auto value : values)
        list.push_back({.value = std::string{value},
                        .text = locale.text(std::string{prefix} + (value.empty() ? "never" : std::string{value})),
                        .chosen = value == chosen});
    return list;
}

bool takes_deposits(const Item& item) {
    return item.kind == "folder" || item.kind == "handin" || item.kind == "space" || item.kind == team_kind;
}

} // namespace preau::sharing

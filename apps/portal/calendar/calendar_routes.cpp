// /structures/ID/calendar.ics, and what pages say of a calendar.
#include "portal/calendar/calendar.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "portal/calendar/ics_text.hpp"
#include "sharing/answers.hpp"
#include "web/day.hpp"

namespace preau::portal {
namespace {

// A whole day is the same wherever one is: it is written as the noon of that day, in the zone that noon is meant in.
constexpr std::string_view no_zone = "UTC";

std::string day_words(const web::Locale& locale, std::string_view day) {
    const auto end = web::end_of_day(day, no_zone);
    return end ? locale.date(*end - 12_h, no_zone) : std::string{day};
}

std::string days_words(const web::Locale& locale, const identity::Period& period) {
    if (period.first_day == period.last_day)
        return locale.text("calendar.one_day", {{"day", day_words(locale, period.first_day)}});
    return locale.text("calendar.days",
                       {{"first", day_words(locale, period.first_day)}, {"last", day_words(locale, period.last_day)}});
}

struct Published {
    identity::Structure structure;
    identity::SchoolCalendar calendar;
};

// The days of school holidays are no secret, and a calendar on a telephone signs in nowhere. Whoever knows the address
// of a structure reads its name and its days, and nothing else of it.
Result<Published> published(db::Tx& tx, StructureId id) {
    auto structure = identity::find_structure(tx, id);
    if (!structure || identity::is_closed(tx, id)) return not_found("identity.structure");
    auto calendar = identity::calendar_of(tx, id);
    // A calendar without events is none (RFC 5545 §3.6).
    if (!calendar || calendar->periods.empty()) return not_found("identity.calendar");
    return Published{std::move(*structure), std::move(*calendar)};
}

std::string host_of(std::string_view url) {
    url.remove_prefix(url.find("://") == std::string_view::npos ? 0 : url.find("://") + 3);
    return std::string{url.substr(0, url.find_first_of("/:"))};
}

// A school year is two days of somebody's calendar, not a bar over all of it.
std::vector<IcsDays> events_of(const web::Locale& locale, const identity::SchoolCalendar& calendar,
                               const std::string& host) {
    std::vector<IcsDays> events;
    for (const auto& period : calendar.periods) {
        const auto uid = "period-" + to_text(period.id);
        if (period.kind != "year") {
            events.push_back({uid + '@' + host, period.name, period.first_day, period.last_day});
            continue;
        }
        events.push_back({uid + "-begins@" + host, locale.text("calendar.begins", {{"name", period.name}}),
                          period.first_day, period.first_day});
        events.push_back({uid + "-ends@" + host, locale.text("calendar.ends", {{"name", period.name}}), period.last_day,
                          period.last_day});
    }
    return events;
}

Task<http::Response> show_ics(Portal& portal, http::Request& request) {
    const auto id = sharing::id_in<StructureId>(request, "structure");
    auto found = co_await portal.db.read([id](db::Tx& tx) { return published(tx, id); });
    if (!found) co_return portal.gate.refusal(request, found.error());
    // In French, whoever asks: a program that fetches it says nothing of who reads, and an answer that is the same for
    // all may be kept by all.
    const auto& locale = web::Locale::of(web::Language::French);
    auto text = ics_text(found->structure.name, events_of(locale, found->calendar, host_of(portal.public_url)),
                         found->calendar.changed_at);
    const auto hash = hex(sha256(text)).substr(0, 32);
    auto response = http::text_response(200, std::move(text), "text/calendar; charset=utf-8");
    response.headers.set("Cache-Control", "public, max-age=3600");
    response.headers.set("ETag", '"' + hash + '"');
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Content-Disposition", http::content_disposition("inline", found->structure.name + ".ics"));
    co_return response;
}

} // namespace

std::string today_in(std::string_view zone, Millis now) {
    // The day that this moment lies in. Structures from before they had a zone are in Paris.
    return web::day_before(now + 1, zone.empty() ? "Europe/Paris" : zone);
}

CalendarView calendar_view(const web::Locale& locale, StructureId structure,
                           const std::optional<identity::SchoolCalendar>& calendar, std::string_view today) {
    CalendarView view;
    if (!calendar) return view;
    if (calendar->of != structure) {
        view.followed = to_text(calendar->of);
        view.followed_name = calendar->of_name;
    }
    if (!calendar->zone.empty()) view.zone = locale.text("calendar.zone_named", {{"zone", calendar->zone}});
    for (const auto& period : calendar->periods) {
        PeriodLine line{.id = to_text(period.id),
                        .name = period.name,
                        .kind = locale.text("calendar.kind_" + period.kind),
                        .days = days_words(locale, period),
                        .now = period.kind != "year" && period.first_day <= today && today <= period.last_day};
        (period.last_day < today ? view.past : view.periods).push_back(std::move(line));
    }
    view.some = !view.periods.empty();
    view.some_past = !view.past.empty();
    return view;
}

void calendar_routes(http::Router& routes, Portal& portal) {
    routes.get("/structures/{structure}/calendar.ics",
               {.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_ics(portal, request); });
}

} // namespace preau::portal

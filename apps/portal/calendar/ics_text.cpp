#include "portal/calendar/ics_text.hpp"

#include "identity/school_calendar.hpp"

#include <chrono>
#include <fmt/core.h>

namespace preau::portal {
namespace {

constexpr std::size_t longest_line = 75; // octets without the line break (RFC 5545 §3.1)

// §3.3.11. A carriage return cannot be said at all.
std::string escaped(std::string_view text) {
    std::string out;
    for (char letter : text) {
        if (letter == '\r') continue;
        if (letter == '\n') {
            out += "\\n";
            continue;
        }
        if (letter == '\\' || letter == ';' || letter == ',') out += '\\';
        out += letter;
    }
    return out;
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// Folded between characters: the standard permits to cut one in two, and readers stumble over it.
void add_line(std::string& out, std::string_view line) {
    std::size_t room = longest_line;
    while (line.size() > room) {
        auto end = room;
        while (end > 0 && continues(line[end])) --end;
        out += line.substr(0, end);
        out += "\r\n ";
        line.remove_prefix(end);
        room = longest_line - 1; // the blank counts
    }
    out += line;
    out += "\r\n";
}

std::string digits_of(std::string_view day) { // "2026-09-01" → "20260901"
    std::string out;
    for (char letter : day)
        if (letter != '-') out += letter;
    return out;
}

std::string utc(Millis moment) {
    using namespace std::chrono;
    const sys_time<milliseconds> at{milliseconds{moment}};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(at - day)};
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

} // namespace

std::string ics_text(std::string_view name, const std::vector<IcsDays>& events, Millis changed_at) {
    const auto stamp = "DTSTAMP:" + utc(changed_at);
    std::string out;
    for (const auto* line : {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Preau//School calendar//FR",
                             "CALSCALE:GREGORIAN", "METHOD:PUBLISH"})
        add_line(out, line);
    for (const auto* property : {"NAME:", "X-WR-CALNAME:"}) // RFC 7986 §5.1, and what came before it
        add_line(out, property + escaped(name));
    add_line(out, "REFRESH-INTERVAL;VALUE=DURATION:P1D");
    add_line(out, "X-PUBLISHED-TTL:P1D");
    for (const auto& event : events) {
        add_line(out, "BEGIN:VEVENT");
        add_line(out, "UID:" + event.uid);
        add_line(out, stamp);
        add_line(out, "DTSTART;VALUE=DATE:" + digits_of(event.first_day));
        // The first day that it is over (§3.6.1).
        add_line(out, "DTEND;VALUE=DATE:" + digits_of(identity::day_after(event.last_day)));
        add_line(out, "SUMMARY:" + escaped(event.summary));
        add_line(out, "TRANSP:TRANSPARENT"); // nobody is busy because of it
        add_line(out, "END:VEVENT");
    }
    add_line(out, "END:VCALENDAR");
    return out;
}

} // namespace preau::portal

#include "portal/calendar/ics_text.hpp"

#include "base/text.hpp"

#include <doctest/doctest.h>

namespace preau::portal {
namespace {

constexpr Millis moment = 1'788'764'400'000; // 2026-09-07 07:00 UTC

// As a reader puts lines together again (RFC 5545 §3.1).
std::string unfolded(std::string text) {
    for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ")) text.erase(at, 3);
    return text;
}

} // namespace

TEST_CASE("whole days, with the first day that it is over, and what a text may not say as it stands") {
    const auto text = ics_text("Collège Jean-Moulin; 6e, 5e",
                               {{"a1@preau.test", "Pont, dit \"long\"\\", "2026-12-31", "2026-12-31"}}, moment);
    CHECK(text == "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Preau//School calendar//FR\r\nCALSCALE:GREGORIAN\r\n"
                  "METHOD:PUBLISH\r\nNAME:Collège Jean-Moulin\\; 6e\\, 5e\r\nX-WR-CALNAME:Collège Jean-Moulin\\; 6e\\, "
                  "5e\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\nX-PUBLISHED-TTL:P1D\r\nBEGIN:VEVENT\r\n"
                  "UID:a1@preau.test\r\nDTSTAMP:20260907T070000Z\r\nDTSTART;VALUE=DATE:20261231\r\n"
                  "DTEND;VALUE=DATE:20270101\r\nSUMMARY:Pont\\, dit \"long\"\\\\\r\nTRANSP:TRANSPARENT\r\n"
                  "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST_CASE("no line is longer than 75 octets, none is cut inside a character, and all can be put together again") {
    for (std::size_t blanks = 0; blanks < 8; ++blanks) {
        std::string summary(blanks, 'x');
        for (int i = 0; i < 60; ++i) summary += i % 3 == 0 ? "é" : i % 3 == 1 ? "𝄞" : "–";
        const auto text = ics_text("Nom", {{"a@b", summary, "2026-12-19", "2027-01-03"}}, moment);
        std::string_view rest = text;
        while (!rest.empty()) {
            const auto end = rest.find("\r\n");
            REQUIRE(end != std::string_view::npos);
            const auto line = rest.substr(0, end);
            CHECK(line.size() <= 75);
            CHECK(valid_utf8(line));
            rest.remove_prefix(end + 2);
        }
        CHECK(unfolded(text).contains("\r\nSUMMARY:" + summary + "\r\n"));
    }
}

TEST_CASE("a name cannot add a property of its own") {
    const auto text = ics_text("a\r\nATTACH:http://evil", {{"a@b", "b\nATTACH:x", "2026-12-19", "2026-12-19"}}, moment);
    CHECK_FALSE(text.contains("\nATTACH"));
    CHECK(text.contains("NAME:a\\nATTACH:http://evil\r\n"));
}

} // namespace preau::portal

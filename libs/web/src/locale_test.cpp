#include "web/locale.hpp"

#include <doctest/doctest.h>

#include <set>

namespace preau::web {
namespace {

const Locale& french = Locale::of(Language::French);
const Locale& english = Locale::of(Language::English);

std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> found;
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1))
        found.emplace(text.substr(open, text.find('}', open) - open + 1));
    return found;
}

constexpr Millis monday = 1'788'764'400'000; // 7 September 2026, 09:00 in Paris

} // namespace

TEST_CASE("both languages have every text, with the same placeholders") {
    const auto keys = french.keys();
    CHECK(keys.size() > 50);
    CHECK(std::set<std::string_view>(keys.begin(), keys.end()).size() == english.keys().size());
    for (auto key : keys) {
        CAPTURE(std::string{key});
        REQUIRE(english.has(key));
        CHECK(placeholders(french.text(key)) == placeholders(english.text(key)));
    }
}

TEST_CASE("the language is the account's, else the cookie's, else the browser's, else French") {
    struct Case {
        std::string_view preference, cookie, accept;
        Language expected;
    };
    using enum Language;
    const Case cases[] = {
        {"en", "fr", "fr", English},
        {"", "en", "fr", English},
        {"de", "xx", "en-GB,en;q=0.9", English},
        {"", "", "fr-CA, en;q=0.8", French},
        {"", "", "en;q=0.3, fr;q=0.7", French},
        {"", "", "de, en;q=0.5", English},
        {"", "", "en;q=0, fr;q=0.1", French},
        {"", "", "EN_us", English},
        {"", "", "en;q=zero", French},
        {"", "", "en;q=1.000,fr;q=0.999", English},
        {"", "", "*", French},
        {"", "", "", French},
        {"", "", ",,;;q=,en", English},
        {"", "", "english", French},
    };
    for (const auto& [preference, cookie, accept, expected] : cases) {
        CAPTURE(std::string{accept});
        CHECK(choose_language(preference, cookie, accept) == expected);
    }
}

TEST_CASE("numbers are grouped as the language does") {
    CHECK(french.number(0) == "0");
    CHECK(french.number(999) == "999");
    CHECK(french.number(12345) == "12\u202f345");
    CHECK(french.number(-1'234'567) == "-1\u202f234\u202f567");
    CHECK(english.number(12345) == "12,345");
}

TEST_CASE("sizes are in octets in French and bytes in English") {
    struct Case {
        std::int64_t bytes;
        std::string_view french, english;
    };
    const Case cases[] = {
        {0, "0\u00a0octet", "0\u00a0bytes"},
        {1, "1\u00a0octet", "1\u00a0byte"},
        {2, "2\u00a0octets", "2\u00a0bytes"},
        {999, "999\u00a0octets", "999\u00a0bytes"},
        {1000, "1\u00a0ko", "1\u00a0kB"},
        {1500, "1,5\u00a0ko", "1.5\u00a0kB"},
        {9'949, "9,9\u00a0ko", "9.9\u00a0kB"},
        {9'950, "10\u00a0ko", "10\u00a0kB"},
        {310'000, "310\u00a0ko", "310\u00a0kB"},
        {999'499, "999\u00a0ko", "999\u00a0kB"},
        {999'500, "1\u00a0Mo", "1\u00a0MB"},
        {4'200'000, "4,2\u00a0Mo", "4.2\u00a0MB"},
        {100'000'000'000, "100\u00a0Go", "100\u00a0GB"},
        {9'223'372'036'854'775'807, "9\u202f223\u00a0Po", "9,223\u00a0PB"},
    };
    for (const auto& [bytes, in_french, in_english] : cases) {
        CHECK(french.size(bytes) == in_french);
        CHECK(english.size(bytes) == in_english);
    }
}

TEST_CASE("plurals differ: French zero is singular") {
    CHECK(french.plural("web.bytes", 0) == "0\u00a0octet");
    CHECK(english.plural("web.bytes", 0) == "0\u00a0bytes");
    CHECK(french.plural("web.bytes", 1'000'000) == "1\u202f000\u202f000\u00a0octets");
}

TEST_CASE("how long ago decides the form") {
    struct Case {
        Millis moment;
        std::string_view french, english;
    };
    const Case cases[] = {
        {monday, "à l’instant", "just now"},
        {monday - 59'999, "à l’instant", "just now"},
        {monday + 2_min, "à l’instant", "just now"}, // a clock that was set back
        {monday - 1_min, "il y a 1\u00a0min", "1\u00a0min ago"},
        {monday - 12_min, "il y a 12\u00a0min", "12\u00a0min ago"},
        {monday - 59_min, "il y a 59\u00a0min", "59\u00a0min ago"},
        {monday - 1_h, "il y a 1\u00a0h", "1\u00a0h ago"},
        {monday - 9_h, "il y a 9\u00a0h", "9\u00a0h ago"}, // midnight exactly
        {monday - 9_h - 1, "hier, 23\u00a0h\u00a059", "yesterday, 23:59"},
        {monday - 33_h, "hier, 0\u00a0h\u00a000", "yesterday, 00:00"},
        {monday - 33_h - 1, "5\u00a0sept.", "5\u00a0Sept"},
        {monday - 6 * 1_days, "1er\u00a0sept.", "1\u00a0Sept"},
        {monday - 7 * 1_days, "31\u00a0août", "31\u00a0Aug"},
        {monday - 365 * 1_days, "7\u00a0sept. 2025", "7\u00a0Sept 2025"},
        {monday + 3 * 1_days, "10\u00a0sept.", "10\u00a0Sept"},
    };
    for (const auto& [moment, in_french, in_english] : cases) {
        CHECK(french.ago(moment, monday, "Europe/Paris") == in_french);
        CHECK(english.ago(moment, monday, "Europe/Paris") == in_english);
    }
}

TEST_CASE("moments are told in the structure's time zone") {
    CHECK(french.date_time(monday, "Europe/Paris") == "7\u00a0septembre 2026 à 9\u00a0h\u00a000");
    CHECK(french.date_time(monday, "Pacific/Noumea") == "7\u00a0septembre 2026 à 18\u00a0h\u00a000");
    CHECK(french.date_time(monday, "Indian/Reunion") == "7\u00a0septembre 2026 à 11\u00a0h\u00a000");
    CHECK(french.date_time(monday, "no/such zone") == french.date_time(monday, "Europe/Paris"));
    CHECK(english.date_time(monday, "Europe/Paris") == "7\u00a0September 2026 at 09:00");
    CHECK(french.day(monday, "Europe/Paris") == "lundi 7\u00a0septembre");
    CHECK(english.day(monday, "Europe/Paris") == "Monday 7\u00a0September");
    CHECK(french.date(monday + 24 * 1_days, "Europe/Paris") == "1er\u00a0octobre 2026");
    CHECK(french.time(monday + 60 * 1_days, "Europe/Paris") == "8\u00a0h\u00a000"); // winter time
    CHECK(french.date(0, "Europe/Paris") == "1er\u00a0janvier 1970");
    CHECK(french.date(-1'000'000'000'000, "Europe/Paris") == "24\u00a0avril 1938");
}

TEST_CASE("an error is told with its values") {
    const Error error{
        .kind = Error::Kind::Invalid, .key = "text_too_short", .field = "title", .values = {{"limit", "5"}}};
    CHECK(english.message(error).contains("5"));
    CHECK(french.message(error) != english.message(error));
}

} // namespace preau::web

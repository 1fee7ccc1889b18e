#include "web/day.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::web;

TEST_CASE("a day ends at midnight where one lives, also when the clocks change") {
    CHECK(end_of_day("2026-09-07", "Europe/Paris") == 1'788'818'400'000); // 22:00 UTC
    CHECK(end_of_day("2026-09-07", "Indian/Reunion") == 1'788'818'400'000 - 2_h);
    CHECK(end_of_day("2026-09-07", "Pacific/Noumea") == 1'788'818'400'000 - 9_h);
    for (auto zone : {"Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea"})
        for (auto day : {"2026-10-24", "2026-10-25", "2027-03-27", "2027-03-28", "2028-02-29", "2026-12-31"})
            CHECK(day_before(*end_of_day(day, zone), zone) == day);
}

TEST_CASE("what is no day is none") {
    for (auto text : {"", "2026-02-30", "2026-13-01", "2026-9-7", "07/09/2026", "2026-09-07T00", "1969-12-31",
                      "2201-01-01", "20x6-09-07", "2026-09-00", "-026-09-07"})
        CHECK_FALSE(end_of_day(text, "Europe/Paris"));
}

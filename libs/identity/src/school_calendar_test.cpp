#include "identity/school_calendar.hpp"

#include "db/checks.hpp"
#include "realm_fixture.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

struct Year {
    explicit Year(Realm& the_realm) : realm{the_realm} {}
    Result<PeriodId> add(StructureId where, PeriodForm form) {
        return realm.db.write_now(
            [&](db::Tx& tx) { return add_period(tx, realm.people.ids, where, form, realm.now()); });
    }
    Result<void> remove(StructureId where, PeriodId which) {
        return realm.db.write_now(
            [&](db::Tx& tx) { return remove_period(tx, realm.people.ids, where, which, realm.now()); });
    }
    std::optional<SchoolCalendar> of(StructureId where) {
        return realm.db.read_now([&](db::Tx& tx) { return calendar_of(tx, where); });
    }
    std::vector<std::string> names(StructureId where) {
        std::vector<std::string> all;
        if (auto calendar = of(where))
            for (const auto& period : calendar->periods) all.push_back(period.name);
        return all;
    }
    Realm& realm;
};

template <class T> std::string key_of(const Result<T>& result) { return result ? "" : result.error().key; }

const PeriodForm christmas{"holiday", "Vacances de Noël", "2026-12-19", "2027-01-03"};
const PeriodForm year{"year", "Année scolaire 2026-2027", "2026-09-01", "2027-07-03"};

} // namespace

TEST_CASE("an académie writes the calendar once, and its schools follow") {
    in_realm([](Realm& realm) {
        Year of_school{realm};
        CHECK_FALSE(of_school.of(realm.moulin).has_value());
        REQUIRE(of_school.add(realm.lille, christmas).has_value());
        REQUIRE(of_school.add(realm.lille, year).has_value());
        CHECK(of_school.names(realm.moulin) == std::vector<std::string>{year.name, christmas.name}); // by day
        auto followed = of_school.of(realm.moulin);
        CHECK(followed->of == realm.lille);
        CHECK(followed->of_name == "Académie de Lille");
        CHECK_FALSE(of_school.of(realm.delisle).has_value()); // of the other académie
        CHECK_FALSE(of_school.of(realm.ministry).has_value());
        realm.db.read_now([&](db::Tx& tx) { CHECK_QUERIES(tx, 2, (void)calendar_of(tx, realm.moulin)); });
    });
}

TEST_CASE("a school that differs begins with a copy, and may follow again") {
    in_realm([](Realm& realm) {
        Year calendar{realm};
        REQUIRE(calendar.add(realm.lille, christmas).has_value());
        REQUIRE(calendar.add(realm.lille, year).has_value());
        REQUIRE(calendar.add(realm.moulin, {"free", "Pont de l’Ascension", "2027-05-07", ""}).has_value());
        CHECK(calendar.names(realm.moulin) ==
              std::vector<std::string>{year.name, christmas.name, "Pont de l’Ascension"});
        CHECK(calendar.of(realm.moulin)->periods.back().last_day == "2027-05-07"); // one day
        CHECK(calendar.names(realm.lille).size() == 2);
        CHECK(calendar.names(realm.curie).size() == 2);
        // By the address of the one above: what the page showed before the copy was made.
        const auto above = calendar.of(realm.curie)->periods.front().id;
        CHECK(calendar.remove(realm.curie, above).has_value());
        CHECK(calendar.names(realm.curie) == std::vector<std::string>{christmas.name});
        CHECK(calendar.names(realm.lille).size() == 2);

        // What the académie changes is no longer theirs.
        REQUIRE(calendar.add(realm.lille, {"holiday", "Vacances d’hiver", "2027-02-13", "2027-02-28"}).has_value());
        CHECK(calendar.names(realm.moulin).size() == 3);
        CHECK(realm.db.write_now([&](db::Tx& tx) { return follow_calendar_above(tx, realm.moulin); }));
        CHECK(calendar.of(realm.moulin)->of == realm.lille);
        CHECK(calendar.names(realm.moulin).size() == 3);
        CHECK_FALSE(realm.db.write_now([&](db::Tx& tx) { return follow_calendar_above(tx, realm.moulin); }));
    });
}

TEST_CASE("what is no period is refused, and leaves no calendar behind") {
    in_realm([](Realm& realm) {
        Year calendar{realm};
        for (const auto& [form, key] : std::initializer_list<std::pair<PeriodForm, std::string>>{
                 {{"party", "Fête", "2026-12-19", "2026-12-19"}, "identity.period_kind"},
                 {{"event", " ", "2026-12-19", "2026-12-19"}, "text_too_short"},
                 {{"event", std::string(101, 'a'), "2026-12-19", "2026-12-19"}, "text_too_long"},
                 {{"event", "Fête", "19/12/2026", "2026-12-19"}, "identity.period_day"},
                 {{"event", "Fête", "2026-02-30", "2026-12-19"}, "identity.period_day"},
                 {{"event", "Fête", "2026-+1-01", "2026-12-19"}, "identity.period_day"},
                 {{"event", "Fête", "", ""}, "identity.period_day"},
                 {{"event", "Fête", "2026-12-19", "2026-12-18"}, "identity.period_days"},
                 {{"event", "Fête", "2026-12-19", "2028-12-18"}, "identity.period_days"}})
            CHECK_MESSAGE(key_of(calendar.add(realm.moulin, form)) == key, form.first_day << form.name);
        CHECK_FALSE(calendar.of(realm.moulin).has_value());
        auto other = calendar.add(realm.delisle, christmas);
        REQUIRE(other.has_value());
        CHECK(key_of(calendar.remove(realm.moulin, *other)) == "identity.period");
        CHECK_FALSE(calendar.of(realm.moulin).has_value());
        auto zone = [&](std::string_view word) {
            return realm.db.write_now(
                [&](db::Tx& tx) { return set_calendar_zone(tx, realm.people.ids, realm.moulin, word, realm.now()); });
        };
        CHECK(key_of(zone("D")) == "identity.calendar_zone");
        CHECK_FALSE(calendar.of(realm.moulin).has_value());
        CHECK(zone("B").has_value());
        CHECK(calendar.of(realm.moulin)->zone == "B");
    });
}

TEST_CASE("a calendar does not grow without end") {
    in_realm([](Realm& realm) {
        Year calendar{realm};
        for (int i = 0; i < most_periods; ++i)
            REQUIRE(calendar.add(realm.moulin, {"event", "Jour " + std::to_string(i), "2026-12-19", ""}).has_value());
        CHECK(key_of(calendar.add(realm.moulin, christmas)) == "identity.periods_many");
        CHECK(calendar.names(realm.moulin).size() == most_periods);
    });
}

TEST_CASE("days follow one another over months, years and the 29th of February") {
    CHECK(day_after("2026-12-31") == "2027-01-01");
    CHECK(day_after("2028-02-28") == "2028-02-29");
    CHECK(day_after("2027-02-28") == "2027-03-01");
    CHECK(is_day("2028-02-29"));
    CHECK_FALSE(is_day("2027-02-29"));
    CHECK_FALSE(is_day("1999-12-31"));
    CHECK_FALSE(is_day("2026-9-1"));
}

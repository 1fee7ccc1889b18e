#include "identity/school_year.hpp"

#include "import_fixture.hpp"

#include "identity/groups.hpp"

namespace preau::identity {
namespace {

using Names = std::vector<std::string>;

std::string year_or_key(std::string_view typed) {
    auto year = school_year_named(typed);
    return year ? *year : year.error().key;
}

struct SchoolOfYears : ImportFixture {
    explicit SchoolOfYears(db::Database& database) : ImportFixture{database} { bring(whole_school()); }

    StructureId college() { return structure("0590001A"); }
    Result<std::vector<GroupId>> open(std::string names, std::string year = "2026-2027") {
        return db.write_now([&, at = college()](db::Tx& tx) {
            return found_classes(tx, ids, {.structure = at, .names = names, .year = year});
        });
    }
    Names open_names() {
        return db.read_now([&, at = college()](db::Tx& tx) {
            Names names;
            for (const auto& one : open_classes(tx, at, {}, 100)) names.push_back(one.name);
            return names;
        });
    }
    Result<std::vector<GroupId>> close(const std::vector<GroupId>& classes, std::string year = "2025-2026") {
        return db.write_now([&, at = college()](db::Tx& tx) {
            return close_classes(
                tx, {.id = ids.next_as<ClosingId>(), .structure = at, .classes = classes, .year = year}, clock.now());
        });
    }
    GroupId the_class() { return groups("bea.roux").front().id; }
    std::vector<PersonId> staff(GroupId group) {
        return db.read_now([&](db::Tx& tx) {
            std::vector<PersonId> all;
            for (const auto& row : members_of(tx, group, {}, 100)) all.push_back(row.person);
            return all;
        });
    }
};

template <class Body> void with_years(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        SchoolOfYears school{db};
        body(school);
    });
}

std::string class_row(std::string_view year) {
    return "key;structure;name;year;teachers;pupils\n6a;0590001A;6e A;" + std::string{year} + ";p1;Zoé Zola\n";
}

} // namespace

TEST_CASE("a school year is two years that follow each other, or one of the calendar") {
    CHECK(year_or_key("2026-2027") == "2026-2027");
    CHECK(year_or_key(" 2027 ") == "2027");
    for (auto wrong : {"", "2026-2028", "2027-2026", "26-27", "2026-", "-2027", "2026-2027-2028", "1026-1027", "2026x"})
        CHECK_MESSAGE(year_or_key(wrong) == "identity.school_year", wrong);
    CHECK(school_years_on("2026-09-07").ending == "2025-2026");
    CHECK(school_years_on("2026-09-07").beginning == "2026-2027");
    CHECK(school_years_on("2027-06-30").ending == "2026-2027");
    CHECK(school_years_on("2027-06-30").beginning == "2027-2028"); // prepared before the summer
    CHECK(school_years_on("2027-02-01").beginning == "2026-2027");
    CHECK(school_years_on("").ending.empty());
}

TEST_CASE("new classes have names of their own, and what is written twice is named") {
    with_years([](SchoolOfYears& school) {
        auto made = school.open("  6e B \r\n\n5e A\n");
        REQUIRE(made);
        CHECK(made->size() == 2);
        CHECK(school.open_names() == Names{"5e A", "6e A", "6e B"});
        CHECK(school.pupils(made->front()).empty());
        CHECK(school.staff(made->front()).empty());
        auto refusal = [&](std::string names) {
            auto again = school.open(std::move(names));
            REQUIRE_FALSE(again);
            return again.error().key + (again.error().values.empty() ? "" : " " + again.error().values[0].second);
        };
        CHECK(refusal("4e A\n4E a\n3e C\n3e C\n3e C") == "identity.class_names_twice 4E a, 3e C");
        CHECK(refusal("4e A\n6E b\n5e A") == "identity.class_names_there 6E b, 5e A");
        CHECK(refusal(" \n\n") == "identity.class_names_none");
        CHECK(refusal("4e A\nx").starts_with("text_too_short"));
        CHECK(school.open_names().size() == 3); // one bad line: none was made
    });
}

TEST_CASE("a closed class is found by nobody and reopened as it was") {
    with_years([](SchoolOfYears& school) {
        const auto sixth = school.the_class();
        auto found = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                auto anne = find_viewer(tx, find_person_by_login(tx, "anne.petit")->id);
                auto list = search_directory(tx, *anne, "6e");
                return std::ranges::any_of(list, [&](const Found& one) { return one.subject == subject(sixth); });
            });
        };
        CHECK(found());
        CHECK(school.close({sixth, GroupId{77}}).error().key == "identity.class"); // one that is not of this school
        CHECK(found());
        CHECK(school.close({}).error().key == "identity.class_none");
        REQUIRE(school.close({sixth, sixth}));
        CHECK(school.close({sixth}).error().key == "identity.class_closed_already");
        CHECK_FALSE(found());
        CHECK(school.groups("bea.roux").empty());
        CHECK(school.staff(sixth).size() == 2); // who read it goes on reading
        school.db.read_now([&](db::Tx& tx) {
            CHECK(closed_years(tx, school.college()) == Names{"2026-2027"}); // what the class said itself
            CHECK(names_of(tx, {subject(sixth)}).at(subject(sixth)).closed);
            CHECK(last_names(tx, school.college()) == "6e A");
        });
        auto again = school.db.write_now([&](db::Tx& tx) { return reopen_classes(tx, {sixth, GroupId{77}}); });
        CHECK(again == std::vector{sixth});
        CHECK(found());
        CHECK(school.groups("bea.roux").size() == 1);
        CHECK(school.pupils(sixth) == Names{"Adam Aubert", "Lina Lemaire"});
    });
}

TEST_CASE("a list of the new year makes a new class under the same key, and last year's stays as it was") {
    with_years([](SchoolOfYears& school) {
        const auto sixth = school.the_class();
        const auto before = school.staff(sixth);
        REQUIRE(school.close({sixth}));
        auto late = school.bring({.classes = class_row("2026-2027")}, {.rentree = true});
        CHECK(late.classes.refused == 1); // the same year: the list is late
        CHECK(school.groups("anne.petit").empty());
        auto done = school.bring({.classes = class_row("2027-2028")}, {.rentree = true});
        CHECK(done.classes.refused == 0);
        auto classes = school.groups("anne.petit");
        REQUIRE(classes.size() == 1);
        CHECK(classes[0].id != sixth);
        CHECK(school.pupils(classes[0].id) == Names{"Zoé Zola"});
        CHECK(school.pupils(sixth) == Names{"Adam Aubert", "Lina Lemaire"});
        CHECK(school.staff(sixth) == before);
        CHECK(school.plan({.classes = class_row("2027-2028")}).changes() == 0);
        // Missing from a later list: its staff go on reading what was closed.
        REQUIRE(school.close({classes[0].id}));
        school.bring({.classes = "key;structure;name\n7x;0590001A;5e X\n"}, {.rentree = true});
        CHECK(school.staff(classes[0].id).size() == 1);
    });
}

} // namespace preau::identity

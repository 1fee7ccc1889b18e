// A list that was cut off, or exported from the wrong school, must not end everybody's rights.
#include "import_fixture.hpp"

namespace preau::identity {
namespace {

std::string people(int from, int to, std::string_view place) {
    std::string text;
    for (int i = from; i < to; ++i) {
        auto number = std::to_string(10000 + i);
        text += "p" + number + ";Personne " + number + ";;" + std::string{place} + ":teacher\n";
    }
    return text;
}
std::string people_list_of(const std::string& lines) { return "key;name;mail;functions\n" + lines; }

std::string pupils(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) text += "e" + std::to_string(i) + ":Élève " + std::to_string(i) + "|";
    return text;
}

} // namespace

TEST_CASE("more than five per cent and more than twenty in one structure stop everything") {
    with_imports([](ImportFixture& school) {
        ImportFiles files{.structures = std::string{school_list},
                          .people = people_list_of(people(0, 100, "a") + people(100, 700, "b"))};
        school.bring(files);
        files.structures = std::nullopt;

        files.people = people_list_of(people(0, 80, "a") + people(100, 700, "b")); // 20 of 100: below the floor
        CHECK(school.plan(files).brakes.empty());
        files.people = people_list_of(people(0, 100, "a") + people(130, 700, "b")); // 30 of 600: five per cent
        CHECK(school.plan(files).brakes.empty());
        files.people = people_list_of(people(0, 100, "a") + people(131, 700, "b")); // 31 of 600
        auto braked = school.plan(files);
        REQUIRE(braked.brakes.size() == 1);
        CHECK(braked.brakes[0].kind == "person");
        CHECK(braked.brakes[0].structure == "Lycée B");
        CHECK(braked.brakes[0].ends == 31);
        CHECK(braked.brakes[0].of == 600);
        files.people =
            people_list_of(people(0, 79, "a") + people(100, 700, "b")); // 21 of 100: the others do not hide it
        CHECK(school.plan(files).brakes.size() == 1);

        auto refused = school.carry_out(files);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().key == "import.braked");
        CHECK(school.functions_of("personne.10090") == "Collège A");
        // September lifts the brake for classes alone.
        auto september = school.carry_out(files, {.rentree = true});
        REQUIRE_FALSE(september);
        CHECK(school.functions_of("personne.10090") == "Collège A");
    });
}

TEST_CASE("whoever moves to another structure counts where they leave") {
    with_imports([](ImportFixture& school) {
        ImportFiles files{.structures = std::string{school_list}, .people = people_list_of(people(0, 100, "a"))};
        school.bring(files);
        files.people = people_list_of(people(0, 70, "a") + people(70, 100, "b"));
        auto braked = school.plan(files);
        REQUIRE(braked.brakes.size() == 1);
        CHECK(braked.brakes[0].structure == "Collège A");
        CHECK(braked.brakes[0].ends == 30);
    });
}

TEST_CASE("a few from each of many schools are seen where the schools stand, and in the whole list") {
    with_imports([](ImportFixture& school) {
        std::string structures = "key;parent;kind;name;uai\nac;;academy;Académie de Lille;\nx;;school;Ailleurs;\n";
        std::string all, fewer;
        for (int i = 0; i < 10; ++i) {
            const auto place = "s" + std::to_string(i);
            structures += place + ";ac;school;École " + std::to_string(i) + ";\n";
            all += people(10 * i, 10 * i + 10, place);
            fewer += people(10 * i, 10 * i + 7, place); // three of ten: far below the floor
        }
        school.bring({.structures = structures, .people = people_list_of(all + people(100, 1000, "x"))});
        auto braked = school.plan({.people = people_list_of(fewer + people(100, 1000, "x"))});
        REQUIRE(braked.brakes.size() == 1); // 30 of 1,000 are nothing, 30 of 100 are too many
        CHECK(braked.brakes[0].structure == "Académie de Lille");
        CHECK(braked.brakes[0].ends == 30);
        CHECK(braked.brakes[0].of == 100);
        // Who moves from school to school within it does not end there.
        std::string moved;
        for (int i = 0; i < 10; ++i) moved += people(10 * i, 10 * i + 10, "s" + std::to_string((i + i % 2) % 10));
        CHECK(school.plan({.people = people_list_of(moved + people(100, 1000, "x"))}).brakes.empty());
        auto empty = school.plan({.people = people_list_of("")});
        REQUIRE(empty.brakes.size() == 2);
        CHECK(empty.brakes[1].structure == "Ailleurs");
    });
}

TEST_CASE("people of no structure are counted in the whole list") {
    with_imports([](ImportFixture& school) {
        std::string nowhere;
        for (int i = 100; i < 130; ++i) nowhere += "n" + std::to_string(i) + ";Personne " + std::to_string(i) + ";;\n";
        school.bring({.people = people_list_of(nowhere)});
        auto braked = school.plan({.people = people_list_of("")});
        REQUIRE(braked.brakes.size() == 1);
        CHECK(braked.brakes[0].structure.empty());
        CHECK(braked.brakes[0].ends == 30);
    });
}

TEST_CASE("new keys for the classes of a new year end those of the old one, in September alone") {
    with_imports([](ImportFixture& school) {
        auto list = [](const std::string& year) {
            std::string text = "key;structure;name;year\n";
            for (int i = 0; i < 25; ++i)
                text += year + "-" + std::to_string(i) + ";a;6e " + std::to_string(i) + ";" + year + "\n";
            return ImportFiles{.classes = text};
        };
        auto files = list("2026");
        files.structures = std::string{school_list};
        school.bring(files);
        auto braked = school.plan(list("2027"));
        REQUIRE(braked.brakes.size() == 1);
        CHECK(braked.brakes[0].kind == "class");
        CHECK(school.bring(list("2027"), {.rentree = true}).classes.ends == 25);
    });
}

TEST_CASE("memberships of classes have a brake of their own, which September lifts") {
    with_imports([](ImportFixture& school) {
        auto list = [](const std::string& names) {
            return "key;structure;name;year;teachers;pupils\n6a;a;6e A;2026;;" + names + "\n";
        };
        school.bring({.structures = std::string{school_list}, .classes = list(pupils(0, 30))});
        ImportFiles new_year{.classes = list(pupils(30, 60))};
        auto braked = school.plan(new_year);
        REQUIRE(braked.brakes.size() == 1);
        CHECK(braked.brakes[0].kind == "membership");
        CHECK(braked.brakes[0].ends == 30);
        CHECK_FALSE(school.carry_out(new_year));
        CHECK(school.carry_out(new_year, {.rentree = true}));
        CHECK(school.plan(new_year).changes() == 0);

        // Another name for the same key is no removal.
        std::string renamed;
        for (int i = 30; i < 60; ++i) renamed += "e" + std::to_string(i) + ":Autre " + std::to_string(i) + "|";
        CHECK(school.plan({.classes = list(renamed)}).brakes.empty());
    });
}

TEST_CASE("a list with lines that cannot be read ends nobody") {
    with_imports([](ImportFixture& school) {
        school.bring({.structures = std::string{school_list}, .people = people_list_of(people(0, 10, "a"))});
        ImportFiles broken{.people = people_list_of(people(0, 5, "a") + "p1\"0;x\n")};
        auto report = school.plan(broken);
        CHECK(report.people.ends == 0);
        CHECK(report.kept == std::vector<std::string>{"person"});
        CHECK(report.mistakes_in_all == 1);
        school.bring(broken);
        CHECK(school.functions_of("personne.10007") == "Collège A");
    });
}

} // namespace preau::identity

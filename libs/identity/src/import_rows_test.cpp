#include "import_rows.hpp"

#include <doctest/doctest.h>

namespace preau::identity {

TEST_CASE("columns are found by name, in any order, in either language; others are left alone") {
    auto read = person_lines("Courriel,Âge,Fonctions,Clé,Nom\na@b.fr,44,x:teacher,p1,Anne Petit\n");
    REQUIRE(read);
    REQUIRE(read->lines.size() == 1);
    CHECK(read->lines[0].key == "p1");
    CHECK(read->lines[0].name == "Anne Petit");
    CHECK(read->lines[0].mail == "a@b.fr");
    CHECK(read->lines[0].functions[0].place == "x");
    CHECK(read->lines[0].line == 2);
}

TEST_CASE("a column that is missing stops its list and nothing else") {
    auto read = person_lines("key;mail\np1;a@b.fr\n");
    REQUIRE(read);
    CHECK(read->lines.empty());
    REQUIRE(read->mistakes.size() == 2);
    CHECK(read->mistakes[0].reason == "import.column_missing");
    CHECK(read->mistakes[0].value == "name");
    CHECK(read->mistakes[1].value == "functions");
    CHECK(person_lines("")->mistakes[0].reason == "import.empty");
}

TEST_CASE("a list of a million mistakes tells the first hundred and how many there are") {
    std::string text = "key;name;functions\n";
    for (int i = 0; i < 1'000'000; ++i) text += "x\"y;\n";
    auto read = person_lines(text);
    REQUIRE(read);
    CHECK(read->mistakes.size() == 100);
    CHECK(read->mistakes_in_all == 1'000'000);
    CHECK(read->mistakes[0].line == 2);
    CHECK(read->mistakes[0].column == 2);
}

TEST_CASE("two lines of one key: the first stands") {
    auto read = person_lines("key;name;functions\nb;Béa;\na;Anne;\nb;Boris;\n");
    REQUIRE(read);
    REQUIRE(read->lines.size() == 2);
    CHECK(read->lines[1].name == "Béa");
    REQUIRE(read->refused.size() == 1);
    CHECK(read->refused[0].reason == "import.key_twice");
    CHECK(read->refused[0].line == 4);
    CHECK(read->refused[0].value == "2");
}

TEST_CASE("a person in five hundred structures is one line, in more it is a mistake of the list") {
    auto line = [](int count) {
        std::string functions;
        for (int i = 0; i < count; ++i) functions += "s" + std::to_string(i) + ":trainer|";
        return person_lines("key;name;functions\np;Une Formatrice;" + functions + "\n");
    };
    CHECK(line(500)->lines[0].functions.size() == 500);
    CHECK(line(501)->refused[0].reason == "import.functions_too_many");
}

TEST_CASE("what is said survives being joined and parted") {
    CHECK(parted(joined({"a", "", "c"}), 3) == std::vector<std::string>{"a", "", "c"});
    CHECK(parted(joined({"", "", ""}), 3) == std::vector<std::string>{"", "", ""});
    CHECK(parted("", 2) == std::vector<std::string>{"", ""});
}

} // namespace preau::identity

#include "base/csv.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>

namespace preau {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Everything {
    Rows rows;
    std::vector<CsvProblem> problems;
    std::vector<std::size_t> lines;
};

Everything read(std::string_view text, CsvLimits limits = {}) {
    Everything all;
    CsvReader reader{text, limits};
    for (;;) {
        auto step = reader.next();
        if (step == CsvReader::Step::End) return all;
        if (step == CsvReader::Step::Problem) {
            all.problems.push_back(reader.problem());
        } else {
            all.rows.push_back(reader.fields());
            all.lines.push_back(reader.line());
        }
    }
}

void check_problem(std::string_view text, std::size_t line, std::size_t column, std::string_view key) {
    CAPTURE(text);
    auto all = read(text);
    REQUIRE(all.problems.size() == 1);
    CHECK(all.problems[0].line == line);
    CHECK(all.problems[0].column == column);
    CHECK(all.problems[0].key == key);
}

std::string decoded(std::string_view bytes, TextEncoding encoding) {
    auto text = decode_text(bytes);
    REQUIRE(text);
    CHECK(text->encoding == encoding);
    CHECK(valid_utf8(text->text));
    return text->text;
}

} // namespace

TEST_CASE("a cell is quoted, and what a spreadsheet would run is text") {
    CHECK(csv_cell("Collège «Jean-Moulin»") == "\"Collège «Jean-Moulin»\"");
    CHECK(csv_cell("dit \"le Vieux\"") == "\"dit \"\"le Vieux\"\"\"");
    CHECK(csv_cell("=HYPERLINK(\"x\")") == "\"'=HYPERLINK(\"\"x\"\")\"");
    CHECK(csv_cell("") == "\"\"");
}

TEST_CASE("rows of RFC 4180 are read with whatever separator and line end") {
    CHECK(read("key;name\n1;Aline\n").rows == Rows{{"key", "name"}, {"1", "Aline"}});
    CHECK(read("key,name\r\n1,Aline").rows == Rows{{"key", "name"}, {"1", "Aline"}});
    CHECK(read("key\tname\r1\tAline\r").rows == Rows{{"key", "name"}, {"1", "Aline"}});
    CHECK(read("a;b\n\"x;y\";\"say \"\"hi\"\"\"\n").rows == Rows{{"a", "b"}, {"x;y", "say \"hi\""}});
    CHECK(read("a;b\n\"two\r\nlines\"; z \n").rows == Rows{{"a", "b"}, {"two\nlines", "z"}});
    CHECK(read("a;b\n;\n\n  \n1;\n").rows == Rows{{"a", "b"}, {"1", ""}});
    CHECK(read("sep=,\na;b,c\n").rows == Rows{{"a;b", "c"}});
    CHECK(read("\"a;a\",\"b\"\n1,2\n").rows == Rows{{"a;a", "b"}, {"1", "2"}}); // separators in quotes do not count
    CHECK(read("").rows.empty());
    CHECK(read("a;b\n\"two\nlines\";1\n2;3\n").lines == std::vector<std::size_t>{1, 2, 4});
}

TEST_CASE("a mistake is told with line and column, and the next line is read") {
    check_problem("a;b\n1;Élodie \"Lo\" Roux\n", 2, 10, "csv_quote_inside");
    check_problem("a;b\n\"x\"y;2\n", 2, 4, "csv_after_quote");
    check_problem("a;b\n1;\"never closed\n2;3\n", 2, 3, "csv_quote_open");
    auto all = read("a;b\n\"x\"y;2\n3;4\n5;\"open\n6;7");
    CHECK(all.rows == Rows{{"a", "b"}, {"3", "4"}, {"6", "7"}});
    CHECK(all.problems.size() == 2);
}

TEST_CASE("rows are bounded in length and fields") {
    CsvLimits small{.row_bytes = 20, .fields = 3};
    auto wide = read("a;b;c\n1;2;3;4;5\n6;7;8\n", small);
    CHECK(wide.rows == Rows{{"a", "b", "c"}, {"6", "7", "8"}});
    REQUIRE(wide.problems.size() == 1);
    CHECK(wide.problems[0].key == "csv_too_many_fields");
    auto deep = read("a;b\n1;\"" + std::string(30, 'x') + "\"\n2;3\n4;" + std::string(30, 'y') + "\n5;6\n", small);
    CHECK(deep.rows == Rows{{"a", "b"}, {"2", "3"}, {"5", "6"}});
    REQUIRE(deep.problems.size() == 2);
    CHECK(deep.problems[0].key == "csv_row_too_long");
    CHECK(deep.problems[0].line == 2);
    CHECK(deep.problems[1].line == 4);
}

TEST_CASE("a million wrong lines cost no more than a million right ones") {
    for (std::string line : {"\"a\"b;c\n", "x\"y\n", "\"\n", "\"\"\"\n", "\"\"\"x\n"}) {
        CAPTURE(line);
        std::string text = "key;name\n";
        for (int i = 0; i < 1'000'000; ++i) text += line;
        const auto begin = monotonic_nanoseconds();
        std::size_t steps = 0;
        CsvReader reader{text};
        while (reader.next() != CsvReader::Step::End) ++steps;
        CHECK(steps >= 1);
        CHECK(monotonic_nanoseconds() - begin < 20'000'000'000); // under ASan; a quadratic reader needs hours
    }
}

TEST_CASE("every encoding that schools send becomes UTF-8") {
    using enum TextEncoding;
    CHECK(decoded("Zoé Œuvrard", Utf8) == "Zoé Œuvrard");
    CHECK(decoded("\xEF\xBB\xBFZoé", Utf8) == "Zoé");
    CHECK(decoded("Zo\xE9 \x8Cuvrard \x80", Windows1252) == "Zoé Œuvrard €");
    CHECK(decoded("Zo\xE9 \xBCuvrard \xA4", Latin9) == "Zoé Œuvrard €");
    CHECK(decoded(std::string_view{"\xFF\xFEZ\0\xE9\0\x52\x01", 8}, Utf16Little) == "ZéŒ");
    CHECK(decoded(std::string_view{"\xFE\xFF\0Z\0\xE9\x01\x52", 8}, Utf16Big) == "ZéŒ");
    CHECK(decoded(std::string_view{"k\0e\0y\0;\0n\0", 10}, Utf16Little) == "key;n");
    CHECK(decoded(std::string_view{"\0k\0e\0y\0;\0n", 10}, Utf16Big) == "key;n");
    CHECK(decoded(std::string_view{"\xFF\xFE\x3D\xD8\x00\xDE", 6}, Utf16Little) == "😀");
}

TEST_CASE("what is no text is refused") {
    for (std::string_view bytes :
         {std::string_view{"PK\x03\x04\0\0", 6}, std::string_view{"\x89PNG\r\n\x1A\n\0\0\0\r", 12},
          std::string_view{"a\0b", 3}, std::string_view{"\xFF\xFEZ", 3}, std::string_view{"\xFF\xFE\x3D\xD8Z\0", 6},
          std::string_view{"\xEF\xBB\xBF\xC3", 4}, std::string_view{"Zo\x81", 3}}) {
        CAPTURE(hex(bytes));
        auto text = decode_text(bytes);
        REQUIRE_FALSE(text);
        CHECK(text.error().key == "csv_not_text");
    }
}

} // namespace preau

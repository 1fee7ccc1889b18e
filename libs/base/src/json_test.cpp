#include "base/json.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace preau;
using namespace std::string_literals;

namespace {

using PageId = Id<struct PageTag>;

struct Author {
    std::string name;
    std::optional<std::string> colour;
};
PREAU_DESCRIBE(Author, name, colour)

struct Page {
    PageId id;
    std::string title;
    bool open = false;
    int count = 0;
    double share = 0;
    std::vector<Author> authors;
    std::map<std::string, int> words;
};
PREAU_DESCRIBE(Page, id, title, open, count, share, authors, words)

json::Value parsed(std::string_view text) {
    auto value = json::parse(text);
    REQUIRE(value.has_value());
    return *value;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

} // namespace

TEST_CASE("a described struct is written as an object, ids as text, empty optionals left out") {
    Page page{.id = PageId{32},
              .title = "Les \"volcans\"",
              .open = true,
              .count = -3,
              .share = 0.5,
              .authors = {{.name = "Ana", .colour = "red"}, {.name = "Bo"}},
              .words = {{"lave", 2}, {"été", 1}}};
    CHECK(json::text_of(page) ==
          R"({"id":"10","title":"Les \"volcans\"","open":true,"count":-3,"share":0.5,)"
          R"("authors":[{"name":"Ana","colour":"red"},{"name":"Bo"}],"words":{"lave":2,"été":1}})");
    CHECK(json::text_of(Page{}) == R"({"id":"0","title":"","open":false,"count":0,"share":0,"authors":[],"words":{}})");
    CHECK(json::text_of(std::vector<std::optional<int>>{1, {}}) == "[1,null]");
}

TEST_CASE("numbers that JSON cannot hold are null") {
    CHECK(json::text_of(std::numeric_limits<double>::infinity()) == "null");
    CHECK(json::text_of(std::numeric_limits<double>::quiet_NaN()) == "null");
    CHECK(json::text_of(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(parsed(json::text_of(0.1)).number() == 0.1);
}

TEST_CASE("any text comes back as it was written") {
    for (const auto& text : {""s, "plain"s, "a\"b\\c/d"s, "\b\f\n\r\t\x01\x1F\x7F"s, "été \U0001F3EB \u2028"s, "\0nul"s,
                             std::string(10'000, '"')}) {
        auto written = json::text_of(text);
        CHECK(parsed(written).text() == text);
    }
    CHECK(json::text_of("\n\x02"s) == R"("\n\u0002")");
}

TEST_CASE("a stray byte is replaced, so that an answer is always UTF-8") {
    CHECK(json::text_of("caf\xE9!"s) == "\"caf\uFFFD!\"");
    CHECK(json::text_of("\xED\xA0\x80"s) == "\"\uFFFD\uFFFD\uFFFD\"");
    CHECK(parsed(json::text_of("\xC3"s)).text() == "\uFFFD");
}

TEST_CASE("members are reached without checks on the way") {
    auto value = parsed(R"({"a":{"b":[1,"zwei",true,null,2.5]},"n":null})");
    CHECK(value["a"]["b"].size() == 5);
    CHECK(value["a"]["b"].at(0).integer() == 1);
    CHECK(value["a"]["b"].at(1).text() == "zwei");
    CHECK(value["a"]["b"].at(2).boolean() == true);
    CHECK_FALSE(value["a"]["b"].at(3).present());
    CHECK(value["a"]["b"].at(4).number() == 2.5);
    CHECK_FALSE(value["a"]["b"].at(5).present());
    CHECK_FALSE(value["x"]["y"].at(7)["z"].present());
    CHECK_FALSE(value["n"].present());
    CHECK(value.names() == std::vector<std::string>{"a", "n"});
    CHECK(value.size() == 2);
    CHECK(value["a"]["b"].at(1).size() == 0);
}

TEST_CASE("a value answers only as what it is") {
    auto value = parsed(R"({"t":"1","i":1,"whole":3.0,"part":3.5,"huge":9223372036854775808,"f":false})");
    CHECK_FALSE(value["t"].integer());
    CHECK_FALSE(value["i"].text());
    CHECK_FALSE(value["i"].boolean());
    CHECK(value["i"].number() == 1.0);
    CHECK(value["whole"].integer() == 3);
    CHECK_FALSE(value["part"].integer());
    CHECK_FALSE(value["huge"].integer());
    CHECK(value["huge"].number() == 9223372036854775808.0);
    CHECK_FALSE(parsed("[1e309]").at(0).number());
    CHECK(value["f"].boolean() == false);
    CHECK(value.at(0).present() == false);
    CHECK(value["t"].names().empty());
}

TEST_CASE("a child outlives the document it came from") {
    json::Value child;
    {
        auto value = parsed(R"({"deep":{"er":"still here"}})");
        child = value["deep"]["er"];
    }
    CHECK(child.text() == "still here");
}

TEST_CASE("what is not JSON is refused, and depth is bounded") {
    for (const auto& text :
         {""s, "{"s, "[1,]"s, "{'a':1}"s, "nul"s, "1 2"s, "\"\xFF\""s, R"("\ud800")"s, "[01]"s, "\"a\nb\""s, "NaN"s,
          "//c\n1"s, "\xEF\xBB\xBF{}"s, "\"\0\""s, nested(33), nested(1'000'000)}) {
        auto value = json::parse(text);
        CAPTURE(text.substr(0, 50));
        REQUIRE_FALSE(value.has_value());
        CHECK(value.error().key == "json_malformed");
        CHECK(value.error().kind == Error::Kind::Malformed);
    }
    CHECK(json::parse(nested(32)).has_value());
}

#include "catalogue.hpp"

#include "resources.hpp"

#include <doctest/doctest.h>

namespace preau::web {

TEST_CASE("the catalogues of both languages are read, plural forms in their order") {
    const Catalogue french{catalogue_bytes("fr")};
    REQUIRE(french.find("web.bytes"));
    CHECK(french.find("web.bytes")->size() == 2);
    CHECK(french.find("web.bytes")->at(1).ends_with("octets"));
    CHECK(french.find("web.nothing_like_this") == nullptr);
    CHECK(french.find("") == nullptr); // the header is not a text
}

TEST_CASE("bytes that are no catalogue, or half of one, are refused") {
    const auto whole = catalogue_bytes("fr");
    CHECK_THROWS_AS(Catalogue{""}, std::runtime_error);
    CHECK_THROWS_AS(Catalogue{std::string(64, 'x')}, std::runtime_error);
    for (std::size_t size : {4u, 20u, 28u, 200u, 1000u})
        CHECK_THROWS_AS(Catalogue{whole.substr(0, size)}, std::runtime_error);
    auto wild = whole;
    wild[16] = wild[17] = wild[18] = '\x7f'; // the table of translations far outside
    CHECK_THROWS_AS(Catalogue{wild}, std::runtime_error);
}

TEST_CASE("placeholders are filled once and never taken from values") {
    CHECK(fill("{a}, {b}!", {{"a", "{b}"}, {"b", "2"}}) == "{b}, 2!");
    CHECK(fill("{unknown} {a", {{"a", "1"}}) == "{unknown} {a");
    CHECK(fill("", {}) == "");
    CHECK(fill("{}", {{"", "x"}}) == "x");
    CHECK(fill("{", {}) == "{");
}

} // namespace preau::web

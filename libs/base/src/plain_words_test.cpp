#include "base/plain_words.hpp"

#include <doctest/doctest.h>

using namespace preau;
using Words = std::vector<std::string>;

TEST_CASE("words come without capitals, accents, ligatures and signs") {
    CHECK(plain_words("Élève d’Œuvres, 6e B") == Words{"eleve", "d", "oeuvres", "6e", "b"});
    CHECK(plain_words("Jean-Moulin") == Words{"jean", "moulin"});
    CHECK(plain_words("FRANÇOIS  lefèvre") == plain_words("franc\u0327ois LEFE\u0300VRE"));
    CHECK(plain_words("Łukasz Søren Đorđe Straße") == Words{"lukasz", "soren", "dorde", "strasse"});
    CHECK(plain_words("ﬁn CE2²") == Words{"fin", "ce22"});
    CHECK(plain_words("Ольга 山田") == Words{"ольга", "山田"});
}

TEST_CASE("what has no words has none, and long texts are bounded") {
    CHECK(plain_words("").empty());
    CHECK(plain_words(" ’-…\u0301 ").empty());
    CHECK(plain_words("\xff\xfe").empty());
    CHECK(plain_words("a b c d", 2) == Words{"a", "b"});
    CHECK(plain_words(std::string(100'000, 'x')) == Words{std::string(64, 'x')});
    CHECK(plain_words(std::string(63, 'x') + "山") == Words{std::string(63, 'x')}); // never through a letter
}

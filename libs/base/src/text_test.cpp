#include "base/text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

using namespace preau;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string error_of(const Result<std::string>& result) { return result ? "" : result.error().key; }

} // namespace

TEST_CASE("well-formed UTF-8 is accepted wherever it stands among ASCII") {
    for (auto text : {""sv, "a"sv, "abcdefgh"sv, "préau"sv, "\x7F"sv, "\u07FF\u0800"sv, "\uFFFF"sv, "\U0001F3EB"sv,
                      "\U0010FFFF"sv, "\uD7FF\uE000"sv}) {
        CAPTURE(text);
        CHECK(valid_utf8(text));
    }
    for (std::size_t before = 0; before < 18; ++before)
        CHECK(valid_utf8(std::string(before, 'x') + "é€\U0001F3EB" + std::string(9, 'y')));
}

TEST_CASE("broken UTF-8 and NUL are refused wherever they stand among ASCII") {
    for (auto junk : {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC3"sv, "\xC3("sv, "\xE0\x80\x80"sv,
                      "\xE0\x9F\xBF"sv, "\xE2\x82"sv, "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xF0\x80\x80\x80"sv,
                      "\xF0\x9F\x8F"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv, "\0"sv}) {
        CAPTURE(junk);
        CHECK_FALSE(valid_utf8(junk));
        for (std::size_t before = 0; before < 18; ++before) {
            CHECK_FALSE(valid_utf8(std::string(before, 'x').append(junk)));
            CHECK_FALSE(valid_utf8(std::string(before, 'x').append(junk).append(9, 'y')));
        }
    }
}

TEST_CASE("text is composed, and what cannot combine is left as it is") {
    CHECK(to_nfc("") == "");
    CHECK(to_nfc("plain") == "plain");
    CHECK(to_nfc("e\u0301te\u0301") == "été");
    CHECK(to_nfc("été") == "été");
    CHECK(to_nfc("\u212B") == "Å");                  // the sign of the ångström is the letter
    CHECK(to_nfc("a\u0323\u0302") == "\u1EAD");      // two marks
    CHECK(to_nfc("a\u0302\u0323") == "\u1EAD");      // in the other order
    CHECK(to_nfc("\u1112\u1161\u11AB") == "\uD55C"); // Hangul
    CHECK(to_nfc("ﬁn") == "ﬁn");                     // compatibility forms are not touched
}

TEST_CASE("code points are counted and never cut") {
    CHECK(code_points("") == 0);
    CHECK(code_points("été") == 3);
    CHECK(code_points("a\U0001F3EBb") == 3);
    CHECK(cut_to_bytes("été", 10) == "été");
    CHECK(cut_to_bytes("été", 5) == "été");
    CHECK(cut_to_bytes("été", 4) == "ét");
    CHECK(cut_to_bytes("été", 1) == "");
    CHECK(cut_to_bytes("a\U0001F3EB", 4) == "a");
    CHECK(cut_to_bytes("abc", 0) == "");
}

TEST_CASE("blanks at both ends are trimmed, the no-break space too") {
    CHECK(trimmed("") == "");
    CHECK(trimmed(" \t\r\n\v\f ") == "");
    CHECK(trimmed("\u00A0 a b \u00A0\n") == "a b");
    CHECK(trimmed("a") == "a");
    CHECK(trimmed("â") == "â"); // 0xC3 0xA2 shares no byte pair with U+00A0
    CHECK(trimmed("\u00A0") == "");
}

TEST_CASE("splitting keeps empty parts") {
    CHECK(split("a,b", ',') == std::vector<std::string_view>{"a", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(split(",a,", ',') == std::vector<std::string_view>{"", "a", ""});
}

TEST_CASE("names that differ in case or form only fold to the same text") {
    CHECK(fold_case("Devoir.PDF") == "devoir.pdf");
    CHECK(fold_case("ÉTÉ") == fold_case("e\u0301te\u0301"));
    CHECK(fold_case("ÉTÉ") == "été");
    CHECK(fold_case("Straße") == fold_case("STRASSE"));
    CHECK(fold_case("Œuvre") == fold_case("œUVRE"));
    CHECK(fold_case("été") != fold_case("ete"));
    CHECK(to_lower_ascii("ÉtÉ ABC") == "ÉtÉ abc");
}

TEST_CASE("sort keys order as French readers expect, digits by value") {
    const std::vector<std::string> ordered{
        "",      "_brouillon", "1re partie", "2e partie", "10e partie", "cote",      "Cote",
        "coté",  "côte",       "côté",       "cotez",     "Élève",      "élèves",    "Éloise",
        "etape", "œuf",        "ogre",       "Séance 2",  "séance 9",   "Séance 10", "zèbre"};
    std::vector<std::string> keys;
    for (const auto& word : ordered) keys.push_back(sort_key(word));
    for (std::size_t i = 1; i < keys.size(); ++i) {
        CAPTURE(ordered[i - 1]);
        CAPTURE(ordered[i]);
        CHECK(keys[i - 1] < keys[i]);
    }
}

TEST_CASE("sort keys are the same for both forms of a text, are plain ASCII and are bounded") {
    CHECK(sort_key("e\u0301te\u0301") == sort_key("été"));
    CHECK(sort_key(std::string(100'000, 'a')).size() == 192);
    CHECK(sort_key(std::string(100'000, 'a')) < sort_key(std::string(100, 'a') + "b"));
    CHECK(sort_key("\xFF\xFE").size() > 0); // junk is ordered somewhere, never a failure
    auto key = sort_key("Élève 12 \U0001F3EB");
    CHECK(std::ranges::all_of(key, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'v'); }));
}

TEST_CASE("sort keys are the same on every thread") {
    const auto expected = sort_key("Séance 10");
    std::vector<std::string> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& key : found)
            threads.emplace_back([&key] {
                for (int i = 0; i < 200; ++i) key = sort_key("Séance 10");
            });
    }
    CHECK(std::ranges::count(found, expected) == 4);
}

TEST_CASE("a good name is stored composed and without blanks around it") {
    CHECK(check_name("Volcans.odp").value() == "Volcans.odp");
    CHECK(check_name("  e\u0301te\u0301 2026\t").value() == "été 2026");
    CHECK(check_name("...").value() == "...");
    CHECK(check_name(".profile").value() == ".profile");
    CHECK(check_name("a\\b:c*?\"<>|").value() == "a\\b:c*?\"<>|");
    CHECK(check_name("\u05E9\u05DC\u05D5\u05DD").value() == "\u05E9\u05DC\u05D5\u05DD"); // right to left is fine
    CHECK(check_name("👩\u200D🏫").value() == "👩\u200D🏫"); // a joiner between two is seen
    CHECK(check_name(std::string(255, 'a')).has_value());
    CHECK(check_name(std::string(255, 'a') + "   ").has_value());
}

TEST_CASE("names that cannot be stored, seen or told apart are refused with a key") {
    CHECK(error_of(check_name("")) == "name_empty");
    CHECK(error_of(check_name("   ")) == "name_empty");
    CHECK(error_of(check_name("\u00A0\u2003\u200B")) == "name_empty");
    CHECK(error_of(check_name(".")) == "name_reserved");
    CHECK(error_of(check_name(" .. ")) == "name_reserved");
    for (auto name : {"a/b"sv, "/"sv, "a\nb"sv, "a\n"sv, "\x7F"sv, "a\u0085"sv, "a\u009Fb"sv, "facture\u202Efdp.exe"sv,
                      "\u2066a"sv, "a\u2028b"sv, "a\x1B[31m"sv}) {
        CAPTURE(name);
        CHECK(error_of(check_name(name)) == "name_forbidden_character");
    }
    CHECK(error_of(check_name("a\0b"sv)) == "text_not_utf8");
    CHECK(error_of(check_name("caf\xE9")) == "text_not_utf8");
    CHECK(error_of(check_name(std::string(256, 'a'))) == "name_too_long");
    CHECK(error_of(check_name(std::string(10'000'000, 'a'))) == "name_too_long");
    std::string accents; // 128 letters of two bytes, 384 bytes when decomposed
    for (int i = 0; i < 128; ++i) accents += "e\u0301";
    CHECK(error_of(check_name(accents)) == "name_too_long");
    CHECK(check_name(accents.substr(0, 3 * 127)).value().size() == 254);
    CHECK(check_name("", "title").error().field == "title");
}

TEST_CASE("a line keeps its limits in code points") {
    CHECK(check_line("  Été  ", "title", 1, 3).value() == "Été");
    CHECK(check_line("e\u0301te\u0301", "title", 3, 3).value() == "été");
    CHECK(error_of(check_line("ab", "title", 3, 5)) == "text_too_short");
    CHECK(error_of(check_line("   ", "title", 1, 5)) == "text_too_short");
    CHECK(error_of(check_line("abcdef", "title", 3, 5)) == "text_too_long");
    CHECK(error_of(check_line(std::string(1'000'000, 'a'), "title", 3, 5)) == "text_too_long");
    CHECK(error_of(check_line("a\nb", "title", 1, 5)) == "text_forbidden_character");
    CHECK(error_of(check_line("\xC3", "title", 1, 5)) == "text_not_utf8");
    auto refused = check_line("abcdef", "title", 3, 5);
    CHECK(refused.error().field == "title");
    CHECK(refused.error().values == std::vector<std::pair<std::string, std::string>>{{"limit", "5"}});
}

TEST_CASE("a second thing of the same name gets a number before its extension") {
    CHECK(numbered_name("Volcans.odp", 2) == "Volcans (2).odp");
    CHECK(numbered_name("Volcans", 3) == "Volcans (3)");
    CHECK(numbered_name("archive.tar.gz", 2) == "archive (2).tar.gz");
    CHECK(numbered_name(".tar.gz", 2) == ".tar (2).gz");
    CHECK(numbered_name(".profile", 2) == ".profile (2)");
    CHECK(numbered_name("Fin.", 2) == "Fin. (2)");
    CHECK(numbered_name("1. Les volcans", 2) == "1. Les volcans (2)");
    auto longest = numbered_name(std::string(250, 'a') + ".pdf", 1000);
    CHECK(longest.size() == 255);
    CHECK(longest.ends_with("aaa (1000).pdf"));
}

TEST_CASE("HTML is escaped") {
    CHECK(escape_html("") == "");
    CHECK(escape_html("é") == "é");
    CHECK(escape_html("<a b=\"c\" d='e'>&</a>") == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&lt;/a&gt;");
}

TEST_CASE("percent-encoding goes there and back, and broken escapes are refused") {
    CHECK(percent_encode("a-Z_0.~") == "a-Z_0.~");
    CHECK(percent_encode("été & co/\0"s) == "%C3%A9t%C3%A9%20%26%20co%2F%00");
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    CHECK(percent_decode(percent_encode(all)).value() == all);
    CHECK(percent_decode("a+b%2b").value() == "a+b+");
    CHECK(percent_decode("a+b%2B", Plus::Blank).value() == "a b+");
    for (auto text : {"%", "%4", "a%", "%zz", "%4g", "%%41", "% 1", "%+1"}) {
        CAPTURE(text);
        CHECK(error_of(percent_decode(text)) == "encoding_malformed");
    }
}

TEST_CASE("base64 follows RFC 4648 §10") {
    const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        auto bare = text.substr(0, text.find('='));
        CHECK(base64_decode(text).value() == bytes);
        CHECK(base64_decode(bare).value() == bytes);
        CHECK(base64url(bytes) == bare);
        CHECK(base64url_decode(bare).value() == bytes);
    }
    CHECK(base64url("\xFB\xFF\xFE") == "-__-");
    CHECK(base64_decode("+//+").value() == "\xFB\xFF\xFE");
}

TEST_CASE("base64 that no encoder writes is refused") {
    for (auto text :
         {"Z", "Zg=", "Zg===", "Z===", "====", "=", "Zh", "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm 9v", "Zm9v_w"}) {
        CAPTURE(text);
        CHECK(error_of(base64_decode(text)) == "encoding_malformed");
    }
    for (auto text : {"Zg==", "Zh", "+//+", "Z", "Zm9v="}) {
        CAPTURE(text);
        CHECK(error_of(base64url_decode(text)) == "encoding_malformed");
    }
}

TEST_CASE("hexadecimal goes there and back") {
    CHECK(hex("\x00\xFF\x1a"s + "A") == "00ff1a41");
    CHECK(hex_decode("00ffFF1A41").value() == "\x00\xFF\xFF\x1a"s + "A");
    CHECK(error_of(hex_decode("0")) == "encoding_malformed");
    CHECK(error_of(hex_decode("0g")) == "encoding_malformed");
}

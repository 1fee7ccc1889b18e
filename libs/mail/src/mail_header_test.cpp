#include "mail_header.hpp"

#include "base/text.hpp"
#include "mail/mail.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace preau::mail {

TEST_CASE("words with accents become encoded words that no line is too long for") {
    CHECK(header_text("Volcans") == "Volcans");
    CHECK(header_text("Élèves") == "=?UTF-8?B?w4lsw6h2ZXM=?=");
    CHECK(header_text("=?UTF-8?B?w4k=?=") != "=?UTF-8?B?w4k=?="); // typed by somebody, shown as typed
    std::string title;
    for (int i = 0; i < 60; ++i) title += "é€";
    const auto folded = header_text(title);
    for (auto line : split(folded, '\n')) CHECK(line.size() <= 66); // with a blank before and CR behind
    for (auto line : split(folded, '\n')) {
        auto word = trimmed(line);
        if (word.ends_with('\r')) word.remove_suffix(1);
        auto bytes = base64_decode(word.substr(10, word.size() - 12));
        REQUIRE(bytes);
        CHECK(valid_utf8(*bytes)); // never cut inside a letter
    }
}

TEST_CASE("names of mailboxes are quoted or encoded") {
    CHECK(header_mailbox({.name = {}, .address = "a@b.fr"}) == "a@b.fr");
    CHECK(header_mailbox({.name = "Rey, \"Anne\" \\", .address = "a@b.fr"}) == R"("Rey, \"Anne\" \\" <a@b.fr>)");
    CHECK(header_mailbox({.name = "Zoé", .address = "a@b.fr"}) == "=?UTF-8?B?Wm/DqQ==?=\r\n <a@b.fr>");
    CHECK(read_mailbox("Préau <p@b.fr>").name == "Préau");
    CHECK(read_mailbox("\"Préau, collège\" <p@b.fr>").name == "Préau, collège");
    CHECK(read_mailbox("p@b.fr").address == "p@b.fr");
}

TEST_CASE("dates are those of RFC 5322") {
    CHECK(header_date(1'788'764'400'000) == "Mon, 07 Sep 2026 07:00:00 +0000");
    CHECK(header_date(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST_CASE("addresses") {
    CHECK(*check_address(" Camille.Bernard@AC-Rennes.FR ") == "Camille.Bernard@ac-rennes.fr");
    CHECK(check_address("o'neil+ecole@localhost"));
    for (std::string wrong : {"", "camille", "@ac-rennes.fr", "camille@", "a b@c.fr", "a@b@c.fr", ".a@b.fr",
                              "a..b@c.fr", "a.@b.fr", "a@b..fr", "a@-b.fr", "a@b.fr\r\nBcc: x@y.fr", "a@b.fr,c@d.fr",
                              "<a@b.fr>", "\"a b\"@c.fr", "é@b.fr", "a@[192.0.2.1]"}) {
        CAPTURE(wrong);
        auto address = check_address(wrong);
        REQUIRE_FALSE(address);
        CHECK(address.error().key == "mail.address");
        CHECK(address.error().field == "mail");
    }
    CHECK_FALSE(check_address(std::string(65, 'a') + "@b.fr"));
    CHECK_FALSE(check_address("a@" + std::string(64, 'b') + ".fr"));
    CHECK_FALSE(check_address(std::string("a\0@b.fr", 7)));
}

TEST_CASE("what could end a header is seen") {
    CHECK(one_line("Élèves de 6e B"));
    for (std::string_view wrong : {"a\nb", "a\rb", "a\tb", "a\x7f"}) CHECK_FALSE(one_line(wrong));
    CHECK_FALSE(one_line(std::string_view("a\0b", 3)));
}

} // namespace preau::mail

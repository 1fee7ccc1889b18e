// Header fields of a message: RFC 5322 with the encoded words of RFC 2047.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace preau::mail {

struct Mailbox {
    std::string name, address;
};
Mailbox read_mailbox(std::string_view text); // "Préau <preau@localhost>", or an address alone

// Free text ("Subject: " and what follows): ASCII stays, everything else becomes encoded words of at most 75
// characters, cut between code points and folded.
std::string header_text(std::string_view text);
// `"Rey, Anne" <anne@example.org>`: names as quoted strings or encoded words.
std::string header_mailbox(const Mailbox& mailbox);
std::string header_date(Millis moment); // "Mon, 07 Sep 2026 07:00:00 +0000", RFC 5322 §3.3
bool one_line(std::string_view text);   // no control characters at all: nothing that could end a field

} // namespace preau::mail

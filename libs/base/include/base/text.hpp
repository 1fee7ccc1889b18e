// Text from outside: UTF-8, normal form C, names. Everything a person typed passes here once, at the edge.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace preau {

bool valid_utf8(std::string_view text);  // also false for NUL, surrogates and overlong forms
std::string to_nfc(std::string_view text); // canonical composition; the input must be valid UTF-8
std::size_t code_points(std::string_view text);
std::string cut_to_bytes(std::string_view text, std::size_t bytes); // never through a code point
std::string_view trimmed(std::string_view text);                    // without ASCII blanks and U+00A0 at both ends
std::string to_lower_ascii(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string fold_case(std::string_view text); // NFC and Unicode case folding: "are these names alike?"
// A key that orders as French does (ICU, digits by value): at most 192 characters of 0-9 a-v, so that SQLite and
// PostgreSQL compare it byte for byte. Long texts may share one: store it beside the id, which decides then.
std::string sort_key(std::string_view text);

// A name in a folder (DESIGN §9): NFC, 1 to 255 bytes, something to be seen, no control characters, nothing that turns
// the direction of text, no '/', not "." or "..". Blanks at both ends go.
// Answers the name to store. Errors: name_empty, name_too_long (with {limit} in bytes), name_forbidden_character,
// name_reserved, text_not_utf8.
Result<std::string> check_name(std::string_view raw, std::string_view field = "name");

// Free text of one line with limits in code points. Errors: text_too_short, text_too_long (both with {limit}),
// text_forbidden_character, text_not_utf8.
Result<std::string> check_line(std::string_view raw, std::string_view field, std::size_t least, std::size_t most);

// "Volcans.odp" → "Volcans (2).odp": the n-th name for a second thing of the same name.
std::string numbered_name(std::string_view name, int number);

std::string escape_html(std::string_view text); // & < > " '

// All decoders refuse with encoding_malformed.
std::string percent_encode(std::string_view text); // RFC 3986 unreserved characters stay
// Refuses broken escapes; `plus_is_blank` for application/x-www-form-urlencoded.
enum class Plus { Literal, Blank };
Result<std::string> percent_decode(std::string_view text, Plus plus = Plus::Literal);
std::string base64url(std::string_view bytes); // RFC 4648 §5 without padding
Result<std::string> base64url_decode(std::string_view text);
Result<std::string> base64_decode(std::string_view text); // RFC 4648 §4, padding optional
std::string hex(std::string_view bytes);
Result<std::string> hex_decode(std::string_view text);

} // namespace preau

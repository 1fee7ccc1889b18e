// What people may call things (DESIGN §9, "Ids"). Refused is what another system cannot store, what cannot be seen, and
// what makes a name look like another one.
#include "base/text.hpp"

#include "utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>

namespace preau {
namespace {

constexpr std::size_t longest_name = 255;

// C0, DEL, C1, the line and paragraph separators, and what reverses the direction of the text behind it:
// "facture\u202Efdp.exe" is shown as "factureexe.pdf".
bool forbidden_in_line(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 || point == 0x2029 ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

bool invisible(char32_t point) {
    auto letter = static_cast<UChar32>(point);
    return u_isUWhiteSpace(letter) || u_hasBinaryProperty(letter, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// Calls `test` with each code point of valid UTF-8 until it answers true.
template <class Test> bool any_code_point(std::string_view text, Test test) {
    for (std::size_t at = 0; at < text.size();) {
        auto point = utf8::decode(text, at);
        if (test(point.value)) return true;
        at += point.length;
    }
    return false;
}

std::string_view without_ascii_blanks(std::string_view text) {
    auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::unexpected<Error> beyond_limit(std::string_view field, std::string key, std::size_t limit) {
    return std::unexpected(Error{.kind = Error::Kind::Invalid,
                                 .key = std::move(key),
                                 .field = std::string{field},
                                 .values = {{"limit", std::to_string(limit)}}});
}

// Where the extension begins: "archive.tar.gz" is one, "M. Durand" and ".profile" have none.
std::size_t extension_start(std::string_view name) {
    constexpr std::size_t longest_extension = 12;
    auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return name.size();
    auto extension = name.substr(dot + 1);
    if (extension.size() > longest_extension || extension.find(' ') != std::string_view::npos) return name.size();
    constexpr std::string_view archive = ".tar";
    if (dot > archive.size() && name.substr(0, dot).ends_with(archive)) return dot - archive.size();
    return dot;
}

} // namespace

Result<std::string> check_name(std::string_view raw, std::string_view field) {
    // Composing shrinks a text by less than four: beyond that, it is too long whatever normal form says.
    if (raw.size() > 4 * longest_name) return beyond_limit(field, "name_too_long", longest_name);
    if (!valid_utf8(raw)) return invalid(std::string{field}, "text_not_utf8");
    auto name = to_nfc(without_ascii_blanks(raw));
    if (any_code_point(name, [](char32_t point) { return point == '/' || forbidden_in_line(point); }))
        return invalid(std::string{field}, "name_forbidden_character");
    if (!any_code_point(name, [](char32_t point) { return !invisible(point); }))
        return invalid(std::string{field}, "name_empty");
    if (name == "." || name == "..") return invalid(std::string{field}, "name_reserved");
    if (name.size() > longest_name) return beyond_limit(field, "name_too_long", longest_name);
    return name;
}

Result<std::string> check_line(std::string_view raw, std::string_view field, std::size_t least, std::size_t most) {
    // Four bytes a code point, and again as much for a text that is not composed: the rest need not be looked at.
    if (raw.size() > 16 * (most + 1)) return beyond_limit(field, "text_too_long", most);
    if (!valid_utf8(raw)) return invalid(std::string{field}, "text_not_utf8");
    auto line = to_nfc(trimmed(raw));
    if (any_code_point(line, forbidden_in_line)) return invalid(std::string{field}, "text_forbidden_character");
    auto length = code_points(line);
    if (length > most) return beyond_limit(field, "text_too_long", most);
    if (length < least) return beyond_limit(field, "text_too_short", least);
    return line;
}

std::string numbered_name(std::string_view name, int number) {
    auto end = extension_start(name);
    auto extension = name.substr(end);
    auto mark = " (" + std::to_string(number) + ")";
    auto stem = cut_to_bytes(name.substr(0, end), longest_name - mark.size() - extension.size());
    return stem.append(mark).append(extension);
}

} // namespace preau

#include "free_text.hpp"

#include "base/text.hpp"

namespace preau::sharing {
namespace {

std::unexpected<Error> wrong_length(std::string key, std::string_view field, std::size_t limit) {
    return std::unexpected(Error{.kind = Error::Kind::Invalid,
                                 .key = std::move(key),
                                 .field = std::string{field},
                                 .values = {{"limit", std::to_string(limit)}}});
}

} // namespace

Result<std::string> check_text(std::string_view raw, std::string_view field, std::size_t least, std::size_t most) {
    if (!valid_utf8(raw)) return invalid(std::string{field}, "text_not_utf8");
    std::string lines;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') continue;
        const char c = raw[i] == '\r' ? '\n' : raw[i] == '\t' ? ' ' : raw[i];
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f)
            return invalid(std::string{field}, "text_forbidden_character");
        lines += c;
    }
    std::string_view kept = lines;
    while (!kept.empty() && (kept.front() == '\n' || kept.front() == ' ')) kept.remove_prefix(1);
    while (!kept.empty() && (kept.back() == '\n' || kept.back() == ' ')) kept.remove_suffix(1);
    auto text = to_nfc(trimmed(kept));
    const auto length = code_points(text);
    if (length < least) return wrong_length("text_too_short", field, least);
    if (length > most) return wrong_length("text_too_long", field, most);
    return text;
}

} // namespace preau::sharing

#include "web/initials.hpp"

#include "base/text.hpp"

namespace preau::web {
namespace {

std::string_view first_letter(std::string_view word) {
    std::size_t end = 1;
    while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) ++end;
    return word.substr(0, end);
}

} // namespace

std::string initials_of(std::string_view name) {
    std::string out;
    const auto words = split(trimmed(name), ' ');
    for (const auto& word : {words.front(), words.back()})
        if (!word.empty() && (out.empty() || words.size() > 1)) out += first_letter(word);
    return out;
}

} // namespace preau::web

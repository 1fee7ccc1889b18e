#include "bus/bus.hpp"

#include <algorithm>

namespace preau::bus {
namespace {

constexpr std::size_t longest = 256;

bool is_word(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

// Takes the first word off; nothing is left behind the last one.
std::string_view take_word(std::string_view& rest) {
    const auto dot = rest.find('.');
    const auto word = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    return word;
}

template <class Good> bool all_words(std::string_view text, Good good) {
    if (text.empty() || text.size() > longest || text.ends_with('.')) return false;
    while (!text.empty()) {
        const auto word = take_word(text);
        if (!good(word, text.empty())) return false;
    }
    return true;
}

} // namespace

bool is_subject(std::string_view text) {
    return all_words(text, [](std::string_view word, bool) { return is_word(word); });
}

bool is_pattern(std::string_view text) {
    return all_words(
        text, [](std::string_view word, bool last) { return is_word(word) || word == "*" || (word == ">" && last); });
}

bool matches(std::string_view pattern, std::string_view subject) {
    while (!pattern.empty()) {
        if (subject.empty()) return false;
        const auto wanted = take_word(pattern);
        if (wanted == ">") return true;
        const auto word = take_word(subject);
        if (wanted != "*" && wanted != word) return false;
    }
    return subject.empty();
}

} // namespace preau::bus

#include "web/locale.hpp"

#include "base/text.hpp"

#include <charconv>
#include <optional>

namespace preau::web {
namespace {

std::optional<Language> language_of(std::string_view code) { // "fr", "fr-CA", "EN"
    const auto primary = to_lower_ascii(code.substr(0, code.find_first_of("-_")));
    if (primary == "fr") return Language::French;
    if (primary == "en") return Language::English;
    return std::nullopt;
}

// ";q=0.8" in thousandths, RFC 9110 §12.4.2. Nonsense counts as "not wanted".
int weight_of(std::string_view parameters) {
    const auto q = parameters.find("q=");
    if (q == parameters.npos) return 1000;
    const auto digits = trimmed(parameters.substr(q + 2));
    int whole = 0;
    auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
    if (problem != std::errc{} || whole < 0 || whole > 1) return 0;
    int thousandths = whole * 1000;
    int unit = 100;
    if (end != digits.data() + digits.size() && *end == '.')
        for (++end; end != digits.data() + digits.size() && *end >= '0' && *end <= '9' && unit > 0; ++end, unit /= 10)
            thousandths += (*end - '0') * unit;
    return std::min(thousandths, 1000);
}

} // namespace

std::string_view code(Language language) { return language == Language::French ? "fr" : "en"; }

Language choose_language(std::string_view preference, std::string_view cookie, std::string_view accept_language) {
    if (auto chosen = language_of(preference)) return *chosen;
    if (auto chosen = language_of(cookie)) return *chosen;
    auto best = Language::French;
    int best_weight = 0;
    for (auto range : split(accept_language, ',')) {
        range = trimmed(range);
        const auto semicolon = std::min(range.find(';'), range.size());
        const auto language = language_of(trimmed(range.substr(0, semicolon)));
        const int weight = weight_of(range.substr(semicolon));
        if (language && weight > best_weight) {
            best = *language;
            best_weight = weight;
        }
    }
    return best;
}

} // namespace preau::web

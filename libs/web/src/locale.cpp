#include "web/locale.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "locale_data.hpp"
#include "resources.hpp"

#include <fmt/core.h>
#include <unicode/dtfmtsym.h>

#include <charconv>
#include <cmath>

namespace preau::web {
namespace {

constexpr std::string_view no_break = "\u00a0"; // between a number and its unit, before : and inside « »

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    return text.toUTF8String(out);
}

icu::Locale icu_locale(Language language) { return icu::Locale{language == Language::French ? "fr_FR" : "en_GB"}; }

} // namespace

Locale::Inner::Inner(Language language)
    : catalogue{catalogue_bytes(code(language))},
      numbers{icu::number::NumberFormatter::withLocale(icu_locale(language))} {
    UErrorCode problem = U_ZERO_ERROR;
    plurals.reset(icu::PluralRules::forLocale(icu_locale(language), problem));
    icu::DateFormatSymbols symbols{icu_locale(language), problem};
    std::int32_t count = 0;
    const auto* names = symbols.getMonths(count, icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::WIDE);
    for (std::size_t i = 0; i < months.size(); ++i) months[i] = utf8(names[i]);
    names = symbols.getMonths(count, icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::ABBREVIATED);
    for (std::size_t i = 0; i < months.size(); ++i) short_months[i] = utf8(names[i]);
    names = symbols.getWeekdays(count, icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::WIDE);
    for (std::size_t i = 0; i < weekdays.size(); ++i) weekdays[i] = utf8(names[i + 1]); // ICU counts from 1
    PREAU_ASSERT(U_SUCCESS(problem));
}

Locale::Locale(Language language) : language_{language}, inner_{std::make_unique<Inner>(language)} {}
Locale::~Locale() = default;

const Locale& Locale::of(Language language) {
    static const Locale french{Language::French};
    static const Locale english{Language::English};
    return language == Language::French ? french : english;
}

bool Locale::has(std::string_view key) const { return inner_->catalogue.find(key) != nullptr; }
std::vector<std::string_view> Locale::keys() const { return inner_->catalogue.keys(); }

const std::vector<std::string_view>* Locale::forms(std::string_view key) const {
    const auto* found = inner_->catalogue.find(key);
    if (found) return found;
    log::warn("web: no {} text for the key {}", code(language_), key);
#ifdef PREAU_TEST_BUILD
    const bool translated = false; // named so that the message of the assert says what it means
    PREAU_ASSERT(translated);
#endif
    return nullptr;
}

std::string Locale::text(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values) const {
    const auto* found = forms(key);
    return found ? fill(found->front(), values) : std::string{key};
}

std::string Locale::plural(std::string_view key, std::int64_t n,
                           const std::vector<std::pair<std::string, std::string>>& values) const {
    const auto* found = forms(key);
    if (!found) return std::string{key};
    const bool one = inner_->plurals->select(static_cast<double>(n)) == icu::UnicodeString{u"one"};
    auto all = values;
    all.emplace_back("n", number(n));
    return fill(one ? found->front() : found->back(), all);
}

std::string Locale::message(const Error& error) const {
    auto values = error.values;
    for (const auto& [name, value] : error.values) {
        std::int64_t bytes = 0;
        auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), bytes);
        if (problem == std::errc{} && end == value.data() + value.size())
            values.emplace_back(name + ":size", size(bytes));
    }
    return text(error.key, values);
}

std::string Locale::number(std::int64_t value) const {
    if (value > -1000 && value < 1000) return std::to_string(value);
    UErrorCode problem = U_ZERO_ERROR;
    auto out = inner_->numbers.formatInt(value, problem).toString(problem);
    PREAU_ASSERT(U_SUCCESS(problem));
    return utf8(out);
}

std::string Locale::size(std::int64_t bytes) const {
    const bool french = language_ == Language::French;
    if (bytes < 1000) return plural("web.bytes", bytes);
    static constexpr std::array<std::string_view, 5> units_fr{"ko", "Mo", "Go", "To", "Po"};
    static constexpr std::array<std::string_view, 5> units_en{"kB", "MB", "GB", "TB", "PB"};
    double amount = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // 999 950 bytes round to 1000 ko: that is 1 Mo.
    for (; amount >= 999.5 && unit + 1 < units_fr.size(); ++unit) amount /= 1000;
    const auto tenths = std::llround(amount * 10);
    std::string digits = number(tenths < 100 ? tenths / 10 : std::llround(amount));
    if (tenths < 100 && tenths % 10 != 0) digits += fmt::format("{}{}", french ? ',' : '.', tenths % 10);
    return fmt::format("{}{}{}", digits, no_break, (french ? units_fr : units_en)[unit]);
}

} // namespace preau::web

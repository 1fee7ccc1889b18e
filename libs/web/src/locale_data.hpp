// What a Locale holds: the catalogue, and what ICU knows of the language.
#pragma once

#include "catalogue.hpp"
#include "web/locale.hpp"

#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>

#include <array>

namespace preau::web {

// ICU's formatters cost 50 to 100 µs to make and are made once; what stands here is immutable and safe to share.
struct Locale::Inner {
    explicit Inner(Language language);

    Catalogue catalogue;
    icu::number::LocalizedNumberFormatter numbers;
    std::unique_ptr<icu::PluralRules> plurals;
    std::array<std::string, 12> months;
    std::array<std::string, 12> short_months;
    std::array<std::string, 7> weekdays; // Sunday first
};

} // namespace preau::web

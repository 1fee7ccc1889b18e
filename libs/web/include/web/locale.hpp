// Languages: French and English, both complete. Catalogues are gettext files (locale/fr.po, locale/en.po, merged from
// every library and app); dates, numbers and plurals by ICU; French typography (no-break spaces, 18 h 04).
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace preau::web {

enum class Language { French, English };
std::string_view code(Language language); // "fr", "en"
// The account's choice, else the cookie `lang`, else Accept-Language (RFC 9110 §12.5.4), else French.
Language choose_language(std::string_view preference, std::string_view cookie, std::string_view accept_language);

class Locale {
public:
    static const Locale& of(Language language); // immutable, shared
    ~Locale();
    Language language() const { return language_; }
    bool has(std::string_view key) const;
    std::vector<std::string_view> keys() const;
    // The text of a key with `{name}` placeholders filled. An unknown key is a Bug in tests; in production the key.
    std::string text(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values = {}) const;
    // Key with plural forms: `files.elements` → "24 éléments"; `{n}` is filled.
    std::string plural(std::string_view key, std::int64_t n,
                       const std::vector<std::pair<std::string, std::string>>& values = {}) const;
    std::string message(const Error& error) const; // `{used:size}` writes a number of bytes as `size` does
    std::string number(std::int64_t value) const; // 12 345 with a narrow no-break space in French
    std::string size(std::int64_t bytes) const; // "4,2 Mo", "310 ko", "1 octet" / "4.2 MB"
    // Moments in a time zone ("Europe/Paris"): how far back decides the form.
    std::string ago(Millis moment, Millis now,
                    std::string_view zone) const; // "il y a 12 min", "hier, 18 h 04", "3 sept."
    std::string time(Millis moment, std::string_view zone) const; // "18 h 04" / "18:04"
    std::string day(Millis moment, std::string_view zone) const; // "lundi 7 septembre"
    std::string date(Millis moment, std::string_view zone) const; // "12 septembre 2026"
    std::string date_time(Millis moment, std::string_view zone) const; // "12 septembre 2026 à 18 h 04"

private:
    explicit Locale(Language language);
    const std::vector<std::string_view>* forms(std::string_view key) const;
    struct Inner;
    Language language_;
    std::unique_ptr<const Inner> inner_;
};

} // namespace preau::web

// What a form or a program says of a right: who may do what, until when. Shared by grants and links.
#pragma once

#include "sharing/routes.hpp"
#include "sharing/share.hpp"

namespace preau::sharing {

struct Right {
    Role role = Role::View;
    bool deposit = false;
};
// "view", "view-deposit", "deposit", "comment", "edit", "manage"; nothing for any other word.
std::optional<Right> right_of(std::string_view may);
std::string may_of(Role role, bool deposit); // the other way round

std::string word_of(Role role); // "none" … "manage", as in JSON

struct Until { // as typed
    std::string until;     // "" (for ever), "day", "week", "month", "year" (the school year's end), "date", "at"
    std::string until_day; // of "date": 2026-09-14, that day included
    std::string until_at;  // of "at": milliseconds since 1970, what it was before
};
// Errors: link.until_day, link.until_past.
Result<std::optional<Millis>> end_of(const Until& typed, std::string_view zone, Millis now);
std::string until_words(const web::Locale& locale, std::optional<Millis> until, std::string_view zone);

struct Choice { // of a <select> or of radio buttons
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(Choice, value, text, chosen)
std::vector<Choice> choices(const web::Locale& locale, std::string_view prefix,
                            const std::vector<std::string_view>& values, std::string_view chosen);
bool takes_deposits(const Item& item); // something can be handed in there

} // namespace preau::sharing

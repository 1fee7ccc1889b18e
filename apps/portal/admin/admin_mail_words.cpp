#include "portal/admin/admin_mail_words.hpp"

#include <array>

namespace preau::portal {
namespace {
using enum mail::State;
constexpr std::array states{Waiting, Sent, Bounced, Withheld, Kept, Failed};
} // namespace

std::string_view word_of(mail::State state) {
    switch (state) {
    case Waiting: return "waiting";
    case Sent: return "sent";
    case Bounced: return "bounced";
    case Withheld: return "withheld";
    case Kept: return "kept";
    case Failed: return "failed";
    }
    return "waiting";
}

std::optional<mail::State> state_named(std::string_view word) {
    for (auto state : states)
        if (word_of(state) == word) return state;
    return std::nullopt;
}

std::string state_words(const web::Locale& locale, mail::State state) {
    return locale.text(std::string{"admin.mail_"} + std::string{word_of(state)});
}

std::string_view state_chip(mail::State state) {
    switch (state) {
    case Sent: return "good";
    case Bounced:
    case Failed: return "bad";
    case Withheld: return "warn";
    case Waiting:
    case Kept: return "info";
    }
    return "info";
}

} // namespace preau::portal

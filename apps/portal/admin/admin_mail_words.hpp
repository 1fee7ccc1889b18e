// States of messages as addresses and as words.
#pragma once

#include "mail/mail.hpp"
#include "web/locale.hpp"

namespace preau::portal {

std::string_view word_of(mail::State state); // "waiting"
std::optional<mail::State> state_named(std::string_view word);
std::string state_words(const web::Locale& locale, mail::State state); // "En attente"
std::string_view state_chip(mail::State state);                        // class of its chip

} // namespace preau::portal

// What the gatekeeper found out about a request; kept in Request::admitted.
#pragma once

#include "identity/viewer.hpp"
#include "waiting_counts.hpp"
#include "web/locale.hpp"

namespace preau::sharing {

inline constexpr std::string_view session_cookie = "preau";
inline constexpr std::string_view passes_cookie = "preau_passes";
inline constexpr std::string_view counted_cookie = "preau_counted";

struct Admitted {
    Viewer viewer;
    web::Language language = web::Language::French;
    std::string seen_as; // "Familles de 6e B": what is shown is what they would be shown
    WaitingCount waiting;           // of a person who asked for a page
    WaitingCounts* counts = nullptr; // to forget it when they decide something; the gate outlives every request
};

} // namespace preau::sharing

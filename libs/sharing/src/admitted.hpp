// What the gatekeeper found out about a request; kept in Request::admitted.
#pragma once

#include "identity/viewer.hpp"
#include "web/locale.hpp"

namespace preau::sharing {

inline constexpr std::string_view session_cookie = "preau";
inline constexpr std::string_view passes_cookie = "preau_passes";

struct Admitted {
    Viewer viewer;
    web::Language language = web::Language::French;
};

} // namespace preau::sharing

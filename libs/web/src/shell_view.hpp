// The views of the shells and of the error page.
#pragma once

#include "web/pages.hpp"

namespace preau::web {

struct ServiceEntry {
    std::string_view name;
    std::string_view href;
    std::string_view hue;
    std::string_view icon;
    bool current = false;
};
PREAU_DESCRIBE(ServiceEntry, name, href, hue, icon, current)

struct ShellView {
    std::string_view lang;
    std::string_view title;
    std::string_view person_name;
    std::string initials;
    std::string_view picture;
    bool signed_in = false;
    bool admin = false;
    bool guest = false;
    std::string_view here;
    std::string_view other_language; // "en"
    std::string_view other_name;     // "English", in its own language
    std::string component;           // address of the script
    std::string_view section;
    std::string_view structure_name;
    std::string_view shared_by;
    std::string_view seen_as;
    std::string_view report;
    std::string_view theme;
    std::string_view density;
    std::string_view bar_colour; // of the browser's own bar, where the theme is chosen
    std::string waiting; // of both queues together, "99+"; empty: nothing
    std::string approvals;
    std::string reports;
    std::vector<ServiceEntry> services;
    Html content;
};
PREAU_DESCRIBE(ShellView, lang, title, person_name, initials, picture, signed_in, admin, guest, here, other_language,
               other_name, component, section, structure_name, shared_by, seen_as, report, theme, density, bar_colour,
               waiting, approvals, reports, services, content)

ShellView shell_view(const Shell& shell, const std::vector<ServiceLink>& services);

inline constexpr std::string_view error_template = "web/pages/error_page.html";

struct ErrorView {
    int status = 0;
    std::string title;
    std::string happened;
    std::string safe;
    std::string next;
    bool sign_in = false;  // offer the way to the sign-in page
    bool try_again = false;
    std::string here;
    std::string to;        // the same, for a query
    std::string request;   // number to tell to whom one asks for help
};
PREAU_DESCRIBE(ErrorView, status, title, happened, safe, next, sign_in, try_again, here, to, request)

} // namespace preau::web

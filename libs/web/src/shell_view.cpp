#include "shell_view.hpp"

#include "web/initials.hpp"

#include <fmt/core.h>

namespace preau::web {
namespace {

// What stands in a badge.
std::string badge(std::int64_t count) {
    constexpr std::int64_t most = 99;
    if (count <= 0) return {};
    return count > most ? std::to_string(most) + '+' : std::to_string(count);
}

} // namespace

ShellView shell_view(const Shell& shell, const std::vector<ServiceLink>& services) {
    const bool french = shell.language == Language::French;
    ShellView view{
        .lang = code(shell.language),
        .title = shell.title,
        .person_name = shell.person_name,
        .initials = shell.initials.empty() ? initials_of(shell.person_name) : shell.initials,
        .picture = shell.picture,
        .signed_in = shell.signed_in,
        .admin = shell.admin,
        .guest = shell.guest,
        .here = shell.here.empty() ? std::string_view{"/"} : std::string_view{shell.here},
        .other_language = french ? "en" : "fr",
        .other_name = french ? "English" : "Français",
        .component = shell.component.empty() ? "" : asset_url(fmt::format("{}.js", shell.component)),
        .section = shell.section,
        .structure_name = shell.structure_name,
        .shared_by = shell.shared_by,
        .seen_as = shell.seen_as,
        .report = shell.report,
        .theme = shell.theme,
        .density = shell.density,
        .bar_colour = shell.theme == "dark" ? "#1d2127" : "#ffffff",
        .waiting = badge(shell.approvals + shell.reports),
        .approvals = badge(shell.approvals),
        .reports = badge(shell.reports),
        .services = {},
        .content = {},
    };
    view.services.reserve(services.size());
    for (const auto& service : services)
        view.services.push_back({.name = service.name,
                                 .href = service.href,
                                 .hue = service.hue,
                                 .icon = service.icon,
                                 .current = !shell.section.empty() && service.hue == shell.section});
    return view;
}

} // namespace preau::web

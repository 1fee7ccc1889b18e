#include "portal/shown/shown.hpp"

#include "portal/people/people_admin.hpp"

#include <algorithm>

namespace preau::portal {

ShownQuestion shown_question(const http::Request& request) {
    ShownQuestion asked{.show = query_text(request, "show"),
                        .structure = query_text(request, "structure"),
                        .login = query_text(request, "login")};
    if (asked.show.empty()) asked.show = "links";
    asked.filter.what = asked.show.ends_with("public") ? ShownFilter::What::Public : ShownFilter::What::Links;
    asked.filter.suspended = asked.show.starts_with("suspended-");
    asked.filter.structure = parse_id<StructureId>(asked.structure).value_or(StructureId{});
    asked.filter.endless = request.has_query("endless");
    asked.filter.writes = request.has_query("writes");
    if (auto before = parse_id<LinkId>(request.query("before"))) asked.before = before->value;
    return asked;
}

std::string shown_address(std::string page, const ShownQuestion& asked, std::optional<std::int64_t> before) {
    std::vector<std::pair<std::string, std::string>> query{
        {"show", asked.show}, {"structure", asked.structure}, {"login", asked.login}};
    if (before) query.emplace_back("before", to_text(LinkId{*before}));
    if (asked.filter.endless) query.emplace_back("endless", "1");
    if (asked.filter.writes) query.emplace_back("writes", "1");
    return with_query(std::move(page), query);
}

Result<identity::Rights> settle_question(db::Tx& tx, const Viewer& viewer, ShownQuestion& asked, Millis now) {
    using enum identity::AdminRole;
    auto rights = TRY(require_rights(tx, viewer.person, now));
    const auto roots = rights.roots(People);
    if (roots.empty()) return forbidden("admin.not_yours");
    auto& filter = asked.filter;
    if (!filter.structure) filter.structure = roots.front();
    if (!identity::may(tx, rights, People, filter.structure)) return forbidden("admin.not_yours");
    if (asked.login.empty()) return rights;
    const auto maker = person_typed(tx, asked.login);
    asked.nobody = !maker || !identity::reaches(tx, rights, People, *maker);
    if (!asked.nobody) filter.maker = *maker;
    return rights;
}

} // namespace preau::portal

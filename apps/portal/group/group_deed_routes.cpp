// What one does on the page of a group, and the same over JSON below /api.
#include "portal/group/group.hpp"

#include "sharing/answers.hpp"

namespace preau::portal {
namespace {

using group_deeds::Outcome;
using Deed = std::function<Outcome(db::Tx&, Portal&, const Viewer&, GroupId, const sharing::Fields&, PersonId)>;

// A refusal that the page of the group says best itself.
bool says_itself(const Error& error) { return error.key == "identity.group_last_owner"; }

Task<http::Response> perform(Portal& portal, http::Request& request, const Deed& deed, std::string done) {
    const auto group = group_of(request);
    if (!group) co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "identity.group"});
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto person = parse_id<PersonId>(request.parameter("person")).value_or(PersonId{});
    auto changed = co_await portal.db.write(
        db::lane_of(*group), [&portal, &deed, viewer = sharing::viewer(request), group = *group, fields = *fields,
                              person](db::Tx& tx) { return deed(tx, portal, viewer, group, fields, person); });
    if (!changed) {
        if (!request.wants_json() && says_itself(changed.error()))
            co_return http::redirect(group_address(*group) + "?refused=last_owner");
        co_return portal.gate.refusal(request, changed.error());
    }
    for (auto who : *changed) portal.identity.forget(who);
    const bool gone = done == "left" || done == "declined";
    co_return sharing::done(request, gone ? "/groups?done=" + done : group_address(*group) + "?done=" + done);
}

Outcome nothing(const Result<void>& result) {
    if (!result) return std::unexpected(result.error());
    return {};
}

identity::Decision decision_in(const sharing::Fields& fields) {
    return fields.value("decision") == "accept" ? identity::Decision::Accept : identity::Decision::Refuse;
}

Outcome answer(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const sharing::Fields& fields,
               PersonId) {
    return group_deeds::answer(tx, portal, viewer, group, decision_in(fields));
}

Outcome invite(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const sharing::Fields& fields,
               PersonId) {
    constexpr std::size_t most = 50;
    std::vector<PersonId> who;
    for (const auto& text : fields.all("who"))
        if (auto person = parse_id<PersonId>(text); person && who.size() < most) who.push_back(*person);
    if (who.empty()) return invalid("who", "identity.group_nobody");
    return group_deeds::invite(tx, portal, viewer, group, who);
}

Outcome change_member(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const sharing::Fields& fields,
                      PersonId person) {
    if (fields.value("role") == "none") return group_deeds::remove(tx, portal, viewer, group, person);
    return group_deeds::set_role(tx, portal, viewer, group, person, fields.value("role"));
}

Outcome change_link(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const sharing::Fields& fields,
                    PersonId) {
    const auto now = portal.world.clock.now();
    if (fields.value("end") == "1") return nothing(identity::end_group_link(tx, viewer, group, now));
    TRY(identity::make_group_link(tx, portal.world.ids, viewer, group, now));
    record_group_event(tx, portal, viewer, "group.link", group);
    return {};
}

Task<http::Response> join_by_link(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    const auto now = portal.world.clock.now();
    auto link = co_await portal.db.read(
        [viewer, token = std::string{request.parameter("token")}, key = portal.identity.signing_key("group-link"),
         now](db::Tx& tx) { return identity::open_group_link(tx, viewer, key, token, now); });
    if (!link) co_return portal.gate.refusal(request, link.error());
    auto joined = co_await portal.db.write(db::lane_of(link->group), [&portal, viewer, link = *link](db::Tx& tx) {
        return group_deeds::join_by_link(tx, portal, viewer, link);
    });
    if (!joined) co_return portal.gate.refusal(request, joined.error());
    portal.identity.forget(viewer.person);
    co_return http::redirect(group_address(link->group) + "?done=joined");
}

} // namespace

void group_deed_routes(http::Router& routes, Portal& portal) {
    const http::Rule writing{.access = http::Access::Member, .body_limit = 16 * 1024, .rate = http::Rate::Write};
    auto add = [&](const std::string& where, std::string done, Deed deed) {
        for (std::string root : {"", "/api"})
            routes.post(root + "/groups/{group}" + where, writing,
                        [&portal, deed, done](http::Request& request) { return perform(portal, request, deed, done); });
    };
    add("/join", "joined", [](db::Tx& tx, Portal& on, const Viewer& viewer, GroupId group, const auto&, PersonId) {
        return group_deeds::join(tx, on, viewer, group);
    });
    add("/ask", "asked", [](db::Tx& tx, Portal& on, const Viewer& viewer, GroupId group, const auto& fields, PersonId) {
        return group_deeds::ask(tx, on, viewer, group, fields.value("message"));
    });
    add("/ask/withdraw", "withdrawn",
        [](db::Tx& tx, Portal&, const Viewer& viewer, GroupId group, const auto&, PersonId) {
            return nothing(identity::take_request_back(tx, viewer, group));
        });
    add("/leave", "left", [](db::Tx& tx, Portal& on, const Viewer& viewer, GroupId group, const auto&, PersonId) {
        return group_deeds::leave(tx, on, viewer, group);
    });
    add("/answer", "answered", answer);
    add("/requests/{person}", "decided",
        [](db::Tx& tx, Portal& on, const Viewer& viewer, GroupId group, const auto& fields, PersonId person) {
            return group_deeds::decide(tx, on, viewer, group, person, decision_in(fields));
        });
    add("/invite", "invited", invite);
    add("/invitations/{person}/withdraw", "uninvited",
        [](db::Tx& tx, Portal&, const Viewer& viewer, GroupId group, const auto&, PersonId person) {
            return nothing(identity::withdraw_invitation(tx, viewer, group, person));
        });
    add("/members/{person}", "member", change_member);
    add("/link", "link", change_link);
    routes.post("/groups/join/{token}", writing,
                [&portal](http::Request& request) { return join_by_link(portal, request); });
}

} // namespace preau::portal

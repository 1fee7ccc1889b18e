// What is done to a group by a button, or by the API: each answers the page with what was done and what takes it back,
// or with what was wrong.
#include "portal/group/group_admin.hpp"

#include "base/json.hpp"
#include "portal/group/group.hpp"
#include "sharing/archive.hpp"

namespace preau::portal {
namespace {

GroupId group_in(const http::Request& request) { return group_of(request).value_or(GroupId{}); }
PersonId person_in(const Fields& fields) { return parse_id<PersonId>(fields["person"]).value_or(PersonId{}); }

struct IdAnswer {
    std::string id;
};
PREAU_DESCRIBE(IdAnswer, id)

struct Did {
    std::string_view what;
    PersonId who = {};
};

Task<http::Response> answer(Portal& portal, http::Request& request, Result<void> done, Did did) {
    const auto group = group_in(request);
    if (!done) {
        if (request.wants_json()) co_return portal.gate.refusal(request, done.error());
        co_return co_await group_admin_page(portal, request, group, done.error());
    }
    if (request.wants_json()) co_return http::json_response(json::text_of(IdAnswer{to_text(group)}));
    co_return http::redirect(with_query(group_admin_address(group),
                                        {{"did", std::string{did.what}}, {"who", did.who ? to_text(did.who) : ""}}));
}

// That an owner stays is decided under the lane of the group; what it managed is changed under those of its spaces.
template <class Act> auto act(Portal& portal, const http::Request& request, std::vector<ItemId> roots, Act closure) {
    GroupActs acts{.portal = portal, .viewer = sharing::viewer(request), .now = portal.world.clock.now()};
    auto lanes = identity::administration_lanes();
    lanes.push_back(db::lane_of(group_in(request)));
    for (auto root : roots) lanes.push_back(db::lane_of(root));
    return portal.db.write_across(std::move(lanes), [acts, closure](db::Tx& tx) { return closure(tx, acts); });
}

Task<http::Response> post_owner(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, std::unexpected(fields.error()), {});
    auto named = co_await act(portal, request, {},
                              [said = *fields, group = group_in(request)](db::Tx& tx, const GroupActs& acts) {
                                  return acts.name_owner(tx, group, said["login"], person_in(said));
                              });
    if (!named) co_return co_await answer(portal, request, std::unexpected(named.error()), {});
    portal.identity.forget(*named);
    co_return co_await answer(portal, request, {}, {"owner_named", *named});
}

Task<http::Response> post_owner_end(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, std::unexpected(fields.error()), {});
    const auto person = person_in(*fields);
    auto done =
        co_await act(portal, request, {}, [person, group = group_in(request)](db::Tx& tx, const GroupActs& acts) {
            return acts.take_ownership(tx, group, person);
        });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, std::move(done), {"owner_removed", person});
}

Task<http::Response> post_settings(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, std::unexpected(fields.error()), {});
    auto done =
        co_await act(portal, request, {},
                     [said = *fields, group = group_in(request)](db::Tx& tx, const GroupActs& acts) -> Result<void> {
                         const auto joining = identity::joining_named(said["joining"]);
                         if (!joining && said.has("joining")) return invalid("joining", "group_admin.joining_unknown");
                         return acts.change(tx, group, {.name = std::string{said["name"]}, .joining = joining});
                     });
    co_return co_await answer(portal, request, std::move(done), {"changed"});
}

Task<std::vector<ItemId>> roots_of_group(Portal& portal, GroupId group) {
    co_return co_await portal.db.read([group](db::Tx& tx) { return sharing::roots_of_classes(tx, {group}); });
}

Task<http::Response> post_close(Portal& portal, http::Request& request) {
    const auto roots = co_await roots_of_group(portal, group_in(request));
    auto done =
        co_await act(portal, request, roots, [roots, group = group_in(request)](db::Tx& tx, const GroupActs& acts) {
            return acts.close(tx, group, roots);
        });
    co_return co_await answer(portal, request, std::move(done), {"closed"});
}

Task<http::Response> post_reopen(Portal& portal, http::Request& request) {
    const auto roots = co_await roots_of_group(portal, group_in(request));
    auto done =
        co_await act(portal, request, roots, [roots, group = group_in(request)](db::Tx& tx, const GroupActs& acts) {
            return acts.reopen(tx, group, roots);
        });
    co_return co_await answer(portal, request, std::move(done), {"reopened"});
}

} // namespace

void group_admin_act_routes(http::Router& routes, Portal& portal) {
    admin_post(routes, "/groups/{group}/owners", [&portal](http::Request& r) { return post_owner(portal, r); });
    admin_post(routes, "/groups/{group}/owners/end", [&portal](http::Request& r) { return post_owner_end(portal, r); });
    admin_post(routes, "/groups/{group}/settings", [&portal](http::Request& r) { return post_settings(portal, r); });
    admin_post(routes, "/groups/{group}/close", [&portal](http::Request& r) { return post_close(portal, r); });
    admin_post(routes, "/groups/{group}/reopen", [&portal](http::Request& r) { return post_reopen(portal, r); });
}

} // namespace preau::portal

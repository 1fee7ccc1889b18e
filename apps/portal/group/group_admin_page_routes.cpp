// /admin/groups/ID: what a group is, who answers for it, who is in it; nothing of what is shared in it.
#include "portal/group/group_admin.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/school_year.hpp"
#include "portal/group/group.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using identity::GroupRole;

struct OwnerLine {
    std::string id_of_group, id, name, role;
    bool owner = false;
};
PREAU_DESCRIBE(OwnerLine, id_of_group, id, name, role, owner)

struct MemberLine {
    std::string name, role;
};
PREAU_DESCRIBE(MemberLine, name, role)

struct Undo { // what takes back what was just done
    std::string action, person, text;
};
PREAU_DESCRIBE(Undo, action, person, text)

struct GroupAdminView {
    AdminSide side;
    std::string done, problem;
    std::vector<Undo> undo; // at most one
    std::string id, name, kind, place, place_href, size, state, description, year_href;
    std::string typed_login, typed_name; // as they were sent, where they were refused
    bool closed = false, open = false, is_class = false, is_group = false, led = false;
    std::string joining; // in words
    std::vector<AdminChoice> joinings;
    std::vector<OwnerLine> leaders;
    std::vector<MemberLine> members;
    std::string next;
};
PREAU_DESCRIBE(GroupAdminView, side, done, problem, undo, id, name, kind, place, place_href, size, state, description,
               year_href, typed_login, typed_name, closed, open, is_class, is_group, led, joining, joinings, leaders,
               members, next)

struct PersonJson {
    PersonId id;
    std::string name, role;
};
PREAU_DESCRIBE(PersonJson, id, name, role)
struct GroupAnswer { // of the API
    identity::OverseenGroup group;
    std::string description, joining;
    std::vector<PersonJson> leaders, people;
    std::optional<std::string> next; // for `after`
};
PREAU_DESCRIBE(GroupAnswer, group, description, joining, leaders, people, next)

constexpr std::string_view group_template = "portal/group/group_admin_page.html";
constexpr int members_per_page = 50;

struct Looked {
    identity::Rights rights;
    identity::OverseenGroup group;
    identity::GroupCard card;
    std::vector<identity::MemberRow> leaders, members;
    std::optional<std::string> next;
    bool keeps_year = false;
};

Result<Looked> look(db::Tx& tx, const Viewer& viewer, GroupId id, const identity::NameKey& after, Millis now) {
    Looked looked{.rights = TRY(require_rights(tx, viewer.person, now))};
    looked.group = TRY(require_overseen(tx, looked.rights, id));
    looked.card = identity::group_card(tx, id).value_or(identity::GroupCard{});
    looked.leaders = identity::leaders_of(tx, id);
    looked.members = identity::members_of(tx, id, after, members_per_page + 1);
    if (std::ssize(looked.members) > members_per_page) {
        looked.members.resize(members_per_page);
        looked.next = page_key(looked.members.back().sort, looked.members.back().person.value);
    }
    looked.keeps_year =
        looked.group.kind == "class" && identity::keeps_school_year(tx, viewer, looked.group.structure, now);
    return looked;
}

std::string role_text(const web::Locale& locale, std::string_view role) {
    return locale.text("group.role_" + std::string{role});
}

// Only what would succeed is offered.
std::optional<Undo> undo_of(const web::Locale& locale, const http::Request& request, const Looked& looked) {
    const auto did = query_text(request, "did");
    if (did == "closed" && looked.group.closed) return Undo{"reopen", {}, locale.text("group_admin.reopen")};
    if (did == "reopened" && !looked.group.closed) return Undo{"close", {}, locale.text("group_admin.close")};
    const auto who = query_text(request, "who");
    const auto person = parse_id<PersonId>(who);
    if (!person || looked.group.closed) return std::nullopt;
    const auto owns = [](const identity::MemberRow& row) { return row.role == "owner"; };
    const auto here = std::ranges::find(looked.leaders, *person, &identity::MemberRow::person);
    const bool is_owner = here != looked.leaders.end() && owns(*here);
    if (did == "owner_named" && is_owner && std::ranges::count_if(looked.leaders, owns) > 1)
        return Undo{"owners/end", who, locale.text("admin.undo")};
    if (did == "owner_removed" && !is_owner) return Undo{"owners", who, locale.text("admin.undo")};
    return std::nullopt;
}

void write_people(const web::Locale& locale, const Looked& looked, GroupAdminView& view) {
    const auto owners = std::ranges::count(looked.leaders, "owner", &identity::MemberRow::role);
    for (const auto& row : looked.leaders)
        view.leaders.push_back({.id_of_group = view.id,
                                .id = to_text(row.person),
                                .name = row.name,
                                .role = role_text(locale, row.role),
                                .owner = row.role == "owner" && owners > 1 && !looked.group.closed});
    for (const auto& row : looked.members)
        view.members.push_back({row.name, row.role == "member" ? std::string{} : role_text(locale, row.role)});
    if (looked.next)
        view.next = with_query(group_admin_address(looked.group.id), {{"after", *looked.next}}) + "#members";
}

GroupAdminView view_of(const web::Locale& locale, const http::Request& request, const Looked& looked) {
    const auto& group = looked.group;
    const bool is_class = group.kind == "class";
    GroupAdminView view{.side = admin_side(looked.rights),
                        .id = to_text(group.id),
                        .name = group.name,
                        .kind = group_kind_words(locale, group.kind),
                        .place = group.place,
                        .place_href = group.structure ? "/structures/" + to_text(group.structure) : std::string{},
                        .size = locale.plural("group.members", group.members),
                        .state = group_state_words(locale, group),
                        .description = looked.card.description,
                        .closed = group.closed,
                        .open = !group.closed,
                        .is_class = is_class,
                        .is_group = !is_class,
                        .led = group.led};
    view.side.groups = true;
    if (looked.keeps_year) view.year_href = "/structures/" + to_text(group.structure) + "/year";
    if (!is_class) view.joining = locale.text("group.joining_" + std::string{identity::word_of(looked.card.joining)});
    using enum identity::Joining;
    for (auto joining : {Open, Moderated, ByInvitation}) {
        const std::string word{identity::word_of(joining)};
        view.joinings.push_back(
            {.value = word, .text = locale.text("group.joining_" + word), .chosen = joining == looked.card.joining});
    }
    write_people(locale, looked, view);
    const auto did = "group_admin.did_" + query_text(request, "did");
    if (request.has_query("did") && locale.has(did)) {
        view.done = locale.text(did);
        if (auto undo = undo_of(locale, request, looked)) view.undo.push_back(std::move(*undo));
    }
    return view;
}

http::Response json_of(Looked looked) {
    GroupAnswer answer{.group = std::move(looked.group),
                       .description = std::move(looked.card.description),
                       .joining = std::string{identity::word_of(looked.card.joining)},
                       .next = std::move(looked.next)};
    for (auto& row : looked.leaders) answer.leaders.push_back({row.person, std::move(row.name), std::move(row.role)});
    for (auto& row : looked.members) answer.people.push_back({row.person, std::move(row.name), std::move(row.role)});
    return http::json_response(json::text_of(answer));
}

} // namespace

Task<http::Response> group_admin_page(Portal& portal, http::Request& request, GroupId group,
                                      std::optional<Error> problem) {
    auto [sort, id] = page_key_of(request);
    auto looked = co_await portal.db.read(
        [viewer = sharing::viewer(request), group, after = identity::NameKey{std::move(sort), id},
         now = portal.world.clock.now()](db::Tx& tx) { return look(tx, viewer, group, after, now); });
    if (!looked) co_return portal.gate.refusal(request, problem ? *problem : looked.error());
    if (request.wants_json()) co_return json_of(std::move(*looked));
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(locale, request, *looked);
    view.typed_name = view.name;
    if (problem) {
        view.problem = locale.message(*problem);
        const auto sent = fields_of(request).value_or(Fields{});
        view.typed_login = sent["login"];
        if (sent.has("name")) view.typed_name = sent["name"];
    }
    auto shell = admin_shell(request, "group_admin.title");
    shell.title = view.name;
    co_return portal.pages.page(shell, group_template, view, problem ? http::status_of(*problem) : 200);
}

void preload_group_admin_page(web::Pages& pages) { pages.preload<GroupAdminView>(group_template); }

namespace {
Task<http::Response> show_group(Portal& portal, http::Request& request) {
    co_return co_await group_admin_page(portal, request, group_of(request).value_or(GroupId{}), std::nullopt);
}
} // namespace

void group_admin_page_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/groups/{group}", [&portal](http::Request& request) { return show_group(portal, request); });
}

} // namespace preau::portal

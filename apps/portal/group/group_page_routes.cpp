// /groups/ID: what the group is, what is shared with it, who is in it, who asks to come in and who is invited.
#include "portal/group/group.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"
#include "sharing/answers.hpp"
#include "sharing/audience.hpp"
#include "sharing/face.hpp"
#include "web/paragraphs.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view group_page = "portal/group/group_page.html";
constexpr std::string_view join_page = "portal/group/group_join_page.html";
constexpr int per_page = 50;
constexpr int most_asking = 50;

struct MemberLine {
    std::string id, name, role, who; // `who`: "Rôle de Nadia Haddad"
    sharing::Face face;
    bool member = false, animator = false, owner = false, guest = false, you = false, may_change = false;
};
PREAU_DESCRIBE(MemberLine, id, name, role, who, face, member, animator, owner, guest, you, may_change)

struct AskingLine {
    std::string id, name, message, when;
};
PREAU_DESCRIBE(AskingLine, id, name, message, when)

struct SharedLine {
    std::string title, href, hue, icon, detail;
};
PREAU_DESCRIBE(SharedLine, title, href, hue, icon, detail)

struct Candidate {
    std::string id, name, detail;
    bool chosen = false;
};
PREAU_DESCRIBE(Candidate, id, name, detail, chosen)

struct GroupView {
    std::string id, group, name, place, size, joining, done, problem, typed, named, link, link_until, next;
    std::vector<std::string> description; // paragraphs
    bool in = false, leads = false, owns = false, invited = false, asked = false, may_join = false, may_ask = false;
    bool is_class = false, has_shared = false, nobody = false, choosing = false, named_any = false, some_asking = false,
         some_invited = false, first = true, may_space = false;
    std::vector<SharedLine> spaces, shared;
    std::vector<AskingLine> requests, invitations;
    std::vector<Candidate> candidates;
    std::vector<MemberLine> leaders, members;
};
PREAU_DESCRIBE(GroupView, id, group, name, place, size, joining, done, problem, typed, named, link, link_until, next,
               description, in, leads, owns, invited, asked, may_join, may_ask, is_class, has_shared, nobody, choosing,
               named_any, some_asking, some_invited, first, may_space, spaces, shared, requests, invitations,
               candidates, leaders, members)

struct JoinView {
    std::string token, name, description, size;
};
PREAU_DESCRIBE(JoinView, token, name, description, size)

struct MemberJson {
    PersonId person;
    std::string name, role;
};
PREAU_DESCRIBE(MemberJson, person, name, role)
struct GroupPageJson {
    GroupId id;
    std::string name, description, joining, role;
    std::int64_t members = 0, requests = 0;
    std::vector<MemberJson> people;
    std::string next;
};
PREAU_DESCRIBE(GroupPageJson, id, name, description, joining, role, members, requests, people, next)

struct GroupData {
    identity::GroupCard card;
    identity::GroupRole role = identity::GroupRole::None;
    bool invited = false, asked = false;
    std::vector<sharing::ChildRow> shared;
    std::vector<identity::MemberRow> leaders, members;
    bool more = false;
    std::vector<identity::AskingRow> requests, invitations;
    std::vector<identity::Found> candidates;
    std::optional<identity::GroupLink> link;
};

struct Asked { // of the page
    GroupId group;
    std::string invite, member; // typed: to invite somebody, to find a member
    identity::NameKey after;
};

Result<GroupData> group_data(db::Tx& tx, const Viewer& viewer, const Asked& asked, Millis now) {
    auto card = identity::group_card(tx, asked.group);
    if (!card || !identity::may_know(tx, viewer, *card)) return not_found("identity.group");
    GroupData data{.card = std::move(*card), .role = identity::role_in(tx, asked.group, viewer.person)};
    if (data.role == identity::GroupRole::None) {
        data.invited = identity::is_invited(tx, asked.group, viewer.person);
        data.asked = identity::has_asked(tx, asked.group, viewer.person);
        data.leaders = identity::leaders_of(tx, asked.group);
        return data; // who is in, and what is shared, is for those who are in
    }
    data.shared = sharing::items_granted_to(tx, subject(asked.group), 100, now);
    data.leaders = identity::leaders_of(tx, asked.group);
    data.members = asked.member.empty() ? identity::members_of(tx, asked.group, asked.after, per_page + 1)
                                        : identity::members_named(tx, viewer, asked.group, asked.member);
    data.more = std::ssize(data.members) > per_page;
    if (data.more) data.members.resize(per_page);
    if (data.role < identity::GroupRole::Animator) return data;
    data.requests = identity::requests_of(tx, asked.group, most_asking);
    data.invitations = identity::invitations_of(tx, asked.group, most_asking);
    data.link = identity::group_link(tx, asked.group, now);
    if (!asked.invite.empty()) {
        data.candidates = identity::search_directory(tx, viewer, asked.invite);
        std::erase_if(data.candidates, [](const auto& found) { return found.subject.kind != Subject::Kind::Person; });
    }
    return data;
}

MemberLine member_line(const web::Locale& locale, const Viewer& viewer, const GroupData& data,
                       const identity::MemberRow& row) {
    const auto role = identity::group_role(row.role);
    const bool owns = data.role == identity::GroupRole::Owner && !data.card.closed;
    const bool animates = data.role == identity::GroupRole::Animator && !data.card.closed;
    return {.id = to_text(row.person),
            .name = row.name,
            .role = locale.text("group.role_" + row.role),
            .who = locale.text("group.change_of", {{"name", row.name}}),
            .face = sharing::face_of(row.person, row.name, row.picture),
            .member = role == identity::GroupRole::Member,
            .animator = role == identity::GroupRole::Animator,
            .owner = role == identity::GroupRole::Owner,
            .guest = row.guest,
            .you = row.person == viewer.person,
            .may_change = owns || (animates && role == identity::GroupRole::Member)};
}

void write_shared(const Portal& portal, const web::Locale& locale, const Viewer& viewer, const GroupData& data,
                  GroupView& view) {
    const auto now = portal.world.clock.now();
    for (const auto& item : data.shared) {
        const auto& kind = portal.kinds.of(item.kind);
        const bool space = item.kind == "team";
        if (!kind.listed && !space) continue;
        auto when = locale.ago(item.changed_at, now, viewer.zone);
        (space ? view.spaces : view.shared)
            .push_back(
                {.title = item.title,
                 .href = kind.address + to_text(item.id),
                 .hue = kind.app,
                 .icon = std::string{kind.icon_of(item.title)},
                 .detail = space ? locale.text("group.space") : locale.text("portal.changed", {{"when", when}})});
    }
    view.has_shared = !view.spaces.empty() || !view.shared.empty();
    view.may_space = view.spaces.empty() && view.leads && !viewer.guest;
}

GroupView view_of(const Portal& portal, const http::Request& request, const GroupData& data, const Asked& asked) {
    const auto& locale = sharing::words_of(request);
    const auto& viewer = sharing::viewer(request);
    const auto now = portal.world.clock.now();
    GroupView view{.id = to_text(data.card.id),
                   .group = to_text(data.card.id),
                   .name = data.card.name,
                   .place = data.card.place,
                   .size = locale.plural("group.members", data.card.members),
                   .joining = joining_words(locale, data.card),
                   .typed = asked.invite,
                   .named = asked.member,
                   .description = web::paragraphs(data.card.description),
                   .in = data.role != identity::GroupRole::None,
                   .leads = data.role >= identity::GroupRole::Animator && !data.card.closed,
                   .owns = data.role == identity::GroupRole::Owner && !data.card.closed,
                   .invited = data.invited,
                   .asked = data.asked,
                   .is_class = data.card.kind == "class",
                   .first = asked.after.sort.empty() && asked.member.empty()};
    view.may_join = !data.card.closed && !view.in && !view.invited && data.card.joining == identity::Joining::Open;
    view.may_ask = !data.card.closed && !view.in && !view.invited && !view.asked &&
                   data.card.joining == identity::Joining::Moderated;
    write_shared(portal, locale, viewer, data, view);
    for (const auto& row : data.leaders) view.leaders.push_back(member_line(locale, viewer, data, row));
    for (const auto& row : data.members) view.members.push_back(member_line(locale, viewer, data, row));
    view.named_any = !view.members.empty();
    for (const auto& row : data.requests)
        view.requests.push_back({to_text(row.person), row.name, row.message, locale.ago(row.at, now, viewer.zone)});
    for (const auto& row : data.invitations)
        view.invitations.push_back({to_text(row.person), row.name, {}, locale.ago(row.at, now, viewer.zone)});
    view.some_asking = !view.requests.empty();
    view.some_invited = !view.invitations.empty();
    for (const auto& found : data.candidates)
        view.candidates.push_back({.id = to_base32(found.subject.id),
                                   .name = found.name,
                                   .detail = sharing::detail_of(locale, found.function, found.place),
                                   .chosen = data.candidates.size() == 1});
    view.choosing = !view.candidates.empty();
    view.nobody = view.candidates.empty() && !asked.invite.empty();
    if (data.link) {
        view.link = portal.public_url + "/groups/join/" +
                    identity::group_link_token(portal.identity.signing_key("group-link"), data.link->id);
        view.link_until = locale.text("group.link_until", {{"day", locale.date(data.link->until_at, viewer.zone)}});
    }
    if (data.more && asked.member.empty())
        view.next = group_address(data.card.id) + "?sort=" + percent_encode(data.members.back().sort) +
                    "&id=" + to_text(data.members.back().person) + "#members";
    return view;
}

http::Response json_of(const GroupData& data) {
    GroupPageJson json{.id = data.card.id,
                       .name = data.card.name,
                       .description = data.card.description,
                       .joining = std::string{identity::word_of(data.card.joining)},
                       .role = std::string{identity::word_of(data.role)},
                       .members = data.card.members,
                       .requests = data.role >= identity::GroupRole::Animator ? data.card.requests : 0};
    for (const auto& row : data.members) json.people.push_back({row.person, row.name, row.role});
    if (data.more)
        json.next = "sort=" + percent_encode(data.members.back().sort) + "&id=" + to_text(data.members.back().person);
    return http::json_response(json::text_of(json));
}

std::string typed_in(const http::Request& request, std::string_view name) {
    const auto raw = cut_to_bytes(request.query(name), 200);
    return valid_utf8(raw) ? std::string{trimmed(raw)} : std::string{};
}

Task<http::Response> show_group(Portal& portal, http::Request& request) {
    const Asked asked{.group = group_of(request).value_or(GroupId{}),
                      .invite = typed_in(request, "invite"),
                      .member = typed_in(request, "member"),
                      .after = {std::string{request.query("sort")}, from_base32(request.query("id")).value_or(0)}};
    auto data = co_await portal.db.read([viewer = sharing::viewer(request), asked, now = portal.world.clock.now()](
                                            db::Tx& tx) { return group_data(tx, viewer, asked, now); });
    if (!data) co_return portal.gate.refusal(request, data.error());
    if (request.wants_json()) co_return json_of(*data);
    auto view = view_of(portal, request, *data, asked);
    const auto& locale = sharing::words_of(request);
    const std::string done{request.query("done")};
    const auto key = "group.done_" + done;
    if (!done.empty() && locale.has(key)) view.done = locale.text(key);
    const std::string refused{request.query("refused")};
    if (refused == "last_owner") view.problem = locale.text("identity.group_last_owner");
    co_return portal.pages.page(sharing::shell(request, data->card.name), group_page, view);
}

// Chat programs look at links: only the button behind this page lets somebody in.
Task<http::Response> show_join(Portal& portal, http::Request& request) {
    struct Opened {
        identity::GroupCard card;
        bool in = false;
    };
    const std::string token{request.parameter("token")};
    auto opened = co_await portal.db.read([viewer = sharing::viewer(request), token,
                                           key = portal.identity.signing_key("group-link"),
                                           now = portal.world.clock.now()](db::Tx& tx) -> Result<Opened> {
        const auto link = TRY(identity::open_group_link(tx, viewer, key, token, now));
        auto card = identity::group_card(tx, link.group);
        if (!card) return not_found("identity.group");
        return Opened{std::move(*card), identity::role_in(tx, link.group, viewer.person) != identity::GroupRole::None};
    });
    if (!opened) co_return portal.gate.refusal(request, opened.error());
    if (opened->in) co_return http::redirect(class_or_group_address(opened->card));
    const auto& locale = sharing::words_of(request);
    co_return portal.pages.page(sharing::shell(request, opened->card.name), join_page,
                                JoinView{.token = token,
                                         .name = opened->card.name,
                                         .description = opened->card.description,
                                         .size = locale.plural("group.members", opened->card.members)});
}

} // namespace

void preload_group_page(web::Pages& pages) {
    pages.preload<GroupView>(group_page);
    pages.preload<JoinView>(join_page);
}

void group_page_routes(http::Router& routes, Portal& portal) {
    const http::Rule reading{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    for (std::string root : {"", "/api"})
        routes.get(root + "/groups/{group}", reading,
                   [&portal](http::Request& request) { return show_group(portal, request); });
    routes.get("/groups/join/{token}", reading,
               [&portal](http::Request& request) { return show_join(portal, request); });
}

} // namespace preau::portal

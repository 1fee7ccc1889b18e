// /api/sharing: whatever the dialog can do, a program can do.
#include "base/json.hpp"
#include "identity/people.hpp"
#include "link_form.hpp"
#include "right_form.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

struct LinkJson {
    LinkId id;
    std::string address; // empty when it can no longer be shown
    std::string role;    // "view", "comment", "edit", "deposit"
    bool deposit = false;
    std::string label;
    std::optional<Millis> until;
    bool has_password = false;
    Millis created_at = 0;
    std::optional<std::int64_t> max_uses;
    std::int64_t uses = 0; // browsers that came
    std::optional<Millis> used_at;
};
PREAU_DESCRIBE(LinkJson, id, address, role, deposit, label, until, has_password, created_at, max_uses, uses, used_at)

struct LinksJson {
    std::vector<LinkJson> links;
};
PREAU_DESCRIBE(LinksJson, links)

struct WhyJson {
    std::string role; // "none" … "manage"
    bool deposit = false;
    bool trashed = false;
    std::string because;              // "granted", "no-grant", "no-such-item", "trashed", "restricted"
    std::optional<ItemId> item;       // where the deciding grant stands
    std::optional<std::string> subject_kind;
    std::optional<std::string> subject;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(WhyJson, role, deposit, trashed, because, item, subject_kind, subject, until)

std::string kind_word(Subject::Kind kind) {
    constexpr std::string_view words[] = {"",          "person", "group", "structure",
                                          "signed-in", "public", "link",  "families"};
    return std::string{words[static_cast<std::size_t>(kind)]};
}

std::string why_word(Reason::Why why) {
    constexpr std::string_view words[] = {"granted", "no-grant", "no-such-item", "trashed", "restricted"};
    return std::string{words[static_cast<std::size_t>(why)]};
}

LinkJson json_of(const Sharing& sharing, const MadeLink& made) {
    const auto& link = made.link;
    return {.id = link.id,
            .address = address_of(sharing, made.token),
            .role = word_of(link.role),
            .deposit = link.deposit,
            .label = link.label,
            .until = link.until,
            .has_password = link.has_password,
            .created_at = link.created_at,
            .max_uses = link.max_uses,
            .uses = link.uses,
            .used_at = link.used_at};
}

http::Response refuse(const http::Request& request, const Error& error) {
    return http::problem(error, web::Locale::of(language(request)).message(error));
}

ItemId item_of(const http::Request& request) { return parse_id<ItemId>(request.parameter("item")).value_or(ItemId{}); }
LinkId link_of(const http::Request& request) { return parse_id<LinkId>(request.parameter("link")).value_or(LinkId{}); }

Task<http::Response> list_links(Sharing& sharing, http::Request& request) {
    auto links = co_await sharing.db.read(
        [&sharing, who = viewer(request), item = item_of(request)](db::Tx& tx) -> Result<std::vector<MadeLink>> {
            TRY(require(tx, who, Action::Manage, item, sharing.world.clock.now()));
            return links_on(tx, sharing.world, who, item);
        });
    if (!links) co_return refuse(request, links.error());
    LinksJson answer;
    for (const auto& made : *links) answer.links.push_back(json_of(sharing, made));
    co_return http::json_response(json::text_of(answer));
}

// {role, deposit, label, until, password, max_uses}; `until` in milliseconds since 1970.
Result<NewLink> read_body(const json::Value& body, ItemId item, Millis now) {
    const auto role = body["role"].text().value_or("view");
    LinkForm form{
        .may = role, .label = body["label"].text().value_or(""), .password = body["password"].text().value_or("")};
    const bool deposit = body["deposit"].boolean().value_or(false);
    if (role == "view" && deposit) form.may = "view-deposit";
    auto link = TRY(read_link_form(form, item, {}, now));
    link.deposit = link.deposit || deposit;
    link.until = body["until"].integer();
    link.max_uses = body["max_uses"].integer();
    return link;
}

// {label, until, password, max_uses}: what is left out stays, `null` takes it off.
Result<LinkChange> read_patch(const json::Value& body, const Link& link) {
    const auto names = body.names();
    auto named = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    LinkChange change{.label = link.label, .until = link.until, .max_uses = link.max_uses};
    if (named("label")) change.label = body["label"].text().value_or("");
    if (named("until")) change.until = body["until"].integer();
    if (named("max_uses")) change.max_uses = body["max_uses"].integer();
    TRY(check_link_password(body["password"].text().value_or("")));
    if (named("password") && !body["password"].present()) change.password_hash = "";
    return change;
}

Task<http::Response> post_link(Sharing& sharing, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refuse(request, body.error());
    auto link = read_body(*body, item_of(request), sharing.world.clock.now());
    if (!link) co_return refuse(request, link.error());
    auto password = (*body)["password"].text().value_or("");
    auto made = co_await make_link(sharing, viewer(request), std::move(*link), std::move(password));
    if (!made) co_return refuse(request, made.error());
    co_return http::json_response(json::text_of(json_of(sharing, *made)), 201);
}

Task<http::Response> patch_link(Sharing& sharing, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refuse(request, body.error());
    auto found = co_await sharing.db.read([&sharing, id = link_of(request)](db::Tx& tx) {
        return find_link(tx, sharing.world, id); // change_link() asks who may
    });
    if (!found) co_return refuse(request, {.kind = Error::Kind::NotFound, .key = "link.unknown"});
    auto change = read_patch(*body, found->link);
    if (!change) co_return refuse(request, change.error());
    auto password = (*body)["password"].text().value_or("");
    auto changed = co_await change_it(sharing, viewer(request), found->link.id, std::move(*change), password);
    if (!changed) co_return refuse(request, changed.error());
    co_return http::json_response(json::text_of(json_of(sharing, {.link = *changed, .token = found->token})));
}

Task<http::Response> post_restore(Sharing& sharing, http::Request& request) {
    auto done = co_await bring_back(sharing, viewer(request), link_of(request));
    if (!done) co_return refuse(request, done.error());
    co_return http::Response{.status = 204};
}

Task<http::Response> delete_link(Sharing& sharing, http::Request& request) {
    auto done = co_await take_back(sharing, viewer(request), link_of(request));
    if (!done) co_return refuse(request, done.error());
    co_return http::Response{.status = 204};
}

Task<http::Response> show_qr(Sharing& sharing, http::Request& request) {
    auto made = co_await sharing.db.read(
        [&sharing, who = viewer(request), id = link_of(request)](db::Tx& tx) -> Result<MadeLink> {
            auto found = find_link(tx, sharing.world, id);
            if (!found || !found->link.item || found->link.revoked_at || found->token.empty())
                return not_found("link.unknown");
            TRY(require(tx, who, Action::Manage, found->link.item, sharing.world.clock.now()));
            return std::move(*found);
        });
    if (!made) co_return refuse(request, made.error());
    const auto& locale = web::Locale::of(language(request));
    const auto name = made->link.label.empty() ? locale.text("share.link_unnamed") : made->link.label;
    auto svg = qr_svg(address_of(sharing, made->token), locale.text("share.qr_of", {{"name", name}}));
    auto response = http::text_response(200, std::move(svg), "image/svg+xml");
    response.headers.set("Cache-Control", "private, no-store"); // it is the secret in another shape
    co_return response;
}

// Whose standing is asked for: a person's by login, a link's, the families' of a class; by default one's own.
Result<Viewer> find_subject(db::Tx& tx, const Sharing& sharing, const Viewer& asking, const std::string& login,
                            LinkId link, GroupId families_of) {
    if (!login.empty()) {
        auto person = identity::find_person_by_login(tx, login);
        auto found = person ? identity::find_viewer(tx, person->id) : std::nullopt;
        if (!found) return not_found("share.no_such_person");
        return std::move(*found);
    }
    Viewer holder;
    if (link) {
        add_passes(holder, valid_links(tx, {link}, sharing.world.clock.now()));
        return holder;
    }
    if (families_of) {
        holder.subjects = {everybody, families(families_of)};
        return holder;
    }
    return asking;
}

WhyJson explain(const Standing& standing) {
    WhyJson why{.role = word_of(standing.role),
                .deposit = standing.deposit,
                .trashed = standing.trashed,
                .because = why_word(standing.reason.why)};
    if (const auto& grant = standing.reason.grant) {
        why.item = grant->item;
        why.subject_kind = kind_word(grant->subject_kind);
        if (grant->subject != 0) why.subject = to_base32(grant->subject);
        why.until = grant->until;
    }
    return why;
}

Task<http::Response> show_why(Sharing& sharing, http::Request& request) {
    std::string login{request.query("person")};
    const auto link = parse_id<LinkId>(request.query("link")).value_or(LinkId{});
    const auto class_id = parse_id<GroupId>(request.query("families")).value_or(GroupId{});
    auto why = co_await sharing.db.read([&sharing, who = viewer(request), item = item_of(request), login, link,
                                         class_id](db::Tx& tx) -> Result<WhyJson> {
        const auto now = sharing.world.clock.now();
        TRY(require(tx, who, Action::Manage, item, now));
        auto about = TRY(find_subject(tx, sharing, who, login, link, class_id));
        return explain(standing(tx, about, item, now));
    });
    if (!why) co_return refuse(request, why.error());
    co_return http::json_response(json::text_of(*why));
}

} // namespace

void share_api_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    routes.get("/api/sharing/items/{item}/links", reading, [&](auto& request) { return list_links(sharing, request); });
    routes.post("/api/sharing/items/{item}/links",
                {.access = Member, .body_limit = 8 * 1024, .rate = http::Rate::Write},
                [&](auto& request) { return post_link(sharing, request); });
    routes.get("/api/sharing/items/{item}/why", reading, [&](auto& request) { return show_why(sharing, request); });
    routes.patch("/api/sharing/links/{link}", {.access = Member, .body_limit = 8 * 1024, .rate = http::Rate::Write},
                 [&](auto& request) { return patch_link(sharing, request); });
    routes.post("/api/sharing/links/{link}/restore", {.access = Member, .body_limit = 0, .rate = http::Rate::Write},
                [&](auto& request) { return post_restore(sharing, request); });
    routes.remove("/api/sharing/links/{link}", {.access = Member, .body_limit = 0, .rate = http::Rate::Write},
                  [&](auto& request) { return delete_link(sharing, request); });
    routes.get("/api/sharing/links/{link}/qr.svg", reading, [&](auto& request) { return show_qr(sharing, request); });
}

} // namespace preau::sharing

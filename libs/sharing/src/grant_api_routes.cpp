// /api/sharing/items/ITEM/…: who has access, giving and taking; and whom one may give to.
#include "base/json.hpp"
#include "right_form.hpp"
#include "share_tasks.hpp"
#include "sharing/audience.hpp"
#include "sharing_routes.hpp"
#include "suggestion.hpp"

#include "base/text.hpp"

namespace preau::sharing {
namespace {

struct FromJson {
    std::optional<ItemId> id; // left out when the reader may not see that folder
    std::optional<std::string> title;
};
PREAU_DESCRIBE(FromJson, id, title)

struct GrantJson {
    std::string to; // "person-6k2…", "families-…", "signed-in"
    std::string name;
    std::string detail;
    std::string role; // "view" … "manage", "deposit"
    bool deposit = false;
    std::optional<Millis> until;
    std::optional<FromJson> from; // of an inherited one
};
PREAU_DESCRIBE(GrantJson, to, name, detail, role, deposit, until, from)

struct AccessJson {
    bool restricted = false;
    std::vector<GrantJson> own;
    std::vector<GrantJson> inherited;
};
PREAU_DESCRIBE(AccessJson, restricted, own, inherited)

struct SubjectJson {
    std::string to, name, detail, icon;
    bool off = false; // cannot be given anything here; detail says why
};
PREAU_DESCRIBE(SubjectJson, to, name, detail, icon, off)
struct SubjectsJson {
    std::vector<SubjectJson> subjects;
};
PREAU_DESCRIBE(SubjectsJson, subjects)

http::Response refuse(const http::Request& request, const Error& error) {
    return http::problem(error, web::Locale::of(language(request)).message(error));
}

ItemId item_of(const http::Request& request) { return parse_id<ItemId>(request.parameter("item")).value_or(ItemId{}); }

GrantJson json_of(const AccessLine& line) {
    GrantJson json{.to = text_of({line.grant.subject_kind, line.grant.subject}),
                   .name = line.name,
                   .detail = line.detail,
                   .role = word_of(line.grant.role),
                   .deposit = line.grant.deposit,
                   .until = line.grant.until};
    if (!line.inherited) return json;
    json.from.emplace();
    if (line.from) json.from = FromJson{.id = line.from, .title = line.from_title};
    return json;
}

Task<http::Response> list_access(Sharing& sharing, http::Request& request) {
    const auto& locale = web::Locale::of(language(request));
    auto access = co_await sharing.db.read([&locale, who = viewer(request), id = item_of(request),
                                            now = sharing.world.clock.now()](db::Tx& tx) -> Result<AccessJson> {
        auto item = TRY(require(tx, who, Action::Manage, id, now));
        AccessJson json{.restricted = item.restricted};
        for (const auto& line : access_lines(tx, locale, who, item, now))
            (line.inherited ? json.inherited : json.own).push_back(json_of(line));
        return json;
    });
    if (!access) co_return refuse(request, access.error());
    co_return http::json_response(json::text_of(*access));
}

// {role, deposit, until}; `until` in milliseconds since 1970.
Result<Gift> read_gift(const json::Value& body, const Addressee& who) {
    const auto right = right_of(body["role"].text().value_or(""));
    if (!right) return invalid("role", "share.role_impossible");
    const bool deposit = right->deposit || body["deposit"].boolean().value_or(false);
    return Gift{.to = who.to,
                .role = right->role,
                .deposit = deposit,
                .until = body["until"].integer(),
                .function = who.function,
                .structure = who.structure};
}

Task<http::Response> put_grant(Sharing& sharing, http::Request& request) {
    const auto to = parse_addressee(request.parameter("subject"));
    if (!to) co_return refuse(request, {.kind = Error::Kind::Invalid, .key = "share.no_such_subject", .field = "to"});
    auto body = json::parse(request.body);
    if (!body) co_return refuse(request, body.error());
    auto gift = read_gift(*body, *to);
    if (!gift) co_return refuse(request, gift.error());
    std::vector<Gift> gifts{*gift};
    auto given = co_await give_all(sharing, viewer(request), item_of(request), std::move(gifts));
    if (!given) co_return refuse(request, given.error());
    co_return http::Response{.status = given->waiting ? 202 : 204};
}

Task<http::Response> delete_grant(Sharing& sharing, http::Request& request) {
    const auto from = parse_addressee(request.parameter("subject"));
    if (!from) co_return refuse(request, {.kind = Error::Kind::NotFound, .key = "share.not_given"});
    auto grant = co_await take_away(sharing, viewer(request), item_of(request), from->to);
    if (!grant) co_return refuse(request, grant.error());
    co_return http::Response{.status = 204};
}

Task<http::Response> put_restricted(Sharing& sharing, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refuse(request, body.error());
    const auto on = (*body)["restricted"].boolean();
    if (!on) co_return refuse(request, {.kind = Error::Kind::Malformed, .key = "json_malformed"});
    auto item = co_await close_or_open(sharing, viewer(request), item_of(request), *on);
    if (!item) co_return refuse(request, item.error());
    co_return http::Response{.status = 204};
}

Task<http::Response> find_subjects(Sharing& sharing, http::Request& request) {
    const auto& locale = web::Locale::of(language(request));
    const auto id = parse_id<ItemId>(request.query("item")).value_or(ItemId{});
    auto found = co_await sharing.db.read([&locale, who = viewer(request), id, now = sharing.world.clock.now(),
                                           typed = cut_to_bytes(request.query("q"), 200)](db::Tx& tx) {
        // Of an item that one does not manage nothing is told, its structure included.
        Result<Item> item = not_found("sharing.item");
        if (id) item = require(tx, who, Action::Manage, id, now);
        return suggestions(tx, locale, who, typed, item ? public_sharing_of(tx, *item) : PublicSharing::Possible);
    });
    SubjectsJson json;
    for (auto& one : found)
        json.subjects.push_back(
            {std::move(one.to), std::move(one.name), std::move(one.detail), std::move(one.icon), one.off});
    co_return http::json_response(json::text_of(json));
}

} // namespace

void grant_api_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 8 * 1024, .rate = http::Rate::Write};
    routes.get("/api/sharing/subjects", reading, [&](auto& request) { return find_subjects(sharing, request); });
    routes.get("/api/sharing/items/{item}/access", reading,
               [&](auto& request) { return list_access(sharing, request); });
    routes.put("/api/sharing/items/{item}/grants/{subject}", writing,
               [&](auto& request) { return put_grant(sharing, request); });
    routes.remove("/api/sharing/items/{item}/grants/{subject}", writing,
                  [&](auto& request) { return delete_grant(sharing, request); });
    routes.put("/api/sharing/items/{item}/restricted", writing,
               [&](auto& request) { return put_restricted(sharing, request); });
}

} // namespace preau::sharing

// The same over JSON: GET and POST /api/files/spaces, PATCH and DELETE of one, leaving it, bringing it back.
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/list_json.hpp"
#include "files/spaces/space_deeds.hpp"

namespace preau::files {
namespace {

struct SpaceJson {
    ItemId id;
    std::string name;
    std::string url;
    std::string role;
    bool archived = false;
};
PREAU_DESCRIBE(SpaceJson, id, name, url, role, archived)
struct SpacesJson {
    std::vector<SpaceJson> spaces;
};
PREAU_DESCRIBE(SpacesJson, spaces)

std::optional<Role> role_of(std::string_view name) {
    if (name == "view") return Role::View;
    if (name == "comment") return Role::Comment;
    if (name == "edit") return Role::Edit;
    if (name == "manage") return Role::Manage;
    return std::nullopt;
}

Result<std::pair<Subject, Role>> member_of(const json::Value& value) {
    const auto id = parse_id<ItemId>(value["id"].text().value_or(""));
    const auto role = role_of(value["role"].text().value_or("edit"));
    const auto kind = value["kind"].text().value_or("");
    if (!id || !role) return fail(Error::Kind::Invalid, "files.member_unknown", "members");
    if (kind == "person") return std::pair{preau::subject(PersonId{id->value}), *role};
    if (kind == "group") return std::pair{preau::subject(GroupId{id->value}), *role};
    if (kind == "structure") return std::pair{preau::subject(StructureId{id->value}), *role};
    return fail(Error::Kind::Invalid, "files.member_unknown", "members");
}

Result<NewSpace> space_in(const http::Request& request) {
    auto body = TRY(json::parse(request.body));
    NewSpace space{.title = body["title"].text().value_or("")};
    for (std::size_t i = 0; i < body["members"].size(); ++i)
        space.members.push_back(TRY(member_of(body["members"].at(i))));
    return space;
}

http::Response answer(const Files& files, const http::Request& request, const Result<sharing::Item>& done,
                      int status = 200) {
    if (!done) return refused(files, request, done.error());
    auto response = http::json_response(json::text_of(item_json(files, *done)), status);
    if (status == 201) response.headers.set("Location", files.kinds.address(done->kind, done->id));
    return response;
}

Task<http::Response> list_spaces(Files& files, http::Request& request) {
    auto teams = co_await files.db.read([viewer = sharing::viewer(request), now = files.world.clock.now()](db::Tx& tx) {
        return sharing::teams_of(tx, viewer, now);
    });
    SpacesJson json;
    for (const auto& team : teams)
        json.spaces.push_back({.id = team.id,
                               .name = team.title,
                               .url = files.kinds.address(sharing::team_kind, team.id),
                               .role = role_name(team.role),
                               .archived = team.archived});
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> post_space(Files& files, http::Request& request) {
    auto space = space_in(request);
    if (!space) co_return refused(files, request, space.error());
    co_return answer(files, request, co_await make_space(files, sharing::viewer(request), *std::move(space)), 201);
}

Task<http::Response> patch_space(Files& files, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refused(files, request, body.error());
    auto title = (*body)["title"].text().value_or("");
    co_return answer(files, request, co_await rename_space(files, sharing::viewer(request), item_in(request), title));
}

Task<http::Response> delete_space(Files& files, http::Request& request) {
    co_return answer(files, request, co_await trash_space(files, sharing::viewer(request), item_in(request)));
}

Task<http::Response> restore_space_json(Files& files, http::Request& request) {
    co_return answer(files, request, co_await restore_space(files, sharing::viewer(request), item_in(request)));
}

Task<http::Response> leave_space_json(Files& files, http::Request& request) {
    auto left = co_await leave_space(files, sharing::viewer(request), item_in(request));
    if (!left) co_return refused(files, request, left.error());
    co_return http::json_response("{}");
}

} // namespace

std::string role_name(Role role) {
    switch (role) {
    case Role::Manage: return "manage";
    case Role::Edit: return "edit";
    case Role::Comment: return "comment";
    default: return "view";
    }
}

void space_api_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    constexpr std::size_t body = 64 * 1024;
    router.get("/api/files/spaces", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return list_spaces(files, request); });
    router.post("/api/files/spaces", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_space(files, request); });
    router.patch("/api/files/spaces/{id}", {.access = Member, .body_limit = body, .rate = Write},
                 [&files](http::Request& request) { return patch_space(files, request); });
    router.remove("/api/files/spaces/{id}", {.access = Member, .body_limit = 0, .rate = Write},
                  [&files](http::Request& request) { return delete_space(files, request); });
    router.post("/api/files/spaces/{id}/restore", {.access = Member, .body_limit = 0, .rate = Write},
                [&files](http::Request& request) { return restore_space_json(files, request); });
    router.post("/api/files/spaces/{id}/leave", {.access = Member, .body_limit = 0, .rate = Write},
                [&files](http::Request& request) { return leave_space_json(files, request); });
}

} // namespace preau::files

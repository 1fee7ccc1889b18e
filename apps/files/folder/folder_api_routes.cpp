// The JSON API: whatever a page can do, it can do. POST …/folders is one hop to the writer and nothing else: {name}
// makes a folder, {path: "a/b"} those of the path that are missing, as a dropped folder without a file in it needs
// them.
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_path.hpp"
#include "files/folder/folder_service.hpp"

namespace preau::files {
namespace {

http::Response created(const Files& files, const sharing::Item& item) {
    auto response = http::json_response(json::text_of(item_json(files, item)), 201);
    response.headers.set("Location", files.kinds.address(item.kind, item.id));
    return response;
}

Result<sharing::Item> make_path(db::Tx& tx, Files& files, const Viewer& viewer, ItemId parent, std::string_view path) {
    const auto now = files.world.clock.now();
    TRY(sharing::require(tx, viewer, Action::Edit, parent, now));
    TRY(check_container(tx, parent));
    auto folder = TRY(folder_at_path(tx, files.world, viewer, parent, path));
    return sharing::require(tx, viewer, Action::View, folder, now);
}

Task<http::Response> post_folder_json(Files& files, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refused(files, request, body.error());
    auto parent = item_in(request, "folder");
    auto name = (*body)["name"].text().value_or("");
    auto path = (*body)["path"].text().value_or("");
    auto made = co_await files.db.write(db::lane_of(parent),
                                        [&files, parent, name, path, viewer = sharing::viewer(request)](db::Tx& tx) {
                                            return path.empty() ? create_folder(tx, files.world, viewer, parent, name)
                                                                : make_path(tx, files, viewer, parent, path);
                                        });
    if (!made) co_return refused(files, request, made.error());
    co_return created(files, *made);
}

Task<http::Response> patch_item(Files& files, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refused(files, request, body.error());
    auto name = (*body)["name"].text();
    if (!name) co_return refused(files, request, Error{.key = "name_empty", .field = "name"});
    auto revision = (*body)["revision"].integer().value_or(0);
    auto renamed = co_await rename_named(files, sharing::viewer(request), item_in(request), *name, revision);
    if (!renamed) co_return refused(files, request, renamed.error());
    co_return http::json_response(json::text_of(item_json(files, *renamed)));
}

Task<http::Response> delete_item(Files& files, http::Request& request) {
    auto thrown = co_await throw_away(files, sharing::viewer(request), item_in(request));
    if (!thrown) co_return refused(files, request, thrown.error());
    co_return http::json_response(json::text_of(item_json(files, *thrown)));
}

Task<http::Response> post_restore_json(Files& files, http::Request& request) {
    auto restored = co_await bring_back(files, sharing::viewer(request), item_in(request));
    if (!restored) co_return refused(files, request, restored.error());
    co_return http::json_response(json::text_of(item_json(files, *restored)));
}

} // namespace

void folder_api_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.post("/api/files/{folder}/folders", {.access = Link, .body_limit = 16 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_folder_json(files, request); });
    router.patch("/api/files/{id}", {.access = Link, .body_limit = 16 * 1024, .rate = Write},
                 [&files](http::Request& request) { return patch_item(files, request); });
    router.remove("/api/files/{id}", {.access = Link, .body_limit = 0, .rate = Write},
                  [&files](http::Request& request) { return delete_item(files, request); });
    router.post("/api/files/{id}/restore", {.access = Link, .body_limit = 0, .rate = Write},
                [&files](http::Request& request) { return post_restore_json(files, request); });
}

} // namespace preau::files

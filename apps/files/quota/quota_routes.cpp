// How full a space is: for whoever sees it, and for administrators, who also say how much may lie there.
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/quota/quota.hpp"

#include <algorithm>

namespace preau::files {
namespace {

// An administrator sees no content by that alone, but answers for the disks.
Result<sharing::Item> space_for(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    auto item = viewer.admin ? sharing::find_item(tx, id) : std::nullopt;
    if (!item) item = TRY(sharing::require(tx, viewer, Action::View, id, now));
    if (item->parent) return not_found("sharing.item"); // spaces alone have a count
    return *item;
}

http::Response answer(const Quota& quota) { return http::json_response(json::text_of(quota)); }

Task<http::Response> get_quota(Files& files, http::Request& request) {
    auto quota = co_await files.db.read([&files, viewer = sharing::viewer(request), id = item_in(request),
                                         now = files.world.clock.now()](db::Tx& tx) -> Result<Quota> {
        TRY(space_for(tx, viewer, id, now));
        return quota_of(tx, files.limits.quota, id);
    });
    if (!quota) co_return refused(files, request, quota.error());
    co_return answer(*quota);
}

// Of the space that the item lies in, for who sees that space; else of one's own.
Task<http::Response> get_quota_here(Files& files, http::Request& request) {
    auto item = parse_id<ItemId>(request.query("item")).value_or(ItemId{});
    auto viewer = sharing::viewer(request);
    auto own = co_await own_space(files, viewer.person, words_of(request).text("files.my_files"));
    auto quota = co_await files.db.read([&files, viewer, item, own, now = files.world.clock.now()](db::Tx& tx) {
        auto space = sharing::space_of(tx, item).value_or(own);
        if (!sharing::can(tx, viewer, Action::View, space, now)) space = own;
        return quota_of(tx, files.limits.quota, space);
    });
    co_return answer(quota);
}

// {"limit": 200000000000}, or {"limit": null} for the default again. Below what is used it refuses what comes.
Result<std::optional<std::int64_t>> limit_in(std::string_view body) {
    auto json = json::parse(body);
    if (!json) return std::unexpected(json.error());
    if (std::ranges::count(json->names(), "limit") == 1 && !(*json)["limit"].present()) return std::nullopt;
    auto limit = (*json)["limit"].integer();
    if (!limit || *limit < 0) return invalid("limit", "files.quota_limit");
    return *limit;
}

Task<http::Response> put_quota(Files& files, http::Request& request) {
    auto limit = limit_in(request.body);
    if (!limit) co_return refused(files, request, limit.error());
    auto id = item_in(request);
    auto quota = co_await files.db.write(
        db::lane_of(id), [&files, viewer = sharing::viewer(request), id, limit = *limit](db::Tx& tx) -> Result<Quota> {
            TRY(space_for(tx, viewer, id, files.world.clock.now()));
            set_quota(tx, id, limit);
            sharing::record_event(tx, files.world, viewer, "space.quota", id, limit ? std::to_string(*limit) : "");
            return quota_of(tx, files.limits.quota, id);
        });
    if (!quota) co_return refused(files, request, quota.error());
    co_return answer(*quota);
}

Task<http::Response> post_recount(Files& files, http::Request& request) {
    auto id = item_in(request);
    auto quota = co_await files.db.write(db::lane_of(id),
                                         [&files, viewer = sharing::viewer(request), id](db::Tx& tx) -> Result<Quota> {
                                             TRY(space_for(tx, viewer, id, files.world.clock.now()));
                                             return recount(tx, files.limits.quota, id);
                                         });
    if (!quota) co_return refused(files, request, quota.error());
    co_return answer(*quota);
}

} // namespace

void quota_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/api/files/quota", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_quota_here(files, request); });
    router.get("/api/files/spaces/{id}/quota", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_quota(files, request); });
    router.put("/api/files/spaces/{id}/quota", {.access = Admin, .body_limit = 1024, .rate = Write},
               [&files](http::Request& request) { return put_quota(files, request); });
    router.post("/api/files/spaces/{id}/recount", {.access = Admin, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_recount(files, request); });
}

} // namespace preau::files

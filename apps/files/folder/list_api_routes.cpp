// GET /api/files/ID: a folder in keyed pages, as the folder page's own script reads it. What a row shows is worked out
// by folder_view, so that page and API say the same.
#include "files/folder/list_json.hpp"

#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_service.hpp"
#include "files/preview/file_previews.hpp"

#include <charconv>

namespace preau::files {
namespace {

constexpr int most_rows = 500;

struct FolderJson {
    ItemId id;
    std::string kind;
    std::string name;
    std::string url;
    std::int64_t revision = 0;
    std::string role; // "view", "comment", "edit", "manage"
};
PREAU_DESCRIBE(FolderJson, id, kind, name, url, revision, role)

struct ListJson {
    FolderJson folder;
    std::int64_t count = 0;
    std::vector<RowJson> items;
    std::optional<std::string> next; // value of `after` for the next page
};
PREAU_DESCRIBE(ListJson, folder, count, items, next)

ListJson list_json(const Files& files, const http::Request& request, const Listing& listing, const Reader& reader) {
    const auto view = folder_view(listing, reader);
    const auto& folder = listing.folder;
    ListJson json{.folder = {.id = folder.id,
                             .kind = folder.kind,
                             .name = view.title,
                             .url = view.here,
                             .revision = folder.revision,
                             .role = role_name(listing.role)},
                  .count = listing.count};
    json.items.reserve(listing.rows.size());
    for (std::size_t i = 0; i < listing.rows.size(); ++i)
        add_thumbnail(files, request, json.items.emplace_back(row_json(files, listing.rows[i], view.rows[i], listing)));
    if (listing.next) json.next = key_text(*listing.next);
    return json;
}

Task<http::Response> list_of(Files& files, http::Request& request, ItemId id) {
    auto wish = wish_of(request);
    if (!wish) co_return refused(files, request, wish.error());
    auto listing = co_await files.db.read(
        [id, wish = *wish, now = files.world.clock.now(), viewer = sharing::viewer(request)](db::Tx& tx) {
            return list_folder(tx, viewer, sharing::standing(tx, viewer, id, now), wish, now);
        });
    if (!listing) co_return refused(files, request, listing.error());
    co_return http::json_response(json::text_of(list_json(files, request, *listing, reader_of(files, request))));
}

Task<http::Response> get_list(Files& files, http::Request& request) {
    co_return co_await list_of(files, request, item_in(request));
}

Task<http::Response> get_own_list(Files& files, http::Request& request) {
    auto space = co_await own_space(files, sharing::viewer(request).person, words_of(request).text("files.my_files"));
    co_return co_await list_of(files, request, space);
}

} // namespace

RowJson row_json(const Files& files, const sharing::ChildRow& row, const RowView& view, const Listing& listing) {
    RowJson json{.id = row.id,
                 .kind = row.kind,
                 .name = row.title,
                 .url = files.kinds.address(row.kind, row.id),
                 .icon = view.icon,
                 .hue = view.hue,
                 .extent = view.is_handin ? view.badge : view.size,
                 .changed_at = row.changed_at,
                 .changed = view.modified,
                 .revision = row.revision,
                 .may_edit = view.may_edit,
                 .may_manage = view.may_manage,
                 .audience = {view.audience.text, view.audience.icon},
                 .favourite = listing.favourites.contains(row.id),
                 .shortcut = view.is_shortcut};
    if (!view.see_as.empty()) json.see_as = view.see_as;
    if (!view.copying.empty()) json.copying = view.copying;
    if (auto file = listing.files.find(row.id); file != listing.files.end()) {
        json.size = file->second.size;
        json.type = file->second.type;
        json.sha256 = file->second.sha256;
    }
    return json;
}

std::string_view name_of(sharing::ChildOrder::By order) {
    using enum sharing::ChildOrder::By;
    switch (order) {
    case Changed: return "changed";
    case Size: return "size";
    case Kind: return "kind";
    default: return "name";
    }
}

void add_thumbnail(const Files& files, const http::Request& request, RowJson& row) {
    if (row.type && row.sha256) row.thumbnail = thumbnail_address(files, request, row.id, *row.type, *row.sha256);
}

Result<ListWish> wish_of(const http::Request& request) {
    using By = sharing::ChildOrder::By;
    ListWish wish{.after = TRY(parse_key(request.query("after")))};
    const auto sort = request.query("sort");
    if (sort == "changed")
        wish.order.by = By::Changed;
    else if (sort == "size")
        wish.order.by = By::Size;
    else if (sort == "kind")
        wish.order.by = By::Kind;
    else if (!sort.empty() && sort != "name")
        return fail(Error::Kind::Malformed, "files.order_unknown");
    const auto order = request.query("order");
    wish.order.descending = order == "desc";
    if (!order.empty() && order != "asc" && order != "desc") return fail(Error::Kind::Malformed, "files.order_unknown");
    if (const auto limit = request.query("limit"); !limit.empty()) {
        std::from_chars(limit.data(), limit.data() + limit.size(), wish.limit);
        wish.limit = std::clamp(wish.limit, 1, most_rows);
    }
    return wish;
}

void list_api_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/api/files", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_own_list(files, request); });
    router.get("/api/files/{id}", {.access = Link, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_list(files, request); });
}

} // namespace preau::files

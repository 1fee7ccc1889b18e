// A folder or a choice of items as one archive. Pages lead to a signed address on the second origin, as for downloads;
// its length is known, so browsers show how far it is and go on after a cut (ranges, If-Range).
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/zip/selection.hpp"
#include "files/zip/zip_stream.hpp"
#include "files/zip/zip_walk.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace preau::files {
namespace {

constexpr Millis selection_lasts = 1_days;
// Of signed addresses; in that of a selection the selection stands where an item does.
constexpr std::string_view folder_variant = "zip";
constexpr std::string_view selection_variant = "selection";

struct Wanted {
    sharing::ContentAddress address; // what a signature speaks of
    zip::Chosen chosen;
};

// The right while the bytes leave: on every item that was asked for by name.
zip::StillAllowed ask_again(Files& files, std::function<Result<Viewer>(db::Tx&)> viewer, std::vector<ItemId> items) {
    return [&files, viewer = std::move(viewer), items = std::move(items)](db::Tx& tx) -> Result<void> {
        auto now = files.world.clock.now();
        auto who = TRY(viewer(tx));
        for (auto item : items) TRY(sharing::require(tx, who, Action::View, item, now));
        return {};
    };
}

http::Response archive(const zip::Planned& planned, const http::Request& request) {
    auto name = planned.name.empty() ? words_of(request).text("files.zip_name") : planned.name;
    http::Response response;
    response.headers.set("Content-Type", "application/zip");
    response.headers.set("Content-Disposition", http::content_disposition("attachment", name + ".zip"));
    response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "same-site");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("ETag", fmt::format("\"{}\"", planned.plan->tag()));
    response.headers.set("Cache-Control", "private, no-cache");
    return response;
}

Task<http::Response> send_archive(Files& files, http::Request& request, Viewer viewer, zip::Chosen chosen,
                                  std::function<Result<Viewer>(db::Tx&)> viewer_again) {
    auto planned = co_await zip::plan_archive(files, std::move(viewer), chosen);
    if (!planned) co_return refused(files, request, planned.error());
    auto response = archive(*planned, request);
    response.body = std::make_shared<zip::Stream>(files, planned->plan,
                                                  ask_again(files, std::move(viewer_again), std::move(chosen.items)));
    co_return response;
}

Task<std::vector<ItemId>> selected(Files& files, SelectionId id) {
    co_return co_await files.db.read(
        [id, now = files.world.clock.now()](db::Tx& tx) { return store::selected(tx, id, now); });
}

// Asks before it signs, and plans only where the bytes leave from.
Task<http::Response> lead_to_archive(Files& files, http::Request& request, Wanted wanted) {
    auto viewer = sharing::viewer(request);
    auto again = [viewer](db::Tx&) -> Result<Viewer> { return viewer; };
    const bool signs_each_request = viewer.is_person() && !viewer.session;
    if (files.addresses.content_url.empty() || signs_each_request)
        co_return co_await send_archive(files, request, viewer, std::move(wanted.chosen), again);
    auto allowed = co_await files.db.read(
        [check = ask_again(files, again, wanted.chosen.items)](db::Tx& tx) { return check(tx); });
    if (!allowed) co_return refused(files, request, allowed.error());
    auto now = files.world.clock.now();
    auto response =
        http::redirect(sharing::content_address(request, files.identity, files.addresses, wanted.address, now), 302);
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

Task<http::Response> get_folder(Files& files, http::Request& request) {
    auto id = item_in(request);
    co_return co_await lead_to_archive(
        files, request,
        {.address = {id, std::string{folder_variant}}, .chosen = {.items = {id}, .contents_of_folder = true}});
}

Task<http::Response> get_selection(Files& files, http::Request& request) {
    auto id = parse_id<SelectionId>(request.parameter("selection")).value_or(SelectionId{});
    auto items = co_await selected(files, id);
    if (items.empty()) co_return refused(files, request, not_found("files.zip_unknown").error());
    sharing::ContentAddress address{ItemId{id.value}, std::string{selection_variant}};
    co_return co_await lead_to_archive(files, request, {.address = std::move(address), .chosen = {.items = items}});
}

Result<std::vector<ItemId>> items_in(std::string_view body) {
    auto json = json::parse(body);
    if (!json) return std::unexpected(json.error());
    auto list = (*json)["items"];
    if (list.size() == 0 || list.size() > most_selected) return invalid("items", "files.zip_choose");
    std::vector<ItemId> items;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto item = parse_id<ItemId>(list.at(i).text().value_or(""));
        if (!item) return invalid("items", "files.zip_choose");
        if (std::ranges::find(items, *item) == items.end()) items.push_back(*item);
    }
    return items;
}

struct Made {
    std::string url;
};
PREAU_DESCRIBE(Made, url)

Task<http::Response> post_selection(Files& files, http::Request& request) {
    auto items = items_in(request.body);
    if (!items) co_return refused(files, request, items.error());
    auto viewer = sharing::viewer(request);
    auto id = files.world.ids.next_as<SelectionId>();
    auto made =
        co_await files.db.write(db::lane_of(id), [&files, viewer, id, items = *items](db::Tx& tx) -> Result<void> {
            auto now = files.world.clock.now();
            for (auto item : items) TRY(sharing::require(tx, viewer, Action::View, item, now));
            store::insert_selection(tx, id, items, now + selection_lasts);
            return {};
        });
    if (!made) co_return refused(files, request, made.error());
    co_return http::json_response(json::text_of(Made{"/files/zip/" + to_text(id)}));
}

// What a signature is checked against; a copy, because it is asked again while the bytes leave.
http::Request signed_part(const http::Request& request) {
    http::Request copy;
    copy.query_fields = request.query_fields;
    return copy;
}

// On the second origin: the signature names the viewer, whose right is asked now and again while the bytes leave.
Task<http::Response> send_signed(Files& files, http::Request& request, std::string_view variant) {
    const sharing::ContentAddress what{item_in(request, "item"), std::string{variant}};
    // shared: std::function copies it, and Request cannot be copied
    auto kept = std::make_shared<http::Request>(signed_part(request));
    auto viewer = co_await files.db.read([&files, kept, what](db::Tx& tx) {
        return sharing::content_viewer(tx, files.identity, *kept, what, files.world.clock.now());
    });
    if (!viewer) co_return files.gate.refusal(request, viewer.error());
    zip::Chosen chosen{.items = {what.item}, .contents_of_folder = variant == folder_variant};
    if (!chosen.contents_of_folder) {
        chosen.items = co_await selected(files, SelectionId{what.item.value});
        if (chosen.items.empty()) co_return files.gate.refusal(request, not_found("files.zip_unknown").error());
    }
    // An address that ends in the middle does not end what is under way: only the right does.
    auto viewer_again = [&files, kept, what](db::Tx& tx) {
        return sharing::content_viewer(tx, files.identity, *kept, what, 0);
    };
    co_return co_await send_archive(files, request, *viewer, std::move(chosen), viewer_again);
}

} // namespace

void zip_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files/{id}/zip", {.access = Guest, .body_limit = 0, .rate = Archive},
               [&files](http::Request& request) { return get_folder(files, request); });
    router.get("/files/zip/{selection}", {.access = Guest, .body_limit = 0, .rate = Archive},
               [&files](http::Request& request) { return get_selection(files, request); });
    for (auto variant : {folder_variant, selection_variant})
        router.get(fmt::format("/content/{{item}}/{}", variant),
                   {.access = Guest, .body_limit = 0, .rate = Archive, .origin = http::Origin::Content},
                   [&files, variant](http::Request& request) { return send_signed(files, request, variant); });
    router.post("/api/files/zip", {.access = Link, .body_limit = 64 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_selection(files, request); });
}

} // namespace preau::files

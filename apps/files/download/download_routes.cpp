// Bytes out. Pages lead to a signed address on the second origin, where what people uploaded meets no cookie of ours;
// clients that sign in with each request (HTTP Basic) get the bytes at once. Wherever they come from: as an attachment,
// in a sandbox, with nosniff. What browsers can show without running it (pictures, PDF, text, sound, film) has a second
// address, "inline", on the second origin only.
#include "files/files_routes.hpp"
#include "files/preview/file_previews.hpp"
#include "files/preview/preview_variant.hpp"
#include "files/upload/media_type.hpp"

#include <fmt/core.h>

namespace preau::files {
namespace {

struct Wanted {
    sharing::Item item;
    FileRow row;
    std::string locator;
};

Result<Wanted> find_bytes(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    auto item = TRY(sharing::require(tx, viewer, Action::View, id, now));
    auto row = store::find_file(tx, id);
    if (!row) return not_found("files.no_bytes");
    auto stored = blob::find(tx, row->blob);
    if (!stored) return not_found("files.no_bytes");
    return Wanted{.item = item, .row = *row, .locator = stored->locator};
}

http::Response attachment(const Wanted& wanted, const blob::Source& source) {
    http::Response response;
    response.headers.set("Content-Type", wanted.row.type);
    response.headers.set("Content-Disposition", http::content_disposition("attachment", wanted.item.title));
    response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "same-site");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("ETag", fmt::format("\"{}\"", wanted.row.sha256));
    // Kept by the reader's own browser at most, and asked again each time: a withdrawn right ends at once.
    response.headers.set("Cache-Control", "private, no-cache");
    response.body = http::FileBody{source.descriptor, source.offset, source.length};
    return response;
}

// The sandbox is for PDF too: the viewers of Chromium 156 and Firefox ESR 153 draw it there, alone and in a frame.
// Older Chromium refuses a sandboxed PDF; its readers have the download beside the frame.
http::Response shown(const Files& files, const Wanted& wanted, const blob::Source& source, std::string_view type) {
    auto response = attachment(wanted, source);
    response.headers.set("Content-Type", std::string{type});
    response.headers.set("Content-Disposition", http::content_disposition("inline", wanted.item.title));
    const std::string frames = "frame-ancestors " + files.addresses.public_url;
    response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'; " + frames);
    // The address is signed and names its reader: it may be shown on the page of the other origin.
    response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    return response;
}

Task<http::Response> send_bytes(Files& files, http::Request& request, Viewer viewer, ItemId id, bool in_place = false) {
    auto wanted = co_await files.db.read(
        [viewer, id, now = files.world.clock.now()](db::Tx& tx) { return find_bytes(tx, viewer, id, now); });
    if (!wanted) co_return refused(files, request, wanted.error());
    auto source = co_await files.blobs.open(wanted->locator);
    if (!source) co_return refused(files, request, source.error());
    if (!in_place) co_return attachment(*wanted, *source);
    const auto type = shown_as(wanted->row.type);
    if (type.empty()) co_return refused(files, request, not_found("files.no_look").error());
    co_return shown(files, *wanted, *source, type);
}

// Asks before it signs: an address is a promise only for what the viewer may have now.
Task<http::Response> lead_to_bytes(Files& files, http::Request& request, std::string_view variant) {
    auto id = item_in(request);
    auto viewer = sharing::viewer(request);
    // Who signs in with each request needs no address that would outlive the app password.
    const bool signs_each_request = viewer.is_person() && !viewer.session;
    const bool direct = files.addresses.content_url.empty() || signs_each_request;
    if (direct && variant == "download") co_return co_await send_bytes(files, request, viewer, id);
    auto now = files.world.clock.now();
    auto allowed = co_await files.db.read([viewer, id, now](db::Tx& tx) { return find_bytes(tx, viewer, id, now); });
    if (!allowed) co_return refused(files, request, allowed.error());
    if (variant == "inline" && shown_as(allowed->row.type).empty())
        co_return refused(files, request, not_found("files.no_look").error());
    auto address = sharing::content_address(request, files.identity, files.addresses, {id, std::string{variant}}, now);
    auto response = http::redirect(address, 302);
    response.headers.set("Cache-Control", "no-store"); // the signature ends before any cache would
    co_return response;
}

// On the second origin there is no cookie: the signature names the viewer, whose right is asked again now.
Task<http::Response> get_content(Files& files, http::Request& request) {
    sharing::ContentAddress what{item_in(request, "item"), std::string{request.parameter("variant")}};
    const bool made = preview_variant(what.variant) != nullptr;
    if (what.variant != "download" && what.variant != "inline" && !made)
        co_return files.gate.refusal(request, not_found("files.no_bytes").error());
    auto* asked = &request; // stays in the handler's frame until the read ended
    auto viewer = co_await files.db.read([&files, asked, what, now = files.world.clock.now()](db::Tx& tx) {
        return sharing::content_viewer(tx, files.identity, *asked, what, now);
    });
    if (!viewer) co_return files.gate.refusal(request, viewer.error());
    if (made) co_return co_await send_preview(files, request, *viewer, what.item, what.variant);
    co_return co_await send_bytes(files, request, *viewer, what.item, what.variant == "inline");
}

} // namespace

void download_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files/{id}/download", {.access = Guest, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return lead_to_bytes(files, request, "download"); });
    router.get("/files/{id}/inline", {.access = Guest, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return lead_to_bytes(files, request, "inline"); });
    router.get("/api/files/{id}/content", {.access = Link, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return lead_to_bytes(files, request, "download"); });
    router.get("/content/{item}/{variant}",
               {.access = Guest, .body_limit = 0, .rate = Read, .origin = http::Origin::Content},
               [&files](http::Request& request) { return get_content(files, request); });
}

} // namespace preau::files

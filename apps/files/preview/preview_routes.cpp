// GET /files/ID/preview/VARIANT leads to a signed address on the second origin, where the right is asked again and the
// preview is made if it is not there yet.
#include "files/preview/file_previews.hpp"
#include "files/preview/preview_variant.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace preau::files {
namespace {

struct Shown {
    sharing::Item item;
    FileRow row;
    blob::Stored stored;
};

Result<Shown> find_shown(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    auto item = TRY(sharing::require(tx, viewer, Action::View, id, now));
    auto row = store::find_file(tx, id);
    if (!row) return not_found("files.no_bytes");
    auto stored = blob::find(tx, row->blob);
    if (!stored) return not_found("files.no_bytes");
    return Shown{.item = item, .row = *row, .stored = *stored};
}

http::Response shown(const Files& files, const preview::Made& made, std::string_view title,
                     const blob::Source& source) {
    const auto frames = "frame-ancestors " + files.addresses.public_url;
    http::Response response;
    response.headers.set("Content-Type", made.type);
    response.headers.set("Content-Disposition", http::content_disposition("inline", title));
    response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'; " + frames);
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "cross-origin"); // signed, for a page of the other origin
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("ETag", fmt::format("\"{}\"", made.hash));
    // Kept by the reader's own browser, which asks each time whether it may still show it: a right that was withdrawn
    // ends on the shared tablet too, and asking costs a 304.
    response.headers.set("Cache-Control", "private, no-cache");
    response.body = http::FileBody{source.descriptor, source.offset, source.length};
    return response;
}

std::string signed_address(const Files& files, const http::Request& request, ItemId item, std::string_view variant,
                           std::string_view sha256) {
    auto address = sharing::content_address(request, files.identity, files.addresses, {item, std::string{variant}},
                                            files.world.clock.now());
    // Not signed: it says nothing but which bytes the page meant, for the browser's cache.
    return address + "&v=" + std::string{sha256.substr(0, 16)};
}

std::string preview_title(const std::string& title, preview::What what) {
    switch (what) {
    case preview::What::Document: return title + ".pdf";
    case preview::What::Text: return title + ".txt";
    default: return title + ".webp";
    }
}

// Without a second origin nothing of what people upload is shown: there it could read cookies.
Task<http::Response> lead_to_preview(Files& files, http::Request& request) {
    const auto id = item_in(request);
    const std::string variant{request.parameter("variant")};
    const auto* known = preview_variant(variant);
    auto shown = co_await files.db.read([id, viewer = sharing::viewer(request), now = files.world.clock.now()](
                                            db::Tx& tx) { return find_shown(tx, viewer, id, now); });
    if (!shown) co_return refused(files, request, shown.error());
    if (!known || files.addresses.content_url.empty())
        co_return refused(files, request, not_found("preview.impossible").error());
    auto response = http::redirect(signed_address(files, request, id, variant, shown->row.sha256), 302);
    response.headers.set("Cache-Control", "no-store"); // the signature ends before any cache would
    co_return response;
}

} // namespace

std::optional<std::string> thumbnail_address(const Files& files, const http::Request& request, ItemId item,
                                             std::string_view media_type, std::string_view sha256) {
    if (!files.previews || files.addresses.content_url.empty()) return std::nullopt;
    if (!files.previews->can_make(preview::What::Thumbnail, media_type)) return std::nullopt;
    return signed_address(files, request, item, "thumb", sha256);
}

std::optional<LookView> look_of_preview(const Files& files, const http::Request& request, ItemId item,
                                        const FileRow& file) {
    if (!files.previews || files.addresses.content_url.empty()) return std::nullopt;
    if (files.previews->can_make(preview::What::Document, file.type))
        return LookView{.address = signed_address(files, request, item, "document", file.sha256), .document = true};
    if (files.previews->can_make(preview::What::Large, file.type))
        return LookView{.address = signed_address(files, request, item, "large", file.sha256), .picture = true};
    return std::nullopt;
}

Task<http::Response> send_preview(Files& files, http::Request& request, Viewer viewer, ItemId item,
                                  std::string variant) {
    const auto* known = preview_variant(variant);
    auto found = co_await files.db.read(
        [viewer, item, now = files.world.clock.now()](db::Tx& tx) { return find_shown(tx, viewer, item, now); });
    if (!found) co_return refused(files, request, found.error());
    if (!files.previews)
        co_return files.gate.refusal(request, {.kind = Error::Kind::Unavailable, .key = "preview.off"});
    auto made = co_await files.previews->make(known->what, found->stored, found->row.type);
    if (!made) co_return files.gate.refusal(request, made.error());
    auto source = co_await files.blobs.open(made->locator);
    if (!source) co_return files.gate.refusal(request, source.error());
    co_return shown(files, *made, preview_title(found->item.title, known->what), *source);
}

void preview_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files/{id}/preview/{variant}", {.access = Guest, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return lead_to_preview(files, request); });
}

} // namespace preau::files

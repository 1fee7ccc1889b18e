// Two ways in: PUT of one file (browser with script, command line, foreign clients), and the plain form post.
#include "base/json.hpp"
#include "base/text.hpp"
#include "files/files_routes.hpp"
#include "files/upload/upload_service.hpp"
#include "http/multipart.hpp"

#include <fmt/core.h>

namespace preau::files {
namespace {

Result<IfTaken> if_taken_of(const http::Request& request) {
    auto stated = request.query("if_taken");
    if (stated.empty() || stated == "refuse") return IfTaken::Refuse;
    if (stated == "number") return IfTaken::Number;
    if (stated == "replace") return IfTaken::Replace;
    return invalid("if_taken", "files.if_taken_unknown");
}

Task<Result<Room>> check_before_reading(Files& files, Viewer viewer, Upload upload,
                                        std::optional<std::uint64_t> stated) {
    co_return co_await files.db.read(
        [&files, viewer, upload, stated](db::Tx& tx) { return check_upload(tx, files, viewer, upload, stated); });
}

// Names the bytes, or removes them when the rules refuse. On an exception they stay for the sweep: after a broken
// connection nobody knows whether the commit came through, and a row without its bytes is the one thing not to be had.
Task<Result<Kept>> name_bytes(Files& files, Viewer viewer, ItemId space, Upload upload, blob::Stored stored) {
    auto kept = co_await files.db.write(db::lane_of(space), [&files, viewer, upload, stored](db::Tx& tx) {
        return keep_upload(tx, files, viewer, upload, stored);
    });
    if (!kept) files.blobs.remove(stored.locator);
    co_return kept;
}

Task<Result<std::size_t>> pull_body(http::BodyReader* body, std::span<std::byte> buffer) {
    co_return co_await body->read(buffer);
}

Task<Result<std::size_t>> pull_part(http::MultipartReader* parts, std::span<std::byte> buffer) {
    co_return co_await parts->read(buffer);
}

Task<Result<Kept>> take_body(Files& files, http::Request& request, Upload upload, std::string sha256) {
    auto viewer = sharing::viewer(request);
    auto* body = request.stream.get();
    auto room = co_await check_before_reading(files, viewer, upload, body->length());
    if (!room) co_return std::unexpected(room.error());
    auto stored = co_await receive(
        files.blobs, [body](std::span<std::byte> buffer) { return pull_body(body, buffer); }, files.limits.upload,
        *room, sha256);
    if (!stored) co_return std::unexpected(stored.error());
    co_return co_await name_bytes(files, viewer, room->space, upload, *stored);
}

Task<http::Response> put_child(Files& files, http::Request& request) {
    auto if_taken = if_taken_of(request);
    if (!if_taken) co_return refused(files, request, if_taken.error());
    auto sha256 = stated_sha256(request.headers.find("content-digest"), request.headers.find("repr-digest"));
    if (!sha256) co_return refused(files, request, sha256.error());
    Upload upload{
        .folder = item_in(request, "folder"), .name = std::string{request.parameter("name")}, .if_taken = *if_taken};
    auto kept = co_await take_body(files, request, upload, *sha256);
    if (!kept) co_return refused(files, request, kept.error());
    auto response =
        http::json_response(json::text_of(item_json(files, kept->item, &kept->file)), kept->replaced ? 200 : 201);
    response.headers.set("ETag", fmt::format("\"{}\"", kept->file.sha256));
    response.headers.set("Location", "/files/" + to_text(kept->item.id));
    co_return response;
}

Task<Result<Kept>> take_part(Files& files, Viewer viewer, http::MultipartReader* parts, Upload upload) {
    auto room = co_await check_before_reading(files, viewer, upload, std::nullopt);
    if (!room) co_return std::unexpected(room.error());
    auto stored =
        co_await receive(files.blobs, [parts](std::span<std::byte> buffer) { return pull_part(parts, buffer); },
                         files.limits.upload, *room, {});
    if (!stored) co_return std::unexpected(stored.error());
    co_return co_await name_bytes(files, viewer, room->space, upload, *stored);
}

struct Taken { // of a form post: what is stored so far, and what stopped it
    std::int64_t files = 0;
    std::optional<Error> error;
};

Task<Taken> take_parts(Files& files, http::Request& request, ItemId folder) {
    http::MultipartReader parts{*request.stream, request.headers.find("content-type")};
    Taken taken;
    for (;;) {
        auto part = co_await parts.next();
        if (!part) taken.error = part.error();
        if (!part || !*part) co_return taken;
        if (!(*part)->filename || (*part)->filename->empty()) continue; // a text field, or no file chosen
        if (taken.files == files.limits.files_at_once) {
            taken.error = Error{.kind = Error::Kind::TooLarge, .key = "files.too_many"};
            co_return taken;
        }
        Upload upload{.folder = folder, .name = base_name(*(*part)->filename), .if_taken = IfTaken::Number};
        auto kept = co_await take_part(files, sharing::viewer(request), &parts, upload);
        if (!kept) {
            taken.error = kept.error();
            co_return taken;
        }
        ++taken.files;
    }
}

Task<http::Response> post_upload(Files& files, http::Request& request) {
    auto folder = item_in(request);
    Upload any{.folder = folder, .name = "x", .if_taken = IfTaken::Number};
    // A form of several files that cannot all fit is refused while it is still at the sender's.
    auto stated = request.stream->length();
    auto inside = stated ? std::optional{*stated - std::min(*stated, most_form_overhead)} : std::nullopt;
    auto allowed = co_await check_before_reading(files, sharing::viewer(request), any, inside);
    if (!allowed && allowed.error().kind == Error::Kind::StorageFull)
        co_return co_await show_after_upload(files, request, folder, 0, allowed.error());
    if (!allowed) co_return refused(files, request, allowed.error());
    auto taken = co_await take_parts(files, request, folder);
    if (taken.error) {
        taken.error->field.clear(); // the name it speaks of is the file's, not that of the form for a new folder
        co_return co_await show_after_upload(files, request, folder, taken.files, *taken.error);
    }
    co_return http::redirect(fmt::format("/files/{}?uploaded={}", to_text(folder), taken.files));
}

} // namespace

void upload_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.put("/api/files/{folder}/children/{name}",
               {.access = Link, .body_limit = files.limits.upload, .rate = Upload, .body = http::Body::Streamed},
               [&files](http::Request& request) { return put_child(files, request); });
    router.post("/files/{id}/upload",
                {.access = Link, .body_limit = files.limits.upload, .rate = Upload, .body = http::Body::Streamed},
                [&files](http::Request& request) { return post_upload(files, request); });
}

} // namespace preau::files

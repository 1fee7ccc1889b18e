// Uploads that go on after a cut: tus 1.0 with creation, creation-with-upload, expiration, termination and checksum.
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "files/files_routes.hpp"
#include "files/resume/receive_part.hpp"
#include "files/resume/tus.hpp"
#include "files/resume/upload_metadata.hpp"
#include "files/zip/selection.hpp"

namespace preau::files {
namespace {

http::Response refusal(Files& files, const http::Request& request, const Error& error) {
    return tus::stamped(refused(files, request, error));
}

Result<IfTaken> if_taken_of(std::string_view stated) {
    if (stated.empty() || stated == "refuse") return IfTaken::Refuse;
    if (stated == "number") return IfTaken::Number;
    if (stated == "replace") return IfTaken::Replace;
    return invalid("if_taken", "files.if_taken_unknown");
}

// `filename` is what tus clients send by habit, `name` what some do.
Result<Wanted> wanted_in(const http::Request& request) {
    TRY(tus::check_version(request));
    auto told = TRY(parse_upload_metadata(request.headers.find("upload-metadata")));
    auto length = TRY(tus::number_in(request, "Upload-Length"));
    return Wanted{.folder = item_in(request, "folder"),
                  .path = told["path"],
                  .name = told.contains("filename") ? told["filename"] : told["name"],
                  .if_taken = TRY(if_taken_of(told["if_taken"])),
                  .first_name = told["first_name"],
                  .length = length};
}

void say_outcome(http::Response& response, const Resumable& row, std::string_view token) {
    tus::say_offset(response, row.received, row.expires_at);
    if (!row.finished()) return;
    // A family learns the address of its receipt, and nothing of the folder that its file went to.
    if (row.is_deposit())
        response.headers.set("Preau-Receipt", "/files/receipts/" + receipt_token_of(token));
    else
        response.headers.set("Preau-Item", to_text(row.item));
}

Task<Result<Resumable>> begin(Files& files, Viewer viewer, Wanted wanted, std::string token) {
    co_return co_await files.db.write(db::lane_of(wanted.folder), [&files, viewer, wanted, token](db::Tx& tx) {
        return begin_upload(tx, files, viewer, wanted, token);
    });
}

Task<http::Response> create_upload(Files& files, http::Request& request) {
    auto wanted = wanted_in(request);
    if (!wanted) co_return refusal(files, request, wanted.error());
    auto viewer = sharing::viewer(request);
    auto token = files.world.random.token(16);
    auto row = co_await begin(files, viewer, *wanted, token);
    if (!row) co_return refusal(files, request, row.error());
    http::Response response{.status = 201};
    // Creation with upload; and an empty file is finished by its creation, because nothing will ever come for it.
    if (tus::has_body(request) || row->length == 0) {
        auto sha256 = tus::checksum_in(request);
        if (!sha256) co_return refusal(files, request, sha256.error());
        Part part{.token = token, .offset = 0, .sha256 = *sha256, .handins = words_of(request).text("files.handins")};
        auto received =
            co_await receive_part(files, viewer, part, tus::has_body(request) ? request.stream.get() : nullptr);
        if (!received) response = refused(files, request, received.error());
        if (received) row = received;
    }
    response.headers.set("Location", "/api/files/uploads/" + token);
    if (response.status == 201) say_outcome(response, *row, token);
    co_return tus::stamped(std::move(response));
}

Task<Result<Resumable>> find_own(Files& files, const http::Request& request) {
    auto known = tus::check_version(request);
    if (!known) co_return std::unexpected(known.error());
    co_return co_await files.db.read(
        [&files, viewer = sharing::viewer(request), token = std::string{request.parameter("token")}](db::Tx& tx) {
            return find_upload(tx, files, viewer, token);
        });
}

// HEAD; the server leaves out the body of a GET.
Task<http::Response> show_upload(Files& files, http::Request& request) {
    auto row = co_await find_own(files, request);
    if (!row) co_return refusal(files, request, row.error());
    http::Response response{.status = 200};
    say_outcome(response, *row, request.parameter("token"));
    response.headers.set("Upload-Length", std::to_string(row->length));
    co_return tus::stamped(std::move(response));
}

Result<Part> part_in(const http::Request& request) {
    TRY(tus::check_version(request));
    if (!tus::has_body(request))
        return std::unexpected(
            Error{.kind = Error::Kind::Malformed, .key = "files.tus_type", .values = {{"status", "415"}}});
    return Part{.token = std::string{request.parameter("token")},
                .offset = TRY(tus::number_in(request, "Upload-Offset")),
                .sha256 = TRY(tus::checksum_in(request)),
                .handins = words_of(request).text("files.handins")};
}

Task<http::Response> take_part(Files& files, http::Request& request) {
    auto part = part_in(request);
    if (!part) co_return refusal(files, request, part.error());
    auto row = co_await receive_part(files, sharing::viewer(request), *part, request.stream.get());
    if (!row) co_return refusal(files, request, row.error());
    http::Response response{.status = 204};
    say_outcome(response, *row, part->token);
    co_return tus::stamped(std::move(response));
}

Task<http::Response> give_up(Files& files, http::Request& request) {
    auto row = co_await find_own(files, request);
    if (!row) co_return refusal(files, request, row.error());
    co_await files.db.write(db::lane_of(row->id), [&files, id = row->id](db::Tx& tx) { drop_upload(tx, files, id); });
    co_return tus::stamped({.status = 204});
}

Task<http::Response> say_capabilities(Files& files) { co_return tus::capabilities(files.limits.upload); }

Task<void> purge(Files& files, jobs::Job) {
    co_await files.db.write(db::Lane{},
                            [now = files.world.clock.now()](db::Tx& tx) { store::delete_selections(tx, now); });
    for (;;) {
        auto purged = co_await files.db.write(db::Lane{}, [&files](db::Tx& tx) { return purge_uploads(tx, files); });
        if (purged == 0) co_return;
        log::info("files: gave up uploads that nobody went on with, count={}", purged);
    }
}

} // namespace

void resume_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    const http::Rule part{
        .access = Link, .body_limit = files.limits.upload, .rate = Part, .body = http::Body::Streamed};
    const http::Rule none{.access = Link, .body_limit = 0, .rate = Part};
    router.post("/api/files/{folder}/uploads",
                {.access = Link, .body_limit = files.limits.upload, .rate = Upload, .body = http::Body::Streamed},
                [&files](http::Request& request) { return create_upload(files, request); });
    router.get("/api/files/uploads/{token}", none,
               [&files](http::Request& request) { return show_upload(files, request); });
    router.patch("/api/files/uploads/{token}", part,
                 [&files](http::Request& request) { return take_part(files, request); });
    router.remove("/api/files/uploads/{token}", none,
                  [&files](http::Request& request) { return give_up(files, request); });
    for (auto pattern : {"/api/files/{folder}/uploads", "/api/files/uploads/{token}"})
        router.options(pattern, {.access = Guest, .body_limit = 0, .rate = Read},
                       [&files](http::Request&) { return say_capabilities(files); });
}

void resume_jobs(Files& files) {
    files.world.jobs.handle("files.purge_uploads", [&files](jobs::Job job) { return purge(files, std::move(job)); });
    files.world.jobs.every(10_min, "files.purge_uploads");
}

} // namespace preau::files

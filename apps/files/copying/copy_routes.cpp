// POST /api/files/copy, and how far a copy that goes on as a job has come.
#include "files/copying/copying.hpp"

#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/places/outcome_json.hpp"
#include "sharing/moving.hpp"

namespace preau::files {
namespace {

struct JobJson {
    CopyId id;
    std::string state; // "running", "done", "failed", "cancelled"
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::optional<std::string> title; // why it failed
};
PREAU_DESCRIBE(JobJson, id, state, done, total, title)

std::string state_name(CopyState::State state) {
    switch (state) {
    case CopyState::State::Running: return "running";
    case CopyState::State::Done: return "done";
    case CopyState::State::Failed: return "failed";
    case CopyState::State::Cancelled: return "cancelled";
    }
    return {};
}

Task<http::Response> post_copy(Files& files, http::Request& request) {
    auto asked = read_items(request);
    if (!asked) co_return refused(files, request, asked.error());
    auto viewer = sharing::viewer(request);
    auto copied = co_await files.db.write(db::lane_of(asked->to),
                                          [&files, viewer, items = asked->items, to = asked->to](db::Tx& tx) {
                                              return copy_items(tx, files, viewer, items, to);
                                          });
    if (!copied) co_return refused(files, request, copied.error());
    const auto& words = words_of(request);
    OutcomeJson json;
    for (const auto& outcome : copied->outcomes) {
        if (outcome.item)
            json.done.push_back({.id = outcome.item->id, .name = outcome.item->title});
        else
            json.failed.push_back({to_text(outcome.source), words.message(outcome.item.error())});
    }
    add_nonsense(json, *asked, words);
    if (copied->job) json.job = to_text(*copied->job);
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> get_job(Files& files, http::Request& request) {
    auto id = parse_id<CopyId>(request.parameter("job")).value_or(CopyId{});
    auto found = co_await files.db.read(
        [id, viewer = sharing::viewer(request)](db::Tx& tx) { return find_copy(tx, viewer, id); });
    if (!found) co_return refused(files, request, found.error());
    JobJson json{.id = id, .state = state_name(found->state), .done = found->done, .total = found->total};
    if (!found->problem.empty()) json.title = words_of(request).message(Error{.key = found->problem});
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> delete_job(Files& files, http::Request& request) {
    auto id = parse_id<CopyId>(request.parameter("job")).value_or(CopyId{});
    auto viewer = sharing::viewer(request);
    auto roots =
        co_await files.db.write(db::lane_of(id), [id, viewer](db::Tx& tx) { return cancel_copy(tx, viewer, id); });
    if (!roots) co_return refused(files, request, roots.error());
    if (!roots->empty())
        (void)co_await sharing::change_places(files.db, files.world, viewer,
                                              {.what = sharing::Change::What::Trash, .items = *roots});
    co_return co_await get_job(files, request);
}

} // namespace

void copy_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.post("/api/files/copy", {.access = Link, .body_limit = 64 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_copy(files, request); });
    router.get("/api/files/jobs/{job}", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_job(files, request); });
    router.remove("/api/files/jobs/{job}", {.access = Member, .body_limit = 0, .rate = Write},
                  [&files](http::Request& request) { return delete_job(files, request); });
}

} // namespace preau::files

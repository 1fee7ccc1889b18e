// POST /api/files/move, /trash, /restore: many items in one transaction. What fails says why and stops nobody else.
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_service.hpp"
#include "sharing/moving.hpp"

namespace preau::files {
namespace {

using What = sharing::Change::What;

struct DoneJson {
    ItemId id;
    std::string name;
    std::optional<ItemId> from; // where it stood: moving it back there undoes the move
};
PREAU_DESCRIBE(DoneJson, id, name, from)

struct FailedJson {
    std::string id;
    std::string title; // why, in the reader's language
};
PREAU_DESCRIBE(FailedJson, id, title)

struct OutcomeJson {
    std::vector<DoneJson> done;
    std::vector<FailedJson> failed;
};
PREAU_DESCRIBE(OutcomeJson, done, failed)

struct Asked {
    sharing::Change change;
    std::vector<std::string> nonsense; // what is no id at all: told like what is not there
};

Result<Asked> asked(const http::Request& request, What what) {
    auto body = TRY(json::parse(request.body));
    const auto items = body["items"];
    Asked asked{.change = {.what = what}};
    if (items.size() > sharing::most_at_once) return fail(Error::Kind::Invalid, "sharing.too_many");
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto text = items.at(i).text().value_or("");
        if (auto id = parse_id<ItemId>(text); id && *id)
            asked.change.items.push_back(*id);
        else
            asked.nonsense.push_back(std::move(text));
    }
    if (asked.change.items.empty() && asked.nonsense.empty()) return invalid("items", "files.no_items");
    if (what != What::Move) return asked;
    asked.change.to = parse_id<ItemId>(body["to"].text().value_or("")).value_or(ItemId{});
    const auto if_taken = body["if_taken"].text().value_or("refuse");
    if (if_taken == "number")
        asked.change.if_taken = sharing::NewItem::IfTaken::Number;
    else if (if_taken != "refuse")
        return invalid("if_taken", "files.if_taken_unknown");
    return asked;
}

Task<http::Response> change(Files& files, http::Request& request, What what) {
    auto asked_for = asked(request, what);
    if (!asked_for) co_return refused(files, request, asked_for.error());
    auto viewer = sharing::viewer(request);
    if (what == What::Move) {
        auto target = co_await check_target(files, viewer, asked_for->change.to);
        if (!target) co_return refused(files, request, target.error());
    }
    auto outcomes = co_await sharing::change_places(files.db, files.world, viewer, asked_for->change);
    if (!outcomes) co_return refused(files, request, outcomes.error());
    const auto& words = words_of(request);
    OutcomeJson json;
    for (auto& outcome : *outcomes) {
        if (!outcome.item) {
            json.failed.push_back({to_text(outcome.id), words.message(outcome.item.error())});
            continue;
        }
        json.done.push_back({.id = outcome.id, .name = outcome.item->title});
        if (what == What::Move) json.done.back().from = outcome.from;
    }
    for (auto& text : asked_for->nonsense) json.failed.push_back({std::move(text), words.text("sharing.item")});
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> post_move(Files& files, http::Request& request) { return change(files, request, What::Move); }
Task<http::Response> post_trash(Files& files, http::Request& request) { return change(files, request, What::Trash); }
Task<http::Response> post_restore(Files& files, http::Request& request) {
    return change(files, request, What::Restore);
}

} // namespace

Task<Result<void>> check_target(Files& files, Viewer viewer, ItemId folder) {
    co_return co_await files.db.read([viewer, folder, now = files.world.clock.now()](db::Tx& tx) -> Result<void> {
        auto item = TRY(sharing::require(tx, viewer, Action::Edit, folder, now));
        if (!is_container(item.kind)) return fail(Error::Kind::Invalid, "files.not_a_folder");
        return {};
    });
}

void place_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    constexpr std::size_t body = 64 * 1024; // a thousand ids and some room
    router.post("/api/files/move", {.access = Link, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_move(files, request); });
    router.post("/api/files/trash", {.access = Link, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_trash(files, request); });
    router.post("/api/files/restore", {.access = Link, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_restore(files, request); });
}

} // namespace preau::files

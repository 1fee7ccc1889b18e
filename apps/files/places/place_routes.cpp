// POST /api/files/move, /trash, /restore: many items in one transaction. What fails says why and stops nobody else.
#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_service.hpp"
#include "files/places/outcome_json.hpp"
#include "sharing/moving.hpp"

namespace preau::files {
namespace {

using What = sharing::Change::What;

Result<sharing::Change> change_in(const AskedItems& asked, What what) {
    using IfTaken = sharing::NewItem::IfTaken;
    sharing::Change change{.what = what, .items = asked.items, .to = asked.to};
    if (what != What::Move || asked.if_taken.empty() || asked.if_taken == "refuse") return change;
    if (asked.if_taken != "number") return invalid("if_taken", "files.if_taken_unknown");
    change.if_taken = IfTaken::Number;
    return change;
}

Task<http::Response> change(Files& files, http::Request& request, What what) {
    auto asked = read_items(request);
    if (!asked) co_return refused(files, request, asked.error());
    auto wanted = change_in(*asked, what);
    if (!wanted) co_return refused(files, request, wanted.error());
    auto viewer = sharing::viewer(request);
    if (what == What::Move) {
        auto target = co_await check_target(files, viewer, wanted->to);
        if (!target) co_return refused(files, request, target.error());
    }
    // What goes to another space has to fit there, with all that it holds.
    wanted->leaving = [&files](db::Tx& tx, const sharing::Item& item, ItemId space) {
        return charge_move(tx, files.limits.quota, item.space, space, bytes_below(tx, item.id));
    };
    auto outcomes = co_await sharing::change_places(files.db, files.world, viewer, *wanted);
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
    add_nonsense(json, *asked, words);
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> post_move(Files& files, http::Request& request) { return change(files, request, What::Move); }
Task<http::Response> post_trash(Files& files, http::Request& request) { return change(files, request, What::Trash); }
Task<http::Response> post_restore(Files& files, http::Request& request) {
    return change(files, request, What::Restore);
}

} // namespace

Result<AskedItems> read_items(const http::Request& request) {
    auto body = TRY(json::parse(request.body));
    const auto items = body["items"];
    if (items.size() > sharing::most_at_once) return fail(Error::Kind::Invalid, "sharing.too_many");
    AskedItems asked{.to = parse_id<ItemId>(body["to"].text().value_or("")).value_or(ItemId{}),
                     .if_taken = body["if_taken"].text().value_or("")};
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto text = items.at(i).text().value_or("");
        if (auto id = parse_id<ItemId>(text))
            asked.items.push_back(*id);
        else
            asked.nonsense.push_back(std::move(text));
    }
    if (asked.items.empty() && asked.nonsense.empty()) return invalid("items", "files.no_items");
    return asked;
}

void add_nonsense(OutcomeJson& json, const AskedItems& asked, const web::Locale& words) {
    for (const auto& text : asked.nonsense) json.failed.push_back({text, words.text("sharing.item")});
}

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

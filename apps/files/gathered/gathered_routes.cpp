// /files/shared, /files/recents and /files/favourites: pages, the same as JSON, and what one does with what others
// shared: not show it any more, show it again, give it back.
#include "files/gathered/gathered.hpp"

#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/list_json.hpp"

namespace preau::files {
namespace {

struct Wording {
    At at;
    const char *title, *hint, *empty_title, *empty_hint, *icon, *address;
};
Wording wording(Gathered which) {
    switch (which) {
    case Gathered::Shared:
        return {At::Shared,           "files.shared_with_me",    "files.shared_hint",
                "files.shared_empty", "files.shared_empty_hint", "share",
                "/files/shared?"};
    case Gathered::Hidden:
        return {
            At::Shared, "files.hidden_shares",    "files.hidden_hint", "files.hidden_empty", "files.hidden_empty_hint",
            "eye-off",  "/files/shared?hidden=1&"};
    case Gathered::Recents:
        return {At::Recents, "files.recents",  "files.recents_hint", "files.recents_empty", "files.recents_empty_hint",
                "clock",     "/files/recents?"};
    case Gathered::Favourites: break;
    }
    return {At::Favourites,
            "files.favourites",
            "files.favourites_hint",
            "files.favourites_empty",
            "files.favourites_empty_hint",
            "star",
            "/files/favourites?"};
}

void add_sharing(RowView& view, const sharing::SharedRow& shared, const GatheredList& list, Gathered which,
                 const Reader& reader) {
    const auto& words = reader.locale;
    auto giver = list.givers.at(shared.item.id);
    view.has_note = true;
    view.note = words.text("files.shared_by", {{"name", giver.empty() ? words.text("files.somebody") : giver},
                                               {"when", words.ago(shared.at, reader.now, reader.zone)}});
    view.can_hide = which == Gathered::Shared;
    view.can_show = which == Gathered::Hidden;
    view.can_leave = shared.direct;
}

std::vector<RowView> rows_of(const GatheredList& list, Gathered which, const Reader& reader) {
    auto rows = folder_rows(list.listing, reader);
    for (std::size_t i = 0; i < list.shared.size() && i < rows.size(); ++i)
        add_sharing(rows[i], list.shared[i], list, which, reader);
    return rows;
}

Task<Result<GatheredList>> find(Files& files, const http::Request& request, Gathered which, int limit) {
    co_return co_await files.db.read(
        [&files, which, limit, viewer = sharing::viewer(request), after = std::string{request.query("after")},
         now = files.world.clock.now()](db::Tx& tx) { return gather(tx, files, viewer, which, after, limit, now); });
}

Task<http::Response> show(Files& files, http::Request& request, Gathered which) {
    auto list = co_await find(files, request, which, rows_per_page);
    if (!list) co_return refused(files, request, list.error());
    const auto reader = reader_of(files, request);
    const auto& words = reader.locale;
    const auto says = wording(which);
    GatheredView view{.side = side_view(list->side, says.at),
                      .title = words.text(says.title),
                      .hint = words.text(says.hint),
                      .rows = rows_of(*list, which, reader),
                      .empty = list->listing.rows.empty() && list->next.empty(),
                      .empty_title = words.text(says.empty_title),
                      .empty_hint = words.text(says.empty_hint),
                      .empty_icon = says.icon,
                      .next = says.address + ("after=" + list->next),
                      .has_next = !list->next.empty(),
                      .can_show_hidden = which == Gathered::Shared,
                      .is_hidden = which == Gathered::Hidden};
    view.which = which == Gathered::Recents ? "recents" : which == Gathered::Favourites ? "favourites" : "shared";
    if (request.cookie("files_view") == "tiles") view.layout = "tiles";
    co_return files.pages.page(shell_of(request, view.title, "files/folder"), "files/gathered/gathered_page.html",
                               view);
}

Gathered shared_or_hidden(const http::Request& request) {
    return request.query("hidden") == "1" ? Gathered::Hidden : Gathered::Shared;
}
Task<http::Response> get_shared(Files& files, http::Request& request) {
    return show(files, request, shared_or_hidden(request));
}
Task<http::Response> get_recents(Files& files, http::Request& request) {
    return show(files, request, Gathered::Recents);
}
Task<http::Response> get_favourites(Files& files, http::Request& request) {
    return show(files, request, Gathered::Favourites);
}

struct GatheredJson {
    std::int64_t count = 0; // of this page: nobody counts what others share
    std::vector<RowJson> items;
    std::optional<std::string> next;
};
PREAU_DESCRIBE(GatheredJson, count, items, next)

Task<http::Response> list(Files& files, http::Request& request, Gathered which) {
    auto found = co_await find(files, request, which, rows_per_page);
    if (!found) co_return refused(files, request, found.error());
    const auto views = rows_of(*found, which, reader_of(files, request));
    GatheredJson json;
    for (std::size_t i = 0; i < views.size(); ++i) {
        auto row = row_json(files, found->listing.rows[i], views[i], found->listing);
        add_thumbnail(files, request, row);
        if (i < found->shared.size()) {
            row.shared_by = found->givers[row.id];
            row.shared_at = found->shared[i].at;
            row.may_leave = found->shared[i].direct;
        }
        json.items.push_back(std::move(row));
    }
    json.count = std::ssize(json.items);
    if (!found->next.empty()) json.next = found->next;
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> list_shared(Files& files, http::Request& request) {
    return list(files, request, shared_or_hidden(request));
}
Task<http::Response> list_recents(Files& files, http::Request& request) {
    return list(files, request, Gathered::Recents);
}
Task<http::Response> list_favourites(Files& files, http::Request& request) {
    return list(files, request, Gathered::Favourites);
}

enum class Deed { Hide, Show, Leave };
Task<http::Response> post_deed(Files& files, http::Request& request, Deed deed) {
    auto viewer = sharing::viewer(request);
    auto item = item_in(request);
    auto done = co_await files.db.write(db::lane_of(item), [&files, viewer, item, deed](db::Tx& tx) {
        return deed == Deed::Leave ? sharing::leave_shared(tx, files.world, viewer, item)
                                   : sharing::hide_shared(tx, files.world, viewer, item, deed == Deed::Hide);
    });
    if (!done) co_return refused(files, request, done.error());
    if (request.wants_json()) co_return http::json_response("{}");
    co_return http::redirect(deed == Deed::Show ? "/files/shared?hidden=1" : "/files/shared");
}
Task<http::Response> post_hide(Files& files, http::Request& request) { return post_deed(files, request, Deed::Hide); }
Task<http::Response> post_show(Files& files, http::Request& request) { return post_deed(files, request, Deed::Show); }
Task<http::Response> post_leave(Files& files, http::Request& request) { return post_deed(files, request, Deed::Leave); }

} // namespace

void gathered_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files/shared", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_shared(files, request); });
    router.get("/files/recents", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_recents(files, request); });
    router.get("/files/favourites", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_favourites(files, request); });
    router.get("/api/files/shared", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return list_shared(files, request); });
    router.get("/api/files/recents", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return list_recents(files, request); });
    router.get("/api/files/favourites", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return list_favourites(files, request); });
    router.post("/files/shared/{id}/hide", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_hide(files, request); });
    router.post("/files/shared/{id}/show", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_show(files, request); });
    router.post("/files/shared/{id}/leave", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_leave(files, request); });
    router.post("/api/files/shared/{id}/hide", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_hide(files, request); });
    router.post("/api/files/shared/{id}/show", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_show(files, request); });
    router.post("/api/files/shared/{id}/leave", {.access = Member, .body_limit = 1024, .rate = Write},
                [&files](http::Request& request) { return post_leave(files, request); });
}

} // namespace preau::files

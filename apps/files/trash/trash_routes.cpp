#include "files/trash/trash.hpp"

#include "base/json.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_service.hpp"
#include "files/places/outcome_json.hpp"
#include "files/upload/media_type.hpp"
#include "sharing/moving.hpp"
#include "sharing/purge.hpp"

namespace preau::files {
namespace {

struct Found {
    std::vector<sharing::Item> items;
    std::optional<sharing::Item> restored; // the one that was just put back, if the viewer may see it
    Side side;
    std::vector<sharing::TeamRow> thrown_spaces;
};

TrashRowView row_view(const sharing::Item& item, const Reader& reader) {
    const auto& type = media_type_of(item.title);
    bool file = item.kind == "file";
    auto when = reader.locale.ago(item.trashed_at.value_or(item.changed_at), reader.now, reader.zone);
    return {.id = to_text(item.id),
            .name = item.title,
            .icon = file                    ? std::string{type.icon}
                    : item.kind == "handin" ? "inbox"
                                            : "folder",
            .hue = file ? std::string{type.hue} : "files",
            .when = reader.locale.text("files.trashed_when", {{"when", when}}),
            .erase = reader.locale.text("files.erase_named", {{"name", item.title}}),
            .restore = reader.locale.text("files.restore_named", {{"name", item.title}})};
}

std::string address_of(ItemId space) { return "/files/trash" + (space ? "?space=" + to_text(space) : std::string{}); }

void add_spaces(TrashView& view, const Found& found, ItemId space, const Reader& reader) {
    const auto& words = reader.locale;
    view.spaces.push_back({.name = words.text("files.my_files"), .href = address_of({}), .here = !space});
    for (const auto& team : found.side.teams)
        if (team.role >= Role::Manage)
            view.spaces.push_back(
                {.id = to_text(team.id), .name = team.title, .href = address_of(team.id), .here = team.id == space});
    view.has_spaces = view.spaces.size() > 1;
    for (const auto& team : found.thrown_spaces) {
        auto when = words.ago(team.trashed_at.value_or(0), reader.now, reader.zone);
        view.thrown_spaces.push_back({.id = to_text(team.id),
                                      .name = team.title,
                                      .href = "/files/spaces/" + to_text(team.id),
                                      .when = words.text("files.trashed_when", {{"when", when}})});
    }
    view.has_thrown_spaces = !space && !view.thrown_spaces.empty();
}

TrashView trash_view(const Found& found, ItemId space, const Reader& reader) {
    TrashView view{.side = side_view(found.side, At::Trash, space),
                   .space = space ? to_text(space) : std::string{},
                   .empty = found.items.empty()};
    add_spaces(view, found, space, reader);
    for (const auto& item : found.items) {
        if (view.rows.size() == rows_per_page) {
            view.has_next = true;
            view.next = address_of(space) + (space ? "&" : "?") + "before=" + view.rows.back().id;
            break;
        }
        view.rows.push_back(row_view(item, reader));
    }
    if (found.restored) {
        view.has_restored = true;
        view.restored = found.restored->title;
        view.restored_href = "/files/" + to_text(found.restored->id);
    }
    return view;
}

// The trash of a team's space is for those who manage it, as is putting back from it.
Result<Found> find_trash(db::Tx& tx, const Viewer& viewer, ItemId space, ItemId before, std::optional<ItemId> restored,
                         Millis now) {
    Found found{.side = find_side(tx, viewer, now), .thrown_spaces = sharing::trashed_teams_of(tx, viewer, now)};
    if (space) {
        auto team = TRY(sharing::require(tx, viewer, Action::Manage, space, now));
        if (team.parent) return fail(Error::Kind::Invalid, "sharing.not_a_team");
    } else {
        space = sharing::find_personal_space(tx, viewer.person).value_or(ItemId{});
    }
    if (space) found.items = sharing::trashed(tx, space, before, rows_per_page + 1);
    if (restored)
        if (auto item = sharing::require(tx, viewer, Action::View, *restored, now)) found.restored = *item;
    return found;
}

Task<http::Response> show_trash(Files& files, http::Request& request) {
    auto reader = reader_of(files, request);
    auto before = parse_id<ItemId>(request.query("before")).value_or(ItemId{});
    auto restored = parse_id<ItemId>(request.query("restored"));
    auto space = parse_id<ItemId>(request.query("space"));
    if (!space && !request.query("space").empty())
        co_return refused(files, request, Error{.kind = Error::Kind::NotFound, .key = "sharing.item"});
    auto found = co_await files.db.read(
        [before, restored, space, viewer = sharing::viewer(request), now = reader.now](db::Tx& tx) {
            return find_trash(tx, viewer, space.value_or(ItemId{}), before, restored, now);
        });
    if (!found) co_return refused(files, request, found.error());
    auto view = trash_view(*found, space.value_or(ItemId{}), reader);
    view.erased = request.has_query("erased");
    co_return files.pages.page(shell_of(request, reader.locale.text("files.trash"), "files/trash-list"),
                               "files/trash/trash_page.html", view);
}

Task<http::Response> post_trash(Files& files, http::Request& request) {
    auto thrown = co_await throw_away(files, sharing::viewer(request), item_in(request));
    if (!thrown) co_return refused(files, request, thrown.error());
    co_return http::redirect("/files/" + to_text(thrown->trashed_from) + "?trashed=" + to_text(thrown->id));
}

Task<http::Response> post_restore(Files& files, http::Request& request) {
    auto restored = co_await bring_back(files, sharing::viewer(request), item_in(request));
    if (!restored) co_return refused(files, request, restored.error());
    // From the trash one stays in the trash; "undo" on a folder's page goes back to that folder.
    if (request.query("from") == "trash") {
        auto space = parse_id<ItemId>(request.query("space")).value_or(ItemId{});
        co_return http::redirect(address_of(space) + (space ? "&" : "?") + "restored=" + to_text(restored->id));
    }
    co_return http::redirect("/files/" + to_text(restored->parent));
}

http::Response erased(const http::Request& request, ItemId space) {
    if (request.wants_json()) return {.status = 204};
    return http::redirect(address_of(space) + (space ? "&" : "?") + "erased=1");
}

Task<http::Response> post_erase(Files& files, http::Request& request) {
    const auto id = item_in(request);
    auto done = co_await files.db.write(db::lane_of(id), [&files, id, viewer = sharing::viewer(request)](db::Tx& tx) {
        return sharing::erase_item(tx, files.world, viewer, id);
    });
    if (!done) co_return refused(files, request, done.error());
    co_return erased(request, parse_id<ItemId>(request.query("space")).value_or(ItemId{}));
}

// Many at once; what cannot be erased says why and stops nobody else.
Task<http::Response> post_erase_many(Files& files, http::Request& request) {
    auto asked = read_items(request);
    if (!asked) co_return refused(files, request, asked.error());
    auto outcomes =
        co_await files.db.write({}, [&files, items = asked->items, viewer = sharing::viewer(request)](db::Tx& tx) {
            std::vector<Result<std::string>> erased; // their names
            for (auto id : items) {
                auto item = sharing::find_item(tx, id);
                auto done = sharing::erase_item(tx, files.world, viewer, id);
                if (done && item)
                    erased.emplace_back(std::move(item->title));
                else
                    erased.emplace_back(std::unexpected(done ? Error{.key = "sharing.item"} : done.error()));
            }
            return erased;
        });
    const auto& words = words_of(request);
    OutcomeJson json;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto id = asked->items[i];
        if (outcomes[i])
            json.done.push_back({.id = id, .name = *outcomes[i]});
        else
            json.failed.push_back({to_text(id), words.message(outcomes[i].error())});
    }
    add_nonsense(json, *asked, words);
    co_return http::json_response(json::text_of(json));
}

// A thousand at a time; what is left is shown, and the button with it.
Task<http::Response> post_empty(Files& files, http::Request& request) {
    ItemId team; // none: one's own
    if (!request.body.empty()) {
        auto form = request.form();
        if (!form) co_return refused(files, request, form.error());
        team = parse_id<ItemId>(form->value("space")).value_or(ItemId{});
    }
    auto done =
        co_await files.db.write({}, [&files, team, viewer = sharing::viewer(request)](db::Tx& tx) -> Result<int> {
            auto space = team ? team : sharing::find_personal_space(tx, viewer.person).value_or(ItemId{});
            if (!space) return 0;
            return sharing::empty_trash(tx, files.world, viewer, space);
        });
    if (!done) co_return refused(files, request, done.error());
    co_return erased(request, team);
}

} // namespace

Task<Result<sharing::Item>> throw_away(Files& files, Viewer viewer, ItemId id) {
    auto outcomes = co_await sharing::change_places(files.db, files.world, std::move(viewer),
                                                    {.what = sharing::Change::What::Trash, .items = {id}});
    if (!outcomes) co_return std::unexpected(outcomes.error());
    co_return std::move(outcomes->front().item);
}

Task<Result<sharing::Item>> bring_back(Files& files, Viewer viewer, ItemId id) {
    auto outcomes = co_await sharing::change_places(files.db, files.world, std::move(viewer),
                                                    {.what = sharing::Change::What::Restore, .items = {id}});
    if (!outcomes) co_return std::unexpected(outcomes.error());
    co_return std::move(outcomes->front().item);
}

void trash_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files/trash", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return show_trash(files, request); });
    router.post("/files/{id}/trash", {.access = Member, .body_limit = 16 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_trash(files, request); });
    const http::Rule erasing{.access = Member, .body_limit = 1024, .rate = Write};
    for (std::string prefix : {"/files", "/api/files"}) {
        router.post(prefix + "/{id}/erase", erasing,
                    [&files](http::Request& request) { return post_erase(files, request); });
        router.post(prefix + "/trash/empty", erasing,
                    [&files](http::Request& request) { return post_empty(files, request); });
    }
    constexpr std::size_t many = 64 * 1024; // a thousand ids and some room
    router.post("/api/files/erase", {.access = Member, .body_limit = many, .rate = Write},
                [&files](http::Request& request) { return post_erase_many(files, request); });
    router.post("/files/{id}/restore", {.access = Member, .body_limit = 16 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_restore(files, request); });
}

} // namespace preau::files

// The pages of folders and files, and the forms that work without script.
#include "files/family/handin_waits.hpp"
#include "files/files_routes.hpp"
#include "files/folder/folder_service.hpp"
#include "files/preview/file_previews.hpp"

#include <charconv>
#include <variant>

namespace preau::files {
namespace {

// Somebody else's kind of item (a pad in a folder): its app has the page.
std::optional<std::string> elsewhere(const Files& files, const sharing::Item& item) {
    if (item.kind == "trash") return "/files/trash";
    if (is_container(item.kind) || item.kind == "file") return std::nullopt;
    auto address = files.kinds.address(item.kind, item.id);
    return address.empty() ? std::nullopt : std::optional{address};
}

// After a form post without script, the next page says what happened and offers to undo it.
std::optional<NoticeView> trashed_notice(db::Tx& tx, const Viewer& viewer, std::string_view id, const Reader& reader) {
    auto item = parse_id<ItemId>(id);
    if (!item) return std::nullopt;
    auto standing = sharing::standing(tx, viewer, *item, reader.now);
    if (!standing.trashed || !standing.can(Action::Manage)) return std::nullopt;
    return NoticeView{.text = reader.locale.text("files.trashed_notice", {{"name", standing.item->title}}),
                      .undo = "/files/" + std::string{id} + "/restore",
                      .has_undo = true};
}

struct Wanted { // what a request for a folder's page asks
    ListWish list;
    std::string trashed;
    std::int64_t uploaded = 0;
    std::optional<Error> error; // of the form that was just posted
    std::string typed_name;
};

Result<Wanted> wanted_of(const http::Request& request) {
    Wanted wanted{.list = TRY(wish_of(request))};
    wanted.trashed = request.query("trashed");
    auto uploaded = request.query("uploaded");
    std::from_chars(uploaded.data(), uploaded.data() + uploaded.size(), wanted.uploaded);
    return wanted;
}

struct FolderPage {
    Listing listing;
    std::optional<NoticeView> trashed;
    bool unseen = false; // hand-ins that wait for this viewer to look: they do now
};

// What stands at an address for this viewer: a page of ours, a page of another app, or the family's page.
struct Family {};
using Shown = std::variant<FolderPage, FileListing, std::string, Family>;

Result<FolderPage> folder_page(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing,
                               const Wanted& wanted, const Reader& reader) {
    auto listing = TRY(list_folder(tx, viewer, standing, wanted.list, reader.now));
    listing.side = find_side(tx, viewer, reader.now);
    const bool unseen = listing.folder.kind == "handin" && handins_wait(tx, viewer, listing.folder.id);
    return FolderPage{
        .listing = std::move(listing), .trashed = trashed_notice(tx, viewer, wanted.trashed, reader), .unseen = unseen};
}

Result<Shown> find_page(db::Tx& tx, const Files& files, const Viewer& viewer, ItemId id, const Wanted& wanted,
                        const Reader& reader) {
    auto standing = sharing::standing(tx, viewer, id, reader.now);
    // A poll or a shortcut that lies in a folder has a page of its own, for whoever may see it.
    if (standing.item && standing.can(Action::View))
        if (auto address = elsewhere(files, *standing.item)) return *address;
    // Who has no account, and who may hand in without seeing, gets the family's page at the same address.
    if (!viewer.is_person() || (standing.deposit && !standing.can(Action::View))) return Family{};
    if (standing.item && standing.can(Action::View) && standing.item->kind == "file") {
        auto file = TRY(show_file(tx, viewer, standing, reader.now));
        file.side = find_side(tx, viewer, reader.now);
        return file;
    }
    return TRY(folder_page(tx, viewer, standing, wanted, reader));
}

http::Response write_folder(const Files& files, const http::Request& request, const FolderPage& page,
                            const Wanted& wanted) {
    auto reader = reader_of(files, request);
    auto view = folder_view(page.listing, reader);
    view.sort = name_of(wanted.list.order.by);
    if (wanted.list.order.descending) view.order = "desc";
    if (view.has_next) view.next += "&sort=" + view.sort + "&order=" + view.order;
    view.has_favourites = sharing::viewer(request).is_person();
    if (request.cookie("files_view") == "tiles") view.layout = "tiles";
    if (page.trashed) view.notices.push_back(*page.trashed);
    if (wanted.uploaded > 0)
        view.notices.push_back({.text = reader.locale.plural("files.uploaded_notice", wanted.uploaded)});
    int status = 200;
    if (wanted.error) {
        status = http::status_of(wanted.error->kind);
        if (wanted.error->field == "name") {
            view.naming = true;
            view.name_error = reader.locale.message(*wanted.error);
            view.typed_name = wanted.typed_name;
        } else {
            view.notices.push_back({.text = reader.locale.message(*wanted.error), .bad = true});
        }
    }
    return files.pages.page(shell_of(request, view.title, "files/folder"), "files/folder/folder_page.html", view,
                            status);
}

http::Response write_file(const Files& files, const http::Request& request, const FileListing& listing) {
    auto view = file_view(listing, reader_of(files, request));
    if (!view.look)
        view.look = look_of_preview(files, request, listing.item.id, listing.file);
    else
        view.look->address = sharing::content_address(request, files.identity, files.addresses,
                                                      {listing.item.id, "inline"}, files.world.clock.now());
    return files.pages.page(shell_of(request, view.title, "files/file-page"), "files/folder/file_page.html", view);
}

Task<http::Response> show_item(Files& files, http::Request& request, ItemId id, Wanted wanted) {
    auto reader = reader_of(files, request);
    auto shown = co_await files.db.read([&files, id, wanted, reader, viewer = sharing::viewer(request)](db::Tx& tx) {
        return find_page(tx, files, viewer, id, wanted, reader);
    });
    if (!shown) co_return refused(files, request, shown.error());
    if (auto* page = std::get_if<FolderPage>(&*shown)) {
        const auto person = sharing::viewer(request).person;
        if (page->unseen)
            co_await files.db.write(db::lane_of(id), [person, id](db::Tx& tx) { handins_seen(tx, person, id); });
        co_return write_folder(files, request, *page, wanted);
    }
    if (auto* file = std::get_if<FileListing>(&*shown)) co_return write_file(files, request, *file);
    if (auto* address = std::get_if<std::string>(&*shown)) co_return http::redirect(*address);
    co_return co_await show_family(files, request, id);
}

Task<http::Response> show_requested(Files& files, http::Request& request) {
    auto wanted = wanted_of(request);
    if (!wanted) co_return refused(files, request, wanted.error());
    co_return co_await show_item(files, request, item_in(request), *wanted);
}

Task<http::Response> show_own(Files& files, http::Request& request) {
    auto wanted = wanted_of(request);
    if (!wanted) co_return refused(files, request, wanted.error());
    auto space = co_await own_space(files, sharing::viewer(request).person, words_of(request).text("files.my_files"));
    co_return co_await show_item(files, request, space, *wanted);
}

Task<http::Response> post_folder(Files& files, http::Request& request) {
    auto parent = item_in(request);
    auto form = request.form();
    if (!form) co_return refused(files, request, form.error());
    auto name = std::string{form->value("name")};
    auto made = co_await files.db.write(db::lane_of(parent),
                                        [&files, parent, name, viewer = sharing::viewer(request)](db::Tx& tx) {
                                            return create_folder(tx, files.world, viewer, parent, name);
                                        });
    if (made) co_return http::redirect("/files/" + to_text(made->id));
    if (made.error().field.empty() && made.error().kind != Error::Kind::Conflict)
        co_return refused(files, request, made.error());
    // The form comes back with what was typed and what is wrong with it.
    auto error = made.error();
    error.field = "name";
    co_return co_await show_item(files, request, parent, {.error = error, .typed_name = name});
}

struct Renaming {
    std::string typed;
    std::optional<Error> error;
};

struct RenamePage {
    sharing::Item item;
    Side side;
};

http::Response write_rename(const Files& files, const http::Request& request, const RenamePage& page,
                            const Renaming& renaming) {
    const auto& item = page.item;
    const auto& words = words_of(request);
    RenameView view{.id = to_text(item.id),
                    .title = item.title,
                    .typed_name = renaming.error ? renaming.typed : item.title,
                    .back = item.kind == "file" || !item.parent ? "/files/" + to_text(item.id)
                                                                : "/files/" + to_text(item.parent),
                    .revision = item.revision,
                    .has_error = renaming.error.has_value(),
                    .side = side_view(page.side, At::Elsewhere)};
    if (renaming.error) view.name_error = words.message(*renaming.error);
    int status = renaming.error ? http::status_of(renaming.error->kind) : 200;
    return files.pages.page(shell_of(request, words.text("files.rename"), "files/space-quota"),
                            "files/folder/rename_page.html", view, status);
}

Task<http::Response> show_rename(Files& files, http::Request& request, ItemId id, Renaming renaming) {
    auto page = co_await files.db.read(
        [id, now = files.world.clock.now(), viewer = sharing::viewer(request)](db::Tx& tx) -> Result<RenamePage> {
            auto item = TRY(sharing::require(tx, viewer, Action::Edit, id, now));
            return RenamePage{.item = std::move(item), .side = find_side(tx, viewer, now)};
        });
    if (!page) co_return refused(files, request, page.error());
    co_return write_rename(files, request, *page, renaming);
}

Task<http::Response> post_rename(Files& files, http::Request& request) {
    auto id = item_in(request);
    auto form = request.form();
    if (!form) co_return refused(files, request, form.error());
    auto name = std::string{form->value("name")};
    std::int64_t revision = 0;
    auto stated = form->value("revision");
    std::from_chars(stated.data(), stated.data() + stated.size(), revision);
    auto renamed = co_await rename_named(files, sharing::viewer(request), id, name, revision);
    if (renamed) co_return http::redirect("/files/" + to_text(renamed->kind == "file" ? renamed->parent : renamed->id));
    auto kind = renamed.error().kind;
    if (kind == Error::Kind::NotFound || kind == Error::Kind::Forbidden)
        co_return refused(files, request, renamed.error());
    co_return co_await show_rename(files, request, id, {.typed = name, .error = renamed.error()});
}

Task<http::Response> get_rename(Files& files, http::Request& request) {
    return show_rename(files, request, item_in(request), {});
}

} // namespace

Task<ItemId> own_space(Files& files, PersonId person, std::string title) {
    auto found = co_await files.db.read([person](db::Tx& tx) { return sharing::find_personal_space(tx, person); });
    if (found) co_return *found;
    co_return co_await files.db.write(db::lane_of(person), [&files, person, title](db::Tx& tx) {
        return sharing::personal_space(tx, files.world, person, title);
    });
}

Task<http::Response> show_after_upload(Files& files, http::Request& request, ItemId folder, std::int64_t uploaded,
                                       Error error) {
    co_return co_await show_item(files, request, folder, {.uploaded = uploaded, .error = std::move(error)});
}

// Two names in one folder are refused under the folder's lane; which folder that is takes a look first.
Task<Result<sharing::Item>> rename_named(Files& files, Viewer viewer, ItemId id, std::string name,
                                         std::int64_t revision) {
    auto now = files.world.clock.now();
    auto item = co_await files.db.read(
        [viewer, id, now](db::Tx& tx) { return sharing::require(tx, viewer, Action::Edit, id, now); });
    if (!item) co_return std::unexpected(item.error());
    if (!item->parent) co_return forbidden("files.space_keeps_name");
    co_return co_await files.db.write(db::lane_of(item->parent), [&files, viewer, id, name, revision](db::Tx& tx) {
        return sharing::rename_item(tx, files.world, viewer, id, name, revision);
    });
}

void folder_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    router.get("/files", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return show_own(files, request); });
    router.get("/files/{id}", {.access = Guest, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return show_requested(files, request); });
    router.post("/files/{id}/folders", {.access = Member, .body_limit = 16 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_folder(files, request); });
    router.get("/files/{id}/rename", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_rename(files, request); });
    router.post("/files/{id}/rename", {.access = Member, .body_limit = 16 * 1024, .rate = Write},
                [&files](http::Request& request) { return post_rename(files, request); });
}

} // namespace preau::files

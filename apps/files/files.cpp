#include "files/files.hpp"

#include "files/copying/copying.hpp"
#include "files/family/family.hpp"
#include "files/family/handin_waits.hpp"
#include "files/family/receipt.hpp"
#include "files/files_routes.hpp"
#include "files/gathered/gathered.hpp"
#include "files/preview/file_previews.hpp"
#include "files/spaces/spaces.hpp"
#include "files/trash/trash.hpp"
#include "files/upload/file_store.hpp"
#include "files/upload/media_type.hpp"
#include "files/upload/upload_service.hpp"

#include "base/embedded.hpp"

#include <algorithm>
#include <span>

namespace preau::embedded {
std::span<const EmbeddedFile> files_migrations();
}

namespace preau::files {

namespace {

// "4,2 Mo" of files, "12 éléments" of folders: below their names in queues and lists of other apps.
std::map<ItemId, std::string> file_cards(db::Tx& tx, const std::vector<std::int64_t>& items,
                                         const web::Locale& locale) {
    std::map<ItemId, std::string> cards;
    for (const auto& [item, file] : store::files_of(tx, items)) cards.emplace(item, locale.size(file.size));
    return cards;
}

std::map<ItemId, std::string> folder_cards(db::Tx& tx, const std::vector<std::int64_t>& items,
                                           const web::Locale& locale) {
    std::map<ItemId, std::string> cards;
    for (const auto& [item, count] : store::child_counts(tx, items, store::Count::Inherited))
        cards.emplace(item, locale.plural("files.elements", count));
    return cards;
}

void erase_files(db::Tx& tx, sharing::World&, const std::vector<std::int64_t>& items) { forget_files(tx, items); }

// A receipt stays: it is the family's, and true whatever became of the files.
void erase_folders(db::Tx& tx, sharing::World&, const std::vector<std::int64_t>& items) {
    store::delete_handins(tx, items);
}

} // namespace

void add_kinds(sharing::Kinds& kinds) {
    auto container = [](std::string name, std::string icon) {
        return sharing::Kind{.name = name,
                             .app = "files",
                             .icon = std::move(icon),
                             .address = "/files/",
                             .words = "files.kind_" + name,
                             .cards = folder_cards,
                             .erase = erase_folders};
    };
    auto space = container("space", "home");
    auto trash = container("trash", "trash");
    trash.words = "files.trash";
    space.listed = trash.listed = false;
    kinds.add(std::move(space));
    auto team = container("team", "users");
    team.listed = false;
    kinds.add(std::move(team));
    kinds.add(std::move(trash));
    kinds.add(container("folder", "folder"));
    kinds.add(container("handin", "inbox"));
    kinds.add({.name = "file",
               .app = "files",
               .icon = "file",
               .address = "/files/",
               .words = "files.kind_file",
               .icon_by_title = [](std::string_view title) { return media_type_of(title).icon; },
               .cards = file_cards,
               .erase = erase_files});
}

void open(Files& files) {
    add_kinds(files.kinds);
    files.kinds.add_waits(waiting_handins);
    handle_copies(files);
    resume_jobs(files);
    make_previews_of_uploads(files);
    auto name = [](web::Language language) { return web::Locale::of(language).text("files.service"); };
    web::ServiceLink service{.href = "/files", .hue = "files", .icon = "folder"};
    auto french = service;
    french.name = name(web::Language::French);
    auto english = service;
    english.name = name(web::Language::English);
    files.pages.add_service(french, english);

    // Pictures, sound, film and documents are shown from there; frames and images of any other place are refused.
    if (!files.addresses.content_url.empty()) files.pages.allow_content_from(files.addresses.content_url);

    files.pages.preload<FolderView>("files/folder/folder_page.html");
    files.pages.preload<FileView>("files/folder/file_page.html");
    files.pages.preload<RenameView>("files/folder/rename_page.html");
    files.pages.preload<GatheredView>("files/gathered/gathered_page.html");
    files.pages.preload<NewSpaceView>("files/spaces/new_space_page.html");
    files.pages.preload<SpaceView>("files/spaces/space_page.html");
    files.pages.preload<ArchivesView>("files/spaces/archives_page.html");
    files.pages.preload<TrashView>("files/trash/trash_page.html");
    files.pages.preload<FamilyView>("files/family/family_page.html");
    files.pages.preload<ReceiptView>("files/family/receipt_page.html");
}

void routes(http::Router& router, Files& files) {
    folder_routes(router, files);
    folder_api_routes(router, files);
    list_api_routes(router, files);
    place_routes(router, files);
    copy_routes(router, files);
    gathered_routes(router, files);
    space_routes(router, files);
    space_api_routes(router, files);
    archive_routes(router, files);
    upload_routes(router, files);
    download_routes(router, files);
    preview_routes(router, files);
    trash_routes(router, files);
    zip_routes(router, files);
    quota_routes(router, files);
    resume_routes(router, files);
    deposit_routes(router, files);
    receipt_routes(router, files);
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> all;
    for (const auto& file : embedded::files_migrations())
        all.push_back({.name = "files/" + std::string{file.name}, .sql = std::string{file.data}});
    std::ranges::sort(all, {}, &db::Migration::name);
    return all;
}

} // namespace preau::files

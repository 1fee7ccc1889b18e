// What the routes of this app have in common: who is asking, in which words to answer, how a refusal looks.
#pragma once

#include "files/files.hpp"
#include "files/folder/folder.hpp"

namespace preau::files {

void folder_routes(http::Router& router, Files& files);
void folder_api_routes(http::Router& router, Files& files);
void list_api_routes(http::Router& router, Files& files);
void place_routes(http::Router& router, Files& files);
void copy_routes(http::Router& router, Files& files);
void gathered_routes(http::Router& router, Files& files);
void space_routes(http::Router& router, Files& files);
void space_api_routes(http::Router& router, Files& files);
void archive_routes(http::Router& router, Files& files);
void upload_routes(http::Router& router, Files& files);
void download_routes(http::Router& router, Files& files);
void trash_routes(http::Router& router, Files& files);
void zip_routes(http::Router& router, Files& files);
void quota_routes(http::Router& router, Files& files);
void resume_routes(http::Router& router, Files& files);
void resume_jobs(Files& files); // gives up uploads that nobody goes on with
void deposit_routes(http::Router& router, Files& files);
void receipt_routes(http::Router& router, Files& files);

// The item that the address names; an address that is no id at all answers none, which nobody may see.
ItemId item_in(const http::Request& request, std::string_view parameter = "id");
Reader reader_of(const Files& files, const http::Request& request);
const web::Locale& words_of(const http::Request& request);
web::Shell shell_of(const http::Request& request, std::string title, std::string component = {});

// ?after=KEY&limit=1…500&sort=name|changed|size|kind&order=asc|desc. Errors: files.page_key, files.order_unknown.
Result<ListWish> wish_of(const http::Request& request);
std::string_view name_of(sharing::ChildOrder::By order); // as `sort` says it

// A page or problem+json. Strangers are sent to the door instead of hearing that something exists; holders of a link
// that ended are told so.
http::Response refused(const Files& files, const http::Request& request, const Error& error);

// The personal space of somebody, made on first use with that title; from then on this is one read.
Task<ItemId> own_space(Files& files, PersonId person, std::string title);

// The folder's page after a plain form post that went wrong half way: says what was kept and what was not.
Task<http::Response> show_after_upload(Files& files, http::Request& request, ItemId folder, std::int64_t uploaded,
                                       Error error);

// The page of an item for somebody without account, or for who may only hand in (family/family_routes.cpp).
Task<http::Response> show_family(Files& files, http::Request& request, ItemId id);

// Under the lane of the folder that the name must be unique in.
Task<Result<sharing::Item>> rename_named(Files& files, Viewer viewer, ItemId id, std::string name,
                                         std::int64_t revision);

// Errors: those of sharing::require for Edit, files.not_a_folder.
Task<Result<void>> check_target(Files& files, Viewer viewer, ItemId folder);

Task<Result<sharing::Item>> throw_away(Files& files, Viewer viewer, ItemId id);
Task<Result<sharing::Item>> bring_back(Files& files, Viewer viewer, ItemId id);

// Rows of an answer in JSON.
struct ItemJson {
    ItemId id;
    std::string kind;
    std::string name;
    std::string url;
    std::int64_t revision = 0;
    Millis changed_at = 0;
    std::optional<std::int64_t> size;
    std::optional<std::string> type;
    std::optional<std::string> sha256;
};
PREAU_DESCRIBE(ItemJson, id, kind, name, url, revision, changed_at, size, type, sha256)
ItemJson item_json(const Files& files, const sharing::Item& item, const FileRow* file = nullptr);

} // namespace preau::files

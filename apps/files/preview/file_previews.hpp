// Previews of files: addresses for lists and pages, answers on the second origin, and the job that has thumbnails ready
// before somebody looks.
#pragma once

#include "files/files_routes.hpp"

namespace preau::files {

// Signed, good for one to two hours; changes with the bytes, so that a browser may keep what it got. Nothing where no
// thumbnail can be made. Asks the database nothing: lists call it for each row.
std::optional<std::string> thumbnail_address(const Files& files, const http::Request& request, ItemId item,
                                             std::string_view media_type, std::string_view sha256);

// How the page of a file shows it that no browser shows by itself: an office document as PDF, a HEIC photo made large.
std::optional<LookView> look_of_preview(const Files& files, const http::Request& request, ItemId item,
                                        const FileRow& file);

// Of /content/ITEM/VARIANT once the signature was checked.
Task<http::Response> send_preview(Files& files, http::Request& request, Viewer viewer, ItemId item,
                                  std::string variant);

void preview_routes(http::Router& router, Files& files);
void make_previews_of_uploads(Files& files); // before the jobs start

} // namespace preau::files

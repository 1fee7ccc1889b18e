// Rows of lists over JSON: of a folder, and of what is gathered from many.
#pragma once

#include "files/files.hpp"
#include "files/folder/folder.hpp"

namespace preau::files {

struct AudienceJson {
    std::string text;
    std::string icon;
};
PREAU_DESCRIBE(AudienceJson, text, icon)

struct RowJson {
    ItemId id;
    std::string kind;
    std::string name;
    std::string url;
    std::string icon;
    std::string hue;
    std::optional<std::int64_t> size; // bytes of a file
    std::string extent;               // "4,2 Mo", "24 éléments"
    std::optional<std::string> type;
    std::optional<std::string> sha256;
    std::optional<std::string> thumbnail; // signed address, where one can be made
    Millis changed_at = 0;
    std::string changed; // in words
    std::int64_t revision = 0;
    bool may_edit = false;
    bool may_manage = false;
    AudienceJson audience;
    bool favourite = false;
    bool shortcut = false;
    std::optional<std::string> see_as; // "families-…": whose eyes the reader may borrow
    std::optional<std::string> copying; // a copy that still goes on, in words
    std::optional<std::string> shared_by; // of a row among what others shared
    std::optional<Millis> shared_at;
    std::optional<bool> may_leave; // given to the reader in person
};
PREAU_DESCRIBE(RowJson, id, kind, name, url, icon, hue, size, extent, type, sha256, thumbnail, changed_at, changed,
               revision, may_edit, may_manage, audience, favourite, copying, shortcut, see_as, shared_by, shared_at,
               may_leave)

RowJson row_json(const Files& files, const sharing::ChildRow& row, const RowView& view, const Listing& listing);
void add_thumbnail(const Files& files, const http::Request& request, RowJson& row);
std::string role_name(Role role); // "view", "comment", "edit", "manage"

} // namespace preau::files

// What a folder's page is made of: first what was found (Listing), then the words that the template shows (FolderView).
#pragma once

#include "files/copying/copy_store.hpp"
#include "files/folder/side.hpp"
#include "files/upload/file_store.hpp"
#include "sharing/activity.hpp"
#include "sharing/audience.hpp"
#include "sharing/comments.hpp"
#include "sharing/kinds.hpp"
#include "sharing/shortcut.hpp"
#include "sharing/tree.hpp"
#include "web/locale.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace preau::files {

inline constexpr int rows_per_page = 100;

struct ListWish { // which rows of a folder, and in which order
    sharing::ChildOrder order;
    sharing::ChildKey after;
    int limit = rows_per_page;
};

struct Listing {
    sharing::Item folder;
    std::int64_t count = 0; // of all rows, on this page or not
    Role role = Role::None;
    bool own = false; // the viewer's personal space or inside it
    std::vector<sharing::Item> path; // ancestors that the viewer may see, top first
    std::vector<sharing::ChildRow> rows;
    std::optional<sharing::ChildKey> next; // there is more after this key
    std::map<ItemId, FileRow> files;
    std::map<ItemId, store::CopyMark> copying; // the folder and rows that a copy still fills
    std::map<ItemId, std::int64_t> counts; // of children, per folder and hand-in
    std::set<ItemId> favourites; // of the viewer, among the rows
    std::map<ItemId, Role> roles; // of the viewer on rows with grants of their own; on the others that on the folder
    sharing::Audience audience;
    std::map<ItemId, sharing::Audience> audiences; // of the rows
    std::map<ItemId, sharing::ShortcutTarget> shortcuts; // among the rows: where they lead this viewer

    Side side;

    Role role_on(ItemId row) const {
        auto found = roles.find(row);
        return found == roles.end() ? role : found->second;
    }
};

struct FileListing { // a file's own page
    sharing::Item item;
    Role role = Role::None;
    bool own = false;
    std::vector<sharing::Item> path;
    FileRow file;
    sharing::Audience audience;
    Side side;
    sharing::CommentPage comments;
    std::optional<sharing::Activity> activity; // for who may edit
};

struct CrumbView {
    std::string id;
    std::string name;
    std::string href;
};
PREAU_DESCRIBE(CrumbView, id, name, href)

struct ChipView {
    std::string text;
    std::string icon;
    std::string href; // the sharing dialog, for who may manage
    bool opens = false;
};
PREAU_DESCRIBE(ChipView, text, icon, href, opens)

struct RowView {
    std::string id;
    std::string name;
    std::string href;
    std::string icon;
    std::string hue;
    bool is_file = false;
    bool is_handin = false;
    bool is_shortcut = false; // with the icon of what it leads to
    bool may_edit = false;
    bool may_manage = false;
    std::int64_t revision = 0;
    ChipView audience;
    std::string see_as; // "families-…": whose eyes the reader may borrow
    std::string modified;
    std::string size; // "4,2 Mo", "24 éléments"
    std::string badge; // "3 dépôts"
    std::string actions; // "Actions pour Volcans.odp": the name of the menu for screen readers
    bool has_note = false;
    std::string note; // "Partagé par Nadia Haddad, hier": in lists across places
    std::string copying; // "Copie en cours : 340 sur 1 200 éléments"
    bool can_hide = false; // from what others shared
    bool can_show = false; // again
    bool can_leave = false; // give back what was given in person
};
PREAU_DESCRIBE(RowView, id, name, href, icon, hue, is_file, is_handin, is_shortcut, may_edit, may_manage, revision,
               audience, see_as, modified, size, badge, actions, has_note, note, copying, can_hide, can_show, can_leave)

struct NoticeView { // what just happened, for readers without script
    std::string text;
    std::string undo; // where the button "Annuler" posts to
    bool bad = false;
    bool has_undo = false;
};
PREAU_DESCRIBE(NoticeView, text, undo, bad, has_undo)

struct AlikeView {
    std::string text;
};
PREAU_DESCRIBE(AlikeView, text)

struct CopyingView { // a folder that a copy still fills
    std::string text;
    std::int64_t done = 0, total = 0;
};
PREAU_DESCRIBE(CopyingView, text, done, total)

struct FolderView {
    std::string id;
    std::string title;
    std::string here; // address of this folder
    std::vector<CrumbView> path;
    std::vector<RowView> rows;
    ChipView audience;
    bool is_handin = false;
    bool may_edit = false;
    bool may_manage = false;
    bool renamable = false; // a space has no name to change
    bool in_own = false;
    bool is_own_space = false;
    bool empty = false;
    std::vector<NoticeView> notices;
    std::optional<CopyingView> copying;
    std::vector<AlikeView> alike; // names here that differ in their capitals only
    std::string typed_name; // given back when a name was refused
    std::string name_error;
    bool naming = false; // the form for a new folder stands open
    std::string next; // address of the next page
    bool has_next = false;
    std::string layout = "rows"; // or "tiles": what this browser showed last
    std::string sort = "name";
    std::string order = "asc";
    bool has_favourites = false; // people have some; who came by a link has none
    bool has_space_settings = false; // the space of a team
    SideView side;
};
PREAU_DESCRIBE(FolderView, id, title, here, path, rows, audience, is_handin, may_edit, may_manage, renamable, in_own,
               is_own_space, empty, notices, copying, alike, typed_name, name_error, naming, next, has_next, layout,
               sort, order, has_favourites, has_space_settings, side)

struct LookView { // how the page shows the file itself: one of these
    std::string address; // signed, on the second origin
    bool picture = false;
    bool document = false; // PDF or text, in a frame
    bool sound = false;
    bool film = false;
};
PREAU_DESCRIBE(LookView, address, picture, document, sound, film)

struct FileView {
    std::string id;
    std::string title;
    std::vector<CrumbView> path;
    std::string icon;
    std::string hue;
    std::string size;
    std::string type;
    std::string modified;
    std::string sha256;
    std::optional<LookView> look; // nothing for what browsers cannot show
    ChipView audience;
    bool may_edit = false;
    bool may_manage = false;
    bool in_own = false;
    std::vector<NoticeView> notices;
    SideView side;
    sharing::CommentsView comments;
    sharing::ActivityView activity;
};
PREAU_DESCRIBE(FileView, look, id, title, path, icon, hue, size, type, modified, sha256, audience, may_edit, may_manage,
               in_own, notices, side, comments, activity)

struct RenameView {
    std::string id;
    std::string title;
    std::string typed_name;
    std::string name_error;
    std::string back;
    std::int64_t revision = 0;
    bool has_error = false;
    SideView side;
};
PREAU_DESCRIBE(RenameView, id, title, typed_name, name_error, back, revision, has_error, side)

struct Reader { // in whose words and time a page is written
    const web::Locale& locale;
    std::string zone;
    Millis now = 0;
    const sharing::Kinds* kinds = nullptr; // icons of what other apps put into folders
};

std::vector<RowView> folder_rows(const Listing& listing, const Reader& reader);
FolderView folder_view(const Listing& listing, const Reader& reader);
FileView file_view(const FileListing& listing, const Reader& reader);
ChipView audience_chip(const sharing::Audience& audience, const Reader& reader, ItemId item, bool may_manage);
std::string title_of(const sharing::Item& item, bool own,
                     const web::Locale& locale); // "Mes fichiers" for one's own space

// The key of the next page in an address: the sort key is bytes, so it travels in base 64.
std::string key_text(const sharing::ChildKey& key);
Result<sharing::ChildKey> parse_key(std::string_view text); // errors: files.page_key

} // namespace preau::files

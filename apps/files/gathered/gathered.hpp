// Lists across all places: what others shared with somebody, what they worked on lately, what they marked. The rows are
// those of a folder; only what is known of them differs.
#pragma once

#include "files/files.hpp"
#include "files/folder/folder.hpp"
#include "sharing/shared_with.hpp"

namespace preau::files {

enum class Gathered { Shared, Hidden, Recents, Favourites };

struct GatheredList {
    Listing listing; // rows alone; its folder is none
    std::vector<sharing::SharedRow> shared; // beside the rows, for Shared and Hidden
    std::map<ItemId, std::string> givers; // names of who shared, by row
    std::string next; // value of `after` for the next page, empty: none
    Side side;
};
// At most `limit` rows after the key; the same number of queries whatever that is. Errors: files.page_key.
Result<GatheredList> gather(db::Tx& tx, const Files& files, const Viewer& viewer, Gathered which,
                            std::string_view after, int limit, Millis now);

struct GatheredView {
    std::string which; // "shared", "recents", "favourites": the API of the same name has the list
    std::string layout = "rows"; // or "tiles"
    SideView side;
    std::string title;
    std::string hint;
    std::vector<RowView> rows;
    bool empty = false;
    std::string empty_title, empty_hint, empty_icon;
    std::string next;
    bool has_next = false;
    bool can_show_hidden = false; // link from what is shown to what is hidden
    bool is_hidden = false; // and back
};
PREAU_DESCRIBE(GatheredView, which, layout, side, title, hint, rows, empty, empty_title, empty_hint, empty_icon, next,
               has_next, can_show_hidden, is_hidden)

} // namespace preau::files

// Activity of an item: who did what when, from the outbox. For who may Edit it: families never see who else came.
//
// A page shows it by a member `sharing::ActivityView activity` and
//   {{#activity}}{{> sharing/activity/activity.html}}{{/activity}}
#pragma once

#include "sharing/tree.hpp"
#include "web/locale.hpp"

#include <map>

namespace preau::sharing {

inline constexpr int events_per_page = 20;

struct Activity {
    ItemId item;
    std::vector<jobs::Event> events; // latest first
    std::int64_t next = 0;           // position to ask before; 0: that is all
    std::map<std::int64_t, std::string> people;
    std::map<std::int64_t, std::string> pupils; // by link, of pupils' links
};
// Rights have been asked (Edit). Three queries whatever happened. `before` 0: the latest.
Activity activity_of(db::Tx& tx, ItemId item, std::int64_t before = 0);

struct ActivityRow {
    std::string kind; // of the event
    std::string who;
    std::string what;
    std::string when;
    std::string icon;
};
PREAU_DESCRIBE(ActivityRow, kind, who, what, when, icon)

struct ActivityView {
    std::vector<ActivityRow> rows;
    std::string older; // address of the next page; empty: that is all
    bool shown = false; // the viewer may see it
    bool empty = false;
};
PREAU_DESCRIBE(ActivityView, rows, older, shown, empty)

ActivityView activity_view(const Activity& activity, const web::Locale& locale, std::string_view zone, Millis now);

} // namespace preau::sharing

// Activity: /activity/ITEM, page after page, and the same as API.
#include "base/json.hpp"
#include "sharing/activity.hpp"
#include "sharing/answers.hpp"
#include "sharing_routes.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

constexpr std::string_view activity_page = "sharing/activity/activity_page.html";

struct PageView {
    std::string title;
    std::string back;
    ActivityView activity;
};
PREAU_DESCRIBE(PageView, title, back, activity)

struct EventJson {
    std::string kind;
    std::string who, what; // in the reader's language
    std::optional<PersonId> person;
    Millis at = 0;
};
PREAU_DESCRIBE(EventJson, kind, who, what, person, at)

struct ActivityJson {
    std::vector<EventJson> events; // latest first
    std::optional<std::string> next; // send it as `before`
};
PREAU_DESCRIBE(ActivityJson, events, next)

struct Found {
    Item item;
    Activity activity;
};

ActivityJson json_of(const Activity& activity, const ActivityView& view) {
    ActivityJson json;
    if (activity.next) json.next = std::to_string(activity.next);
    std::size_t row = 0;
    for (const auto& event : activity.events) {
        if (row == view.rows.size() || view.rows[row].kind != event.kind) continue; // has no words
        EventJson told{.kind = event.kind, .who = view.rows[row].who, .what = view.rows[row].what, .at = event.at};
        if (event.actor != 0) told.person = PersonId{event.actor};
        json.events.push_back(std::move(told));
        ++row;
    }
    return json;
}

Task<http::Response> show(Sharing& sharing, http::Request& request) {
    std::int64_t before = 0;
    const auto stated = request.query("before");
    std::from_chars(stated.data(), stated.data() + stated.size(), before);
    auto found = co_await sharing.db.read(
        [&sharing, who = viewer(request), id = id_in<ItemId>(request, "item"), before](db::Tx& tx) -> Result<Found> {
            auto item = TRY(require(tx, who, Action::Edit, id, sharing.world.clock.now()));
            return Found{.item = std::move(item), .activity = activity_of(tx, id, before)};
        });
    if (!found) co_return refuse(sharing, request, found.error());
    const auto& words = words_of(request);
    auto activity = activity_view(found->activity, words, viewer(request).zone, sharing.world.clock.now());
    if (request.wants_json()) co_return http::json_response(json::text_of(json_of(found->activity, activity)));
    const PageView view{.title = found->item.title,
                        .back = sharing.kinds.address(found->item.kind, found->item.id),
                        .activity = std::move(activity)};
    auto filled = shell(request, words.text("activity.page_title", {{"name", view.title}}));
    filled.section = sharing.kinds.of(found->item.kind).app;
    co_return sharing.pages.page(filled, activity_page, view);
}

} // namespace

void activity_routes(http::Router& routes, Sharing& sharing) {
    sharing.pages.preload<PageView>(activity_page);
    const http::Rule reading{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    for (auto pattern : {"/activity/{item}", "/api/sharing/items/{item}/activity"})
        routes.get(pattern, reading, [&](auto& request) { return show(sharing, request); });
}

} // namespace preau::sharing

#include "sharing/activity.hpp"

#include "activity_store.hpp"
#include "base/json.hpp"
#include "identity/people.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

struct Sign { // what a kind of event looks like; its words are "activity." + kind with '_' for '.'
    std::string_view kind;
    std::string_view icon;
};
constexpr Sign signs[] = {
    {"comment.added", "message"},      {"comment.deleted", "message"},  {"comment.edited", "message"},
    {"comment.reopened", "message"},   {"comment.resolved", "check"},   {"file.replaced", "upload"},
    {"file.uploaded", "upload"},       {"file.copied", "copy"},         {"item.created", "plus"},
    {"item.granted", "share"},         {"item.handed_over", "users"},   {"item.inherits", "share"},
    {"item.moved", "folder"},          {"item.renamed", "pencil"},      {"item.restored", "home"},
    {"item.restricted", "lock"},       {"item.trashed", "trash"},       {"item.ungranted", "lock"},
    {"link.changed", "link"},          {"link.created", "link"},        {"link.restored", "link"},
    {"link.resumed", "link"},          {"link.suspended", "link-off"},  {"publishing.resumed", "world"},
    {"publishing.suspended", "lock"},  {"link.mailed", "send"},         {"link.revoked", "link-off"},
    {"publishing.approved", "world"},  {"publishing.refused", "world"}, {"publishing.requested", "world"},
    {"publishing.withdrawn", "world"},
};

const Sign* sign_of(std::string_view kind) {
    auto found = std::ranges::find(signs, kind, &Sign::kind);
    return found == std::end(signs) ? nullptr : found;
}

std::string words_of(const web::Locale& locale, std::string_view kind) {
    std::string key{"activity." + std::string{kind}};
    std::ranges::replace(key.begin() + 9, key.end(), '.', '_');
    return locale.text(key);
}

// The name that somebody without an account gave, where the event tells it.
std::string given_name(const jobs::Event& event) {
    if (!event.detail.starts_with('{')) return {};
    auto detail = json::parse(event.detail);
    return detail ? (*detail)["name"].text().value_or("") : "";
}

std::string who_did(const Activity& activity, const jobs::Event& event, const web::Locale& locale) {
    if (event.actor != 0) {
        auto found = activity.people.find(event.actor);
        return found == activity.people.end() ? locale.text("comment.somebody") : found->second;
    }
    if (auto name = given_name(event); !name.empty()) return name;
    if (auto pupil = activity.pupils.find(event.link); pupil != activity.pupils.end())
        return locale.text("activity.family_of", {{"name", pupil->second}});
    return locale.text(event.link != 0 ? "activity.a_family" : "activity.the_system");
}

} // namespace

Activity activity_of(db::Tx& tx, ItemId item, std::int64_t before) {
    Activity activity{.item = item, .events = jobs::events_of(tx, item.value, before, events_per_page + 1)};
    if (activity.events.size() > events_per_page) {
        activity.events.pop_back();
        activity.next = activity.events.back().position;
    }
    std::vector<std::int64_t> people;
    std::vector<std::int64_t> links;
    for (const auto& event : activity.events) {
        if (event.actor != 0) people.push_back(event.actor);
        if (event.actor == 0 && event.link != 0) links.push_back(event.link);
    }
    if (!people.empty())
        for (auto& person : identity::people_of(tx, people)) activity.people[person.id.value] = std::move(person.name);
    if (!links.empty())
        for (auto& link : store::link_names(tx, links))
            if (!link.pupil.empty()) activity.pupils[link.id.value] = std::move(link.pupil);
    return activity;
}

ActivityView activity_view(const Activity& activity, const web::Locale& locale, std::string_view zone, Millis now) {
    ActivityView view{.shown = true};
    for (const auto& event : activity.events) {
        const auto* sign = sign_of(event.kind); // kinds without words are for machines
        if (!sign) continue;
        view.rows.push_back({.kind = event.kind,
                             .who = who_did(activity, event, locale),
                             .what = words_of(locale, event.kind),
                             .when = locale.ago(event.at, now, zone),
                             .icon = std::string{sign->icon}});
    }
    view.empty = view.rows.empty();
    if (activity.next) view.older = "/activity/" + to_text(activity.item) + "?before=" + std::to_string(activity.next);
    return view;
}

} // namespace preau::sharing

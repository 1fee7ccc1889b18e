#include "portal/class/class_page.hpp"

#include "base/text.hpp"
#include "identity/groups.hpp"
#include "identity/school_year.hpp"
#include "portal/group/group.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr int items_limit = 200;

// A pupil's personal link says whose page this is; the link of the class does not.
std::string pupil_of(db::Tx& tx, const sharing::World& world, const Viewer& viewer, GroupId group) {
    for (auto id : viewer.links) {
        auto made = sharing::find_link(tx, world, id);
        if (made && made->link.group == group && !made->link.pupil.empty()) return made->link.pupil;
    }
    return {};
}

// Constant queries, however many items: their audiences and what this member of the staff may do with them.
void fill_for_staff(db::Tx& tx, const Viewer& viewer, ClassData& data, Millis now) {
    std::vector<std::int64_t> ids;
    for (const auto& item : data.items) ids.push_back(item.id.value);
    const auto places = store::places_of(tx, ids);
    std::vector<sharing::ChipItem> asked;
    std::vector<ItemId> asked_ids;
    for (const auto& item : data.items) {
        auto place = std::ranges::find(places, item.id, &store::PlaceRow::id);
        asked.push_back(
            {.id = item.id, .parent = place == places.end() ? ItemId{} : place->parent, .restricted = item.restricted});
        asked_ids.push_back(item.id);
    }
    data.audiences = sharing::audiences(tx, viewer, asked, now);
    for (const auto& reach : sharing::reaches(tx, viewer, asked_ids, now))
        data.managed.push_back(reach.role >= Role::Manage);
}

std::optional<std::string> class_link_token(db::Tx& tx, const sharing::World& world, GroupId group) {
    auto id = store::find_class_link(tx, group);
    if (!id) return std::nullopt;
    auto made = sharing::find_link(tx, world, *id);
    if (!made || made->token.empty()) return std::nullopt;
    return std::move(made->token);
}

} // namespace

Result<ClassData> class_data(db::Tx& tx, const sharing::World& world, const Viewer& viewer, GroupId id, Millis now) {
    bool staff = viewer.is_person() && viewer.is(subject(id));
    // The same answer whether the class exists or not: who is not in it learns nothing about it.
    if (!staff && !viewer.is(families(id))) return not_found("portal.no_such_class");
    auto group = identity::find_group(tx, id);
    if (!group || group->kind != "class") return not_found("portal.no_such_class");
    auto ended = identity::closed_class(tx, id);
    if (!staff && ended) return fail(Error::Kind::Gone, "link.class_ended");
    ClassData data{.group = std::move(*group),
                   .closed = ended.has_value(),
                   .staff = staff,
                   .keeps_roster = staff && !viewer.guest && !ended};
    if (ended) data.year = std::move(ended->year);
    if (auto structure = identity::find_structure(tx, data.group.structure)) data.structure = structure->name;
    data.items = sharing::items_granted_to(tx, families(id), items_limit, now);
    if (staff) {
        fill_for_staff(tx, viewer, data, now);
        data.pupils = identity::pupils_of(tx, id);
        if (!data.closed) data.class_link = class_link_token(tx, world, id);
    } else {
        data.pupil = pupil_of(tx, world, viewer, id);
    }
    return data;
}

Result<void> add_pupil(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::string_view name) {
    TRY(identity::add_to_roster(tx, portal.world.ids, viewer, group, name));
    sharing::create_class_link(tx, portal.world, group, trimmed(name));
    record_group_event(tx, portal, viewer, "class.roster_changed", group);
    return {};
}

Result<void> remove_pupil(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::int64_t pupil) {
    const auto before = identity::pupils_of(tx, group);
    TRY(identity::take_off_roster(tx, viewer, group, pupil));
    record_group_event(tx, portal, viewer, "class.roster_changed", group);
    return links_follow_roster(tx, portal.world, group, before, Newcomers::GetNone);
}

} // namespace preau::portal

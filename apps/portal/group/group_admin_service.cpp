#include "portal/group/group_admin.hpp"

#include "portal/group/group.hpp"
#include "portal/people/people_admin.hpp"
#include "sharing/archive.hpp"

namespace preau::portal {
namespace {

using enum identity::AdminRole;

struct Held {
    identity::Rights rights;
    identity::OverseenGroup group;
};

Result<Held> held_by(db::Tx& tx, const GroupActs& acts, GroupId group) {
    auto rights = TRY(require_rights(tx, acts.viewer.person, acts.now));
    auto found = TRY(require_overseen(tx, rights, group));
    return Held{std::move(rights), std::move(found)};
}

void record(db::Tx& tx, const GroupActs& acts, std::string_view kind, const identity::OverseenGroup& group,
            PersonId about = {}) {
    record_group_event(tx, acts.portal, acts.viewer, kind, group.id, about, {}, group.structure);
}

} // namespace

Result<identity::OverseenGroup> require_overseen(db::Tx& tx, const identity::Rights& rights, GroupId group) {
    if (!rights.holds(People)) return forbidden("admin.not_yours");
    auto found = identity::overseen_group(tx, group);
    // What stands elsewhere is not to be known here: the same answer as for none.
    if (!found || !identity::may(tx, rights, People, found->structure)) return not_found("identity.group");
    return *std::move(found);
}

Result<PersonId> GroupActs::name_owner(db::Tx& tx, GroupId group, std::string_view login, PersonId person) const {
    const auto held = TRY(held_by(tx, *this, group));
    auto meant = person ? Result<PersonId>{person} : person_typed(tx, login);
    // Who works elsewhere is answered like nobody: logins of others are not to be tried out here.
    if (!meant || !identity::reaches(tx, held.rights, People, *meant))
        return invalid("login", "group_admin.nobody_here");
    if (*meant == viewer.person) return forbidden("group_admin.oneself");
    TRY(identity::name_owner(tx, group, *meant, now));
    record(tx, *this, "group.owner_named", held.group, *meant);
    return *meant;
}

Result<void> GroupActs::take_ownership(db::Tx& tx, GroupId group, PersonId person) const {
    const auto held = TRY(held_by(tx, *this, group));
    TRY(identity::take_ownership(tx, group, person));
    record(tx, *this, "group.owner_removed", held.group, person);
    return {};
}

Result<void> GroupActs::change(db::Tx& tx, GroupId group, const identity::GroupSettings& settings) const {
    const auto held = TRY(held_by(tx, *this, group));
    TRY(identity::set_group(tx, group, settings));
    record(tx, *this, "group.changed", held.group);
    return {};
}

Result<void> GroupActs::close(db::Tx& tx, GroupId group, const std::vector<ItemId>& roots) const {
    const auto held = TRY(held_by(tx, *this, group));
    TRY(identity::close_group(tx, group, now));
    TRY(sharing::archive_classes(
        tx, portal.world, viewer,
        {.act = portal.world.ids.next_as<sharing::SuspensionId>(), .classes = {group}, .year = held.group.name},
        roots));
    record(tx, *this, "group.closed", held.group);
    return {};
}

Result<void> GroupActs::reopen(db::Tx& tx, GroupId group, const std::vector<ItemId>& roots) const {
    const auto held = TRY(held_by(tx, *this, group));
    TRY(identity::reopen_group(tx, group));
    TRY(sharing::bring_back_classes(tx, portal.world, viewer, {group}, roots));
    record(tx, *this, "group.reopened", held.group);
    return {};
}

std::string group_kind_words(const web::Locale& locale, std::string_view kind) {
    return locale.text(kind == "class" ? "group_admin.kind_class" : "group_admin.kind_group");
}

std::string group_state_words(const web::Locale& locale, const identity::OverseenGroup& group) {
    if (!group.closed) return {};
    return group.kind == "class" ? locale.text("group_admin.class_closed", {{"year", group.year}})
                                 : locale.text("group_admin.closed");
}

std::string group_admin_address(GroupId group) { return "/admin/groups/" + to_text(group); }

void preload_group_admin(web::Pages& pages) {
    preload_group_admin_list(pages);
    preload_group_admin_page(pages);
}

void group_admin_routes(http::Router& routes, Portal& portal) {
    group_admin_list_routes(routes, portal);
    group_admin_page_routes(routes, portal);
    group_admin_act_routes(routes, portal);
}

} // namespace preau::portal

#include "portal/year/year.hpp"

#include "portal/group/group.hpp"
#include "portal/people/people_admin.hpp"

namespace preau::portal {
namespace {

void record_each(db::Tx& tx, Portal& portal, const Viewer& viewer, std::string_view kind,
                 const std::vector<GroupId>& classes) {
    for (auto one : classes) record_group_event(tx, portal, viewer, kind, one);
}

Result<std::int64_t> reopen(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                            const std::vector<GroupId>& classes) {
    const auto opened = identity::reopen_classes(tx, classes);
    if (opened.empty()) return fail(Error::Kind::Conflict, "identity.class_open_already", "class");
    TRY(sharing::bring_back_classes(tx, portal.world, viewer, opened, hold.roots));
    record_each(tx, portal, viewer, "class.reopened", opened);
    return std::ssize(opened);
}

} // namespace

Result<identity::Structure> require_year(db::Tx& tx, const Portal& portal, const Viewer& viewer,
                                         StructureId structure) {
    auto found = identity::find_structure(tx, structure);
    if (!found) return not_found("identity.structure");
    if (!identity::keeps_school_year(tx, viewer, structure, portal.world.clock.now()))
        return forbidden("year.not_yours");
    return *std::move(found);
}

std::vector<db::Lane> YearHold::lanes() const {
    std::vector<db::Lane> lanes{db::lane_of(structure)};
    for (auto one : classes) lanes.push_back(db::lane_of(one));
    for (auto root : roots) lanes.push_back(db::lane_of(root));
    return lanes;
}

YearHold hold_classes(db::Tx& tx, StructureId structure, const std::vector<GroupId>& classes) {
    return {.structure = structure, .classes = classes, .roots = sharing::roots_of_classes(tx, classes)};
}

Result<YearClosed> close_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                              std::string_view typed) {
    TRY(require_year(tx, portal, viewer, hold.structure));
    const auto year = TRY(identity::school_year_named(typed));
    const auto id = portal.world.ids.next_as<identity::ClosingId>();
    const auto closed = TRY(identity::close_classes(
        tx, {.id = id, .structure = hold.structure, .by = viewer.person, .classes = hold.classes, .year = year},
        portal.world.clock.now()));
    const auto archived = TRY(sharing::archive_classes(
        tx, portal.world, viewer, {.act = sharing::SuspensionId{id.value}, .classes = closed, .year = year},
        hold.roots));
    record_each(tx, portal, viewer, "class.closed", closed);
    return YearClosed{.closing = id, .classes = std::ssize(closed), .links = archived.links, .rights = archived.rights};
}

Result<std::int64_t> reopen_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold) {
    TRY(require_year(tx, portal, viewer, hold.structure));
    TRY(identity::classes_named(tx, hold.structure, hold.classes));
    return reopen(tx, portal, viewer, hold, hold.classes);
}

Result<std::int64_t> undo_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                               identity::ClosingId closing) {
    TRY(require_year(tx, portal, viewer, hold.structure));
    const auto at = identity::closed_at(tx, hold.structure, closing);
    if (!at) return not_found("year.no_such_closing");
    if (*at + identity::closing_undone_within <= portal.world.clock.now())
        return fail(Error::Kind::Conflict, "year.undo_late");
    // Those that somebody opened again meanwhile are not of this act any more.
    return reopen(tx, portal, viewer, hold, identity::classes_of_closing(tx, hold.structure, closing));
}

Result<std::vector<GroupId>> open_year(db::Tx& tx, Portal& portal, const Viewer& viewer,
                                       const identity::Opening& opening) {
    TRY(require_year(tx, portal, viewer, opening.structure));
    auto made = TRY(identity::found_classes(tx, portal.world.ids, opening));
    record_each(tx, portal, viewer, "class.opened", made);
    return made;
}

Result<PersonId> name_staff(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                            std::string_view login) {
    TRY(require_year(tx, portal, viewer, hold.structure));
    const auto person = TRY(person_typed(tx, login));
    TRY(identity::name_class_staff(tx, hold.structure, hold.classes.front(), person, portal.world.clock.now()));
    record_group_event(tx, portal, viewer, "class.staff_named", hold.classes.front(), person, "owner");
    return person;
}

} // namespace preau::portal

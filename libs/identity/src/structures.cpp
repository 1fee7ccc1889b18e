// Rules of structures and groups.
#include "attachment_store.hpp"
#include "directory_words.hpp"
#include "group_store.hpp"
#include "structure_detail_store.hpp"
#include "structure_store.hpp"

#include "base/text.hpp"

namespace preau::identity {

StructureId create_structure(db::Tx& tx, IdSource& ids, const Structure& structure) {
    auto made = structure;
    made.id = ids.next_as<StructureId>();
    if (made.zone.empty()) {
        auto above = made.parent ? store::find_structure(tx, made.parent) : std::nullopt;
        made.zone = above ? above->zone : "Europe/Paris";
    }
    store::insert_structure(tx, made);
    store::set_sort_key(tx, made.id, sort_key(made.name));
    enter_structure(tx, made.id, made.name);
    return made.id;
}

Result<void> move_structure(db::Tx& tx, StructureId structure, StructureId parent) {
    if (!store::find_structure(tx, structure)) return not_found("identity.structure");
    if (parent && !store::find_structure(tx, parent)) return not_found("identity.structure");
    if (parent && store::stands_below(tx, parent, structure))
        return fail(Error::Kind::Conflict, "identity.structure_cycle", "parent");
    const auto before = store::strictly_above(tx, structure);
    store::set_parent(tx, structure, parent);
    store::leave_below_with(tx, structure, before);
    if (parent) store::stand_below_with(tx, structure, parent);
    return {};
}

std::vector<Structure> structures_above(db::Tx& tx, StructureId structure) {
    return store::structures_above(tx, structure);
}

std::optional<Structure> find_structure(db::Tx& tx, StructureId id) { return store::find_structure(tx, id); }

GroupId create_group(db::Tx& tx, IdSource& ids, const Group& group) {
    auto made = group;
    made.id = ids.next_as<GroupId>();
    store::insert_group(tx, made, group_sort(made.name));
    enter_group(tx, made);
    return made.id;
}

std::string group_sort(std::string_view name) { return '0' + sort_key(name); }

std::optional<Group> find_group(db::Tx& tx, GroupId id) { return store::find_group(tx, id); }
std::vector<Group> groups_of(db::Tx& tx, PersonId person) { return store::groups_of(tx, person); }

void add_member(db::Tx& tx, GroupId group, PersonId person, std::string_view role) {
    store::insert_member(tx, group, person, role, 0);
    store::set_member_role(tx, group, person, role);
}

void add_pupil(db::Tx& tx, IdSource& ids, GroupId group, std::string_view name) {
    store::insert_pupil(tx, ids.next(), group, name, sort_key(name));
}

std::vector<Pupil> pupils_of(db::Tx& tx, GroupId group) { return store::pupils_of(tx, group); }

} // namespace preau::identity

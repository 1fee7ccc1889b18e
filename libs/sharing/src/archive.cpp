#include "sharing/archive.hpp"

#include "archive_store.hpp"
#include "suspension_store.hpp"

#include "identity/directory.hpp"
#include "identity/school_year.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

std::vector<std::int64_t> values_of(const std::vector<GroupId>& classes) {
    std::vector<std::int64_t> values;
    for (auto one : classes) values.push_back(one.value);
    return values;
}

bool manages_for_good(const Grant& grant) { return grant.role == Role::Manage && !grant.until; }

// Somebody other than this person, with an open account, or a group that has one.
bool has_manager(db::Tx& tx, ItemId root, PersonId but = {}) {
    for (const auto& grant : grants_on(tx, root)) {
        if (!manages_for_good(grant)) continue;
        if (grant.subject_kind == Subject::Kind::Group && identity::has_members(tx, GroupId{grant.subject}))
            return true;
        if (grant.subject_kind != Subject::Kind::Person || grant.subject == but.value) continue;
        const auto person = identity::find_person(tx, PersonId{grant.subject});
        if (person && !person->disabled) return true;
    }
    return false;
}

Grant own_right(db::Tx& tx, ItemId item, PersonId person) {
    for (auto& grant : grants_on(tx, item))
        if (grant.subject_kind == Subject::Kind::Person && grant.subject == person.value) return grant;
    return {.item = item, .subject_kind = Subject::Kind::Person, .subject = person.value, .role = Role::None};
}

// There is nobody above the root of a space to ask: it is never left without a manager.
void keep_a_manager(db::Tx& tx, World& world, const Viewer& by, ItemId root, std::span<const std::int64_t> classes) {
    if (has_manager(tx, root)) return;
    const auto group = store::class_that_managed(tx, root, classes);
    const auto person = group ? identity::answers_for_class(tx, *group) : std::nullopt;
    if (!person) return; // a class without anybody managed nothing
    const auto before = own_right(tx, root, *person);
    set_grant(tx, world, by,
              {.item = root,
               .subject_kind = Subject::Kind::Person,
               .subject = person->value,
               .role = Role::Manage,
               .given_by = *person});
    store::remember_stand_in(tx, {.before = before, .group = *group}, world.clock.now());
}

// As they were before, unless the space would be left alone: the class's own right was withdrawn meanwhile.
void step_back(db::Tx& tx, World& world, const Viewer& by, const Grant& before) {
    const PersonId person{before.subject};
    if (!manages_for_good(own_right(tx, before.item, person)) || !has_manager(tx, before.item, person)) return;
    set_grant(tx, world, by, before);
}

} // namespace

std::vector<ItemId> roots_of_classes(db::Tx& tx, const std::vector<GroupId>& classes) {
    return classes.empty() ? std::vector<ItemId>{} : store::roots_of_classes(tx, values_of(classes));
}

Result<Archived> archive_classes(db::Tx& tx, World& world, const Viewer& by, const ClassEnd& end,
                                 const std::vector<ItemId>& held) {
    if (end.classes.empty()) return Archived{};
    const auto roots = roots_of_classes(tx, end.classes);
    if (!std::ranges::includes(held, roots)) return fail(Error::Kind::Conflict, "sharing.moved_meanwhile");
    const auto classes = values_of(end.classes);
    store::insert_suspension(tx, end.act, by.person, world.clock.now(), end.year);
    Archived archived{.links = store::suspend_class_links(tx, classes, end.act)};
    store::remember_rights(tx, classes);
    archived.rights = store::reduce_rights(tx, classes);
    for (auto root : roots) keep_a_manager(tx, world, by, root, classes);
    return archived;
}

Result<void> bring_back_classes(db::Tx& tx, World& world, const Viewer& by, const std::vector<GroupId>& opened,
                                const std::vector<ItemId>& held) {
    if (opened.empty()) return {};
    if (!std::ranges::includes(held, roots_of_classes(tx, opened)))
        return fail(Error::Kind::Conflict, "sharing.moved_meanwhile");
    const auto classes = values_of(opened);
    store::resume_class_links(tx, classes);
    store::give_rights_back(tx, classes);
    const auto stand_ins = store::stand_ins(tx, classes);
    store::forget_rights(tx, classes);
    for (const auto& before : stand_ins) step_back(tx, world, by, before);
    return {};
}

std::vector<ClassReach> reach_of_classes(db::Tx& tx, const std::vector<GroupId>& classes) {
    return classes.empty() ? std::vector<ClassReach>{} : store::class_reaches(tx, values_of(classes));
}

} // namespace preau::sharing

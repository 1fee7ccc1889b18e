// Personal links of families follow the roster when a list changes it: a name that left must open nothing any more.
#include "portal/class/class_page.hpp"

#include "identity/people.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using Pupils = std::vector<identity::Pupil>;

const identity::Pupil* find(const Pupils& pupils, const identity::Pupil& same) {
    const auto found = std::ranges::find(pupils, same.id, &identity::Pupil::id);
    return found == pupils.end() ? nullptr : &*found;
}

std::int64_t called(const Pupils& pupils, const std::string& name) {
    return std::ranges::count(pupils, name, &identity::Pupil::name);
}

// The one that was revoked a moment ago, for the list was the wrong one; else another.
void give_link(db::Tx& tx, sharing::World& world, const Viewer& staff, GroupId group, const std::string& name) {
    const auto last = store::last_revoked_link(tx, group, name);
    if (!last || !sharing::restore_link(tx, world, staff, *last)) sharing::create_class_link(tx, world, group, name);
}

} // namespace

Result<void> links_follow_roster(db::Tx& tx, sharing::World& world, GroupId group, const Pupils& before,
                                 Newcomers newcomers) {
    const auto now = identity::pupils_of(tx, group);
    // Whoever may change the roster may change its links; a list does so for the staff of the class.
    const Viewer staff{.kind = Viewer::Kind::Person, .subjects = {subject(group)}};
    for (const auto& pupil : before) {
        const auto* still = find(now, pupil);
        if (still && still->name == pupil.name) continue;
        // Two pupils of one name have two links, and nobody can say whose is whose: theirs stay until the last one
        // goes.
        if (called(now, pupil.name) > 0) continue;
        if (still && called(before, pupil.name) == 1)
            store::rename_pupil_links(tx, group, pupil.name, still->name);
        else
            for (auto link : store::pupil_links(tx, group, pupil.name))
                TRY(sharing::revoke_link(tx, world, staff, link));
    }
    if (newcomers == Newcomers::GetNone) return {};
    for (const auto& pupil : now)
        if (static_cast<std::int64_t>(store::pupil_links(tx, group, pupil.name).size()) < called(now, pupil.name))
            give_link(tx, world, staff, group, pupil.name);
    return {};
}

} // namespace preau::portal

#include "look.hpp"

#include "look_store.hpp"

namespace preau::sharing {
namespace {

// The person's own grant on the item itself.
std::optional<Grant> own_grant(db::Tx& tx, ItemId item, PersonId person) {
    for (const auto& grant : grants_on(tx, item))
        if (grant.subject_kind == Subject::Kind::Person && grant.subject == person.value) return grant;
    return std::nullopt;
}

// Somebody may have given the same person a right of their own meanwhile: that is another grant, with another end.
bool is_that_look(const Grant& grant, const store::LookRow& look) {
    return grant.role == Role::View && !grant.deposit && grant.until == look.until;
}

} // namespace

void give_look(db::Tx& tx, World& world, const Viewer& viewer, ItemId item) {
    const auto now = world.clock.now();
    auto there = own_grant(tx, item, viewer.person);
    auto before = store::find_look(tx, item, viewer.person);
    const bool ended = there && there->until && *there->until <= now;
    const bool of_a_look = there && before && is_that_look(*there, *before);
    if (there && !ended && !of_a_look) return; // may see it anyway
    const store::LookRow look{.item = item, .person = viewer.person, .until = now + look_lasts};
    store::put_look(tx, look);
    set_grant(tx, world, viewer,
              {.item = item,
               .subject_kind = Subject::Kind::Person,
               .subject = viewer.person.value,
               .role = Role::View,
               .until = look.until,
               .given_by = viewer.person});
}

void end_looks(db::Tx& tx, World& world, const Viewer& by, ItemId item) {
    for (const auto& look : store::take_looks(tx, item)) {
        auto grant = own_grant(tx, item, look.person);
        if (!grant || !is_that_look(*grant, look)) continue;
        grant->role = Role::None;
        set_grant(tx, world, by, *grant);
    }
}

} // namespace preau::sharing

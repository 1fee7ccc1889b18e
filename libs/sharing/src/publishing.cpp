#include "sharing/publishing.hpp"

#include "free_text.hpp"
#include "identity/leading.hpp"
#include "identity/people.hpp"
#include "identity/sessions.hpp"
#include "look.hpp"
#include "publishing_store.hpp"
#include "sharing/suspension.hpp"

namespace preau::sharing {
namespace {

constexpr Millis refusals_shown = 14_days;

void show_to_everybody(db::Tx& tx, World& world, const Viewer& by, const Publication& request) {
    set_grant(tx, world, by,
              {.item = request.item,
               .subject_kind = Subject::Kind::Public,
               .role = Role::View,
               .until = request.until,
               .given_by = request.asked_by});
    record_event(tx, world, by, "publishing.approved", request.item, to_text(request.id));
}

bool may_decide(db::Tx& tx, const Viewer& viewer, StructureId structure) {
    if (!viewer.is_person()) return false;
    return structure ? identity::leads(tx, viewer.person, structure) : viewer.admin;
}

// A waiting request, for who may decide it.
Result<Publication> request_for(db::Tx& tx, const Viewer& viewer, PublicationId id) {
    auto request = store::find_publication(tx, id);
    if (!request || !may_decide(tx, viewer, request->structure)) return not_found("publishing.request");
    if (request->state != "waiting") return fail(Error::Kind::Conflict, "publishing.settled");
    return std::move(*request);
}

Result<void> settle(db::Tx& tx, World& world, const Viewer& viewer, const Publication& request, std::string_view state,
                    std::string_view reason) {
    if (!store::settle(tx, request.id, state, viewer.person, world.clock.now(), reason))
        return fail(Error::Kind::Conflict, "publishing.settled");
    end_looks(tx, world, viewer, request.item);
    return {};
}

} // namespace

std::string_view word_of(Policy policy) {
    switch (policy) {
    case Policy::Free: return "free";
    case Policy::Approved: return "approved";
    case Policy::Off: return "off";
    }
    return "approved";
}

std::optional<Policy> policy_named(std::string_view word) {
    for (auto policy : {Policy::Free, Policy::Approved, Policy::Off})
        if (word == word_of(policy)) return policy;
    return std::nullopt;
}

PolicySetting policy_of(db::Tx& tx, StructureId structure) {
    auto nearest = structure ? store::nearest_policy(tx, structure) : std::nullopt;
    if (!nearest) return {};
    return {.policy = policy_named(nearest->policy).value_or(Policy::Approved), .from = nearest->structure};
}

Result<void> set_policy(db::Tx& tx, World& world, const Viewer& viewer, StructureId structure,
                        std::optional<Policy> policy) {
    const bool may = viewer.is_person() && (viewer.admin || identity::leads(tx, viewer.person, structure));
    if (!may || !identity::find_structure(tx, structure)) return not_found("publishing.structure");
    if (policy)
        store::put_policy(tx, structure, word_of(*policy), viewer.person, world.clock.now());
    else
        store::delete_policy(tx, structure);
    record_event(tx, world, viewer, "structure.policy_changed", ItemId{structure.value},
                 policy ? word_of(*policy) : "inherit");
    return {};
}

StructureId structure_of(db::Tx& tx, const Item& item) {
    auto owner = item.owner;
    if (!owner)
        if (auto space = find_item(tx, item.space)) owner = space->owner;
    return owner ? identity::main_structure(tx, owner) : StructureId{};
}

Result<Publishing> publish(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, std::optional<Millis> until) {
    const auto now = world.clock.now();
    auto place = standing(tx, viewer, id, now);
    auto item = TRY(allow(place, Action::Manage));
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (until && *until <= now) return invalid("until", "link.until_past");
    if (store::public_grant(tx, id, now)) return Publishing::Published;
    if (public_suspended(tx, id)) return fail(Error::Kind::Conflict, "publishing.suspended");
    const auto structure = structure_of(tx, item);
    Publication request{.id = world.ids.next_as<PublicationId>(),
                        .item = id,
                        .structure = structure,
                        .asked_by = viewer.person,
                        .asked_at = now,
                        .until = until,
                        .state = "waiting"};
    const auto policy = policy_of(tx, structure).policy;
    if (policy == Policy::Off) return Publishing::Refused;
    const bool waits = policy == Policy::Approved && !may_decide(tx, viewer, structure);
    auto last = store::last_publication(tx, id);
    if (waits) {
        if (last && last->state == "waiting") return Publishing::Waiting;
        if (store::insert_publication(tx, request)) // else somebody asked at the same moment
            record_event(tx, world, viewer, "publishing.requested", id, to_text(request.id));
        return Publishing::Waiting;
    }
    // A request that waited for this is answered by it.
    if (last && last->state == "waiting") {
        TRY(settle(tx, world, viewer, *last, "approved", ""));
        request.id = last->id;
    } else {
        request.state = "approved";
        request.decided_by = viewer.person;
        request.decided_at = now;
        store::insert_publication(tx, request);
    }
    show_to_everybody(tx, world, viewer, request);
    return Publishing::Published;
}

Result<void> withdraw_publication(db::Tx& tx, World& world, const Viewer& viewer, ItemId item) {
    auto last = store::last_publication(tx, item);
    const bool asked = last && viewer.is_person() && last->asked_by == viewer.person;
    if (!asked) TRY(require(tx, viewer, Action::Manage, item, world.clock.now()));
    if (!last || last->state != "waiting") return {};
    TRY(settle(tx, world, viewer, *last, "withdrawn", ""));
    record_event(tx, world, viewer, "publishing.withdrawn", item, to_text(last->id));
    return {};
}

std::optional<Publication> last_publication(db::Tx& tx, ItemId item) { return store::last_publication(tx, item); }

bool is_public(db::Tx& tx, ItemId item, Millis now) { return can(tx, Viewer{}, Action::View, item, now); }

std::vector<Publication> publications_waiting_for(db::Tx& tx, const Viewer& viewer, PublicationId after, int limit) {
    if (!viewer.is_person()) return {};
    return store::waiting(tx, viewer.person, viewer.admin, after, std::clamp(limit, 1, 200));
}

Result<Item> look_at_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id) {
    auto request = TRY(request_for(tx, viewer, id));
    auto item = find_item(tx, request.item);
    if (!item) return not_found("publishing.request");
    give_look(tx, world, viewer, item->id);
    record_event(tx, world, viewer, "publishing.looked", item->id, to_text(id));
    return std::move(*item);
}

Result<void> approve_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id,
                                 std::int64_t revision) {
    auto request = TRY(request_for(tx, viewer, id));
    auto asker = identity::find_viewer(tx, request.asked_by);
    auto place = standing(tx, asker.value_or(Viewer{}), request.item, world.clock.now());
    // Whoever asked has lost the right to: the request has no ground any more, and who manages the item asks anew.
    if (!place.item || !place.can(Action::Manage)) return fail(Error::Kind::Conflict, "publishing.void");
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (public_suspended(tx, request.item)) return fail(Error::Kind::Conflict, "publishing.suspended");
    if (revision != 0 && revision != place.item->revision) return fail(Error::Kind::Conflict, "publishing.changed");
    TRY(settle(tx, world, viewer, request, "approved", ""));
    show_to_everybody(tx, world, viewer, request);
    return {};
}

Result<void> refuse_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id,
                                std::string_view raw) {
    constexpr std::size_t longest_reason = 1000;
    auto request = TRY(request_for(tx, viewer, id));
    auto reason = TRY(check_text(raw, "reason", 1, longest_reason));
    TRY(settle(tx, world, viewer, request, "refused", reason));
    record_event(tx, world, viewer, "publishing.refused", request.item, to_text(id));
    return {};
}

std::vector<Publication> refused_lately(db::Tx& tx, PersonId asked_by, Millis now) {
    return store::refused_since(tx, asked_by, now - refusals_shown);
}

} // namespace preau::sharing

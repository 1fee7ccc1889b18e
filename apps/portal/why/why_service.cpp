#include "portal/why/why.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"
#include "identity/sessions.hpp"
#include "sharing/tree.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

// Whoever made it, and whoever owns the space around it: a thing of nobody (a family's deposit) is its space's.
bool supports(db::Tx& tx, const identity::Rights& rights, const sharing::Item& item) {
    using enum identity::AdminRole;
    if (identity::may(tx, rights, Support, {})) return true;
    auto owner = item.owner;
    if (!owner && item.space)
        if (auto space = sharing::find_item(tx, item.space)) owner = space->owner;
    return owner && identity::reaches(tx, rights, Support, owner);
}

int levels_up(db::Tx& tx, const sharing::Item& item, ItemId to) {
    if (item.id == to) return 0;
    const auto above = sharing::ancestors(tx, item.id); // root first
    const auto found = std::ranges::find(above, to, &sharing::Item::id);
    return found == above.end() ? 0 : static_cast<int>(above.end() - found);
}

} // namespace

ItemId item_in_address(std::string_view address) {
    address = trimmed(address);
    address = address.substr(0, std::min(address.find('?'), address.find('#')));
    while (address.ends_with('/')) address.remove_suffix(1);
    const auto slash = address.rfind('/');
    return parse_id<ItemId>(slash == std::string_view::npos ? address : address.substr(slash + 1)).value_or(ItemId{});
}

Result<WhyAnswer> ask_why(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId id, ItemId item, Millis now) {
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    if (!rights.holds(identity::AdminRole::Support)) return forbidden("admin.not_yours");
    const auto person = identity::find_person(tx, id);
    if (!person || !identity::reaches(tx, rights, identity::AdminRole::Support, id))
        return not_found("identity.person");
    const auto found = sharing::find_item(tx, item);
    if (!found) return not_found("admin.why_unknown");
    const auto who = identity::find_viewer(tx, id).value_or(Viewer{}); // a closed account comes as nobody
    const auto standing = sharing::standing(tx, who, item, now);
    if (!standing.item || !supports(tx, rights, *standing.item)) return not_found("admin.why_unknown");
    WhyAnswer answer{.person = id,
                     .person_name = person->name,
                     .can_see = standing.can(Action::View),
                     .role = standing.role,
                     .deposit = standing.deposit,
                     .reason = standing.reason,
                     .kind = standing.item->kind};
    if (const auto& grant = standing.reason.grant) {
        answer.given_to = {grant->subject_kind, grant->subject};
        const auto names = identity::names_of(tx, {answer.given_to, subject(grant->given_by)});
        if (auto name = names.find(answer.given_to); name != names.end()) {
            answer.given_to_name = name->second.name;
            if (answer.given_to.kind == Subject::Kind::Function) answer.given_to_function = name->second.function;
        }
        if (auto name = names.find(subject(grant->given_by)); name != names.end())
            answer.given_by_name = name->second.name;
        answer.levels_up = levels_up(tx, *standing.item, grant->item);
    }
    AdminDetail detail{.subject_kind = "person", .subject = to_text(id)};
    sharing::record_event(tx, portal.world, viewer, "admin.why_asked", item, json::text_of(detail));
    return answer;
}

} // namespace preau::portal

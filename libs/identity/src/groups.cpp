// Rules of groups.
#include "identity/groups.hpp"

#include "directory_words.hpp"
#include "group_store.hpp"
#include "structure_store.hpp"

#include "base/text.hpp"
#include "identity/guests.hpp"

#include <algorithm>
#include <array>

namespace preau::identity {
namespace {

constexpr std::array<std::string_view, 3> joining_words{"closed", "moderated", "open"};
constexpr std::array<std::string_view, 4> role_words{"", "member", "animator", "owner"};

std::unexpected<Error> unknown() { return not_found("identity.group"); }

// An archive is read as it was on its last day.
std::unexpected<Error> ended(const GroupCard& card) {
    return fail(Error::Kind::Conflict, card.kind == "class" ? "identity.class_closed" : "identity.group_ended");
}

struct Held {
    GroupCard card;
    GroupRole role = GroupRole::None;
};

// The group and one's own place in it, for who may know that it exists.
Result<Held> known(db::Tx& tx, const Viewer& viewer, GroupId group) {
    auto card = store::find_card(tx, group);
    if (!card || !may_know(tx, viewer, *card)) return unknown();
    return Held{.card = std::move(*card), .role = role_in(tx, group, viewer.person)};
}

Result<Held> decided_by(db::Tx& tx, const Viewer& viewer, GroupId group, GroupRole least) {
    auto held = TRY(known(tx, viewer, group));
    if (held.role < least) return forbidden("identity.group_role");
    if (held.card.closed) return ended(held.card);
    return held;
}

// Of several lines; what a person sees as one paragraph.
Result<std::string> words_in(std::string_view raw, std::string_view field, std::size_t most) {
    if (!valid_utf8(raw)) return invalid(std::string{field}, "text_not_utf8");
    auto text = to_nfc(trimmed(raw));
    std::erase(text, '\r');
    if (code_points(text) > most) return invalid(std::string{field}, "identity.group_words");
    return text;
}

Result<GroupForm> checked(db::Tx& tx, const Viewer& viewer, const GroupForm& form, StructureId before) {
    auto good = form;
    good.name = TRY(check_line(form.name, "name", 2, 100));
    good.description = TRY(words_in(form.description, "description", most_description));
    if (good.structure && good.structure != before) {
        const auto around = store::structures_around(tx, viewer.person);
        if (std::ranges::find(around, good.structure) == around.end())
            return invalid("structure", "identity.group_place");
    }
    return good;
}

Result<void> keep_an_owner(db::Tx& tx, GroupId group, PersonId leaving) {
    if (store::role_of(tx, group, leaving) != "owner" || store::other_owner(tx, group, leaving)) return {};
    return fail(Error::Kind::Conflict, "identity.group_last_owner");
}

void let_in(db::Tx& tx, GroupId group, PersonId who, Millis now) {
    store::delete_request(tx, group, who);
    store::delete_invitation(tx, group, who);
    store::insert_member(tx, group, who, "member", now);
}

} // namespace

std::string_view word_of(Joining joining) { return joining_words[static_cast<std::size_t>(joining)]; }
std::optional<Joining> joining_named(std::string_view word) {
    const auto found = std::ranges::find(joining_words, word);
    if (found == joining_words.end()) return std::nullopt;
    return static_cast<Joining>(found - joining_words.begin());
}
std::string_view word_of(GroupRole role) { return role_words[static_cast<std::size_t>(role)]; }
GroupRole group_role(std::string_view word) {
    const auto found = std::ranges::find(role_words, word);
    return found == role_words.end() ? GroupRole::None : static_cast<GroupRole>(found - role_words.begin());
}

std::optional<GroupCard> group_card(db::Tx& tx, GroupId group) { return store::find_card(tx, group); }
GroupRole role_in(db::Tx& tx, GroupId group, PersonId person) { return group_role(store::role_of(tx, group, person)); }
bool has_asked(db::Tx& tx, GroupId group, PersonId person) { return store::find_request(tx, group, person); }
bool is_invited(db::Tx& tx, GroupId group, PersonId person) { return store::find_invitation(tx, group, person); }

Result<GroupId> found_group(db::Tx& tx, IdSource& ids, const Viewer& viewer, const GroupForm& form, Millis now) {
    if (!viewer.is_person() || viewer.guest) return forbidden("identity.guest_may_not");
    const auto good = TRY(checked(tx, viewer, form, {}));
    const auto id = create_group(tx, ids, {.name = good.name, .kind = "group", .structure = good.structure});
    store::update_group(tx, id, good, group_sort(good.name));
    store::insert_member(tx, id, viewer.person, "owner", now);
    return id;
}

Result<void> change_group(db::Tx& tx, const Viewer& viewer, GroupId group, const GroupForm& form) {
    const auto held = TRY(decided_by(tx, viewer, group, GroupRole::Owner));
    auto good = TRY(checked(tx, viewer, form, held.card.structure));
    if (held.card.kind == "class") { // comes from the school: where it stands and who joins is not decided here
        good.structure = held.card.structure;
        good.joining = Joining::ByInvitation;
    }
    store::update_group(tx, group, good, group_sort(good.name));
    leave_directory(tx, subject(group));
    enter_group(tx, {.id = group, .name = good.name, .kind = held.card.kind, .structure = good.structure});
    return {};
}

bool may_know(db::Tx& tx, const Viewer& viewer, const GroupCard& group) {
    if (!viewer.is_person()) return false;
    if (viewer.is(subject(group.id)) || store::find_invitation(tx, group.id, viewer.person)) return true;
    if (store::role_of(tx, group.id, viewer.person) != "") return true; // since a moment ago
    return group.joining != Joining::ByInvitation && !group.closed && !viewer.guest && group.structure &&
           viewer.is(subject(group.structure));
}

Result<void> join_group(db::Tx& tx, const Viewer& viewer, GroupId group, Millis now) {
    const auto held = TRY(known(tx, viewer, group));
    if (held.card.closed) return ended(held.card);
    if (held.card.joining != Joining::Open || viewer.guest) return forbidden("identity.group_closed");
    let_in(tx, group, viewer.person, now);
    return {};
}

Result<void> ask_to_join(db::Tx& tx, const Viewer& viewer, GroupId group, std::string_view message, Millis now) {
    const auto held = TRY(known(tx, viewer, group));
    if (held.role != GroupRole::None) return fail(Error::Kind::Conflict, "identity.group_member");
    if (held.card.closed) return ended(held.card);
    if (held.card.joining != Joining::Moderated || viewer.guest)
        return fail(Error::Kind::Conflict, "identity.group_not_moderated");
    store::put_request(tx, group, viewer.person, TRY(words_in(message, "message", 500)), now);
    return {};
}

Result<void> take_request_back(db::Tx& tx, const Viewer& viewer, GroupId group) {
    TRY(known(tx, viewer, group));
    store::delete_request(tx, group, viewer.person);
    return {};
}

Result<void> decide_request(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, Decision decision,
                            Millis now) {
    TRY(decided_by(tx, viewer, group, GroupRole::Animator));
    if (!store::delete_request(tx, group, who)) return fail(Error::Kind::Conflict, "identity.group_request");
    if (decision == Decision::Accept) let_in(tx, group, who, now);
    return {};
}

Result<bool> invite_to_group(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, Millis now) {
    TRY(decided_by(tx, viewer, group, GroupRole::Animator));
    const auto person = find_person(tx, who);
    if (!person || person->disabled) return invalid("who", "identity.group_nobody");
    if (store::role_of(tx, group, who) != "") return fail(Error::Kind::Conflict, "identity.group_member", "who");
    if (store::find_request(tx, group, who)) { // both want it
        let_in(tx, group, who, now);
        return true;
    }
    store::put_invitation(tx, group, who, viewer.person, now);
    return false;
}

Result<void> withdraw_invitation(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who) {
    TRY(decided_by(tx, viewer, group, GroupRole::Animator));
    if (!store::delete_invitation(tx, group, who)) return not_found("identity.group_invitation");
    return {};
}

Result<void> answer_invitation(db::Tx& tx, const Viewer& viewer, GroupId group, Decision decision, Millis now) {
    const auto held = TRY(known(tx, viewer, group));
    if (held.card.closed && decision == Decision::Accept) return ended(held.card);
    if (!store::delete_invitation(tx, group, viewer.person)) return not_found("identity.group_invitation");
    if (decision == Decision::Accept) let_in(tx, group, viewer.person, now);
    return {};
}

Result<void> leave_group(db::Tx& tx, const Viewer& viewer, GroupId group) {
    const auto held = TRY(known(tx, viewer, group));
    if (held.role == GroupRole::None) return unknown();
    TRY(keep_an_owner(tx, group, viewer.person));
    store::delete_member(tx, group, viewer.person);
    return {};
}

Result<void> remove_member(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who) {
    const auto held = TRY(decided_by(tx, viewer, group, GroupRole::Animator));
    const auto role = role_in(tx, group, who);
    if (role == GroupRole::None) return not_found("identity.group_nobody");
    if (held.role < GroupRole::Owner && role > GroupRole::Member) return forbidden("identity.group_role");
    TRY(keep_an_owner(tx, group, who));
    store::delete_member(tx, group, who);
    return {};
}

Result<void> set_group_role(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, GroupRole role) {
    TRY(decided_by(tx, viewer, group, GroupRole::Owner));
    if (role == GroupRole::None) return invalid("role", "identity.group_role");
    if (role_in(tx, group, who) == GroupRole::None) return not_found("identity.group_nobody");
    // A guest leaves one day without being asked: nobody answers for a group who may be gone tomorrow.
    if (role == GroupRole::Owner && is_guest(tx, who)) return invalid("role", "identity.guest_may_not");
    if (role != GroupRole::Owner) TRY(keep_an_owner(tx, group, who));
    store::set_member_role(tx, group, who, word_of(role));
    return {};
}

void enlist_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people, GroupRole role, Millis now) {
    store::settle_asking(tx, group, people);
    store::insert_members(tx, group, people, word_of(role), now);
}

void strike_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people) {
    store::delete_members(tx, group, people);
}

// ---- Rosters.

Result<void> add_to_roster(db::Tx& tx, IdSource& ids, const Viewer& viewer, GroupId group, std::string_view name) {
    const auto held = TRY(decided_by(tx, viewer, group, GroupRole::Member));
    if (held.card.kind != "class" || viewer.guest) return unknown();
    add_pupil(tx, ids, group, TRY(check_line(name, "pupil", 2, 100)));
    return {};
}

Result<void> take_off_roster(db::Tx& tx, const Viewer& viewer, GroupId group, std::int64_t pupil) {
    const auto held = TRY(decided_by(tx, viewer, group, GroupRole::Member));
    if (held.card.kind != "class" || viewer.guest || !store::delete_pupil(tx, group, pupil))
        return not_found("identity.pupil");
    return {};
}

} // namespace preau::identity

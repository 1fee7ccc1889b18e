// Groups that people make: who is in, who decides, how one comes in. Rows, never arrays: a group of 100,000 costs
// nothing to those who do not look at it, and a page of it as much as a page of a group of ten.
//
// Roles: an owner decides everything; an animator decides who comes in and invites; a member is in. Whatever changes
// who is in is called under lane_of(group): that the last owner stays is decided there.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::identity {

enum class Joining : std::int64_t { ByInvitation = 0, Moderated = 1, Open = 2 };
std::string_view word_of(Joining joining); // "closed", "moderated", "open"
std::optional<Joining> joining_named(std::string_view word);

enum class GroupRole { None, Member, Animator, Owner };
std::string_view word_of(GroupRole role); // "", "member", "animator", "owner"
GroupRole group_role(std::string_view word);

struct GroupCard {
    GroupId id;
    std::string name, kind; // "group", "class"
    StructureId structure;
    std::string place; // name of the structure
    std::string description;
    Joining joining = Joining::ByInvitation;
    std::int64_t members = 0;
    std::int64_t requests = 0; // waiting to be decided
    std::string sort; // with the id: key of a page
    // A class whose year has ended (identity.class_closed), or a group that an administrator closed
    // (identity.group_ended): nothing of it changes any more.
    bool closed = false;
};
PREAU_DESCRIBE(GroupCard, id, name, kind, structure, place, description, joining, members, requests, sort, closed)
std::optional<GroupCard> group_card(db::Tx& tx, GroupId group);
GroupRole role_in(db::Tx& tx, GroupId group, PersonId person);

struct GroupForm {
    std::string name, description;
    Joining joining = Joining::ByInvitation;
    StructureId structure; // where it can be found; none: by invitation alone
};
constexpr std::size_t most_description = 2000;
// Who makes it is its owner. Errors: those of check_line (name), identity.group_words (description),
// identity.group_place (a structure that the person has nothing to do with), identity.guest_may_not.
Result<GroupId> found_group(db::Tx& tx, IdSource& ids, const Viewer& viewer, const GroupForm& form, Millis now);
// Owners only. Opening a moderated group lets in nobody who waits: they are decided as before.
Result<void> change_group(db::Tx& tx, const Viewer& viewer, GroupId group, const GroupForm& form);

// ---- Coming in and going. Errors of all: identity.group (NotFound) for who may not know that it exists; of all but
// going: identity.class_closed, identity.group_ended (Conflict).
bool may_know(db::Tx& tx, const Viewer& viewer, const GroupCard& group); // in it, invited, or could ask to come in
// At once where it is open. Errors: identity.group_closed (Forbidden).
Result<void> join_group(db::Tx& tx, const Viewer& viewer, GroupId group, Millis now);
// Again changes the message. Errors: identity.group_not_moderated (Conflict), identity.group_member (Conflict).
Result<void> ask_to_join(db::Tx& tx, const Viewer& viewer, GroupId group, std::string_view message, Millis now);
Result<void> take_request_back(db::Tx& tx, const Viewer& viewer, GroupId group);
enum class Decision { Accept, Refuse };
// Owners and animators. Errors: identity.group_request (Conflict) when somebody else decided, identity.group_role.
Result<void> decide_request(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, Decision decision,
                            Millis now);
// Owners and animators; somebody who asked meanwhile is in at once (true). Errors: identity.group_member,
// identity.group_nobody, identity.group_role.
Result<bool> invite_to_group(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, Millis now);
Result<void> withdraw_invitation(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who);
// Errors: identity.group_invitation (NotFound).
Result<void> answer_invitation(db::Tx& tx, const Viewer& viewer, GroupId group, Decision decision, Millis now);
// Errors: identity.group_last_owner (Conflict).
Result<void> leave_group(db::Tx& tx, const Viewer& viewer, GroupId group);
// Owners; animators remove members. Errors: identity.group_role, identity.group_last_owner.
Result<void> remove_member(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who);
Result<void> set_group_role(db::Tx& tx, const Viewer& viewer, GroupId group, PersonId who, GroupRole role);

// ---- The link for staff.
using GroupLinkId = Id<struct GroupLinkTag>;
struct GroupLink {
    GroupLinkId id;
    GroupId group;
    Millis until_at = 0;
};
PREAU_DESCRIBE(GroupLink, id, group, until_at)
constexpr Millis group_link_lifetime = 30LL * 24 * 60 * 60 * 1000;
std::string group_link_token(std::string_view key, GroupLinkId link); // key: Identity::signing_key("group-link")
// Replaces the one there was. Owners and animators.
Result<GroupLink> make_group_link(db::Tx& tx, IdSource& ids, const Viewer& viewer, GroupId group, Millis now);
Result<void> end_group_link(db::Tx& tx, const Viewer& viewer, GroupId group, Millis now);
std::optional<GroupLink> group_link(db::Tx& tx, GroupId group, Millis now); // that holds
// Errors: identity.group_link (Gone): unknown, ended, expired; for a guest too.
Result<GroupLink> open_group_link(db::Tx& tx, const Viewer& viewer, std::string_view key, std::string_view token,
                                  Millis now);
Result<void> join_by_link(db::Tx& tx, const Viewer& viewer, const GroupLink& link, Millis now);

// ---- Lists, paged by key.
struct NameKey { // where the last page ended; empty for the first
    std::string sort;
    std::int64_t id = 0;
};
std::vector<GroupCard> my_groups(db::Tx& tx, PersonId person, const NameKey& after, int limit);
std::vector<GroupCard> groups_led(db::Tx& tx, PersonId person); // open ones that they own or animate, at most 100
// That one could join or ask to join: of the structures one works in and those above, the nearest structure first.
struct DiscoverKey {
    StructureId structure;
    NameKey name;
};
struct DiscoverPage {
    std::vector<GroupCard> groups;
    std::optional<DiscoverKey> next;
};
DiscoverPage groups_to_discover(db::Tx& tx, const Viewer& viewer, const DiscoverKey& after, int limit);
// By the beginnings of their words; own ones and those to discover, at most 20.
std::vector<GroupCard> search_groups(db::Tx& tx, const Viewer& viewer, std::string_view typed);

struct MemberRow {
    PersonId person;
    std::string name, role, sort, picture;
    bool guest = false;
};
PREAU_DESCRIBE(MemberRow, person, name, role, sort, picture, guest)
std::vector<MemberRow> members_of(db::Tx& tx, GroupId group, const NameKey& after, int limit);
std::vector<MemberRow> leaders_of(db::Tx& tx, GroupId group); // owners and animators, at most 50
std::vector<MemberRow> members_named(db::Tx& tx, const Viewer& viewer, GroupId group, std::string_view typed);
struct AskingRow { // a request or an invitation
    PersonId person;
    std::string name, message;
    Millis at = 0;
};
PREAU_DESCRIBE(AskingRow, person, name, message, at)
std::vector<AskingRow> requests_of(db::Tx& tx, GroupId group, int limit);
std::vector<AskingRow> invitations_of(db::Tx& tx, GroupId group, int limit);
bool has_asked(db::Tx& tx, GroupId group, PersonId person);
bool is_invited(db::Tx& tx, GroupId group, PersonId person);

// What waits for somebody, in one query: requests in groups where they decide, invitations to them.
struct GroupWaits {
    GroupId group;
    std::string name;
    std::int64_t requests = 0; // 0: they are invited
};
PREAU_DESCRIBE(GroupWaits, group, name, requests)
std::vector<GroupWaits> groups_waiting(db::Tx& tx, PersonId person);

// Sorts the names of groups that are older than their order. One look when there is nothing to do. Blocks.
void sort_groups(db::Database& db);

// ---- The roster of a class, edited by its staff.
Result<void> add_to_roster(db::Tx& tx, IdSource& ids, const Viewer& viewer, GroupId group, std::string_view name);
Result<void> take_off_roster(db::Tx& tx, const Viewer& viewer, GroupId group, std::int64_t pupil);

} // namespace preau::identity

// Rows of groups: members, requests, invitations, links.
#pragma once

#include "identity/groups.hpp"

namespace preau::identity {

std::string group_sort(std::string_view name); // never empty: that means "not sorted yet"

// Members by a list of another system, which no member decides about: nobody is asked, and the last owner may go.
// What they had asked, and whether they were invited, is settled by it. Statements do not grow with their number.
void enlist_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people, GroupRole role, Millis now);
void strike_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people);

} // namespace preau::identity

namespace preau::identity::store {

std::optional<GroupCard> find_card(db::Tx& tx, GroupId group);
std::vector<GroupCard> cards_of(db::Tx& tx, const std::vector<std::int64_t>& ids);
void update_group(db::Tx& tx, GroupId group, const GroupForm& form, std::string_view sort);
std::string role_of(db::Tx& tx, GroupId group, PersonId person); // empty: not in it
bool other_owner(db::Tx& tx, GroupId group, PersonId but);

void insert_member(db::Tx& tx, GroupId group, PersonId person, std::string_view role,
                   Millis now); // counts; again: harmless
void sort_member(db::Tx& tx, PersonId person); // in all groups, after a new name
bool delete_member(db::Tx& tx, GroupId group, PersonId person);                                     // counts
// Of many at once, one statement each; they count.
void insert_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people, std::string_view role,
                    Millis now); // who is in it already gets the role
void delete_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people);
void settle_asking(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people); // requests and invitations
void set_member_role(db::Tx& tx, GroupId group, PersonId person, std::string_view role);

void put_request(db::Tx& tx, GroupId group, PersonId person, std::string_view message, Millis now);
bool delete_request(db::Tx& tx, GroupId group, PersonId person); // counts
bool find_request(db::Tx& tx, GroupId group, PersonId person);
void put_invitation(db::Tx& tx, GroupId group, PersonId person, PersonId by, Millis now);
bool delete_invitation(db::Tx& tx, GroupId group, PersonId person);
bool find_invitation(db::Tx& tx, GroupId group, PersonId person);

void insert_group_link(db::Tx& tx, const GroupLink& link, PersonId by);
void revoke_group_links(db::Tx& tx, GroupId group, Millis now);
std::optional<GroupLink> link_of_group(db::Tx& tx, GroupId group, Millis now);
std::optional<GroupLink> find_group_link(db::Tx& tx, GroupLinkId link, Millis now);

std::vector<GroupCard> groups_of_person(db::Tx& tx, PersonId person, const NameKey& after, int limit);
std::vector<GroupCard> groups_led(db::Tx& tx, PersonId person, int limit);
std::vector<GroupCard> groups_to_join(db::Tx& tx, StructureId structure, PersonId person, const NameKey& after,
                                      int limit);
std::vector<StructureId> structures_around(db::Tx& tx, PersonId person); // and those above, nearest first; at most 64

std::vector<MemberRow> member_page(db::Tx& tx, GroupId group, const NameKey& after, int limit);
std::vector<MemberRow> leaders(db::Tx& tx, GroupId group, int limit);
std::vector<MemberRow> members_among(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people);
std::vector<AskingRow> requests(db::Tx& tx, GroupId group, int limit);
std::vector<AskingRow> invitations(db::Tx& tx, GroupId group, int limit);
std::vector<GroupWaits> waiting(db::Tx& tx, PersonId person);

struct UnsortedGroup {
    GroupId id;
    std::string name;
};
PREAU_DESCRIBE(UnsortedGroup, id, name)
std::vector<UnsortedGroup> unsorted_groups(db::Tx& tx, int limit);
void set_group_sort(db::Tx& tx, GroupId group, std::string_view sort);
bool delete_pupil(db::Tx& tx, GroupId group, std::int64_t pupil);

} // namespace preau::identity::store

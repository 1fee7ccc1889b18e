#include "group_store.hpp"

#include <limits>

namespace preau::identity::store {
namespace {

#define CARD                                                                                                           \
    "SELECT g.id, g.name, g.kind, COALESCE(g.structure, 0) AS structure, COALESCE(s.name, '') AS place,"               \
    " g.description, g.joining, g.members, g.requests, g.sort,"                                                        \
    " CASE WHEN g.closed_at IS NULL THEN 0 ELSE 1 END AS closed"
#define WITH_PLACE " LEFT JOIN structure s ON s.id = g.structure "

const db::Query find_card_sql{"identity.group_card", CARD " FROM group_ g" WITH_PLACE "WHERE g.id = $1"};
const db::Query cards_of_sql{"identity.group_cards", CARD " FROM group_ g" WITH_PLACE "WHERE g.id $IDS(1)"};

// Somebody is in some dozens of groups: all of theirs are met through group_member_by_person, and cut to a page.
const db::Query groups_of_person_sql{
    "identity.group_page_of", CARD " FROM group_member m JOIN group_ g ON g.id = m.group_id" WITH_PLACE
                                   "WHERE m.person = $1 AND (g.sort, g.id) > ($2, $3) ORDER BY g.sort, g.id LIMIT $4"};

const db::Query groups_led_sql{"identity.groups_led",
                               CARD " FROM group_member m JOIN group_ g ON g.id = m.group_id" WITH_PLACE
                                    "WHERE m.person = $1 AND m.role <> 'member' AND g.closed_at IS NULL"
                                    " ORDER BY g.sort, g.id LIMIT $2"};

// Through group_to_join, from the key on.
const db::Query groups_to_join_sql{
    "identity.groups_to_join",
    CARD " FROM group_ g" WITH_PLACE
         "WHERE g.structure = $1 AND g.joining > 0 AND g.kind <> 'class' AND g.closed_at IS NULL"
         " AND (g.sort, g.id) > ($3, $4)"
         " AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.group_id = g.id AND m.person = $2)"
         " ORDER BY g.sort, g.id LIMIT $5"};
#undef WITH_PLACE
#undef CARD

const db::Query structures_around_sql{"identity.structures_around", R"(
    SELECT a.ancestor FROM person_function f JOIN structure_above a ON a.structure = f.structure
     WHERE f.person = $1 GROUP BY a.ancestor ORDER BY MIN(a.depth), a.ancestor LIMIT 64)"};

const db::Query update_group_sql{"identity.update_group", R"(
    UPDATE group_ SET name = $2, sort = $3, description = $4, joining = $5, structure = $6 WHERE id = $1)"};

const db::Query role_of_sql{"identity.group_role", "SELECT role FROM group_member WHERE group_id = $1 AND person = $2"};
const db::Query other_owner_sql{"identity.other_owner", R"(
    SELECT m.person FROM group_member m JOIN person p ON p.id = m.person
     WHERE m.group_id = $1 AND m.role = 'owner' AND m.role <> 'member' AND m.person <> $2 AND p.disabled = 0 LIMIT 1)"};

const db::Query insert_member_sql{"identity.insert_member", R"(
    INSERT INTO group_member (group_id, person, role, sort, since)
    SELECT $1, p.id, $3, CAST(p.sort_key AS TEXT), $4 FROM person p WHERE p.id = $2 ON CONFLICT DO NOTHING)"};
const db::Query delete_member_sql{"identity.delete_member",
                                  "DELETE FROM group_member WHERE group_id = $1 AND person = $2"};
const db::Query count_members_sql{"identity.count_member", "UPDATE group_ SET members = members + $2 WHERE id = $1"};
const db::Query set_role_sql{"identity.set_member_role", R"(
    UPDATE group_member SET role = $3 WHERE group_id = $1 AND person = $2)"};

const db::Query insert_members_sql{"identity.insert_members", R"(
    INSERT INTO group_member (group_id, person, role, sort, since)
    SELECT $1, p.id, $3, CAST(p.sort_key AS TEXT), $4 FROM person p WHERE p.id $IDS(2) ON CONFLICT DO NOTHING)"};
const db::Query set_roles_sql{"identity.set_member_roles", R"(
    UPDATE group_member SET role = $3 WHERE group_id = $1 AND person $IDS(2) AND role <> $3)"};
const db::Query delete_members_sql{"identity.delete_members",
                                   "DELETE FROM group_member WHERE group_id = $1 AND person $IDS(2)"};
const db::Query delete_requests_sql{"identity.delete_requests",
                                    "DELETE FROM group_request WHERE group_id = $1 AND person $IDS(2)"};
const db::Query delete_invitations_sql{"identity.delete_invitations",
                                       "DELETE FROM group_invitation WHERE group_id = $1 AND person $IDS(2)"};

const db::Query sort_member_sql{"identity.sort_member", R"(
    UPDATE group_member SET sort = (SELECT CAST(p.sort_key AS TEXT) FROM person p WHERE p.id = group_member.person)
     WHERE person = $1)"};

const db::Query insert_request_sql{"identity.insert_request", R"(
    INSERT INTO group_request (group_id, person, message, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING)"};
const db::Query update_request_sql{"identity.update_request", R"(
    UPDATE group_request SET message = $3 WHERE group_id = $1 AND person = $2)"};
const db::Query delete_request_sql{"identity.delete_request", R"(
    DELETE FROM group_request WHERE group_id = $1 AND person = $2)"};
const db::Query count_requests_sql{"identity.count_request",
                                   "UPDATE group_ SET requests = requests + $2 WHERE id = $1"};
const db::Query find_request_sql{"identity.find_request", R"(
    SELECT 1 FROM group_request WHERE group_id = $1 AND person = $2)"};

const db::Query put_invitation_sql{"identity.put_invitation", R"(
    INSERT INTO group_invitation (group_id, person, invited_by, invited_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (group_id, person) DO UPDATE SET invited_by = excluded.invited_by, invited_at = excluded.invited_at)"};
const db::Query delete_invitation_sql{"identity.delete_invitation", R"(
    DELETE FROM group_invitation WHERE group_id = $1 AND person = $2)"};
const db::Query find_invitation_sql{"identity.find_invitation", R"(
    SELECT 1 FROM group_invitation WHERE group_id = $1 AND person = $2)"};

const db::Query insert_link_sql{"identity.insert_group_link", R"(
    INSERT INTO group_link (id, group_id, made_by, until_at) VALUES ($1, $2, $3, $4))"};
const db::Query revoke_links_sql{"identity.revoke_group_links", R"(
    UPDATE group_link SET revoked_at = $2 WHERE group_id = $1 AND revoked_at IS NULL)"};
const db::Query link_of_group_sql{"identity.link_of_group", R"(
    SELECT id, group_id AS "group", until_at FROM group_link
     WHERE group_id = $1 AND revoked_at IS NULL AND until_at > $2 ORDER BY id DESC LIMIT 1)"};
const db::Query find_link_sql{"identity.find_group_link", R"(
    SELECT id, group_id AS "group", until_at FROM group_link
     WHERE id = $1 AND revoked_at IS NULL AND until_at > $2)"};

// A range of group_member_by_name.
const db::Query member_page_sql{"identity.member_page", R"(
    SELECT m.person, p.name, m.role, m.sort, p.picture, CASE WHEN p.guest_until IS NULL THEN 0 ELSE 1 END AS guest
      FROM group_member m JOIN person p ON p.id = m.person
     WHERE m.group_id = $1 AND (m.sort, m.person) > ($2, $3) ORDER BY m.sort, m.person LIMIT $4)"};
const db::Query leaders_sql{"identity.group_leaders", R"(
    SELECT m.person, p.name, m.role, m.sort, p.picture, CASE WHEN p.guest_until IS NULL THEN 0 ELSE 1 END AS guest
      FROM group_member m JOIN person p ON p.id = m.person
     WHERE m.group_id = $1 AND m.role <> 'member' ORDER BY m.role DESC, m.person LIMIT $2)"};
const db::Query members_among_sql{"identity.members_among", R"(
    SELECT m.person, p.name, m.role, m.sort, p.picture, CASE WHEN p.guest_until IS NULL THEN 0 ELSE 1 END AS guest
      FROM group_member m JOIN person p ON p.id = m.person
     WHERE m.group_id = $1 AND m.person $IDS(2) ORDER BY m.sort, m.person)"};

const db::Query requests_sql{"identity.group_requests", R"(
    SELECT r.person, p.name, r.message, r.asked_at AS at FROM group_request r JOIN person p ON p.id = r.person
     WHERE r.group_id = $1 ORDER BY r.asked_at, r.person LIMIT $2)"};
const db::Query invitations_sql{"identity.group_invitations", R"(
    SELECT i.person, p.name, '' AS message, i.invited_at AS at FROM group_invitation i JOIN person p ON p.id = i.person
     WHERE i.group_id = $1 ORDER BY i.invited_at, i.person LIMIT $2)"};

const db::Query waiting_sql{"identity.groups_waiting", R"(
    SELECT g.id AS "group", g.name, g.requests FROM group_member m JOIN group_ g ON g.id = m.group_id
     WHERE m.person = $1 AND m.role <> 'member' AND g.requests > 0
    UNION ALL
    SELECT g.id AS "group", g.name, 0 AS requests FROM group_invitation i JOIN group_ g ON g.id = i.group_id
     WHERE i.person = $1 AND g.closed_at IS NULL LIMIT 10)"};

const db::Query unsorted_sql{"identity.unsorted_groups", R"(
    SELECT id, name FROM group_ WHERE sort = '' ORDER BY id LIMIT $1)"};
const db::Query set_sort_sql{"identity.set_group_sort", "UPDATE group_ SET sort = $2 WHERE id = $1"};
const db::Query delete_pupil_sql{"identity.delete_pupil", "DELETE FROM pupil WHERE id = $2 AND group_id = $1"};

std::optional<std::int64_t> nullable(StructureId id) { return id ? std::optional{id.value} : std::nullopt; }

} // namespace

std::optional<GroupCard> find_card(db::Tx& tx, GroupId group) { return tx.one<GroupCard>(find_card_sql, {group}); }
std::vector<GroupCard> cards_of(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return ids.empty() ? std::vector<GroupCard>{} : tx.all<GroupCard>(cards_of_sql, {db::Ids{ids}});
}
void update_group(db::Tx& tx, GroupId group, const GroupForm& form, std::string_view sort) {
    tx.execute(update_group_sql, {group, form.name, sort, form.description, static_cast<std::int64_t>(form.joining),
                                  nullable(form.structure)});
}
std::string role_of(db::Tx& tx, GroupId group, PersonId person) {
    return tx.one<std::string>(role_of_sql, {group, person}).value_or("");
}
bool other_owner(db::Tx& tx, GroupId group, PersonId but) {
    return tx.one<std::int64_t>(other_owner_sql, {group, but}).has_value();
}

void insert_member(db::Tx& tx, GroupId group, PersonId person, std::string_view role, Millis now) {
    if (tx.execute(insert_member_sql, {group, person, role, now}) == 1) tx.execute(count_members_sql, {group, 1});
}
bool delete_member(db::Tx& tx, GroupId group, PersonId person) {
    if (tx.execute(delete_member_sql, {group, person}) != 1) return false;
    tx.execute(count_members_sql, {group, -1});
    return true;
}
void insert_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people, std::string_view role,
                    Millis now) {
    if (people.empty()) return;
    const auto came = tx.execute(insert_members_sql, {group, db::Ids{people}, role, now});
    if (came != std::ssize(people)) tx.execute(set_roles_sql, {group, db::Ids{people}, role});
    if (came) tx.execute(count_members_sql, {group, came});
}
void delete_members(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people) {
    if (people.empty()) return;
    if (const auto gone = tx.execute(delete_members_sql, {group, db::Ids{people}}))
        tx.execute(count_members_sql, {group, -gone});
}
void settle_asking(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people) {
    if (people.empty()) return;
    if (const auto gone = tx.execute(delete_requests_sql, {group, db::Ids{people}}))
        tx.execute(count_requests_sql, {group, -gone});
    tx.execute(delete_invitations_sql, {group, db::Ids{people}});
}
void set_member_role(db::Tx& tx, GroupId group, PersonId person, std::string_view role) {
    tx.execute(set_role_sql, {group, person, role});
}
void sort_member(db::Tx& tx, PersonId person) { tx.execute(sort_member_sql, {person}); }

void put_request(db::Tx& tx, GroupId group, PersonId person, std::string_view message, Millis now) {
    if (tx.execute(insert_request_sql, {group, person, message, now}) == 1)
        tx.execute(count_requests_sql, {group, 1});
    else
        tx.execute(update_request_sql, {group, person, message});
}
bool delete_request(db::Tx& tx, GroupId group, PersonId person) {
    if (tx.execute(delete_request_sql, {group, person}) != 1) return false;
    tx.execute(count_requests_sql, {group, -1});
    return true;
}
bool find_request(db::Tx& tx, GroupId group, PersonId person) {
    return tx.one<std::int64_t>(find_request_sql, {group, person}).has_value();
}
void put_invitation(db::Tx& tx, GroupId group, PersonId person, PersonId by, Millis now) {
    tx.execute(put_invitation_sql, {group, person, by, now});
}
bool delete_invitation(db::Tx& tx, GroupId group, PersonId person) {
    return tx.execute(delete_invitation_sql, {group, person}) == 1;
}
bool find_invitation(db::Tx& tx, GroupId group, PersonId person) {
    return tx.one<std::int64_t>(find_invitation_sql, {group, person}).has_value();
}

void insert_group_link(db::Tx& tx, const GroupLink& link, PersonId by) {
    tx.execute(insert_link_sql, {link.id, link.group, by, link.until_at});
}
void revoke_group_links(db::Tx& tx, GroupId group, Millis now) { tx.execute(revoke_links_sql, {group, now}); }
std::optional<GroupLink> link_of_group(db::Tx& tx, GroupId group, Millis now) {
    return tx.one<GroupLink>(link_of_group_sql, {group, now});
}
std::optional<GroupLink> find_group_link(db::Tx& tx, GroupLinkId link, Millis now) {
    return tx.one<GroupLink>(find_link_sql, {link, now});
}

std::vector<GroupCard> groups_of_person(db::Tx& tx, PersonId person, const NameKey& after, int limit) {
    return tx.all<GroupCard>(groups_of_person_sql, {person, after.sort, after.id, limit});
}
std::vector<GroupCard> groups_led(db::Tx& tx, PersonId person, int limit) {
    return tx.all<GroupCard>(groups_led_sql, {person, limit});
}
std::vector<GroupCard> groups_to_join(db::Tx& tx, StructureId structure, PersonId person, const NameKey& after,
                                      int limit) {
    return tx.all<GroupCard>(groups_to_join_sql, {structure, person, after.sort, after.id, limit});
}
std::vector<StructureId> structures_around(db::Tx& tx, PersonId person) {
    return tx.all<StructureId>(structures_around_sql, {person});
}

std::vector<MemberRow> member_page(db::Tx& tx, GroupId group, const NameKey& after, int limit) {
    return tx.all<MemberRow>(member_page_sql, {group, after.sort, after.id, limit});
}
std::vector<MemberRow> leaders(db::Tx& tx, GroupId group, int limit) {
    return tx.all<MemberRow>(leaders_sql, {group, limit});
}
std::vector<MemberRow> members_among(db::Tx& tx, GroupId group, const std::vector<std::int64_t>& people) {
    return people.empty() ? std::vector<MemberRow>{} : tx.all<MemberRow>(members_among_sql, {group, db::Ids{people}});
}
std::vector<AskingRow> requests(db::Tx& tx, GroupId group, int limit) {
    return tx.all<AskingRow>(requests_sql, {group, limit});
}
std::vector<AskingRow> invitations(db::Tx& tx, GroupId group, int limit) {
    return tx.all<AskingRow>(invitations_sql, {group, limit});
}
std::vector<GroupWaits> waiting(db::Tx& tx, PersonId person) { return tx.all<GroupWaits>(waiting_sql, {person}); }

std::vector<UnsortedGroup> unsorted_groups(db::Tx& tx, int limit) {
    return tx.all<UnsortedGroup>(unsorted_sql, {limit});
}
void set_group_sort(db::Tx& tx, GroupId group, std::string_view sort) { tx.execute(set_sort_sql, {group, sort}); }
bool delete_pupil(db::Tx& tx, GroupId group, std::int64_t pupil) {
    return tx.execute(delete_pupil_sql, {group, pupil}) == 1;
}

} // namespace preau::identity::store

// Queries about the people of an audience: who may speak to them, how many they are, who acknowledged.
#pragma once

#include "portal/announcement/announcement.hpp"

namespace preau::portal::store {

struct Voice { // for whom somebody speaks, besides by their functions
    PersonId person;
    bool everywhere = false;
    std::vector<StructureId> administered;
};
// Of these structures those that somebody speaks for: by a function there or above, by what they administer, or because
// they speak for all.
std::vector<StructureId> spoken_for(db::Tx& tx, const Voice& voice, const std::vector<StructureId>& structures);
std::vector<identity::Structure> speaks_at(db::Tx& tx, const Voice& voice, int limit);
std::vector<identity::Structure> structures_among(db::Tx& tx, const std::vector<StructureId>& ids); // by name
std::vector<identity::Structure> roots(db::Tx& tx, int limit);
std::vector<identity::Structure> structures_below(db::Tx& tx, StructureId root,
                                                  int limit); // and itself; upper ones first

// Nothing: more than `most`, which is not looked into.
std::optional<std::int64_t> count_people(db::Tx& tx, const Audience& audience, std::int64_t most);
std::int64_t count_accounts(db::Tx& tx);
std::optional<std::int64_t> counted(db::Tx& tx, StructureId structure, std::string_view function);
std::int64_t members_of_groups(db::Tx& tx, const std::vector<std::int64_t>& groups);

std::vector<StructureId> structures_with_children(db::Tx& tx, StructureId after, int limit);
struct SizeRow {
    StructureId structure;
    std::string function;
    std::int64_t people = 0;
};
PREAU_DESCRIBE(SizeRow, structure, function, people)
std::vector<SizeRow> count_below(db::Tx& tx, const std::vector<std::int64_t>& structures);
void put_size(db::Tx& tx, const SizeRow& row);

// The structure that made somebody part of the audience; none: a group or everyone did.
StructureId came_by(db::Tx& tx, AnnouncementId id, PersonId person);
std::vector<ReceiptRow> receipt_page(db::Tx& tx, AnnouncementId id, const ReceiptKey& after, int limit);
std::vector<MissingRow> receipts_in(db::Tx& tx, AnnouncementId id, StructureId structure, int limit);
// For the table that the author takes away: people of these structures, in the order of structure and name; members of
// its groups, from a person on.
std::vector<ReceiptPerson> receipt_people(db::Tx& tx, AnnouncementId id, const std::vector<StructureId>& structures);
std::vector<ReceiptPerson> receipt_members(db::Tx& tx, AnnouncementId id, PersonId after, int limit);
std::int64_t acknowledged_in_all(db::Tx& tx, AnnouncementId id);

struct ReminderRow {
    PersonId person;
    std::string name, mail, language;
};
PREAU_DESCRIBE(ReminderRow, person, name, mail, language)
std::vector<ReminderRow> to_remind(db::Tx& tx, AnnouncementId id, PersonId after, int limit);

} // namespace preau::portal::store

// Rows of the audit journal.
#pragma once

#include "sharing/audit.hpp"

namespace preau::sharing::store {

struct AuditBlock {
    std::int64_t number = 0, first_entry = 0, last_entry = 0;
    Millis sealed_at = 0;
    std::string hash;
};
PREAU_DESCRIBE(AuditBlock, number, first_entry, last_entry, sealed_at, hash)

struct AuditHead {
    std::int64_t entry = 0, block = 0;
    std::string hash;
};
PREAU_DESCRIBE(AuditHead, entry, block, hash)

struct AuditPerson {
    PersonId person;
    Pseudonym pseudonym;
    std::string key;
};
PREAU_DESCRIBE(AuditPerson, person, pseudonym, key)

void insert_audit_entry(db::Tx& tx, const AuditEntry& entry);
void insert_audit_block(db::Tx& tx, const AuditBlock& block);
AuditHead audit_head(db::Tx& tx);
void move_audit_entry(db::Tx& tx, std::int64_t entry);
void move_audit_block(db::Tx& tx, std::int64_t block, std::string_view hash);
std::vector<AuditEntry> audit_range(db::Tx& tx, std::int64_t first, std::int64_t last); // in order
std::vector<AuditBlock> audit_blocks(db::Tx& tx, std::int64_t after, int limit);        // in order
std::optional<AuditBlock> audit_block(db::Tx& tx, std::int64_t number);

void insert_audit_person(db::Tx& tx, const AuditPerson& person);
std::vector<AuditPerson> audit_people(db::Tx& tx, const std::vector<std::int64_t>& people);
std::vector<AuditPerson> audit_people_called(db::Tx& tx, const std::vector<std::int64_t>& pseudonyms);

// Entries with first <= number < before, latest first; at most one of item, person and kind drives, the others sift.
struct AuditSieve {
    ItemId item;
    Pseudonym person;
    std::string kind;
    std::int64_t first = 0, before = 0;
};
std::vector<AuditEntry> audit_sifted(db::Tx& tx, const AuditSieve& sieve, int limit);
std::vector<AuditEntry> audit_name_entries(db::Tx& tx, const std::vector<std::int64_t>& pseudonyms);
std::int64_t first_audit_entry_at(db::Tx& tx, Millis from); // the largest number when there is none

} // namespace preau::sharing::store

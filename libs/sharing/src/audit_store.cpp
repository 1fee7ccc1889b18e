#include "audit_store.hpp"

#include <limits>

namespace preau::sharing::store {
namespace {

#define AUDIT_COLUMNS "number, position, at, kind, item, actor, about, link, detail"

const db::Query insert_entry_sql{"audit.insert_entry", R"(
    INSERT INTO audit_entry (number, position, at, kind, item, actor, about, link, detail)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};

const db::Query insert_block_sql{"audit.insert_block", R"(
    INSERT INTO audit_block (number, first_entry, last_entry, sealed_at, hash) VALUES ($1, $2, $3, $4, $5))"};

const db::Query head_sql{"audit.head", R"(
    SELECT entry, block, hash FROM audit_head WHERE id = 1)"};

const db::Query move_entry_sql{"audit.move_entry", R"(
    INSERT INTO audit_head (id, entry, block, hash) VALUES (1, $1, 0, $2)
    ON CONFLICT (id) DO UPDATE SET entry = excluded.entry)"};

const db::Query move_block_sql{"audit.move_block", R"(
    UPDATE audit_head SET block = $1, hash = $2 WHERE id = 1)"};

const db::Query range_sql{"audit.range", "SELECT " AUDIT_COLUMNS R"( FROM audit_entry
     WHERE number BETWEEN $1 AND $2 ORDER BY number)"};

const db::Query blocks_sql{"audit.blocks", R"(
    SELECT number, first_entry, last_entry, sealed_at, hash FROM audit_block
     WHERE number > $1 ORDER BY number LIMIT $2)"};

const db::Query block_sql{"audit.block", R"(
    SELECT number, first_entry, last_entry, sealed_at, hash FROM audit_block WHERE number = $1)"};

const db::Query insert_person_sql{"audit.insert_person", R"(
    INSERT INTO audit_person (person, pseudonym, key) VALUES ($1, $2, $3))"};

const db::Query people_sql{"audit.people", R"(
    SELECT person, pseudonym, key FROM audit_person WHERE person $IDS(1))"};

const db::Query people_called_sql{"audit.people_called", R"(
    SELECT person, pseudonym, key FROM audit_person WHERE pseudonym $IDS(1))"};

const db::Query forget_sql{"audit.forget", R"(
    DELETE FROM audit_person WHERE person = $1)"};

const db::Query latest_sql{"audit.latest", "SELECT " AUDIT_COLUMNS R"( FROM audit_entry
     WHERE number >= $1 AND number < $2 ORDER BY number DESC LIMIT $3)"};

const db::Query of_kind_sql{"audit.of_kind", "SELECT " AUDIT_COLUMNS R"( FROM audit_entry
     WHERE kind = $4 AND number >= $1 AND number < $2 ORDER BY number DESC LIMIT $3)"};

const db::Query of_item_sql{"audit.of_item", "SELECT " AUDIT_COLUMNS R"( FROM audit_entry
     WHERE item = $4 AND item <> 0 AND number >= $1 AND number < $2 AND (kind = $5 OR $5 = '')
     ORDER BY number DESC LIMIT $3)"};

const db::Query of_person_sql{"audit.of_person", "SELECT " AUDIT_COLUMNS R"( FROM (
        SELECT * FROM (SELECT * FROM audit_entry
                        WHERE actor = $4 AND actor <> 0 AND number >= $1 AND number < $2
                          AND (kind = $5 OR $5 = '') AND (item = $6 OR $6 = 0)
                        ORDER BY number DESC LIMIT $3) AS did
         UNION
        SELECT * FROM (SELECT * FROM audit_entry
                        WHERE about = $4 AND about <> 0 AND number >= $1 AND number < $2
                          AND (kind = $5 OR $5 = '') AND (item = $6 OR $6 = 0)
                        ORDER BY number DESC LIMIT $3) AS got) AS both_
     ORDER BY number DESC LIMIT $3)"};

// The names of a person are few and the first entries that they appear in: the index by actor finds them.
const db::Query names_sql{"audit.names", "SELECT " AUDIT_COLUMNS R"( FROM audit_entry
     WHERE actor $IDS(1) AND actor <> 0 AND position = 0 AND kind = 'person.named' ORDER BY number)"};

const db::Query first_at_sql{"audit.first_at", R"(
    SELECT number FROM audit_entry WHERE at >= $1 ORDER BY at, number LIMIT 1)"};

} // namespace

void insert_audit_entry(db::Tx& tx, const AuditEntry& entry) {
    tx.execute(insert_entry_sql, {entry.number, entry.position, entry.at, entry.kind, entry.item, entry.actor,
                                  entry.about, entry.link, entry.detail});
}

void insert_audit_block(db::Tx& tx, const AuditBlock& block) {
    tx.execute(insert_block_sql,
               {block.number, block.first_entry, block.last_entry, block.sealed_at, db::Bytes{block.hash}});
}

AuditHead audit_head(db::Tx& tx) { return tx.one<AuditHead>(head_sql, {}).value_or(AuditHead{}); }
void move_audit_entry(db::Tx& tx, std::int64_t entry) { tx.execute(move_entry_sql, {entry, db::Bytes{""}}); }

void move_audit_block(db::Tx& tx, std::int64_t block, std::string_view hash) {
    tx.execute(move_block_sql, {block, db::Bytes{hash}});
}

std::vector<AuditEntry> audit_range(db::Tx& tx, std::int64_t first, std::int64_t last) {
    return tx.all<AuditEntry>(range_sql, {first, last});
}

std::vector<AuditBlock> audit_blocks(db::Tx& tx, std::int64_t after, int limit) {
    return tx.all<AuditBlock>(blocks_sql, {after, limit});
}

std::optional<AuditBlock> audit_block(db::Tx& tx, std::int64_t number) {
    return tx.one<AuditBlock>(block_sql, {number});
}

void insert_audit_person(db::Tx& tx, const AuditPerson& person) {
    tx.execute(insert_person_sql, {person.person, person.pseudonym, db::Bytes{person.key}});
}

std::vector<AuditPerson> audit_people(db::Tx& tx, const std::vector<std::int64_t>& people) {
    return people.empty() ? std::vector<AuditPerson>{} : tx.all<AuditPerson>(people_sql, {db::Ids{people}});
}

std::vector<AuditPerson> audit_people_called(db::Tx& tx, const std::vector<std::int64_t>& pseudonyms) {
    return pseudonyms.empty() ? std::vector<AuditPerson>{}
                              : tx.all<AuditPerson>(people_called_sql, {db::Ids{pseudonyms}});
}

std::vector<AuditEntry> audit_sifted(db::Tx& tx, const AuditSieve& sieve, int limit) {
    if (sieve.person)
        return tx.all<AuditEntry>(of_person_sql,
                                  {sieve.first, sieve.before, limit, sieve.person, sieve.kind, sieve.item});
    if (sieve.item) return tx.all<AuditEntry>(of_item_sql, {sieve.first, sieve.before, limit, sieve.item, sieve.kind});
    if (!sieve.kind.empty()) return tx.all<AuditEntry>(of_kind_sql, {sieve.first, sieve.before, limit, sieve.kind});
    return tx.all<AuditEntry>(latest_sql, {sieve.first, sieve.before, limit});
}

std::vector<AuditEntry> audit_name_entries(db::Tx& tx, const std::vector<std::int64_t>& pseudonyms) {
    return pseudonyms.empty() ? std::vector<AuditEntry>{} : tx.all<AuditEntry>(names_sql, {db::Ids{pseudonyms}});
}

std::int64_t first_audit_entry_at(db::Tx& tx, Millis from) {
    return tx.one<std::int64_t>(first_at_sql, {from}).value_or(std::numeric_limits<std::int64_t>::max());
}

} // namespace preau::sharing::store

namespace preau::sharing {

void audit_forget(db::Tx& tx, PersonId person) { tx.execute(store::forget_sql, {person}); }

} // namespace preau::sharing

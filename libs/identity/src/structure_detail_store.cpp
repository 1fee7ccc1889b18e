#include "structure_detail_store.hpp"

namespace preau::identity::store {
namespace {

#define STRUCTURE_ROW                                                                                                  \
    R"(s.id, s.parent, s.name, s.kind, s.uai, CASE WHEN s.closed_at IS NULL THEN 0 ELSE 1 END AS closed,
           CASE WHEN EXISTS (SELECT 1 FROM structure c WHERE c.parent = s.id) THEN 1 ELSE 0 END AS has_below,
           s.sort_key AS sort)"

const db::Query uai_taken_sql{"identity.uai_taken", R"(
    SELECT id FROM structure WHERE uai = $1 AND uai <> '' AND id <> $2)"};

const db::Query update_structure_sql{"identity.update_structure", R"(
    UPDATE structure SET name = $2, kind = $3, uai = $4, zone = $5, sort_key = $6 WHERE id = $1)"};

const db::Query closed_at_sql{"identity.structure_closed_at", R"(
    SELECT closed_at FROM structure WHERE id = $1 AND closed_at IS NOT NULL)"};

const db::Query set_closed_sql{"identity.set_structure_closed", "UPDATE structure SET closed_at = $2 WHERE id = $1"};

const db::Query open_below_sql{"identity.structure_open_below", R"(
    SELECT 1 FROM structure WHERE parent = $1 AND closed_at IS NULL LIMIT 1)"};

const db::Query closed_above_sql{"identity.structure_closed_above", R"(
    SELECT 1 FROM structure_above a JOIN structure s ON s.id = a.ancestor
     WHERE a.structure = $1 AND a.depth > 0 AND s.closed_at IS NOT NULL LIMIT 1)"};

const db::Query find_card_sql{"identity.find_card", R"(
    SELECT mail, phone, address, web, introduction_fr, introduction_en FROM structure_card WHERE structure = $1)"};

const db::Query put_card_sql{"identity.put_card", R"(
    INSERT INTO structure_card (structure, mail, phone, address, web, introduction_fr, introduction_en)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (structure) DO UPDATE
       SET mail = excluded.mail, phone = excluded.phone, address = excluded.address, web = excluded.web,
           introduction_fr = excluded.introduction_fr, introduction_en = excluded.introduction_en)"};

const db::Query find_logo_sql{"identity.find_logo",
                              "SELECT type, hash, bytes FROM structure_logo WHERE structure = $1"};
const db::Query logo_hash_sql{"identity.logo_hash", "SELECT hash FROM structure_logo WHERE structure = $1"};
const db::Query put_logo_sql{"identity.put_logo", R"(
    INSERT INTO structure_logo (structure, type, hash, bytes) VALUES ($1, $2, $3, $4)
    ON CONFLICT (structure) DO UPDATE SET type = excluded.type, hash = excluded.hash, bytes = excluded.bytes)"};
const db::Query delete_logo_sql{"identity.delete_logo", "DELETE FROM structure_logo WHERE structure = $1"};

const db::Query closed_services_sql{"identity.closed_services", R"(
    SELECT c.service, c.structure AS by, s.name AS by_name
      FROM structure_above a JOIN structure_closed_service c ON c.structure = a.ancestor
      JOIN structure s ON s.id = c.structure
     WHERE a.structure = $1 ORDER BY a.depth DESC, c.service)"};

const db::Query close_service_sql{"identity.close_service", R"(
    INSERT INTO structure_closed_service (structure, service) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

const db::Query reopen_service_sql{"identity.reopen_service", R"(
    DELETE FROM structure_closed_service WHERE structure = $1 AND service = $2)"};

// A service is closed to a person when none of their structures has it open.
const db::Query services_closed_to_sql{"identity.services_closed_to", R"(
    SELECT closed.service
      FROM (SELECT DISTINCT c.service, f.structure
              FROM person_function f JOIN structure_above a ON a.structure = f.structure
              JOIN structure_closed_service c ON c.structure = a.ancestor
             WHERE f.person = $1) AS closed
     GROUP BY closed.service
    HAVING COUNT(*) = (SELECT COUNT(DISTINCT f.structure) FROM person_function f WHERE f.person = $1)
     ORDER BY closed.service)"};

const db::Query domains_of_sql{"identity.domains_of", R"(
    SELECT domain FROM structure_domain WHERE structure = $1 ORDER BY domain)"};
const db::Query insert_domain_sql{"identity.insert_domain", R"(
    INSERT INTO structure_domain (domain, structure) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};
const db::Query delete_domain_sql{"identity.delete_domain", R"(
    DELETE FROM structure_domain WHERE domain = $1 AND structure = $2)"};
const db::Query structure_of_domain_sql{"identity.structure_of_domain", R"(
    SELECT structure FROM structure_domain WHERE domain = $1)"};

// The index structure_by_name serves place, order and key.
const db::Query below_sql{"identity.structures_below", "SELECT " STRUCTURE_ROW R"( FROM structure s
     WHERE COALESCE(s.parent, 0) = $1 AND (s.sort_key, s.id) > ($2, $3) AND (s.closed_at IS NULL OR $5 = 1)
     ORDER BY s.sort_key, s.id LIMIT $4)"};

const db::Query rows_sql{"identity.structure_rows", "SELECT " STRUCTURE_ROW R"( FROM structure s WHERE s.id $IDS(1)
     ORDER BY s.sort_key, s.id)"};

const db::Query among_sql{"identity.structures_among", R"(
    SELECT DISTINCT a.structure FROM structure_above a WHERE a.structure $IDS(1) AND a.ancestor $IDS(2))"};

const db::Query structure_of_uai_sql{"identity.structure_of_uai", R"(
    SELECT id FROM structure WHERE uai = $1 AND uai <> '')"};

const db::Query people_in_sql{"identity.people_in", R"(
    SELECT p.id AS person, p.name, f.function, p.sort_key AS sort, p.picture
      FROM person_function f JOIN person p ON p.id = f.person
     WHERE f.structure = $1 AND p.disabled = 0 AND (f.function, p.sort_key, p.id) > ($2, $3, $4)
     ORDER BY f.function, p.sort_key, p.id LIMIT $5)"};

const db::Query unsorted_sql{"identity.structures_unsorted", R"(
    SELECT id, name FROM structure WHERE sort_key IS NULL ORDER BY id LIMIT $1)"};
const db::Query set_sort_key_sql{"identity.set_structure_sort_key", R"(
    UPDATE structure SET sort_key = $2 WHERE id = $1)"};

} // namespace

bool uai_taken(db::Tx& tx, std::string_view uai, StructureId by_other_than) {
    return tx.one<std::int64_t>(uai_taken_sql, {uai, by_other_than}).has_value();
}

void update_structure(db::Tx& tx, const Structure& row, std::string_view sort_key) {
    tx.execute(update_structure_sql, {row.id, row.name, row.kind, row.uai, row.zone, db::Bytes{sort_key}});
}

std::optional<Millis> closed_at(db::Tx& tx, StructureId structure) {
    return tx.one<Millis>(closed_at_sql, {structure});
}
void set_closed(db::Tx& tx, StructureId structure, std::optional<Millis> at) {
    tx.execute(set_closed_sql, {structure, at});
}
bool open_below(db::Tx& tx, StructureId structure) {
    return tx.one<std::int64_t>(open_below_sql, {structure}).has_value();
}
bool closed_above(db::Tx& tx, StructureId structure) {
    return tx.one<std::int64_t>(closed_above_sql, {structure}).has_value();
}

std::optional<StructureCard> find_card(db::Tx& tx, StructureId structure) {
    return tx.one<StructureCard>(find_card_sql, {structure});
}
void put_card(db::Tx& tx, StructureId structure, const StructureCard& card) {
    tx.execute(put_card_sql,
               {structure, card.mail, card.phone, card.address, card.web, card.introduction_fr, card.introduction_en});
}

std::optional<Logo> find_logo(db::Tx& tx, StructureId structure) { return tx.one<Logo>(find_logo_sql, {structure}); }
std::string logo_hash(db::Tx& tx, StructureId structure) {
    return tx.one<std::string>(logo_hash_sql, {structure}).value_or("");
}
void put_logo(db::Tx& tx, StructureId structure, const Logo& logo) {
    tx.execute(put_logo_sql, {structure, logo.type, logo.hash, db::Bytes{logo.bytes}});
}
void delete_logo(db::Tx& tx, StructureId structure) { tx.execute(delete_logo_sql, {structure}); }

std::vector<ClosedService> closed_services(db::Tx& tx, StructureId structure) {
    return tx.all<ClosedService>(closed_services_sql, {structure});
}
void close_service(db::Tx& tx, StructureId structure, std::string_view service) {
    tx.execute(close_service_sql, {structure, service});
}
void reopen_service(db::Tx& tx, StructureId structure, std::string_view service) {
    tx.execute(reopen_service_sql, {structure, service});
}
std::vector<std::string> services_closed_to(db::Tx& tx, PersonId person) {
    return tx.all<std::string>(services_closed_to_sql, {person});
}

std::vector<std::string> domains_of(db::Tx& tx, StructureId structure) {
    return tx.all<std::string>(domains_of_sql, {structure});
}
bool insert_domain(db::Tx& tx, StructureId structure, std::string_view domain) {
    return tx.execute(insert_domain_sql, {domain, structure}) == 1;
}
bool delete_domain(db::Tx& tx, StructureId structure, std::string_view domain) {
    return tx.execute(delete_domain_sql, {domain, structure}) == 1;
}
StructureId structure_of_domain(db::Tx& tx, std::string_view domain) {
    return tx.one<StructureId>(structure_of_domain_sql, {domain}).value_or(StructureId{});
}

std::vector<StructureRow> structures_below(db::Tx& tx, StructureId parent, const StructureKey& after, int limit,
                                           Closed closed) {
    return tx.all<StructureRow>(below_sql,
                                {parent, db::Bytes{after.sort}, after.id, limit, closed == Closed::Shown ? 1 : 0});
}
std::vector<StructureRow> structure_rows(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return ids.empty() ? std::vector<StructureRow>{} : tx.all<StructureRow>(rows_sql, {db::Ids{ids}});
}
std::vector<StructureId> structures_among(db::Tx& tx, const std::vector<std::int64_t>& ids,
                                          const std::vector<std::int64_t>& roots) {
    if (ids.empty() || roots.empty()) return {};
    return tx.all<StructureId>(among_sql, {db::Ids{ids}, db::Ids{roots}});
}
StructureId structure_of_uai(db::Tx& tx, std::string_view uai) {
    return tx.one<StructureId>(structure_of_uai_sql, {uai}).value_or(StructureId{});
}

std::vector<Colleague> people_in(db::Tx& tx, StructureId structure, const Colleague& after, int limit) {
    return tx.all<Colleague>(people_in_sql, {structure, after.function, db::Bytes{after.sort}, after.person, limit});
}

std::vector<Unsorted> unsorted(db::Tx& tx, int limit) { return tx.all<Unsorted>(unsorted_sql, {limit}); }
void set_sort_key(db::Tx& tx, StructureId structure, std::string_view sort_key) {
    tx.execute(set_sort_key_sql, {structure, db::Bytes{sort_key}});
}

} // namespace preau::identity::store

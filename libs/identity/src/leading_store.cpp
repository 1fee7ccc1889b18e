#include "identity/leading.hpp"

namespace preau::identity {
namespace {

const db::Query leads_sql{"identity.leads", R"(
    SELECT 1 FROM structure_above a JOIN person_function f ON f.structure = a.ancestor
     WHERE a.structure = $1 AND f.person = $2 AND f.function IN ('head', 'manager') LIMIT 1)"};

const db::Query led_by_sql{"identity.led_by", R"(
    SELECT s.id, s.name FROM structure s
     WHERE s.id IN (SELECT f.structure FROM person_function f
                     WHERE f.person = $1 AND f.function IN ('head', 'manager'))
     ORDER BY s.name, s.id LIMIT 50)"};

const db::Query main_structure_sql{"identity.main_structure", R"(
    SELECT main_structure FROM person WHERE id = $1 AND main_structure IS NOT NULL)"};

} // namespace

bool leads(db::Tx& tx, PersonId person, StructureId structure) {
    return person && structure && tx.one<std::int64_t>(leads_sql, {structure, person}).has_value();
}

std::vector<Led> led_by(db::Tx& tx, PersonId person) { return tx.all<Led>(led_by_sql, {person}); }

StructureId main_structure(db::Tx& tx, PersonId person) {
    return tx.one<StructureId>(main_structure_sql, {person}).value_or(StructureId{});
}

} // namespace preau::identity

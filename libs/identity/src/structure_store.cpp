#include "structure_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query insert_structure_sql{"identity.insert_structure", R"(
    INSERT INTO structure (id, parent, name, kind, uai, zone) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query insert_itself_above_sql{"identity.insert_itself_above", R"(
    INSERT INTO structure_above (structure, ancestor, depth) VALUES ($1, $1, 0))"};

const db::Query find_structure_sql{"identity.find_structure", R"(
    SELECT id, parent, name, kind, uai, zone FROM structure WHERE id = $1)"};

const db::Query stands_below_sql{"identity.stands_below", R"(
    SELECT depth FROM structure_above WHERE structure = $1 AND ancestor = $2)"};

const db::Query set_parent_sql{"identity.set_parent", "UPDATE structure SET parent = $2 WHERE id = $1"};

// Of a moved structure and all below it: forget what stood above the moved one …
const db::Query cut_above_sql{"identity.cut_above", R"(
    DELETE FROM structure_above
     WHERE structure IN (SELECT structure FROM structure_above WHERE ancestor = $1)
       AND ancestor NOT IN (SELECT structure FROM structure_above WHERE ancestor = $1))"};

// … and learn what stands above its new parent.
const db::Query join_above_sql{"identity.join_above", R"(
    INSERT INTO structure_above (structure, ancestor, depth)
    SELECT low.structure, high.ancestor, low.depth + high.depth + 1
      FROM structure_above low CROSS JOIN structure_above high
     WHERE low.ancestor = $1 AND high.structure = $2)"};

const db::Query structures_above_sql{"identity.structures_above", R"(
    SELECT s.id, s.parent, s.name, s.kind, s.uai, s.zone
      FROM structure_above a JOIN structure s ON s.id = a.ancestor
     WHERE a.structure = $1 ORDER BY a.depth DESC)"};

const db::Query insert_function_sql{"identity.insert_function", R"(
    INSERT INTO person_function (person, structure, function) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};

const db::Query set_main_structure_sql{"identity.set_main_structure", R"(
    UPDATE person SET main_structure = $2 WHERE id = $1 AND main_structure IS NULL)"};

const db::Query insert_group_sql{"identity.insert_group", R"(
    INSERT INTO group_ (id, name, kind, structure, sort) VALUES ($1, $2, $3, $4, $5))"};

const db::Query find_group_sql{"identity.find_group", R"(
    SELECT id, name, kind, structure FROM group_ WHERE id = $1)"};

const db::Query groups_of_sql{"identity.groups_of", R"(
    SELECT g.id, g.name, g.kind, g.structure FROM group_member m JOIN group_ g ON g.id = m.group_id
     WHERE m.person = $1 AND g.closed_at IS NULL ORDER BY g.name, g.id)"};

const db::Query insert_pupil_sql{"identity.insert_pupil", R"(
    INSERT INTO pupil (id, group_id, name, sort_key) VALUES ($1, $2, $3, $4))"};

const db::Query pupils_of_sql{"identity.pupils_of", R"(
    SELECT id, group_id AS "group", name FROM pupil WHERE group_id = $1 ORDER BY sort_key, id)"};

// "None" is NULL in columns that refer to a row.
template <class Tag> std::optional<std::int64_t> nullable(Id<Tag> id) {
    return id ? std::optional{id.value} : std::nullopt;
}

} // namespace

void insert_structure(db::Tx& tx, const Structure& structure) {
    tx.execute(insert_structure_sql, {structure.id, nullable(structure.parent), structure.name, structure.kind,
                                      structure.uai, structure.zone});
    tx.execute(insert_itself_above_sql, {structure.id});
    if (structure.parent) tx.execute(join_above_sql, {structure.id, structure.parent});
}

std::optional<Structure> find_structure(db::Tx& tx, StructureId id) {
    return tx.one<Structure>(find_structure_sql, {id});
}

bool stands_below(db::Tx& tx, StructureId structure, StructureId ancestor) {
    return tx.one<std::int64_t>(stands_below_sql, {structure, ancestor}).has_value();
}

void set_parent(db::Tx& tx, StructureId structure, StructureId parent) {
    tx.execute(set_parent_sql, {structure, nullable(parent)});
    tx.execute(cut_above_sql, {structure});
    if (parent) tx.execute(join_above_sql, {structure, parent});
}

std::vector<Structure> structures_above(db::Tx& tx, StructureId structure) {
    return tx.all<Structure>(structures_above_sql, {structure});
}

void insert_function(db::Tx& tx, PersonId person, StructureId structure, std::string_view function) {
    tx.execute(insert_function_sql, {person, structure, function});
    tx.execute(set_main_structure_sql, {person, structure});
}

void insert_group(db::Tx& tx, const Group& group, std::string_view sort) {
    tx.execute(insert_group_sql, {group.id, group.name, group.kind, nullable(group.structure), sort});
}

std::optional<Group> find_group(db::Tx& tx, GroupId id) { return tx.one<Group>(find_group_sql, {id}); }

std::vector<Group> groups_of(db::Tx& tx, PersonId person) { return tx.all<Group>(groups_of_sql, {person}); }

void insert_pupil(db::Tx& tx, std::int64_t id, GroupId group, std::string_view name, std::string_view sort_key) {
    tx.execute(insert_pupil_sql, {id, group, name, db::Bytes{sort_key}});
}

std::vector<Pupil> pupils_of(db::Tx& tx, GroupId group) { return tx.all<Pupil>(pupils_of_sql, {group}); }

} // namespace preau::identity::store

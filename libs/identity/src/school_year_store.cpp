#include "school_year_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query keeps_classes_sql{"identity.keeps_classes", R"(
    SELECT 1 FROM structure_above a JOIN person_function f ON f.structure = a.ancestor
     WHERE a.structure = $1 AND f.person = $2
       AND (f.function IN ('head', 'manager')
            OR (a.depth = 0 AND f.function IN ('deputy-head', 'director', 'secretary'))) LIMIT 1)"};

#define PREAU_CLASS_STATE                                                                                                \
    "(SELECT COUNT(*) FROM pupil p WHERE p.group_id = g.id) AS pupils, g.members AS staff,"                            \
    "CASE WHEN g.closed_at IS NULL THEN 0 ELSE 1 END AS closed"

// A range of class_open; a school has some dozens.
const db::Query open_classes_sql{"identity.open_classes",
                                 "SELECT g.id, g.name, g.year, g.sort, " PREAU_CLASS_STATE
                                 "  FROM group_ g WHERE g.structure = $1 AND g.kind = 'class' AND g.closed_at IS NULL"
                                 "   AND (g.sort, g.id) > ($2, $3) ORDER BY g.sort, g.id LIMIT $4"};

// Both walk closed_class_by_year.
const db::Query closed_years_sql{"identity.closed_years", R"(
    SELECT DISTINCT year FROM closed_class WHERE structure = $1 ORDER BY year DESC LIMIT $2)"};
const db::Query closed_classes_sql{"identity.closed_classes",
                                   "SELECT g.id, g.name, c.year, c.sort, " PREAU_CLASS_STATE
                                   "  FROM closed_class c JOIN group_ g ON g.id = c.class"
                                   " WHERE c.structure = $1 AND c.year = $2 AND (c.sort, c.class) > ($3, $4)"
                                   " ORDER BY c.sort, c.class LIMIT $5"};

const db::Query classes_among_sql{"identity.classes_among",
                                  "SELECT g.id, g.name, COALESCE(c.year, g.year) AS year, g.sort, " PREAU_CLASS_STATE
                                  "  FROM group_ g LEFT JOIN closed_class c ON c.class = g.id"
                                  " WHERE g.id $IDS(2) AND g.structure = $1 AND g.kind = 'class'"
                                  " ORDER BY g.sort, g.id"};
#undef PREAU_CLASS_STATE

const db::Query insert_closing_sql{"identity.insert_closing", R"(
    INSERT INTO class_closing (id, structure, closed_by, closed_at) VALUES ($1, $2, $3, $4))"};
// The row itself decides who closed it.
const db::Query set_closed_sql{"identity.close_class", R"(
    UPDATE group_ SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL)"};
const db::Query insert_closed_sql{"identity.insert_closed_class", R"(
    INSERT INTO closed_class (class, closing, structure, year, sort)
    SELECT g.id, $2, $3, CASE WHEN g.year = '' THEN $4 ELSE g.year END, g.sort FROM group_ g WHERE g.id = $1)"};
const db::Query set_open_sql{"identity.reopen_class", R"(
    UPDATE group_ SET closed_at = NULL WHERE id = $1 AND closed_at IS NOT NULL)"};
const db::Query delete_closed_sql{"identity.delete_closed_class", "DELETE FROM closed_class WHERE class = $1"};
const db::Query find_closed_sql{"identity.find_closed_class", R"(
    SELECT class AS id, closing, structure, year FROM closed_class WHERE class = $1)"};
const db::Query of_closing_sql{"identity.classes_of_closing", R"(
    SELECT class FROM closed_class WHERE closing = $2 AND structure = $1 ORDER BY class)"};
const db::Query closing_at_sql{"identity.closing_at", R"(
    SELECT closed_at FROM class_closing WHERE id = $2 AND structure = $1)"};

const db::Query set_year_sql{"identity.set_class_year", "UPDATE group_ SET year = $2 WHERE id = $1"};
const db::Query answering_sql{"identity.answering_member", R"(
    SELECT m.person FROM group_member m JOIN person p ON p.id = m.person
     WHERE m.group_id = $1 AND p.disabled = 0 AND p.guest_until IS NULL
     ORDER BY CASE m.role WHEN 'owner' THEN 0 ELSE 1 END, m.since, m.person LIMIT 1)"};
// Changes nothing, and waits for whoever is closing the class.
const db::Query touch_open_sql{"identity.touch_open_class", R"(
    UPDATE group_ SET members = members WHERE id = $1 AND closed_at IS NULL)"};

} // namespace

bool keeps_classes(db::Tx& tx, PersonId person, StructureId structure) {
    return tx.one<std::int64_t>(keeps_classes_sql, {structure, person}).has_value();
}
std::vector<SchoolClass> open_classes(db::Tx& tx, StructureId structure, const ClassKey& after, int limit) {
    return tx.all<SchoolClass>(open_classes_sql, {structure, after.sort, after.id, limit});
}
std::vector<std::string> closed_years(db::Tx& tx, StructureId structure, int limit) {
    return tx.all<std::string>(closed_years_sql, {structure, limit});
}
std::vector<SchoolClass> closed_classes(db::Tx& tx, StructureId structure, std::string_view year, const ClassKey& after,
                                        int limit) {
    return tx.all<SchoolClass>(closed_classes_sql, {structure, year, after.sort, after.id, limit});
}
std::vector<SchoolClass> classes_among(db::Tx& tx, StructureId structure, std::span<const std::int64_t> classes) {
    return tx.all<SchoolClass>(classes_among_sql, {structure, db::Ids{classes}});
}

void insert_closing(db::Tx& tx, const Closing& closing, Millis now) {
    tx.execute(insert_closing_sql, {closing.id, closing.structure, closing.by, now});
}
bool set_class_closed(db::Tx& tx, GroupId group, Millis now) { return tx.execute(set_closed_sql, {group, now}) == 1; }
void insert_closed_class(db::Tx& tx, const ClosedClass& closed) {
    tx.execute(insert_closed_sql, {closed.id, closed.closing, closed.structure, closed.year});
}
bool set_class_open(db::Tx& tx, GroupId group) {
    tx.execute(delete_closed_sql, {group});
    return tx.execute(set_open_sql, {group}) == 1;
}
std::optional<ClosedClass> find_closed_class(db::Tx& tx, GroupId group) {
    return tx.one<ClosedClass>(find_closed_sql, {group});
}
std::vector<GroupId> classes_of_closing(db::Tx& tx, StructureId structure, ClosingId closing) {
    return tx.all<GroupId>(of_closing_sql, {structure, closing});
}
std::optional<Millis> closing_at(db::Tx& tx, StructureId structure, ClosingId closing) {
    return tx.one<Millis>(closing_at_sql, {structure, closing});
}

void set_class_year(db::Tx& tx, GroupId group, std::string_view year) { tx.execute(set_year_sql, {group, year}); }
std::optional<PersonId> answering_member(db::Tx& tx, GroupId group) { return tx.one<PersonId>(answering_sql, {group}); }
bool touch_open_class(db::Tx& tx, GroupId group) { return tx.execute(touch_open_sql, {group}) == 1; }

} // namespace preau::identity::store

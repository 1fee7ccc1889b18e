#include "attachment_store.hpp"

#include <limits>

namespace preau::identity::store {
namespace {

#define ATTACHMENT_COLUMNS "person, structure, function, from_at, until_at, state, given_by"
#define ATTACHMENT_COLUMNS_A "a.person, a.structure, a.function, a.from_at, a.until_at, a.state, a.given_by"

const db::Query insert_attachment_sql{"identity.insert_attachment", R"(
    INSERT INTO attachment (person, structure, function, from_at, until_at, state, given_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)"};

const db::Query find_attachment_sql{"identity.find_attachment", "SELECT " ATTACHMENT_COLUMNS R"( FROM attachment
     WHERE person = $1 AND structure = $2 AND function = $3 AND from_at = $4)"};

const db::Query overlaps_sql{"identity.attachment_overlaps", R"(
    SELECT 1 FROM attachment
     WHERE person = $1 AND structure = $2 AND function = $3 AND state < 2
       AND from_at < $5 AND (until_at IS NULL OR until_at > $4) LIMIT 1)"};

const db::Query set_attachment_sql{"identity.set_attachment", R"(
    UPDATE attachment SET until_at = $5, state = $6
     WHERE person = $1 AND structure = $2 AND function = $3 AND from_at = $4)"};

// In force, to come, over: 1, 0, 2 become 0, 1, 2.
const db::Query attachments_of_sql{"identity.attachments_of",
                                   "SELECT " ATTACHMENT_COLUMNS_A R"(, s.name AS structure_name
      FROM attachment a JOIN structure s ON s.id = a.structure WHERE a.person = $1
     ORDER BY CASE a.state WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE 2 END, a.from_at DESC, s.name, a.structure, a.function
     LIMIT $2)"};

const db::Query attachments_in_sql{"identity.attachments_in", "SELECT " ATTACHMENT_COLUMNS R"( FROM attachment
     WHERE structure = $1 AND state < 2 LIMIT $2)"};

const db::Query to_begin_sql{"identity.attachments_to_begin", "SELECT " ATTACHMENT_COLUMNS R"( FROM attachment
     WHERE state = 0 AND from_at <= $1 ORDER BY from_at LIMIT $2)"};

const db::Query to_end_sql{"identity.attachments_to_end", "SELECT " ATTACHMENT_COLUMNS R"( FROM attachment
     WHERE state = 1 AND until_at IS NOT NULL AND until_at <= $1 ORDER BY until_at LIMIT $2)"};

const db::Query another_in_force_sql{"identity.another_in_force", R"(
    SELECT 1 FROM attachment
     WHERE person = $1 AND structure = $2 AND function = $3 AND state = 1 AND from_at <> $4 LIMIT 1)"};

const db::Query delete_function_sql{"identity.delete_function", R"(
    DELETE FROM person_function WHERE person = $1 AND structure = $2 AND function = $3)"};

const db::Query choose_main_sql{"identity.choose_main_structure", R"(
    UPDATE person SET main_structure = (SELECT MIN(f.structure) FROM person_function f WHERE f.person = $1)
     WHERE id = $1 AND main_structure = $2
       AND NOT EXISTS (SELECT 1 FROM person_function f WHERE f.person = $1 AND f.structure = $2))"};

const db::Query stand_below_sql{"identity.stand_below", R"(
    INSERT INTO subtree_person (ancestor, sort_key, person)
    SELECT a.ancestor, p.sort_key, p.id FROM structure_above a CROSS JOIN person p
     WHERE a.structure = $2 AND p.id = $1
    ON CONFLICT DO NOTHING)"};

const db::Query leave_below_sql{"identity.leave_below", R"(
    DELETE FROM subtree_person
     WHERE person = $1 AND sort_key = (SELECT sort_key FROM person WHERE id = $1)
       AND ancestor IN (SELECT ancestor FROM structure_above WHERE structure = $2)
       AND ancestor NOT IN (SELECT a.ancestor FROM person_function f JOIN structure_above a ON a.structure = f.structure
                             WHERE f.person = $1))"};

const db::Query leave_everywhere_sql{"identity.leave_everywhere", R"(
    DELETE FROM subtree_person
     WHERE person = $1 AND sort_key = (SELECT sort_key FROM person WHERE id = $1)
       AND ancestor IN (SELECT a.ancestor FROM person_function f JOIN structure_above a ON a.structure = f.structure
                         WHERE f.person = $1))"};

const db::Query stand_everywhere_sql{"identity.stand_everywhere", R"(
    INSERT INTO subtree_person (ancestor, sort_key, person)
    SELECT DISTINCT a.ancestor, p.sort_key, p.id
      FROM person_function f JOIN structure_above a ON a.structure = f.structure JOIN person p ON p.id = f.person
     WHERE f.person = $1
    ON CONFLICT DO NOTHING)"};

const db::Query stand_below_with_sql{"identity.stand_below_with", R"(
    INSERT INTO subtree_person (ancestor, sort_key, person)
    SELECT high.ancestor, low.sort_key, low.person FROM structure_above high CROSS JOIN subtree_person low
     WHERE high.structure = $2 AND low.ancestor = $1
    ON CONFLICT DO NOTHING)"};

const db::Query below_after_sql{"identity.below_after", R"(
    SELECT sort_key AS sort, person FROM subtree_person
     WHERE ancestor = $1 AND (sort_key, person) > ($2, $3) ORDER BY sort_key, person LIMIT $4)"};

// The whole key of each row: one that names the ancestors alone would read all who stand below them.
const db::Query leave_these_sql{"identity.leave_these", R"(
    DELETE FROM subtree_person
     WHERE ancestor $IDS(3) AND sort_key = $2 AND person = $1
       AND NOT EXISTS (SELECT 1 FROM person_function f JOIN structure_above a ON a.structure = f.structure
                        WHERE f.person = $1 AND a.ancestor = subtree_person.ancestor))"};

struct Below {
    std::string sort;
    PersonId person;
};
PREAU_DESCRIBE(Below, sort, person)

const db::Query strictly_above_sql{"identity.strictly_above", R"(
    SELECT ancestor FROM structure_above WHERE structure = $1 AND ancestor <> $1)"};

} // namespace

void insert_attachment(db::Tx& tx, const Attachment& row) {
    tx.execute(insert_attachment_sql, {row.person, row.structure, row.function, row.from_at, row.until_at,
                                       static_cast<std::int64_t>(row.state), row.given_by});
}

std::optional<Attachment> find_attachment(db::Tx& tx, const Attachment& key) {
    return tx.one<Attachment>(find_attachment_sql, {key.person, key.structure, key.function, key.from_at});
}

bool overlaps(db::Tx& tx, const Attachment& row) {
    const auto until = row.until_at.value_or(std::numeric_limits<Millis>::max());
    return tx.one<std::int64_t>(overlaps_sql, {row.person, row.structure, row.function, row.from_at, until})
        .has_value();
}

void set_attachment(db::Tx& tx, const Attachment& row) {
    tx.execute(set_attachment_sql, {row.person, row.structure, row.function, row.from_at, row.until_at,
                                    static_cast<std::int64_t>(row.state)});
}

std::vector<NamedAttachment> attachments_of(db::Tx& tx, PersonId person, int limit) {
    return tx.all<NamedAttachment>(attachments_of_sql, {person, limit});
}

std::vector<Attachment> attachments_in(db::Tx& tx, StructureId structure, int limit) {
    return tx.all<Attachment>(attachments_in_sql, {structure, limit});
}

std::vector<Attachment> to_begin(db::Tx& tx, Millis now, int limit) {
    return tx.all<Attachment>(to_begin_sql, {now, limit});
}

std::vector<Attachment> to_end(db::Tx& tx, Millis now, int limit) {
    return tx.all<Attachment>(to_end_sql, {now, limit});
}

bool another_in_force(db::Tx& tx, const Attachment& row) {
    return tx.one<std::int64_t>(another_in_force_sql, {row.person, row.structure, row.function, row.from_at})
        .has_value();
}

void delete_function(db::Tx& tx, PersonId person, StructureId structure, std::string_view function) {
    tx.execute(delete_function_sql, {person, structure, function});
}

void choose_main_structure(db::Tx& tx, PersonId person, StructureId left) {
    tx.execute(choose_main_sql, {person, left});
}

void stand_below(db::Tx& tx, PersonId person, StructureId structure) {
    tx.execute(stand_below_sql, {person, structure});
}

void leave_below(db::Tx& tx, PersonId person, StructureId structure) {
    tx.execute(leave_below_sql, {person, structure});
}

void leave_everywhere(db::Tx& tx, PersonId person) { tx.execute(leave_everywhere_sql, {person}); }
void stand_everywhere(db::Tx& tx, PersonId person) { tx.execute(stand_everywhere_sql, {person}); }

void stand_below_with(db::Tx& tx, StructureId moved, StructureId parent) {
    tx.execute(stand_below_with_sql, {moved, parent});
}

void leave_below_with(db::Tx& tx, StructureId moved, const std::vector<std::int64_t>& left) {
    constexpr int at_once = 1000;
    Below last;
    for (bool more = !left.empty(); more;) {
        const auto some = tx.all<Below>(below_after_sql, {moved, db::Bytes{last.sort}, last.person, at_once});
        for (const auto& row : some) tx.execute(leave_these_sql, {row.person, db::Bytes{row.sort}, db::Ids{left}});
        more = std::ssize(some) == at_once;
        if (more) last = some.back();
    }
}

std::vector<std::int64_t> strictly_above(db::Tx& tx, StructureId structure) {
    return tx.all<std::int64_t>(strictly_above_sql, {structure});
}

} // namespace preau::identity::store

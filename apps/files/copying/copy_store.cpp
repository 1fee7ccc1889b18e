#include "files/copying/copy_store.hpp"

namespace preau::files::store {
namespace {

// UNION ALL and LIMIT: both engines stop walking when the limit is reached.
const db::Query count_below_sql{"files.count_below", R"(
    WITH RECURSIVE below (id) AS (
        SELECT i.id FROM item i WHERE i.id $IDS(1)
        UNION ALL
        SELECT c.id FROM below b JOIN item c ON c.parent = b.id)
    SELECT count(*) FROM (SELECT id FROM below LIMIT $2) AS counted)"};

const db::Query running_copies_sql{"files.running_copies", R"(
    SELECT r.item, c.done, c.total FROM file_copy_root r JOIN file_copy c ON c.id = r.copy
     WHERE r.item $IDS(1) AND c.state = 0)"};

const db::Query insert_copy_sql{"files.insert_copy", R"(
    INSERT INTO file_copy (id, person, state, done, total, problem, at) VALUES ($1, $2, $3, $4, $5, $6, $7))"};
const db::Query find_copy_sql{"files.find_copy", R"(
    SELECT id, person, state, done, total, problem, at FROM file_copy WHERE id = $1)"};
const db::Query advance_copy_sql{"files.advance_copy", "UPDATE file_copy SET done = done + $2 WHERE id = $1"};
const db::Query end_copy_sql{"files.end_copy", R"(
    UPDATE file_copy SET state = $2, problem = $3 WHERE id = $1 AND state = 0)"};
const db::Query insert_root_sql{"files.insert_copy_root", "INSERT INTO file_copy_root (copy, item) VALUES ($1, $2)"};
const db::Query roots_of_sql{"files.copy_roots", "SELECT item FROM file_copy_root WHERE copy = $1 ORDER BY item"};
const db::Query insert_todo_sql{"files.insert_copy_todo", R"(
    INSERT INTO file_copy_todo (copy, source, target, after_sort, after_id) VALUES ($1, $2, $3, $4, $5))"};
const db::Query next_todo_sql{"files.next_copy_todo", R"(
    SELECT source, target, after_sort, after_id FROM file_copy_todo WHERE copy = $1 ORDER BY source, target LIMIT 1)"};
const db::Query move_todo_sql{"files.move_copy_todo", R"(
    UPDATE file_copy_todo SET after_sort = $4, after_id = $5 WHERE copy = $1 AND source = $2 AND target = $3)"};
const db::Query delete_todo_sql{"files.delete_copy_todo", R"(
    DELETE FROM file_copy_todo WHERE copy = $1 AND source = $2 AND target = $3)"};

} // namespace

std::int64_t count_below(db::Tx& tx, const std::vector<std::int64_t>& items, std::int64_t most) {
    if (items.empty()) return 0;
    return tx.one<std::int64_t>(count_below_sql, {db::Ids{items}, most}).value_or(0);
}

std::vector<CopyMark> running_copies(db::Tx& tx, const std::vector<std::int64_t>& items) {
    if (items.empty()) return {};
    return tx.all<CopyMark>(running_copies_sql, {db::Ids{items}});
}

void insert_copy(db::Tx& tx, const CopyState& copy) {
    tx.execute(insert_copy_sql, {copy.id, copy.person, copy.state, copy.done, copy.total, copy.problem, copy.at});
}
std::optional<CopyState> find_copy(db::Tx& tx, CopyId copy) { return tx.one<CopyState>(find_copy_sql, {copy}); }
void advance_copy(db::Tx& tx, CopyId copy, std::int64_t by) { tx.execute(advance_copy_sql, {copy, by}); }
bool end_copy(db::Tx& tx, CopyId copy, CopyState::State state, std::string_view problem) {
    return tx.execute(end_copy_sql, {copy, state, problem}) == 1;
}
void insert_root(db::Tx& tx, CopyId copy, ItemId item) { tx.execute(insert_root_sql, {copy, item}); }
std::vector<ItemId> roots_of(db::Tx& tx, CopyId copy) { return tx.all<ItemId>(roots_of_sql, {copy}); }
void insert_todo(db::Tx& tx, CopyId copy, const Todo& todo) {
    tx.execute(insert_todo_sql, {copy, todo.source, todo.target, todo.after_sort, todo.after_id});
}
std::optional<Todo> next_todo(db::Tx& tx, CopyId copy) { return tx.one<Todo>(next_todo_sql, {copy}); }
void move_todo(db::Tx& tx, CopyId copy, const Todo& todo) {
    tx.execute(move_todo_sql, {copy, todo.source, todo.target, todo.after_sort, todo.after_id});
}
void delete_todo(db::Tx& tx, CopyId copy, const Todo& todo) {
    tx.execute(delete_todo_sql, {copy, todo.source, todo.target});
}

} // namespace preau::files::store

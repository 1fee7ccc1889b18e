#pragma once

#include "files/copying/copying.hpp"

namespace preau::files::store {

struct Todo { // a folder whose children are still to be copied
    ItemId source, target;
    std::string after_sort;
    ItemId after_id;
};
PREAU_DESCRIBE(Todo, source, target, after_sort, after_id)

struct CopyMark { // on the folder that a running copy fills
    ItemId item;
    std::int64_t done = 0, total = 0;
};
PREAU_DESCRIBE(CopyMark, item, done, total)
std::vector<CopyMark> running_copies(db::Tx& tx, const std::vector<std::int64_t>& items); // those of them; one query

// How many items are at and below these, counted up to `most`.
std::int64_t count_below(db::Tx& tx, const std::vector<std::int64_t>& items, std::int64_t most);

void insert_copy(db::Tx& tx, const CopyState& copy);
std::optional<CopyState> find_copy(db::Tx& tx, CopyId copy);
void advance_copy(db::Tx& tx, CopyId copy, std::int64_t by);
bool end_copy(db::Tx& tx, CopyId copy, CopyState::State state, std::string_view problem); // false: it had ended
void insert_root(db::Tx& tx, CopyId copy, ItemId item);
std::vector<ItemId> roots_of(db::Tx& tx, CopyId copy);
void insert_todo(db::Tx& tx, CopyId copy, const Todo& todo);
std::optional<Todo> next_todo(db::Tx& tx, CopyId copy);
void move_todo(db::Tx& tx, CopyId copy, const Todo& todo); // to its new key
void delete_todo(db::Tx& tx, CopyId copy, const Todo& todo);

} // namespace preau::files::store

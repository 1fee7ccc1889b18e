#include "files/zip/selection.hpp"

#include "base/text.hpp"

namespace preau::files::store {
namespace {

const db::Query insert_selection_sql{"files.insert_selection", R"(
    INSERT INTO file_selection (id, items, expires_at) VALUES ($1, $2, $3))"};

const db::Query selected_sql{"files.selected", R"(
    SELECT items FROM file_selection WHERE id = $1 AND expires_at > $2)"};

const db::Query delete_selections_sql{"files.delete_selections", R"(
    DELETE FROM file_selection WHERE expires_at <= $1)"};

} // namespace

void insert_selection(db::Tx& tx, SelectionId id, const std::vector<ItemId>& items, Millis expires_at) {
    std::string text;
    for (auto item : items) text += (text.empty() ? "" : " ") + to_text(item);
    tx.execute(insert_selection_sql, {id, text, expires_at});
}

std::vector<ItemId> selected(db::Tx& tx, SelectionId id, Millis now) {
    std::vector<ItemId> items;
    auto text = tx.one<std::string>(selected_sql, {id, now});
    if (!text) return items;
    for (auto word : split(*text, ' '))
        if (auto item = parse_id<ItemId>(word)) items.push_back(*item);
    return items;
}

void delete_selections(db::Tx& tx, Millis now) { tx.execute(delete_selections_sql, {now}); }

} // namespace preau::files::store

#include "roster_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query put_pupil_sql{"identity.put_pupil", R"(
    INSERT INTO pupil (id, group_id, name, sort_key) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, sort_key = excluded.sort_key)"};

const db::Query insert_change_sql{"identity.insert_roster_change", R"(
    INSERT INTO roster_change (id, group_id, person, at, before, after) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query find_change_sql{"identity.find_roster_change", R"(
    SELECT id, before, after FROM roster_change WHERE group_id = $1 AND id = $2)"};

const db::Query delete_changes_sql{"identity.delete_roster_changes", R"(
    DELETE FROM roster_change WHERE group_id = $1 AND id >= $2)"};

const db::Query forget_changes_sql{"identity.forget_roster_changes", R"(
    DELETE FROM roster_change WHERE group_id = $1 AND at < $2)"};

} // namespace

void put_pupil(db::Tx& tx, const Pupil& pupil, std::string_view sort_key) {
    tx.execute(put_pupil_sql, {pupil.id, pupil.group, pupil.name, db::Bytes{sort_key}});
}

void insert_roster_change(db::Tx& tx, const RosterChangeRow& row, const RosterWish& wish, Millis now) {
    tx.execute(insert_change_sql, {row.id, wish.group, wish.person, now, row.before, db::Bytes{row.after}});
}

std::optional<RosterChangeRow> find_roster_change(db::Tx& tx, GroupId group, RosterChangeId id) {
    return tx.one<RosterChangeRow>(find_change_sql, {group, id});
}

void delete_roster_changes(db::Tx& tx, GroupId group, RosterChangeId from) {
    tx.execute(delete_changes_sql, {group, from});
}

void forget_roster_changes(db::Tx& tx, GroupId group, Millis before) {
    tx.execute(forget_changes_sql, {group, before});
}

} // namespace preau::identity::store

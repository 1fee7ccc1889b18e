#include "files/family/family.hpp"

namespace preau::files::store {
namespace {

const db::Query host_of_sql{"files.host_of", R"(
    SELECT p.name AS teacher, COALESCE(s.name, '') AS school, COALESCE(s.zone, 'Europe/Paris') AS zone
      FROM item i JOIN person p ON p.id = i.owner LEFT JOIN structure s ON s.id = p.main_structure
     WHERE i.id = $1)"};

// One that was thrown away, or carried elsewhere, is not the place for new hand-ins.
const db::Query find_handin_sql{"files.find_handin", R"(
    SELECT h.handin FROM file_handin h JOIN item i ON i.id = h.handin
     WHERE h.folder = $1 AND i.parent = $1 AND i.trashed_at IS NULL)"};

const db::Query remember_handin_sql{"files.remember_handin", R"(
    INSERT INTO file_handin (folder, handin) VALUES ($1, $2)
    ON CONFLICT (folder) DO UPDATE SET handin = excluded.handin)"};

} // namespace

Host host_of(db::Tx& tx, ItemId space) {
    return tx.one<Host>(host_of_sql, {space}).value_or(Host{.zone = "Europe/Paris"});
}

std::optional<ItemId> find_handin(db::Tx& tx, ItemId folder) { return tx.one<ItemId>(find_handin_sql, {folder}); }

void remember_handin(db::Tx& tx, ItemId folder, ItemId handin) { tx.execute(remember_handin_sql, {folder, handin}); }

} // namespace preau::files::store

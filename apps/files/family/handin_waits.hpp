// Hand-ins that arrived since a person last looked: a line of "Ce qui vous attend" for each hand-in folder, gone once
// it was opened.
#pragma once

#include "files/files.hpp"

#include <string>
#include <vector>

namespace preau::files {

struct HandinWait {
    ItemId handin;
    std::string folder; // title of the shared folder around it
    std::int64_t arrived = 0;
    Millis latest_at = 0;
};
PREAU_DESCRIBE(HandinWait, handin, folder, arrived, latest_at)

// In the transaction of a deposit: waits for who made the shared folder.
void handins_arrived(db::Tx& tx, const sharing::Item& shared, ItemId handin, std::int64_t files, Millis now);
bool handins_wait(db::Tx& tx, const Viewer& viewer, ItemId handin);
void handins_seen(db::Tx& tx, PersonId person, ItemId handin);
// Two queries, whatever their number; only what this viewer may still see.
std::vector<sharing::Waits> waiting_handins(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now);

} // namespace preau::files

namespace preau::files::store {
void add_handin_wait(db::Tx& tx, PersonId person, ItemId handin, std::int64_t files, Millis now);
bool has_handin_wait(db::Tx& tx, PersonId person, ItemId handin);
void delete_handin_wait(db::Tx& tx, PersonId person, ItemId handin);
std::vector<HandinWait> handin_waits(db::Tx& tx, PersonId person, int limit); // latest first
} // namespace preau::files::store

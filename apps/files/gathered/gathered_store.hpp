#pragma once

#include "files/upload/file_store.hpp"

namespace preau::files::store {

// Who holds valid grants that reach these items: on them, and on what they stand in as far as rights come down.
std::vector<SubjectRow> subjects_reaching(db::Tx& tx, const std::vector<std::int64_t>& items, Millis now);

} // namespace preau::files::store

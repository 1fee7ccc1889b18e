#pragma once

#include "base/id.hpp"
#include "blob/blob_store.hpp"
#include "preview/preview.hpp"

#include <optional>

namespace preau::preview::store {

struct Row {
    std::int64_t id = 0;
    blob::BlobId blob; // 0: impossible
    std::string type;
};
PREAU_DESCRIBE(Row, id, blob, type)

std::optional<Row> find(db::Tx& tx, std::string_view source_hex, What what);
// False: another one was quicker.
bool insert(db::Tx& tx, std::int64_t id, std::string_view source_hex, What what, std::string_view type, Millis now);
void set_blob(db::Tx& tx, std::int64_t id, blob::BlobId blob);
void remove(db::Tx& tx, std::int64_t id);

struct Sourced { // by id; `source` is 0 where the bytes are gone
    std::int64_t id = 0;
    std::int64_t source = 0;
};
PREAU_DESCRIBE(Sourced, id, source)
std::vector<Sourced> after(db::Tx& tx, std::int64_t id, int limit);

} // namespace preau::preview::store

#include "preview_store.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

namespace preau::preview::store {
namespace {

const db::Query find_sql{"preview.find", R"(
    SELECT id, blob, type FROM preview WHERE source = $1 AND what = $2)"};

const db::Query insert_sql{"preview.insert", R"(
    INSERT INTO preview (id, source, what, blob, type, made_at) VALUES ($1, $2, $3, 0, $4, $5)
        ON CONFLICT (source, what) DO NOTHING)"};

const db::Query set_blob_sql{"preview.set_blob", R"(UPDATE preview SET blob = $2 WHERE id = $1)"};

const db::Query remove_sql{"preview.remove", R"(DELETE FROM preview WHERE id = $1)"};

// Looks at `limit` rows, however many of them are kept: a step of the daily release has a bounded cost.
const db::Query after_sql{"preview.after", R"(
    SELECT p.id, coalesce(b.id, 0) AS source FROM preview p LEFT JOIN blob b ON b.hash = p.source
     WHERE p.id > $1 ORDER BY p.id LIMIT $2)"};

std::string bytes_of(std::string_view hex_text) {
    auto bytes = hex_decode(hex_text);
    PREAU_ASSERT(bytes && bytes->size() == 32);
    return *bytes;
}

} // namespace

std::optional<Row> find(db::Tx& tx, std::string_view source_hex, What what) {
    const auto source = bytes_of(source_hex);
    return tx.one<Row>(find_sql, {db::Bytes{source}, what});
}

bool insert(db::Tx& tx, std::int64_t id, std::string_view source_hex, What what, std::string_view type, Millis now) {
    const auto source = bytes_of(source_hex);
    return tx.execute(insert_sql, {id, db::Bytes{source}, what, type, now}) == 1;
}

void set_blob(db::Tx& tx, std::int64_t id, blob::BlobId blob) { tx.execute(set_blob_sql, {id, blob}); }

void remove(db::Tx& tx, std::int64_t id) { tx.execute(remove_sql, {id}); }

std::vector<Sourced> after(db::Tx& tx, std::int64_t id, int limit) { return tx.all<Sourced>(after_sql, {id, limit}); }

} // namespace preau::preview::store

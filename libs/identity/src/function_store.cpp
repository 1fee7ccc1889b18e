#include "function_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query insert_function_subject_sql{"identity.insert_function_subject", R"(
    INSERT INTO function_subject (id, structure, function) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};

} // namespace

void insert_function_subject(db::Tx& tx, std::int64_t id, StructureId structure, std::string_view function) {
    tx.execute(insert_function_subject_sql, {id, structure, function});
}

} // namespace preau::identity::store

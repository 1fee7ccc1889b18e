#include "db/query.hpp"

namespace preau::db {
namespace {
// Queries are namespace-scope objects of many files: both are constant-initialised, so the order of files does not
// matter.
constinit const Query* newest = nullptr;
constinit std::size_t count = 0;
} // namespace

Query::Query(std::string_view name, std::string_view sql) : name_{name}, sql_{sql}, slot_{count++}, next_{newest} {
    newest = this;
}

const Query* Query::first() { return newest; }

} // namespace preau::db

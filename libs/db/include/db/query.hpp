// A named SQL text. One text runs on SQLite and PostgreSQL: parameters are `$1…$n`, and a few words stand for what
// differs between the two:
//   $IDS(n)       `item $IDS(1)`: "is one of the list in parameter n" (pass db::Ids)
//   $SKIP_LOCKED  FOR UPDATE SKIP LOCKED on PostgreSQL, nothing on SQLite (one writer)
//   $SETTLED      a transaction number: all below it have ended; the largest number on SQLite (one writer)
// Bools are integers, no LIKE, no data-modifying CTE, no OFFSET. Every query registers itself, so that a test prepares
// all of them on both engines.
#pragma once

#include <cstddef>
#include <string_view>

namespace preau::db {

class Query {
public:
    // Both texts must be literals: they are kept as views.
    Query(std::string_view name, std::string_view sql);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    std::string_view name() const { return name_; } // "forum.latest_topics", also in metrics and errors
    std::string_view sql() const { return sql_; }
    std::size_t slot() const { return slot_; } // dense number: the index of prepared statements in a connection
    const Query* next() const { return next_; }
    static const Query* first(); // all registered queries, for tests

private:
    std::string_view name_;
    std::string_view sql_;
    std::size_t slot_;
    const Query* next_;
};

} // namespace preau::db

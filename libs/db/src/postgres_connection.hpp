// A libpq connection with its prepared statements, which finds its way back after the connection was lost. Used by one
// thread at a time.
#pragma once

#include "db/database.hpp"

#include <memory>

struct pg_conn;
struct pg_result;

namespace preau::db {

struct ClearResult {
    void operator()(pg_result* result) const;
};
using PostgresResult = std::unique_ptr<pg_result, ClearResult>;

// The arguments of a query as libpq wants them. Numbers travel as text, so that the server infers the type from where
// they stand; texts and bytes travel as they are.
class PostgresArguments {
public:
    void set(Arguments arguments);
    int count() const { return static_cast<int>(values_.size()); }
    const char* const* values() const { return values_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

private:
    void add_text(std::string text);
    void add_raw(std::string_view bytes);
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::string> owned_;
};

class PostgresConnection {
public:
    explicit PostgresConnection(std::string connection) : text_{std::move(connection)} {}
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    void connect_if_lost(); // throws Conflict when the server cannot be reached
    void disconnect();
    bool connected() const;
    bool in_transaction() const;

    PostgresResult command(const std::string& sql, std::string_view what); // throws what its error means
    void prepare(const Query& query);                                      // at its first use on this connection
    PostgresResult run(const Query& query, const PostgresArguments& arguments);
    // Row by row: `visit` is called for each one-row result until it answers false. Answers the last result.
    PostgresResult stream(const Query& query, const PostgresArguments& arguments,
                          const std::function<bool(pg_result*)>& visit);

    // Throws ConstraintFailure, StorageFull, Conflict or Failure unless the result is a success.
    void check(const PostgresResult& result, std::string_view what);

private:
    std::string text_;
    pg_conn* handle_ = nullptr;
    std::vector<bool> prepared_; // by Query::slot()
};

} // namespace preau::db

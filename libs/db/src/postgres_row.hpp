// A row of libpq. Results travel as text, except that Row promises raw bytes for BYTEA.
#pragma once

#include "db/row.hpp"

#include <vector>

struct pg_result;

namespace preau::db {

class PostgresRow final : public Row {
public:
    PostgresRow(const pg_result* result, int row) : result_{result}, row_{row} {}
    void move_to(int row) { row_ = row; }

    int columns() const override;
    std::string_view name(int column) const override;
    bool null(int column) const override;
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string_view text(int column) const override;
    std::string_view bytes(int column) const override { return text(column); }

private:
    std::string_view value(int column) const;
    const pg_result* result_;
    int row_;
    mutable std::vector<std::string> decoded_; // by column, what text() points at for BYTEA
};

} // namespace preau::db

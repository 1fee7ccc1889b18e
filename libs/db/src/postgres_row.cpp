#include "postgres_row.hpp"

#include <charconv>
#include <libpq-fe.h>

namespace preau::db {
namespace {

// Object ids of the server's built-in types never change (pg_type.dat).
constexpr Oid bool_type = 16;
constexpr Oid bytea_type = 17;

unsigned nibble(char digit) {
    return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); // the server writes lower case
}

} // namespace

int PostgresRow::columns() const { return PQnfields(result_); }
std::string_view PostgresRow::name(int column) const { return PQfname(result_, column); }
bool PostgresRow::null(int column) const { return PQgetisnull(result_, row_, column) != 0; }

std::string_view PostgresRow::value(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t PostgresRow::integer(int column) const {
    const auto digits = value(column);
    if (PQftype(result_, column) == bool_type) return digits == "t";
    std::int64_t number = 0; // also for NULL, as SQLite does
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

double PostgresRow::real(int column) const {
    const auto digits = value(column);
    double number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string_view PostgresRow::text(int column) const {
    auto written = value(column);
    if (PQftype(result_, column) != bytea_type || !written.starts_with("\\x")) return written;
    written.remove_prefix(2);
    decoded_.resize(static_cast<std::size_t>(columns()));
    auto& raw = decoded_[static_cast<std::size_t>(column)];
    raw.resize(written.size() / 2);
    for (std::size_t i = 0; i < raw.size(); ++i)
        raw[i] = static_cast<char>(nibble(written[2 * i]) << 4 | nibble(written[2 * i + 1]));
    return raw;
}

} // namespace preau::db

// What comes out of a query: a row of the engine, mapped by column name into described structs or scalars.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace preau::db {

// The world is broken (disk, connection, schema); never something that a user did. Caught once at the edge.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// A UNIQUE, CHECK, FOREIGN KEY or NOT NULL constraint refused the statement. It ends the closure it happens in; a
// service that expects it catches it outside `db.write` or, better, asks first under the lane.
struct ConstraintFailure : Failure {
    using Failure::Failure;
};
// The queue was full or the deadline passed before the closure started: 503, try again.
struct Overloaded : Failure {
    using Failure::Failure;
};
// No space left on the device: 507.
struct StorageFull : Failure {
    using Failure::Failure;
};

class Row {
public:
    virtual int columns() const = 0;
    virtual std::string_view name(int column) const = 0;
    virtual bool null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;  // valid until the next row
    virtual std::string_view bytes(int column) const = 0; // valid until the next row

protected:
    ~Row() = default;
};

namespace detail {
template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
template <class T> struct IsId : std::false_type {};
template <class Tag> struct IsId<Id<Tag>> : std::true_type {};

template <class T> T read_column(const Row& row, int column) {
    if constexpr (IsOptional<T>::value) {
        if (row.null(column)) return std::nullopt;
        return read_column<typename T::value_type>(row, column);
    } else if constexpr (IsId<T>::value) {
        return T{row.null(column) ? 0 : row.integer(column)};
    } else if constexpr (std::is_same_v<T, bool>) {
        return row.integer(column) != 0;
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<T>(row.integer(column));
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(row.integer(column));
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(row.real(column));
    } else {
        static_assert(std::is_same_v<T, std::string>,
                      "a column is text, a number, an Id, an enum or optional of these");
        return std::string{row.text(column)}; // bytes columns too: both engines answer raw bytes from text() for BYTEA
    }
}
} // namespace detail

// Finds each member's column once per result, then reads rows without comparing names.
template <class T> class Reader {
public:
    T operator()(const Row& row) {
        if constexpr (Described<T>) {
            if (!known_) find_columns(row);
            T object{};
            std::size_t member = 0;
            for_each_member(object, [&](std::string_view, auto& value) {
                value = detail::read_column<std::remove_cvref_t<decltype(value)>>(row, columns_[member++]);
            });
            return object;
        } else {
            return detail::read_column<T>(row, 0);
        }
    }

private:
    static constexpr std::size_t count = [] {
        if constexpr (Described<T>)
            return member_count<T>;
        else
            return std::size_t{1};
    }();

    void find_columns(const Row& row) {
        std::size_t member = 0;
        for_each_member_of<T>([&](std::string_view name, auto) {
            int found = -1;
            for (int column = 0; column < row.columns(); ++column)
                if (row.name(column) == name) found = column;
            if (found < 0) throw Failure{"no column for member " + std::string{name}};
            columns_[member++] = found;
        });
        known_ = true;
    }
    std::array<int, count> columns_{};
    bool known_ = false;
};

} // namespace preau::db

// What goes into a query.
#pragma once

#include "base/id.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace preau::db {

struct Bytes {
    std::string_view data; // BLOB on SQLite, BYTEA on PostgreSQL
};
struct Ids {
    std::span<const std::int64_t> values; // for `$IDS(n)`
};

// Views: the caller's text must outlive the call, which any expression inside the call's braces does.
class Value {
public:
    using Variant = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Bytes, Ids>;
    Value(std::nullptr_t) : variant_{nullptr} {}
    // Numbers, bools and enums. A template, so that a stray pointer does not become a bool.
    template <class T>
        requires std::integral<T> || std::is_enum_v<T>
    Value(T number) : variant_{static_cast<std::int64_t>(number)} {}
    Value(double number) : variant_{number} {}
    Value(std::string_view text) : variant_{text} {}
    Value(const std::string& text) : variant_{std::string_view{text}} {}
    Value(const char* text) : variant_{std::string_view{text}} {}
    Value(Bytes bytes) : variant_{bytes} {}
    Value(Ids ids) : variant_{ids} {}
    template <class Tag> Value(Id<Tag> id) : variant_{id.value} {}
    template <class T> Value(const std::optional<T>& value) : variant_{nullptr} {
        if (value) variant_ = Value{*value}.variant_;
    }
    const Variant& variant() const { return variant_; }

private:
    Variant variant_;
};

using Arguments = std::initializer_list<Value>;

} // namespace preau::db

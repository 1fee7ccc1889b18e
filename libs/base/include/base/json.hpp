// JSON of described structs. Writing is direct; reading goes through Boost.JSON in one .cpp behind `json::Value`.
// Ids are strings (base 32), optional members are left out when empty, enums are not described: write them as text.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/result.hpp"

#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preau::json {

void write_string(std::string& out, std::string_view text); // quotes and escapes, RFC 8259 §7

inline void write(std::string& out, bool value) { out += value ? "true" : "false"; }
inline void write(std::string& out, std::string_view value) { write_string(out, value); }
inline void write(std::string& out, const std::string& value) { write_string(out, value); }
inline void write(std::string& out, const char* value) { write_string(out, value); }
template <class T>
    requires(std::integral<T> && !std::same_as<T, bool>)
void write(std::string& out, T value) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}
void write(std::string& out, double value);
template <class Tag> void write(std::string& out, Id<Tag> id) { write_string(out, to_text(id)); }
template <class T> void write(std::string& out, const std::optional<T>& value);
template <class T> void write(std::string& out, const std::vector<T>& values);
template <class T> void write(std::string& out, const std::map<std::string, T>& values);
template <Described T> void write(std::string& out, const T& object);

template <class T> void write(std::string& out, const std::optional<T>& value) {
    if (value)
        write(out, *value);
    else
        out += "null";
}
template <class T> void write(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i) out += ',';
        write(out, values[i]);
    }
    out += ']';
}
template <class T> void write(std::string& out, const std::map<std::string, T>& values) {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : values) {
        if (!std::exchange(first, false)) out += ',';
        write_string(out, name);
        out += ':';
        write(out, value);
    }
    out += '}';
}
namespace detail {
template <class T> bool left_out(const T&) { return false; }
template <class T> bool left_out(const std::optional<T>& value) { return !value; }
} // namespace detail
template <Described T> void write(std::string& out, const T& object) {
    out += '{';
    bool first = true;
    for_each_member(object, [&](std::string_view name, const auto& member) {
        if (detail::left_out(member)) return;
        if (!std::exchange(first, false)) out += ',';
        write_string(out, name);
        out += ':';
        write(out, member);
    });
    out += '}';
}
template <class T> std::string text_of(const T& value) {
    std::string out;
    write(out, value);
    return out;
}

// A parsed document, read-only. Missing members answer an absent value, so chains need no checks.
class Value {
public:
    Value();
    ~Value();
    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(Value) noexcept;
    Value operator[](std::string_view name) const;
    Value at(std::size_t index) const;
    std::size_t size() const; // of an array or object, else 0
    bool present() const;     // there, and not null
    std::optional<std::string> text() const;
    std::optional<std::int64_t> integer() const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;
    std::vector<std::string> names() const; // of an object

private:
    struct Node;
    explicit Value(std::shared_ptr<const Node> node);
    std::shared_ptr<const Node> node_; // shared: every child keeps the parsed document alive
    friend Result<Value> parse(std::string_view);
};

// At most 32 levels; errors: json_malformed.
Result<Value> parse(std::string_view text);

} // namespace preau::json

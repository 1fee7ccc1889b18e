// JSON text (RFC 8259): writing by hand, reading by Boost.JSON, which stays in this file.
#include "base/json.hpp"

#include "utf8.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <fmt/core.h>

namespace preau::json {
namespace {

constexpr std::size_t deepest = 32;

void write_escaped(std::string& out, unsigned char byte) {
    switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    }
}

} // namespace

void write_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
            ++at;
            continue;
        }
        auto point = utf8::decode(text, at);
        if (point.length > 1) {
            at += point.length;
            continue;
        }
        out.append(text, copied, at - copied);
        // RFC 8259 §8.1 wants UTF-8: a stray byte becomes U+FFFD instead of making the whole answer unreadable.
        if (point.length == 0)
            out += "\xEF\xBF\xBD";
        else
            write_escaped(out, byte);
        copied = ++at;
    }
    out.append(text, copied);
    out += '"';
}

void write(std::string& out, double value) {
    if (std::isfinite(value))
        fmt::format_to(std::back_inserter(out), "{}", value);
    else
        out += "null"; // JSON has no infinities
}

struct Value::Node {
    std::shared_ptr<const boost::json::value> document; // shared: a child may outlive the value it came from
    const boost::json::value* here = nullptr;
};

Value::Value() = default;
Value::~Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(Value other) noexcept {
    node_ = std::move(other.node_);
    return *this;
}
Value::Value(std::shared_ptr<const Node> node) : node_{std::move(node)} {}

Value Value::operator[](std::string_view name) const {
    const auto* object = node_ ? node_->here->if_object() : nullptr;
    const auto* member = object ? object->if_contains(name) : nullptr;
    if (!member) return {};
    return Value{std::make_shared<const Node>(node_->document, member)};
}

Value Value::at(std::size_t index) const {
    const auto* array = node_ ? node_->here->if_array() : nullptr;
    if (!array || index >= array->size()) return {};
    return Value{std::make_shared<const Node>(node_->document, &(*array)[index])};
}

std::size_t Value::size() const {
    if (!node_) return 0;
    if (const auto* array = node_->here->if_array()) return array->size();
    if (const auto* object = node_->here->if_object()) return object->size();
    return 0;
}

bool Value::present() const { return node_ && !node_->here->is_null(); }

std::optional<std::string> Value::text() const {
    const auto* text = node_ ? node_->here->if_string() : nullptr;
    if (!text) return std::nullopt;
    return std::string{text->data(), text->size()};
}

std::optional<std::int64_t> Value::integer() const {
    if (!node_) return std::nullopt;
    boost::json::error_code error;
    auto number = node_->here->to_number<std::int64_t>(error); // 3.0 is 3; 3.5 and 2^63 are errors
    if (error) return std::nullopt;
    return number;
}

std::optional<double> Value::number() const {
    if (!node_) return std::nullopt;
    boost::json::error_code error;
    auto number = node_->here->to_number<double>(error);
    if (error || !std::isfinite(number)) return std::nullopt; // 1e309 is read as infinity
    return number;
}

std::optional<bool> Value::boolean() const {
    const auto* flag = node_ ? node_->here->if_bool() : nullptr;
    if (!flag) return std::nullopt;
    return *flag;
}

std::vector<std::string> Value::names() const {
    const auto* object = node_ ? node_->here->if_object() : nullptr;
    if (!object) return {};
    std::vector<std::string> names;
    names.reserve(object->size());
    for (const auto& member : *object) names.emplace_back(member.key());
    return names;
}

Result<Value> parse(std::string_view text) {
    boost::json::error_code error;
    boost::json::parse_options options;
    options.max_depth = deepest;
    auto document =
        std::make_shared<const boost::json::value>(boost::json::parse({text.data(), text.size()}, error, {}, options));
    if (error) return fail(Error::Kind::Malformed, "json_malformed");
    const auto* root = document.get();
    return Value{std::make_shared<const Value::Node>(std::move(document), root)};
}

} // namespace preau::json

#include "portal/admin/admin_fields.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/day.hpp"

#include <algorithm>
#include <charconv>

namespace preau::portal {
namespace {

Result<Fields> checked(Fields fields) {
    for (const auto& [name, value] : fields.values)
        if (!valid_utf8(value))
            return std::unexpected(Error{.kind = Error::Kind::Malformed, .key = "text_not_utf8", .field = name});
    return fields;
}

std::optional<std::string> text_in(const json::Value& value) {
    if (auto text = value.text()) return text;
    if (auto number = value.integer()) return std::to_string(*number);
    if (auto flag = value.boolean()) return std::string{*flag ? "1" : "0"};
    return std::nullopt;
}

// Where the day before ends: a day and a half before its end is somewhere in the day before, whatever the clocks do.
std::optional<Millis> begin_of_day(std::string_view day, std::string_view zone) {
    auto end = web::end_of_day(day, zone);
    return end ? web::end_of_day(web::day_before(*end - 36_h, zone), zone) : std::nullopt;
}

} // namespace

std::string_view Fields::operator[](std::string_view name) const {
    auto found = values.find(name);
    return found == values.end() ? std::string_view{} : std::string_view{found->second};
}
bool Fields::has(std::string_view name) const { return values.contains(name); }

Result<Fields> fields_of(const http::Request& request) {
    Fields fields;
    if (request.body.empty()) return fields;
    if (request.headers.find("content-type").starts_with("application/json")) {
        auto object = TRY(json::parse(request.body));
        for (const auto& name : object.names())
            if (auto text = text_in(object[name])) fields.values[name] = std::move(*text);
        return checked(std::move(fields));
    }
    auto form = TRY(request.form());
    for (auto& [name, value] : form.fields) fields.values.try_emplace(name, value);
    return checked(std::move(fields));
}

Result<std::optional<Millis>> day_in(const Fields& fields, std::string_view name, DayEdge edge, std::string_view zone) {
    const auto text = trimmed(fields[name]);
    if (text.empty()) return std::nullopt;
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (digits && text.size() <= 15) {
        Millis moment = 0;
        std::from_chars(text.data(), text.data() + text.size(), moment);
        return moment;
    }
    auto moment = edge == DayEdge::End ? web::end_of_day(text, zone) : begin_of_day(text, zone);
    if (!moment) return invalid(std::string{name}, "admin.day_malformed");
    return moment;
}

std::string day_text(std::optional<Millis> moment, DayEdge edge, std::string_view zone) {
    if (!moment || *moment == 0) return {};
    return web::day_before(edge == DayEdge::End ? *moment : *moment + 1, zone);
}

void admin_get(http::Router& routes, std::string_view pattern, http::Handler handler, std::source_location where) {
    const http::Rule rule{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    routes.get("/admin" + std::string{pattern}, rule, handler, where);
    routes.get("/api/admin" + std::string{pattern}, rule, std::move(handler), where);
}

void admin_post(http::Router& routes, std::string_view pattern, http::Handler handler, std::uint64_t body_limit,
                std::source_location where) {
    const http::Rule rule{.access = http::Access::Member, .body_limit = body_limit, .rate = http::Rate::Write};
    routes.post("/admin" + std::string{pattern}, rule, handler, where);
    routes.post("/api/admin" + std::string{pattern}, rule, std::move(handler), where);
}

std::string page_key(std::string_view sort, std::int64_t id) { return std::string{sort} + '~' + to_base32(id); }

std::pair<std::string, std::int64_t> page_key_of(const http::Request& request, std::string_view name) {
    const auto text = request.query(name);
    const auto mark = text.rfind('~');
    if (mark == std::string_view::npos || !valid_utf8(text)) return {};
    return {std::string{text.substr(0, mark)}, from_base32(text.substr(mark + 1)).value_or(0)};
}

std::string query_text(const http::Request& request, std::string_view name) {
    constexpr std::size_t longest = 200;
    const auto text = trimmed(request.query(name));
    return valid_utf8(text) ? cut_to_bytes(text, longest) : std::string{};
}

std::string with_query(std::string address, const std::vector<std::pair<std::string, std::string>>& query) {
    char joint = '?';
    for (const auto& [name, value] : query)
        if (!value.empty()) {
            address += joint + name + '=' + percent_encode(value);
            joint = '&';
        }
    return address;
}

} // namespace preau::portal

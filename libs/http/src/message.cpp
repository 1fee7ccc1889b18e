#include "http/message.hpp"

#include "http/cookie.hpp"
#include "http/multipart_parser.hpp"
#include "http/target.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace preau::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

// A line end inside a value would start a header of somebody else's choice (response splitting).
std::string one_line(std::string_view value) {
    std::string line{value};
    for (char& c : line)
        if (c == '\r' || c == '\n' || c == '\0') c = ' ';
    return line;
}

std::string_view first_of(const std::vector<std::pair<std::string, std::string>>& fields, std::string_view name) {
    auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

bool has_field(const std::vector<std::pair<std::string, std::string>>& fields, std::string_view name) {
    return std::ranges::find(fields, name, &std::pair<std::string, std::string>::first) != fields.end();
}

// The weight of a media type in Accept (RFC 9110 §12.5.1) by exact name, wildcards not counted; -1 when absent.
double weight_of(std::string_view accept, std::string_view type) {
    for (auto entry : split(accept, ',')) {
        auto pieces = split(entry, ';');
        if (!same_name(trimmed(pieces.front()), type)) continue;
        for (auto piece : pieces | std::views::drop(1)) {
            auto parameter = trimmed(piece);
            if (!parameter.starts_with("q=")) continue;
            double weight = 0;
            std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), weight);
            return weight;
        }
        return 1;
    }
    return -1;
}

Result<Form> multipart_form(std::string_view type, std::string_view body) {
    auto boundary = TRY(multipart_boundary(type));
    MultipartParser parser{boundary};
    Form form;
    bool in_field = false;
    while (true) {
        auto step = parser.step(body);
        body.remove_prefix(step.consumed);
        switch (step.event) {
        case MultipartParser::Event::PartBegins:
            in_field = !parser.part().filename;
            if (in_field) form.fields.emplace_back(parser.part().name, "");
            break;
        case MultipartParser::Event::Data:
            if (in_field) form.fields.back().second += step.data;
            break;
        case MultipartParser::Event::PartEnds:
            if (in_field && !valid_utf8(form.fields.back().second))
                return fail(Error::Kind::Malformed, "http.bad_form");
            break;
        case MultipartParser::Event::End: return form;
        case MultipartParser::Event::NeedMore: return fail(Error::Kind::Malformed, "http.body_truncated");
        case MultipartParser::Event::Malformed: return fail(Error::Kind::Malformed, "http.multipart_malformed");
        }
    }
}

} // namespace

void Headers::set(std::string_view name, std::string_view value) {
    std::erase_if(entries_, [&](const auto& entry) { return same_name(entry.first, name); });
    add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
    entries_.emplace_back(one_line(name), one_line(value));
}

std::string_view Headers::find(std::string_view name) const {
    for (const auto& [key, value] : entries_)
        if (same_name(key, name)) return value;
    return {};
}

bool Headers::has(std::string_view name) const {
    return std::ranges::any_of(entries_, [&](const auto& entry) { return same_name(entry.first, name); });
}

std::string_view Form::value(std::string_view name) const { return first_of(fields, name); }
bool Form::has(std::string_view name) const { return has_field(fields, name); }

std::string_view Request::parameter(std::string_view name) const { return first_of(parameters, name); }
std::string_view Request::query(std::string_view name) const { return first_of(query_fields, name); }
bool Request::has_query(std::string_view name) const { return has_field(query_fields, name); }

std::string_view Request::cookie(std::string_view name) const {
    for (const auto& [key, value] : headers.all()) {
        if (!same_name(key, "cookie")) continue;
        if (auto found = find_cookie(value, name)) return *found;
    }
    return {};
}

Result<Form> Request::form() const {
    auto type = headers.find("content-type");
    auto media = trimmed(type.substr(0, type.find(';')));
    if (same_name(media, "multipart/form-data")) return multipart_form(type, body);
    if (!same_name(media, "application/x-www-form-urlencoded"))
        return std::unexpected(Error{.kind = Error::Kind::Malformed,
                                     .key = "http.unsupported_media",
                                     .field = "",
                                     .values = {{"status", "415"}}});
    return Form{.fields = TRY(parse_urlencoded(body))};
}

bool Request::wants_json() const {
    if (path.starts_with("/api/")) return true;
    auto accept = headers.find("accept");
    return weight_of(accept, "application/json") > std::max(0.0, weight_of(accept, "text/html"));
}

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        auto end = header.find(';');
        auto pair = trimmed(header.substr(0, end));
        header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
        auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        auto value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return value;
    }
    return std::nullopt;
}

} // namespace preau::http

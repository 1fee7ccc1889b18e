#include "http/multipart_parser.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace preau::http {
namespace {

struct Parameter {
    std::string name; // lower case
    std::string value;
};

std::string take_quoted(std::string_view& rest) {
    std::string value;
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != '"') {
        // Only \" and \\ are escapes: old browsers send C:\folder\name as it is.
        if (rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\')) rest.remove_prefix(1);
        value += rest.front();
        rest.remove_prefix(1);
    }
    if (!rest.empty()) rest.remove_prefix(1);
    return value;
}

// `; name=value; other="quoted"` of a header value, after its first word.
std::vector<Parameter> parameters_of(std::string_view value) {
    std::vector<Parameter> parameters;
    auto semicolon = value.find(';');
    auto rest = semicolon == std::string_view::npos ? std::string_view{} : value.substr(semicolon);
    while (!rest.empty()) {
        rest.remove_prefix(1); // the ';'
        auto equals = rest.find('=');
        if (equals == std::string_view::npos) break;
        Parameter parameter{.name = to_lower_ascii(trimmed(rest.substr(0, equals)))};
        rest = trimmed(rest.substr(equals + 1));
        if (rest.starts_with('"'))
            parameter.value = take_quoted(rest);
        else
            parameter.value = trimmed(rest.substr(0, rest.find(';')));
        parameters.push_back(std::move(parameter));
        auto next = rest.find(';');
        rest = next == std::string_view::npos ? std::string_view{} : rest.substr(next);
    }
    return parameters;
}

const std::string* find_parameter(const std::vector<Parameter>& parameters, std::string_view name) {
    auto found = std::ranges::find(parameters, name, &Parameter::name);
    return found == parameters.end() ? nullptr : &found->value;
}

// Browsers write exactly these three escapes into name and filename (WHATWG HTML, multipart/form-data encoding).
std::string undo_escapes(std::string text) {
    for (auto [escape, plain] : {std::pair{"%22", "\""}, {"%0D", "\r"}, {"%0A", "\n"}})
        for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1))
            text.replace(at, 3, plain);
    return text;
}

std::string without_folders(std::string name) {
    auto slash = name.find_last_of("/\\");
    return slash == std::string::npos ? name : name.substr(slash + 1);
}

// filename* (RFC 8187): charset'language'escaped. RFC 7578 §4.2 forbids it, some clients send it all the same.
std::optional<std::string> extended_filename(const std::string* value) {
    if (!value) return std::nullopt;
    auto pieces = split(*value, '\'');
    if (pieces.size() != 3 || to_lower_ascii(pieces[0]) != "utf-8") return std::nullopt;
    auto decoded = percent_decode(pieces[2]);
    if (!decoded || !valid_utf8(*decoded)) return std::nullopt;
    return *std::move(decoded);
}

} // namespace

Result<std::string> multipart_boundary(std::string_view content_type) {
    auto parameters = parameters_of(content_type);
    auto* boundary = find_parameter(parameters, "boundary");
    auto bad = [](char c) { return c < ' ' || c >= 0x7f; };
    if (!boundary || boundary->empty() || boundary->size() > 70 || std::ranges::any_of(*boundary, bad))
        return fail(Error::Kind::Malformed, "http.multipart_malformed");
    return *boundary;
}

MultipartParser::MultipartParser(std::string_view boundary) : delimiter_{"\r\n--" + std::string{boundary}} {}

MultipartParser::Step MultipartParser::step(std::string_view input) {
    switch (state_) {
    case State::Preamble: return preamble(input);
    case State::AfterBoundary: return after_boundary(input);
    case State::Header: return header(input);
    case State::Body: return body(input);
    case State::Done: return {.event = Event::End, .consumed = input.size()};
    case State::Broken: break;
    }
    return broken();
}

MultipartParser::Step MultipartParser::broken() {
    state_ = State::Broken;
    return {.event = Event::Malformed};
}

MultipartParser::Step MultipartParser::preamble(std::string_view input) {
    auto first = std::string_view{delimiter_}.substr(2);
    if (at_start_) {
        if (input.size() < first.size() && first.starts_with(input)) return {};
        at_start_ = false;
        if (input.starts_with(first)) {
            state_ = State::AfterBoundary;
            auto next = after_boundary(input.substr(first.size()));
            next.consumed += first.size();
            return next;
        }
    }
    auto found = input.find(delimiter_);
    if (found == std::string_view::npos) {
        // Nothing of the preamble is kept but what may be the beginning of the boundary.
        auto keep = std::min(input.size(), delimiter_.size() - 1);
        return {.event = Event::NeedMore, .consumed = input.size() - keep};
    }
    state_ = State::AfterBoundary;
    auto next = after_boundary(input.substr(found + delimiter_.size()));
    next.consumed += found + delimiter_.size();
    return next;
}

MultipartParser::Step MultipartParser::after_boundary(std::string_view input) {
    if (input.size() < 2) return {};
    if (input.starts_with("--")) {
        state_ = State::Done;
        return {.event = Event::End, .consumed = input.size()};
    }
    auto blanks = std::min(input.find_first_not_of(" \t"), input.size()); // RFC 2046: transport padding
    if (blanks > 256) return broken();
    if (input.size() < blanks + 2) return {};
    if (input.substr(blanks, 2) != "\r\n" || ++parts_ > most_parts) return broken();
    state_ = State::Header;
    auto next = header(input.substr(blanks + 2));
    next.consumed += blanks + 2;
    return next;
}

MultipartParser::Step MultipartParser::header(std::string_view input) {
    auto end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        // As soon as it is sure that the whole, with its empty line, is too long: what is refused must not depend on
        // how the network cut it.
        if (input.size() >= most_header_bytes) return broken();
        return {};
    }
    if (end + 4 > most_header_bytes || !read_header(input.substr(0, end))) return broken();
    state_ = State::Body;
    return {.event = Event::PartBegins, .consumed = end + 4};
}

bool MultipartParser::read_header(std::string_view lines) {
    part_ = {};
    bool named = false;
    while (!lines.empty()) {
        auto end = lines.find("\r\n");
        auto line = lines.substr(0, end);
        lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 2);
        auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        auto name = to_lower_ascii(trimmed(line.substr(0, colon)));
        auto value = trimmed(line.substr(colon + 1));
        if (name == "content-type") part_.type = value;
        if (name != "content-disposition") continue;
        if (to_lower_ascii(trimmed(value.substr(0, value.find(';')))) != "form-data") return false;
        auto parameters = parameters_of(value);
        auto* field = find_parameter(parameters, "name");
        if (!field) return false;
        named = true;
        part_.name = undo_escapes(*field);
        part_.filename = extended_filename(find_parameter(parameters, "filename*"));
        auto* filename = find_parameter(parameters, "filename");
        if (!part_.filename && filename) part_.filename = undo_escapes(*filename);
        if (part_.filename) part_.filename = without_folders(*std::move(part_.filename));
    }
    return named;
}

MultipartParser::Step MultipartParser::body(std::string_view input) {
    auto found = input.find(delimiter_);
    if (found == 0) {
        state_ = State::AfterBoundary;
        return {.event = Event::PartEnds, .consumed = delimiter_.size()};
    }
    if (found != std::string_view::npos)
        return {.event = Event::Data, .consumed = found, .data = input.substr(0, found)};
    // Hold back the tail that may be the beginning of the delimiter.
    auto from = input.size() < delimiter_.size() ? 0 : input.size() - delimiter_.size() + 1;
    auto possible = input.find('\r', from);
    while (possible != std::string_view::npos && !std::string_view{delimiter_}.starts_with(input.substr(possible)))
        possible = input.find('\r', possible + 1);
    auto sure = std::min(possible, input.size());
    if (sure == 0) return {};
    return {.event = Event::Data, .consumed = sure, .data = input.substr(0, sure)};
}

} // namespace preau::http

#include "sharing/answers.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace preau::sharing {
namespace {

std::optional<std::string> text_of(const json::Value& value) {
    if (auto text = value.text()) return text;
    if (auto number = value.integer()) return std::to_string(*number);
    if (auto flag = value.boolean()) return *flag ? "1" : "0";
    return std::nullopt;
}

} // namespace

http::Response refuse(const Sharing& sharing, const http::Request& request, const Error& error) {
    if (request.wants_json()) return http::problem(error, words_of(request).message(error));
    auto response = sharing.pages.error_page(shell(request, ""), error, request.id);
    response.headers.set("Cache-Control", "private, no-store");
    return response;
}

http::Response done(const http::Request& request, std::string_view location, std::string json) {
    if (!request.wants_json()) return http::redirect(location);
    if (json.empty()) return {.status = 204};
    return http::json_response(std::move(json));
}

Result<Fields> Fields::read(const http::Request& request) {
    Fields fields;
    if (request.body.empty()) return fields;
    if (!request.headers.find("content-type").starts_with("application/json")) {
        auto form = TRY(request.form());
        for (auto& [name, value] : form.fields) {
            if (!valid_utf8(value)) return invalid(name, "text_not_utf8");
            fields.values_.emplace(name, value);
        }
        return fields;
    }
    auto body = TRY(json::parse(request.body));
    for (const auto& name : body.names()) {
        const auto value = body[name];
        if (auto text = text_of(value)) fields.values_.emplace(name, *text);
        for (std::size_t i = 0; i < value.size(); ++i)
            if (auto text = text_of(value.at(i))) fields.values_.emplace(name, *text);
    }
    return fields;
}

std::string_view Fields::value(std::string_view name) const {
    auto found = values_.find(name);
    return found == values_.end() ? std::string_view{} : std::string_view{found->second};
}

std::vector<std::string> Fields::all(std::string_view name) const {
    std::vector<std::string> list;
    auto [from, to] = values_.equal_range(name);
    for (; from != to; ++from) list.push_back(from->second);
    return list;
}

} // namespace preau::sharing

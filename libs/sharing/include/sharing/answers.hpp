// What the routes of this library have in common: a form of a page and a JSON body read alike, a refusal shown alike,
// so that one handler serves the page and the API.
#pragma once

#include "sharing/routes.hpp"

#include <map>

namespace preau::sharing {

// Page or problem+json.
http::Response refuse(const Sharing& sharing, const http::Request& request, const Error& error);
// After a change: back to `location` for a page, `json` (or 204 for none) for a program.
http::Response done(const http::Request& request, std::string_view location, std::string json = {});

// Fields of a form, or the texts, numbers and flags of a JSON object as text; lists of texts stand under "name" each.
class Fields {
public:
    static Result<Fields> read(const http::Request& request);
    std::string_view value(std::string_view name) const; // first, or empty
    bool has(std::string_view name) const { return values_.contains(name); }
    std::vector<std::string> all(std::string_view name) const;

private:
    std::multimap<std::string, std::string, std::less<>> values_;
};

template <class AnyId> AnyId id_in(const http::Request& request, std::string_view parameter) {
    return parse_id<AnyId>(request.parameter(parameter)).value_or(AnyId{});
}
inline const web::Locale& words_of(const http::Request& request) { return web::Locale::of(language(request)); }

} // namespace preau::sharing

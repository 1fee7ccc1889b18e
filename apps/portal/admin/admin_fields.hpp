// What an administrator's form, or a program's JSON, says: one reading and one way to answer for both, so that whatever
// a page can do, the API can do.
#pragma once

#include "portal/portal.hpp"

#include "identity/administration.hpp"

#include <map>
#include <optional>
#include <source_location>

namespace preau::portal {

class Fields {
public:
    std::string_view operator[](std::string_view name) const; // empty: not said
    bool has(std::string_view name) const;
    std::map<std::string, std::string, std::less<>> values;
};
// Errors: text_not_utf8, json_malformed, those of Request::form.
Result<Fields> fields_of(const http::Request& request);

// "2026-09-14" where this person lives: its first moment, or the one after its last; of a program also milliseconds.
// Nothing said: nothing. Errors: admin.day_malformed.
enum class DayEdge { Begin, End };
Result<std::optional<Millis>> day_in(const Fields& fields, std::string_view name, DayEdge edge, std::string_view zone);
std::string day_text(std::optional<Millis> moment, DayEdge edge, std::string_view zone); // for <input type="date">

// The same handler under /admin… and /api/admin…; who may is asked in the transaction (identity/administration.hpp), as
// the right is to a part of the tree.
void admin_get(http::Router& routes, std::string_view pattern, http::Handler handler,
               std::source_location where = std::source_location::current());
void admin_post(http::Router& routes, std::string_view pattern, http::Handler handler,
                std::uint64_t body_limit = 16 * 1024, std::source_location where = std::source_location::current());

// A key of a page as one word of an address, and back: "SORT~ID".
std::string page_key(std::string_view sort, std::int64_t id);
std::pair<std::string, std::int64_t> page_key_of(const http::Request& request, std::string_view name = "after");

std::string query_text(const http::Request& request, std::string_view name); // of the query: short, valid, trimmed
std::string with_query(std::string address, const std::vector<std::pair<std::string, std::string>>& query);

} // namespace preau::portal

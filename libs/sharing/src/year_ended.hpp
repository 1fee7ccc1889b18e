// What a family reads when the year of their class has ended: which class, which year, and whom to ask. Not an error:
// nothing went wrong, and nothing that they could repair.
#pragma once

#include "http/router.hpp"
#include "sharing/link.hpp"
#include "web/pages.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::sharing {

struct YearEnded {
    std::string name, year, structure;    // "6e B", "2025-2026", "Collège Jean-Moulin"
    std::string mail, phone, address, web; // of the structure, as far as it says them
    bool has_contact = false;
};
PREAU_DESCRIBE(YearEnded, name, year, structure, mail, phone, address, web, has_contact)

// Nothing: the class is open, or is none.
std::optional<YearEnded> find_year_ended(db::Tx& tx, GroupId group);
// Of passes that opened pages of a class once: the latest whose class is closed.
std::optional<YearEnded> find_year_ended(db::Tx& tx, const std::vector<LinkId>& passes);
// Of the link of a class or of a pupil that has this token.
std::optional<YearEnded> find_year_ended(db::Tx& tx, std::string_view token);
// 410 Gone: the address meant something, and means nothing any more.
http::Response year_ended_page(const web::Pages& pages, const http::Request& request, const YearEnded& ended);
void preload_year_ended(web::Pages& pages);

} // namespace preau::sharing

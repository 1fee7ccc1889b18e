// Questions to the journal, and its lines in words.
#pragma once

#include "portal/admin/admin.hpp"
#include "sharing/audit.hpp"

namespace preau::portal {

struct JournalQuestion { // as typed
    std::string person, item, kind, from, until;
    std::int64_t before = 0;
};
JournalQuestion question_of(const http::Request& request);
// Nothing: nobody has that login.
std::optional<sharing::AuditFilter> filter_of(db::Tx& tx, const JournalQuestion& question, std::string_view zone);

std::vector<JournalLine> journal_lines(db::Tx& tx, const web::Locale& locale, const sharing::AuditFilter& filter,
                                       std::string_view zone, int limit);

void audit_export_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal

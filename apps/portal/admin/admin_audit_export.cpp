// /admin/audit/export: what the page would show, all of it, as one table (RFC 4180), written while it is read: a
// journal of years never stands in memory.
#include "portal/admin/admin_audit.hpp"

#include "base/csv.hpp"

#include <algorithm>
#include <memory>

namespace preau::portal {
namespace {

constexpr int lines_at_once = 500;

std::string row(const JournalLine& line) {
    return std::to_string(line.number) + ',' + std::to_string(line.at) + ',' + csv_cell(line.when) + ',' +
           csv_cell(line.kind) + ',' + csv_cell(line.what) + ',' + csv_cell(line.who) + ',' + csv_cell(line.detail) +
           ',' + csv_cell(line.item) + "\r\n";
}

struct Export {
    db::Database& db;
    const web::Locale& locale;
    JournalQuestion question;
    std::string zone;
    std::string waiting = "number,milliseconds,when,kind,what,who,detail,item\r\n";
    bool done = false;
};

Task<std::size_t> next_piece(std::shared_ptr<Export> journal, std::span<std::byte> buffer) {
    while (journal->waiting.empty() && !journal->done) {
        auto lines = co_await journal->db.read(
            [journal = journal.get()](db::Tx& tx) -> std::vector<JournalLine> { // outlives the read: `journal` waits
                const auto filter = filter_of(tx, journal->question, journal->zone);
                if (!filter) return {};
                return journal_lines(tx, journal->locale, *filter, journal->zone, lines_at_once);
            });
        journal->done = std::ssize(lines) < lines_at_once;
        for (const auto& line : lines) journal->waiting += row(line);
        if (!lines.empty()) journal->question.before = lines.back().number;
    }
    const auto size = std::min(buffer.size(), journal->waiting.size());
    std::copy_n(reinterpret_cast<const std::byte*>(journal->waiting.data()), size, buffer.data());
    journal->waiting.erase(0, size);
    co_return size;
}

Task<http::Response> export_audit(Portal& portal, http::Request& request) {
    // shared: the server copies a body freely, and all copies go on in the same place.
    auto journal = std::make_shared<Export>(Export{.db = portal.db,
                                                   .locale = web::Locale::of(sharing::language(request)),
                                                   .question = question_of(request),
                                                   .zone = sharing::viewer(request).zone});
    http::Response response;
    response.headers.set("Content-Type", "text/csv; charset=utf-8");
    response.headers.set("Content-Disposition", http::content_disposition("attachment", "journal.csv"));
    response.headers.set("Cache-Control", "private, no-store");
    response.body = http::StreamBody{[journal](std::span<std::byte> buffer) { return next_piece(journal, buffer); }};
    co_await portal.db.write(db::Lane{}, [&portal, viewer = sharing::viewer(request)](db::Tx& tx) {
        sharing::record_event(tx, portal.world, viewer, "admin.audit_exported", {});
    });
    co_return response;
}

} // namespace

// A post, since it leaves a line in the journal itself.
void audit_export_routes(http::Router& routes, Portal& portal) {
    for (const auto* pattern : {"/admin/audit/export", "/api/admin/audit/export"})
        routes.post(pattern, {.access = http::Access::Admin, .body_limit = 1024, .rate = http::Rate::Write},
                    [&portal](http::Request& request) { return export_audit(portal, request); });
}

} // namespace preau::portal

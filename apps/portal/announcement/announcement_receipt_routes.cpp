// /announcements/ID/receipts: who of one structure has acknowledged; /announcements/ID/receipts.csv: all of them, as
// one table (RFC 4180), written while it is read.
#include "portal/announcement/announcement.hpp"

#include "base/csv.hpp"
#include "sharing/answers.hpp"

#include <algorithm>
#include <memory>

namespace preau::portal {
namespace {

constexpr std::string_view receipts_page = "portal/announcement/announcement_receipts_page.html";

struct PersonLine {
    std::string name, state, chip;
};
PREAU_DESCRIBE(PersonLine, name, state, chip)
struct ReceiptsView {
    std::string id, title, school;
    std::vector<PersonLine> rows;
};
PREAU_DESCRIBE(ReceiptsView, id, title, school, rows)

AnnouncementId id_of(const http::Request& request) {
    return parse_id<AnnouncementId>(request.parameter("announcement")).value_or(AnnouncementId{});
}

// Who has read is the author's to know, nobody else's.
Result<Opened> open_own(db::Tx& tx, const Viewer& viewer, AnnouncementId id, Millis now) {
    auto opened = TRY(open_announcement(tx, viewer, id, now));
    if (!opened.mine) return not_found("announcement.unknown");
    return opened;
}

Task<http::Response> show_receipts(Portal& portal, http::Request& request) {
    struct Found {
        Opened opened;
        std::string school;
        std::vector<MissingRow> rows;
    };
    const auto structure = parse_id<StructureId>(request.query("structure")).value_or(StructureId{});
    auto found = co_await portal.db.read([viewer = sharing::viewer(request), id = id_of(request), structure,
                                          now = portal.world.clock.now()](db::Tx& tx) -> Result<Found> {
        auto opened = TRY(open_own(tx, viewer, id, now));
        auto school = identity::find_structure(tx, structure);
        if (!school) return not_found("announcement.unknown");
        return Found{std::move(opened), school->name, receipts_in(tx, id, structure)};
    });
    if (!found) co_return portal.gate.refusal(request, found.error());
    const auto& locale = sharing::words_of(request);
    const auto& one = found->opened.line.announcement;
    ReceiptsView view{
        .id = to_text(one.id), .title = title_of(one, sharing::language(request)), .school = found->school};
    for (auto& row : found->rows)
        view.rows.push_back(
            {.name = std::move(row.name),
             .state = locale.text(row.acknowledged ? "announcement.person_done" : "announcement.person_none"),
             .chip = row.acknowledged ? "good" : ""});
    co_return portal.pages.page(sharing::shell(request, found->school), receipts_page, view);
}

struct Export {
    db::Database& db;
    const web::Locale& locale;
    AnnouncementId id;
    std::string zone;
    ReceiptCursor cursor;
    std::string waiting = "structure,uai,person,acknowledged\r\n";
};

Task<std::size_t> next_piece(std::shared_ptr<Export> table, std::span<std::byte> buffer) {
    while (table->waiting.empty() && !table->cursor.done) {
        // A read may be cut off and run again: it begins where the last one that came through ended.
        struct Piece {
            ReceiptCursor cursor;
            std::vector<ReceiptLine> lines;
        };
        auto piece = co_await table->db.read([id = table->id, cursor = table->cursor](db::Tx& tx) {
            Piece next{.cursor = cursor};
            next.lines = next_receipts(tx, id, next.cursor);
            return next;
        });
        table->cursor = piece.cursor;
        for (const auto& line : piece.lines) {
            const auto when =
                line.acknowledged_at ? table->locale.date_time(line.acknowledged_at, table->zone) : std::string{};
            table->waiting += csv_cell(line.structure) + ',' + csv_cell(line.uai) + ',' + csv_cell(line.name) + ',' +
                              csv_cell(when) + "\r\n";
        }
    }
    const auto size = std::min(buffer.size(), table->waiting.size());
    std::copy_n(reinterpret_cast<const std::byte*>(table->waiting.data()), size, buffer.data());
    table->waiting.erase(0, size);
    co_return size;
}

Task<http::Response> export_receipts(Portal& portal, http::Request& request) {
    const auto id = id_of(request);
    auto opened = co_await portal.db.read(
        [viewer = sharing::viewer(request), id, now = portal.world.clock.now()](db::Tx& tx) -> Result<void> {
            if (!TRY(open_own(tx, viewer, id, now)).line.announcement.wants_ack)
                return fail(Error::Kind::Conflict, "announcement.no_ack");
            return {};
        });
    if (!opened) co_return portal.gate.refusal(request, opened.error());
    // shared: the server copies a body freely, and all copies go on in the same place.
    auto table = std::make_shared<Export>(
        Export{.db = portal.db, .locale = sharing::words_of(request), .id = id, .zone = sharing::viewer(request).zone});
    http::Response response;
    response.headers.set("Content-Type", "text/csv; charset=utf-8");
    response.headers.set("Content-Disposition",
                         http::content_disposition("attachment", sharing::words_of(request).text("announcement.csv")));
    response.headers.set("Cache-Control", "private, no-store");
    response.body = http::StreamBody{[table](std::span<std::byte> buffer) { return next_piece(table, buffer); }};
    co_return response;
}

} // namespace

void preload_announcement_receipts(web::Pages& pages) { pages.preload<ReceiptsView>(receipts_page); }

void announcement_receipt_routes(http::Router& routes, Portal& portal) {
    const http::Rule reading{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    const std::string one = "/announcements/{announcement}";
    routes.get(one + "/receipts", reading,
               [&portal](http::Request& request) { return show_receipts(portal, request); });
    for (std::string root : {"", "/api"})
        routes.get(root + one + "/receipts.csv", reading,
                   [&portal](http::Request& request) { return export_receipts(portal, request); });
}

} // namespace preau::portal

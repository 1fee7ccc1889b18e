#include "base/secret.hpp"
#include "files/family/receipt.hpp"
#include "files/files_routes.hpp"
#include "files/upload/media_type.hpp"
#include "sharing/report_proof.hpp"

namespace preau::files {
namespace {

struct Found {
    Receipt receipt;
    std::vector<ReceiptLine> lines;
};

std::string short_checksum(std::string_view sha256) {
    return std::string{sha256.substr(0, 4)} + " " + std::string{sha256.substr(4, 4)} + " " +
           std::string{sha256.substr(8, 4)};
}

ReceiptView receipt_view(const Found& found, const web::Locale& locale) {
    const auto& receipt = found.receipt;
    ReceiptView view{.title = receipt.title,
                     .teacher = receipt.teacher,
                     .has_teacher = !receipt.teacher.empty(),
                     .name = receipt.name,
                     .when = locale.date_time(receipt.given_at, receipt.zone),
                     .files = locale.plural("files.files", static_cast<std::int64_t>(found.lines.size())),
                     .folder_href = "/files/" + to_text(receipt.folder)};
    for (const auto& line : found.lines) {
        const auto& type = media_type_of(line.name);
        view.lines.push_back({.name = line.name,
                              .icon = std::string{type.icon},
                              .hue = std::string{type.hue},
                              .size = locale.size(line.size),
                              .checksum = short_checksum(line.sha256)});
    }
    return view;
}

// The token is the right: whoever holds the paper may read it, for as long as the receipt is kept.
Task<http::Response> show_receipt(Files& files, http::Request& request) {
    auto hash = sha256(request.parameter("token"));
    auto found = co_await files.db.read([hash](db::Tx& tx) -> std::optional<Found> {
        auto receipt = store::find_receipt(tx, hash);
        if (!receipt) return std::nullopt;
        return Found{.receipt = *receipt, .lines = store::receipt_lines(tx, receipt->id)};
    });
    if (!found) co_return files.gate.refusal(request, not_found("files.no_receipt").error());
    const auto& words = words_of(request);
    auto shell = shell_of(request, words.text("files.receipt_title"));
    shell.kind = web::Shell::Kind::Family;
    shell.structure_name = found->receipt.school;
    shell.shared_by = found->receipt.teacher;
    // The link that led here may be over by now; who holds the receipt can still say that something is wrong.
    shell.report = sharing::report_address_with_proof(files.identity, found->receipt.folder);
    co_return files.pages.page(shell, "files/family/receipt_page.html", receipt_view(*found, words));
}

} // namespace

void receipt_routes(http::Router& router, Files& files) {
    router.get("/files/receipts/{token}", {.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&files](http::Request& request) { return show_receipt(files, request); });
}

} // namespace preau::files

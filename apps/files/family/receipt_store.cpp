#include "files/family/receipt.hpp"

namespace preau::files::store {
namespace {

const db::Query insert_receipt_sql{"files.insert_receipt", R"(
    INSERT INTO file_receipt (id, token, folder, title, teacher, school, zone, name, given_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};

const db::Query insert_receipt_line_sql{"files.insert_receipt_line", R"(
    INSERT INTO file_receipt_line (receipt, position, item, name, size, sha256) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query find_receipt_sql{"files.find_receipt", R"(
    SELECT id, folder, title, teacher, school, zone, name, given_at FROM file_receipt WHERE token = $1)"};

const db::Query receipt_lines_sql{"files.receipt_lines", R"(
    SELECT item, name, size, sha256 FROM file_receipt_line WHERE receipt = $1 ORDER BY position)"};

} // namespace

void insert_receipt(db::Tx& tx, const Receipt& receipt, std::string_view token_hash) {
    tx.execute(insert_receipt_sql, {receipt.id, db::Bytes{token_hash}, receipt.folder, receipt.title, receipt.teacher,
                                    receipt.school, receipt.zone, receipt.name, receipt.given_at});
}

void insert_receipt_line(db::Tx& tx, ReceiptId receipt, int position, const ReceiptLine& line) {
    tx.execute(insert_receipt_line_sql, {receipt, position, line.item, line.name, line.size, line.sha256});
}

std::optional<Receipt> find_receipt(db::Tx& tx, std::string_view token_hash) {
    return tx.one<Receipt>(find_receipt_sql, {db::Bytes{token_hash}});
}

std::vector<ReceiptLine> receipt_lines(db::Tx& tx, ReceiptId receipt) {
    return tx.all<ReceiptLine>(receipt_lines_sql, {receipt});
}

} // namespace preau::files::store

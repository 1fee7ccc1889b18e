#include "files/resume/resume.hpp"

namespace preau::files::store {
namespace {

const db::Query insert_upload_sql{"files.insert_upload", R"(
    INSERT INTO file_upload (id, token, person, link, folder, path, name, if_taken, first_name, length, received,
                             expires_at, item)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0))"};

const db::Query upload_by_token_sql{"files.upload_by_token", R"(
    SELECT id, person, link, folder, path, name, if_taken, first_name, length, received, expires_at, item
      FROM file_upload WHERE token = $1)"};

const db::Query upload_by_id_sql{"files.upload_by_id", R"(
    SELECT id, person, link, folder, path, name, if_taken, first_name, length, received, expires_at, item
      FROM file_upload WHERE id = $1)"};

const db::Query open_uploads_sql{"files.open_uploads", R"(
    SELECT count(*) AS uploads
      FROM (SELECT id FROM file_upload WHERE person = $1 AND link = $2 AND item = 0 LIMIT $3) u)"};

const db::Query set_received_sql{"files.set_received", R"(
    UPDATE file_upload SET received = $2, expires_at = $3 WHERE id = $1 AND item = 0)"};

const db::Query set_finished_sql{"files.set_finished", R"(
    UPDATE file_upload SET received = length, item = $2 WHERE id = $1)"};

const db::Query delete_upload_sql{"files.delete_upload", R"(DELETE FROM file_upload WHERE id = $1)"};

const db::Query expired_uploads_sql{"files.expired_uploads", R"(
    SELECT id FROM file_upload WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)"};

} // namespace

void insert_upload(db::Tx& tx, const Resumable& upload, std::string_view token_hash) {
    tx.execute(insert_upload_sql,
               {upload.id, db::Bytes{token_hash}, upload.person, upload.link, upload.folder, upload.path, upload.name,
                upload.if_taken, upload.first_name, upload.length, upload.received, upload.expires_at});
}

std::optional<Resumable> find_upload_by_token(db::Tx& tx, std::string_view token_hash) {
    return tx.one<Resumable>(upload_by_token_sql, {db::Bytes{token_hash}});
}

std::optional<Resumable> find_upload_by_id(db::Tx& tx, UploadId id) {
    return tx.one<Resumable>(upload_by_id_sql, {id});
}

std::int64_t open_uploads(db::Tx& tx, PersonId person, LinkId link, int most) {
    return tx.one<std::int64_t>(open_uploads_sql, {person, link, most}).value_or(0);
}

void set_received(db::Tx& tx, UploadId id, std::int64_t received, Millis expires_at) {
    tx.execute(set_received_sql, {id, received, expires_at});
}

void set_finished(db::Tx& tx, UploadId id, ItemId item) { tx.execute(set_finished_sql, {id, item}); }
bool delete_upload(db::Tx& tx, UploadId id) { return tx.execute(delete_upload_sql, {id}) == 1; }

std::vector<UploadId> expired_uploads(db::Tx& tx, Millis now, int most) {
    return tx.all<UploadId>(expired_uploads_sql, {now, most});
}

} // namespace preau::files::store

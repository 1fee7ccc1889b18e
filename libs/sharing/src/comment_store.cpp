#include "comment_store.hpp"

#include <limits>

namespace preau::sharing::store {
namespace {

const db::Query insert_comment_sql{"sharing.insert_comment", R"(
    INSERT INTO comment (id, item, answers_to, author, link, name, body, html, created_at, edited_at, resolved_at,
                         resolved_by, deleted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0))"};

const db::Query find_comment_sql{"sharing.find_comment", R"(
    SELECT id, item, answers_to, author, link, name, body, html, created_at, edited_at, resolved_at, resolved_by,
           deleted_at
      FROM comment WHERE id = $1 AND item = $2)"};

const db::Query threads_before_sql{"sharing.threads_before", R"(
    SELECT id, item, answers_to, author, link, name, body, html, created_at, edited_at, resolved_at, resolved_by,
           deleted_at
      FROM comment WHERE item = $1 AND answers_to = 0 AND id < $2 ORDER BY id DESC LIMIT $3)"};

// At most threads_per_page × most_answers rows: add_comment() sees to that.
const db::Query answers_of_sql{"sharing.answers_of", R"(
    SELECT id, item, answers_to, author, link, name, body, html, created_at, edited_at, resolved_at, resolved_by,
           deleted_at
      FROM comment WHERE item = $1 AND answers_to $IDS(2) ORDER BY answers_to, id)"};

const db::Query count_answers_sql{"sharing.count_answers",
                                  "SELECT COUNT(*) FROM comment WHERE item = $1 AND answers_to = $2"};

const db::Query insert_hand_sql{"sharing.insert_hand", "INSERT INTO comment_hand (comment, hand) VALUES ($1, $2)"};
const db::Query written_by_sql{"sharing.written_by",
                               "SELECT comment FROM comment_hand WHERE hand = $1 AND comment $IDS(2)"};

const db::Query change_comment_sql{"sharing.change_comment",
                                   "UPDATE comment SET body = $2, html = $3, edited_at = $4 WHERE id = $1"};

const db::Query resolve_comment_sql{"sharing.resolve_comment", R"(
    UPDATE comment SET resolved_at = $2, resolved_by = $3
     WHERE id = $1 AND ((resolved_at = 0 AND CAST($2 AS BIGINT) > 0) OR (resolved_at > 0 AND CAST($2 AS BIGINT) = 0)))"};

const db::Query empty_comment_sql{"sharing.empty_comment",
                                  "UPDATE comment SET body = '', html = '', name = '', deleted_at = $2 WHERE id = $1"};

const db::Query delete_comment_sql{"sharing.delete_comment", "DELETE FROM comment WHERE id = $1"};

} // namespace

void insert_comment(db::Tx& tx, const Comment& comment) {
    tx.execute(insert_comment_sql, {comment.id, comment.item, comment.answers_to, comment.author, comment.link,
                                    comment.name, comment.body, comment.html, comment.created_at});
}

void insert_hand(db::Tx& tx, CommentId comment, std::string_view hand) {
    tx.execute(insert_hand_sql, {comment, db::Bytes{hand}});
}

std::vector<CommentId> written_by(db::Tx& tx, const std::vector<std::int64_t>& comments, std::string_view hand) {
    if (comments.empty()) return {};
    return tx.all<CommentId>(written_by_sql, {db::Bytes{hand}, db::Ids{comments}});
}

std::optional<Comment> find_comment(db::Tx& tx, ItemId item, CommentId id) {
    return tx.one<Comment>(find_comment_sql, {id, item});
}

std::vector<Comment> threads_before(db::Tx& tx, ItemId item, CommentId before, int limit) {
    const auto key = before ? before.value : std::numeric_limits<std::int64_t>::max();
    return tx.all<Comment>(threads_before_sql, {item, key, limit});
}

std::vector<Comment> answers_of(db::Tx& tx, ItemId item, std::span<const std::int64_t> threads) {
    return tx.all<Comment>(answers_of_sql, {item, db::Ids{threads}});
}

std::int64_t count_answers(db::Tx& tx, ItemId item, CommentId thread) {
    return tx.one<std::int64_t>(count_answers_sql, {item, thread}).value_or(0);
}

void change_comment(db::Tx& tx, CommentId id, std::string_view body, std::string_view html, Millis now) {
    tx.execute(change_comment_sql, {id, body, html, now});
}

bool resolve_comment(db::Tx& tx, CommentId id, Millis at, PersonId by) {
    return tx.execute(resolve_comment_sql, {id, at, by}) == 1;
}

void empty_comment(db::Tx& tx, CommentId id, Millis now) { tx.execute(empty_comment_sql, {id, now}); }

void delete_comment(db::Tx& tx, CommentId id) { tx.execute(delete_comment_sql, {id}); }

} // namespace preau::sharing::store

// SQL of comments.
#pragma once

#include "sharing/comments.hpp"

namespace preau::sharing::store {

void insert_comment(db::Tx& tx, const Comment& comment);
std::optional<Comment> find_comment(db::Tx& tx, ItemId item, CommentId id);
std::vector<Comment> threads_before(db::Tx& tx, ItemId item, CommentId before, int limit); // none: the latest
std::vector<Comment> answers_of(db::Tx& tx, ItemId item, std::span<const std::int64_t> threads);
std::int64_t count_answers(db::Tx& tx, ItemId item, CommentId thread);
void insert_hand(db::Tx& tx, CommentId comment, std::string_view hand);
std::vector<CommentId> written_by(db::Tx& tx, const std::vector<std::int64_t>& comments, std::string_view hand);
void change_comment(db::Tx& tx, CommentId id, std::string_view body, std::string_view html, Millis now);
bool resolve_comment(db::Tx& tx, CommentId id, Millis at, PersonId by); // false: it is so already
void empty_comment(db::Tx& tx, CommentId id, Millis now);
void delete_comment(db::Tx& tx, CommentId id);

} // namespace preau::sharing::store

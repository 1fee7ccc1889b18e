// Comments on an item of any kind: threads of one level, mentions, resolving. Reading needs View, writing Comment, and
// deleting what others wrote Manage. Who came by a link writes with the name they gave, and changes it for as long as
// the browser keeps its token (browser_token.hpp): the link alone belongs to many.
//
// A page of an app shows them by a member `sharing::CommentsView comments` of its view and
//   {{#comments}}{{> sharing/comments/comments.html}}{{/comments}}
// filled by comment_page() inside its transaction and comments_view() behind it. With <item-comments> (comments.html,
// script libs/sharing/comments/item-comments.ts) the section stays up to date in place; without script its forms post.
#pragma once

#include "sharing/face.hpp"
#include "sharing/kinds.hpp"
#include "sharing/tree.hpp"
#include "web/locale.hpp"
#include "web/template.hpp"

#include <map>
#include <set>

namespace preau::sharing {

using CommentId = Id<struct CommentTag>;

inline constexpr int longest_comment = 4000; // code points
inline constexpr int most_answers = 100;     // of a thread
inline constexpr int threads_per_page = 20;

struct Comment {
    CommentId id;
    ItemId item;
    CommentId answers_to; // none: starts a thread
    PersonId author;
    LinkId link;
    std::string name;
    std::string body;
    std::string html;
    Millis created_at = 0, edited_at = 0, resolved_at = 0; // 0: never
    PersonId resolved_by;
    Millis deleted_at = 0;
};
PREAU_DESCRIBE(Comment, id, item, answers_to, author, link, name, body, html, created_at, edited_at, resolved_at,
               resolved_by, deleted_at)

struct NewComment {
    ItemId item;
    CommentId answers_to;
    std::string body; // Markdown, flavour Comment
    std::string name; // of a link holder who gave none on entry
    std::string hand; // of a link holder: see hand_of()
};
// A digest that says which browser of a link holder wrote on this item; empty for everybody else.
std::string hand_of(std::string_view key, ItemId item, const Viewer& viewer, std::string_view browser);

// Writes comment.added with {"comment", "thread", "name", "mentions"} as detail. Errors: those of require(Comment),
// sharing.sign_in_needed for strangers, sharing.trashed, those of check_text, comment.name_needed, comment.thread_gone,
// comment.thread_full.
Result<Comment> add_comment(db::Tx& tx, World& world, const Viewer& viewer, const NewComment& form);
// One's own; comment.edited tells the people who are mentioned now and were not before.
Result<void> edit_comment(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id,
                          std::string_view body, std::string_view hand = {});
Result<void> delete_comment(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id,
                            std::string_view hand = {}); // one's own, or as manager
// A thread, by somebody with an account. Twice is once. comment.resolved, comment.reopened.
Result<void> resolve_thread(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id, bool resolved);

struct CommentPage {
    Item item;
    Role role = Role::None;
    Viewer viewer;
    std::vector<Comment> threads; // latest first
    std::vector<Comment> answers; // of these, oldest first
    std::optional<CommentId> next;
    std::map<PersonId, std::string> names;
    std::map<PersonId, std::string> pictures; // marks, for those who see who works here
    std::set<CommentId> by_hand; // what a link holder wrote with this browser
};
// For who may View (checked). A constant number of queries. `before`: the last thread of the page before.
CommentPage comment_page(db::Tx& tx, const Viewer& viewer, const Standing& standing, CommentId before = {},
                         std::string_view hand = {});

// People who can see the item and whose name begins so, for "@"; nobody for who has no account.
struct Mentionable {
    PersonId id;
    std::string name;
    std::string place;
};
PREAU_DESCRIBE(Mentionable, id, name, place)
std::vector<Mentionable> mentionable(db::Tx& tx, const Viewer& viewer, ItemId item, std::string_view typed, Millis now);

struct CommentView {
    CommentId id;
    ItemId item;
    std::string author;
    Face face;
    std::string when;
    web::Html html;
    std::string body; // for its author to change
    bool by_link = false, edited = false, deleted = false;
    bool may_edit = false, may_delete = false;
};
PREAU_DESCRIBE(CommentView, id, item, author, face, when, html, body, by_link, edited, deleted, may_edit, may_delete)

struct ThreadView {
    CommentView first;
    std::vector<CommentView> answers;
    std::string resolved; // "Réglé par Nadia Haddad"; empty: open
    bool may_resolve = false, may_reopen = false, may_answer = false;
};
PREAU_DESCRIBE(ThreadView, first, answers, resolved, may_resolve, may_reopen, may_answer)

struct CommentsView {
    ItemId item;
    std::vector<ThreadView> threads;
    std::string from; // address of the page it stands on, where its forms lead back to
    std::string older; // address of the next page; empty: that is all
    bool empty = false;
    bool may_comment = false;
    bool needs_name = false; // a link holder who gave none
    bool may_mention = false;
    int longest = longest_comment;
};
PREAU_DESCRIBE(CommentsView, item, threads, from, older, empty, may_comment, needs_name, may_mention, longest)

CommentsView comments_view(const CommentPage& page, std::string from, const web::Locale& locale, std::string_view zone,
                           Millis now);

} // namespace preau::sharing

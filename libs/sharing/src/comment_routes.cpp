// Comments: /comments/ITEM, a page of their own and the forms of the section that other pages show; and the same as
// API.
#include "base/json.hpp"
#include "browser_token.hpp"
#include "sharing/answers.hpp"
#include "sharing/comments.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view comments_page = "sharing/comments/comments_page.html";

struct PageView {
    std::string title;
    std::string back;
    CommentsView comments;
};
PREAU_DESCRIBE(PageView, title, back, comments)

struct CommentJson {
    CommentId id;
    std::string author; // as a reader sees it
    std::optional<PersonId> person;
    std::string body, html; // Markdown, and what it says; empty when deleted
    Millis created_at = 0;
    std::optional<Millis> edited_at, deleted_at;
    bool may_edit = false, may_delete = false;
};
PREAU_DESCRIBE(CommentJson, id, author, person, body, html, created_at, edited_at, deleted_at, may_edit, may_delete)

struct ThreadJson {
    CommentJson first;
    std::vector<CommentJson> answers;
    std::optional<Millis> resolved_at;
};
PREAU_DESCRIBE(ThreadJson, first, answers, resolved_at)

struct CommentsJson {
    std::vector<ThreadJson> threads; // latest first
    std::optional<CommentId> next;   // send it as `before`
    bool may_comment = false;
};
PREAU_DESCRIBE(CommentsJson, threads, next, may_comment)

struct MentionableJson {
    std::vector<Mentionable> people;
};
PREAU_DESCRIBE(MentionableJson, people)

struct MadeJson {
    CommentId id;
    std::string html;
};
PREAU_DESCRIBE(MadeJson, id, html)

CommentJson json_of(const Comment& comment, const CommentView& view) {
    CommentJson json{.id = comment.id,
                     .author = view.author,
                     .body = comment.body,
                     .html = comment.html,
                     .created_at = comment.created_at,
                     .may_edit = view.may_edit,
                     .may_delete = view.may_delete};
    if (comment.author) json.person = comment.author;
    if (comment.edited_at) json.edited_at = comment.edited_at;
    if (comment.deleted_at) json.deleted_at = comment.deleted_at;
    return json;
}

CommentsJson json_of(const CommentPage& page, const CommentsView& view) {
    CommentsJson json{.next = page.next, .may_comment = view.may_comment};
    for (std::size_t i = 0; i < page.threads.size(); ++i) {
        const auto& first = page.threads[i];
        ThreadJson thread{.first = json_of(first, view.threads[i].first)};
        if (first.resolved_at) thread.resolved_at = first.resolved_at;
        std::size_t at = 0;
        for (const auto& answer : page.answers) // in the order of the view
            if (answer.answers_to == first.id) thread.answers.push_back(json_of(answer, view.threads[i].answers[at++]));
        json.threads.push_back(std::move(thread));
    }
    return json;
}

// Whose hand wrote: nothing for who has an account, and for a browser that wrote nothing yet.
std::string hand_in(const Sharing& sharing, const http::Request& request, const BrowserToken& browser) {
    return hand_of(sharing.identity.signing_key("comment-hand"), id_in<ItemId>(request, "item"), viewer(request),
                   browser.secret);
}
std::string hand_in(const Sharing& sharing, const http::Request& request) {
    return hand_in(sharing, request, browser_token(request, viewer(request)));
}

Task<Result<CommentPage>> find_page(Sharing& sharing, http::Request& request) {
    const auto before = parse_id<CommentId>(request.query("before")).value_or(CommentId{});
    co_return co_await sharing.db.read([&sharing, who = viewer(request), item = id_in<ItemId>(request, "item"),
                                        hand = hand_in(sharing, request), before](db::Tx& tx) -> Result<CommentPage> {
        auto place = standing(tx, who, item, sharing.world.clock.now());
        TRY(allow(place, Action::View));
        return comment_page(tx, who, place, before, hand);
    });
}

Task<http::Response> show(Sharing& sharing, http::Request& request) {
    auto page = co_await find_page(sharing, request);
    if (!page) co_return refuse(sharing, request, page.error());
    const auto& words = words_of(request);
    auto comments = comments_view(*page, "/comments/" + to_text(page->item.id), words, viewer(request).zone,
                                  sharing.world.clock.now());
    if (request.wants_json()) co_return http::json_response(json::text_of(json_of(*page, comments)));
    PageView view{.title = page->item.title,
                  .back = sharing.kinds.address(page->item.kind, page->item.id),
                  .comments = std::move(comments)};
    auto filled = shell(request, words.text("comment.page_title", {{"name", view.title}}));
    filled.component = "sharing/item-comments";
    filled.section = sharing.kinds.of(page->item.kind).app;
    if (!viewer(request).is_person()) filled.kind = web::Shell::Kind::Family;
    co_return sharing.pages.page(filled, comments_page, view);
}

// Back to where the form stood: the page of the item for who has an account, this page of comments for a family.
std::string place_of(const http::Request& request, ItemId item, CommentId comment, std::string_view from) {
    auto place = "/comments/" + to_text(item);
    if (viewer(request).is_person() && from.starts_with('/') && !from.starts_with("//") && !from.contains('\\'))
        place = from;
    return comment ? place + "#comment-" + to_text(comment) : place + "#comments";
}

Task<http::Response> add(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto browser = browser_token_or_new(request, viewer(request), sharing.world.random);
    NewComment form{.item = id_in<ItemId>(request, "item"),
                    .answers_to = parse_id<CommentId>(fields->value("answers_to")).value_or(CommentId{}),
                    .body = std::string{fields->value("body")},
                    .name = std::string{fields->value("name")},
                    .hand = hand_in(sharing, request, browser)};
    // What is written about one item stands in its lane: an answer and the end of its thread do not cross.
    auto made = co_await sharing.db.write(db::lane_of(form.item), [&sharing, who = viewer(request), form](db::Tx& tx) {
        return add_comment(tx, sharing.world, who, form);
    });
    if (!made) co_return refuse(sharing, request, made.error());
    auto response = request.wants_json()
                        ? http::json_response(json::text_of(MadeJson{.id = made->id, .html = made->html}), 201)
                        : http::redirect(place_of(request, form.item, made->id, fields->value("from")));
    keep_browser_token(response, request, browser);
    co_return response;
}

enum class Change { Edit, Delete, Resolve, Reopen };

Task<http::Response> change(Sharing& sharing, http::Request& request, Change what) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto item = id_in<ItemId>(request, "item");
    const auto id = id_in<CommentId>(request, "comment");
    auto changed =
        co_await sharing.db.write(db::lane_of(item),
                                  [&sharing, who = viewer(request), item, id, what, hand = hand_in(sharing, request),
                                   body = std::string{fields->value("body")}](db::Tx& tx) -> Result<void> {
                                      switch (what) {
                                      case Change::Edit:
                                          return edit_comment(tx, sharing.world, who, item, id, body, hand);
                                      case Change::Delete:
                                          return delete_comment(tx, sharing.world, who, item, id, hand);
                                      case Change::Resolve:
                                          return resolve_thread(tx, sharing.world, who, item, id, true);
                                      case Change::Reopen:
                                          return resolve_thread(tx, sharing.world, who, item, id, false);
                                      }
                                      return {};
                                  });
    if (!changed) co_return refuse(sharing, request, changed.error());
    co_return done(request, place_of(request, item, what == Change::Delete ? CommentId{} : id, fields->value("from")));
}

Task<http::Response> offer(Sharing& sharing, http::Request& request) {
    const auto item = id_in<ItemId>(request, "item");
    auto people =
        co_await sharing.db.read([&sharing, who = viewer(request), item, typed = std::string{request.query("typed")}](
                                     db::Tx& tx) -> Result<std::vector<Mentionable>> {
            TRY(require(tx, who, Action::Comment, item, sharing.world.clock.now()));
            return mentionable(tx, who, item, typed, sharing.world.clock.now());
        });
    if (!people) co_return refuse(sharing, request, people.error());
    co_return http::json_response(json::text_of(MentionableJson{*std::move(people)}));
}

} // namespace

void comment_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<PageView>(comments_page);
    const http::Rule reading{.access = Guest, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Link, .body_limit = 64 * 1024, .rate = http::Rate::Write};
    const std::string api = "/api/sharing/items/{item}/comments";
    for (const auto& root : {std::string{"/comments/{item}"}, api}) {
        routes.get(root, reading, [&](auto& request) { return show(sharing, request); });
        routes.post(root, writing, [&](auto& request) { return add(sharing, request); });
        routes.post(root + "/{comment}", writing,
                    [&](auto& request) { return change(sharing, request, Change::Edit); });
        routes.post(root + "/{comment}/delete", writing,
                    [&](auto& request) { return change(sharing, request, Change::Delete); });
        routes.post(root + "/{comment}/resolve", writing,
                    [&](auto& request) { return change(sharing, request, Change::Resolve); });
        routes.post(root + "/{comment}/reopen", writing,
                    [&](auto& request) { return change(sharing, request, Change::Reopen); });
    }
    routes.remove(api + "/{comment}", writing, [&](auto& request) { return change(sharing, request, Change::Delete); });
    routes.get("/api/sharing/items/{item}/mentionable", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return offer(sharing, request); });
}

} // namespace preau::sharing

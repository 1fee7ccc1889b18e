#include "sharing/comments.hpp"

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "comment_mentions.hpp"
#include "comment_store.hpp"
#include "free_text.hpp"
#include "identity/people.hpp"
#include "identity/profile.hpp"
#include "text/markdown.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

struct Detail { // of the events: what notifications need without asking again
    CommentId comment;
    CommentId thread;
    std::string name; // of a link holder
    std::vector<PersonId> mentions;
};
PREAU_DESCRIBE(Detail, comment, thread, name, mentions)

void tell(db::Tx& tx, World& world, const Viewer& viewer, std::string_view kind, const Comment& comment,
          std::vector<PersonId> mentions = {}) {
    const Detail detail{.comment = comment.id,
                        .thread = comment.answers_to ? comment.answers_to : comment.id,
                        .name = comment.name,
                        .mentions = std::move(mentions)};
    record_event(tx, world, viewer, kind, comment.item, json::text_of(detail));
}

Result<void> may_write(db::Tx& tx, const World& world, const Viewer& viewer, ItemId item) {
    const auto place = standing(tx, viewer, item, world.clock.now());
    TRY(allow(place, Action::Comment));
    if (viewer.kind == Viewer::Kind::Stranger) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    return {};
}

Result<std::string> name_of(const Viewer& viewer, std::string_view given) {
    if (viewer.is_person()) return std::string{};
    auto name = check_line(viewer.name.empty() ? given : std::string_view{viewer.name}, "name", 1, 60);
    if (!name) return invalid("name", "comment.name_needed");
    return name;
}

Result<Comment> standing_comment(db::Tx& tx, ItemId item, CommentId id) {
    auto comment = store::find_comment(tx, item, id);
    if (!comment || comment->deleted_at) return not_found("comment.gone");
    return *std::move(comment);
}

Result<void> check_thread(db::Tx& tx, const NewComment& form) {
    if (!form.answers_to) return {};
    auto first = store::find_comment(tx, form.item, form.answers_to);
    if (!first || first->answers_to) return fail(Error::Kind::Conflict, "comment.thread_gone");
    if (store::count_answers(tx, form.item, form.answers_to) >= most_answers)
        return fail(Error::Kind::Conflict, "comment.thread_full");
    return {};
}

bool wrote(db::Tx& tx, const Viewer& viewer, const Comment& comment, std::string_view hand) {
    if (viewer.is_person()) return comment.author == viewer.person;
    return !hand.empty() && !store::written_by(tx, {comment.id.value}, hand).empty();
}

} // namespace

std::string hand_of(std::string_view key, ItemId item, const Viewer& viewer, std::string_view browser) {
    if (viewer.kind != Viewer::Kind::LinkHolder || browser.empty()) return {};
    return hmac_sha256(key, "comment " + to_text(item) + " browser " + std::string{browser});
}

Result<Comment> add_comment(db::Tx& tx, World& world, const Viewer& viewer, const NewComment& form) {
    TRY(may_write(tx, world, viewer, form.item));
    auto body = TRY(check_text(form.body, "body", 1, longest_comment));
    auto name = TRY(name_of(viewer, form.name));
    TRY(check_thread(tx, form));
    const auto now = world.clock.now();
    auto mentions = find_mentions(tx, viewer, form.item, body, now);
    Comment comment{.id = CommentId{world.ids.next()},
                    .item = form.item,
                    .answers_to = form.answers_to,
                    .author = viewer.person,
                    .link = viewer.is_person() || viewer.links.empty() ? LinkId{} : viewer.links.front(),
                    .name = std::move(name),
                    .body = std::move(body),
                    .html = text::markdown_to_html(mentions.markdown, text::Flavour::Comment),
                    .created_at = now};
    store::insert_comment(tx, comment);
    if (!viewer.is_person() && !form.hand.empty()) store::insert_hand(tx, comment.id, form.hand);
    tell(tx, world, viewer, "comment.added", comment, std::move(mentions.people));
    return comment;
}

Result<void> edit_comment(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id,
                          std::string_view raw, std::string_view hand) {
    TRY(may_write(tx, world, viewer, item));
    auto comment = TRY(standing_comment(tx, item, id));
    if (!wrote(tx, viewer, comment, hand)) return forbidden("comment.own_only");
    auto body = TRY(check_text(raw, "body", 1, longest_comment));
    if (body == comment.body) return {};
    const auto now = world.clock.now();
    auto before = find_mentions(tx, viewer, item, comment.body, now).people;
    auto mentions = find_mentions(tx, viewer, item, body, now);
    std::erase_if(mentions.people, [&](PersonId who) { return std::ranges::find(before, who) != before.end(); });
    store::change_comment(tx, id, body, text::markdown_to_html(mentions.markdown, text::Flavour::Comment), now);
    tell(tx, world, viewer, "comment.edited", comment, std::move(mentions.people));
    return {};
}

Result<void> delete_comment(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id,
                            std::string_view hand) {
    const auto now = world.clock.now();
    const auto place = standing(tx, viewer, item, now);
    TRY(allow(place, Action::View));
    auto comment = TRY(standing_comment(tx, item, id));
    if (!wrote(tx, viewer, comment, hand) && !place.can(Action::Manage)) return forbidden("comment.own_only");
    if (!comment.answers_to && store::count_answers(tx, item, id) > 0)
        store::empty_comment(tx, id, now);
    else
        store::delete_comment(tx, id);
    // What started the thread went before: with its last answer the thread goes.
    if (comment.answers_to && store::count_answers(tx, item, comment.answers_to) == 0)
        if (auto first = store::find_comment(tx, item, comment.answers_to); first && first->deleted_at)
            store::delete_comment(tx, first->id);
    tell(tx, world, viewer, "comment.deleted", comment);
    return {};
}

Result<void> resolve_thread(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, CommentId id, bool resolved) {
    TRY(may_write(tx, world, viewer, item));
    if (!viewer.is_person()) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    auto comment = store::find_comment(tx, item, id); // one that was deleted may still have answers to settle
    if (!comment || comment->answers_to) return not_found("comment.gone");
    const auto at = resolved ? world.clock.now() : 0;
    if (store::resolve_comment(tx, id, at, resolved ? viewer.person : PersonId{}))
        tell(tx, world, viewer, resolved ? "comment.resolved" : "comment.reopened", *comment);
    return {};
}

CommentPage comment_page(db::Tx& tx, const Viewer& viewer, const Standing& standing, CommentId before,
                         std::string_view hand) {
    CommentPage page{.item = *standing.item, .role = standing.role, .viewer = viewer};
    page.threads = store::threads_before(tx, page.item.id, before, threads_per_page + 1);
    if (page.threads.size() > threads_per_page) {
        page.threads.pop_back();
        page.next = page.threads.back().id;
    }
    std::vector<std::int64_t> threads;
    for (const auto& thread : page.threads) threads.push_back(thread.id.value);
    if (!threads.empty()) page.answers = store::answers_of(tx, page.item.id, threads);
    if (!viewer.is_person() && !hand.empty()) {
        std::vector<std::int64_t> shown;
        for (const auto* list : {&page.threads, &page.answers})
            for (const auto& comment : *list) shown.push_back(comment.id.value);
        for (auto id : store::written_by(tx, shown, hand)) page.by_hand.insert(id);
    }
    std::vector<std::int64_t> people;
    for (const auto* list : {&page.threads, &page.answers})
        for (const auto& comment : *list)
            for (auto person : {comment.author, comment.resolved_by})
                if (person) people.push_back(person.value);
    if (!people.empty())
        for (auto& person : identity::people_of(tx, people)) {
            page.names[person.id] = std::move(person.name);
            if (identity::is_staff(viewer) && !person.disabled) page.pictures[person.id] = std::move(person.picture);
        }
    return page;
}

} // namespace preau::sharing

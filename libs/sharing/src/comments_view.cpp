// Words for what comments.cpp found. No queries here.
#include "sharing/comments.hpp"

namespace preau::sharing {
namespace {

struct Writer {
    const CommentPage& page;
    const web::Locale& locale;
    std::string_view zone;
    Millis now;

    std::string person(PersonId id) const {
        auto found = page.names.find(id);
        return found == page.names.end() ? locale.text("comment.somebody") : found->second;
    }

    CommentView comment(const Comment& comment) const {
        const bool own =
            page.viewer.is_person() ? comment.author == page.viewer.person : page.by_hand.contains(comment.id);
        const bool by_link = !comment.author;
        CommentView view{.id = comment.id,
                         .item = comment.item,
                         .author = by_link ? comment.name : person(comment.author),
                         .when = locale.ago(comment.created_at, now, zone),
                         .html = {comment.html},
                         .by_link = by_link,
                         .edited = comment.edited_at != 0,
                         .deleted = comment.deleted_at != 0};
        const auto mark = page.pictures.find(comment.author);
        view.face = face_of(comment.author, view.author, mark == page.pictures.end() ? "" : mark->second);
        if (view.deleted) return view;
        view.may_edit = own && page.role >= Role::Comment;
        view.may_delete = own || page.role >= Role::Manage;
        if (view.may_edit) view.body = comment.body;
        return view;
    }

    ThreadView thread(const Comment& first) const {
        const bool writes = page.role >= Role::Comment && page.viewer.kind != Viewer::Kind::Stranger;
        const bool settles = writes && page.viewer.is_person();
        ThreadView view{.first = comment(first), .may_answer = writes};
        for (const auto& answer : page.answers)
            if (answer.answers_to == first.id) view.answers.push_back(comment(answer));
        if (first.resolved_at)
            view.resolved = locale.text("comment.resolved_by", {{"name", person(first.resolved_by)}});
        view.may_resolve = settles && !first.resolved_at;
        view.may_reopen = settles && first.resolved_at;
        return view;
    }
};

} // namespace

CommentsView comments_view(const CommentPage& page, std::string from, const web::Locale& locale, std::string_view zone,
                           Millis now) {
    const Writer writer{page, locale, zone, now};
    const bool writes = page.role >= Role::Comment && page.viewer.kind != Viewer::Kind::Stranger;
    CommentsView view{.item = page.item.id,
                      .from = std::move(from),
                      .empty = page.threads.empty(),
                      .may_comment = writes,
                      .needs_name = writes && !page.viewer.is_person() && page.viewer.name.empty(),
                      .may_mention = writes && page.viewer.is_person()};
    for (const auto& thread : page.threads) view.threads.push_back(writer.thread(thread));
    if (page.next) view.older = "/comments/" + to_text(page.item.id) + "?before=" + to_text(*page.next);
    return view;
}

} // namespace preau::sharing

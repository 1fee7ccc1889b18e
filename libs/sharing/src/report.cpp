#include "report.hpp"

#include "base/text.hpp"
#include "free_text.hpp"
#include "identity/leading.hpp"
#include "identity/people.hpp"
#include "link_store.hpp"
#include "look.hpp"
#include "report_store.hpp"
#include "sharing/publishing.hpp"

#include <limits>

namespace preau::sharing {
namespace {

constexpr std::size_t longest_note = 1000;

bool answers_for(db::Tx& tx, const Viewer& viewer, StructureId structure) {
    return viewer.is_person() && (viewer.admin || identity::leads(tx, viewer.person, structure));
}

// Enough to answer to; a mistyped address is told, a strange one is the writer's own affair.
Result<std::string> check_mail(std::string_view raw) {
    auto mail = TRY(check_line(raw, "mail", 0, 200));
    if (mail.empty()) return mail;
    const auto at = mail.find('@');
    const bool possible = at != std::string::npos && at > 0 && at + 1 < mail.size() &&
                          mail.find('@', at + 1) == std::string::npos && mail.find(' ') == std::string::npos;
    if (!possible) return invalid("mail", "report.mail");
    return mail;
}

Result<Item> item_of_case(db::Tx& tx, const ReportCase& found) {
    auto item = found.about_kind == "item" ? find_item(tx, ItemId{found.about}) : std::nullopt;
    if (!item) return not_found("report.item_gone");
    return std::move(*item);
}

bool end_public(db::Tx& tx, World& world, const Viewer& viewer, ItemId item) {
    bool ended = false;
    // It may be public twice, by itself and by a folder around it: one grant a round, and never more than levels exist.
    for (int round = 0; round < 72; ++round) {
        auto seen = standing(tx, Viewer{}, item, world.clock.now());
        if (!seen.can(Action::View) || !seen.reason.grant) break;
        auto grant = *seen.reason.grant;
        grant.role = Role::None;
        set_grant(tx, world, viewer, grant);
        ended = true;
    }
    return ended;
}

// The class that a class's or pupil's link stands for has no grant of its own on it: the pass alone is worth something.
bool end_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId id) {
    auto found = store::find_link(tx, id);
    if (!found || !store::revoke_link(tx, id, world.clock.now())) return false;
    if (!found->link.item) {
        record_event(tx, world, viewer, "link.revoked", ItemId{found->link.group.value}, to_text(id));
        return true;
    }
    set_grant(tx, world, viewer,
              {.item = found->link.item, .subject_kind = Subject::Kind::Link, .subject = id.value, .role = Role::None});
    record_event(tx, world, viewer, "link.revoked", found->link.item, to_text(id));
    return true;
}

} // namespace

Result<Target> find_target(db::Tx& tx, const World& world, const Viewer& viewer, ItemId item, GroupId group) {
    if (group) {
        auto found = identity::find_group(tx, group);
        const bool family = viewer.is(families(group));
        if (!found || !(family || viewer.is(subject(group)))) return not_found("report.target");
        return Target{.about = group.value,
                      .is_class = true,
                      .title = found->name,
                      .structure = found->structure,
                      .seen_as = family ? "families" : "person",
                      .link = family && !viewer.links.empty() ? viewer.links.back() : LinkId{}};
    }
    auto place = standing(tx, viewer, item, world.clock.now());
    if (!place.item || place.trashed || !(place.can(Action::View) || place.deposit)) return not_found("report.target");
    Target target{.about = item.value,
                  .title = place.item->title,
                  .structure = structure_of(tx, *place.item),
                  .seen_as = viewer.is_person() ? "person" : "public"};
    if (viewer.is_person()) return target;
    // What is public as well was still seen by the link that they came by: that is what can be ended for them.
    auto by_link = viewer;
    std::erase(by_link.subjects, everybody);
    auto seen = standing(tx, by_link, item, world.clock.now());
    if (const auto& grant = seen.reason.grant) {
        if (grant->subject_kind == Subject::Kind::Link) {
            target.seen_as = "link";
            target.link = LinkId{grant->subject};
        } else if (grant->subject_kind == Subject::Kind::Families) {
            target.seen_as = "families";
        }
    }
    return target;
}

Result<Target> find_target_of_link(db::Tx& tx, std::string_view token) {
    constexpr std::size_t longest_token = 128;
    auto found = token.size() <= longest_token ? store::link_by_token(tx, sha256(token)) : std::nullopt;
    if (!found) return not_found("report.target");
    const auto& link = found->link;
    if (!link.item) {
        auto group = identity::find_group(tx, link.group);
        if (!group) return not_found("report.target");
        return Target{.about = link.group.value,
                      .is_class = true,
                      .title = group->name,
                      .structure = group->structure,
                      .seen_as = "closed",
                      .link = link.id};
    }
    auto item = find_item(tx, link.item);
    if (!item) return not_found("report.target");
    return Target{.about = item->id.value,
                  .title = item->title,
                  .structure = structure_of(tx, *item),
                  .seen_as = "closed",
                  .link = link.id};
}

Result<Target> find_target_with_proof(db::Tx& tx, ItemId id) {
    auto item = find_item(tx, id);
    if (!item) return not_found("report.target");
    return Target{
        .about = item->id.value, .title = item->title, .structure = structure_of(tx, *item), .seen_as = "closed"};
}

Result<void> report(db::Tx& tx, World& world, const Target& target, const NewReport& form) {
    if (std::ranges::find(report_choices, form.choice) == report_choices.end())
        return invalid("choice", "report.choice");
    auto words = TRY(check_text(form.words, "words", 0, longest_report));
    auto mail = TRY(check_mail(form.mail));
    const auto now = world.clock.now();
    const auto hour_ago = now - 1_h;
    if (store::reports_since(tx, form.network, target.about, hour_ago) >= reports_per_item ||
        store::reports_since(tx, form.network, 0, hour_ago) >= reports_per_network)
        return std::unexpected(Error{.kind = Error::Kind::Throttled, .key = "report.too_many", .retry_after = 3600});
    store::insert_report(tx,
                         {.id = Id<struct ReportTag>{world.ids.next()},
                          .choice = form.choice,
                          .words = std::move(words),
                          .mail = std::move(mail),
                          .seen_as = target.seen_as,
                          .link = target.link,
                          .at = now},
                         target.about, form.network);
    store::count_report(tx, target, now);
    record_event(tx, world, Viewer{}, "report.made", ItemId{target.about}, form.choice);
    return {};
}

std::vector<ReportCase> report_cases(db::Tx& tx, const Viewer& viewer, bool closed, std::int64_t before, int limit) {
    if (!viewer.is_person()) return {};
    auto before_at = std::numeric_limits<Millis>::max();
    if (before != 0)
        if (auto last = store::find_case(tx, before)) before_at = last->last_at;
    return store::cases(tx, viewer, closed, before_at, before, std::clamp(limit, 1, 200));
}

Result<ReportCase> find_case(db::Tx& tx, const Viewer& viewer, std::int64_t about) {
    auto found = store::find_case(tx, about);
    if (!found || !answers_for(tx, viewer, found->structure)) return not_found("report.unknown");
    return std::move(*found);
}

std::vector<ReportRow> reports_about(db::Tx& tx, std::int64_t about, int limit) {
    return store::reports_about(tx, about, std::clamp(limit, 1, 200));
}

Result<void> take_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about) {
    auto found = TRY(find_case(tx, viewer, about));
    if (!store::set_state(tx, about, "taken", viewer.person, found.note)) return {}; // pressed twice
    record_event(tx, world, viewer, "report.taken", ItemId{about});
    return {};
}

Result<void> close_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about, std::string_view raw) {
    TRY(find_case(tx, viewer, about));
    auto note = TRY(check_text(raw, "note", 0, longest_note));
    if (!store::set_state(tx, about, "closed", viewer.person, note)) return {};
    end_looks(tx, world, viewer, ItemId{about});
    record_event(tx, world, viewer, "report.closed", ItemId{about});
    return {};
}

Result<Item> look_at_case(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about) {
    auto found = TRY(find_case(tx, viewer, about));
    auto item = TRY(item_of_case(tx, found));
    // A closed case gives no look; and what lies in the trash is seen by nobody but who keeps the space.
    if (found.state == "closed") return fail(Error::Kind::Conflict, "report.is_closed");
    give_look(tx, world, viewer, item.id);
    record_event(tx, world, viewer, "report.looked", item.id);
    return item;
}

Result<bool> withdraw_share(db::Tx& tx, World& world, const Viewer& viewer, std::int64_t about, LinkId link) {
    auto found = TRY(find_case(tx, viewer, about));
    const bool is_class = found.about_kind == "class";
    if (!is_class) TRY(item_of_case(tx, found));
    if ((is_class && !link) || (link && !store::came_by(tx, about, link))) return not_found("link.unknown");
    const ItemId item{about};
    const bool ended = link ? end_link(tx, world, viewer, link) : end_public(tx, world, viewer, item);
    if (ended) record_event(tx, world, viewer, "report.withdrawn", item, link ? to_text(link) : "public");
    return ended;
}

} // namespace preau::sharing

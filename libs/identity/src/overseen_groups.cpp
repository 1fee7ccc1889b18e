#include "identity/overseen_groups.hpp"

#include "directory_store.hpp"
#include "directory_words.hpp"
#include "group_store.hpp"
#include "name_pages.hpp"
#include "overseen_group_store.hpp"
#include "school_year_store.hpp"

#include "base/plain_words.hpp"
#include "base/text.hpp"
#include "identity/guests.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

constexpr int most_examined = 3'000; // rows of an index for one page
constexpr int few = 2'000;           // so many are gathered and put in order instead

void cut(OverseenPage& page, int limit) {
    if (std::ssize(page.rows) <= limit) return;
    page.rows.resize(static_cast<std::size_t>(limit));
    page.next = NameKey{page.rows.back().sort, page.rows.back().id.value};
}

// In a school or a town every name is read and compared: exact, and quicker than walking all "6e A" of the country.
OverseenPage among_few(db::Tx& tx, const GroupFilter& filter, const std::vector<std::string>& words,
                       const NameKey& after, int limit) {
    std::vector<std::int64_t> ids;
    for (const auto& group : store::groups_below(tx, filter, after, words.empty() ? limit + 1 : few)) {
        if (!words.empty() && !words_begin(group.name, words)) continue;
        ids.push_back(group.id);
        if (std::ssize(ids) > limit) break;
    }
    OverseenPage page{.rows = store::overseen_among(tx, filter, ids)};
    cut(page, limit);
    return page;
}

OverseenPage in_order(db::Tx& tx, const GroupFilter& filter, const NameKey& after, int limit) {
    // Where every row passes there is nothing to look further for.
    const bool filtered = filter.structure || filter.state != GroupFilter::State::Any;
    const int examined = filtered ? most_examined : limit + 1;
    const auto hits = store::groups_in_order(tx, filter.kind, after, examined);
    std::vector<std::int64_t> ids;
    for (const auto& hit : hits) ids.push_back(hit.id);
    OverseenPage page{.rows = store::overseen_among(tx, filter, ids)};
    if (std::ssize(page.rows) > limit)
        cut(page, limit);
    else if (filtered && std::ssize(hits) == examined)
        page.next = NameKey{hits.back().key, hits.back().id};
    return page;
}

OverseenPage by_name(db::Tx& tx, const GroupFilter& filter, const std::vector<std::string>& words, const NameKey& after,
                     int limit) {
    const auto prefix = search_prefix(tx, overseen_scope, Subject::Kind::Group, words);
    const auto hits =
        store::directory_after(tx, overseen_scope, Subject::Kind::Group, prefix, after.sort, after.id, few);
    std::vector<std::int64_t> ids;
    for (const auto& hit : hits) ids.push_back(hit.subject);
    OverseenPage page{.rows = under_first_keys(hits, store::overseen_among(tx, filter, ids), prefix, words, limit)};
    if (std::ssize(page.rows) > limit)
        cut(page, limit);
    else if (std::ssize(hits) == few)
        page.next = NameKey{hits.back().key, hits.back().subject};
    return page;
}

Result<GroupCard> open_card(db::Tx& tx, GroupId group) {
    auto card = store::find_card(tx, group);
    if (!card) return not_found("identity.group");
    if (card->closed)
        return fail(Error::Kind::Conflict, card->kind == "class" ? "identity.class_closed" : "identity.group_ended");
    return *std::move(card);
}

} // namespace

OverseenPage overseen_groups(db::Tx& tx, const GroupFilter& filter, const NameKey& after, int limit) {
    const auto words = plain_words(filter.typed, 6);
    if (words.empty() && !filter.typed.empty()) return {};
    if (filter.structure && store::few_groups_below(tx, filter.structure, few))
        return among_few(tx, filter, words, after, limit);
    return words.empty() ? in_order(tx, filter, after, limit) : by_name(tx, filter, words, after, limit);
}

std::optional<OverseenGroup> overseen_group(db::Tx& tx, GroupId group) {
    auto rows = store::overseen_among(tx, {}, {group.value});
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

Result<void> name_owner(db::Tx& tx, GroupId group, PersonId person, Millis now) {
    TRY(open_card(tx, group));
    const auto found = find_person(tx, person);
    if (!found || found->disabled) return invalid("login", "identity.group_nobody");
    if (is_guest(tx, person)) return invalid("login", "identity.guest_may_not");
    if (role_in(tx, group, person) == GroupRole::Owner)
        return fail(Error::Kind::Conflict, "identity.group_owner_already", "login");
    enlist_members(tx, group, {person.value}, GroupRole::Owner, now);
    return {};
}

Result<void> take_ownership(db::Tx& tx, GroupId group, PersonId person) {
    TRY(open_card(tx, group));
    if (role_in(tx, group, person) != GroupRole::Owner) return not_found("identity.group_nobody");
    if (!store::other_owner(tx, group, person)) return fail(Error::Kind::Conflict, "identity.group_last_owner");
    store::set_member_role(tx, group, person, word_of(GroupRole::Member));
    return {};
}

Result<void> set_group(db::Tx& tx, GroupId group, const GroupSettings& settings) {
    const auto card = TRY(open_card(tx, group));
    GroupForm form{.name = TRY(check_line(settings.name, "name", 2, 100)),
                   .description = card.description,
                   .joining = card.kind == "class" ? card.joining : settings.joining.value_or(card.joining),
                   .structure = card.structure};
    store::update_group(tx, group, form, group_sort(form.name));
    if (form.name == card.name) return {};
    leave_directory(tx, subject(group));
    enter_group(tx, {.id = group, .name = form.name, .kind = card.kind, .structure = card.structure});
    return {};
}

Result<void> close_group(db::Tx& tx, GroupId group, Millis now) {
    const auto card = TRY(open_card(tx, group));
    if (card.kind == "class") return fail(Error::Kind::Conflict, "identity.group_is_class");
    store::set_class_closed(tx, group, now);
    leave_directory(tx, subject(group));
    enter_closed_group(tx, group, card.name);
    return {};
}

Result<void> reopen_group(db::Tx& tx, GroupId group) {
    const auto known = find_group(tx, group);
    if (!known) return not_found("identity.group");
    if (known->kind == "class") return fail(Error::Kind::Conflict, "identity.group_is_class");
    if (!store::set_class_open(tx, group)) return fail(Error::Kind::Conflict, "identity.group_open_already");
    enter_group(tx, *known);
    return {};
}

} // namespace preau::identity

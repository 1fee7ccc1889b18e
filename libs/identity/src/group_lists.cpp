// Pages of groups and of who is in them, searching, and the link for staff.
#include "directory_store.hpp"
#include "group_store.hpp"

#include "base/plain_words.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"

#include <algorithm>
#include <set>

namespace preau::identity {

std::vector<GroupCard> my_groups(db::Tx& tx, PersonId person, const NameKey& after, int limit) {
    return store::groups_of_person(tx, person, after, limit);
}

std::vector<GroupCard> groups_led(db::Tx& tx, PersonId person) { return store::groups_led(tx, person, 100); }

// One query a structure until the page is full: each walks group_to_join from its key on. Somebody stands in one to
// three structures of six levels, and the first of them usually fill the page.
DiscoverPage groups_to_discover(db::Tx& tx, const Viewer& viewer, const DiscoverKey& after, int limit) {
    DiscoverPage page;
    if (!viewer.is_person() || viewer.guest) return page;
    bool begun = !after.structure;
    for (auto structure : store::structures_around(tx, viewer.person)) {
        NameKey from;
        if (!begun) {
            if (structure != after.structure) continue;
            begun = true;
            from = after.name;
        }
        const int wanted = limit + 1 - static_cast<int>(page.groups.size());
        for (auto& group : store::groups_to_join(tx, structure, viewer.person, from, wanted))
            page.groups.push_back(std::move(group));
        if (std::ssize(page.groups) > limit) break;
    }
    if (std::ssize(page.groups) > limit) {
        page.groups.resize(static_cast<std::size_t>(limit));
        const auto& last = page.groups.back();
        page.next = DiscoverKey{last.structure, {last.sort, last.id.value}};
    }
    return page;
}

std::vector<GroupCard> search_groups(db::Tx& tx, const Viewer& viewer, std::string_view typed) {
    if (!viewer.is_person()) return {};
    const auto words = plain_words(typed, 6);
    if (words.empty()) return {};
    constexpr int range = 60;
    auto fits = [&](std::string_view name) {
        const auto own = plain_words(name, 6);
        return std::ranges::all_of(words, [&](const std::string& begin) {
            return std::ranges::any_of(own, [&](const std::string& word) { return word.starts_with(begin); });
        });
    };
    std::vector<std::int64_t> ids;
    for (const auto& group : groups_of(tx, viewer.person))
        if (fits(group.name)) ids.push_back(group.id.value);
    if (!viewer.guest)
        for (auto structure : store::structures_around(tx, viewer.person))
            for (const auto& row : store::directory_range(tx, structure, Subject::Kind::Group, words.front(), range))
                if (fits(row.key)) ids.push_back(row.subject);
    auto cards = store::cards_of(tx, ids);
    std::erase_if(cards, [&](const GroupCard& card) {
        const bool joinable = card.joining != Joining::ByInvitation && !card.closed && card.kind != "class";
        return !viewer.is(subject(card.id)) && !joinable;
    });
    std::ranges::sort(cards, {}, [](const GroupCard& card) { return std::tie(card.sort, card.id); });
    if (cards.size() > 20) cards.resize(20);
    return cards;
}

std::vector<MemberRow> members_of(db::Tx& tx, GroupId group, const NameKey& after, int limit) {
    return store::member_page(tx, group, after, limit);
}
std::vector<MemberRow> leaders_of(db::Tx& tx, GroupId group) { return store::leaders(tx, group, 50); }

// Of a group of 100,000 nobody is looked at but whom the directory finds by that name.
std::vector<MemberRow> members_named(db::Tx& tx, const Viewer& viewer, GroupId group, std::string_view typed) {
    const auto words = plain_words(typed, 6);
    if (words.empty() || viewer.guest) return {};
    auto prefix = words.front();
    if (words.size() > 1) prefix += ' ' + words[1];
    std::set<std::int64_t> found;
    std::vector<StructureId> scopes = store::structures_of(tx, viewer.person);
    scopes.push_back({});
    for (auto scope : scopes)
        for (const auto& row : store::directory_range(tx, scope, Subject::Kind::Person, prefix, 500))
            found.insert(row.subject);
    return store::members_among(tx, group, {found.begin(), found.end()});
}

std::vector<AskingRow> requests_of(db::Tx& tx, GroupId group, int limit) { return store::requests(tx, group, limit); }
std::vector<AskingRow> invitations_of(db::Tx& tx, GroupId group, int limit) {
    return store::invitations(tx, group, limit);
}
std::vector<GroupWaits> groups_waiting(db::Tx& tx, PersonId person) { return store::waiting(tx, person); }

void sort_groups(db::Database& db) {
    constexpr int batch = 1000;
    auto some = [](db::Tx& tx) { return !store::unsorted_groups(tx, 1).empty(); };
    while (db.read_now(some))
        db.write_now([](db::Tx& tx) {
            for (const auto& group : store::unsorted_groups(tx, batch))
                store::set_group_sort(tx, group.id, group_sort(group.name));
        });
}

// ---- The link for staff: "ID.MAC", of which only the id stands in the database.

std::string group_link_token(std::string_view key, GroupLinkId link) {
    return to_text(link) + '.' + base64url(hmac_sha256(key, "group-link " + to_text(link)));
}

namespace {
Result<void> require_deciding(db::Tx& tx, const Viewer& viewer, GroupId group) {
    const auto role = role_in(tx, group, viewer.person);
    if (!viewer.is_person() || role == GroupRole::None) return not_found("identity.group");
    if (role < GroupRole::Animator) return forbidden("identity.group_role");
    return {};
}

bool has_ended(db::Tx& tx, GroupId group) {
    const auto card = store::find_card(tx, group);
    return !card || card->closed;
}
} // namespace

Result<GroupLink> make_group_link(db::Tx& tx, IdSource& ids, const Viewer& viewer, GroupId group, Millis now) {
    TRY(require_deciding(tx, viewer, group));
    if (const auto card = store::find_card(tx, group); !card || card->closed)
        return fail(Error::Kind::Conflict,
                    card && card->kind != "class" ? "identity.group_ended" : "identity.class_closed");
    store::revoke_group_links(tx, group, now);
    const GroupLink link{.id = ids.next_as<GroupLinkId>(), .group = group, .until_at = now + group_link_lifetime};
    store::insert_group_link(tx, link, viewer.person);
    return link;
}

Result<void> end_group_link(db::Tx& tx, const Viewer& viewer, GroupId group, Millis now) {
    TRY(require_deciding(tx, viewer, group));
    store::revoke_group_links(tx, group, now);
    return {};
}

std::optional<GroupLink> group_link(db::Tx& tx, GroupId group, Millis now) {
    return store::link_of_group(tx, group, now);
}

Result<GroupLink> open_group_link(db::Tx& tx, const Viewer& viewer, std::string_view key, std::string_view token,
                                  Millis now) {
    const auto id = parse_id<GroupLinkId>(token.substr(0, token.find('.')));
    const bool ours = id && same_secret(group_link_token(key, *id), token);
    auto link = ours && viewer.is_person() && !viewer.guest ? store::find_group_link(tx, *id, now) : std::nullopt;
    if (!link || has_ended(tx, link->group)) return fail(Error::Kind::Gone, "identity.group_link");
    return *link;
}

Result<void> join_by_link(db::Tx& tx, const Viewer& viewer, const GroupLink& link, Millis now) {
    const auto good = store::find_group_link(tx, link.id, now);
    if (!good || viewer.guest || has_ended(tx, good->group)) return fail(Error::Kind::Gone, "identity.group_link");
    store::delete_request(tx, good->group, viewer.person);
    store::delete_invitation(tx, good->group, viewer.person);
    store::insert_member(tx, good->group, viewer.person, "member", now);
    return {};
}

} // namespace preau::identity

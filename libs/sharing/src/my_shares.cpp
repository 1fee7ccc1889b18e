#include "my_shares.hpp"

#include "my_shares_store.hpp"
#include "right_form.hpp"

#include "base/text.hpp"

#include <array>
#include <charconv>

namespace preau::sharing {
namespace {

// Fills a page from batches, of which only what the viewer still manages is kept.
template <class Row, class Next, class ItemOf>
std::vector<Row> managed_page(db::Tx& tx, const Viewer& viewer, int limit, Millis now, Next next, ItemOf item_of) {
    constexpr int most_batches = 10; // somebody who gave much away and manages it no more is not searched for ever
    std::vector<Row> page;
    for (int batch = 0; batch < most_batches && std::ssize(page) < limit; ++batch) {
        std::vector<Row> rows = next();
        std::vector<ItemId> items;
        for (const auto& row : rows) items.push_back(item_of(row));
        const auto reach = reaches(tx, viewer, items, now);
        const bool last = std::ssize(rows) < limit;
        for (std::size_t i = 0; i < rows.size() && std::ssize(page) < limit; ++i)
            if (reach[i].role >= Role::Manage && !reach[i].trashed) page.push_back(std::move(rows[i]));
        if (last) break;
    }
    return page;
}

std::vector<std::int64_t> kinds_of(Shares which) {
    using enum Subject::Kind;
    std::vector<std::int64_t> kinds;
    if (which == Shares::Public)
        for (auto kind : {SignedIn, Public}) kinds.push_back(static_cast<std::int64_t>(kind));
    else
        for (auto kind : {Person, Group, Structure, Families, Function})
            kinds.push_back(static_cast<std::int64_t>(kind));
    return kinds;
}

} // namespace

std::vector<MyLink> my_links(db::Tx& tx, const Viewer& viewer, LinkId before, int limit, Millis now) {
    if (!viewer.is_person()) return {};
    if (!before) before = LinkId{std::numeric_limits<std::int64_t>::max()};
    return managed_page<MyLink>(
        tx, viewer, limit, now,
        [&] {
            auto rows = store::links_made_by(tx, viewer.person, before, limit);
            if (!rows.empty()) before = rows.back().link.id;
            return rows;
        },
        [](const MyLink& row) { return row.link.item; });
}

std::vector<MyGrant> my_grants(db::Tx& tx, const Viewer& viewer, Shares which, const GivenKey& before, int limit,
                               Millis now) {
    if (!viewer.is_person()) return {};
    auto key = before;
    const auto kinds = kinds_of(which);
    return managed_page<MyGrant>(
        tx, viewer, limit, now,
        [&] {
            auto rows = store::grants_given_by(tx, viewer.person, kinds, key, limit);
            if (!rows.empty()) {
                const auto& last = rows.back();
                key = {last.given_at, last.grant.item, static_cast<std::int64_t>(last.grant.subject_kind),
                       last.grant.subject};
            }
            return rows;
        },
        [](const MyGrant& row) { return row.grant.item; });
}

std::string text_of(const Share& share) {
    const auto subject = text_of(share.subject);
    if (share.subject.kind == Subject::Kind::Link) return subject;
    auto text = to_text(share.item) + '~' + subject;
    if (share.may.empty()) return text;
    return text + '~' + share.may + '~' + (share.until ? std::to_string(*share.until) : "");
}

std::optional<Share> parse_share(std::string_view text) {
    const auto parts = split(text, '~');
    if (parts.size() == 1) {
        auto link = parse_subject(text);
        if (!link || link->kind != Subject::Kind::Link) return std::nullopt;
        return Share{.subject = *link};
    }
    const auto item = parse_id<ItemId>(parts[0]);
    const auto subject = parse_subject(parts[1]);
    if (!item || !subject || subject->kind == Subject::Kind::Link || parts.size() > 4 || parts.size() == 3)
        return std::nullopt;
    Share share{.item = *item, .subject = *subject};
    if (parts.size() == 2) return share;
    share.may = parts[2];
    Millis until = 0;
    std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), until);
    if (until > 0) share.until = until;
    return share;
}

std::vector<ItemId> spaces_of(db::Tx& tx, const World&, const std::vector<Share>& shares) {
    std::vector<std::int64_t> links, items;
    for (const auto& share : shares)
        if (share.subject.kind == Subject::Kind::Link) links.push_back(share.subject.id);
    std::map<std::int64_t, ItemId> item_of_link;
    if (!links.empty())
        for (const auto& row : store::link_items(tx, links)) item_of_link[row.id.value] = row.item;
    auto item_of = [&](const Share& share) {
        if (share.subject.kind != Subject::Kind::Link) return share.item;
        auto found = item_of_link.find(share.subject.id);
        return found == item_of_link.end() ? ItemId{} : found->second;
    };
    for (const auto& share : shares)
        if (auto item = item_of(share)) items.push_back(item.value);
    std::map<ItemId, ItemId> spaces;
    if (!items.empty())
        for (const auto& row : store::item_spaces(tx, items)) spaces[row.id] = row.space;
    std::vector<ItemId> answer;
    for (const auto& share : shares) {
        auto found = spaces.find(item_of(share));
        answer.push_back(found == spaces.end() ? ItemId{} : found->second);
    }
    return answer;
}

Withdrawn withdraw_each(db::Tx& tx, World& world, const Viewer& viewer, const std::vector<Share>& shares) {
    Withdrawn answer;
    for (const auto& share : shares) {
        if (share.subject.kind == Subject::Kind::Link) {
            auto done = revoke_link(tx, world, viewer, LinkId{share.subject.id});
            if (done)
                answer.done.push_back(share);
            else
                answer.failed.emplace_back(share, done.error());
            continue;
        }
        auto grant = withdraw(tx, world, viewer, share.item, share.subject);
        if (!grant) {
            answer.failed.emplace_back(share, grant.error());
            continue;
        }
        answer.done.push_back({share.item, share.subject, may_of(grant->role, grant->deposit), grant->until});
    }
    return answer;
}

Withdrawn give_back_each(db::Tx& tx, World& world, const Viewer& viewer, const std::vector<Share>& shares) {
    Withdrawn answer;
    for (const auto& share : shares) {
        Result<void> done;
        if (share.subject.kind == Subject::Kind::Link) {
            done = restore_link(tx, world, viewer, LinkId{share.subject.id});
        } else if (auto right = right_of(share.may)) {
            done = give(tx, world, viewer, share.item,
                        {.to = share.subject, .role = right->role, .deposit = right->deposit, .until = share.until});
        } else {
            done = invalid("what", "share.role_impossible");
        }
        if (done)
            answer.done.push_back(share);
        else
            answer.failed.emplace_back(share, done.error());
    }
    return answer;
}

} // namespace preau::sharing

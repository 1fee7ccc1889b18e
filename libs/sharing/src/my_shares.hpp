// "Ce que je partage": every link and every right that somebody gave on what they manage, to look over and to withdraw.
#pragma once

#include "sharing/link.hpp"
#include "sharing/share.hpp"

#include <limits>

namespace preau::sharing {

struct MyLink {
    Link link;
    std::string title, kind; // of the item
};
struct GivenKey { // where the last page ended; empty for the first
    Millis given_at = std::numeric_limits<Millis>::max();
    ItemId item;
    std::int64_t subject_kind = 0, subject = 0;
};
struct MyGrant {
    Grant grant;
    Millis given_at = 0;
    std::string title, kind;
};
enum class Shares { Links, People, Public };

// Newest first, at most `limit`; what lies in the trash and what somebody else manages now is left out. Each reads one
// index by key.
std::vector<MyLink> my_links(db::Tx& tx, const Viewer& viewer, LinkId before, int limit, Millis now);
std::vector<MyGrant> my_grants(db::Tx& tx, const Viewer& viewer, Shares which, const GivenKey& before, int limit,
                               Millis now);

// One thing to withdraw, and to give back: "link-6k2…", or "ITEM~person-6k2…", after withdrawing with "~edit~UNTIL".
struct Share {
    ItemId item; // of a right; found out for a link
    Subject subject;
    std::string may; // what it was
    std::optional<Millis> until;
};
std::string text_of(const Share& share);
std::optional<Share> parse_share(std::string_view text);

struct Withdrawn {
    std::vector<Share> done; // with what they were
    std::vector<std::pair<Share, Error>> failed;
};
// Those of `shares` that stand in one space, under its lane. What is gone already counts as done by somebody else.
Withdrawn withdraw_each(db::Tx& tx, World& world, const Viewer& viewer, const std::vector<Share>& shares);
Withdrawn give_back_each(db::Tx& tx, World& world, const Viewer& viewer, const std::vector<Share>& shares);
// The space that each stands in; none for what does not exist.
std::vector<ItemId> spaces_of(db::Tx& tx, const World& world, const std::vector<Share>& shares);

} // namespace preau::sharing

#pragma once

#include "sharing/suspension.hpp"

namespace preau::sharing::store {

struct Window { // how far a bounded look went
    std::int64_t rows = 0;
    std::optional<std::int64_t> least;
};
PREAU_DESCRIBE(Window, rows, least)
inline constexpr std::int64_t most_makers = 2'000;

// Who works in a structure or below it, at most one more than most_makers.
std::vector<std::int64_t> makers_below(db::Tx& tx, StructureId structure);
std::vector<ShownMaker> shown_of_makers(db::Tx& tx, const ShownFilter& filter, std::span<const std::int64_t> makers,
                                        std::int64_t before, int limit, Millis now);
// Of the next `rows` rows those that match.
std::vector<ShownMaker> shown_in_window(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int rows, int limit,
                                        Millis now);
Window window_of(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int rows);
std::vector<Shown> shown_links(db::Tx& tx, std::span<const std::int64_t> links);
std::vector<Shown> shown_public(db::Tx& tx, std::span<const std::int64_t> items, bool suspended);

void insert_suspension(db::Tx& tx, SuspensionId id, PersonId by, Millis at, std::string_view reason);
std::vector<ShownMaker> suspended_by(db::Tx& tx, SuspensionId suspension, ShownFilter::What what, std::int64_t before,
                                     int limit);
std::vector<PersonId> touched_by(db::Tx& tx, SuspensionId suspension, std::span<const std::int64_t> makers);
std::vector<ShownMaker> makers_of_links(db::Tx& tx, std::span<const std::int64_t> links);
std::vector<ShownMaker> makers_of_public(db::Tx& tx, std::span<const std::int64_t> items);
struct LinkOnItem {
    LinkId id;
    ItemId item;
};
PREAU_DESCRIBE(LinkOnItem, id, item)
// Those of these links that are not suspended (or are), and live.
std::vector<LinkOnItem> links_to_suspend(db::Tx& tx, std::span<const std::int64_t> links);
std::vector<LinkOnItem> links_to_resume(db::Tx& tx, std::span<const std::int64_t> links);
void set_suspended(db::Tx& tx, std::span<const std::int64_t> links, SuspensionId suspension); // none: not any more

struct PublicRight {
    PersonId given_by;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(PublicRight, given_by, until)
std::optional<PublicRight> public_right(db::Tx& tx, ItemId item);
void keep_public_right(db::Tx& tx, ItemId item, SuspensionId suspension, const PublicRight& right);
std::optional<PublicRight> kept_public_right(db::Tx& tx, ItemId item);
void forget_public_right(db::Tx& tx, ItemId item);
std::optional<std::string> public_suspended(db::Tx& tx, ItemId item);

} // namespace preau::sharing::store

// SQL of links.
#pragma once

#include "sharing/link.hpp"

namespace preau::sharing::store {

struct SealedLink {
    Link link;
    std::string sealed;
    std::string password_hash;
};
void insert_link(db::Tx& tx, const SealedLink& link, std::string_view token_hash);
std::optional<SealedLink> link_by_token(db::Tx& tx, std::string_view token_hash);
std::optional<SealedLink> find_link(db::Tx& tx, LinkId link);
std::vector<SealedLink> links_on(db::Tx& tx, ItemId item); // not the revoked ones
std::vector<Link> valid_links(db::Tx& tx, std::span<const std::int64_t> links, Millis now);
bool revoke_link(db::Tx& tx, LinkId link, Millis now); // false: it was already
bool restore_link(db::Tx& tx, LinkId link);            // false: it was not revoked
void change_link(db::Tx& tx, LinkId link, const LinkChange& change);
bool use_link(db::Tx& tx, LinkId link, Millis now); // false: closed, or as many came as may

} // namespace preau::sharing::store

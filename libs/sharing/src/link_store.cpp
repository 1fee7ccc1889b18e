#include "link_store.hpp"

namespace preau::sharing::store {
namespace {

// One list of columns for every query that reads a link. "group" is a word of SQL, hence the quotes.
#define PREAU_LINK_COLUMNS                                                                                             \
    R"(id, item, class AS "group", pupil, role, deposit, label, until, revoked_at,
       CASE WHEN password_hash <> '' THEN 1 ELSE 0 END AS has_password, made_by, created_at, sealed, password_hash,
       max_uses, uses, used_at, 
       COALESCE((SELECT s.reason FROM suspension s WHERE s.id = link.suspended), '') AS suspended)"

const db::Query insert_link_sql{"sharing.insert_link", R"(
    INSERT INTO link (id, item, class, pupil, role, deposit, label, until, made_by, created_at, token_hash, sealed,
                      password_hash, max_uses)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))"};

const db::Query link_by_token_sql{"sharing.link_by_token",
                                  "SELECT " PREAU_LINK_COLUMNS " FROM link WHERE token_hash = $1"};

const db::Query find_link_sql{"sharing.find_link", "SELECT " PREAU_LINK_COLUMNS " FROM link WHERE id = $1"};

const db::Query links_on_sql{"sharing.links_on", "SELECT " PREAU_LINK_COLUMNS
                                                 " FROM link WHERE item = $1 AND revoked_at IS NULL ORDER BY id"};

const db::Query valid_links_sql{"sharing.valid_links",
                                "SELECT " PREAU_LINK_COLUMNS
                                " FROM link WHERE id $IDS(1) AND revoked_at IS NULL AND suspended IS NULL"
                                " AND (until IS NULL OR until > $2)"};

const db::Query revoke_link_sql{"sharing.revoke_link", R"(
    UPDATE link SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL)"};

const db::Query restore_link_sql{"sharing.restore_link", R"(
    UPDATE link SET revoked_at = NULL WHERE id = $1 AND revoked_at IS NOT NULL)"};

const db::Query change_link_sql{"sharing.change_link",
                                "UPDATE link SET label = $2, until = $3, max_uses = $4 WHERE id = $1"};
const db::Query change_password_sql{"sharing.change_link_password", "UPDATE link SET password_hash = $2 WHERE id = $1"};

// The row itself counts: of ten thousand at once each sees what the one before left.
const db::Query use_link_sql{"sharing.use_link", R"(
    UPDATE link SET uses = uses + 1, used_at = $2
     WHERE id = $1 AND revoked_at IS NULL AND suspended IS NULL AND (until IS NULL OR until > $2)
       AND (max_uses IS NULL OR uses < max_uses))"};

std::vector<SealedLink> read_all(db::Tx& tx, const db::Query& query, db::Arguments arguments) {
    std::vector<SealedLink> links;
    db::Reader<Link> reader;
    tx.each(query, arguments, [&](const db::Row& row) {
        links.push_back(
            {.link = reader(row), .sealed = std::string{row.bytes(12)}, .password_hash = std::string{row.text(13)}});
    });
    return links;
}

std::optional<SealedLink> first(std::vector<SealedLink> links) {
    if (links.empty()) return std::nullopt;
    return std::move(links.front());
}

} // namespace

void insert_link(db::Tx& tx, const SealedLink& sealed, std::string_view token_hash) {
    const auto& link = sealed.link;
    tx.execute(insert_link_sql, {link.id, link.item, link.group, link.pupil, static_cast<std::int64_t>(link.role),
                                 link.deposit, link.label, link.until, link.made_by, link.created_at,
                                 db::Bytes{token_hash}, db::Bytes{sealed.sealed}, sealed.password_hash, link.max_uses});
}

std::optional<SealedLink> link_by_token(db::Tx& tx, std::string_view token_hash) {
    return first(read_all(tx, link_by_token_sql, {db::Bytes{token_hash}}));
}

std::optional<SealedLink> find_link(db::Tx& tx, LinkId link) { return first(read_all(tx, find_link_sql, {link})); }

std::vector<SealedLink> links_on(db::Tx& tx, ItemId item) { return read_all(tx, links_on_sql, {item}); }

std::vector<Link> valid_links(db::Tx& tx, std::span<const std::int64_t> links, Millis now) {
    return tx.all<Link>(valid_links_sql, {db::Ids{links}, now});
}

bool revoke_link(db::Tx& tx, LinkId link, Millis now) { return tx.execute(revoke_link_sql, {link, now}) == 1; }
bool restore_link(db::Tx& tx, LinkId link) { return tx.execute(restore_link_sql, {link}) == 1; }

void change_link(db::Tx& tx, LinkId link, const LinkChange& change) {
    tx.execute(change_link_sql, {link, change.label, change.until, change.max_uses});
    if (change.password_hash) tx.execute(change_password_sql, {link, *change.password_hash});
}

bool use_link(db::Tx& tx, LinkId link, Millis now) { return tx.execute(use_link_sql, {link, now}) == 1; }

} // namespace preau::sharing::store

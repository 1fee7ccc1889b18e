#include "suspension_store.hpp"

namespace preau::sharing::store {
namespace {

// The four lists differ in where their rows are and in what their key and their maker are called.
#define PREAU_OPEN_LINKS "link WHERE revoked_at IS NULL AND suspended IS NULL AND item <> 0"
#define PREAU_SUSPENDED_LINKS "link WHERE revoked_at IS NULL AND suspended IS NOT NULL AND item <> 0"
#define PREAU_PUBLIC "grant_ WHERE subject_kind = 5 AND subject = 0"
#define PREAU_SUSPENDED_PUBLIC "suspended_public WHERE suspension <> 0"
#define PREAU_LINK_WRITES "($5 = 0 OR role <> 10 OR deposit = 1)"
#define PREAU_PUBLIC_WRITES "$5 = 0"

// Of few makers: each one's rows stand together in an index.
#define PREAU_OF_MAKERS(KEY, MAKER, ROWS, WRITES)                                                                      \
    "SELECT " KEY " AS id, " MAKER " AS maker FROM " ROWS " AND " MAKER " $IDS(1) AND " KEY                            \
    " < $2 AND (until IS NULL OR until > $3) AND ($4 = 0 OR until IS NULL) AND " WRITES " ORDER BY " KEY               \
    " DESC LIMIT $6"
// Of many: the newest rows of all, a bounded number of them, of which those of the part stay. A person is looked up
// only where there is a part: each is another page of a table of millions.
#define PREAU_IN_WINDOW(KEY, MAKER, COLUMNS, ROWS, WRITES)                                                             \
    "SELECT w.id, w.maker FROM (SELECT " KEY " AS id, " MAKER " AS maker, until" COLUMNS " FROM " ROWS " AND " KEY     \
    " < $2 ORDER BY " KEY " DESC LIMIT $7) w"                                                                          \
    " WHERE ($1 = 0 OR EXISTS (SELECT 1 FROM person p JOIN subtree_person s"                                           \
    "                             ON s.ancestor = $1 AND s.sort_key = p.sort_key AND s.person = p.id"                  \
    "                           WHERE p.id = w.maker))"                                                                \
    " AND (w.until IS NULL OR w.until > $3) AND ($4 = 0 OR w.until IS NULL) AND " WRITES                               \
    " ORDER BY w.id DESC LIMIT $6"
#define PREAU_WINDOW(KEY, ROWS)                                                                                        \
    "SELECT COUNT(*) AS rows, MIN(id) AS least FROM (SELECT " KEY " AS id FROM " ROWS " AND " KEY                      \
    " < $1 ORDER BY " KEY " DESC LIMIT $2) w"

struct Lists {
    db::Query of_makers, in_window, window;
};
const Lists open_links{
    {"sharing.open_links_of", PREAU_OF_MAKERS("id", "made_by", PREAU_OPEN_LINKS, PREAU_LINK_WRITES)},
    {"sharing.open_links_in", PREAU_IN_WINDOW("id", "made_by", ", role, deposit", PREAU_OPEN_LINKS, PREAU_LINK_WRITES)},
    {"sharing.open_links_window", PREAU_WINDOW("id", PREAU_OPEN_LINKS)}};
const Lists suspended_links{
    {"sharing.suspended_links_of", PREAU_OF_MAKERS("id", "made_by", PREAU_SUSPENDED_LINKS, PREAU_LINK_WRITES)},
    {"sharing.suspended_links_in",
     PREAU_IN_WINDOW("id", "made_by", ", role, deposit", PREAU_SUSPENDED_LINKS, PREAU_LINK_WRITES)},
    {"sharing.suspended_links_window", PREAU_WINDOW("id", PREAU_SUSPENDED_LINKS)}};
const Lists open_items{
    {"sharing.public_items_of", PREAU_OF_MAKERS("item", "given_by", PREAU_PUBLIC, PREAU_PUBLIC_WRITES)},
    {"sharing.public_items_in", PREAU_IN_WINDOW("item", "given_by", "", PREAU_PUBLIC, PREAU_PUBLIC_WRITES)},
    {"sharing.public_items_window", PREAU_WINDOW("item", PREAU_PUBLIC)}};
const Lists suspended_items{
    {"sharing.suspended_items_of", PREAU_OF_MAKERS("item", "given_by", PREAU_SUSPENDED_PUBLIC, PREAU_PUBLIC_WRITES)},
    {"sharing.suspended_items_in",
     PREAU_IN_WINDOW("item", "given_by", "", PREAU_SUSPENDED_PUBLIC, PREAU_PUBLIC_WRITES)},
    {"sharing.suspended_items_window", PREAU_WINDOW("item", PREAU_SUSPENDED_PUBLIC)}};

const Lists& lists_for(const ShownFilter& filter) {
    if (filter.what == ShownFilter::What::Links) return filter.suspended ? suspended_links : open_links;
    return filter.suspended ? suspended_items : open_items;
}

const db::Query makers_below_sql{"sharing.makers_below",
                                 "SELECT person FROM subtree_person WHERE ancestor = $1 LIMIT $2"};

const db::Query shown_links_sql{"sharing.shown_links", R"(
    SELECT l.id AS link, l.item, i.kind, '' AS title, l.role, l.deposit, l.until, l.made_by, p.name AS maker,
           l.created_at AS at, l.uses, COALESCE(s.reason, '') AS reason
      FROM link l JOIN item i ON i.id = l.item JOIN person p ON p.id = l.made_by
           LEFT JOIN suspension s ON s.id = l.suspended
     WHERE l.id $IDS(1) ORDER BY l.id DESC)"};
const db::Query shown_public_sql{"sharing.shown_public", R"(
    SELECT 0 AS link, g.item, i.kind, i.title, 10 AS role, 0 AS deposit, g.until, g.given_by AS made_by,
           p.name AS maker, g.given_at AS at, 0 AS uses, '' AS reason
      FROM grant_ g JOIN item i ON i.id = g.item JOIN person p ON p.id = g.given_by
     WHERE g.item $IDS(1) AND g.subject_kind = 5 AND g.subject = 0 ORDER BY g.item DESC)"};
const db::Query shown_suspended_sql{"sharing.shown_suspended", R"(
    SELECT 0 AS link, o.item, i.kind, i.title, 10 AS role, 0 AS deposit, o.until, o.given_by AS made_by,
           p.name AS maker, s.made_at AS at, 0 AS uses, s.reason
      FROM suspended_public o JOIN suspension s ON s.id = o.suspension
           JOIN item i ON i.id = o.item JOIN person p ON p.id = o.given_by
     WHERE o.item $IDS(1) ORDER BY o.item DESC)"};

const db::Query insert_suspension_sql{"sharing.insert_suspension",
                                      "INSERT INTO suspension (id, made_by, made_at, reason) VALUES ($1, $2, $3, $4)"};
const db::Query links_suspended_by_sql{"sharing.links_suspended_by", R"(
    SELECT id, made_by AS maker FROM link WHERE suspended = $1 AND id < $2 ORDER BY id DESC LIMIT $3)"};
const db::Query items_suspended_by_sql{"sharing.items_suspended_by", R"(
    SELECT item AS id, given_by AS maker FROM suspended_public
     WHERE suspension = $1 AND item < $2 ORDER BY item DESC LIMIT $3)"};
const db::Query touched_by_sql{"sharing.touched_by", R"(
    SELECT p.id FROM person p
     WHERE p.id $IDS(2)
       AND (EXISTS (SELECT 1 FROM link l WHERE l.made_by = p.id AND l.suspended = $1)
            OR EXISTS (SELECT 1 FROM suspended_public o WHERE o.suspension = $1 AND o.given_by = p.id)))"};
const db::Query makers_of_links_sql{"sharing.makers_of_links",
                                    "SELECT id, made_by AS maker FROM link WHERE id $IDS(1) AND item <> 0"};
const db::Query makers_of_public_sql{"sharing.makers_of_public", R"(
    SELECT item AS id, given_by AS maker FROM grant_ WHERE item $IDS(1) AND subject_kind = 5 AND subject = 0
    UNION ALL
    SELECT item AS id, given_by AS maker FROM suspended_public WHERE item $IDS(1))"};
// Not those of classes: they end and come back with the school year (archive_store.cpp).
const db::Query links_to_suspend_sql{"sharing.links_to_suspend", R"(
    SELECT id, item FROM link WHERE id $IDS(1) AND item <> 0 AND revoked_at IS NULL AND suspended IS NULL)"};
const db::Query links_to_resume_sql{"sharing.links_to_resume", R"(
    SELECT id, item FROM link WHERE id $IDS(1) AND item <> 0 AND suspended IS NOT NULL)"};
const db::Query suspend_sql{"sharing.suspend_links", "UPDATE link SET suspended = $2 WHERE id $IDS(1)"};
const db::Query resume_sql{"sharing.resume_links", "UPDATE link SET suspended = NULL WHERE id $IDS(1)"};

const db::Query public_right_sql{
    "sharing.public_right", "SELECT given_by, until FROM grant_ WHERE item = $1 AND subject_kind = 5 AND subject = 0"};
const db::Query keep_public_right_sql{
    "sharing.keep_public_right",
    "INSERT INTO suspended_public (item, suspension, given_by, until) VALUES ($1, $2, $3, $4)"};
const db::Query kept_public_right_sql{"sharing.kept_public_right",
                                      "SELECT given_by, until FROM suspended_public WHERE item = $1"};
const db::Query forget_public_right_sql{"sharing.forget_public_right", "DELETE FROM suspended_public WHERE item = $1"};
const db::Query public_suspended_sql{"sharing.public_suspended", R"(
    SELECT s.reason FROM suspended_public o JOIN suspension s ON s.id = o.suspension WHERE o.item = $1)"};

} // namespace

std::vector<std::int64_t> makers_below(db::Tx& tx, StructureId structure) {
    return tx.all<std::int64_t>(makers_below_sql, {structure, most_makers + 1});
}

std::vector<ShownMaker> shown_of_makers(db::Tx& tx, const ShownFilter& filter, std::span<const std::int64_t> makers,
                                        std::int64_t before, int limit, Millis now) {
    return tx.all<ShownMaker>(lists_for(filter).of_makers,
                              {db::Ids{makers}, before, now, filter.endless, filter.writes, limit});
}

std::vector<ShownMaker> shown_in_window(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int rows, int limit,
                                        Millis now) {
    return tx.all<ShownMaker>(lists_for(filter).in_window,
                              {filter.structure, before, now, filter.endless, filter.writes, limit, rows});
}

Window window_of(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int rows) {
    return tx.one<Window>(lists_for(filter).window, {before, rows}).value_or(Window{});
}

std::vector<Shown> shown_links(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<Shown>(shown_links_sql, {db::Ids{links}});
}

std::vector<Shown> shown_public(db::Tx& tx, std::span<const std::int64_t> items, bool suspended) {
    return tx.all<Shown>(suspended ? shown_suspended_sql : shown_public_sql, {db::Ids{items}});
}

void insert_suspension(db::Tx& tx, SuspensionId id, PersonId by, Millis at, std::string_view reason) {
    tx.execute(insert_suspension_sql, {id, by, at, reason});
}

std::vector<ShownMaker> suspended_by(db::Tx& tx, SuspensionId suspension, ShownFilter::What what, std::int64_t before,
                                     int limit) {
    const auto& query = what == ShownFilter::What::Links ? links_suspended_by_sql : items_suspended_by_sql;
    return tx.all<ShownMaker>(query, {suspension, before, limit});
}

std::vector<PersonId> touched_by(db::Tx& tx, SuspensionId suspension, std::span<const std::int64_t> makers) {
    return tx.all<PersonId>(touched_by_sql, {suspension, db::Ids{makers}});
}

std::vector<ShownMaker> makers_of_links(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<ShownMaker>(makers_of_links_sql, {db::Ids{links}});
}

std::vector<ShownMaker> makers_of_public(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<ShownMaker>(makers_of_public_sql, {db::Ids{items}});
}

std::vector<LinkOnItem> links_to_suspend(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<LinkOnItem>(links_to_suspend_sql, {db::Ids{links}});
}

std::vector<LinkOnItem> links_to_resume(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<LinkOnItem>(links_to_resume_sql, {db::Ids{links}});
}

void set_suspended(db::Tx& tx, std::span<const std::int64_t> links, SuspensionId suspension) {
    if (suspension)
        tx.execute(suspend_sql, {db::Ids{links}, suspension});
    else
        tx.execute(resume_sql, {db::Ids{links}});
}

std::optional<PublicRight> public_right(db::Tx& tx, ItemId item) {
    return tx.one<PublicRight>(public_right_sql, {item});
}

void keep_public_right(db::Tx& tx, ItemId item, SuspensionId suspension, const PublicRight& right) {
    tx.execute(keep_public_right_sql, {item, suspension, right.given_by, right.until});
}

std::optional<PublicRight> kept_public_right(db::Tx& tx, ItemId item) {
    return tx.one<PublicRight>(kept_public_right_sql, {item});
}

void forget_public_right(db::Tx& tx, ItemId item) { tx.execute(forget_public_right_sql, {item}); }

std::optional<std::string> public_suspended(db::Tx& tx, ItemId item) {
    return tx.one<std::string>(public_suspended_sql, {item});
}

} // namespace preau::sharing::store

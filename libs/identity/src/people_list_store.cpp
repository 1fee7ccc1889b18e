#include "people_list_store.hpp"

namespace preau::identity::store {
namespace {

#define PERSON_ROW                                                                                                     \
    "p.id, p.login, p.name, p.mail, p.disabled, p.admin, p.picture,"                                                   \
    " CASE WHEN p.guest_until IS NULL THEN 0 ELSE 1 END AS guest"

// A window of at most so many rows is cut from an index first; what does not pass the sieve is dropped from it. So the
// cost has a bound whatever is asked for. CROSS JOIN keeps SQLite from turning the order round.
//
// $1 after, $2 after.id, $3 examined, $4 limit, $5 structure or 0, $6 function or '', $7 state (2: any).
#define PASSES_WITH(STANDS)                                                                                            \
    R"(($7 = 2 OR p.disabled = $7) AND ($6 <> '' OR CAST($5 AS BIGINT) = 0 OR )" STANDS R"()
       AND ($6 = '' OR EXISTS (
            SELECT 1 FROM person_function f
             WHERE f.person = p.id AND f.function = $6
               AND (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM structure_above a
                                       WHERE a.structure = f.structure AND a.ancestor = $5)))))"
#define STANDS_BELOW                                                                                                   \
    "EXISTS (SELECT 1 FROM subtree_person s WHERE s.ancestor = $5 AND s.sort_key = p.sort_key AND s.person = p.id)"
#define PASSES PASSES_WITH(STANDS_BELOW)

const db::Query everybody_sql{"identity.people_everybody", "SELECT " PERSON_ROW R"(, w.sort_key AS sort
      FROM (SELECT sort_key, id FROM person WHERE (sort_key, id) > ($1, $2) ORDER BY sort_key, id LIMIT $3) AS w
     CROSS JOIN person p WHERE p.id = w.id AND )" PASSES " ORDER BY w.sort_key, w.id LIMIT $4"};

const db::Query closed_sql{"identity.people_closed", "SELECT " PERSON_ROW R"(, w.sort_key AS sort
      FROM (SELECT sort_key, id FROM person WHERE disabled = 1 AND (sort_key, id) > ($1, $2)
             ORDER BY sort_key, id LIMIT $3) AS w
     CROSS JOIN person p WHERE p.id = w.id AND )" PASSES " ORDER BY w.sort_key, w.id LIMIT $4"};

const db::Query below_sql{"identity.people_below", "SELECT " PERSON_ROW R"(, w.sort_key AS sort
      FROM (SELECT sort_key, person AS id FROM subtree_person WHERE ancestor = $5 AND (sort_key, person) > ($1, $2)
             ORDER BY sort_key, person LIMIT $3) AS w
     CROSS JOIN person p WHERE p.id = w.id AND )" PASSES_WITH("1 = 1") " ORDER BY w.sort_key, w.id LIMIT $4"};

const db::Query by_mail_sql{"identity.people_by_mail", "SELECT " PERSON_ROW R"(, w.mail_key AS sort
      FROM (SELECT mail_key, id FROM person WHERE mail_key <> '' AND mail_key >= $2 AND mail_key < $8 AND mail_key <> $1
             ORDER BY mail_key LIMIT $3) AS w
     CROSS JOIN person p WHERE p.id = w.id AND )" PASSES " ORDER BY w.mail_key LIMIT $4"};

struct Window {
    std::int64_t count = 0;
    std::string sort;
    PersonId id;
};
PREAU_DESCRIBE(Window, count, sort, id)

#define END_OF(ROWS)                                                                                                   \
    R"(SELECT w.sort, w.id, (SELECT COUNT(*) FROM ()" ROWS R"() AS c) AS count FROM ()" ROWS                           \
    ") AS w ORDER BY w.sort DESC, w.id DESC LIMIT 1"

const db::Query end_of_everybody_sql{
    "identity.end_of_everybody",
    END_OF("SELECT sort_key AS sort, id FROM person WHERE (sort_key, id) > ($1, $2) ORDER BY sort_key, id LIMIT $3")};
const db::Query end_of_closed_sql{
    "identity.end_of_closed",
    END_OF("SELECT sort_key AS sort, id FROM person WHERE disabled = 1 AND (sort_key, id) > ($1, $2) "
           "ORDER BY sort_key, id LIMIT $3")};
const db::Query end_of_below_sql{"identity.end_of_below",
                                 END_OF("SELECT sort_key AS sort, person AS id FROM subtree_person WHERE ancestor = $4 "
                                        "AND (sort_key, person) > ($1, $2) ORDER BY sort_key, person LIMIT $3")};
const db::Query end_of_mail_sql{
    "identity.end_of_mail",
    END_OF("SELECT mail_key AS sort, id FROM person WHERE mail_key <> '' AND mail_key >= $2 AND mail_key <> $1 "
           "AND mail_key < $4 ORDER BY mail_key LIMIT $3")};

const db::Query few_hold_sql{"identity.few_hold", R"(
    SELECT COUNT(*) AS count FROM (SELECT 1 FROM person_function WHERE function = $1 LIMIT $2) AS taken)"};
const db::Query few_below_sql{"identity.few_below", R"(
    SELECT COUNT(*) AS count FROM (SELECT 1 FROM subtree_person WHERE ancestor = $1 LIMIT $2) AS taken)"};

const db::Query holders_sql{"identity.function_holders", "SELECT " PERSON_ROW R"(, p.sort_key AS sort
      FROM (SELECT DISTINCT f.person FROM person_function f
             WHERE f.function = $5
               AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM structure_above a
                                       WHERE a.structure = f.structure AND a.ancestor = $4))) AS w
     CROSS JOIN person p
     WHERE p.id = w.person AND ($6 = 2 OR p.disabled = $6) AND (p.sort_key, p.id) > ($1, $2)
     ORDER BY p.sort_key, p.id LIMIT $3)"};

const db::Query sifted_sql{"identity.people_sifted", "SELECT " PERSON_ROW R"(, p.sort_key AS sort
      FROM person p
     WHERE p.id $IDS(1) AND ($4 = 2 OR p.disabled = $4)
       AND ($3 <> '' OR CAST($2 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM subtree_person s
                            WHERE s.ancestor = $2 AND s.sort_key = p.sort_key AND s.person = p.id))
       AND ($3 = '' OR EXISTS (
            SELECT 1 FROM person_function f
             WHERE f.person = p.id AND f.function = $3
               AND (CAST($2 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM structure_above a
                                       WHERE a.structure = f.structure AND a.ancestor = $2))))
     ORDER BY p.id)"};

// One lower bound, as a row: written as OR, SQLite reads all names from the first letter of the alphabet on.
// Kind 1 is a person; scope 0 holds open accounts, scope -1 closed ones.
const db::Query named_after_sql{"identity.people_named_after", R"(
    SELECT key, subject FROM (
        SELECT * FROM (SELECT key, subject FROM directory
                        WHERE scope = 0 AND kind = 1 AND (key, subject) > ($1, $3) AND key < $2 AND $5 <> 1
                        ORDER BY key, subject LIMIT $4) AS open_
         UNION ALL
        SELECT * FROM (SELECT key, subject FROM directory
                        WHERE scope = -1 AND kind = 1 AND (key, subject) > ($1, $3) AND key < $2 AND $5 <> 0
                        ORDER BY key, subject LIMIT $4) AS closed_) AS both_
     ORDER BY key, subject LIMIT $4)"};

std::int64_t number(PeopleFilter::State state) {
    using enum PeopleFilter::State;
    return state == Any ? 2 : state == Closed ? 1 : 0;
}

std::string end_of_prefix(std::string_view prefix) { return std::string{prefix} + "\xf4\x8f\xbf\xbf"; }

// From the key on, not from the prefix: or each page would read what the ones before it held. One lower bound alone, so
// that no plan takes the other.
std::string_view from_of(std::string_view prefix, const PeopleKey& after) {
    return after.sort > prefix ? std::string_view{after.sort} : prefix;
}

std::optional<PeopleKey> full(std::optional<Window> window, int examined) {
    if (!window || window->count < examined) return std::nullopt;
    return PeopleKey{std::move(window->sort), window->id};
}

} // namespace

std::vector<PersonRow> everybody(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined) {
    return tx.all<PersonRow>(everybody_sql, {db::Bytes{after.sort}, after.id, examined, limit, sieve.structure,
                                             sieve.function, number(sieve.state)});
}
std::vector<PersonRow> below(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined) {
    return tx.all<PersonRow>(below_sql, {db::Bytes{after.sort}, after.id, examined, limit, sieve.structure,
                                         sieve.function, number(sieve.state)});
}
std::vector<PersonRow> closed(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined) {
    return tx.all<PersonRow>(closed_sql, {db::Bytes{after.sort}, after.id, examined, limit, sieve.structure,
                                          sieve.function, number(sieve.state)});
}
std::vector<PersonRow> by_mail(db::Tx& tx, const Sieve& sieve, std::string_view prefix, const PeopleKey& after,
                               int limit, int examined) {
    return tx.all<PersonRow>(by_mail_sql, {after.sort, from_of(prefix, after), examined, limit, sieve.structure,
                                           sieve.function, number(sieve.state), end_of_prefix(prefix)});
}

std::optional<PeopleKey> end_of_everybody(db::Tx& tx, const PeopleKey& after, int examined) {
    return full(tx.one<Window>(end_of_everybody_sql, {db::Bytes{after.sort}, after.id, examined}), examined);
}
std::optional<PeopleKey> end_of_closed(db::Tx& tx, const PeopleKey& after, int examined) {
    return full(tx.one<Window>(end_of_closed_sql, {db::Bytes{after.sort}, after.id, examined}), examined);
}
std::optional<PeopleKey> end_of_below(db::Tx& tx, StructureId structure, const PeopleKey& after, int examined) {
    return full(tx.one<Window>(end_of_below_sql, {db::Bytes{after.sort}, after.id, examined, structure}), examined);
}
std::optional<PeopleKey> end_of_mail(db::Tx& tx, std::string_view prefix, const PeopleKey& after, int examined) {
    return full(tx.one<Window>(end_of_mail_sql, {after.sort, from_of(prefix, after), examined, end_of_prefix(prefix)}),
                examined);
}

bool few_hold(db::Tx& tx, std::string_view function, int most) {
    return tx.one<std::int64_t>(few_hold_sql, {function, most + 1}).value_or(0) <= most;
}
bool few_below(db::Tx& tx, StructureId structure, int most) {
    return tx.one<std::int64_t>(few_below_sql, {structure, most + 1}).value_or(0) <= most;
}
std::vector<PersonRow> holders(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit) {
    return tx.all<PersonRow>(
        holders_sql, {db::Bytes{after.sort}, after.id, limit, sieve.structure, sieve.function, number(sieve.state)});
}
std::vector<PersonRow> sifted(db::Tx& tx, const Sieve& sieve, const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return tx.all<PersonRow>(sifted_sql, {db::Ids{ids}, sieve.structure, sieve.function, number(sieve.state)});
}

std::vector<Hit> named_after(db::Tx& tx, PeopleFilter::State state, std::string_view prefix, const PeopleKey& after,
                             int limit) {
    const auto from = from_of(prefix, after);
    return tx.all<Hit>(named_after_sql,
                       {from, end_of_prefix(prefix), from == after.sort ? after.id : PersonId{}, limit, number(state)});
}

} // namespace preau::identity::store

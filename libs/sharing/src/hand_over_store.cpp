#include "hand_over_store.hpp"

#include "naming.hpp"

namespace preau::sharing::store {
namespace {

// Through grant_by_subject.
const db::Query teams_managed_only_by_sql{"sharing.teams_managed_only_by", R"(
    SELECT g.item FROM grant_ g JOIN item i ON i.id = g.item
     WHERE g.subject_kind = 1 AND g.subject = $1 AND g.role = 40 AND i.parent = 0 AND i.kind = 'team'
       AND NOT EXISTS (SELECT 1 FROM grant_ o WHERE o.item = g.item AND o.role = 40 AND o.until IS NULL
                          AND NOT (o.subject_kind = 1 AND o.subject = $1))
     ORDER BY g.item)"};

const db::Query holds_anything_sql{"sharing.holds_anything", R"(
    SELECT 1 FROM item i
     WHERE (i.parent = $1 AND i.kind <> 'trash')
        OR i.parent IN (SELECT b.id FROM item b WHERE b.parent = $1 AND b.kind = 'trash') LIMIT 1)"};

const db::Query turn_into_team_sql{"sharing.turn_into_team", R"(
    UPDATE item SET kind = 'team', title = $2, sort = $3, owner = $4, revision = revision + 1, changed_at = $5
     WHERE id = $1)"};
const db::Query forget_personal_space_sql{"sharing.forget_personal_space",
                                          "DELETE FROM personal_space WHERE person = $1 AND item = $2"};

// Through link_by_maker.
const db::Query live_links_of_sql{"sharing.live_links_of", R"(
    SELECT id FROM link WHERE made_by = $1 AND revoked_at IS NULL AND item <> 0 ORDER BY id LIMIT $2)"};
// Through grant_public_by_giver.
const db::Query published_by_sql{"sharing.published_by", R"(
    SELECT item FROM grant_ WHERE given_by = $1 AND subject_kind = 5 ORDER BY item LIMIT $2)"};
const db::Query pass_links_on_sql{"sharing.pass_links_on", R"(
    UPDATE link SET made_by = $2 WHERE made_by = $1 AND revoked_at IS NULL AND item <> 0)"};
const db::Query pass_given_rights_on_sql{"sharing.pass_given_rights_on", R"(
    UPDATE grant_ SET given_by = $2 WHERE given_by = $1)"};

// But for a personal space that stays theirs, because it is empty: who comes back finds it.
const db::Query take_rights_back_sql{"sharing.take_rights_back", R"(
    DELETE FROM grant_ WHERE subject_kind = 1 AND subject = $1
       AND NOT EXISTS (SELECT 1 FROM personal_space s WHERE s.person = $1 AND s.item = grant_.item))"};

} // namespace

std::vector<ItemId> teams_managed_only_by(db::Tx& tx, PersonId person) {
    return tx.all<ItemId>(teams_managed_only_by_sql, {person});
}

bool holds_anything(db::Tx& tx, ItemId space) { return tx.one<std::int64_t>(holds_anything_sql, {space}).has_value(); }

void turn_into_team(db::Tx& tx, PersonId person, ItemId space, std::string_view title, PersonId owner, Millis now) {
    tx.execute(turn_into_team_sql, {space, title, sort_of("team", title), owner, now});
    tx.execute(forget_personal_space_sql, {person, space});
}

std::vector<LinkId> live_links_of(db::Tx& tx, PersonId maker, int limit) {
    return tx.all<LinkId>(live_links_of_sql, {maker, limit});
}

std::vector<ItemId> published_by(db::Tx& tx, PersonId giver, int limit) {
    return tx.all<ItemId>(published_by_sql, {giver, limit});
}

int pass_links_on(db::Tx& tx, PersonId from, PersonId to) {
    return static_cast<int>(tx.execute(pass_links_on_sql, {from, to}));
}

void pass_given_rights_on(db::Tx& tx, PersonId from, PersonId to) { tx.execute(pass_given_rights_on_sql, {from, to}); }

int take_rights_back(db::Tx& tx, PersonId person) {
    return static_cast<int>(tx.execute(take_rights_back_sql, {person}));
}

} // namespace preau::sharing::store

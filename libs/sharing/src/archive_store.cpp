#include "archive_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query forget_right_sql{"sharing.forget_archived_right", R"(
    DELETE FROM archived_grant WHERE item = $1 AND subject_kind = $2 AND subject = $3)"};

// Through grant_by_subject and archived_grant_by_class.
const db::Query roots_sql{"sharing.roots_of_classes", R"(
    SELECT g.item FROM grant_ g JOIN item i ON i.id = g.item
     WHERE g.subject_kind = 2 AND g.subject $IDS(1) AND g.role = 40 AND i.parent = 0
    UNION
    SELECT a.item FROM archived_grant a JOIN item i ON i.id = a.item
     WHERE a.class $IDS(1) AND (a.role = 40 OR a.subject_kind = 1) AND i.parent = 0
     ORDER BY item)"};

// Through link_by_class. Revoked ones as well: whoever revoked one may think better of it, and not open the class.
const db::Query suspend_links_sql{"sharing.suspend_class_links", R"(
    UPDATE link SET suspended = $2 WHERE class $IDS(1) AND class <> 0 AND suspended IS NULL)"};
const db::Query resume_links_sql{"sharing.resume_class_links", R"(
    UPDATE link SET suspended = NULL WHERE class $IDS(1) AND class <> 0 AND suspended IS NOT NULL)"};

const db::Query remember_sql{"sharing.remember_rights", R"(
    INSERT INTO archived_grant (item, subject_kind, subject, class, role, deposit, until, given_by, given_at)
    SELECT item, subject_kind, subject, subject, role, deposit, until, given_by, given_at FROM grant_
     WHERE subject_kind = 2 AND subject $IDS(1) ON CONFLICT DO NOTHING)"};
const db::Query reduce_sql{"sharing.reduce_rights", R"(
    UPDATE grant_ SET role = 10, deposit = 0
     WHERE subject_kind = 2 AND subject $IDS(1) AND role >= 10 AND (role > 10 OR deposit = 1))"};
const db::Query withhold_sql{"sharing.withhold_deposits", R"(
    DELETE FROM grant_ WHERE subject_kind = 2 AND subject $IDS(1) AND role = 5)"};

const db::Query give_back_sql{"sharing.give_rights_back", R"(
    UPDATE grant_
       SET role = (SELECT a.role FROM archived_grant a
                    WHERE a.item = grant_.item AND a.subject_kind = 2 AND a.subject = grant_.subject),
           deposit = (SELECT a.deposit FROM archived_grant a
                       WHERE a.item = grant_.item AND a.subject_kind = 2 AND a.subject = grant_.subject)
     WHERE subject_kind = 2 AND subject $IDS(1)
       AND EXISTS (SELECT 1 FROM archived_grant a
                    WHERE a.item = grant_.item AND a.subject_kind = 2 AND a.subject = grant_.subject AND a.role >= 10))"};
const db::Query give_deposits_back_sql{"sharing.give_deposits_back", R"(
    INSERT INTO grant_ (item, subject_kind, subject, role, deposit, until, given_by, given_at)
    SELECT item, subject_kind, subject, role, deposit, until, given_by, given_at FROM archived_grant
     WHERE subject_kind = 2 AND class $IDS(1) AND role = 5 ON CONFLICT DO NOTHING)"};
const db::Query forget_sql{"sharing.forget_rights", "DELETE FROM archived_grant WHERE class $IDS(1)"};

const db::Query managed_sql{"sharing.class_that_managed", R"(
    SELECT subject FROM archived_grant
     WHERE item = $1 AND subject_kind = 2 AND subject $IDS(2) AND role = 40 AND until IS NULL
     ORDER BY subject LIMIT 1)"};
const db::Query remember_stand_in_sql{"sharing.remember_stand_in", R"(
    INSERT INTO archived_grant (item, subject_kind, subject, class, role, deposit, until, given_by, given_at)
    VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING)"};
const db::Query stand_ins_sql{"sharing.stand_ins", R"(
    SELECT item, subject_kind, subject, role, until, given_by, deposit FROM archived_grant
     WHERE class $IDS(1) AND subject_kind = 1 ORDER BY item, subject)"};

const db::Query ended_class_sql{"sharing.ended_class", R"(
    SELECT class FROM link WHERE id $IDS(1) AND class <> 0 AND suspended IS NOT NULL AND revoked_at IS NULL
     ORDER BY id DESC LIMIT 1)"};

const db::Query reaches_sql{"sharing.class_reaches", R"(
    SELECT g.id,
           (SELECT COUNT(*) FROM link l
             WHERE l.class = g.id AND l.class <> 0 AND l.revoked_at IS NULL AND l.suspended IS NULL) AS links,
           (SELECT COUNT(*) FROM grant_ r WHERE r.subject_kind = 2 AND r.subject = g.id) AS places
      FROM group_ g WHERE g.id $IDS(1) ORDER BY g.id)"};

} // namespace

void forget_archived_right(db::Tx& tx, ItemId item, Subject subject) {
    tx.execute(forget_right_sql, {item, static_cast<std::int64_t>(subject.kind), subject.id});
}

std::vector<ItemId> roots_of_classes(db::Tx& tx, std::span<const std::int64_t> classes) {
    return tx.all<ItemId>(roots_sql, {db::Ids{classes}});
}

std::int64_t suspend_class_links(db::Tx& tx, std::span<const std::int64_t> classes, SuspensionId act) {
    return tx.execute(suspend_links_sql, {db::Ids{classes}, act});
}
void resume_class_links(db::Tx& tx, std::span<const std::int64_t> classes) {
    tx.execute(resume_links_sql, {db::Ids{classes}});
}

void remember_rights(db::Tx& tx, std::span<const std::int64_t> classes) {
    tx.execute(remember_sql, {db::Ids{classes}});
}
std::int64_t reduce_rights(db::Tx& tx, std::span<const std::int64_t> classes) {
    const auto reduced = tx.execute(reduce_sql, {db::Ids{classes}});
    return reduced + tx.execute(withhold_sql, {db::Ids{classes}});
}
void give_rights_back(db::Tx& tx, std::span<const std::int64_t> classes) {
    tx.execute(give_back_sql, {db::Ids{classes}});
    tx.execute(give_deposits_back_sql, {db::Ids{classes}});
}
void forget_rights(db::Tx& tx, std::span<const std::int64_t> classes) { tx.execute(forget_sql, {db::Ids{classes}}); }

std::optional<GroupId> class_that_managed(db::Tx& tx, ItemId root, std::span<const std::int64_t> classes) {
    return tx.one<GroupId>(managed_sql, {root, db::Ids{classes}});
}
void remember_stand_in(db::Tx& tx, const StandIn& stand_in, Millis now) {
    const auto& before = stand_in.before;
    tx.execute(remember_stand_in_sql,
               {before.item, before.subject, stand_in.group, static_cast<std::int64_t>(before.role), before.deposit,
                before.until, before.given_by, now});
}
std::vector<Grant> stand_ins(db::Tx& tx, std::span<const std::int64_t> classes) {
    return tx.all<Grant>(stand_ins_sql, {db::Ids{classes}});
}

std::optional<GroupId> ended_class(db::Tx& tx, const std::vector<LinkId>& links) {
    std::vector<std::int64_t> ids;
    for (auto link : links) ids.push_back(link.value);
    return tx.one<GroupId>(ended_class_sql, {db::Ids{ids}});
}
std::vector<ClassReach> class_reaches(db::Tx& tx, std::span<const std::int64_t> classes) {
    return tx.all<ClassReach>(reaches_sql, {db::Ids{classes}});
}

} // namespace preau::sharing::store

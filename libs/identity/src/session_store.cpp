#include "session_store.hpp"

#include <algorithm>

namespace preau::identity::store {
namespace {

const db::Query insert_session_sql{"identity.insert_session", R"(
    INSERT INTO session (id, hash, person, created_at, seen_at, proved_at, expires_at, device, network, second_at)
    VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8))"};

const db::Query delete_session_sql{"identity.delete_session", "DELETE FROM session WHERE id = $1 AND person = $2"};

const db::Query delete_session_by_hash_sql{"identity.delete_session_by_hash", "DELETE FROM session WHERE hash = $1"};

const db::Query delete_sessions_of_sql{"identity.delete_sessions_of", R"(
    DELETE FROM session WHERE person = $1 AND id <> $2)"};

const db::Query delete_sessions_beyond_sql{"identity.delete_sessions_beyond", R"(
    DELETE FROM session WHERE person = $1 AND id NOT IN (
        SELECT id FROM session WHERE person = $1 ORDER BY id DESC LIMIT $2))"};

// A few at each sign-in, so that the table never grows by more than is alive and no sign-in pays for a whole week.
const db::Query delete_expired_sql{"identity.delete_expired_sessions", R"(
    DELETE FROM session WHERE id IN (
        SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 $SKIP_LOCKED))"};

// Only forwards: the clock may have gone back, and requests of one session overtake each other.
const db::Query mark_seen_sql{"identity.mark_session_seen", R"(
    UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2)"};

const db::Query sessions_of_sql{"identity.sessions_of", R"(
    SELECT id, person, created_at, seen_at, device, network FROM session
     WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC)"};

const db::Query find_holder_by_hash_sql{"identity.find_holder_by_hash", R"(
    SELECT s.id AS session, s.person, s.created_at, s.seen_at, p.name, p.login, p.language, p.admin, p.picture,
           COALESCE(st.name, '') AS structure_name, COALESCE(st.zone, 'Europe/Paris') AS zone,
           p.guest_until
      FROM session s JOIN person p ON p.id = s.person LEFT JOIN structure st ON st.id = p.main_structure
     WHERE s.hash = $1 AND p.disabled = 0)"};

const db::Query find_holder_of_session_sql{"identity.find_holder_of_session", R"(
    SELECT s.id AS session, s.person, s.created_at, s.seen_at, p.name, p.login, p.language, p.admin, p.picture,
           COALESCE(st.name, '') AS structure_name, COALESCE(st.zone, 'Europe/Paris') AS zone,
           p.guest_until
      FROM session s JOIN person p ON p.id = s.person LEFT JOIN structure st ON st.id = p.main_structure
     WHERE s.id = $1 AND p.disabled = 0)"};

const db::Query find_holder_of_person_sql{"identity.find_holder_of_person", R"(
    SELECT 0 AS session, p.id AS person, 0 AS created_at, 0 AS seen_at, p.name, p.login, p.language, p.admin, p.picture,
           COALESCE(st.name, '') AS structure_name, COALESCE(st.zone, 'Europe/Paris') AS zone,
           p.guest_until
      FROM person p LEFT JOIN structure st ON st.id = p.main_structure
     WHERE p.id = $1 AND p.disabled = 0)"};

// 2, 3 and 8 are Subject::Kind::Group, Structure and Function. UNION drops what two functions have in common.
const db::Query subjects_of_sql{"identity.subjects_of", R"(
    SELECT 2 AS kind, group_id AS id FROM group_member WHERE person = $1
    UNION
    SELECT 3 AS kind, a.ancestor AS id
      FROM person_function f JOIN structure_above a ON a.structure = f.structure WHERE f.person = $1
    UNION
    SELECT 8 AS kind, s.id
      FROM person_function f JOIN structure_above a ON a.structure = f.structure
           JOIN function_subject s ON s.structure = a.ancestor AND s.function = f.function WHERE f.person = $1)"};

const db::Query insert_secret_sql{"identity.insert_server_secret", R"(
    INSERT INTO server_secret (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

const db::Query find_secret_sql{"identity.find_server_secret", "SELECT secret FROM server_secret WHERE name = $1"};

Millis expiry(Millis created_at, Millis seen_at) {
    return std::min(created_at + session_lifetime, seen_at + session_idle);
}

struct SubjectRow {
    Subject::Kind kind;
    std::int64_t id = 0;
};
PREAU_DESCRIBE(SubjectRow, kind, id)

} // namespace

void insert_session(db::Tx& tx, const NewSessionRow& row) {
    tx.execute(insert_session_sql, {row.id, db::Bytes{row.hash}, row.person, row.now, expiry(row.now, row.now),
                                    row.device, row.network, row.second_at});
}

void delete_session(db::Tx& tx, PersonId person, SessionId session) {
    tx.execute(delete_session_sql, {session, person});
}

void delete_session_by_hash(db::Tx& tx, std::string_view hash) {
    tx.execute(delete_session_by_hash_sql, {db::Bytes{hash}});
}

void delete_sessions_of(db::Tx& tx, PersonId person, SessionId kept) {
    tx.execute(delete_sessions_of_sql, {person, kept});
}

void delete_sessions_beyond(db::Tx& tx, PersonId person, int most) {
    tx.execute(delete_sessions_beyond_sql, {person, most});
}

void delete_expired(db::Tx& tx, Millis now, int most) { tx.execute(delete_expired_sql, {now, most}); }

void mark_seen(db::Tx& tx, SessionId session, Millis created_at, Millis now) {
    tx.execute(mark_seen_sql, {session, now, expiry(created_at, now)});
}

std::vector<SessionRow> sessions_of(db::Tx& tx, PersonId person, Millis now) {
    return tx.all<SessionRow>(sessions_of_sql, {person, now});
}

std::optional<Holder> find_holder_by_hash(db::Tx& tx, std::string_view hash) {
    return tx.one<Holder>(find_holder_by_hash_sql, {db::Bytes{hash}});
}

std::optional<Holder> find_holder(db::Tx& tx, SessionId session) {
    return tx.one<Holder>(find_holder_of_session_sql, {session});
}

std::optional<Holder> find_holder(db::Tx& tx, PersonId person) {
    return tx.one<Holder>(find_holder_of_person_sql, {person});
}

std::vector<Subject> subjects_of(db::Tx& tx, PersonId person) {
    std::vector<Subject> subjects;
    for (const auto& row : tx.all<SubjectRow>(subjects_of_sql, {person})) subjects.push_back({row.kind, row.id});
    return subjects;
}

std::string server_secret(db::Tx& tx, std::string_view name, std::string_view fresh) {
    tx.execute(insert_secret_sql, {name, db::Bytes{fresh}});
    return tx.one<std::string>(find_secret_sql, {name}).value();
}

} // namespace preau::identity::store

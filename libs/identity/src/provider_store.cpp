#include "provider_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query insert_spent_sql{"identity.insert_spent_answer", R"(
    INSERT INTO spent_answer (state, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

const db::Query forget_spent_sql{"identity.forget_spent_answers", "DELETE FROM spent_answer WHERE expires_at < $1"};

const db::Query find_person_sql{"identity.find_provider_person", R"(
    SELECT l.person, CASE WHEN p.disabled = 1 OR p.guest_until <= $3 THEN 1 ELSE 0 END AS closed
      FROM provider_link l JOIN person p ON p.id = l.person
     WHERE l.issuer = $1 AND l.subject = $2)"};

const db::Query insert_link_sql{"identity.insert_provider_link", R"(
    INSERT INTO provider_link (issuer, subject, person, created_at, used_at) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING)"};

const db::Query mark_link_sql{"identity.mark_provider_link", R"(
    UPDATE provider_link SET used_at = $3 WHERE issuer = $1 AND subject = $2)"};

const db::Query links_sql{"identity.provider_links", R"(
    SELECT issuer, created_at, used_at FROM provider_link WHERE person = $1 ORDER BY issuer)"};

const db::Query delete_links_sql{"identity.delete_provider_links", R"(
    DELETE FROM provider_link WHERE person = $1 AND issuer = $2)"};

} // namespace

bool insert_spent_answer(db::Tx& tx, std::string_view hash, Millis expires_at) {
    return tx.execute(insert_spent_sql, {db::Bytes{hash}, expires_at}) == 1;
}

void forget_spent_answers(db::Tx& tx, Millis expired_before) { tx.execute(forget_spent_sql, {expired_before}); }

std::optional<ProviderPerson> find_provider_person(db::Tx& tx, std::string_view issuer, std::string_view subject,
                                                   Millis now) {
    return tx.one<ProviderPerson>(find_person_sql, {issuer, subject, now});
}

bool insert_provider_link(db::Tx& tx, std::string_view issuer, std::string_view subject, PersonId person, Millis now) {
    return tx.execute(insert_link_sql, {issuer, subject, person, now}) == 1;
}

void mark_provider_link(db::Tx& tx, std::string_view issuer, std::string_view subject, Millis now) {
    tx.execute(mark_link_sql, {issuer, subject, now});
}

std::vector<ProviderLink> provider_links(db::Tx& tx, PersonId person) {
    return tx.all<ProviderLink>(links_sql, {person});
}

bool delete_provider_links(db::Tx& tx, PersonId person, std::string_view issuer) {
    return tx.execute(delete_links_sql, {person, issuer}) > 0;
}

} // namespace preau::identity::store

#include "portal/people/people_admin.hpp"

namespace preau::portal::store {
namespace {

const db::Query things_of_sql{"portal.things_of", R"(
    SELECT kind, COUNT(*) AS count
      FROM (SELECT kind FROM item WHERE owner = $1 ORDER BY owner DESC, changed_at DESC LIMIT 10000) AS latest
     GROUP BY kind ORDER BY kind)"};

const db::Query person_of_mail_sql{"portal.person_of_mail", R"(
    SELECT id FROM person WHERE mail_key = $1 AND mail_key <> '')"};

const db::Query end_sessions_sql{"portal.end_sessions", "DELETE FROM session WHERE person = $1"};

const db::Query session_count_sql{"portal.session_count", R"(
    SELECT COUNT(*) AS count FROM session WHERE person = $1 AND expires_at > $2)"};

} // namespace

std::vector<KindCount> things_of(db::Tx& tx, PersonId person) { return tx.all<KindCount>(things_of_sql, {person}); }

PersonId person_of_mail(db::Tx& tx, std::string_view mail_key) {
    return tx.one<PersonId>(person_of_mail_sql, {mail_key}).value_or(PersonId{});
}

void end_sessions(db::Tx& tx, PersonId person) { tx.execute(end_sessions_sql, {person}); }

std::int64_t session_count(db::Tx& tx, PersonId person, Millis now) {
    return tx.one<std::int64_t>(session_count_sql, {person, now}).value_or(0);
}

} // namespace preau::portal::store

#include "portal/account/account.hpp"

namespace preau::portal {

AccountData account_data(db::Tx& tx, const identity::Identity& identity, PersonId person) {
    return {.person = identity::find_person(tx, person),
            .sessions = identity.sessions(tx, person),
            .has_password = store::has_password(tx, person)};
}

} // namespace preau::portal

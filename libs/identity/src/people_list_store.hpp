// Ranges of people.
#pragma once

#include "identity/people_list.hpp"

namespace preau::identity::store {

struct Sieve { // what the rows of a range must be
    StructureId structure;
    std::string_view function;
    PeopleFilter::State state = PeopleFilter::State::Any;
};
// The first `limit` that pass, of the `examined` rows after the key.
std::vector<PersonRow> everybody(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined);
std::vector<PersonRow> below(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined);
std::vector<PersonRow> closed(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit, int examined);
std::vector<PersonRow> by_mail(db::Tx& tx, const Sieve& sieve, std::string_view prefix, const PeopleKey& after,
                               int limit, int examined);
// Where those `examined` rows end; nothing: fewer are left.
std::optional<PeopleKey> end_of_everybody(db::Tx& tx, const PeopleKey& after, int examined);
std::optional<PeopleKey> end_of_below(db::Tx& tx, StructureId structure, const PeopleKey& after, int examined);
std::optional<PeopleKey> end_of_closed(db::Tx& tx, const PeopleKey& after, int examined);
std::optional<PeopleKey> end_of_mail(db::Tx& tx, std::string_view prefix, const PeopleKey& after, int examined);

bool few_hold(db::Tx& tx, std::string_view function, int most);
std::vector<PersonRow> holders(db::Tx& tx, const Sieve& sieve, const PeopleKey& after, int limit); // of few
bool few_below(db::Tx& tx, StructureId structure, int most);
std::vector<PersonRow> sifted(db::Tx& tx, const Sieve& sieve, const std::vector<std::int64_t>& ids); // by id

struct Hit {
    std::string key;
    std::int64_t subject = 0;
};
PREAU_DESCRIBE(Hit, key, subject)
// Names of people in the directory, of open and (or) closed accounts.
std::vector<Hit> named_after(db::Tx& tx, PeopleFilter::State state, std::string_view prefix, const PeopleKey& after,
                             int limit);

} // namespace preau::identity::store

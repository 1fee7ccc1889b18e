// Functions with dates: a teacher here until the summer, a trainer there from September on. What is in force stands in
// `person_function`, which is all that rights look at; a timer (turn_attachments, every half minute) lets functions
// begin and end, so that an ended one gives nothing any more within a minute, whoever asks.
//
// All of these need structure_lane: they copy chains of the tree, which must not move meanwhile.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

struct Attachment {
    PersonId person;
    StructureId structure;
    std::string function;
    Millis from_at = 0; // 0: since always
    std::optional<Millis> until_at;
    enum class State : std::int64_t { ToCome = 0, InForce = 1, Over = 2 } state = State::InForce;
    PersonId given_by;
};
PREAU_DESCRIBE(Attachment, person, structure, function, from_at, until_at, state, given_by)

// A word of at most 40 letters, digits and '-': "teacher", "deputy-head".
bool well_formed_function(std::string_view function);

struct NewFunction {
    PersonId person;
    StructureId structure;
    std::string function;
    Millis from_at = 0; // 0: from now on
    std::optional<Millis> until_at;
    PersonId given_by;
};
// In force at once when it has begun. Errors: identity.function_malformed, identity.structure, identity.guest_function
// (Conflict), identity.structure_closed, identity.function_dates, identity.function_there (Conflict) when the same one
// is in force or to come in those days.
Result<Attachment> give_function(db::Tx& tx, const NewFunction& function, Millis now);
// Sets, moves or (none) takes away the end; in the past or now: it is over at once. Errors: identity.function (unknown,
// or over already), identity.function_dates.
Result<Attachment> set_function_end(db::Tx& tx, const Attachment& which, std::optional<Millis> until, Millis now);
// All functions in a structure, when it closes.
void end_functions_in(db::Tx& tx, StructureId structure, Millis now);

// At most `limit`, those in force first, then to come, then over.
struct AttachmentLine {
    Attachment attachment;
    std::string structure_name;
};
std::vector<AttachmentLine> functions_of(db::Tx& tx, PersonId person, int limit);

// Begins and ends what is due, at most `limit` of each; answers how many.
int turn_attachments(db::Tx& tx, Millis now, int limit);

} // namespace preau::identity

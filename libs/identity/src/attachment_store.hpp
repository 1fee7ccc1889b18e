// Rows of functions with dates, and of who stands below which structure.
#pragma once

#include "identity/attachments.hpp"

namespace preau::identity::store {

void insert_attachment(db::Tx& tx, const Attachment& attachment);
std::optional<Attachment> find_attachment(db::Tx& tx, const Attachment& key); // of person, structure, function, from_at
// The same function in the same structure, in force or to come, some day in [from, until).
bool overlaps(db::Tx& tx, const Attachment& attachment);
void set_attachment(db::Tx& tx, const Attachment& attachment); // its end and state
struct NamedAttachment {
    PersonId person;
    StructureId structure;
    std::string function;
    Millis from_at = 0;
    std::optional<Millis> until_at;
    Attachment::State state = Attachment::State::InForce;
    PersonId given_by;
    std::string structure_name;
};
PREAU_DESCRIBE(NamedAttachment, person, structure, function, from_at, until_at, state, given_by, structure_name)
std::vector<NamedAttachment> attachments_of(db::Tx& tx, PersonId person, int limit);
std::vector<Attachment> attachments_in(db::Tx& tx, StructureId structure, int limit); // in force or to come
std::vector<Attachment> to_begin(db::Tx& tx, Millis now, int limit);
std::vector<Attachment> to_end(db::Tx& tx, Millis now, int limit);
bool another_in_force(db::Tx& tx, const Attachment& attachment); // the same function there, from another day on

void delete_function(db::Tx& tx, PersonId person, StructureId structure, std::string_view function);
void choose_main_structure(db::Tx& tx, PersonId person, StructureId left); // another one where it was this one

// The rows of subtree_person. After person_function changed.
void stand_below(db::Tx& tx, PersonId person, StructureId structure);
void leave_below(db::Tx& tx, PersonId person, StructureId structure); // as far as no other function keeps them
// Around a change of the name, which is part of the key.
void leave_everywhere(db::Tx& tx, PersonId person);
void stand_everywhere(db::Tx& tx, PersonId person);
// After a structure stands elsewhere in structure_above.
void stand_below_with(db::Tx& tx, StructureId moved, StructureId parent);
void leave_below_with(db::Tx& tx, StructureId moved, const std::vector<std::int64_t>& left);
std::vector<std::int64_t> strictly_above(db::Tx& tx, StructureId structure);

} // namespace preau::identity::store

// What an import does to one structure, person or class, in the transaction of its batch.
#pragma once

#include "import_plan.hpp"

#include "identity/attachments.hpp"
#include "identity/school_year.hpp"
#include "identity/structure_detail.hpp"

namespace preau::identity {

class ImportHand {
public:
    ImportHand(db::Tx& tx, IdSource& ids, Millis now, ImportPlan::Inner& plan, const ImportHooks& hooks)
        : tx_{tx}, ids_{ids}, now_{now}, plan_{plan}, hooks_{hooks} {}

    // A refusal leaves nothing half done: it is found out before anything is written, or ends the batch as a failure.
    std::optional<ImportRefusal> structure(const ImportAct& act);
    std::optional<ImportRefusal> person(const ImportAct& act);
    std::optional<ImportRefusal> class_of_pupils(const ImportAct& act);

private:
    StructureId id_of(const ImportPlace& place);
    std::optional<std::int64_t> person_of(const std::string& key);
    std::optional<ImportRefusal> change(StructureId id, StructureId parent, const StructureForm& form,
                                        const ImportAct& act);
    std::optional<ImportRefusal> close(const ImportAct& act);
    std::optional<ImportRefusal> begin_person(const ImportAct& act, const std::string& said);
    std::optional<ImportRefusal> change_person(const ImportAct& act, const std::string& said);
    void end_person(const ImportAct& act);
    std::vector<Attachment> open_functions(PersonId person); // in force or to come
    void set_functions(PersonId person, std::string_view before, std::string_view after);
    std::optional<ImportRefusal> after_its_year(const ImportAct& act, const ClassLine& line, const ClosedClass& closed);
    void set_members(GroupId group, std::string_view before, std::string_view after);
    void set_pupils(GroupId group, std::string_view before, std::string_view after);
    void remember(ImportKind kind, const ImportAct& act, std::int64_t subject, const std::string& said);
    void note_end(ImportKind kind, const ImportAct& act);

    db::Tx& tx_;
    IdSource& ids_;
    Millis now_;
    ImportPlan::Inner& plan_;
    const ImportHooks& hooks_;
};

} // namespace preau::identity

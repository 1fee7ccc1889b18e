// Structures, people and classes from lists of another system (docs/admin/import.md). First a plan, which reads only
// and says every difference; then, unless a brake holds it, the plan is carried out in small transactions. The same
// lists again change nothing.
//
// A row is known by its key in its source, never by a mail address, which académies give to somebody else later. What
// is missing from a list ends (a function, a membership) or closes (a structure, an account): nothing is deleted.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preau::identity {

enum class ImportKind : std::int64_t { Structure = 1, Person = 2, Class = 3 };
std::string_view word_of(ImportKind kind); // "structure", "person", "class"

struct ImportFiles { // bytes as they came; none: nothing of that kind changes
    std::optional<std::string> structures, people, classes;
    bool any() const { return structures || people || classes; }
};

struct ImportOptions {
    std::string source = "import"; // whose keys these are: 1 to 40 of a-z 0-9 . _ -
    bool rentree = false;          // September: classes and their memberships may end, however many
    StructureId within;            // only this structure and what stands below it; none: everywhere
};
bool well_formed_source(std::string_view source);

struct ImportCount { // rows of one kind
    std::int64_t begins = 0, changes = 0, ends = 0, unchanged = 0, refused = 0;
};
PREAU_DESCRIBE(ImportCount, begins, changes, ends, unchanged, refused)

struct ImportField {
    std::string name, before, after; // "mail"
};
PREAU_DESCRIBE(ImportField, name, before, after)

struct ImportDifference {
    std::string kind; // "structure", "person", "class"
    std::string what; // "begins", "changes", "ends", "refused"
    std::string key, name;
    std::int64_t line = 0; // in its file; 0: it is missing from it
    std::vector<ImportField> fields;
    std::string reason, value; // of what is refused: key of the words, and the {value} in them
};
PREAU_DESCRIBE(ImportDifference, kind, what, key, name, line, fields, reason, value)

struct ImportMistake { // a line that cannot be read at all
    std::string kind;
    std::int64_t line = 0, column = 0;
    std::string reason, value;
};
PREAU_DESCRIBE(ImportMistake, kind, line, column, reason, value)

struct ImportBrake { // too much of one kind would end in one structure with all below it
    std::string kind; // "structure", "person", "class", "membership"
    std::string structure; // its name; empty: the whole list
    std::int64_t ends = 0, of = 0;
};
PREAU_DESCRIBE(ImportBrake, kind, structure, ends, of)

struct ImportReport {
    ImportCount structures, people, classes;
    std::vector<ImportDifference> differences; // the first of each kind and what
    std::vector<ImportMistake> mistakes;       // the first hundred
    std::int64_t mistakes_in_all = 0;
    std::vector<std::string> kept; // kinds in which nothing ends, because lines could not be read: whose are they?
    std::vector<ImportBrake> brakes;
    std::int64_t changes() const; // rows to write
    bool may_go_on() const { return brakes.empty(); }
};
PREAU_DESCRIBE(ImportReport, structures, people, classes, differences, mistakes, mistakes_in_all, kept, brakes)
std::string to_json(const ImportReport& report);
ImportReport import_report_of(std::string_view json);

// More of one kind than this in one structure with all below it, and more than this share, stop the import.
inline constexpr std::int64_t import_brake_floor = 20;
inline constexpr std::int64_t import_brake_percent = 5;

class ImportPlan {
public:
    ImportPlan(ImportPlan&&) noexcept;
    ImportPlan& operator=(ImportPlan&&) noexcept;
    ~ImportPlan();
    const ImportReport& report() const;

    struct Inner;
    explicit ImportPlan(std::unique_ptr<Inner> inner);
    Inner& inner() { return *inner_; }

private:
    std::unique_ptr<Inner> inner_;
};

// Reads only. Errors: import.source, import.nothing, csv_not_text, import.structure (unknown `within`).
Result<ImportPlan> plan_import(db::Tx& tx, const ImportFiles& files, const ImportOptions& options);

// What others have to say while it is carried out, each in the transaction of its batch; none: nothing.
struct ImportHooks {
    // May this account's name and address be changed by whoever imports into a part of the tree only? Asked for each.
    std::function<bool(db::Tx&, PersonId)> permission;
    // What was done of what is to be done.
    std::function<void(db::Tx&, std::int64_t done, std::int64_t total)> progress;
    // A class has another roster, which was `before`: links of its families follow it.
    std::function<void(db::Tx&, GroupId, const std::vector<Pupil>& before)> roster;
};

// Carries the plan out, a batch at a time; what became impossible meanwhile is refused in the answer. A crash in the
// middle leaves whole rows: plan and go on. Errors: import.braked (Conflict). Viewers must be forgotten afterwards.
Task<Result<ImportReport>> carry_out_import(db::Database& db, const Clock& clock, IdSource& ids, ImportPlan plan,
                                            ImportHooks hooks = {});

} // namespace preau::identity

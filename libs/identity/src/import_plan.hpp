// What a plan holds: the rows that say something new, and how names in lists become structures and people.
#pragma once

#include "import_rows.hpp"
#include "import_store.hpp"

#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace preau::identity {

// A structure that rows may name, by its key in this source or by its UAI. Without id: this import will make it.
struct ImportPlace {
    StructureId id, parent;
    std::string name, uai, key;
    bool inside = true;  // of what may be imported into
    bool closed = false; // nobody works there
};

using StructureIds = std::vector<StructureId>;

class ImportPlaces {
public:
    void load(db::Tx& tx, const ImportOptions& options);
    void plan(std::string_view key, std::string_view uai, std::string_view name); // one that will be made
    void give_key(std::string_view uai, std::string_view key); // to one that is there without
    void reopen(std::string_view key); // one that comes back
    const ImportPlace* find(std::string_view named) const;
    const ImportPlace* by_key(std::string_view key) const;
    const ImportPlace* by_uai(std::string_view uai) const;
    std::string name_of(StructureId id) const;
    bool inside(StructureId id) const;
    StructureIds with_above(StructureIds ids) const; // these and all above them, up to none, which is the whole

private:
    void enter(ImportPlace place);
    std::vector<ImportPlace> places_;
    std::unordered_map<std::string, std::size_t> by_key_, by_uai_;
    std::unordered_map<std::int64_t, std::size_t> by_id_;
};

struct ImportAct {
    enum class What { Begins, Changes, Ends } what = What::Begins;
    std::string key;
    std::int64_t subject = 0; // 0: to be made
    std::size_t line = 0;     // index among the lines of its kind, unless it ends
    std::string said;         // before
    bool returns = false;     // it had ended
};

struct ImportPlan::Inner {
    ImportOptions options;
    ImportPlaces places;
    std::vector<StructureLine> structures;
    std::vector<PersonLine> people;
    std::vector<ClassLine> classes;
    std::vector<ImportAct> structure_acts; // parents first
    std::vector<ImportAct> person_acts, class_acts;
    std::unordered_map<std::string, std::int64_t> person_of_key; // 0: to be made; filled when there are classes
    std::map<std::string, int> last_login;                       // the number behind a login made of a name
    ImportReport report;
};

struct ImportRefusal {
    std::string reason, value;
};

// What a line says, with ids for the names in it; a structure or person still to be made stands as "?key".
struct ImportSaid {
    std::string text;
    std::optional<ImportRefusal> refusal;
};
namespace structure_said {
enum Field : std::size_t { Parent, Kind, Name, Uai, Zone, Fields };
}
namespace person_said {
enum Field : std::size_t { Name, Mail, Functions, Fields };
}
namespace class_said {
enum Field : std::size_t { School, Name, Year, Teachers, Pupils, Fields };
}
using FindPlace = std::function<StructureId(const ImportPlace&)>; // none: still to be made
using FindPerson =
    std::function<std::optional<std::int64_t>(const std::string& key)>; // nothing: unknown; 0: to be made
ImportSaid say(const StructureLine& line, const ImportPlaces& places, const FindPlace& id_of);
ImportSaid say(const PersonLine& line, const ImportPlaces& places, const FindPlace& id_of);
ImportSaid say(const ClassLine& line, const ImportPlaces& places, const FindPlace& id_of, const FindPerson& person);

std::vector<std::string> listed(std::string_view field); // "a|b" → a, b
StructureId place_of(std::string_view function); // "ID:teacher"
std::string_view function_of(std::string_view function);

// How much of each kind there is in each structure with all below it, and how much of it would end: a list that was cut
// off takes five people from each of a thousand schools, which only the académie above them notices.
class ImportTally {
public:
    enum Of : std::size_t { Structures, People, Classes, Memberships, Kinds };
    explicit ImportTally(const ImportPlaces& places) : places_{places} {}
    void there(Of kind, StructureIds structures, std::int64_t count = 1);
    // Ends where it was and is not any more: who moves within an académie stays in it. No `after`: nowhere.
    void ends(Of kind, StructureIds before, StructureIds after, std::int64_t count = 1);
    std::vector<ImportBrake> brakes(bool rentree) const;

private:
    struct Count {
        std::int64_t of = 0, ends = 0;
    };
    const ImportPlaces& places_;
    std::array<std::unordered_map<std::int64_t, Count>, Kinds> counts_;
};

} // namespace preau::identity

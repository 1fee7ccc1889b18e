// Compares lists with what they said last time, a block of keys at a time: both are sorted, so a list of any length is
// read once, with one query a block and none for a row that says the same again.
#include "import_plan.hpp"

#include "base/text.hpp"
#include "identity/person_mail.hpp"

#include <algorithm>
#include <iterator>

namespace preau::identity {
namespace {

constexpr int block = 5000;
constexpr std::size_t most_shown = 100; // of each kind and what

using enum ImportTally::Of;

ImportCount& count_of(ImportReport& report, ImportKind kind) {
    if (kind == ImportKind::Structure) return report.structures;
    return kind == ImportKind::Person ? report.people : report.classes;
}

StructureIds structures_in(std::string_view functions) {
    StructureIds found;
    for (const auto& function : listed(functions))
        if (auto place = place_of(function)) found.push_back(place);
    return found;
}

class Planner {
public:
    Planner(db::Tx& tx, ImportPlan::Inner& plan) : tx_{tx}, plan_{plan}, report_{plan.report}, tally_{plan.places} {}

    Result<void> run(const ImportFiles& files) {
        plan_.places.load(tx_, plan_.options);
        if (plan_.options.within && plan_.places.name_of(plan_.options.within).empty())
            return not_found("import.structure");
        if (files.structures) structures(TRY(structure_lines(*files.structures)));
        if (files.people) people(TRY(person_lines(*files.people)));
        if (files.classes) classes(TRY(class_lines(*files.classes)));
        report_.brakes = tally_.brakes(plan_.options.rentree);
        return {};
    }

private:
    StructureId known(const ImportPlace& place) const { return place.id; }

    template <class Line> void take_mistakes(ImportKind kind, Lines<Line>& read) {
        report_.mistakes_in_all += read.mistakes_in_all;
        for (auto& mistake : read.mistakes)
            if (report_.mistakes.size() < most_mistakes_kept) report_.mistakes.push_back(std::move(mistake));
        if (read.mistakes_in_all) report_.kept.emplace_back(word_of(kind));
        for (const auto& refused : read.refused)
            refuse(kind, refused.key, refused.name, refused.line, {refused.reason, refused.value});
    }

    void show(ImportKind kind, std::string_view what, const std::string& key, std::string name, std::int64_t line,
              std::vector<ImportField> fields, const ImportRefusal& refusal = {}) {
        if (++shown_[{kind, what}] > most_shown) return;
        report_.differences.push_back({.kind = std::string{word_of(kind)},
                                       .what = std::string{what},
                                       .key = key,
                                       .name = std::move(name),
                                       .line = line,
                                       .fields = std::move(fields),
                                       .reason = refusal.reason,
                                       .value = refusal.value});
    }
    void refuse(ImportKind kind, const std::string& key, const std::string& name, std::int64_t line,
                const ImportRefusal& refusal) {
        ++count_of(report_, kind).refused;
        show(kind, "refused", key, name, line, {}, refusal);
    }

    // `read` as sorted lines against sorted keys. `said_of(line)` may refuse; `compare` sees each row that was there,
    // with what is said now (nothing: it is missing, refused: the same as before).
    template <class Line, class SaidOf, class Compare>
    void merge(ImportKind kind, const std::vector<Line>& lines, const std::vector<RefusedLine>& refused,
               std::vector<ImportAct>& acts, const SaidOf& said_of, const Compare& compare) {
        auto& count = count_of(report_, kind);
        const bool keep = std::ranges::find(report_.kept, word_of(kind)) != report_.kept.end();
        std::size_t at = 0;
        auto begin = [&](std::size_t index, const std::string& said) {
            ++count.begins;
            acts.push_back({.what = ImportAct::What::Begins, .key = lines[index].key, .line = index});
            show(kind, "begins", lines[index].key, lines[index].name, lines[index].line,
                 fields_of(kind, {}, said, false));
        };
        auto take_new = [&] {
            const auto index = at++;
            auto said = said_of(lines[index]);
            if (said.refusal)
                refuse(kind, lines[index].key, lines[index].name, lines[index].line, *said.refusal);
            else
                begin(index, said.text);
        };
        std::string after;
        for (;;) {
            const auto rows = store::import_keys_after(tx_, plan_.options.source, kind, after, block);
            for (const auto& row : rows) {
                while (at < lines.size() && lines[at].key < row.key) take_new();
                const bool there = at < lines.size() && lines[at].key == row.key;
                const auto index = there ? at++ : lines.size();
                if (!ours(kind, row)) {
                    if (there) refuse(kind, row.key, lines[index].name, lines[index].line, {"import.outside", row.key});
                    continue;
                }
                if (!there) {
                    if (row.ended_at) continue;
                    const bool held = keep || std::ranges::binary_search(refused, row.key, {}, &RefusedLine::key);
                    compare(row, held ? std::optional{row.said} : std::nullopt);
                    if (!held) end(kind, row, acts);
                    continue;
                }
                auto said = said_of(lines[index]);
                if (said.refusal) {
                    refuse(kind, row.key, lines[index].name, lines[index].line, *said.refusal);
                    if (!row.ended_at) compare(row, std::optional{row.said});
                } else if (said.text == row.said && !row.ended_at) {
                    ++count.unchanged;
                    compare(row, std::optional{row.said});
                } else {
                    if (!row.ended_at) compare(row, std::optional{said.text});
                    change(kind, row, lines[index], index, said.text, acts);
                }
            }
            if (std::ssize(rows) < block) break;
            after = rows.back().key;
        }
        while (at < lines.size()) take_new();
    }

    // A list for a part of the tree says nothing of what stands outside it, nor of what stands in both; and the part
    // itself is somebody else's to close.
    bool ours(ImportKind kind, const store::ImportKeyRow& row) const {
        if (!plan_.options.within) return true;
        const auto& places = plan_.places;
        if (kind == ImportKind::Structure)
            return row.subject != plan_.options.within.value && places.inside(StructureId{row.subject});
        if (kind == ImportKind::Class) {
            const auto school = parse_id<StructureId>(parted(row.said, class_said::Fields)[class_said::School]);
            return school && places.inside(*school);
        }
        const auto functions = structures_in(parted(row.said, person_said::Fields)[person_said::Functions]);
        return !functions.empty() && std::ranges::all_of(functions, [&](StructureId id) { return places.inside(id); });
    }

    template <class Line>
    void change(ImportKind kind, const store::ImportKeyRow& row, const Line& line, std::size_t index,
                const std::string& said, std::vector<ImportAct>& acts) {
        ++count_of(report_, kind).changes;
        acts.push_back({.what = ImportAct::What::Changes,
                        .key = row.key,
                        .subject = row.subject,
                        .line = index,
                        .said = row.said,
                        .returns = row.ended_at != 0});
        if (kind == ImportKind::Structure && row.ended_at) plan_.places.reopen(row.key);
        show(kind, "changes", row.key, line.name, line.line, fields_of(kind, row.said, said, row.ended_at != 0));
    }

    void end(ImportKind kind, const store::ImportKeyRow& row, std::vector<ImportAct>& acts) {
        ++count_of(report_, kind).ends;
        acts.push_back({.what = ImportAct::What::Ends, .key = row.key, .subject = row.subject, .said = row.said});
        const std::size_t name = kind == ImportKind::Structure ? std::size_t{structure_said::Name}
                                 : kind == ImportKind::Person  ? std::size_t{person_said::Name}
                                                               : std::size_t{class_said::Name};
        show(kind, "ends", row.key, parted(row.said, name + 1)[name], 0, {});
    }

    std::string place_words(std::string_view id) const {
        if (id.starts_with('?')) {
            const auto* place = plan_.places.by_key(id.substr(1));
            return place ? place->name : std::string{id.substr(1)};
        }
        auto structure = parse_id<StructureId>(id);
        return structure ? plan_.places.name_of(*structure) : std::string{};
    }

    // For people to read: names for ids, numbers for lists of people.
    std::vector<ImportField> fields_of(ImportKind kind, const std::string& before, const std::string& after,
                                       bool returns) const {
        constexpr std::string_view names[][5] = {{"parent", "kind", "name", "uai", "zone"},
                                                 {"name", "mail", "functions", "", ""},
                                                 {"structure", "name", "year", "teachers", "pupils"}};
        const auto& columns = names[static_cast<std::size_t>(kind) - 1];
        const std::size_t fields = kind == ImportKind::Person ? 3 : 5;
        const auto old = parted(before, fields), now = parted(after, fields);
        std::vector<ImportField> found;
        if (returns) found.push_back({.name = "returns"});
        for (std::size_t at = 0; at < fields; ++at) {
            if (old[at] == now[at]) continue;
            ImportField field{.name = std::string{columns[at]}};
            auto words = [&](const std::string& value) -> std::string {
                if (columns[at] == "parent" || columns[at] == "structure") return place_words(value);
                if (columns[at] == "teachers")
                    return value.empty() ? std::string{} : std::to_string(listed(value).size());
                std::string text;
                if (columns[at] != "functions" && columns[at] != "pupils") return value;
                for (const auto& part : listed(value)) {
                    text += text.empty() ? "" : ", ";
                    text += columns[at] == "pupils" ? part.substr(part.find(':') + 1)
                                                    : place_words(part.substr(0, part.rfind(':'))) + " (" +
                                                          std::string{function_of(part)} + ")";
                }
                return text;
            };
            constexpr std::size_t longest = 600;
            field.before = cut_to_bytes(words(old[at]), longest);
            field.after = cut_to_bytes(words(now[at]), longest);
            found.push_back(std::move(field));
        }
        return found;
    }

    using Owners = std::unordered_map<std::string, const PersonLine*>; // by address
    Owners owners_of_addresses(const std::vector<PersonLine>& lines);

    void structures(Lines<StructureLine> read);
    void people(Lines<PersonLine> read);
    void classes(Lines<ClassLine> read);
    std::vector<int> depths(std::vector<StructureLine>& lines, std::vector<RefusedLine>& refused);

    db::Tx& tx_;
    ImportPlan::Inner& plan_;
    ImportReport& report_;
    ImportTally tally_;
    std::map<std::pair<ImportKind, std::string_view>, std::size_t> shown_;
};

// How many lines of the list stand above each; lines in a circle are refused.
std::vector<int> Planner::depths(std::vector<StructureLine>& lines, std::vector<RefusedLine>& refused) {
    std::unordered_map<std::string_view, std::size_t> at;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        at.emplace(lines[i].key, i);
        if (!lines[i].uai.empty()) at.emplace(lines[i].uai, i);
    }
    constexpr int unknown = -1, walking = -2, circle = -3;
    std::vector<int> depth(lines.size(), unknown);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::vector<std::size_t> path;
        std::size_t here = i;
        int base = 0;
        for (;;) {
            if (depth[here] >= 0) {
                base = depth[here] + 1;
                break;
            }
            if (depth[here] == walking || depth[here] == circle) {
                base = circle;
                break;
            }
            depth[here] = walking;
            path.push_back(here);
            auto above = lines[here].parent.empty() ? at.end() : at.find(lines[here].parent);
            if (above == at.end()) break;
            here = above->second;
        }
        while (!path.empty()) {
            depth[path.back()] = base == circle ? circle : base++;
            path.pop_back();
        }
    }
    std::vector<StructureLine> good;
    std::vector<int> good_depths;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (depth[i] == circle) {
            refused.push_back({.key = lines[i].key,
                               .name = lines[i].name,
                               .line = lines[i].line,
                               .reason = "import.parent_circle",
                               .value = lines[i].parent});
        } else {
            good.push_back(std::move(lines[i]));
            good_depths.push_back(depth[i]);
        }
    }
    lines = std::move(good);
    std::ranges::sort(refused, before<RefusedLine>);
    return good_depths;
}

void Planner::structures(Lines<StructureLine> read) {
    const auto depth = depths(read.lines, read.refused);
    take_mistakes(ImportKind::Structure, read);
    for (const auto& line : read.lines)
        if (!plan_.places.by_key(line.key)) {
            // One that is there already under its UAI gets the key; else it will be made.
            const auto* there = line.uai.empty() ? nullptr : plan_.places.by_uai(line.uai);
            if (!there)
                plan_.places.plan(line.key, line.uai, line.name);
            else if (there->key.empty())
                plan_.places.give_key(line.uai, line.key);
        }
    plan_.structures = std::move(read.lines);
    auto id_of = [this](const ImportPlace& place) { return known(place); };
    std::map<std::string_view, std::string_view> uai_key; // a UAI belongs to one line
    auto said_of = [&](const StructureLine& line) -> ImportSaid {
        if (!line.uai.empty()) {
            auto [first, fresh] = uai_key.try_emplace(line.uai, line.key);
            const auto* there = plan_.places.by_uai(line.uai);
            const bool taken = there && there->id && !there->key.empty() && there->key != line.key;
            if (!fresh || taken) return {.text = {}, .refusal = ImportRefusal{"import.uai_taken", line.uai}};
            if (there && !there->inside) return {.text = {}, .refusal = ImportRefusal{"import.outside", line.uai}};
        }
        if (const auto* there = plan_.places.by_key(line.key); there && !there->inside)
            return {.text = {}, .refusal = ImportRefusal{"import.outside", line.key}};
        if (plan_.options.within && line.parent.empty())
            return {.text = {}, .refusal = ImportRefusal{"import.parent_missing", ""}};
        return say(line, plan_.places, id_of);
    };
    merge(ImportKind::Structure, plan_.structures, read.refused, plan_.structure_acts, said_of,
          [this](const store::ImportKeyRow& row, const std::optional<std::string>& now) {
              const auto parent =
                  parse_id<StructureId>(parted(row.said, structure_said::Fields)[structure_said::Parent])
                      .value_or(StructureId{});
              tally_.there(Structures, {parent});
              if (!now) tally_.ends(Structures, {parent}, {});
          });
    // What is made comes from the top, what ends comes last and from the bottom.
    std::unordered_map<std::int64_t, std::int64_t> ending; // with what it stands below
    for (const auto& act : plan_.structure_acts)
        if (act.what == ImportAct::What::Ends)
            ending[act.subject] =
                from_base32(parted(act.said, structure_said::Fields)[structure_said::Parent]).value_or(0);
    constexpr int deepest = 1 << 10;
    auto rank = [&](const ImportAct& act) {
        if (act.what != ImportAct::What::Ends) return depth[act.line];
        int below = 0;
        for (auto at = ending.find(act.subject); at != ending.end() && below < deepest; at = ending.find(at->second))
            ++below;
        return 3 * deepest - below;
    };
    std::ranges::sort(plan_.structure_acts, [&](const ImportAct& one, const ImportAct& other) {
        const int first = rank(one), second = rank(other);
        return first != second ? first < second : one.key < other.key;
    });
}

// An address belongs to one line: to whoever has it already, so that a mistake in a new line costs nobody else
// anything; else to the first in the list.
Planner::Owners Planner::owners_of_addresses(const std::vector<PersonLine>& lines) {
    Owners owners;
    std::unordered_map<std::string, std::vector<const PersonLine*>> disputed;
    for (const auto& line : lines) {
        if (line.mail.empty()) continue;
        auto address = to_lower_ascii(line.mail);
        auto [owner, fresh] = owners.try_emplace(address, &line);
        if (fresh) continue;
        auto& rivals = disputed[std::move(address)];
        if (rivals.empty()) rivals.push_back(owner->second);
        rivals.push_back(&line);
        if (line.line < owner->second->line) owner->second = &line;
    }
    constexpr std::size_t most_asked = 10'000; // a list of one address has no right one
    std::size_t asked = 0;
    for (const auto& [address, rivals] : disputed) {
        if ((asked += rivals.size()) > most_asked) break;
        const auto holder = person_of_mail(tx_, address);
        if (!holder) continue;
        for (const auto* rival : rivals) {
            const auto row = store::find_import_key(tx_, plan_.options.source, ImportKind::Person, rival->key);
            if (row && row->subject == holder->value) owners[address] = rival;
        }
    }
    return owners;
}

void Planner::people(Lines<PersonLine> read) {
    take_mistakes(ImportKind::Person, read);
    plan_.people = std::move(read.lines);
    const auto owners = owners_of_addresses(plan_.people);
    auto id_of = [this](const ImportPlace& place) { return known(place); };
    auto said_of = [&](const PersonLine& line) -> ImportSaid {
        if (!line.mail.empty() && owners.at(to_lower_ascii(line.mail)) != &line)
            return {.text = {}, .refusal = ImportRefusal{"import.mail_twice", line.mail}};
        // Somebody of no structure is of no part of the tree.
        if (plan_.options.within && line.functions.empty())
            return {.text = {}, .refusal = ImportRefusal{"import.outside", line.key}};
        return say(line, plan_.places, id_of);
    };
    merge(ImportKind::Person, plan_.people, read.refused, plan_.person_acts, said_of,
          [this](const store::ImportKeyRow& row, const std::optional<std::string>& now) {
              using namespace person_said;
              const auto before = structures_in(parted(row.said, Fields)[Functions]);
              tally_.there(People, before);
              if (now && *now == row.said) return;
              tally_.ends(People, before, now ? structures_in(parted(*now, Fields)[Functions]) : StructureIds{});
          });
    // Somebody else has the address: whoever that is, they are not made the same person by it.
    std::erase_if(plan_.person_acts, [this](const ImportAct& act) {
        if (act.what == ImportAct::What::Ends) return false;
        const auto& line = plan_.people[act.line];
        const auto before = parted(act.said, person_said::Fields)[person_said::Mail];
        if (line.mail.empty() || line.mail == before) return false;
        auto holder = person_of_mail(tx_, line.mail);
        if (!holder || holder->value == act.subject) return false;
        const bool changes = act.what == ImportAct::What::Changes;
        --(changes ? report_.people.changes : report_.people.begins);
        std::erase_if(report_.differences, [&](const ImportDifference& shown) {
            return shown.kind == "person" && shown.key == line.key && shown.what != "refused";
        });
        refuse(ImportKind::Person, line.key, line.name, line.line, {"import.mail_taken", line.mail});
        return true;
    });
}

std::vector<std::string> members_of(const std::vector<std::string>& said) {
    auto members = listed(said[class_said::Teachers]);
    for (auto& pupil : listed(said[class_said::Pupils])) {
        const auto colon = pupil.find(':'); // a pupil who has a key stays the same under another name
        members.push_back("pupil " + pupil.substr(0, colon));
    }
    std::ranges::sort(members);
    return members;
}

void Planner::classes(Lines<ClassLine> read) {
    take_mistakes(ImportKind::Class, read);
    plan_.classes = std::move(read.lines);
    std::string after;
    for (;;) {
        auto rows = store::import_keys_after(tx_, plan_.options.source, ImportKind::Person, after, block);
        for (const auto& row : rows) plan_.person_of_key.emplace(row.key, row.subject);
        if (std::ssize(rows) < block) break;
        after = rows.back().key;
    }
    for (const auto& act : plan_.person_acts)
        if (act.what == ImportAct::What::Begins) plan_.person_of_key.emplace(act.key, 0);
    auto id_of = [this](const ImportPlace& place) { return known(place); };
    auto person = [this](const std::string& key) -> std::optional<std::int64_t> {
        auto found = plan_.person_of_key.find(key);
        if (found == plan_.person_of_key.end()) return std::nullopt;
        return found->second;
    };
    auto said_of = [&](const ClassLine& line) { return say(line, plan_.places, id_of, person); };
    merge(ImportKind::Class, plan_.classes, read.refused, plan_.class_acts, said_of,
          [this](const store::ImportKeyRow& row, const std::optional<std::string>& now) {
              using namespace class_said;
              const auto said = parted(row.said, Fields);
              const auto structure = parse_id<StructureId>(said[School]).value_or(StructureId{});
              const auto before = members_of(said);
              tally_.there(Classes, {structure});
              tally_.there(Memberships, {structure}, std::ssize(before));
              if (!now) tally_.ends(Classes, {structure}, {});
              if (now && *now == row.said) return;
              const auto members = now ? members_of(parted(*now, Fields)) : std::vector<std::string>{};
              std::vector<std::string> gone;
              std::ranges::set_difference(before, members, std::back_inserter(gone));
              tally_.ends(Memberships, {structure}, {}, std::ssize(gone));
          });
}

} // namespace

ImportPlan::ImportPlan(std::unique_ptr<Inner> inner) : inner_{std::move(inner)} {}
ImportPlan::ImportPlan(ImportPlan&&) noexcept = default;
ImportPlan& ImportPlan::operator=(ImportPlan&&) noexcept = default;
ImportPlan::~ImportPlan() = default;
const ImportReport& ImportPlan::report() const { return inner_->report; }

Result<ImportPlan> plan_import(db::Tx& tx, const ImportFiles& files, const ImportOptions& options) {
    if (!well_formed_source(options.source)) return invalid("source", "import.source");
    if (!files.any()) return invalid("file", "import.nothing");
    auto inner = std::make_unique<ImportPlan::Inner>();
    inner->options = options;
    TRY(Planner{tx, *inner}.run(files));
    return ImportPlan{std::move(inner)};
}

} // namespace preau::identity

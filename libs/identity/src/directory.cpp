#include "identity/directory.hpp"

#include "directory_store.hpp"
#include "directory_words.hpp"
#include "group_store.hpp"
#include "guest_store.hpp"
#include "person_store.hpp"
#include "structure_store.hpp"

#include "base/plain_words.hpp"

#include <algorithm>
#include <set>

namespace preau::identity {
namespace {

constexpr std::size_t most_words = 6; // of a name: 30 keys
constexpr int range_limit = 150;      // rows of one range: twenty names of six words, each in five orders, and some

// Ids of one kind in one scope, in the order of their names, without repetition.
std::vector<std::int64_t> look_in(db::Tx& tx, StructureId scope, Subject::Kind kind,
                                  const std::vector<std::string>& typed) {
    std::vector<std::int64_t> ids;
    auto take = [&](std::string_view prefix) {
        for (const auto& row : store::directory_range(tx, scope, kind, prefix, range_limit))
            if (std::ranges::find(ids, row.subject) == ids.end() && words_begin(row.key, typed))
                ids.push_back(row.subject);
    };
    if (typed.size() > 1) take(typed[0] + ' ' + typed[1]);
    // "ber cam": both cut off. Looks at the first names that begin so, which is enough but for the commonest letters.
    if (ids.empty()) take(typed[0]);
    return ids;
}

Found found_of(Subject subject, Named named) {
    return {.subject = subject,
            .name = std::move(named.name),
            .function = std::move(named.function),
            .place = std::move(named.place),
            .kind = std::move(named.kind)};
}

std::vector<Found> with_names(db::Tx& tx, const std::vector<Subject>& subjects) {
    auto names = names_of(tx, subjects);
    std::vector<Found> found;
    for (auto subject : subjects)
        if (auto named = names.find(subject); named != names.end() && !named->second.closed)
            found.push_back(found_of(subject, std::move(named->second)));
    return found;
}

struct Finds {
    std::vector<Subject> list;
    std::set<Subject> seen;
    bool full() const { return std::ssize(list) >= most_found; }
    void add(Subject subject) {
        if (!full() && seen.insert(subject).second) list.push_back(subject);
    }
};

} // namespace

std::vector<Found> search_directory(db::Tx& tx, const Viewer& viewer, std::string_view typed) {
    if (!viewer.is_person()) return {};
    const auto words = plain_words(typed, most_words);
    if (words.empty()) return {};
    Finds finds;
    for (const auto& group : groups_of(tx, viewer.person)) // also those of no structure
        if (words_begin(group.name, words)) finds.add(subject(group.id));
    if (viewer.guest) return with_names(tx, finds.list); // no directory: docs/adr/0014
    using enum Subject::Kind;
    for (auto near : store::structures_of(tx, viewer.person))
        for (auto kind : {Group, Person, Structure})
            for (auto id : look_in(tx, near, kind, words)) finds.add({kind, id});
    for (auto kind : {Person, Structure})
        if (!finds.full())
            for (auto id : look_in(tx, {}, kind, words)) finds.add({kind, id});
    return with_names(tx, finds.list);
}

std::vector<Found> nearest(db::Tx& tx, const Viewer& viewer) {
    if (!viewer.is_person()) return {};
    Finds finds;
    for (const auto& group : groups_of(tx, viewer.person)) finds.add(subject(group.id));
    for (auto structure : store::structures_of(tx, viewer.person)) finds.add(subject(structure));
    return with_names(tx, finds.list);
}

std::vector<Found> places_around(db::Tx& tx, const Viewer& viewer) {
    if (!viewer.is_person()) return {};
    std::vector<Subject> subjects;
    for (auto structure : store::structures_around(tx, viewer.person)) subjects.push_back(subject(structure));
    return with_names(tx, subjects);
}

std::map<Subject, Named> names_of(db::Tx& tx, const std::vector<Subject>& subjects) {
    std::vector<std::int64_t> people, groups, structures, functions;
    std::set<Subject> wanted{subjects.begin(), subjects.end()};
    for (auto subject : wanted) {
        if (subject.kind == Subject::Kind::Person) people.push_back(subject.id);
        if (subject.kind == Subject::Kind::Group || subject.kind == Subject::Kind::Families)
            groups.push_back(subject.id);
        if (subject.kind == Subject::Kind::Structure) structures.push_back(subject.id);
        if (subject.kind == Subject::Kind::Function) functions.push_back(subject.id);
    }
    std::map<Subject, Named> names;
    auto add = [&](Subject subject, const store::NamedRow& row) {
        if (wanted.contains(subject))
            names[subject] = {.name = row.name,
                              .function = row.function,
                              .place = row.place,
                              .kind = row.kind,
                              .structure = row.structure,
                              .closed = row.closed};
    };
    for (const auto& row : store::people_named(tx, people)) add(subject(PersonId{row.id}), row);
    for (const auto& row : store::groups_named(tx, groups)) {
        add(subject(GroupId{row.id}), row);
        add(families(GroupId{row.id}), row);
    }
    for (const auto& row : store::structures_named(tx, structures)) add(subject(StructureId{row.id}), row);
    for (const auto& row : store::functions_named(tx, functions)) add({Subject::Kind::Function, row.id}, row);
    return names;
}

bool works_in(db::Tx& tx, PersonId person, StructureId structure) { return store::works_in(tx, person, structure); }
bool has_members(db::Tx& tx, GroupId group) { return store::has_members(tx, group); }

bool words_begin(std::string_view key, const std::vector<std::string>& typed) {
    const auto words = plain_words(key, most_words);
    return std::ranges::all_of(typed, [&](const std::string& begin) {
        return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(begin); });
    });
}

std::string search_prefix(db::Tx& tx, StructureId scope, Subject::Kind kind, const std::vector<std::string>& words) {
    if (words.size() < 2) return words.empty() ? std::string{} : words[0];
    auto both = words[0] + ' ' + words[1];
    return store::directory_range(tx, scope, kind, both, 1).empty() ? words[0] : both;
}

std::string first_key(std::string_view name, std::string_view prefix, const std::vector<std::string>& words) {
    std::string first;
    for (auto& key : directory_keys(name))
        if (key.starts_with(prefix) && words_begin(key, words) && (first.empty() || key < first))
            first = std::move(key);
    return first;
}

std::vector<std::string> directory_keys(std::string_view name) {
    auto words = plain_words(name, most_words);
    std::vector<std::string> once;
    for (auto& word : words)
        if (std::ranges::find(once, word) == once.end()) once.push_back(std::move(word));
    if (once.size() < 2) return once;
    std::vector<std::string> keys;
    for (std::size_t first = 0; first < once.size(); ++first)
        for (std::size_t second = 0; second < once.size(); ++second) {
            if (first == second) continue;
            auto key = once[first] + ' ' + once[second];
            for (std::size_t rest = 0; rest < once.size(); ++rest)
                if (rest != first && rest != second) key += ' ' + once[rest];
            keys.push_back(std::move(key));
        }
    return keys;
}

void enter_person(db::Tx& tx, PersonId person, std::string_view name) {
    const auto keys = directory_keys(name);
    // A guest is found by those who work where they were invited, not by a million others.
    if (const auto structure = store::guest_structure(tx, person)) {
        store::enter(tx, structure, subject(person), keys);
        return;
    }
    store::enter(tx, {}, subject(person), keys);
    for (auto structure : store::structures_of(tx, person)) store::enter(tx, structure, subject(person), keys);
}

void enter_function(db::Tx& tx, PersonId id, StructureId structure) {
    auto person = store::find_person(tx, id);
    if (person && !person->disabled) store::enter(tx, structure, subject(id), directory_keys(person->name));
}

void leave_function(db::Tx& tx, PersonId person, StructureId structure) {
    if (!store::works_in(tx, person, structure)) store::take_out_of(tx, structure, subject(person));
}

void enter_closed(db::Tx& tx, PersonId person, std::string_view name) {
    store::enter(tx, closed_scope, subject(person), directory_keys(name));
}

void leave_directory(db::Tx& tx, Subject subject) { store::take_out(tx, subject); }

void enter_group(db::Tx& tx, const Group& group) {
    const auto keys = directory_keys(group.name);
    store::enter(tx, overseen_scope, subject(group.id), keys);
    if (group.structure) store::enter(tx, group.structure, subject(group.id), keys);
}

void enter_closed_group(db::Tx& tx, GroupId group, std::string_view name) {
    store::enter(tx, overseen_scope, subject(group), directory_keys(name));
}

void enter_structure(db::Tx& tx, StructureId structure, std::string_view name) {
    const auto keys = directory_keys(name);
    store::enter(tx, {}, subject(structure), keys);
    store::enter(tx, structure, subject(structure), keys);
}

namespace {

// One batch; false when there was nothing left.
bool enter_more(db::Tx& tx, Subject::Kind kind) {
    constexpr int batch = 1000;
    const auto done = store::entered_up_to(tx, kind);
    if (!done) return false;
    const auto rows = store::rows_after(tx, kind, *done, batch);
    for (const auto& row : rows) {
        if (kind == Subject::Kind::Person)
            row.closed ? enter_closed(tx, PersonId{row.id}, row.name) : enter_person(tx, PersonId{row.id}, row.name);
        if (kind == Subject::Kind::Group)
            row.closed ? enter_closed_group(tx, GroupId{row.id}, row.name)
                       : enter_group(tx, {.id = GroupId{row.id}, .name = row.name, .structure = row.structure});
        if (kind == Subject::Kind::Structure) enter_structure(tx, StructureId{row.id}, row.name);
    }
    const bool more = std::ssize(rows) == batch;
    store::set_entered(tx, kind, more ? std::optional{rows.back().id} : std::nullopt);
    return more;
}

} // namespace

void fill_directory(db::Database& db) {
    using enum Subject::Kind;
    for (auto kind : {Person, Group, Structure}) {
        if (!db.read_now([kind](db::Tx& tx) { return store::entered_up_to(tx, kind).has_value(); })) continue;
        while (db.write_now([kind](db::Tx& tx) { return enter_more(tx, kind); })) {
        }
    }
}

} // namespace preau::identity

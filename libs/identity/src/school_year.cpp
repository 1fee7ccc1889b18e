// Rules of the school year.
#include "identity/school_year.hpp"

#include "directory_words.hpp"
#include "group_store.hpp"
#include "school_year_store.hpp"

#include "base/text.hpp"
#include "identity/administration.hpp"
#include "identity/directory.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace preau::identity {
namespace {

int number_in(std::string_view digits) {
    int number = -1;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return problem == std::errc{} && end == digits.data() + digits.size() ? number : -1;
}

bool possible_year(int year) { return year >= 2000 && year < 2200; }

std::string from(int year) { return std::to_string(year) + '-' + std::to_string(year + 1); }

std::unexpected<Error> names_error(Error::Kind kind, std::string key, const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return std::unexpected(
        Error{.kind = kind, .key = std::move(key), .field = "names", .values = {{"names", std::move(list)}}});
}

Result<std::vector<std::string>> names_in(std::string_view text) {
    std::vector<std::string> names;
    for (auto line : split(text, '\n')) {
        const auto name = trimmed(line);
        if (name.empty()) continue;
        names.push_back(TRY(check_line(name, "names", 2, 100)));
        if (names.size() > most_classes_at_once) return invalid("names", "identity.class_too_many");
    }
    if (names.empty()) return invalid("names", "identity.class_names_none");
    return names;
}

// All that are met again, each once. "6e b" and "6e B" are one name to everybody who reads them.
std::vector<std::string> met_again(const std::vector<std::string>& names, std::map<std::string, bool> seen) {
    std::vector<std::string> again;
    for (const auto& name : names)
        if (!seen.emplace(fold_case(name), true).second && std::ranges::find(again, name) == again.end())
            again.push_back(name);
    return again;
}

} // namespace

bool keeps_school_year(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now) {
    if (!viewer.is_person() || viewer.guest || !structure) return false;
    if (store::keeps_classes(tx, viewer.person, structure)) return true;
    return may(tx, rights_of(tx, viewer.person, now), AdminRole::Structures, structure);
}

std::vector<SchoolClass> open_classes(db::Tx& tx, StructureId structure, const ClassKey& after, int limit) {
    return store::open_classes(tx, structure, after, limit);
}
std::vector<std::string> closed_years(db::Tx& tx, StructureId structure) {
    return store::closed_years(tx, structure, 40);
}
std::vector<SchoolClass> closed_classes(db::Tx& tx, StructureId structure, std::string_view year, const ClassKey& after,
                                        int limit) {
    return store::closed_classes(tx, structure, year, after, limit);
}

Result<std::vector<SchoolClass>> classes_named(db::Tx& tx, StructureId structure, const std::vector<GroupId>& classes) {
    std::vector<std::int64_t> ids;
    for (auto one : classes) ids.push_back(one.value);
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    if (ids.empty()) return invalid("class", "identity.class_none");
    if (ids.size() > most_classes_at_once) return invalid("class", "identity.class_too_many");
    auto found = store::classes_among(tx, structure, ids);
    if (found.size() != ids.size()) return not_found("identity.class");
    return found;
}

Result<std::string> school_year_named(std::string_view typed) {
    const auto text = trimmed(typed);
    const auto dash = text.find('-');
    const int first = number_in(text.substr(0, dash));
    const bool one = dash == std::string_view::npos;
    if (!possible_year(first) || (!one && number_in(text.substr(dash + 1)) != first + 1))
        return invalid("year", "identity.school_year");
    return one ? std::to_string(first) : from(first);
}

SchoolYears school_years_on(std::string_view day) {
    const int year = number_in(day.substr(0, std::min<std::size_t>(day.size(), 4)));
    const int month = day.size() >= 7 ? number_in(day.substr(5, 2)) : -1;
    if (!possible_year(year) || month < 1) return {};
    constexpr int may = 5; // who prepares September does so before the summer
    return {.ending = from(year - 1), .beginning = from(month >= may ? year : year - 1)};
}

Result<std::vector<GroupId>> close_classes(db::Tx& tx, const Closing& closing, Millis now) {
    const auto year = TRY(school_year_named(closing.year));
    const auto known = TRY(classes_named(tx, closing.structure, closing.classes));
    store::insert_closing(tx, closing, now);
    std::vector<GroupId> closed;
    for (const auto& one : known) {
        if (!store::set_class_closed(tx, one.id, now)) continue;
        store::insert_closed_class(tx,
                                   {.id = one.id, .closing = closing.id, .structure = closing.structure, .year = year});
        leave_directory(tx, subject(one.id));
        enter_closed_group(tx, one.id, one.name);
        closed.push_back(one.id);
    }
    if (closed.empty()) return fail(Error::Kind::Conflict, "identity.class_closed_already", "class");
    return closed;
}

std::vector<GroupId> reopen_classes(db::Tx& tx, const std::vector<GroupId>& classes) {
    std::vector<GroupId> opened;
    for (auto id : classes) {
        const auto group = find_group(tx, id);
        if (!group || !store::set_class_open(tx, id)) continue;
        enter_group(tx, *group);
        opened.push_back(id);
    }
    return opened;
}

std::optional<ClosedClass> closed_class(db::Tx& tx, GroupId group) { return store::find_closed_class(tx, group); }
std::vector<GroupId> classes_of_closing(db::Tx& tx, StructureId structure, ClosingId closing) {
    return store::classes_of_closing(tx, structure, closing);
}
std::optional<Millis> closed_at(db::Tx& tx, StructureId structure, ClosingId closing) {
    return store::closing_at(tx, structure, closing);
}

Result<std::vector<GroupId>> found_classes(db::Tx& tx, IdSource& ids, const Opening& opening) {
    const auto year = TRY(school_year_named(opening.year));
    const auto names = TRY(names_in(opening.names));
    if (auto twice = met_again(names, {}); !twice.empty())
        return names_error(Error::Kind::Invalid, "identity.class_names_twice", twice);
    std::map<std::string, bool> there;
    constexpr int all = 2'000; // more than any school has
    for (const auto& one : store::open_classes(tx, opening.structure, {}, all)) there[fold_case(one.name)] = true;
    if (auto again = met_again(names, there); !again.empty())
        return names_error(Error::Kind::Conflict, "identity.class_names_there", again);
    std::vector<GroupId> made;
    for (const auto& name : names) {
        made.push_back(create_group(tx, ids, {.name = name, .kind = "class", .structure = opening.structure}));
        store::set_class_year(tx, made.back(), year);
    }
    return made;
}

std::string last_names(db::Tx& tx, StructureId structure) {
    const auto years = store::closed_years(tx, structure, 1);
    if (years.empty()) return {};
    std::string names;
    for (const auto& one : store::closed_classes(tx, structure, years.front(), {}, most_classes_at_once))
        names += (names.empty() ? "" : "\n") + one.name;
    return names;
}

Result<void> name_class_staff(db::Tx& tx, StructureId structure, GroupId group, PersonId person, Millis now) {
    TRY(classes_named(tx, structure, {group}));
    if (store::find_closed_class(tx, group)) return fail(Error::Kind::Conflict, "identity.class_closed", "class");
    if (!works_in(tx, person, structure)) return invalid("login", "identity.class_not_here");
    store::delete_invitation(tx, group, person);
    store::insert_member(tx, group, person, "owner", now);
    store::set_member_role(tx, group, person, "owner");
    return {};
}

std::optional<PersonId> answers_for_class(db::Tx& tx, GroupId group) { return store::answering_member(tx, group); }
bool hold_group_open(db::Tx& tx, GroupId group) { return store::touch_open_class(tx, group); }

} // namespace preau::identity

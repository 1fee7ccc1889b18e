#include "identity/roster.hpp"

#include "group_store.hpp"
#include "roster_store.hpp"

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/plain_words.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace preau::identity {
namespace {

constexpr std::size_t longest_name = 200;
constexpr Millis change_kept = 30_days;

std::vector<std::string_view> letters_of(std::string_view text) { // code points
    std::vector<std::string_view> letters;
    while (!text.empty()) {
        std::size_t length = 1;
        while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
        letters.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return letters;
}

bool parts_words(std::string_view letter) {
    return letter == " " || letter == "-" || letter == "'" || letter == "’" || letter == ".";
}

bool is_shouted(std::string_view name) {
    const auto letters = letters_of(name);
    return letters.size() > 1 && std::ranges::all_of(letters, [](std::string_view letter) {
               return parts_words(letter) || fold_case(letter) != letter;
           });
}

// "DE LA TOUR" → "De La Tour": schools' lists shout family names. A name with a small letter stays as it is.
std::string softened(std::string_view name) {
    const auto letters = letters_of(name);
    if (!is_shouted(name)) return std::string{name};
    std::string soft;
    bool begins = true;
    for (auto letter : letters) {
        soft += begins ? std::string{letter} : fold_case(letter);
        begins = parts_words(letter);
    }
    return soft;
}

// A first line of headings, and not somebody who is called Élève.
bool is_one_of(std::string_view header, std::initializer_list<std::string_view> headings) {
    std::string words;
    for (const auto& word : plain_words(header, 6)) words += (words.empty() ? "" : " ") + word;
    return std::ranges::find(headings, words) != headings.end();
}
bool is_first_name_column(std::string_view header) {
    return is_one_of(header, {"prenom", "prenoms", "first name", "first names", "given name"});
}
bool is_name_column(std::string_view header) {
    return is_one_of(header, {"nom", "noms", "nom de famille", "nom de l eleve", "nom et prenom", "nom prenom", "eleve",
                              "eleves", "name", "names", "last name", "family name", "pupil", "pupils"});
}

// "LEMAIRE ROY Lina" in one column: what is shouted at its beginning is the family name.
std::string in_order(std::string_view name) {
    std::size_t at = 0;
    while (at < name.size()) {
        const auto end = std::min(name.find(' ', at), name.size());
        if (!is_shouted(name.substr(at, end - at))) break;
        at = std::min(end + 1, name.size());
    }
    if (at == 0 || at == name.size()) return softened(name);
    return std::string{name.substr(at)} + " " + softened(trimmed(name.substr(0, at)));
}

struct PastedName {
    std::string name;
    std::int64_t line = 0;
};

// Lists of French schools write the family name first.
struct Columns {
    std::size_t family = 0, first = 1;
};

std::string name_of(const std::vector<std::string>& fields, const Columns& columns) {
    auto field = [&](std::size_t at) { return at < fields.size() ? std::string_view{fields[at]} : std::string_view{}; };
    const auto family = field(columns.family), first = field(columns.first);
    if (first.empty()) return in_order(family);
    return family.empty() ? softened(first) : softened(first) + " " + softened(family);
}

std::vector<PastedName> names_in(std::string_view pasted, std::vector<RosterMistake>& mistakes) {
    std::vector<PastedName> names;
    CsvReader reader{pasted, {.row_bytes = 4096, .fields = 20}};
    Columns columns;
    bool first_row = true;
    // Pairing looks at everybody with everybody: more than a class is not read on, and refused as it is.
    for (;;) {
        const auto step = reader.next();
        if (step == CsvReader::Step::End || names.size() + mistakes.size() > most_pupils) return names;
        if (step == CsvReader::Step::Problem) {
            mistakes.push_back({.line = static_cast<std::int64_t>(reader.problem().line), .key = reader.problem().key});
            continue;
        }
        const auto& fields = reader.fields();
        if (std::exchange(first_row, false) && (is_name_column(fields[0]) || is_first_name_column(fields[0]))) {
            if (is_first_name_column(fields[0])) columns = {.family = 1, .first = 0};
            continue;
        }
        auto name = check_line(name_of(fields, columns), "name", 1, longest_name);
        if (name)
            names.push_back({.name = std::move(*name), .line = static_cast<std::int64_t>(reader.line())});
        else
            mistakes.push_back({.line = static_cast<std::int64_t>(reader.line()), .key = name.error().key});
    }
}

// In whatever order, case and accents.
using Words = std::vector<std::string>;
Words words_of(std::string_view name) {
    auto words = plain_words(name, 10);
    std::ranges::sort(words);
    return words;
}

bool share_a_word(const Words& one, const Words& other) {
    return std::ranges::any_of(one, [&](const auto& word) { return std::ranges::binary_search(other, word); });
}

// Pairs what is gone with what came: `same` must hold for exactly one on either side, or nobody can tell who is who.
// Words are parted once, not once for each pair.
template <class Same> void pair_up(RosterDifference& difference, const Same& same) {
    std::vector<Words> gone, came;
    for (const auto& pupil : difference.removes) gone.push_back(words_of(pupil.name));
    for (const auto& name : difference.adds) came.push_back(words_of(name));
    for (std::size_t at = 0; at < gone.size();) {
        auto matches = [&](const Words& words) { return same(gone[at], words); };
        const auto found = std::ranges::find_if(came, matches);
        const bool one = found != came.end() && std::ranges::count_if(came, matches) == 1 &&
                         std::ranges::count_if(gone, [&](const Words& other) { return same(other, *found); }) == 1;
        if (!one) {
            ++at;
            continue;
        }
        const auto name = difference.adds.begin() + (found - came.begin());
        const auto pupil = difference.removes.begin() + static_cast<std::ptrdiff_t>(at);
        difference.renames.push_back({.pupil = *pupil, .name = std::move(*name)});
        difference.adds.erase(name);
        difference.removes.erase(pupil);
        came.erase(found);
        gone.erase(gone.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

struct KeptPupil {
    Id<PupilTag> id;
    std::string name;
};
PREAU_DESCRIBE(KeptPupil, id, name)

std::string kept(const std::vector<Pupil>& roster) {
    std::vector<KeptPupil> all;
    for (const auto& pupil : roster) all.push_back({pupil.id, pupil.name});
    return json::text_of(all);
}

} // namespace

RosterDifference compare_roster(const std::vector<Pupil>& roster, std::string_view pasted) {
    RosterDifference difference;
    difference.removes = roster;
    for (auto& [name, line] : names_in(pasted, difference.mistakes)) {
        auto there = std::ranges::find(difference.removes, name, &Pupil::name);
        if (there != difference.removes.end()) {
            ++difference.unchanged;
            difference.removes.erase(there);
        } else {
            difference.adds.push_back(std::move(name));
        }
    }
    pair_up(difference, std::equal_to<Words>{});
    pair_up(difference, share_a_word);
    return difference;
}

std::string roster_mark(const std::vector<Pupil>& roster) { return sha256(kept(roster)); }

Result<RosterChangeId> paste_roster(db::Tx& tx, IdSource& ids, const RosterWish& wish, Millis now) {
    const auto roster = pupils_of(tx, wish.group);
    if (roster_mark(roster) != wish.mark) return fail(Error::Kind::Conflict, "identity.roster_changed");
    const auto difference = compare_roster(roster, wish.pasted);
    const auto count =
        static_cast<std::size_t>(difference.unchanged) + difference.adds.size() + difference.renames.size();
    // An empty box is a slip of the hand far more often than a class without pupils.
    if (count == 0) return invalid("list", "identity.roster_empty");
    if (count > most_pupils) return invalid("list", "identity.roster_long");
    for (const auto& pupil : difference.removes) store::delete_pupil(tx, wish.group, pupil.id.value);
    for (const auto& rename : difference.renames) {
        auto pupil = rename.pupil;
        pupil.name = rename.name;
        store::put_pupil(tx, pupil, sort_key(pupil.name));
    }
    for (const auto& name : difference.adds) add_pupil(tx, ids, wish.group, name);
    store::forget_roster_changes(tx, wish.group, now - change_kept);
    const store::RosterChangeRow row{
        .id = ids.next_as<RosterChangeId>(), .before = kept(roster), .after = roster_mark(pupils_of(tx, wish.group))};
    store::insert_roster_change(tx, row, wish, now);
    return row.id;
}

Result<void> take_back_roster(db::Tx& tx, GroupId group, RosterChangeId change) {
    auto row = store::find_roster_change(tx, group, change);
    if (!row) return fail(Error::Kind::Gone, "identity.roster_nothing");
    const auto roster = pupils_of(tx, group);
    if (roster_mark(roster) != row->after) return fail(Error::Kind::Conflict, "identity.roster_changed");
    const auto before = TRY(json::parse(row->before));
    std::map<std::int64_t, std::string> back;
    for (std::size_t at = 0; at < before.size(); ++at)
        if (auto id = from_base32(before.at(at)["id"].text().value_or("")))
            back[*id] = before.at(at)["name"].text().value_or("");
    for (const auto& pupil : roster)
        if (!back.contains(pupil.id.value)) store::delete_pupil(tx, group, pupil.id.value);
    for (const auto& [id, name] : back)
        store::put_pupil(tx, {.id = Id<PupilTag>{id}, .group = group, .name = name}, sort_key(name));
    store::delete_roster_changes(tx, group, change);
    return {};
}

} // namespace preau::identity

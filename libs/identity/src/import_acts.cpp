#include "import_acts.hpp"

#include "attachment_store.hpp"
#include "directory_words.hpp"
#include "group_store.hpp"
#include "logins.hpp"
#include "structure_detail_store.hpp"

#include "base/text.hpp"
#include "identity/administration.hpp"
#include "identity/groups.hpp"
#include "identity/person_mail.hpp"

#include <algorithm>
#include <iterator>

namespace preau::identity {
namespace {

std::vector<std::string> without(const std::vector<std::string>& from, const std::vector<std::string>& what) {
    std::vector<std::string> left;
    auto first = from, second = what;
    std::ranges::sort(first);
    std::ranges::sort(second);
    std::ranges::set_difference(first, second, std::back_inserter(left));
    return left;
}

std::vector<std::int64_t> numbers(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> found;
    for (const auto& text : ids)
        if (auto id = from_base32(text)) found.push_back(*id);
    return found;
}

std::string key_of_pupil(const std::string& entry) {
    const auto colon = entry.find(':');
    return colon == std::string::npos ? std::string{} : entry.substr(0, colon);
}
std::string name_of_pupil(const std::string& entry) {
    return std::string{trimmed(std::string_view{entry}.substr(entry.find(':') + 1))};
}

// Whoever may import into a structure may open and close accounts; what a part of the tree may not is asked before
// (ImportHooks::permission).
const Rights whole_authority{.everything = true};

} // namespace

StructureId ImportHand::id_of(const ImportPlace& place) {
    if (place.id) return place.id;
    auto made = store::find_import_key(tx_, plan_.options.source, ImportKind::Structure, place.key);
    return made ? StructureId{made->subject} : StructureId{};
}

std::optional<std::int64_t> ImportHand::person_of(const std::string& key) {
    auto known = plan_.person_of_key.find(key);
    if (known != plan_.person_of_key.end() && known->second) return known->second;
    auto made = store::find_import_key(tx_, plan_.options.source, ImportKind::Person, key);
    if (!made) return std::nullopt;
    return made->subject;
}

void ImportHand::remember(ImportKind kind, const ImportAct& act, std::int64_t subject, const std::string& said) {
    store::put_import_key(tx_, plan_.options.source, kind, {.key = act.key, .subject = subject, .said = said});
}

void ImportHand::note_end(ImportKind kind, const ImportAct& act) {
    store::put_import_key(tx_, plan_.options.source, kind,
                          {.key = act.key, .subject = act.subject, .said = act.said, .ended_at = now_});
}

std::optional<ImportRefusal> ImportHand::structure(const ImportAct& act) {
    using namespace structure_said;
    if (act.what == ImportAct::What::Ends) return close(act);
    const auto& line = plan_.structures[act.line];
    auto said = say(line, plan_.places, [this](const ImportPlace& place) { return id_of(place); });
    if (said.refusal) return said.refusal;
    const auto fields = parted(said.text, Fields);
    if (fields[Parent].starts_with('?')) return ImportRefusal{"import.parent_refused", line.parent};
    const auto parent = parse_id<StructureId>(fields[Parent]).value_or(StructureId{});
    const auto holder = line.uai.empty() ? StructureId{} : store::structure_of_uai(tx_, line.uai);
    StructureId id{act.subject};
    if (!id) {
        auto meanwhile = store::find_import_key(tx_, plan_.options.source, ImportKind::Structure, act.key);
        id = meanwhile ? StructureId{meanwhile->subject} : holder;
    }
    if (holder && holder != id) return ImportRefusal{"import.uai_taken", line.uai};
    if (parent && is_closed(tx_, parent)) return ImportRefusal{"import.structure_closed", line.parent};
    const StructureForm form{.name = line.name, .kind = line.kind, .uai = line.uai, .zone = line.zone};
    if (id) {
        if (auto refusal = change(id, parent, form, act)) return refusal;
    } else {
        auto made = found_structure(tx_, ids_, parent, form);
        if (!made) return ImportRefusal{made.error().key, line.key};
        id = made->id;
    }
    remember(ImportKind::Structure, act, id.value, said.text);
    return std::nullopt;
}

std::optional<ImportRefusal> ImportHand::change(StructureId id, StructureId parent, const StructureForm& form,
                                                const ImportAct& act) {
    const auto there = find_structure(tx_, id);
    if (!there) return ImportRefusal{"import.structure_gone", act.key};
    // What can be refused comes first: a move below itself.
    if (there->parent != parent) {
        if (auto moved = move_structure(tx_, id, parent); !moved) return ImportRefusal{moved.error().key, act.key};
        (void)revoke_uncovered(tx_, PersonId{}, now_);
    }
    if (act.returns)
        if (auto opened = open_structure(tx_, id); !opened) return ImportRefusal{opened.error().key, act.key};
    if (auto changed = change_structure(tx_, id, form); !changed) return ImportRefusal{changed.error().key, act.key};
    return std::nullopt;
}

// Last of all, when whoever left it has left. A list that lost a line must not end the work of a whole school: while
// somebody works there, nothing closes.
std::optional<ImportRefusal> ImportHand::close(const ImportAct& act) {
    const StructureId id{act.subject};
    const auto there = find_structure(tx_, id);
    if (there && !is_closed(tx_, id)) {
        if (!store::attachments_in(tx_, id, 1).empty()) return ImportRefusal{"import.structure_inhabited", there->name};
        if (auto closed = close_structure(tx_, id, now_); !closed)
            return ImportRefusal{closed.error().key, there->name};
    }
    note_end(ImportKind::Structure, act);
    return std::nullopt;
}

std::optional<ImportRefusal> ImportHand::person(const ImportAct& act) {
    using namespace person_said;
    if (act.what == ImportAct::What::Ends) {
        end_person(act);
        return std::nullopt;
    }
    const auto& line = plan_.people[act.line];
    auto said = say(line, plan_.places, [this](const ImportPlace& place) { return id_of(place); });
    if (said.refusal) return said.refusal;
    const auto before = act.returns ? std::vector<std::string>{} : listed(parted(act.said, Fields)[Functions]);
    for (const auto& function : without(listed(parted(said.text, Fields)[Functions]), before)) {
        if (function.starts_with('?')) return ImportRefusal{"import.structure_refused", function.substr(1)};
        if (is_closed(tx_, place_of(function))) // meanwhile
            return ImportRefusal{"import.structure_closed", plan_.places.name_of(place_of(function))};
    }
    const auto holder = line.mail.empty() ? std::nullopt : person_of_mail(tx_, line.mail);
    if (holder && holder->value != act.subject) return ImportRefusal{"import.mail_taken", line.mail};
    return act.what == ImportAct::What::Begins ? begin_person(act, said.text) : change_person(act, said.text);
}

std::optional<ImportRefusal> ImportHand::begin_person(const ImportAct& act, const std::string& said) {
    if (store::find_import_key(tx_, plan_.options.source, ImportKind::Person, act.key)) return std::nullopt;
    const auto& line = plan_.people[act.line];
    auto made = create_person(
        tx_, ids_, now_, {.login = free_login(tx_, line.name, plan_.last_login), .name = line.name, .mail = line.mail});
    if (!made) return ImportRefusal{made.error().key, line.mail};
    set_functions(made->id, {}, parted(said, person_said::Fields)[person_said::Functions]);
    remember(ImportKind::Person, act, made->id.value, said);
    return std::nullopt;
}

std::optional<ImportRefusal> ImportHand::change_person(const ImportAct& act, const std::string& said) {
    using namespace person_said;
    const auto before = parted(act.said, Fields), after = parted(said, Fields);
    const PersonId id{act.subject};
    auto there = find_person(tx_, id);
    if (!there) return ImportRefusal{"import.person_gone", act.key};
    const bool account = before[Name] != after[Name] || before[Mail] != after[Mail] || act.returns;
    // A forgotten password goes to the address: whoever sets it could become this person.
    if (account && hooks_.permission && !hooks_.permission(tx_, id))
        return ImportRefusal{"import.account_beyond", there->name};
    if (before[Mail] != after[Mail])
        if (auto set = set_mail(tx_, id, after[Mail]); !set) return ImportRefusal{set.error().key, after[Mail]};
    if (act.returns) (void)open_account(tx_, whole_authority, id, now_);
    if (before[Name] != after[Name]) (void)set_name(tx_, id, after[Name]); // checked when it was read
    set_functions(id, act.returns ? std::string_view{} : before[Functions], after[Functions]);
    remember(ImportKind::Person, act, id.value, said);
    return std::nullopt;
}

void ImportHand::end_person(const ImportAct& act) {
    const PersonId id{act.subject};
    set_functions(id, parted(act.said, person_said::Fields)[person_said::Functions], {});
    const auto there = find_person(tx_, id);
    // Who works somewhere, or will, or administers everything, keeps the account.
    if (there && !there->admin && open_functions(id).empty()) (void)close_account(tx_, whole_authority, id, now_);
    note_end(ImportKind::Person, act);
}

std::vector<Attachment> ImportHand::open_functions(PersonId person) {
    constexpr int most = 2'000; // those that are over come last
    std::vector<Attachment> open;
    for (auto& line : functions_of(tx_, person, most))
        if (line.attachment.state != Attachment::State::Over) open.push_back(std::move(line.attachment));
    return open;
}

void ImportHand::set_functions(PersonId person, std::string_view before, std::string_view after) {
    const auto old = listed(before), now = listed(after);
    // What begins comes first, so that somebody who changes schools is never without one, nor without a main structure.
    // What an administrator gave already (identity.function_there) stays theirs.
    for (const auto& function : without(now, old))
        (void)give_function(
            tx_, {.person = person, .structure = place_of(function), .function = std::string{function_of(function)}},
            now_);
    const auto gone = without(old, now);
    if (gone.empty()) return;
    for (const auto& held : open_functions(person)) {
        const bool ends = !held.given_by && std::ranges::any_of(gone, [&](const std::string& function) {
            return place_of(function) == held.structure && function_of(function) == held.function;
        });
        if (ends) (void)set_function_end(tx_, held, now_, now_);
    }
}

std::optional<ImportRefusal> ImportHand::class_of_pupils(const ImportAct& act) {
    using namespace class_said;
    const auto before = parted(act.said, Fields);
    const auto closed = closed_class(tx_, GroupId{act.subject});
    if (act.what == ImportAct::What::Ends) {
        // Who taught a class whose year has ended goes on reading what is left of it.
        if (!closed) set_members(GroupId{act.subject}, before[Teachers], {});
        note_end(ImportKind::Class, act);
        return std::nullopt;
    }
    const auto& line = plan_.classes[act.line];
    if (closed) return after_its_year(act, line, *closed);
    auto said = say(
        line, plan_.places, [this](const ImportPlace& place) { return id_of(place); },
        [this](const std::string& key) { return person_of(key); });
    if (said.refusal) return said.refusal;
    const auto after = parted(said.text, Fields);
    if (after[School].starts_with('?')) return ImportRefusal{"import.structure_refused", line.structure};
    Group group{.id = GroupId{act.subject},
                .name = line.name,
                .kind = "class",
                .structure = parse_id<StructureId>(after[School]).value_or(StructureId{})};
    if (!group.id) {
        if (store::find_import_key(tx_, plan_.options.source, ImportKind::Class, act.key)) return std::nullopt;
        group.id = create_group(tx_, ids_, group);
    } else if (before[Name] != after[Name] || before[School] != after[School]) {
        leave_directory(tx_, subject(group.id));
        enter_group(tx_, group);
    }
    store::put_class(tx_, group, group_sort(group.name), line.year);
    set_members(group.id, act.returns ? std::string_view{} : before[Teachers], after[Teachers]);
    set_pupils(group.id, before[Pupils], after[Pupils]);
    remember(ImportKind::Class, act, group.id.value, said.text);
    return std::nullopt;
}

// Schools call a class the same every year. Under a new year the key means a new class, and nothing of last year's
// pupils comes along; under the same year, or none, the list is late and the archive stays as it is.
std::optional<ImportRefusal> ImportHand::after_its_year(const ImportAct& act, const ClassLine& line,
                                                        const ClosedClass& closed) {
    using namespace class_said;
    auto said = say(
        line, plan_.places, [this](const ImportPlace& place) { return id_of(place); },
        [this](const std::string& key) { return person_of(key); });
    if (said.refusal) return said.refusal;
    const auto after = parted(said.text, Fields);
    if (after[School].starts_with('?')) return ImportRefusal{"import.structure_refused", line.structure};
    if (line.year.empty() || line.year == closed.year) return ImportRefusal{"import.class_closed", closed.year};
    Group group{
        .name = line.name, .kind = "class", .structure = parse_id<StructureId>(after[School]).value_or(StructureId{})};
    group.id = create_group(tx_, ids_, group);
    store::put_class(tx_, group, group_sort(group.name), line.year);
    set_members(group.id, {}, after[Teachers]);
    set_pupils(group.id, {}, after[Pupils]);
    remember(ImportKind::Class, act, group.id.value, said.text);
    return std::nullopt;
}

void ImportHand::set_members(GroupId group, std::string_view before, std::string_view after) {
    const auto old = listed(before), now = listed(after);
    enlist_members(tx_, group, numbers(without(now, old)), GroupRole::Owner, now_);
    strike_members(tx_, group, numbers(without(old, now)));
}

void ImportHand::set_pupils(GroupId group, std::string_view before, std::string_view after) {
    const auto old = listed(before), now = listed(after);
    auto gone = without(old, now), come = without(now, old);
    if (gone.empty() && come.empty()) return;
    auto roster = pupils_of(tx_, group);
    const auto as_it_was = roster;
    auto take = [&roster](const std::string& name) -> std::optional<std::int64_t> {
        auto found = std::ranges::find(roster, name, &Pupil::name);
        if (found == roster.end()) return std::nullopt; // somebody took the name off the list by hand
        const auto id = found->id.value;
        roster.erase(found);
        return id;
    };
    for (const auto& entry : gone) {
        auto id = take(name_of_pupil(entry));
        if (!id) continue;
        // The same key under another name is the same pupil.
        const auto key = key_of_pupil(entry);
        auto renamed = key.empty() ? come.end() : std::ranges::find(come, key, key_of_pupil);
        if (renamed == come.end()) {
            store::delete_pupil(tx_, group, *id);
        } else {
            const auto name = name_of_pupil(*renamed);
            store::rename_pupil(tx_, *id, name, sort_key(name));
            come.erase(renamed);
        }
    }
    for (const auto& entry : come) add_pupil(tx_, ids_, group, name_of_pupil(entry));
    if (hooks_.roster) hooks_.roster(tx_, group, as_it_was);
}

} // namespace preau::identity

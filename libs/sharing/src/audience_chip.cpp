// The chip of every row and page: whom an item reaches, in a few words.
#include "sharing/audience.hpp"

#include "access_store.hpp"
#include "identity/directory.hpp"

#include <map>
#include <set>

namespace preau::sharing {
namespace {

// What the children of one folder inherit.
class Above {
public:
    void see(const store::ChainRow& row) {
        top_ = std::max(top_, row.depth);
        if (row.restricted) stop_ = std::min(stop_, row.depth);
        if (row.has_grant) grants_.emplace_back(row.depth, row.grant);
    }
    template <class Visit> void each(bool restricted, Visit visit) const {
        for (const auto& [depth, grant] : grants_)
            if ((depth == top_ && grant.role == Role::Manage) || (!restricted && depth <= stop_)) visit(grant);
    }

private:
    int top_ = 0;
    int stop_ = 1000;
    std::vector<std::pair<int, Grant>> grants_;
};

constexpr std::size_t names_shown = 2;

// Structures before those of one function there, before groups before classes whose families alone are meant; of each
// the oldest first.
struct Chosen {
    std::set<std::int64_t> structures, functions, groups, families, people;
    std::vector<Subject> shown;

    void add(Subject subject) {
        using enum Subject::Kind;
        if (subject.kind == Structure) structures.insert(subject.id);
        if (subject.kind == Function) functions.insert(subject.id);
        if (subject.kind == Group) groups.insert(subject.id);
        if (subject.kind == Families) families.insert(subject.id);
        if (subject.kind == Person) people.insert(subject.id);
    }
    void choose() {
        auto show = [&](Subject::Kind kind, std::int64_t id) {
            if (shown.size() < names_shown) shown.push_back({kind, id});
        };
        for (auto id : structures) show(Subject::Kind::Structure, id);
        for (auto id : functions) show(Subject::Kind::Function, id);
        for (auto id : groups) show(Subject::Kind::Group, id);
        for (auto id : families)
            if (!groups.contains(id)) show(Subject::Kind::Families, id);
        if (people.size() == 1) shown.push_back({Subject::Kind::Person, *people.begin()});
    }
    std::size_t group_count() const {
        auto count = structures.size() + functions.size() + groups.size();
        for (auto id : families) count += !groups.contains(id);
        return count;
    }
};

void name(Audience& audience, const Chosen& chosen, const std::map<Subject, identity::Named>& names) {
    for (auto subject : chosen.shown) {
        auto named = names.find(subject);
        auto text = named == names.end() ? std::string{} : named->second.name;
        if (subject.kind == Subject::Kind::Person) {
            audience.person_name = std::move(text);
            continue;
        }
        if (audience.group_names.empty()) audience.school = subject.kind == Subject::Kind::Structure;
        audience.group_names.push_back(std::move(text));
        const bool of_function = subject.kind == Subject::Kind::Function && named != names.end();
        audience.functions.push_back(of_function ? named->second.function : std::string{});
        audience.with_families.push_back(subject.kind == Subject::Kind::Group && chosen.families.contains(subject.id));
        audience.families_only.push_back(subject.kind == Subject::Kind::Families);
    }
}

std::string group_words(const web::Locale& locale, const Audience& audience, std::size_t at) {
    const auto& given = audience.group_names[at];
    const auto name = given.empty() ? locale.text("share.group_gone") : given;
    if (!audience.functions[at].empty())
        return locale.text("share.people_of",
                           {{"people", people_words(locale, audience.functions[at])}, {"name", name}});
    if (audience.families_only[at]) return locale.text("share.chip_families", {{"name", name}});
    return audience.with_families[at] ? locale.text("share.chip_with_families", {{"name", name}}) : name;
}

std::string groups_words(const web::Locale& locale, const Audience& audience) {
    auto words = group_words(locale, audience, 0);
    int rest = audience.groups - 1;
    // Two names side by side where they are all there is; else the first and how many more.
    const bool two = audience.groups == 2 && audience.people == 0;
    if (two) return words + ", " + group_words(locale, audience, 1);
    if (rest == 0 && audience.people == 1 && !audience.person_name.empty()) return words + ", " + audience.person_name;
    if (rest == 0 && audience.people > 0)
        return locale.plural("share.chip_and_people", audience.people, {{"name", words}});
    rest += audience.people;
    return rest == 0 ? words : locale.plural("share.chip_more", rest, {{"name", words}});
}

} // namespace

std::vector<Audience> audiences(db::Tx& tx, const Viewer& viewer, const std::vector<ChipItem>& items, Millis now) {
    if (items.empty()) return {};
    std::vector<std::int64_t> ids, parents;
    std::map<ItemId, Above> above;
    std::map<ItemId, std::vector<Grant>> own;
    for (const auto& item : items) {
        ids.push_back(item.id.value);
        if (item.parent && above.try_emplace(item.parent).second) parents.push_back(item.parent.value);
    }
    if (!parents.empty())
        store::each_of_chains(tx, parents, [&](const store::ChainRow& row) { above[ItemId{row.start}].see(row); });
    for (auto& grant : store::grants_among(tx, ids)) own[grant.item].push_back(grant);

    std::vector<Audience> answers(items.size());
    std::vector<Chosen> chosen(items.size());
    std::vector<Subject> wanted;
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::set<std::int64_t> links;
        auto count = [&](const Grant& grant) {
            if (grant.until && *grant.until <= now) return;
            if (grant.subject_kind == Subject::Kind::Public) answers[i].everybody = true;
            if (grant.subject_kind == Subject::Kind::SignedIn) answers[i].signed_in = true;
            if (grant.subject_kind == Subject::Kind::Link) links.insert(grant.subject);
            chosen[i].add({grant.subject_kind, grant.subject});
        };
        if (items[i].parent) above[items[i].parent].each(items[i].restricted, count);
        for (const auto& grant : own[items[i].id]) count(grant);
        chosen[i].people.erase(viewer.person.value);
        chosen[i].choose();
        answers[i].links = static_cast<int>(links.size());
        answers[i].people = static_cast<int>(chosen[i].people.size());
        answers[i].groups = static_cast<int>(chosen[i].group_count());
        for (auto id : chosen[i].families)
            if (viewer.is(subject(GroupId{id}))) answers[i].own_families.push_back(GroupId{id});
        wanted.insert(wanted.end(), chosen[i].shown.begin(), chosen[i].shown.end());
    }
    const auto names = identity::names_of(tx, wanted);
    for (std::size_t i = 0; i < items.size(); ++i) name(answers[i], chosen[i], names);
    return answers;
}

Chip chip_of(const web::Locale& locale, const Audience& audience) {
    Chip chip;
    if (audience.everybody) return {.text = locale.text("share.chip_public"), .icon = "world"};
    if (audience.signed_in) {
        chip = {.text = locale.text("share.chip_signed_in"), .icon = "users"};
    } else if (audience.groups > 0) {
        chip = {.text = groups_words(locale, audience), .icon = audience.school ? "school" : "users"};
    } else if (audience.people > 1) {
        chip = {.text = locale.plural("share.chip_people", audience.people), .icon = "users"};
    } else if (audience.people == 1) {
        chip = {.text = audience.person_name.empty() ? locale.text("share.somebody_gone") : audience.person_name,
                .icon = "user"};
    } else if (audience.links > 0) {
        chip.text = locale.plural("share.chip_links", audience.links);
    } else {
        chip = {.text = locale.text("share.chip_me"), .icon = "lock"};
    }
    if (audience.links > 0) chip.icon = "link";
    return chip;
}

std::vector<Chip> audience_chips(db::Tx& tx, const web::Locale& locale, const Viewer& viewer,
                                 const std::vector<ChipItem>& items, Millis now) {
    std::vector<Chip> chips;
    for (const auto& audience : audiences(tx, viewer, items, now)) chips.push_back(chip_of(locale, audience));
    return chips;
}

} // namespace preau::sharing

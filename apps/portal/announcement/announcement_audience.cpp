// To whom: who may speak to whom, the lines of an audience, and how many people that is.
#include "portal/announcement/announcement_audience_store.hpp"

#include "identity/administration.hpp"
#include "identity/groups.hpp"
#include "identity/people_list.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr int most_roots = 50;
constexpr std::int64_t counted_at_once = 5000;

// Who administers structures says what they say.
store::Voice voice_of(db::Tx& tx, const Viewer& viewer, Millis now) {
    store::Voice voice{.person = viewer.person};
    for (auto root : identity::rights_of(tx, viewer.person, now).roots(identity::AdminRole::Structures))
        root ? voice.administered.push_back(root) : void(voice.everywhere = true);
    return voice;
}

Result<void> check_group(db::Tx& tx, const Viewer& viewer, GroupId group, Millis now) {
    const auto card = identity::group_card(tx, group);
    if (!card || viewer.guest) return invalid("to", "announcement.not_yours");
    if (identity::role_in(tx, group, viewer.person) >= identity::GroupRole::Animator) return {};
    if (card->structure && announces_for(tx, viewer, card->structure, now)) return {};
    return invalid("to", "announcement.not_yours");
}

} // namespace

std::vector<StructureId> announced_for(db::Tx& tx, const Viewer& viewer, const std::vector<StructureId>& structures,
                                       Millis now) {
    if (!viewer.is_person() || viewer.guest) return {};
    return store::spoken_for(tx, voice_of(tx, viewer, now), structures);
}

bool announces_for(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now) {
    return structure && !announced_for(tx, viewer, {structure}, now).empty();
}

std::vector<identity::Structure> announcing_roots(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person() || viewer.guest) return {};
    const auto voice = voice_of(tx, viewer, now);
    return voice.everywhere ? store::roots(tx, most_roots) : store::speaks_at(tx, voice, most_roots);
}

bool answers_for(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now) {
    if (!viewer.is_person()) return false;
    return identity::may(tx, identity::rights_of(tx, viewer.person, now), identity::AdminRole::Structures, structure);
}

bool may_announce(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person() || viewer.guest) return false;
    if (viewer.admin || !announcing_roots(tx, viewer, now).empty()) return true;
    const auto led = identity::groups_led(tx, viewer.person);
    return std::ranges::any_of(led, [](const identity::GroupCard& group) { return group.kind != "class"; });
}

Result<std::vector<AudienceLine>> audience_lines(db::Tx& tx, const Viewer& viewer, const Audience& audience,
                                                 Millis now) {
    std::vector<AudienceLine> lines;
    if (audience.everyone) {
        if (!viewer.is_person() || !identity::rights_of(tx, viewer.person, now).everything)
            return invalid("to", "announcement.not_yours");
        lines.push_back({.to = signed_in});
    }
    if (audience.structures.size() * std::max<std::size_t>(audience.functions.size(), 1) + audience.groups.size() >
        most_lines)
        return invalid("to", "announcement.too_many_lines");
    const auto known = identity::functions_in_use();
    for (const auto& function : audience.functions)
        if (std::ranges::find(known, function) == known.end()) return invalid("to", "identity.function_word");
    const auto mine = announced_for(tx, viewer, audience.structures, now);
    for (auto structure : audience.structures) {
        if (std::ranges::find(mine, structure) == mine.end()) return invalid("to", "announcement.not_yours");
        if (audience.functions.empty()) lines.push_back({.to = subject(structure), .structure = structure});
        for (const auto& function : audience.functions)
            lines.push_back({.to = TRY(identity::address_function(tx, function, structure)),
                             .structure = structure,
                             .function = function});
    }
    for (auto group : audience.groups) {
        TRY(check_group(tx, viewer, group, now));
        lines.push_back({.to = subject(group)});
    }
    if (lines.empty()) return invalid("to", "announcement.nobody");
    return lines;
}

AudienceSize size_of(db::Tx& tx, const Audience& audience) {
    using Kind = AudienceSize::Kind;
    if (audience.everyone) {
        const auto all = store::counted(tx, StructureId{}, "");
        return all ? AudienceSize{*all, Kind::About} : AudienceSize{store::count_accounts(tx), Kind::Exact};
    }
    if (const auto exact = store::count_people(tx, audience, counted_at_once)) return {*exact, Kind::Exact};
    std::vector<std::int64_t> groups;
    for (auto group : audience.groups) groups.push_back(group.value);
    AudienceSize size{store::members_of_groups(tx, groups), Kind::About};
    const auto functions = audience.functions.empty() ? std::vector<std::string>{""} : audience.functions;
    for (auto structure : audience.structures)
        for (const auto& function : functions) {
            if (const auto people = store::counted(tx, structure, function)) {
                size.people += *people;
                continue;
            }
            // A school without structures below it has no number of its own, and is counted quickly; a large one that
            // nobody has counted yet is "more than".
            Audience here{.structures = {structure}};
            if (!function.empty()) here.functions = {function};
            const auto people = store::count_people(tx, here, counted_at_once);
            if (!people) size.kind = Kind::AtLeast;
            size.people += people.value_or(counted_at_once);
        }
    return size;
}

std::string size_words(const web::Locale& locale, const AudienceSize& size) {
    const auto people = locale.plural("announcement.people", size.people);
    switch (size.kind) {
    case AudienceSize::Kind::Exact: return people;
    case AudienceSize::Kind::About: return locale.text("announcement.about", {{"people", people}});
    case AudienceSize::Kind::AtLeast: return locale.text("announcement.at_least", {{"people", people}});
    }
    return people;
}

} // namespace preau::portal

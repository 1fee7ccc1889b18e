// The list of who has access to an item.
#include "sharing/audience.hpp"

#include "access_store.hpp"
#include "identity/directory.hpp"
#include "sharing/tree.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

bool counts(const Grant& grant, Millis now) {
    return grant.subject_kind != Subject::Kind::Link && (!grant.until || *grant.until > now);
}

AccessLine line_of(const web::Locale& locale, const Viewer& viewer, const Grant& grant,
                   const std::map<Subject, identity::Named>& names) {
    const Subject subject{grant.subject_kind, grant.subject};
    AccessLine line{.grant = grant, .icon = icon_of(subject.kind)};
    line.you = subject.kind == Subject::Kind::Person && subject.id == viewer.person.value;
    if (auto named = names.find(subject); named != names.end()) {
        const bool of_function = subject.kind == Subject::Kind::Function;
        line.name = name_of(locale, subject, named->second.name, named->second.function);
        line.detail = detail_of(locale, of_function ? std::string_view{} : named->second.function, named->second.place);
        line.closed = named->second.closed;
    } else {
        line.name = name_of(locale, subject, std::string_view{});
    }
    return line;
}

} // namespace

std::string icon_of(Subject::Kind kind) {
    switch (kind) {
    case Subject::Kind::Person: return "user";
    case Subject::Kind::Structure: return "school";
    case Subject::Kind::Public: return "world";
    case Subject::Kind::Link: return "link";
    default: return "users";
    }
}

std::string detail_of(const web::Locale& locale, std::string_view function, std::string_view place) {
    std::string detail;
    const auto key = "share.function_" + std::string{function};
    if (!function.empty() && locale.has(key)) detail = locale.text(key);
    if (!place.empty()) detail += (detail.empty() ? "" : " · ") + std::string{place};
    return detail;
}

std::string people_words(const web::Locale& locale, std::string_view function) {
    auto key = "share.people_" + std::string{function};
    std::ranges::replace(key, '-', '_');
    return locale.has(key) ? locale.text(key) : std::string{function};
}

std::string name_of(const web::Locale& locale, Subject subject, const std::map<Subject, identity::Named>& names) {
    const auto named = names.find(subject);
    if (named == names.end()) return name_of(locale, subject, std::string_view{});
    return name_of(locale, subject, named->second.name, named->second.function);
}

std::string name_of(const web::Locale& locale, Subject subject, std::string_view name, std::string_view function) {
    switch (subject.kind) {
    case Subject::Kind::SignedIn: return locale.text("share.signed_in");
    case Subject::Kind::Public: return locale.text("share.public");
    case Subject::Kind::Person: return name.empty() ? locale.text("share.somebody_gone") : std::string{name};
    case Subject::Kind::Function:
        if (!name.empty())
            return locale.text("share.people_of",
                               {{"people", people_words(locale, function)}, {"name", std::string{name}}});
        return locale.text("share.group_gone");
    case Subject::Kind::Families:
        if (!name.empty()) return locale.text("share.families_of", {{"name", std::string{name}}});
        [[fallthrough]];
    default: return name.empty() ? locale.text("share.group_gone") : std::string{name};
    }
}

std::string words_for(const web::Locale& locale, Role role, bool deposit) {
    switch (role) {
    case Role::Manage: return locale.text("share.may_manage");
    case Role::Edit: return locale.text("share.may_edit");
    case Role::Comment: return locale.text("share.may_comment");
    case Role::Deposit: return locale.text("share.may_deposit");
    default: return locale.text(deposit ? "share.may_view_deposit" : "share.may_view");
    }
}

std::vector<AccessLine> access_lines(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const Item& item,
                                     Millis now) {
    auto chain = ancestors(tx, item.id); // root first
    chain.push_back(item);
    std::vector<std::int64_t> ids;
    std::vector<ItemId> above;
    for (const auto& level : chain) {
        ids.push_back(level.id.value);
        if (level.id != item.id) above.push_back(level.id);
    }
    const auto grants = store::grants_among(tx, ids);
    std::vector<Subject> subjects;
    for (const auto& grant : grants) subjects.push_back({grant.subject_kind, grant.subject});
    const auto names = identity::names_of(tx, subjects);
    const auto seen = reaches(tx, viewer, above, now);
    std::vector<AccessLine> lines;
    bool reaches_down = true; // from here to the item nothing is restricted
    for (auto at = chain.size(); at-- > 0;) {
        const auto& level = chain[at];
        for (const auto& grant : grants) {
            if (grant.item != level.id || !counts(grant, now)) continue;
            if (!reaches_down && !(!level.parent && grant.role == Role::Manage)) continue;
            auto line = line_of(locale, viewer, grant, names);
            line.inherited = level.id != item.id;
            // Who manages a folder need not know what stands above it.
            if (line.inherited && seen[at].role >= Role::View) {
                line.from = level.id;
                line.from_title = shown_title(level, viewer, locale);
                line.from_kind = level.kind;
            }
            lines.push_back(std::move(line));
        }
        if (level.restricted) reaches_down = false;
    }
    return lines;
}

std::string shown_title(const Item& item, const Viewer& viewer, const web::Locale& locale) {
    if (item.kind != "space") return item.title;
    return locale.text(viewer.is_person() && item.owner == viewer.person ? "share.my_space" : "share.their_space");
}

} // namespace preau::sharing

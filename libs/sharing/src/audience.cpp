#include "audience.hpp"

#include "identity/people.hpp"
#include "sharing/tree.hpp"

namespace preau::sharing {
namespace {

std::string name_of(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const Grant& grant) {
    switch (grant.subject_kind) {
    case Subject::Kind::Person: {
        if (viewer.person.value == grant.subject) return locale.text("share.you");
        auto person = identity::find_person(tx, PersonId{grant.subject});
        return person ? person->name : locale.text("share.somebody_gone");
    }
    case Subject::Kind::Group:
    case Subject::Kind::Families: {
        auto group = identity::find_group(tx, GroupId{grant.subject});
        const auto name = group ? group->name : locale.text("share.group_gone");
        if (grant.subject_kind == Subject::Kind::Group) return name;
        return locale.text("share.families_of", {{"name", name}});
    }
    case Subject::Kind::Structure: {
        auto structure = identity::find_structure(tx, StructureId{grant.subject});
        return structure ? structure->name : locale.text("share.group_gone");
    }
    case Subject::Kind::SignedIn: return locale.text("share.signed_in");
    case Subject::Kind::Public: return locale.text("share.public");
    case Subject::Kind::Link: break;
    }
    return {};
}

std::string icon_of(Subject::Kind kind) {
    switch (kind) {
    case Subject::Kind::Person: return "user";
    case Subject::Kind::Structure: return "school";
    case Subject::Kind::Public: return "world";
    default: return "users";
    }
}

} // namespace

std::string words_for(const web::Locale& locale, Role role, bool deposit) {
    switch (role) {
    case Role::Manage: return locale.text("share.may_manage");
    case Role::Edit: return locale.text("share.may_edit");
    case Role::Comment: return locale.text("share.may_comment");
    case Role::Deposit: return locale.text("share.may_deposit");
    default: return locale.text(deposit ? "share.may_view_deposit" : "share.may_view");
    }
}

std::vector<AudienceRow> audience_of(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const Item& item,
                                     Millis now) {
    auto chain = ancestors(tx, item.id); // root first
    chain.push_back(item);
    std::vector<AudienceRow> rows;
    bool reaches_down = true; // from here to the item nothing is restricted
    for (auto level = chain.rbegin(); level != chain.rend(); ++level) {
        const bool root = !level->parent;
        for (const auto& grant : grants_on(tx, level->id)) {
            if (grant.subject_kind == Subject::Kind::Link || (grant.until && *grant.until <= now)) continue;
            if (!reaches_down && !(root && grant.role == Role::Manage)) continue;
            rows.push_back({.icon = icon_of(grant.subject_kind),
                            .name = name_of(tx, locale, viewer, grant),
                            .may = words_for(locale, grant.role, grant.deposit),
                            .from = level->id == item.id ? std::string{} : level->title});
        }
        if (level->restricted) reaches_down = false;
    }
    return rows;
}

} // namespace preau::sharing

#include "sharing/share.hpp"

#include "access_store.hpp"
#include "identity/directory.hpp"
#include "identity/functions.hpp"
#include "identity/school_year.hpp"

#include "base/text.hpp"

#include <array>

namespace preau::sharing {
namespace {

constexpr std::array<std::string_view, 9> kind_words{"",       "person", "group",    "structure", "signed-in",
                                                     "public", "link",   "families", "function"};

bool has_id(Subject::Kind kind) { return kind != Subject::Kind::SignedIn && kind != Subject::Kind::Public; }

Result<Item> managed(db::Tx& tx, const World& world, const Viewer& viewer, ItemId id) {
    auto place = standing(tx, viewer, id, world.clock.now());
    auto item = TRY(allow(place, Action::Manage));
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    return item;
}

// What is shared with the families of a class stands on their page, and what is shared with a group in front of its
// members: only who has to do with them may put it there.
bool may_address(db::Tx& tx, const Viewer& viewer, GroupId group, const identity::Named& named) {
    if (viewer.is(subject(group))) return true;
    return named.structure && identity::works_in(tx, viewer.person, named.structure);
}

// What a class whose year has ended, or a group that was closed, had can be given back to it to read; nothing more, and
// nothing to families.
Result<void> check_open(db::Tx& tx, const Gift& gift, std::string_view kind) {
    const bool reading = gift.to.kind == Subject::Kind::Group && gift.role == Role::View && !gift.deposit;
    if (reading) return {};
    if (identity::hold_group_open(tx, GroupId{gift.to.id})) return {};
    return fail(Error::Kind::Conflict, kind == "class" ? "share.class_closed" : "share.group_closed", "to");
}

Result<void> check_recipient(db::Tx& tx, const Viewer& viewer, const Gift& gift) {
    const auto to = gift.to;
    // A guest gives to people they work with and to groups they are in, not to a school nor to everybody.
    const bool to_many = to.kind != Subject::Kind::Person && to.kind != Subject::Kind::Group;
    if (viewer.guest && to_many) return fail(Error::Kind::Forbidden, "share.guest", "to");
    if (!has_id(to.kind)) return {};
    const auto names = identity::names_of(tx, {to});
    const auto named = names.find(to);
    if (named == names.end()) return invalid("to", "share.no_such_subject");
    const bool group = to.kind == Subject::Kind::Group || to.kind == Subject::Kind::Families;
    if (group) TRY(check_open(tx, gift, named->second.kind));
    if (!group && named->second.closed) return invalid("to", "share.person_closed");
    const bool families_of_no_class = to.kind == Subject::Kind::Families && named->second.kind != "class";
    if (families_of_no_class) return invalid("to", "share.no_such_subject");
    if (group && !may_address(tx, viewer, GroupId{to.id}, named->second))
        return fail(Error::Kind::Invalid, "share.not_your_group", "to");
    return {};
}

bool manages_for_good(const Grant& grant) { return grant.role == Role::Manage && !grant.until; }

// The root of a space keeps somebody who manages it, without end and with an open account: there is nobody above to
// ask.
Result<void> check_manager_stays(db::Tx& tx, const Item& item, Subject leaving) {
    if (item.parent) return {};
    std::vector<std::int64_t> people;
    bool held = false; // by the one who leaves
    for (const auto& grant : grants_on(tx, item.id)) {
        if (!manages_for_good(grant)) continue;
        if (Subject{grant.subject_kind, grant.subject} == leaving)
            held = true;
        else if (grant.subject_kind == Subject::Kind::Group && identity::has_members(tx, GroupId{grant.subject}))
            return {};
        else if (grant.subject_kind == Subject::Kind::Person)
            people.push_back(grant.subject);
    }
    for (const auto& person : identity::people_of(tx, people))
        if (!person.disabled) return {};
    if (!held) return {}; // takes nothing away
    return fail(Error::Kind::Conflict, "share.last_manager");
}

std::optional<Grant> own_grant(db::Tx& tx, ItemId item, Subject of) {
    for (auto& grant : grants_on(tx, item))
        if (Subject{grant.subject_kind, grant.subject} == of) return grant;
    return std::nullopt;
}

} // namespace

std::string text_of(Subject subject) {
    std::string text{kind_words[static_cast<std::size_t>(subject.kind)]};
    return has_id(subject.kind) ? text + '-' + to_base32(subject.id) : text;
}

std::string text_of(std::string_view function, StructureId structure) {
    return "function-" + std::string{function} + '-' + to_text(structure);
}

std::optional<Addressee> parse_addressee(std::string_view text) {
    constexpr std::string_view prefix = "function-";
    // An id holds no '-', so the last one ends the function's word.
    if (const auto end = text.rfind('-'); text.starts_with(prefix) && end >= prefix.size() && end != text.npos) {
        const auto function = text.substr(prefix.size(), end - prefix.size());
        const auto structure = parse_id<StructureId>(text.substr(end + 1));
        if (function.empty() || !structure) return std::nullopt;
        return Addressee{identity::function_in(function, *structure), std::string{function}, *structure};
    }
    const auto subject = parse_subject(text);
    if (!subject) return std::nullopt;
    return Addressee{.to = *subject};
}

std::optional<Subject> parse_subject(std::string_view text) {
    for (std::size_t number = 1; number < kind_words.size(); ++number) {
        const auto kind = static_cast<Subject::Kind>(number);
        const auto word = kind_words[number];
        if (!has_id(kind)) {
            if (text == word) return Subject{kind, 0};
        } else if (text.starts_with(word) && text.size() > word.size() && text[word.size()] == '-') {
            auto id = from_base32(text.substr(word.size() + 1));
            if (!id || *id == 0) return std::nullopt;
            return Subject{kind, *id};
        }
    }
    return std::nullopt;
}

bool role_possible(Subject::Kind kind, Role role, bool deposit) {
    using enum Subject::Kind;
    if (role == Role::None || (role == Role::Deposit && !deposit)) return false;
    if (kind == Link) return false;
    if (kind == Public) return role == Role::View && !deposit;
    if (role == Role::Manage) return kind == Person || kind == Group;
    return true;
}

Result<void> give(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, const Gift& gift) {
    auto item = TRY(managed(tx, world, viewer, id));
    const bool deposit = gift.deposit || gift.role == Role::Deposit;
    if (gift.to.kind == Subject::Kind::Public) return fail(Error::Kind::Forbidden, "share.public_refused", "to");
    if (!role_possible(gift.to.kind, gift.role, deposit)) return invalid("may", "share.role_impossible");
    if (gift.until && *gift.until <= world.clock.now()) return invalid("until", "link.until_past");
    if (!gift.function.empty()) TRY(identity::address_function(tx, gift.function, gift.structure));
    TRY(check_recipient(tx, viewer, gift));
    if (gift.role != Role::Manage || gift.until) TRY(check_manager_stays(tx, item, gift.to));
    set_grant(tx, world, viewer,
              {.item = id,
               .subject_kind = gift.to.kind,
               .subject = gift.to.id,
               .role = gift.role,
               .until = gift.until,
               .given_by = viewer.person,
               .deposit = deposit});
    return {};
}

Result<Grant> withdraw(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, Subject from) {
    // Also from what lies in the trash: taking rights away is never too late.
    auto item = TRY(require(tx, viewer, Action::Manage, id, world.clock.now()));
    auto grant = own_grant(tx, id, from);
    if (!grant || from.kind == Subject::Kind::Link) return not_found("share.not_given");
    if (manages_for_good(*grant)) TRY(check_manager_stays(tx, item, from));
    set_grant(tx, world, viewer, {.item = id, .subject_kind = from.kind, .subject = from.id, .role = Role::None});
    return *std::move(grant);
}

Result<Item> set_restricted(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, bool on) {
    auto item = TRY(managed(tx, world, viewer, id));
    if (!item.parent) return fail(Error::Kind::Conflict, "share.space_inherits_nothing");
    if (item.restricted == on) return item; // pressed twice
    store::set_restricted(tx, id, on);
    item.restricted = on;
    // Who managed it by a folder above would shut themselves out.
    if (on && viewer.is_person() && standing(tx, viewer, id, world.clock.now()).role < Role::Manage)
        set_grant(tx, world, viewer,
                  {.item = id,
                   .subject_kind = Subject::Kind::Person,
                   .subject = viewer.person.value,
                   .role = Role::Manage,
                   .given_by = viewer.person});
    record_event(tx, world, viewer, on ? "item.restricted" : "item.inherits", id);
    return item;
}

} // namespace preau::sharing

#include "portal/group/group.hpp"

#include "base/json.hpp"
#include "portal/notice/notice_mail.hpp"

namespace preau::portal {
namespace {

struct GroupDetail { // the journal keeps a person under a pseudonym, a group by its number
    std::string subject_kind, subject;
    std::string group;
    std::optional<std::string> role, structure;
};
PREAU_DESCRIBE(GroupDetail, subject_kind, subject, group, role, structure)

struct Letter {
    std::string_view subject, text, button, why; // keys
};

void tell(db::Tx& tx, Portal& portal, const Viewer& by, GroupId group, PersonId whom, const Letter& letter) {
    const auto person = identity::find_person(tx, whom);
    const auto card = identity::group_card(tx, group);
    if (!person || !card || person->disabled) return;
    const auto language = language_of(person->language);
    const auto& locale = web::Locale::of(language);
    const std::vector<std::pair<std::string, std::string>> values{{"name", card->name}, {"person", by.name}};
    send_notice(tx, portal, language, {.kind = "portal.group", .mail = person->mail, .name = person->name},
                {.subject = locale.text(letter.subject, values),
                 .text = locale.text(letter.text, values),
                 .button = locale.text(letter.button, values),
                 .address = portal.public_url + class_or_group_address(*card),
                 .why = locale.text(letter.why, values)});
}

} // namespace

std::string group_address(GroupId group) { return "/groups/" + to_text(group); }

std::string class_or_group_address(const identity::GroupCard& group) {
    return group.kind == "class" ? "/class/" + to_text(group.id) : group_address(group.id);
}

std::string joining_words(const web::Locale& locale, const identity::GroupCard& group) {
    if (group.closed) return locale.text(group.kind == "class" ? "year.archived" : "group_admin.closed");
    return locale.text("group.joining_" + std::string{identity::word_of(group.joining)});
}

std::optional<GroupId> group_of(const http::Request& request) { return parse_id<GroupId>(request.parameter("group")); }

void record_group_event(db::Tx& tx, Portal& portal, const Viewer& viewer, std::string_view kind, GroupId group,
                        PersonId about, std::string_view role, StructureId structure) {
    GroupDetail detail{.subject_kind = about ? "person" : "group",
                       .subject = about ? to_text(about) : to_text(group),
                       .group = to_text(group)};
    if (!role.empty()) detail.role = std::string{role};
    if (structure) detail.structure = to_text(structure);
    sharing::record_event(tx, portal.world, viewer, kind, ItemId{}, json::text_of(detail));
}

namespace group_deeds {

Outcome join(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group) {
    const bool before = identity::role_in(tx, group, viewer.person) != identity::GroupRole::None;
    TRY(identity::join_group(tx, viewer, group, portal.world.clock.now()));
    if (!before) record_group_event(tx, portal, viewer, "group.joined", group, viewer.person);
    return {{viewer.person}};
}

Outcome ask(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::string_view message) {
    TRY(identity::ask_to_join(tx, viewer, group, message, portal.world.clock.now()));
    return {};
}

Outcome decide(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who,
               identity::Decision decision) {
    TRY(identity::decide_request(tx, viewer, group, who, decision, portal.world.clock.now()));
    const bool accepted = decision == identity::Decision::Accept;
    record_group_event(tx, portal, viewer, accepted ? "group.accepted" : "group.refused", group, who);
    tell(tx, portal, viewer, group, who,
         accepted ? Letter{"group.mail_accepted_subject", "group.mail_accepted", "group.mail_open", "group.mail_why"}
                  : Letter{"group.mail_refused_subject", "group.mail_refused", "group.mail_see", "group.mail_why"});
    return {{who}};
}

Outcome invite(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const std::vector<PersonId>& who) {
    for (auto person : who) {
        TRY(identity::invite_to_group(tx, viewer, group, person, portal.world.clock.now()));
        record_group_event(tx, portal, viewer, "group.invited", group, person);
        tell(tx, portal, viewer, group, person,
             {"group.mail_invited_subject", "group.mail_invited", "group.mail_answer", "group.mail_why_invited"});
    }
    return who;
}

Outcome answer(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, identity::Decision decision) {
    TRY(identity::answer_invitation(tx, viewer, group, decision, portal.world.clock.now()));
    if (decision == identity::Decision::Accept)
        record_group_event(tx, portal, viewer, "group.joined", group, viewer.person);
    return {{viewer.person}};
}

Outcome leave(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group) {
    TRY(identity::leave_group(tx, viewer, group));
    record_group_event(tx, portal, viewer, "group.left", group, viewer.person);
    return {{viewer.person}};
}

Outcome remove(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who) {
    TRY(identity::remove_member(tx, viewer, group, who));
    record_group_event(tx, portal, viewer, "group.removed", group, who);
    return {{who}};
}

Outcome set_role(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who, std::string_view role) {
    TRY(identity::set_group_role(tx, viewer, group, who, identity::group_role(role)));
    record_group_event(tx, portal, viewer, "group.role", group, who, role);
    return {{who}};
}

Outcome join_by_link(db::Tx& tx, Portal& portal, const Viewer& viewer, const identity::GroupLink& link) {
    const bool before = identity::role_in(tx, link.group, viewer.person) != identity::GroupRole::None;
    TRY(identity::join_by_link(tx, viewer, link, portal.world.clock.now()));
    if (!before) record_group_event(tx, portal, viewer, "group.joined", link.group, viewer.person);
    return {{viewer.person}};
}

} // namespace group_deeds

std::vector<sharing::Waits> group_waits(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis) {
    std::vector<sharing::Waits> waits;
    for (const auto& group : identity::groups_waiting(tx, viewer.person))
        waits.push_back({.title = group.requests > 0 ? locale.plural("group.waits_requests", group.requests)
                                                     : locale.text("group.waits_invited", {{"name", group.name}}),
                         .detail = group.requests > 0 ? group.name : locale.text("group.waits_invited_detail"),
                         .href = group_address(group.group),
                         .icon = "users",
                         .hue = group.requests > 0 ? "warn" : "info"});
    return waits;
}

void preload_groups(web::Pages& pages) {
    preload_group_lists(pages);
    preload_group_page(pages);
}

void group_routes(http::Router& routes, Portal& portal) {
    group_list_routes(routes, portal);
    group_page_routes(routes, portal);
    group_deed_routes(routes, portal);
}

} // namespace preau::portal

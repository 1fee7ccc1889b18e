#include "portal/guest/guest.hpp"

#include "base/json.hpp"
#include "portal/notice/notice_mail.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view tell_job = "guest.tell";
constexpr int told_at_once = 100;

struct GuestDetail {
    std::string subject_kind = "person";
    std::string subject;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(GuestDetail, subject_kind, subject, until)

void record(db::Tx& tx, Portal& portal, const Viewer& viewer, std::string_view kind, const identity::GuestRow& guest) {
    sharing::record_event(tx, portal.world, viewer, kind, ItemId{},
                          json::text_of(GuestDetail{.subject = to_text(guest.person), .until = guest.until_at}));
}

// The guest has chosen no language yet: their sponsor's.
void send_link(db::Tx& tx, Portal& portal, const identity::GuestRow& guest, web::Language language) {
    const auto token = identity::make_one_time_link(tx, portal.world.ids, portal.world.random, guest.person,
                                                    portal.world.clock.now(), identity::guest_link_lifetime);
    const auto& locale = web::Locale::of(language);
    const std::vector<std::pair<std::string, std::string>> values{
        {"sponsor", guest.sponsor_name}, {"day", locale.date(guest.until_at - 1, "Europe/Paris")}};
    send_notice(tx, portal, language, {.kind = "portal.guest", .mail = guest.mail, .name = guest.name},
                {.subject = locale.text("guest.mail_subject", values),
                 .text = locale.text("guest.mail_text", values),
                 .button = locale.text("guest.mail_open"),
                 .address = portal.public_url + "/signin/once/" + token,
                 .why = locale.text("guest.mail_why", values)});
}

void tell_both(db::Tx& tx, Portal& portal, const identity::GuestRow& guest) {
    const auto language = language_of(guest.sponsor_language);
    const auto& locale = web::Locale::of(language);
    const std::vector<std::pair<std::string, std::string>> values{
        {"sponsor", guest.sponsor_name},
        {"guest", guest.name},
        {"day", locale.date(guest.until_at - 1, "Europe/Paris")}};
    send_notice(tx, portal, language, {.kind = "portal.guest", .mail = guest.sponsor_mail, .name = guest.sponsor_name},
                {.subject = locale.text("guest.mail_ending_subject", values),
                 .text = locale.text("guest.mail_ending_sponsor", values),
                 .button = locale.text("guest.mail_prolong"),
                 .address = portal.public_url + "/guests",
                 .why = locale.text("guest.mail_why_sponsor", values)});
    send_notice(tx, portal, language, {.kind = "portal.guest", .mail = guest.mail, .name = guest.name},
                {.subject = locale.text("guest.mail_ending_yours", values),
                 .text = locale.text("guest.mail_ending_guest", values),
                 .button = locale.text("guest.mail_home"),
                 .address = portal.public_url + "/",
                 .why = locale.text("guest.mail_why", values)});
}

Task<void> run_tell(Portal& portal, jobs::Job) {
    for (int told = told_at_once; told == told_at_once;)
        told = co_await portal.db.write(db::Lane{},
                                        [&portal](db::Tx& tx) { return tell_ending(tx, portal, told_at_once); });
}

} // namespace

Result<identity::GuestRow> invite_and_tell(db::Tx& tx, Portal& portal, const Viewer& viewer,
                                           const identity::GuestForm& form, web::Language language) {
    auto guest = TRY(identity::invite_guest(tx, portal.world.ids, viewer, form, portal.world.clock.now()));
    if (!mail::check_address(guest.mail)) return invalid("mail", "identity.mail_malformed");
    record(tx, portal, viewer, "guest.invited", guest);
    send_link(tx, portal, guest, language);
    return guest;
}

Result<void> tell_again(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId id, web::Language language) {
    const auto guest = identity::find_guest(tx, id);
    if (!guest || !viewer.is_person() || guest->sponsor != viewer.person) return not_found("identity.guest");
    if (guest->until_at <= portal.world.clock.now()) return fail(Error::Kind::Conflict, "guest.ended");
    send_link(tx, portal, *guest, language);
    return {};
}

Result<identity::GuestRow> prolong_and_record(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId id,
                                              Millis until) {
    auto guest = TRY(identity::prolong_guest(tx, viewer, id, until, portal.world.clock.now()));
    record(tx, portal, viewer, "guest.prolonged", guest);
    return guest;
}

Result<identity::GuestRow> end_and_record(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId id) {
    auto guest = TRY(identity::end_guest(tx, viewer, id, portal.world.clock.now()));
    record(tx, portal, viewer, "guest.ended", guest);
    return guest;
}

int tell_ending(db::Tx& tx, Portal& portal, int limit) {
    const auto guests = identity::take_ending_guests(tx, portal.world.clock.now(), limit);
    for (const auto& guest : guests) tell_both(tx, portal, guest);
    return static_cast<int>(guests.size());
}

void install_guests(Portal& portal) {
    portal.world.jobs.handle(std::string{tell_job},
                             [&portal](jobs::Job job) { return run_tell(portal, std::move(job)); }, {.at_once = 1});
    portal.world.jobs.every(6_h, std::string{tell_job});
}

} // namespace preau::portal

#include "portal/signin/reset.hpp"

#include "base/json.hpp"
#include "identity/people.hpp"
#include "identity/second_factor.hpp"
#include "mail/letter.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view start_letter = "portal/signin/reset_mail";
constexpr std::string_view done_letter = "portal/signin/reset_done_mail";

struct ResetMail {
    std::string login, address, site;
};
PREAU_DESCRIBE(ResetMail, login, address, site)

struct AboutPerson { // an event's detail, as the journal reads it
    std::string subject_kind = "person";
    PersonId subject;
};
PREAU_DESCRIBE(AboutPerson, subject_kind, subject)

web::Language language_of(const identity::Person& person) { return web::choose_language(person.language, "", ""); }

Result<void> send(db::Tx& tx, const Reset& reset, const identity::Person& person, std::string_view name,
                  const std::string& address) {
    auto letter = mail::compose(reset.pages, language_of(person), name,
                                ResetMail{.login = person.login, .address = address, .site = reset.public_url});
    TRY(reset.mail.send(
        tx, mail::message(std::move(letter), {.kind = "portal.reset", .to = person.mail, .to_name = person.name})));
    return {};
}

std::string about(PersonId person) { return json::text_of(AboutPerson{.subject = person}); }

} // namespace

Result<std::string> start_reset(db::Tx& tx, const Reset& reset, const Viewer& actor, PersonId id) {
    auto person = identity::find_person(tx, id);
    if (!person || person->disabled) return not_found("portal.no_such_person");
    if (person->mail.empty()) return fail(Error::Kind::Conflict, "portal.reset_no_mail");
    auto token =
        identity::make_reset_link(tx, reset.world.ids, reset.world.random, person->id, reset.world.clock.now());
    TRY(send(tx, reset, *person, start_letter, reset.public_url + "/signin/once/" + token));
    sharing::record_event(tx, reset.world, actor, "person.reset_started", {}, about(id));
    return person->mail;
}

void note_reset(db::Tx& tx, Portal& portal, PersonId id) {
    auto person = identity::find_person(tx, id);
    auto viewer = identity::find_viewer(tx, id);
    if (!person || !viewer) return;
    sharing::record_event(tx, portal.world, *viewer, "person.reset_done", {}, about(id));
    const Reset reset{portal.world, portal.pages, portal.mail, portal.public_url};
    // The address took the link a moment ago; should it refuse now, the reset stands all the same.
    if (!person->mail.empty()) (void)send(tx, reset, *person, done_letter, portal.public_url + "/account/security");
}

void preload_reset(web::Pages& pages) {
    mail::preload<ResetMail>(pages, start_letter);
    mail::preload<ResetMail>(pages, done_letter);
}

} // namespace preau::portal

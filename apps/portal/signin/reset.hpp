// A lost key and a lost phone on the same day, and the codes on paper too: an administrator starts a reset. They never
// see or choose a secret: a link goes by mail to the person, and only opening it takes the second factors away.
#pragma once

#include "portal/portal.hpp"

namespace preau::portal {

struct Reset {
    sharing::World& world;
    const web::Pages& pages;
    mail::Mail& mail;
    std::string public_url;
};
// `actor` is a stranger when the command line asks. Answers the address it went to. Errors: portal.reset_no_mail
// (Conflict), those of mail.
Result<std::string> start_reset(db::Tx& tx, const Reset& reset, const Viewer& actor, PersonId person);
// Journal and a message once the link was opened.
void note_reset(db::Tx& tx, Portal& portal, PersonId person);

void preload_reset(web::Pages& pages);

} // namespace preau::portal

// One letter for what the portal tells people: a decision, an invitation, an end that comes near, a circular that
// waits. Written in the language of who reads it.
#pragma once

#include "mail/letter.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct NoticeMail { // of notice_mail.txt and notice_mail.html
    std::string subject, text, quote, button, address, why;
};
PREAU_DESCRIBE(NoticeMail, subject, text, quote, button, address, why)

struct NoticeTo {
    std::string kind; // "portal.group": for the journal of messages
    std::string mail, name;
};
web::Language language_of(std::string_view account_language); // "": nobody chose, so French
// In the caller's transaction. Somebody without an address, or with one that is none, is told nothing.
void send_notice(db::Tx& tx, Portal& portal, web::Language language, const NoticeTo& to, const NoticeMail& notice);
void preload_notice(web::Pages& pages);

} // namespace preau::portal

// "Envoyer ce lien par mail": one message to each address, from whom manages the item, in their language.
#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

struct LinkMail {
    LinkId link;
    std::vector<std::string> to; // addresses as typed; twice the same counts once
    std::string message;         // of the sender, may be empty
};

inline constexpr std::size_t most_link_mails = 50;   // addresses at once
inline constexpr std::int64_t link_mails_a_day = 300; // of one person

// Answers how many messages leave; all or none. Event link.mailed with {"link", "count"}. Errors: link.unknown,
// link.expired, link.revoked, sharing.role, sharing.trashed, share.mail_lost (its address can no longer be shown);
// on field "to": share.mail_nobody, share.mail_too_many, share.mail_address and share.mail_bounced (both with
// {address}); on field "message" those of check_text; share.mail_limit (Throttled).
Result<int> mail_link(db::Tx& tx, Sharing& sharing, const Viewer& viewer, web::Language language, const LinkMail& form);

// What stands between commas, semicolons, blanks and line ends.
std::vector<std::string> addresses_in(std::string_view text);

void preload_link_mail(web::Pages& pages);

} // namespace preau::sharing

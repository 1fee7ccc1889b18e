#include "identity/person_mail.hpp"

#include "mail_format.hpp"
#include "person_mail_store.hpp"

#include "base/text.hpp"

namespace preau::identity {

std::optional<PersonId> person_of_mail(db::Tx& tx, std::string_view mail) {
    return store::person_of_mail(tx, to_lower_ascii(trimmed(mail)));
}

Result<void> set_mail(db::Tx& tx, PersonId person, std::string_view typed) {
    const auto mail = std::string{trimmed(typed)};
    if (!mail.empty() && !well_formed_mail(mail)) return invalid("mail", "identity.mail_malformed");
    const auto holder = person_of_mail(tx, mail);
    if (holder && *holder != person) return fail(Error::Kind::Conflict, "identity.mail_taken", "mail");
    store::set_mail(tx, person, mail, to_lower_ascii(mail));
    return {};
}

} // namespace preau::identity

// Who of us is whom at a provider.
#include "logins.hpp"
#include "provider_store.hpp"

#include "base/text.hpp"
#include "identity/person_mail.hpp"

namespace preau::identity {

namespace {
constexpr Millis answer_kept = 1_h; // the flow itself is over after ten minutes
}

bool spend_answer(db::Tx& tx, std::string_view state, Millis now) {
    store::forget_spent_answers(tx, now - 1_days);
    return store::insert_spent_answer(tx, sha256(state), now + answer_kept);
}

std::optional<PersonId> person_at_provider(db::Tx& tx, std::string_view issuer, std::string_view subject, Millis now) {
    auto found = store::find_provider_person(tx, issuer, subject, now);
    if (!found || found->closed) return std::nullopt;
    store::mark_provider_link(tx, issuer, subject, now);
    return found->person;
}

Result<void> link_provider(db::Tx& tx, PersonId person, std::string_view issuer, std::string_view subject, Millis now) {
    if (store::insert_provider_link(tx, issuer, subject, person, now)) return {};
    auto holder = store::find_provider_person(tx, issuer, subject, now);
    if (holder && holder->person == person) return {};
    return fail(Error::Kind::Conflict, "provider.link_taken");
}

Result<Person> create_provided_person(db::Tx& tx, IdSource& ids, const IdToken& token, Millis now) {
    // Somebody whose account was closed does not come back by another one.
    if (store::find_provider_person(tx, token.issuer, token.subject, now))
        return fail(Error::Kind::Conflict, "provider.account_closed");
    if (!token.mail.empty() && person_of_mail(tx, token.mail))
        return fail(Error::Kind::Conflict, "provider.mail_taken");
    std::map<std::string, int> last;
    const auto name = token.name.empty() ? token.subject : token.name;
    auto made = TRY(create_person(
        tx, ids, now, {.login = free_login(tx, name, last), .name = cut_to_bytes(name, 200), .mail = token.mail}));
    TRY(link_provider(tx, made.id, token.issuer, token.subject, now));
    return made;
}

std::vector<ProviderLink> provider_links(db::Tx& tx, PersonId person) { return store::provider_links(tx, person); }

bool unlink_provider(db::Tx& tx, PersonId person, std::string_view issuer) {
    return store::delete_provider_links(tx, person, issuer);
}

} // namespace preau::identity

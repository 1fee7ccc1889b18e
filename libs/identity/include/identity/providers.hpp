// Signing in at somebody else's (OpenID Connect core 1.0, authorization code with PKCE): the académie's provider, and
// as many others as an administrator writes into the configuration. We are the relying party; what a provider says is
// believed only as far as it can be checked (docs/admin/providers.md).
#pragma once

#include "base/secret.hpp"
#include "http/client.hpp"
#include "identity/id_token.hpp"
#include "identity/people.hpp"

#include <memory>
#include <optional>

namespace preau::identity {

struct ProviderOptions {
    std::string name;   // of ours, in addresses: "academie"
    std::string label;  // of the button: "Académie de Lille"
    std::string issuer; // exactly as the provider writes it
    std::string client_id, client_secret;
    bool create = false; // an account for whoever it knows and we do not
};

bool is_local_provider(std::string_view address); // http on this machine: nobody listens between; for trials and tests

// What a browser carries to the provider and back, sealed in a cookie. Good for ten minutes and one answer.
struct ProviderFlow {
    std::string provider;
    std::string state, nonce, verifier; // 256 random bits each
    std::string to; // a page of ours
    std::string activation; // token of a link by mail: this account is to be known by the provider from now on
    PersonId person; // who was signed in and wants to be known by it
    Millis until = 0;
};
std::string write_flow(const ProviderFlow& flow, std::string_view key); // signed
std::optional<ProviderFlow> read_flow(std::string_view cookie, std::string_view key, Millis now);

struct ProviderAnswer { // in the address that the browser comes back to
    std::string state, code, issuer, error;
};

class Providers {
public:
    Providers(std::vector<ProviderOptions> providers, http::Client& client, const Clock& clock, Random& random,
              std::string public_url);
    ~Providers();
    const std::vector<ProviderOptions>& all() const;
    const ProviderOptions* find(std::string_view name) const;

    struct Begun {
        ProviderFlow flow;
        std::string address; // where the browser goes
    };
    // Errors: provider.unknown, provider.unreachable, provider.discovery (it does not say what it must).
    Task<Result<Begun>> begin(std::string name, std::string to);
    // Errors: provider.refused (the provider said no), provider.answer (not the answer to this question: another state,
    // another issuer), provider.unreachable, provider.exchange, those of check_id_token.
    Task<Result<IdToken>> finish(ProviderFlow flow, ProviderAnswer answer);
    // Where one signs out there too; nothing: it has no such page, or never answered yet.
    std::optional<std::string> sign_out_address(std::string_view name) const;

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

// One answer of a provider becomes one sign-in: false when this state was taken before.
bool spend_answer(db::Tx& tx, std::string_view state, Millis now);
// None: nobody here is that person there, or their account is closed.
std::optional<PersonId> person_at_provider(db::Tx& tx, std::string_view issuer, std::string_view subject, Millis now);
// Errors: provider.link_taken (Conflict): somebody else here is known by it.
Result<void> link_provider(db::Tx& tx, PersonId person, std::string_view issuer, std::string_view subject, Millis now);
// Errors: provider.mail_taken (Conflict): there is an account with that address, whose person links it themselves;
// provider.account_closed (Conflict): there is one of this person, and it is closed.
Result<Person> create_provided_person(db::Tx& tx, IdSource& ids, const IdToken& token, Millis now);
struct ProviderLink {
    std::string issuer;
    Millis created_at = 0, used_at = 0;
};
PREAU_DESCRIBE(ProviderLink, issuer, created_at, used_at)
std::vector<ProviderLink> provider_links(db::Tx& tx, PersonId person);
bool unlink_provider(db::Tx& tx, PersonId person, std::string_view issuer);

} // namespace preau::identity

#include "identity/providers.hpp"

#include "provider_documents.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

namespace preau::identity {
namespace {

constexpr Millis flow_lifetime = 10_min;
constexpr Millis documents_kept = 1_h;
constexpr Millis documents_usable = 1_days; // while the provider does not tell us newer ones
// Neither a token with a key that nobody knows, nor a provider that fails while a whole académie arrives, makes us a
// hammer.
constexpr Millis keys_asked_again_after = 1_min;
constexpr Millis pause_after_failure = 10'000;
constexpr std::size_t most_document = 256 * 1024;
constexpr std::chrono::milliseconds patience{10'000};
constexpr char flow_end = '\x1F';

struct Documents { // of one provider
    ProviderPlaces places;
    std::vector<ProviderKey> keys;
    Millis read_at = 0;
};
using Shared = std::shared_ptr<const Documents>; // shared: sign-ins read them while newer ones come

struct Remembered {
    Shared documents;
    Millis asking_since = 0; // 0: nobody is asking
    Millis asked_at = 0;     // when the last answer came, or did not
    bool failed = false;     // it did not
};

bool within(Millis since, Millis now, Millis span) { return since && now >= since && now - since < span; }

bool empty_or_address(std::string_view said, std::string_view issuer) { return said.empty() || said == issuer; }

} // namespace

std::string write_flow(const ProviderFlow& flow, std::string_view key) {
    std::string text;
    for (const auto& field : {flow.provider, flow.state, flow.nonce, flow.verifier, flow.to, flow.activation,
                              to_text(flow.person), std::to_string(flow.until)})
        text += field + flow_end;
    return base64url(text) + "." + base64url(hmac_sha256(key, text));
}

std::optional<ProviderFlow> read_flow(std::string_view cookie, std::string_view key, Millis now) {
    const auto dot = cookie.find('.');
    auto text = base64url_decode(cookie.substr(0, dot));
    auto seal = base64url_decode(dot == std::string_view::npos ? std::string_view{} : cookie.substr(dot + 1));
    if (!text || !seal || !same_secret(*seal, hmac_sha256(key, *text))) return std::nullopt;
    const auto fields = split(*text, flow_end);
    constexpr std::size_t count = 9; // the last one is what follows the last end
    if (fields.size() != count) return std::nullopt;
    ProviderFlow flow{.provider = std::string{fields[0]},
                      .state = std::string{fields[1]},
                      .nonce = std::string{fields[2]},
                      .verifier = std::string{fields[3]},
                      .to = std::string{fields[4]},
                      .activation = std::string{fields[5]},
                      .person = parse_id<PersonId>(fields[6]).value_or(PersonId{}),
                      .until = std::strtoll(std::string{fields[7]}.c_str(), nullptr, 10)};
    // A clock that goes back must not make a flow of last week good again.
    if (now > flow.until || flow.until > now + 2 * flow_lifetime) return std::nullopt;
    return flow;
}

struct Providers::Inner {
    std::vector<ProviderOptions> providers;
    http::Client& client;
    const Clock& clock;
    Random& random;
    std::string public_url;
    mutable std::mutex mutex;
    std::map<std::string, Remembered, std::less<>> known; // by name

    Shared remembered(std::string_view name, Millis not_older_than) const {
        std::lock_guard lock{mutex};
        auto found = known.find(name);
        if (found == known.end() || !found->second.documents) return nullptr;
        return within(found->second.documents->read_at, clock.now(), not_older_than) ? found->second.documents
                                                                                     : nullptr;
    }
    // False: somebody else is asking, or it failed a moment ago; what is there is what there is.
    bool may_ask(const std::string& name, bool for_keys) {
        std::lock_guard lock{mutex};
        auto& one = known[name];
        const auto now = clock.now();
        if (within(one.asked_at, now, for_keys ? keys_asked_again_after : one.failed ? pause_after_failure : 0))
            return false;
        // The first ones of all have nothing to go on with meanwhile, and those whose key is unknown neither.
        const bool can_wait = one.documents && !for_keys;
        if (can_wait && within(one.asking_since, now, 2 * patience.count())) return false;
        one.asking_since = now;
        return true;
    }
    void note_answer(const std::string& name, Shared documents) {
        std::lock_guard lock{mutex};
        auto& one = known[name];
        one.asking_since = 0;
        one.asked_at = clock.now();
        one.failed = !documents;
        if (documents) one.documents = std::move(documents);
    }

    std::string return_address(std::string_view name) const {
        return public_url + "/signin/with/" + std::string{name} + "/back";
    }
    Task<Result<std::string>> fetch(std::string url);
    Task<Result<Shared>> ask(const ProviderOptions& provider);
    Task<Result<Shared>> documents(const ProviderOptions& provider);
    Task<Result<Shared>> newer_keys(const ProviderOptions& provider, Shared known_ones);
    Task<Result<std::string>> exchange(const ProviderOptions& provider, const ProviderPlaces& places,
                                       const ProviderFlow& flow, const std::string& code);
};

Task<Result<std::string>> Providers::Inner::fetch(std::string url) {
    http::Outgoing request{.url = std::move(url), .deadline = patience, .most = most_document, .redirects = 0};
    request.headers.set("Accept", "application/json");
    auto answer = co_await client.send(std::move(request));
    if (!answer) {
        log::warn("provider: no answer: {}", answer.error().key);
        co_return fail(Error::Kind::Unavailable, "provider.unreachable");
    }
    constexpr int ok = 200;
    if (answer->status != ok) {
        log::warn("provider: status={} of its documents", answer->status);
        co_return fail(Error::Kind::Unavailable, "provider.unreachable");
    }
    co_return std::move(answer->body);
}

Task<Result<Shared>> Providers::Inner::ask(const ProviderOptions& provider) {
    auto said = co_await fetch(discovery_address(provider.issuer));
    if (!said) co_return std::unexpected(said.error());
    auto places = read_places(*said, provider.issuer);
    if (!places) co_return std::unexpected(places.error());
    auto set = co_await fetch(places->keys);
    if (!set) co_return std::unexpected(set.error());
    auto keys = read_provider_keys(*set);
    if (!keys) co_return std::unexpected(keys.error());
    co_return std::make_shared<const Documents>(
        Documents{.places = std::move(*places), .keys = std::move(*keys), .read_at = clock.now()});
}

// Those of the last hour; else one of all who come asks, and the others go on with what was true yesterday.
Task<Result<Shared>> Providers::Inner::documents(const ProviderOptions& provider) {
    if (auto fresh = remembered(provider.name, documents_kept)) co_return fresh;
    auto old = remembered(provider.name, documents_usable);
    if (!may_ask(provider.name, false)) {
        if (old) co_return old;
        co_return fail(Error::Kind::Unavailable, "provider.unreachable");
    }
    auto answer = co_await ask(provider);
    note_answer(provider.name, answer ? *answer : nullptr);
    if (!answer && old) co_return old;
    co_return answer;
}

// They turn their keys: ask once more, unless that was a moment ago.
Task<Result<Shared>> Providers::Inner::newer_keys(const ProviderOptions& provider, Shared known_ones) {
    // Somebody else may have asked since this sign-in took its documents.
    if (auto newest = remembered(provider.name, documents_kept); newest && newest != known_ones) co_return newest;
    if (!may_ask(provider.name, true)) co_return known_ones;
    auto answer = co_await ask(provider);
    note_answer(provider.name, answer ? *answer : nullptr);
    co_return answer;
}

Task<Result<std::string>> Providers::Inner::exchange(const ProviderOptions& provider, const ProviderPlaces& places,
                                                     const ProviderFlow& flow, const std::string& code) {
    std::vector<std::pair<std::string, std::string>> form{{"grant_type", "authorization_code"},
                                                          {"code", code},
                                                          {"redirect_uri", return_address(provider.name)},
                                                          {"code_verifier", flow.verifier}};
    http::Outgoing request{
        .method = http::Method::Post, .url = places.token, .deadline = patience, .most = most_document, .redirects = 0};
    if (places.secret_in_body || provider.client_secret.empty()) { // a client without secret only says who it is
        form.emplace_back("client_id", provider.client_id);
        if (!provider.client_secret.empty()) form.emplace_back("client_secret", provider.client_secret);
    } else {
        // RFC 6749 §2.3.1: both are form-encoded before they are put together.
        const auto pair = percent_encode(provider.client_id) + ":" + percent_encode(provider.client_secret);
        request.headers.set("Authorization", "Basic " + standard_base64(pair));
    }
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    request.body = form_of(form);
    auto answer = co_await client.send(std::move(request));
    constexpr int ok = 200;
    if (!answer) co_return fail(Error::Kind::Unavailable, "provider.unreachable");
    if (answer->status != ok) {
        log::warn("provider: name={} refused the code with status={}", provider.name, answer->status);
        co_return fail(Error::Kind::Unauthenticated, "provider.exchange");
    }
    co_return read_id_token(answer->body);
}

Providers::Providers(std::vector<ProviderOptions> providers, http::Client& client, const Clock& clock, Random& random,
                     std::string public_url)
    : inner_{std::make_unique<Inner>(std::move(providers), client, clock, random, std::move(public_url))} {}
Providers::~Providers() = default;

const std::vector<ProviderOptions>& Providers::all() const { return inner_->providers; }

const ProviderOptions* Providers::find(std::string_view name) const {
    auto found = std::ranges::find(inner_->providers, name, &ProviderOptions::name);
    return found == inner_->providers.end() ? nullptr : &*found;
}

Task<Result<Providers::Begun>> Providers::begin(std::string name, std::string to) {
    const auto* provider = find(name);
    if (!provider) co_return not_found("provider.unknown");
    auto documents = co_await inner_->documents(*provider);
    if (!documents) co_return std::unexpected(documents.error());
    constexpr std::size_t bits_256 = 32;
    Begun begun;
    begun.flow = {.provider = provider->name,
                  .state = inner_->random.token(bits_256),
                  .nonce = inner_->random.token(bits_256),
                  .verifier = inner_->random.token(bits_256),
                  .to = std::move(to),
                  .until = inner_->clock.now() + flow_lifetime};
    begun.address =
        with_query((*documents)->places.authorization, {{"response_type", "code"},
                                                        {"client_id", provider->client_id},
                                                        {"redirect_uri", inner_->return_address(provider->name)},
                                                        {"scope", "openid profile email"},
                                                        {"state", begun.flow.state},
                                                        {"nonce", begun.flow.nonce},
                                                        {"code_challenge", pkce_challenge(begun.flow.verifier)},
                                                        {"code_challenge_method", "S256"}});
    co_return begun;
}

Task<Result<IdToken>> Providers::finish(ProviderFlow flow, ProviderAnswer answer) {
    const auto* provider = find(flow.provider);
    if (!provider) co_return not_found("provider.unknown");
    if (flow.state.empty() || !same_secret(answer.state, flow.state))
        co_return fail(Error::Kind::Unauthenticated, "provider.answer");
    auto documents = co_await inner_->documents(*provider);
    if (!documents) co_return std::unexpected(documents.error());
    const auto& places = (*documents)->places;
    // Mix-up (RFC 9207 §2.4): the answer of one provider is never taken for that of another.
    const bool theirs =
        empty_or_address(answer.issuer, provider->issuer) && !(places.names_itself && answer.issuer.empty());
    if (!theirs) co_return fail(Error::Kind::Unauthenticated, "provider.answer");
    if (!answer.error.empty() || answer.code.empty()) co_return fail(Error::Kind::Unauthenticated, "provider.refused");
    auto token = co_await inner_->exchange(*provider, places, flow, answer.code);
    if (!token) co_return std::unexpected(token.error());
    const IdTokenWish wish{
        .issuer = provider->issuer, .client_id = provider->client_id, .nonce = flow.nonce, .now = inner_->clock.now()};
    auto checked = check_id_token(*token, (*documents)->keys, wish);
    if (!checked && checked.error().key == "provider.token_key") {
        auto newer = co_await inner_->newer_keys(*provider, *documents);
        if (!newer) co_return std::unexpected(newer.error());
        checked = check_id_token(*token, (*newer)->keys, wish);
    }
    if (!checked) log::warn("provider: name={} sent a token that is refused: {}", provider->name, checked.error().key);
    co_return checked;
}

std::optional<std::string> Providers::sign_out_address(std::string_view name) const {
    const auto* provider = find(name);
    auto documents = provider ? inner_->remembered(name, 30_days) : nullptr;
    if (!documents || documents->places.end_session.empty()) return std::nullopt;
    return with_query(documents->places.end_session,
                      {{"client_id", provider->client_id}, {"post_logout_redirect_uri", inner_->public_url + "/"}});
}

} // namespace preau::identity

#include "identity/activation.hpp"

#include "activation_store.hpp"
#include "session_store.hpp"

#include "base/text.hpp"

namespace preau::identity {

std::optional<Activation> begin_activation(db::Tx& tx, Random& random, std::string_view mail, Millis now) {
    const auto id = store::account_of_mail(tx, to_lower_ascii(trimmed(mail)), now);
    auto person = id ? find_person(tx, *id) : std::nullopt;
    if (!person) return std::nullopt;
    store::forget_activations(tx, now - 2 * activation_lifetime);
    if (store::count_activations(tx, *id, now - 1_h) >= most_activations_an_hour) return std::nullopt;
    store::void_activations(tx, *id);
    constexpr std::size_t bits_256 = 32;
    const auto ways = store::ways_in(tx, *id);
    const auto token = random.token(bits_256);
    const bool elsewhere = !ways.password && ways.other;
    // The row counts letters also where nobody is told its token.
    store::insert_activation(tx, sha256(token), *id, now, elsewhere ? now : now + activation_lifetime);
    return Activation{.person = std::move(*person),
                      .forgotten = ways.password || ways.other,
                      .token = elsewhere ? std::string{} : token};
}

Result<Activation> find_activation(db::Tx& tx, std::string_view token, Millis now) {
    auto id = store::find_activation(tx, sha256(token), now);
    auto person = id ? find_person(tx, *id) : std::nullopt;
    if (!person) return fail(Error::Kind::Gone, "identity.link_used");
    const auto ways = store::ways_in(tx, *id);
    // A passkey or a provider since the letter, and no password: as if it had been so before.
    if (!ways.password && ways.other) return fail(Error::Kind::Gone, "identity.link_used");
    return Activation{.person = std::move(*person), .forgotten = ways.password, .token = std::string{token}};
}

Result<PersonId> use_activation(db::Tx& tx, std::string_view token, Millis now) {
    const auto hash = sha256(token);
    const auto person = TRY(find_activation(tx, token, now)).person.id;
    // Two browsers may send it at once: the row that changes decides.
    if (!store::use_activation(tx, hash)) return fail(Error::Kind::Gone, "identity.link_used");
    store::void_activations(tx, person);
    return person;
}

Result<PersonId> activate(db::Tx& tx, IdSource& ids, std::string_view token, std::string_view phc, Millis now) {
    auto person = TRY(use_activation(tx, token, now));
    set_password(tx, ids, person, phc, now);
    store::delete_sessions_of(tx, person, SessionId{});
    return person;
}

} // namespace preau::identity

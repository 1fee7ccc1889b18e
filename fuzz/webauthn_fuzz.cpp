// What browsers send about passkeys. The first line says which: "registration", "assertion" or "client"; then, each on
// a line of its own, the parts in base64url. Nothing is accepted that does not name our site and verify its person, and
// no assertion at all: the key is of nobody.
#include "base/secret.hpp"
#include "base/text.hpp"
#include "identity/webauthn.hpp"

#include "fuzz_input.hpp"

using namespace preau;

namespace {

const identity::RelyingParty party = identity::relying_party("http://localhost:8080");

std::string part(std::string_view& input) { return base64url_decode(fuzz::take_line(input)).value_or(""); }

void registration(std::string_view input) {
    identity::Registration sent{.client_data = part(input), .attestation = part(input)};
    auto made = identity::check_registration(sent, party);
    if (!made) {
        PREAU_ASSERT(!made.error().key.empty());
        return;
    }
    auto data = identity::read_client_data(sent.client_data);
    PREAU_ASSERT(data && data->origin == party.origin && data->type == "webauthn.create" && !data->cross_origin);
    PREAU_ASSERT(!made->credential.empty() && made->credential.size() <= 1023 && !made->public_key.empty());
    PREAU_ASSERT(made->algorithm == -7 || made->algorithm == -8 || made->algorithm == -257);
    PREAU_ASSERT(sent.attestation.contains(sha256(party.id)));
    PREAU_ASSERT(sent.attestation.contains(made->credential));
}

void assertion(std::string_view input) {
    identity::Assertion sent{
        .credential = "x", .client_data = part(input), .authenticator = part(input), .signature = part(input)};
    // The generator of P-256 (SEC 2, §2.4.2): a good point, and no input of ours is signed with the key 1.
    static const auto nobody = hex_decode("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                          "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
                                   .value();
    for (std::int64_t algorithm : {-7, -8, -257})
        PREAU_ASSERT(!identity::check_assertion(sent, {.algorithm = algorithm, .public_key = nobody}, party));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::text_of(data, size);
    auto which = fuzz::take_line(input);
    if (which == "registration") registration(input);
    if (which == "assertion") assertion(input);
    if (which == "client") {
        auto read = identity::read_client_data(input);
        PREAU_ASSERT(!read || !read->challenge.empty());
    }
    return 0;
}

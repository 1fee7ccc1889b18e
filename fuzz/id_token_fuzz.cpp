// ID tokens and key sets as a hostile provider sends them: nothing may be taken that no key signed.
#include "identity/id_token.hpp"

#include "base/text.hpp"

#include "fuzz_input.hpp"

using namespace preau;

// The first line is a key set, the rest the token; where there is none, both are the whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    const auto whole = rest;
    const auto first = fuzz::take_line(rest);
    auto keys = identity::read_provider_keys(first);
    if (keys)
        for (const auto& key : *keys) {
            const bool rsa = key.kind == identity::ProviderKey::Kind::Rsa;
            PREAU_ASSERT(rsa ? key.first.size() >= 256 : key.first.size() == 32 && key.second.size() == 32);
        }
    const identity::IdTokenWish wish{
        .issuer = "https://id.example", .client_id = "preau", .nonce = "nonce", .now = 1'788'764'400'000};
    const auto none = keys.value_or(std::vector<identity::ProviderKey>{});
    for (auto token : {rest, whole}) {
        auto checked = identity::check_id_token(token, none, wish);
        // No fuzzer signs with a key that it does not have.
        PREAU_ASSERT(!checked);
        PREAU_ASSERT(checked.error().key.starts_with("provider.token_"));
    }
    return 0;
}

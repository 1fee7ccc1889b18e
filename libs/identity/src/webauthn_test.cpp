// What browsers send, read and judged: what is good passes, and each lie is refused by its own name.
#include "cbor_map.hpp"
#include "identity/webauthn.hpp"

#include "webauthn_testing/authenticator.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::identity;
using preau::testing::Authenticator;

namespace {

const RelyingParty here = relying_party("http://localhost:8080");

Result<NewCredential> registered(const Authenticator& device, std::string_view challenge = "a challenge") {
    auto made = device.create(challenge);
    return check_registration({.client_data = made.client_data, .attestation = made.attestation}, here);
}

Assertion sent(Authenticator& device, std::string_view challenge = "a challenge") {
    auto given = device.get(challenge);
    return {.credential = given.credential,
            .client_data = given.client_data,
            .authenticator = given.authenticator,
            .signature = given.signature,
            .user_handle = given.user_handle};
}

std::string key_of(const Result<std::int64_t>& result) { return result ? "" : result.error().key; }
std::string key_of(const Result<NewCredential>& result) { return result ? "" : result.error().key; }

} // namespace

TEST_CASE("the relying party is the public address's host, the origin all of it") {
    CHECK(relying_party("https://preau.example.org").id == "preau.example.org");
    CHECK(relying_party("https://preau.example.org:8443").id == "preau.example.org");
    CHECK(relying_party("https://preau.example.org:8443").origin == "https://preau.example.org:8443");
    CHECK(relying_party("http://localhost:8080").id == "localhost");
}

TEST_CASE("a key is registered and then answers") {
    Authenticator device;
    auto credential = registered(device);
    REQUIRE(credential);
    CHECK(credential->credential == device.credential);
    CHECK(credential->algorithm == -7);
    CHECK(credential->sign_count == 0);
    const KnownKey key{.algorithm = credential->algorithm, .public_key = credential->public_key};
    CHECK(check_assertion(sent(device), key, here) == 1);
    CHECK(check_assertion(sent(device), key, here) == 2);
}

TEST_CASE("registration: another site, a frame, nobody verified, another ceremony") {
    Authenticator device;
    SUBCASE("origin") {
        device.origin = "http://localhost:8081";
        CHECK(key_of(registered(device)) == "identity.passkey_origin");
    }
    SUBCASE("a subdomain is another origin") {
        device.origin = "http://content.localhost:8080";
        CHECK(key_of(registered(device)) == "identity.passkey_origin");
    }
    SUBCASE("in a frame of another site") {
        device.cross_origin = true;
        CHECK(key_of(registered(device)) == "identity.passkey_origin");
    }
    SUBCASE("relying party") {
        device.rp = "evil.example";
        CHECK(key_of(registered(device)) == "identity.passkey_origin");
    }
    SUBCASE("unverified") {
        device.verified = false;
        CHECK(key_of(registered(device)) == "identity.passkey_unverified");
    }
    SUBCASE("absent") {
        device.present = false;
        CHECK(key_of(registered(device)) == "identity.passkey_unverified");
    }
    SUBCASE("an assertion's client data") {
        device.type_create = "webauthn.get";
        CHECK(key_of(registered(device)) == "identity.passkey_refused");
    }
}

TEST_CASE("signing in: another site, nobody verified, a wrong key, a changed byte") {
    Authenticator device;
    auto credential = registered(device).value();
    const KnownKey key{.algorithm = credential.algorithm, .public_key = credential.public_key};
    SUBCASE("origin") {
        device.origin = "https://preau.example";
        CHECK(key_of(check_assertion(sent(device), key, here)) == "identity.passkey_origin");
    }
    SUBCASE("relying party") {
        device.rp = "evil.example";
        CHECK(key_of(check_assertion(sent(device), key, here)) == "identity.passkey_refused");
    }
    SUBCASE("unverified") {
        device.verified = false;
        CHECK(key_of(check_assertion(sent(device), key, here)) == "identity.passkey_unverified");
    }
    SUBCASE("another device's key") {
        Authenticator other;
        auto foreign = registered(other).value();
        CHECK(key_of(check_assertion(sent(device), {.algorithm = -7, .public_key = foreign.public_key}, here)) ==
              "identity.passkey_refused");
    }
    SUBCASE("another algorithm") {
        for (std::int64_t algorithm : {-8, -257, 0, 7})
            CHECK_FALSE(check_assertion(sent(device), {.algorithm = algorithm, .public_key = key.public_key}, here));
    }
    SUBCASE("every byte counts") {
        const auto good = sent(device);
        REQUIRE(check_assertion(good, key, here));
        for (std::size_t at = 0; at < good.authenticator.size(); ++at) {
            auto changed = good;
            changed.authenticator[at] = static_cast<char>(changed.authenticator[at] ^ 1);
            CHECK_FALSE(check_assertion(changed, key, here));
        }
        for (std::size_t at = 0; at < good.client_data.size(); ++at) {
            auto changed = good;
            changed.client_data[at] = static_cast<char>(changed.client_data[at] ^ 1);
            CHECK_FALSE(check_assertion(changed, key, here));
        }
        auto cut = good;
        cut.signature.pop_back();
        CHECK_FALSE(check_assertion(cut, key, here));
    }
}

TEST_CASE("whatever is cut or empty is malformed, not a crash") {
    Authenticator device;
    auto made = device.create("a challenge");
    for (std::size_t size = 0; size < made.attestation.size(); ++size)
        CHECK_FALSE(check_registration({made.client_data, made.attestation.substr(0, size)}, here));
    CHECK_FALSE(check_registration({made.client_data, made.attestation + "x"}, here));
    CHECK_FALSE(check_registration({"", made.attestation}, here));
    CHECK_FALSE(check_registration({"{}", made.attestation}, here));
    CHECK_FALSE(check_registration({R"({"challenge":7})", made.attestation}, here));
    CHECK_FALSE(read_client_data(std::string(5000, ' ') + made.client_data));
    CHECK_FALSE(check_assertion({}, {}, here));
}

TEST_CASE("an array that announces a thousand million items and holds none costs nothing") {
    const std::string promise = "\x9a\x40\x01\x01\x01";
    CHECK_FALSE(cbor_whole(promise));
    CHECK(cbor_whole(""));
    CHECK(cbor_whole("\x01\xa1\x61k\x40"));
    CHECK_FALSE(cbor_whole("\x01\xa1\x61k\x41"));
    Authenticator device;
    auto made = device.create("a challenge");
    // The map of the COSE key: five pairs, kty 2, alg -7 (RFC 9053 §7.1). Its first byte alone may also stand in the
    // key.
    const auto key = made.attestation.rfind("\xa5\x01\x02\x03\x26");
    REQUIRE(key != made.attestation.npos);
    auto hostile = made.attestation;
    hostile.replace(key, promise.size(), promise);
    CHECK(key_of(check_registration({made.client_data, hostile}, here)) == "identity.passkey_malformed");
    auto credential = registered(device).value();
    auto given = sent(device);
    given.authenticator[32] = static_cast<char>(given.authenticator[32] | 0x80); // extensions follow
    given.authenticator += promise;
    CHECK(key_of(check_assertion(given, {.algorithm = -7, .public_key = credential.public_key}, here)) ==
          "identity.passkey_malformed");
}

TEST_CASE("one byte string out of a CBOR map") {
    using namespace std::string_literals;
    CHECK(cbor_bytes_of("\xa1\x61k\x43"s + "abc", "k") == "abc");
    CHECK(cbor_bytes_of("\xa2\x61j\x82\x01\xa1\x02\xf6\x61k\x40"s, "k") == "");
    for (const auto& bad : {""s, "\x80"s, "\xa1\x61k\x63"s + "abc", "\xa1\x61j\x43"s + "abc", "\xa1\x61k\x43"s + "ab",
                            "\xa1\x61k\x43"s + "abcd", "\xa2\x61k\x40\x61k\x40"s, "\xbf\x61k\x40\xff"s, "\xa1\x01\x40"s,
                            "\xa1\x61k\x5f\x40\xff"s, "\xa1\x61j\x9b\xff\xff\xff\xff\xff\xff\xff\xff"s,
                            "\xa1\x61j\xbb\x80\0\0\0\0\0\0\x01"s, "\xa1\x61j"s + std::string(1000, '\x81') + "\x01",
                            "\xa1\x61j"s + std::string(1000, '\xc1') + "\x01"})
        CHECK_FALSE(cbor_bytes_of(bad, "k"));
}

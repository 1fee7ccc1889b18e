// A device with passkeys for tests: an ES256 key, authenticator data and the answers that a browser would send. Made
// with OpenSSL, so that libfido2 is read against something that it did not write. What is set on it lies on purpose.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace preau::testing {

class Authenticator {
public:
    explicit Authenticator(std::string origin = "http://localhost:8080");
    ~Authenticator();

    struct Made { // raw bytes
        std::string client_data, attestation;
    };
    struct Given {
        std::string credential, client_data, authenticator, signature, user_handle;
    };
    Made create(std::string_view challenge) const;
    Given get(std::string_view challenge);
    // The bodies that our pages post; `challenge` as it stands in the options, base64url.
    std::string registration_json(std::string_view challenge, std::string_view label) const;
    std::string assertion_json(std::string_view challenge);

    std::string origin;
    std::string rp = "localhost";
    std::string user_handle; // raw; empty: not said
    std::string credential;
    std::uint32_t sign_count = 0; // counts up with each answer; the first says 1
    bool counts = true;
    bool present = true;
    bool verified = true;
    bool cross_origin = false;
    std::string type_create = "webauthn.create", type_get = "webauthn.get";

private:
    std::string client_data(std::string_view type, std::string_view challenge) const;
    std::string authenticator_data(std::uint8_t more_flags) const;
    struct Key;
    std::unique_ptr<Key> key_;
};

} // namespace preau::testing

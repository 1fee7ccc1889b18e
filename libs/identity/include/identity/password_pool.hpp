// argon2id (m=19456 KiB, t=2, p=1, 16 B salt, 32 B tag) in a bounded pool: N = cores threads, at most 2 s of queue,
// then 503 with Retry-After, so that the first Monday of September queues instead of collapsing.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

#include <memory>
#include <string>

namespace preau::identity {

// 12 to 128 characters, not in the list of common ones, not the login. Errors: identity.password_short, …_long,
// …_common.
Result<void> check_new_password(std::string_view password, std::string_view login);

class PasswordPool {
public:
    struct Options {
        int threads = 0; // 0: one per core
        unsigned memory_kib = 19456;
        unsigned passes = 2;
        int queue = 64;
    };
    PasswordPool(Random& random, Options options);
    ~PasswordPool();
    Task<Result<std::string>> hash(std::string password);                // PHC string; errors: identity.busy
    Task<Result<bool>> verify(std::string phc,
                              std::string password);    // an empty phc costs the same time and answers false
    std::string hash_now(const std::string& password);                   // blocking, for the command line
    bool outdated(std::string_view phc) const; // made with other parameters: hash again at the next sign-in

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::identity

// Outcomes that a user can cause. `Result<T>` travels up from stores and services to the route, which answers it as a
// page or as RFC 9457 problem+json. A broken world (disk, database, peer) is an exception; a bug is PREAU_ASSERT.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace preau {

struct Error {
    // The kind decides the HTTP status (http/problem.hpp); the key is looked up in the translations.
    enum class Kind {
        Invalid,         // 422: the form or body says something impossible; `field` names the input
        Malformed,       // 400: not even parseable
        Unauthenticated, // 401: sign in first
        Forbidden,       // 403: seen but not allowed
        NotFound,        // 404: absent, or not to be known by this viewer
        Conflict,        // 409: somebody else was quicker, or the name is taken
        Gone,            // 410: expired or revoked
        TooLarge,        // 413: above a stated limit
        Throttled,       // 429: too many tries; `retry_after` in seconds
        Unavailable,     // 503: overloaded, try again; `retry_after` in seconds
        StorageFull,     // 507: no space left for the bytes
    };
    Kind kind = Kind::Invalid;
    std::string key;   // translation key, e.g. "files.name_taken"
    std::string field; // the input it belongs to, empty for the whole form
    // Values for the `{placeholders}` of the translation.
    std::vector<std::pair<std::string, std::string>> values = {};
    int retry_after = 0; // seconds
};

template <class T> using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error::Kind kind, std::string key, std::string field = {}) {
    return std::unexpected(Error{.kind = kind, .key = std::move(key), .field = std::move(field)});
}
inline std::unexpected<Error> invalid(std::string field, std::string key) {
    return fail(Error::Kind::Invalid, std::move(key), std::move(field));
}
inline std::unexpected<Error> not_found(std::string key) { return fail(Error::Kind::NotFound, std::move(key)); }
inline std::unexpected<Error> forbidden(std::string key) { return fail(Error::Kind::Forbidden, std::move(key)); }

namespace detail {
template <class T> T&& unwrap(Result<T>&& result) { return *std::move(result); }
inline void unwrap(Result<void>&&) {}
} // namespace detail

} // namespace preau

// `auto title = TRY(check_title(form.title));` hands an error to the caller of the function it stands in.
// Never put co_await inside: a statement expression cannot suspend (docs/traps.md).
#define TRY(...)                                                                                                       \
    ({                                                                                                                 \
        auto try_result_ = (__VA_ARGS__);                                                                              \
        if (!try_result_) return std::unexpected(std::move(try_result_.error()));                                      \
        ::preau::detail::unwrap(std::move(try_result_));                                                               \
    })

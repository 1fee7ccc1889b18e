// The head of a request (RFC 9112 §2–§6) as a pure function of its bytes. Anything that two parsers could read in two
// ways is refused: that is how requests are smuggled past a proxy.
#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::http {

struct Head {
    Method method = Method::Other;
    std::string target;
    Headers headers;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;
    bool upgrade = false; // Connection: upgrade and Upgrade: websocket
    bool http_1_0 = false;
};

// `head` ends with its empty line. Errors carry their status: http.bad_request (400), http.target_too_long (414),
// http.transfer_coding (501), http.version (505).
Result<Head> parse_head(std::string_view head, std::size_t most_target_bytes);

} // namespace preau::http

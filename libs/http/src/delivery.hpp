// From the Response of a handler to what stands on the wire: conditions, ranges, compression, default headers, framing.
// A plain function of its input, so that tests need no socket.
#pragma once

#include "site.hpp"

#include <string>
#include <string_view>

namespace preau::http {

struct Exchange {
    const Request& request;
    const Site& site;
    std::string_view date; // IMF-fixdate
    bool http_1_0 = false;
    bool keep_alive = true;
};

struct Delivery {
    std::string head; // status line and headers with their empty line
    enum class Kind { Nothing, Text, File, Segments, Chunks, UntilClose } kind = Kind::Nothing;
    std::string_view text = {}; // Text: a view of the response
    std::uint64_t offset = 0; // File: in the descriptor; Segments: in the body
    std::uint64_t length = 0;
    bool keep_alive = true;
};

// Changes `response` on the way (304, 206, compressed body); it must outlive the delivery.
Delivery plan_delivery(Response& response, const Exchange& exchange);

std::string imf_fixdate(std::int64_t seconds_since_1970); // RFC 9110 §5.6.7

} // namespace preau::http

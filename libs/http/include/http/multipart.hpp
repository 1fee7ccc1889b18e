// multipart/form-data (RFC 7578) read as a stream: a phone's plain form post of a 2 GB video never stands in memory.
#pragma once

#include "http/message.hpp"
#include "http/multipart_parser.hpp"

#include <optional>
#include <string>

namespace preau::http {

//   MultipartReader parts{*request.stream, request.headers.find("content-type")};
//   while (auto part = co_await parts.next()) …           // Result<optional<Part>>
//       co_await parts.read(buffer)                       // 0 at the end of the part
// Errors: http.multipart_malformed, http.body_truncated, http.body_too_large. At most 1,000 parts, 16 KiB of part
// header.
class MultipartReader {
public:
    MultipartReader(BodyReader& body, std::string_view content_type);
    ~MultipartReader();
    Task<Result<std::optional<Part>>> next(); // skips what is left of the part before
    Task<Result<std::size_t>> read(std::span<std::byte> buffer);
    Task<Result<std::string>> read_text(std::size_t most); // a whole text field; TooLarge above `most`

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace preau::http

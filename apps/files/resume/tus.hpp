// The words of tus 1.0 (https://tus.io/protocols/resumable-upload) in requests and answers.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>

namespace preau::files::tus {

inline constexpr std::string_view version = "1.0.0";
inline constexpr std::string_view extensions = "creation,creation-with-upload,expiration,termination,checksum";
inline constexpr std::string_view body_type = "application/offset+octet-stream";

// Errors: files.tus_version (412, for every method but OPTIONS).
Result<void> check_version(const http::Request& request);
// Upload-Length, Upload-Offset: decimal digits. Errors: files.tus_header (400).
Result<std::uint64_t> number_in(const http::Request& request, std::string_view header);
bool has_body(const http::Request& request); // of the type that carries bytes of an upload
// Upload-Checksum: raw SHA-256 of the body that follows, or empty. Errors: files.tus_checksum (400: malformed, or an
// algorithm that is not in Tus-Checksum-Algorithm).
Result<std::string> checksum_in(const http::Request& request);

// Every answer says the version, errors too; they are never kept by a cache.
http::Response stamped(http::Response response);
void say_offset(http::Response& response, std::int64_t offset, Millis expires_at);
http::Response capabilities(std::uint64_t largest); // for OPTIONS

} // namespace preau::files::tus

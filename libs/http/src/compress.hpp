// gzip and brotli of text that stands whole in memory, at a low level: a page of 12 kB costs less than it saves.
#pragma once

#include <string>
#include <string_view>

namespace preau::http {

enum class Coding { Identity, Gzip, Brotli };

Coding choose_coding(std::string_view accept_encoding); // RFC 9110 §12.5.3
bool is_text(std::string_view media_type);
std::string compressed(Coding coding, std::string_view text); // empty when it would not be shorter

} // namespace preau::http

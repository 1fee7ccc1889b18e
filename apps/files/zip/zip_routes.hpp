// What the route of the second origin asks: is this address that of an archive, and then send it.
#pragma once

#include "files/files.hpp"

namespace preau::files {

bool is_archive(std::string_view variant);
Task<http::Response> send_signed_archive(Files& files, http::Request& request, sharing::ContentAddress what);

} // namespace preau::files

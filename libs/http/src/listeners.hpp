// Listening sockets: our own, or those that a supervisor holds.
#pragma once

#include "http/server.hpp"

namespace preau::http {

// Takes over sockets that are bound and listening already. Throws std::runtime_error for a descriptor that is none.
std::vector<int> taken_listeners(const std::vector<int>& held, std::size_t loops);
std::uint16_t port_of_listener(int descriptor);
bool is_ipv6_listener(int descriptor);

} // namespace preau::http

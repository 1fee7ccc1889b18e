// Listening sockets that outlive a server process, so that a restart fails no request: systemd's protocol of
// sd_listen_fds(3), spoken by `preau supervise` too.
#pragma once

#include <vector>

namespace preau::server {

// Those that this process was given (LISTEN_PID is ours, LISTEN_FDS of them from descriptor 3 on); closed for the
// programs that it starts. Empty: none. Call once, before other threads start.
std::vector<int> held_sockets();

// In a child between fork and exec: puts the sockets at descriptor 3 and behind, and says so in the environment.
void hand_over_sockets(const std::vector<int>& sockets);

} // namespace preau::server

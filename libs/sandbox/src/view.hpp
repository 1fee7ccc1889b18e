// What a cage sees of the machine's files.
#pragma once

#include <cstdint>
#include <string>

namespace preau::sandbox {

// In a new mount namespace: the system's programs, libraries and fonts, read-only and without set-user-id; three
// harmless devices; /tmp, private, in memory, of `scratch` bytes, from which nothing is executed. Nothing else: no
// /proc, no /home, no data. Answers the step that failed.
std::string make_view(std::uint64_t scratch);

} // namespace preau::sandbox

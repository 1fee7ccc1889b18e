// Faults that tests switch on through the environment variable PREAU_FAULT, to prove that they would be noticed. Only
// in test builds: in any other the question is answered "no" by the compiler.
//   answer_before_commit   replies are sent before COMMIT
//   skip_fsync             nothing is made durable: SQLite with synchronous=OFF, blobs without fdatasync
//   can_always_yes         every right is granted
//   sanitiser_off          rich text passes as it came
//   move_without_lanes     changes of place hold no lanes
//   sandbox_off            what runs in the sandbox runs without its cages
// and others that make the machine poorer than it is, to see that it is said and survived:
//   no_user_namespaces, no_landlock, no_seccomp   the kernel refuses them to the sandbox
//   (sandbox/src/poorer_kernel.cpp)
#pragma once

#include <cstdlib>
#include <string_view>

namespace preau {

#ifdef PREAU_TEST_BUILD
inline bool fault(std::string_view name) {
    const char* chosen = std::getenv("PREAU_FAULT");
    return chosen && name == chosen;
}
#else
constexpr bool fault(std::string_view) { return false; }
#endif

} // namespace preau

// Faults that tests switch on through the environment variable PREAU_FAULT, to prove that they would be noticed. Only
// in test builds: in any other the question is answered "no" by the compiler.
//   answer_before_commit   replies are sent before COMMIT
//   skip_fsync             SQLite runs with synchronous=OFF
#pragma once

#include <cstdlib>
#include <string_view>

namespace preau::db {

#ifdef PREAU_TEST_BUILD
inline bool fault(std::string_view name) {
    const char* chosen = std::getenv("PREAU_FAULT");
    return chosen && name == chosen;
}
#else
constexpr bool fault(std::string_view) { return false; }
#endif

} // namespace preau::db

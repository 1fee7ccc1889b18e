// Bugs. PREAU_ASSERT stays on in release builds: it aborts in tests and throws `Bug` in production, so that one wrong
// request fails and the other ten thousand go on.
#pragma once

#include <stdexcept>

namespace preau {
struct Bug : std::logic_error {
    using std::logic_error::logic_error;
};
[[noreturn]] void assert_failed(const char* condition, const char* file, int line);
} // namespace preau

#define PREAU_ASSERT(condition)                                                                                        \
    do {                                                                                                               \
        if (!(condition)) [[unlikely]]                                                                                 \
            ::preau::assert_failed(#condition, __FILE__, __LINE__);                                                    \
    } while (false)

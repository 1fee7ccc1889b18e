#include "base/assert.hpp"

#include "base/log.hpp"

#include <cstdlib>
#include <string>

namespace preau {

void assert_failed(const char* condition, const char* file, int line) {
    std::string text = fmt::format("bug: {} is false at {}:{}", condition, file, line);
    log::error("{}", text);
#ifdef PREAU_TEST_BUILD
    std::abort();
#else
    throw Bug{text};
#endif
}

} // namespace preau

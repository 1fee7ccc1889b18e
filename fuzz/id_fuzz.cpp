// Ids as they stand in addresses: one number has one spelling, but for the case of letters.
#include "base/id.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

#include <cstring>
#include <limits>

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::text_of(data, size);
    if (auto value = from_base32(text)) {
        PREAU_ASSERT(*value >= 0);
        PREAU_ASSERT(to_base32(*value) == to_lower_ascii(text));
    }
    std::int64_t number = 0;
    std::memcpy(&number, data, std::min(size, sizeof number));
    number &= std::numeric_limits<std::int64_t>::max();
    auto written = to_base32(number);
    PREAU_ASSERT(written.size() <= 13 && from_base32(written) == number);
    return 0;
}

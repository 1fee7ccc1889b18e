// Words of a text file of whatever charset: what comes out is UTF-8, what was UTF-8 stays as it was, and of what is
// read as Windows-1252 no letter is lost.
#include "exit_status.hpp"
#include "plain_text.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto bytes = fuzz::text_of(data, size);
    const bool utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    try {
        auto words = convert::plain_text(bytes);
        PREAU_ASSERT(valid_utf8(words));
        PREAU_ASSERT(words.size() <= 3 * bytes.size());
        if (utf16) {
            PREAU_ASSERT(2 * code_points(words) <= bytes.size());
            return 0;
        }
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
        if (valid_utf8(bytes))
            PREAU_ASSERT(words == bytes);
        else
            PREAU_ASSERT(code_points(words) == bytes.size());
    } catch (const convert::Refusal& refusal) {
        PREAU_ASSERT(refusal.status == convert::unreadable && !utf16 && bytes.find('\0') != bytes.npos);
    }
    return 0;
}

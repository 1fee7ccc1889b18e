// The header Upload-Metadata: whatever is read is within its bounds, and written again it reads the same.
#include "base/text.hpp"
#include "files/resume/upload_metadata.hpp"

#include "fuzz_input.hpp"

using namespace preau;

namespace {

std::string standard_base64(std::string_view bytes) {
    auto text = base64url(bytes);
    for (auto& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    while (text.size() % 4 != 0) text += '=';
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto header = fuzz::text_of(data, size);
    auto pairs = files::parse_upload_metadata(header);
    if (!pairs) return 0;
    PREAU_ASSERT(pairs->size() <= 32);
    std::string written;
    for (const auto& [key, value] : *pairs) {
        PREAU_ASSERT(!key.empty() && key.find_first_of(" ,") == std::string::npos);
        PREAU_ASSERT(value.size() <= header.size());
        written += (written.empty() ? "" : ",") + key + (value.empty() ? "" : " " + standard_base64(value));
    }
    // Padding that was left out may make it a little longer than is allowed.
    if (written.size() > 8 * 1024) return 0;
    auto again = files::parse_upload_metadata(written);
    PREAU_ASSERT(again && *again == *pairs);
    return 0;
}

// The attestation object's outer map: what is found lies in the input, and what was found is found again when the map
// is written anew around it.
#include "cbor_map.hpp"

#include "fuzz_input.hpp"

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::text_of(data, size);
    auto found = identity::cbor_bytes_of(input, "authData");
    if (!found) return 0;
    PREAU_ASSERT(input.contains(*found));
    const auto length = found->size();
    PREAU_ASSERT(length < 64 * 1024);
    std::string again = "\xa1\x68"
                        "authData\x59";
    again += static_cast<char>(length >> 8);
    again += static_cast<char>(length & 0xff);
    PREAU_ASSERT(identity::cbor_bytes_of(again + *found, "authData") == found || again.size() + length > 64 * 1024);
    PREAU_ASSERT(!identity::cbor_bytes_of(again + *found + "x", "authData"));
    PREAU_ASSERT(identity::cbor_whole(again + *found) || again.size() + length > 64 * 1024);
    PREAU_ASSERT(length == 0 || !identity::cbor_whole((again + *found).substr(0, again.size() + length - 1)));
    return 0;
}

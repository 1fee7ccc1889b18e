// The chunked coding: however the network cuts the bytes, the body is the same.
#include "http/chunked.hpp"

#include "fuzz_input.hpp"

#include <array>

using namespace preau;

namespace {

struct Outcome {
    std::string body;
    std::size_t consumed = 0;
    bool done = false;
    bool malformed = false;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

// `cut` answers how many bytes there are to read, and to write, this time.
template <class Cut> Outcome decode(std::string_view input, Cut cut) {
    http::ChunkDecoder decoder;
    Outcome outcome;
    std::array<std::byte, 64> buffer{};
    while (!decoder.done() && !decoder.malformed() && !input.empty()) {
        auto given = input.substr(0, cut(input.size()));
        auto step = decoder.decode(given, std::span{buffer}.first(cut(buffer.size())));
        PREAU_ASSERT(step.consumed <= given.size() && step.produced <= step.consumed);
        if (!decoder.malformed()) PREAU_ASSERT(step.consumed > 0);
        outcome.body.append(reinterpret_cast<const char*>(buffer.data()), step.produced);
        outcome.consumed += step.consumed;
        input.remove_prefix(step.consumed);
    }
    outcome.done = decoder.done();
    outcome.malformed = decoder.malformed();
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::text_of(data, size);
    auto whole = decode(input, [](std::size_t most) { return most; });
    PREAU_ASSERT(whole.body.size() <= input.size());
    PREAU_ASSERT(!(whole.done && whole.malformed));
    fuzz::Pieces pieces{input};
    auto cut = decode(input, [&pieces](std::size_t most) { return pieces.next(most); });
    if (whole.malformed) {
        PREAU_ASSERT(cut.malformed); // where exactly it stops within a bad line is its own affair
        return 0;
    }
    PREAU_ASSERT(cut == whole);
    return 0;
}

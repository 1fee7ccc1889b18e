// The chunked transfer coding (RFC 9112 §7.1) as a pure state machine. Stricter than the RFC where leniency has let
// requests be smuggled past a proxy: CRLF only, hexadecimal digits only, bounded extensions and trailers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace preau::http {

class ChunkDecoder {
public:
    static constexpr std::size_t most_line_bytes = 4096; // of a chunk line, and of all trailers

    struct Step {
        std::size_t consumed = 0; // of the input
        std::size_t produced = 0; // into the output
    };
    // Decodes until the input ends, the output is full, the body ends or is malformed.
    Step decode(std::string_view input, std::span<std::byte> output);
    bool done() const { return state_ == State::Done; }
    bool malformed() const { return state_ == State::Malformed; }

private:
    enum class State {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        Trailer,
        TrailerLine,
        TrailerEnd,
        LastEnd,
        Done,
        Malformed
    };
    void take(char c);
    void take_size(char c);
    void take_trailer(char c);

    State state_ = State::Size;
    std::uint64_t left_ = 0; // of this chunk
    int digits_ = 0;
    std::size_t line_bytes_ = 0;
};

} // namespace preau::http

#include "http/chunked.hpp"

#include <algorithm>
#include <cstring>

namespace preau::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

ChunkDecoder::Step ChunkDecoder::decode(std::string_view input, std::span<std::byte> output) {
    Step step;
    while (step.consumed < input.size() && state_ != State::Done && state_ != State::Malformed) {
        if (state_ != State::Data) {
            take(input[step.consumed++]);
            continue;
        }
        auto count =
            std::min({input.size() - step.consumed, output.size() - step.produced, static_cast<std::size_t>(left_)});
        if (count == 0) break; // the output is full
        std::memcpy(output.data() + step.produced, input.data() + step.consumed, count);
        step.consumed += count;
        step.produced += count;
        left_ -= count;
        if (left_ == 0) state_ = State::DataReturn;
    }
    return step;
}

void ChunkDecoder::take(char c) {
    if (++line_bytes_ > most_line_bytes) state_ = State::Malformed;
    switch (state_) {
    case State::Size: return take_size(c);
    case State::Extension:
        if (c == '\r') state_ = State::SizeEnd;
        if (c == '\n') state_ = State::Malformed;
        return;
    case State::SizeEnd:
        state_ = c != '\n' ? State::Malformed : left_ == 0 ? State::Trailer : State::Data;
        line_bytes_ = 0;
        return;
    case State::DataReturn: state_ = c == '\r' ? State::DataEnd : State::Malformed; return;
    case State::DataEnd:
        state_ = c == '\n' ? State::Size : State::Malformed;
        digits_ = 0;
        line_bytes_ = 0;
        return;
    default: return take_trailer(c);
    }
}

void ChunkDecoder::take_size(char c) {
    if (auto digit = hex_value(c); digit >= 0) {
        left_ = (left_ << 4) | static_cast<std::uint64_t>(digit);
        if (++digits_ > 15)
            state_ = State::Malformed; // sixteen digits would reach the sign bit of whoever adds them up
        return;
    }
    if (digits_ == 0)
        state_ = State::Malformed;
    else if (c == '\r')
        state_ = State::SizeEnd;
    else if (c == ';' || c == ' ' || c == '\t')
        state_ = State::Extension;
    else
        state_ = State::Malformed;
}

// Trailers are read and dropped: nothing of ours is said in one.
void ChunkDecoder::take_trailer(char c) {
    switch (state_) {
    case State::Trailer:
        state_ = c == '\r' ? State::LastEnd : c == '\n' ? State::Malformed : State::TrailerLine;
        return;
    case State::TrailerLine:
        if (c == '\r') state_ = State::TrailerEnd;
        if (c == '\n') state_ = State::Malformed;
        return;
    case State::TrailerEnd: state_ = c == '\n' ? State::Trailer : State::Malformed; return;
    case State::LastEnd: state_ = c == '\n' ? State::Done : State::Malformed; return;
    default: return;
    }
}

} // namespace preau::http

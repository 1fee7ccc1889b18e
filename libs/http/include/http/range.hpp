// The Range header (RFC 9110 §14), as a pure function of its text and the length of the bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace preau::http {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
struct WholeFile { // no header, another unit, malformed, or several ranges: RFC 9110 §14.2 lets us answer everything
    friend bool operator==(const WholeFile&, const WholeFile&) = default;
};
struct Unsatisfiable { // 416
    friend bool operator==(const Unsatisfiable&, const Unsatisfiable&) = default;
};
using RangeChoice = std::variant<WholeFile, ByteRange, Unsatisfiable>;

RangeChoice choose_range(std::string_view header, std::uint64_t length);

} // namespace preau::http

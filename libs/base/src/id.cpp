#include "base/id.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>

namespace preau {
namespace {

constexpr Millis epoch = 1'735'689'600'000; // 2025-01-01T00:00:00Z
constexpr int node_bits = 10;
constexpr int sequence_bits = 12;
constexpr std::int64_t last_sequence = (1 << sequence_bits) - 1;

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford: no i, l, o, u

constexpr std::array<std::int8_t, 256> values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        auto letter = static_cast<unsigned char>(alphabet[i]);
        table[letter] = static_cast<std::int8_t>(i);
        if (letter >= 'a') table[letter - 'a' + 'A'] = static_cast<std::int8_t>(i);
    }
    return table;
}();

} // namespace

std::string to_base32(std::int64_t value) {
    PREAU_ASSERT(value >= 0);
    char digits[13];
    std::size_t count = 0;
    do {
        digits[count++] = alphabet[static_cast<std::size_t>(value & 31)];
        value >>= 5;
    } while (value != 0);
    std::reverse(digits, digits + count);
    return {digits, count};
}

std::optional<std::int64_t> from_base32(std::string_view text) {
    if (text.empty() || text.size() > 13 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::uint64_t value = 0;
    for (char letter : text) {
        auto digit = values[static_cast<unsigned char>(letter)];
        if (digit < 0) return std::nullopt;
        if (value >> 58 != 0) return std::nullopt; // the next shift would pass 63 bits
        value = value << 5 | static_cast<std::uint64_t>(digit);
    }
    return static_cast<std::int64_t>(value);
}

IdSource::IdSource(const Clock& clock, int node, std::int64_t floor)
    : clock_{clock}, node_{node}, last_millis_{floor == 0 ? 0 : (floor >> (node_bits + sequence_bits)) + 1} {
    PREAU_ASSERT(node >= 0 && node < 1 << node_bits);
}

std::int64_t IdSource::next() {
    std::lock_guard lock{mutex_};
    auto millis = std::max<std::int64_t>(clock_.now() - epoch, 1);
    if (millis > last_millis_) {
        last_millis_ = millis;
        sequence_ = 0;
    } else if (sequence_ == last_sequence) {
        // 4,096 ids in one millisecond, or a clock that went back: borrow the next millisecond instead of waiting.
        ++last_millis_;
        sequence_ = 0;
    } else {
        ++sequence_;
    }
    return last_millis_ << (node_bits + sequence_bits) | node_ << sequence_bits | sequence_;
}

Millis millis_of_id(std::int64_t id) { return (id >> (node_bits + sequence_bits)) + epoch; }

} // namespace preau

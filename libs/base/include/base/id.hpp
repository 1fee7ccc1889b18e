// Identifiers: 41 bits of milliseconds since 2025-01-01, 10 of node, 12 of sequence (docs/adr/0004-ids.md).
// They order by creation, need no central counter, and are written in Crockford's base 32 outside the database:
// JSON numbers hold only 53 bits, and short lower-case addresses survive being read aloud.
#pragma once

#include "base/clock.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace preau {

// `Id<struct ItemTag>` and `Id<struct PersonTag>` never mix; zero means "none".
template <class Tag> struct Id {
    std::int64_t value = 0;
    constexpr Id() = default;
    constexpr explicit Id(std::int64_t number) : value{number} {}
    explicit constexpr operator bool() const { return value != 0; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

std::string to_base32(std::int64_t value);                       // 1 to 13 characters of 0-9 a-z without i l o u
std::optional<std::int64_t> from_base32(std::string_view text); // accepts upper case; nothing for junk or > 63 bits

template <class Tag> std::string to_text(Id<Tag> id) { return to_base32(id.value); }
template <class AnyId> std::optional<AnyId> parse_id(std::string_view text) {
    auto value = from_base32(text);
    if (!value || *value == 0) return std::nullopt;
    return AnyId{*value};
}

// Thread-safe. Never answers below the last one when the clock goes back.
class IdSource {
public:
    // `node` is 0…1023, leased in the table `node_lease`. `floor` is the highest id already stored, so that a clock
    // that was set back while the server was down cannot repeat an id.
    IdSource(const Clock& clock, int node, std::int64_t floor = 0);
    std::int64_t next();
    template <class AnyId> AnyId next_as() { return AnyId{next()}; }

private:
    const Clock& clock_;
    std::int64_t node_;
    std::mutex mutex_;
    std::int64_t last_millis_ = 0;
    std::int64_t sequence_ = 0;
};

Millis millis_of_id(std::int64_t id); // when the id was made

} // namespace preau

template <class Tag> struct std::hash<preau::Id<Tag>> {
    std::size_t operator()(preau::Id<Tag> id) const noexcept {
        // Time-ordered ids have quiet low bits: mix, or a table of buckets clusters.
        auto x = static_cast<std::uint64_t>(id.value) * 0x9E3779B97F4A7C15ULL;
        return static_cast<std::size_t>(x ^ (x >> 32));
    }
};

#include "http/rate.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>

namespace preau::http {
namespace {

constexpr std::size_t shard_count = 64;
constexpr std::size_t sets_per_shard = 256;
constexpr std::size_t ways = 8; // 64 × 256 × 8 buckets of 32 bytes: 4 MiB, never more

struct Level {
    std::uint64_t key = 0;
    double used = 0; // tokens taken and not refilled yet
    Millis at = 0;
};

double refilled(const Level& level, double per_second, Millis now) {
    // The clock may go back: then nothing is refilled, and the next moment starts from there.
    auto elapsed = static_cast<double>(std::max<Millis>(0, now - level.at)) / 1000;
    return std::max(0.0, level.used - elapsed * per_second);
}

std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// The first four groups of an IPv6 address as written, "::" expanded; anything else is its own network.
std::string network_of(std::string_view address) {
    if (!address.contains(':') || address.starts_with("::ffff:")) return std::string{address};
    std::string groups;
    int count = 0;
    std::string_view rest = address;
    while (count < 4 && !rest.empty() && !rest.starts_with(':')) {
        auto colon = rest.find(':');
        groups += std::string{rest.substr(0, colon)} + ':';
        ++count;
        rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
    }
    for (; count < 4; ++count) groups += "0:";
    return groups;
}

} // namespace

struct RateLimiter::Table {
    struct Shard {
        std::mutex mutex;
        std::array<std::array<Level, ways>, sets_per_shard> sets{};
    };
    std::array<Shard, shard_count> shards;
    std::uint64_t seed = 0; // so that nobody can choose names that meet in one set

    std::uint64_t key_of(Rate rate, char kind, std::string_view name) const {
        std::uint64_t hash = seed ^ (static_cast<std::uint64_t>(rate) << 8) ^ static_cast<unsigned char>(kind);
        for (char c : name) hash = mixed(hash + static_cast<unsigned char>(c));
        return mixed(hash) | 1; // zero marks a free way
    }
    std::optional<int> take(const Bucket& bucket, std::uint64_t key, Millis now);
};

std::optional<int> RateLimiter::Table::take(const Bucket& bucket, std::uint64_t key, Millis now) {
    auto& shard = shards[key % shard_count];
    std::lock_guard lock{shard.mutex};
    auto& set = shard.sets[(key / shard_count) % sets_per_shard];
    auto level = std::ranges::find(set, key, &Level::key);
    if (level == set.end()) {
        // A full set gives up whoever used least: forgetting that one changes least.
        level = std::ranges::min_element(set, {},
                                         [&](const Level& each) { return refilled(each, bucket.per_second, now); });
        *level = {.key = key};
    }
    auto used = refilled(*level, bucket.per_second, now);
    level->at = now;
    level->used = used;
    if (used + 1 > bucket.burst)
        return std::max(1, static_cast<int>(std::ceil((used + 1 - bucket.burst) / bucket.per_second)));
    level->used = used + 1;
    return std::nullopt;
}

const RateRule& RateRules::of(Rate rate) const {
    switch (rate) {
    case Rate::Free: break;
    case Rate::Read: return read;
    case Rate::Write: return write;
    case Rate::Upload: return upload;
    case Rate::Part: return part;
    case Rate::Archive: return archive;
    case Rate::SignIn: return sign_in;
    }
    PREAU_ASSERT(rate != Rate::Free);
    std::unreachable();
}

RateLimiter::RateLimiter(RateRules rules) : rules_{rules}, table_{std::make_unique<Table>()} {
    SystemRandom random;
    random.fill(std::as_writable_bytes(std::span{&table_->seed, 1}));
}
RateLimiter::~RateLimiter() = default;

std::optional<int> RateLimiter::must_wait(Rate rate, std::string_view who, std::string_view network, Millis now) {
    if (rate == Rate::Free) return std::nullopt;
    const auto& rule = rules_.of(rate);
    if (!who.empty() && rule.person.per_second > 0)
        if (auto wait = table_->take(rule.person, table_->key_of(rate, 'p', who), now)) return wait;
    if (rule.network.per_second <= 0) return std::nullopt;
    return table_->take(rule.network, table_->key_of(rate, 'n', network_of(network)), now);
}

} // namespace preau::http

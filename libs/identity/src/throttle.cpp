#include "identity/throttle.hpp"

#include "lru_map.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace preau::identity {
namespace {

constexpr int free_failures = 5;
constexpr int longest_wait = 300;             // seconds
constexpr int most_failures = free_failures + 9; // 2^9 s is past the longest wait: more would only delay forgiving
constexpr Millis forgiven_every = 5_min;      // one failure
constexpr std::size_t most_accounts = 50'000;
constexpr std::size_t most_networks = 20'000;
constexpr std::size_t most_known = 200'000; // enters only who has signed in, so nobody can push others out by guessing

// A thousand people who arrive at eight behind one address mistype a few hundred times at most.
constexpr double network_burst = 400, network_per_second = 0.5;
constexpr double global_burst = 10'000, global_per_second = 50;

// Moments come from a clock that may go back; what was noted in the future then counts as now, never as a long wait.
struct Failures {
    int count = 0;
    Millis last = 0; // failure: the wait runs from here
    Millis forgiven_until = 0; // apart from `last`: forgiving one must not start the wait of the others again

    void forgive(Millis now) {
        last = std::min(last, now);
        forgiven_until = std::min(forgiven_until, now);
        auto steps = (now - forgiven_until) / forgiven_every;
        count = std::max<int>(0, count - static_cast<int>(std::min<Millis>(steps, most_failures)));
        forgiven_until += steps * forgiven_every;
    }
    int wait(Millis now) {
        forgive(now);
        if (count < free_failures) return 0;
        auto pause = std::min<Millis>(longest_wait, Millis{1} << (count - free_failures)) * 1_s;
        auto left = last + pause - now;
        return left <= 0 ? 0 : static_cast<int>((left + 999) / 1000);
    }
    void add(Millis now) {
        forgive(now);
        count = std::min(count + 1, most_failures);
        last = forgiven_until = now;
    }
    void take_back() { count = std::max(0, count - 1); }
};

// Room for `burst` failures that comes back slowly.
struct Bucket {
    double spent = 0;
    Millis last = 0;

    void refill(Millis now, double per_second) {
        if (now > last && last != 0) spent = std::max(0.0, spent - static_cast<double>(now - last) / 1000 * per_second);
        last = now;
    }
    int wait(Millis now, double burst, double per_second) {
        refill(now, per_second);
        return spent + 1 <= burst ? 0 : static_cast<int>(std::ceil((spent + 1 - burst) / per_second));
    }
    void take_back() { spent = std::max(0.0, spent - 1); }
};

std::string joined(std::string_view account, std::string_view network) {
    std::string key{account};
    key += '\0';
    key += network;
    return key;
}

std::string print_address(int family, const unsigned char* bytes, const char* suffix) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(family, bytes, text, sizeof text);
    return std::string{text} + suffix;
}

} // namespace

std::string network_of(std::string_view peer) {
    std::string address{peer.substr(0, peer.find('%'))}; // "fe80::1%eth0": the zone is this machine's affair
    std::array<unsigned char, 16> bytes{};
    constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
        bytes[3] = 0;
        return print_address(AF_INET, bytes.data(), "/24");
    }
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return "unknown";
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) { // RFC 4291 §2.5.5.2: an IPv4 client on a dual socket
        bytes[15] = 0;
        return print_address(AF_INET, bytes.data() + 12, "/24");
    }
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return print_address(AF_INET6, bytes.data(), "/64");
}

struct Throttle::Inner {
    explicit Inner(const Clock& the_clock) : clock{the_clock} {}

    struct Place { // where the failures of one try are counted
        std::string network;
        bool known = false;
        std::string failures_key;
    };
    Place place(std::string_view account, std::string_view peer) {
        Place answer{.network = network_of(peer)};
        answer.known = known.find(joined(account, answer.network)) != nullptr;
        answer.failures_key = joined(account, answer.known ? answer.network : std::string{"elsewhere"});
        return answer;
    }
    int wait(const Place& at, Millis now) {
        auto* failures = accounts.find(at.failures_key);
        int seconds = failures ? failures->wait(now) : 0;
        if (at.known) return seconds;
        if (auto* bucket = networks.find(at.network))
            seconds = std::max(seconds, bucket->wait(now, network_burst, network_per_second));
        return std::max(seconds, global.wait(now, global_burst, global_per_second));
    }
    void count(const Place& at, Millis now) {
        accounts.at_or_new(at.failures_key).add(now);
        if (at.known) return;
        auto& bucket = networks.at_or_new(at.network);
        bucket.refill(now, network_per_second);
        bucket.spent += 1;
        global.refill(now, global_per_second);
        global.spent += 1;
    }
    void uncount(const Place& at) {
        if (auto* failures = accounts.find(at.failures_key)) failures->take_back();
        if (at.known) return;
        if (auto* bucket = networks.find(at.network)) bucket->take_back();
        global.take_back();
    }
    void remember(std::string_view account, const Place& at) {
        // Failures elsewhere stay: they are an attacker's, or will be forgiven by and by.
        accounts.erase(at.failures_key);
        known.at_or_new(joined(account, at.network));
    }

    const Clock& clock;
    std::mutex mutex;
    struct Nothing {};
    LruMap<Failures> accounts{most_accounts};
    LruMap<Bucket> networks{most_networks};
    LruMap<Nothing> known{most_known};
    Bucket global;
};

Throttle::Throttle(const Clock& clock) : inner_{std::make_unique<Inner>(clock)} {}
Throttle::~Throttle() = default;

std::optional<int> Throttle::must_wait(std::string_view account, std::string_view peer) {
    std::lock_guard lock{inner_->mutex};
    int seconds = inner_->wait(inner_->place(account, peer), inner_->clock.now());
    return seconds > 0 ? std::optional{seconds} : std::nullopt;
}

void Throttle::failed(std::string_view account, std::string_view peer) {
    std::lock_guard lock{inner_->mutex};
    inner_->count(inner_->place(account, peer), inner_->clock.now());
}

void Throttle::succeeded(std::string_view account, std::string_view peer) {
    std::lock_guard lock{inner_->mutex};
    inner_->remember(account, inner_->place(account, peer));
}

std::optional<int> Throttle::enter(std::string_view account, std::string_view peer) {
    std::lock_guard lock{inner_->mutex};
    auto at = inner_->place(account, peer);
    auto now = inner_->clock.now();
    if (int seconds = inner_->wait(at, now); seconds > 0) return seconds;
    inner_->count(at, now);
    return std::nullopt;
}

void Throttle::leave(std::string_view account, std::string_view peer, Outcome outcome) {
    if (outcome == Outcome::Wrong) return; // counted when it entered
    std::lock_guard lock{inner_->mutex};
    auto at = inner_->place(account, peer);
    inner_->uncount(at);
    if (outcome == Outcome::Right) inner_->remember(account, at);
}

} // namespace preau::identity

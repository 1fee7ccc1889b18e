#include "identity/password_pool.hpp"

#include "base/text.hpp"

#include <argon2.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace preau::identity {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_queueing{2};
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t tag_bytes = 32;
constexpr std::size_t most_password_bytes = 1024; // hashing time does not depend on it, but the copy does

std::unexpected<Error> busy() {
    Error error{.kind = Error::Kind::Unavailable, .key = "identity.busy"};
    error.retry_after = 2;
    return std::unexpected(std::move(error));
}

// "é" typed on a Mac and on Windows are different bytes of the same password.
std::string normal(const std::string& password) {
    if (password.size() > most_password_bytes) return password.substr(0, most_password_bytes);
    return valid_utf8(password) ? to_nfc(password) : password;
}

std::string parameters(const PasswordPool::Options& options) {
    return "$argon2id$v=19$m=" + std::to_string(options.memory_kib) + ",t=" + std::to_string(options.passes) + ",p=1$";
}

std::string standard_base64(std::string_view bytes) { // PHC strings: RFC 4648 §4 without padding
    auto text = base64url(bytes);
    for (char& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    return text;
}

} // namespace

struct PasswordPool::Inner {
    Inner(Random& the_random, Options the_options) : random{the_random}, options{the_options} {
        if (options.threads <= 0) options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        // Well formed, of no password: verifying it costs what verifying a real one costs.
        nobody = parameters(options) + standard_base64(bits(salt_bytes)) + '$' + standard_base64(bits(tag_bytes));
        for (int i = 0; i < options.threads; ++i) threads.emplace_back([this] { work(); });
    }
    ~Inner() {
        {
            std::lock_guard lock{mutex};
            stopping = true;
        }
        wake.notify_all();
        for (auto& thread : threads) thread.join(); // what is queued is still answered: somebody awaits it
    }

    std::string bits(std::size_t count) {
        std::string bytes(count, '\0');
        random.fill(std::as_writable_bytes(std::span{bytes}));
        return bytes;
    }

    std::string hash(const std::string& password) {
        auto salt = bits(salt_bytes);
        std::array<char, 256> text{};
        int outcome = argon2id_hash_encoded(options.passes, options.memory_kib, 1, password.data(), password.size(),
                                            salt.data(), salt.size(), tag_bytes, text.data(), text.size());
        if (outcome != ARGON2_OK) throw std::runtime_error{std::string{"argon2: "} + argon2_error_message(outcome)};
        return text.data();
    }

    bool verify(const std::string& phc, const std::string& password) {
        const auto& against = phc.empty() ? nobody : phc;
        int outcome = argon2id_verify(against.c_str(), password.data(), password.size());
        if (outcome == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc{};
        return outcome == ARGON2_OK && !phc.empty();
    }

    struct Work {
        std::move_only_function<void(bool in_time)> run;
        SteadyClock::time_point since;
    };

    // False: the queue is full.
    bool push(std::move_only_function<void(bool)>& run) {
        {
            std::lock_guard lock{mutex};
            if (queue.size() >= static_cast<std::size_t>(options.queue)) return false;
            queue.push_back({std::move(run), SteadyClock::now()});
        }
        wake.notify_one();
        return true;
    }

    void work() {
        std::unique_lock lock{mutex};
        while (true) {
            wake.wait(lock, [this] { return stopping || !queue.empty(); });
            if (queue.empty()) return;
            auto next = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            // Who has waited longer has left or pressed again: hashing for them would only make the others wait too.
            next.run(SteadyClock::now() - next.since <= longest_queueing);
            lock.lock();
        }
    }

    template <class T, class Compute> Task<Result<T>> run(Compute compute) {
        auto launch = [this, compute = std::move(compute)](auto done) mutable {
            // shared: `done` is needed again when the queue refuses the work it was put into
            auto answer = std::make_shared<decltype(done)>(std::move(done));
            std::move_only_function<void(bool)> job = [answer, compute = std::move(compute)](bool in_time) mutable {
                if (!in_time) return (*answer)(Result<T>{busy()});
                std::optional<T> value;
                std::exception_ptr failure;
                try {
                    value.emplace(compute());
                } catch (...) {
                    failure = std::current_exception();
                }
                // Outside the try: what the answer wakes runs here, and its exceptions are its own.
                failure ? (*answer)(failure) : (*answer)(Result<T>{std::move(*value)});
            };
            if (!push(job)) (*answer)(Result<T>{busy()});
        };
        return off_thread<Result<T>>(std::move(launch));
    }

    Random& random;
    Options options;
    std::string nobody;
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Work> queue;
    bool stopping = false;
    std::vector<std::thread> threads;
};

PasswordPool::PasswordPool(Random& random, Options options) : inner_{std::make_unique<Inner>(random, options)} {}
PasswordPool::~PasswordPool() = default;

Task<Result<std::string>> PasswordPool::hash(std::string password) {
    auto* inner = inner_.get();
    return inner->run<std::string>([inner, password = normal(password)] { return inner->hash(password); });
}

Task<Result<bool>> PasswordPool::verify(std::string phc, std::string password) {
    auto* inner = inner_.get();
    return inner->run<bool>(
        [inner, phc = std::move(phc), password = normal(password)] { return inner->verify(phc, password); });
}

std::string PasswordPool::hash_now(const std::string& password) { return inner_->hash(normal(password)); }

bool PasswordPool::outdated(std::string_view phc) const { return !phc.starts_with(parameters(inner_->options)); }

} // namespace preau::identity

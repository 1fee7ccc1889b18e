#include "bus/bus.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace preau::bus {

// What the bus calls and a subscription ends. The bus keeps weak pointers, so an entry goes with its subscription.
class Subscription::Entry {
public:
    Entry(std::string pattern, Handler handler) : pattern_{std::move(pattern)}, handler_{std::move(handler)} {}

    const std::string& pattern() const { return pattern_; }
    void call(const Message& message) {
        std::lock_guard lock{mutex_};
        if (handler_ && !ended_) handler_(message);
    }
    // Waits for a call on another thread; a handler may end its own subscription.
    void end() {
        std::lock_guard lock{mutex_};
        ended_ = true;
    }

private:
    std::string pattern_;
    std::recursive_mutex mutex_;
    Handler handler_;
    bool ended_ = false;
};

Subscription& Subscription::operator=(Subscription&& other) noexcept {
    if (this == &other) return *this;
    if (entry_) entry_->end();
    entry_ = std::move(other.entry_);
    return *this;
}

Subscription::~Subscription() {
    if (entry_) entry_->end();
}

namespace {

using Entry = Subscription::Entry;
using Entries = std::vector<std::weak_ptr<Entry>>;

struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Drops what has ended now and then, so that a subject listened to a million times in turn does not grow.
void add_to(Entries& entries, const std::shared_ptr<Entry>& entry) {
    if (entries.size() == entries.capacity()) std::erase_if(entries, [](const auto& one) { return one.expired(); });
    entries.push_back(entry);
}

class InProcess final : public Bus {
public:
    void publish(std::string_view subject, std::string_view body) override {
        PREAU_ASSERT(is_subject(subject));
        const Message message{.subject = std::string{subject}, .body = std::string{body}};
        for (const auto& entry : listening_to(subject)) entry->call(message);
    }

    Subscription subscribe(std::string_view pattern, Handler handler) override {
        PREAU_ASSERT(is_pattern(pattern));
        auto entry = std::make_shared<Entry>(std::string{pattern}, std::move(handler));
        std::unique_lock lock{mutex_};
        if (is_subject(pattern)) {
            forget_silent_subjects();
            add_to(exact_[std::string{pattern}], entry);
        } else {
            add_to(patterns_, entry);
        }
        return Subscription{std::move(entry)};
    }

private:
    // Called outside the lock: a handler may publish and subscribe.
    std::vector<std::shared_ptr<Entry>> listening_to(std::string_view subject) {
        std::vector<std::shared_ptr<Entry>> found;
        std::shared_lock lock{mutex_};
        if (auto exact = exact_.find(subject); exact != exact_.end())
            for (const auto& one : exact->second)
                if (auto entry = one.lock()) found.push_back(std::move(entry));
        for (const auto& one : patterns_)
            if (auto entry = one.lock(); entry && matches(entry->pattern(), subject)) found.push_back(std::move(entry));
        return found;
    }

    // Subjects come and go with pages that are opened and closed: each time their number has doubled, those that nobody
    // listens to any more go.
    void forget_silent_subjects() {
        if (exact_.size() < next_look_) return;
        std::erase_if(exact_, [](const auto& subject) {
            return std::ranges::all_of(subject.second, [](const auto& one) { return one.expired(); });
        });
        next_look_ = std::max<std::size_t>(first_look, 2 * exact_.size());
    }

    static constexpr std::size_t first_look = 64;
    std::shared_mutex mutex_;
    std::unordered_map<std::string, Entries, Hash, std::equal_to<>> exact_;
    Entries patterns_;
    std::size_t next_look_ = first_look;
};

} // namespace

std::unique_ptr<Bus> in_process() { return std::make_unique<InProcess>(); }

} // namespace preau::bus

// Publish and subscribe: "look again" from whoever changed something to whoever shows it, in this process or on other
// nodes.
//
// A message is a hint and never the fact: it may be lost (a node restarts, a line breaks), so what must not be missed
// goes through the outbox of `jobs`, and who hears a hint asks the database. Publish after commit (`tx.after_commit`),
// else a listener looks before there is anything to see.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace preau::bus {

// Subjects are words joined by dots, of letters, digits, "-" and "_", as NATS has them: "item.6k2f.changed".
struct Message {
    std::string subject;
    std::string body; // at most 64 KiB; usually empty or an id
};
// Runs on a thread of the bus or of the publisher: it must be quick and not throw; what takes longer is posted
// elsewhere. Never twice at once.
using Handler = std::function<void(const Message&)>;

// Ends when it is destroyed: then the handler does not run any more, also not on another thread.
class Subscription {
public:
    class Entry;
    Subscription() = default;
    explicit Subscription(std::shared_ptr<Entry> entry) : entry_{std::move(entry)} {}
    Subscription(Subscription&&) noexcept = default;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

private:
    std::shared_ptr<Entry> entry_; // shared with the bus, which may be calling it just now
};

class Bus {
public:
    virtual ~Bus() = default;
    // At most once to each listener, in order for one publisher and one listener.
    virtual void publish(std::string_view subject, std::string_view body = {}) = 0;
    // `*` stands for one word, `>` at the end for all that follow: "item.*.changed", "person.6k2f.>". A pattern that is
    // none is a bug.
    [[nodiscard]] virtual Subscription subscribe(std::string_view pattern, Handler handler) = 0;
};

// Between the parts of one process. A subject without wildcards costs the same however many others are listened to.
std::unique_ptr<Bus> in_process();

bool is_subject(std::string_view text);
bool is_pattern(std::string_view text);
bool matches(std::string_view pattern, std::string_view subject);

} // namespace preau::bus

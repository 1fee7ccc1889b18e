// One message to an SMTP server (RFC 5321), by libcurl, on the thread that calls.
#pragma once

#include "mail_store.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace preau::mail {

struct Outcome {
    enum class Kind {
        Sent,
        Later,          // not reachable, busy (4xx), or our own settings are wrong: try again
        Refused,        // 5xx to this message
        RefusedAddress, // 5xx to its address: nothing more is worth sending there
    };
    Kind kind = Kind::Later;
    std::string problem; // the server's words, or libcurl's
};

class Smtp {
public:
    explicit Smtp(const Options& options);
    ~Smtp();
    Outcome send(const store::Row& message, Millis now); // one at a time; keeps the connection for the next
    void stop() { stopping_ = true; }

private:
    struct Handle;
    const Options& options_;
    std::mutex mutex_;
    std::unique_ptr<Handle> handle_;
    std::atomic<bool> stopping_ = false;
};

} // namespace preau::mail

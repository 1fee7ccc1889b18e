// The jobs of one single-threaded process (the helper, or a worker program): watches each by its pidfd, keeps its first
// words on standard error, kills it when its time is over, and answers how it ended.
#pragma once

#include "wire.hpp"

#include <chrono>
#include <poll.h>
#include <vector>

namespace preau::sandbox {

// What the first process of a Tool job writes before it ends: how the tool itself ended.
struct Report {
    int wait_status = 0;
    char missing[120] = {}; // not empty: the step that failed before the tool could start
};

struct Started {
    pid_t process = -1;
    Descriptor errors; // reading ends
    Descriptor report; // Tool only
};

class Nursery {
public:
    explicit Nursery(int answers) : answers_{answers} {}
    void add(const OrderHead& head, Started started);
    void answer_not_started(std::uint64_t id, const std::string& why) const;
    // Waits until one of `others` is ready or something happened to a job, and settles what ended.
    void turn(std::vector<pollfd>& others);

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Child {
        OrderHead head;
        Started started;
        Descriptor watch; // pidfd
        Moment deadline;
        bool killed_for_time = false;
        std::string messages;
    };
    int milliseconds_to_wait() const;
    void kill_overdue();
    bool settle(Child& child) const;

    int answers_;
    std::vector<Child> children_;
};

} // namespace preau::sandbox

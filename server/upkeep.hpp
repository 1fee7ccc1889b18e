// What a server does beside requests, slowly and in small steps: its node's heartbeat, and giving back the room of
// bytes that nothing names any more. Nothing here runs at start, so that the first answer never waits for the size of
// the data.
#pragma once

#include "installation.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace preau::server {

class Upkeep {
public:
    // `lost` is called when another process took over this one's node: it must stop making ids.
    Upkeep(Site& site, std::function<void()> lost);
    ~Upkeep(); // ends after the step that runs
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

private:
    void run();
    void step();
    bool stopped_within(std::chrono::milliseconds wait);

    Site& site_;
    std::function<void()> lost_;
    Millis next_collect_;
    Millis next_sweep_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace preau::server

// Routes of the tests of the real server: one of each kind of answer.
#pragma once

#include "http/server.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace preau::http {

// Holds handlers of /wait on another thread until the test opens it, as a database would.
class Barrier {
public:
    ~Barrier();
    Task<void> pass();
    void wait_for_arrival();
    void open();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int arrived_ = 0;
    bool open_ = false;
    std::vector<std::thread> threads_;
};

struct TestRoutes {
    Router router;
    Barrier barrier;
    std::string file_text; // of /file
    std::shared_ptr<const int> file;
    std::atomic<std::size_t> streamed = 0; // pieces that /stream was asked for

    const std::string& layers() const { return layers_; } // what /layers is made of, memory and file by turns
    std::optional<std::uint64_t> layers_end;              // beyond this it fails

    TestRoutes();

private:
    std::string layers_;
};

constexpr std::size_t layer_count = 40; // of /layers: a head from memory, then some of the file
constexpr std::size_t layer_size = 60'000;
constexpr std::size_t layer_head = 700;
constexpr std::size_t stream_pieces = 400;      // of /stream
constexpr std::size_t stream_piece_size = 65536;

} // namespace preau::http

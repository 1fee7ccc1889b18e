// Bytes that have come from the peer and were not read yet: the rest of one request is the beginning of the next.
#pragma once

#include "transport.hpp"

#include <string>
#include <string_view>

namespace preau::http {

class Inbox {
public:
    explicit Inbox(Transport& transport) : transport_{transport} {}
    std::string_view view() const { return std::string_view{bytes_}.substr(taken_); }
    void take(std::size_t count) {
        taken_ += count;
        if (taken_ == bytes_.size()) clear();
    }
    Task<Transferred> fill(std::size_t most); // appends what comes next
    // Past the inbox, which must be empty, into the caller's memory.
    Task<Transferred> read_past(std::span<std::byte> buffer) { return transport_.read_some(buffer); }
    // 20,000 idle connections hold no buffer each.
    void give_memory_back() {
        if (bytes_.empty()) std::string{}.swap(bytes_);
    }
    Transport& transport() { return transport_; }

private:
    void clear() {
        bytes_.clear();
        taken_ = 0;
    }
    Transport& transport_;
    std::string bytes_;
    std::size_t taken_ = 0;
};

} // namespace preau::http

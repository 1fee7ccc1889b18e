// Between server and helper, helper and workers: one datagram per order and per answer on a SOCK_SEQPACKET pair, with
// the descriptors as SCM_RIGHTS. Both ends are the same build, so structs go as they stand in memory.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace preau::sandbox {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            close();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    ~Descriptor() { close(); }
    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int give() { return std::exchange(number_, -1); }
    void close();

private:
    int number_ = -1;
};
struct Pipe {
    Descriptor read, write;
};
Pipe make_pipe(); // close-on-exec; the reading end does not block

struct OrderHead {
    std::uint64_t id = 0;
    std::uint64_t memory = 0, output = 0, offset = 0, length = 0;
    std::int64_t cpu_seconds = 0, wall_milliseconds = 0;
    std::int32_t processes = 1, again_on = 0;
    bool strict = true, own_sockets = false;
    bool bare = false; // test builds only: nothing of all this is applied (base/fault.hpp, sandbox_off)
    bool has_input = false, has_output = false;
};
struct WireOrder {
    OrderHead head;
    std::string input_name, output_name;
    std::vector<std::string> command;
    Descriptor input, output;
};

struct AnswerHead {
    std::uint64_t id = 0; // 0: the helper's greeting, whose text is why Strict, a line feed, why not Tool
    std::int32_t end = 0, status = 0;
};
struct WireAnswer {
    AnswerHead head;
    std::string text;
};

inline constexpr std::size_t messages_kept = 4096;

// Both answer false when the other end is gone or the datagram is none of ours.
bool send_order(int socket, const WireOrder& order);
bool receive_order(int socket, WireOrder& order);
bool send_answer(int socket, const WireAnswer& answer);
bool receive_answer(int socket, WireAnswer& answer);

} // namespace preau::sandbox

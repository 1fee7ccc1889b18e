// Runs a decoder or a tool on hostile bytes without network, files or mercy.
//
// Two profiles. `Strict`, for our own workers: no open, no exec, no sockets, only the descriptors that were passed.
// `Tool`, for LibreOffice, pdftotext, ffmpeg: a read-only view of the system's programs, one private temporary
// directory, no sockets, no other processes in sight. Both: limits on memory, CPU and wall time, output size and number
// of processes; killed as a whole group. Spawned from a helper that forked before there were threads.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace preau::sandbox {

enum class Profile { Strict, Tool };

struct Limits {
    std::uint64_t memory = 1ULL << 30;
    std::chrono::milliseconds cpu{30'000};
    std::chrono::milliseconds wall{60'000};
    std::uint64_t output = 256ULL << 20; // largest file that may be written
    int processes = 1;
};
struct Order {
    Profile profile = Profile::Strict;
    std::vector<std::string> command; // absolute path of the program first
    int input = -1;                   // becomes descriptor 3, read-only
    int output = -1;                  // becomes descriptor 4
    std::string temporary;            // Tool: the private directory, made and removed by the sandbox when empty
    Limits limits = {};
};
struct Outcome {
    enum class End { Exited, Crashed, Forbidden, OutOfMemory, OutOfTime } end = End::Exited;
    int status = 0;       // of Exited
    std::string messages; // first 4 KiB of its standard error
};

class Sandbox {
public:
    // Call in main() before any thread starts: forks the helper that spawns. Where the kernel lacks what a profile needs,
    // the profile is unavailable and `why_not` says which, for the administrator.
    static std::unique_ptr<Sandbox> start();
    virtual ~Sandbox() = default;
    virtual std::string why_not(Profile profile) const = 0; // empty: available
    // The descriptors stay the caller's. Destroying the task does not end the process; its limits do.
    virtual Task<Outcome> run(Order order) = 0;
};

} // namespace preau::sandbox

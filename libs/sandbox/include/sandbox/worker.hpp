// For the programs that run in the Strict profile: they link `sandbox_worker` and hand their work to `serve`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace preau::sandbox::worker {

inline constexpr int input = 3;               // descriptor of the bytes to read; use pread from `Job::offset` on
inline constexpr int output = 4;              // descriptor to write to
inline constexpr int exit_out_of_memory = 77; // understood as Outcome::OutOfMemory; std::bad_alloc is answered with it

struct Job {
    std::vector<std::string> arguments;
    std::uint64_t offset = 0, length = 0; // which bytes of `input` are meant
};
// Answers the exit status. Runs in a process of its own that is locked already.
using Work = std::function<int(const Job&)>;

// The whole of a worker's main() once its libraries are initialised (no thread may run by then: each job is a fork).
// Serves until the helper goes away; answers the exit status of the program.
int serve(const Work& work);

} // namespace preau::sandbox::worker

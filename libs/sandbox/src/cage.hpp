// The namespaces that a tool, or a worker program, lives in.
#pragma once

#include "nursery.hpp"

namespace preau::sandbox {

// A tool, as pid 2 of a fresh cage; pid 1 is ours, copies the bytes in and out and writes the Report. When pid 1 ends,
// the kernel ends whatever else is left in there. No process: `missing` says the step.
Started start_tool(const WireOrder& order, std::string& missing);

// A worker program (worker::serve) that receives orders on descriptor 3. In a cage of its own where the kernel permits,
// else as it stands: its jobs lock themselves either way. Answers the socket to it; nothing: `missing` says the step.
struct StartedWorker {
    Descriptor orders;
    pid_t process = -1;
};
StartedWorker start_worker(const std::string& program, bool bare, std::string& missing);

} // namespace preau::sandbox

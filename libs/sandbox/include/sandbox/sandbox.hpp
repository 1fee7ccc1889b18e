// Runs a decoder or a tool on hostile bytes without network, files or mercy.
//
// `Strict` is for our own workers (sandbox/worker.hpp): the program is initialised once, in empty namespaces; each job
// is a fork of it that locks itself before it touches a byte: no open, no exec, no sockets, no new process, only the
// descriptors that were passed (seccomp that kills, Landlock, rlimits). `Tool` is for LibreOffice, pdftotext,
// pdftocairo: a fresh process in its own user, process, network, mount and IPC namespaces with a read-only view of the
// system's programs and fonts, one private directory in memory, an allow-list of system calls, and no exec but its own.
// Both: limits on memory, CPU and wall time, output and processes; killed as a whole group.
//
// The server's own process starts nothing itself: a helper that forked before there were threads does
// (docs/adr/0011-sandbox.md).
#pragma once

#include "base/task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace preau::sandbox {

enum class Profile { Strict, Tool };

struct Limits {
    std::uint64_t memory = 1ULL << 30; // address space of each process
    std::chrono::milliseconds cpu{30'000}; // of each process; counted in whole seconds
    std::chrono::milliseconds wall{60'000};
    std::uint64_t output = 256ULL << 20; // Strict: each file written. Tool: also all of the private directory
    int processes = 1; // 1: it can make none, threads excepted
};
struct Order {
    Profile profile = Profile::Strict;
    std::vector<std::string> command; // absolute path of the program, then its arguments
    int input = -1; // Strict: descriptor 3 as it is. Tool: copied to /tmp/`input_name` before the program starts
    std::uint64_t input_offset = 0, input_length = 0; // the bytes that are meant
    int output = -1; // Strict: descriptor 4. Tool: receives a copy of /tmp/`output_name`, if there is one in the end
    std::string input_name, output_name; // Tool: without a slash
    // Tool: Unix sockets among the job's own processes, in a network namespace and a view of files where nobody else is
    // (LibreOffice refuses to start without).
    bool own_sockets = false;
    int again_on =
        0; // Tool: run once more in the same place if it exits so (LibreOffice restarts after making its profile)
    Limits limits = {};
};
struct Outcome {
    enum class End {
        Exited,
        Crashed, // by a signal
        Forbidden, // tried what its profile does not allow, and was killed for it
        OutOfMemory, // killed by the kernel for it, or said so itself (exit_out_of_memory)
        OutOfTime,
        TooMuchOutput,
        NotStarted, // `messages` says what was missing: for the administrator, not the bytes' fault
    } end = End::Exited;
    int status = 0; // of Exited
    std::string messages; // first 4 KiB of its standard error
    bool well() const { return end == End::Exited && status == 0; }
};

class Sandbox {
public:
    // Call in main() before any thread starts: forks the helper that spawns.
    static std::unique_ptr<Sandbox> start();
    virtual ~Sandbox() = default; // ends the helper and whatever runs in it
    // Empty: available. Else what the kernel or the service manager lacks, for the administrator. The helper tried it,
    // so the answer is what happens and not what a version number promises.
    virtual std::string why_not(Profile profile) const = 0;
    // The descriptors stay the caller's, open until the task ended. Destroying the task does not end the process; its
    // limits do. Goes on at the executor of the caller.
    virtual Task<Outcome> run(Order order) = 0;
    // Ends whatever runs; each of it, and each that comes later, is answered NotStarted. For the server's own end.
    virtual void stop() = 0;
};

} // namespace preau::sandbox

#include "cage.hpp"

#include "lock.hpp"
#include "view.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

constexpr unsigned inner_id = 1000;   // of user and group, as the cage sees itself
constexpr unsigned outer_id = 65534;  // "nobody", as the machine sees it when the server runs as root
constexpr int cage_flags =
    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

// A plain fork into new namespaces. The child is single-threaded like this process, and uses nothing that a fork by
// the C library would have prepared: it ends by _exit or exec.
pid_t fork_into(int flags) {
    return static_cast<pid_t>(syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

bool write_file(const std::string& path, const std::string& text) {
    Descriptor file{open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    return file && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Only the parent may choose another outer id than its own.
std::string map_ids(pid_t process) {
    const bool root = geteuid() == 0;
    const auto folder = "/proc/" + std::to_string(process);
    const auto inner = std::to_string(inner_id) + ' ';
    const auto user = inner + std::to_string(root ? outer_id : geteuid()) + " 1";
    const auto group = inner + std::to_string(root ? outer_id : getegid()) + " 1";
    if (!root && !write_file(folder + "/setgroups", "deny")) return failed_step("user namespace (setgroups)");
    if (!write_file(folder + "/gid_map", group)) return failed_step("user namespace (gid_map)");
    if (!write_file(folder + "/uid_map", user)) return failed_step("user namespace (uid_map)");
    return {};
}

// In the child, after its ids were mapped.
std::string become_nobody() {
    setgroups(0, nullptr); // refused where the groups were given up by "deny"
    if (setresgid(inner_id, inner_id, inner_id) != 0) return failed_step("setresgid");
    if (setresuid(inner_id, inner_id, inner_id) != 0) return failed_step("setresuid");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed_step("PR_SET_PDEATHSIG");
    return {};
}

std::string wait_for_map(int go) {
    char byte = 0;
    fcntl(go, F_SETFL, 0);
    return read(go, &byte, 1) == 1 ? std::string{} : "user namespace";
}

struct Launch { // what start_tool and start_worker share: a child in a cage that waits for its ids
    pid_t process = -1;
    bool child = false;
    std::string missing;
};
Launch launch(bool bare) {
    Launch launched;
    auto go = make_pipe();
    const auto parent = getpid();
    launched.process = fork_into(bare ? 0 : cage_flags);
    if (launched.process < 0) {
        launched.missing = failed_step("namespaces (user, pid, net, mount, ipc)");
        return launched;
    }
    if (launched.process == 0) {
        launched.child = true;
        go.write.close();
        if (bare) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) _exit(1);
            return launched;
        }
        launched.missing = wait_for_map(go.read.get());
        if (launched.missing.empty()) launched.missing = become_nobody();
        return launched;
    }
    if (!bare) launched.missing = map_ids(launched.process);
    if (launched.missing.empty()) {
        if (write(go.write.get(), "g", 1) != 1) launched.missing = "user namespace";
        return launched;
    }
    kill(launched.process, SIGKILL);
    waitpid(launched.process, nullptr, 0);
    launched.process = -1;
    return launched;
}

[[noreturn]] void report_and_end(int report, int wait_status, const std::string& missing) {
    Report said;
    said.wait_status = wait_status;
    std::strncpy(said.missing, missing.c_str(), sizeof said.missing - 1);
    [[maybe_unused]] auto written = write(report, &said, sizeof said);
    _exit(0);
}

std::string bring_in(const WireOrder& order) {
    if (!order.input) return {};
    Descriptor copy{open(("/tmp/" + order.input_name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!copy) return failed_step("copy of the input");
    auto from = static_cast<off_t>(order.head.offset);
    for (auto left = order.head.length; left > 0;) {
        auto sent = sendfile(copy.get(), order.input.get(), &from, left);
        if (sent <= 0) return failed_step("copy of the input");
        left -= static_cast<std::uint64_t>(sent);
    }
    return {};
}

// The tool is gone by now; what it left under the name may be anything, so that only a plain file is taken.
std::string bring_out(const WireOrder& order) {
    if (!order.output || order.output_name.empty()) return {};
    Descriptor made{open(("/tmp/" + order.output_name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    struct stat is{};
    if (!made || fstat(made.get(), &is) != 0 || !S_ISREG(is.st_mode)) return {};
    auto left = static_cast<std::uint64_t>(is.st_size);
    if (left > order.head.output) return {};
    while (left > 0) {
        auto sent = sendfile(order.output.get(), made.get(), nullptr, left);
        if (sent <= 0) return failed_step("copy of the output");
        left -= static_cast<std::uint64_t>(sent);
    }
    return {};
}

std::vector<char*> words_for_exec(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

[[noreturn]] void become_tool(const WireOrder& order, int program, int errors, int report) {
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(nothing, 1);
    dup2(errors, 2);
    setsid();
    auto arguments = words_for_exec(order.command);
    // Libraries that lie beside a program are found through /proc, which is not there.
    const auto& path = order.command.front();
    const std::vector<std::string> variables{"HOME=/tmp", "TMPDIR=/tmp", "PATH=/usr/bin", "LANG=C.UTF-8",
                                             "LD_LIBRARY_PATH=" + path.substr(0, path.rfind('/'))};
    auto environment = words_for_exec(variables);
    std::string missing;
    if (order.head.bare) {
        if (order.input) dup2(order.input.get(), 3);
        if (order.output) dup2(order.output.get(), 4);
    } else {
        // Both close at the exec; all else, what the helper had open included, is closed now.
        report = fcntl(report, F_DUPFD_CLOEXEC, 10);
        program = fcntl(program, F_DUPFD_CLOEXEC, 10);
        for (int number = 3; number < 10; ++number) close(number);
        if (chdir("/tmp") != 0) missing = failed_step("/tmp");
        if (missing.empty()) missing = landlock_tool(program, "/tmp");
        if (missing.empty()) missing = close_all_but(report, program);
        if (missing.empty()) missing = drop_privileges();
        if (missing.empty()) missing = filter_tool(order.head.own_sockets, order.head.processes > 1);
        // Last: a sanitized test build takes memory on its way here.
        if (missing.empty()) missing = limit_resources(order.head);
    }
    if (missing.empty()) {
        execveat(program, "", arguments.data(), environment.data(), AT_EMPTY_PATH);
        missing = failed_step(order.command.front().c_str());
    }
    Report said;
    std::strncpy(said.missing, missing.c_str(), sizeof said.missing - 1);
    [[maybe_unused]] auto written = write(report, &said, sizeof said);
    _exit(1);
}

// Answers how the tool ended; reaps whatever else ends meanwhile.
int run_tool(const WireOrder& order, int program, int errors, int report) {
    const auto tool = fork();
    if (tool == 0) become_tool(order, program, errors, report);
    for (int status = 0;;) {
        const auto ended = waitpid(-1, &status, 0);
        if (ended == tool) return status;
        if (ended < 0 && errno != EINTR) return 1;
    }
}

[[noreturn]] void first_of_cage(const WireOrder& order, int program, int errors, int report, std::string missing) {
    // Room for the copy, what is made of it, and what the program keeps beside (LibreOffice: its profile).
    const auto scratch = order.head.length + order.head.output + (16ULL << 20);
    if (!order.head.bare) {
        if (missing.empty()) missing = make_view(scratch);
        if (missing.empty()) missing = bring_in(order);
        if (missing.empty()) missing = drop_privileges();
        prctl(PR_SET_DUMPABLE, 0); // nobody in here looks into this process
    }
    if (!missing.empty()) report_and_end(report, 0, missing);
    int status = run_tool(order, program, errors, report);
    if (order.head.again_on != 0 && WIFEXITED(status) && WEXITSTATUS(status) == order.head.again_on)
        status = run_tool(order, program, errors, report);
    if (!order.head.bare) {
        kill(-1, SIGKILL); // whoever it left behind, before their files are read
        missing = bring_out(order);
    }
    report_and_end(report, status, missing);
}

} // namespace

Started start_tool(const WireOrder& order, std::string& missing) {
    auto errors = make_pipe();
    auto report = make_pipe();
    // Opened out here and run by its descriptor: it need not lie where the cage sees it.
    Descriptor program{open(order.command.front().c_str(), O_PATH | O_CLOEXEC)};
    if (!program) {
        missing = failed_step(order.command.front().c_str());
        return {};
    }
    auto launched = launch(order.head.bare);
    if (launched.child) first_of_cage(order, program.get(), errors.write.get(), report.write.get(), launched.missing);
    missing = launched.missing;
    if (launched.process < 0) return {};
    return {.process = launched.process, .errors = std::move(errors.read), .report = std::move(report.read)};
}

namespace {

[[noreturn]] void become_worker(int program, int orders, bool caged, const std::string& name) {
    // In order of the numbers that must be free: nothing stands at 3 and 4 by accident, dup2 closes it.
    const int nothing = open("/dev/null", O_RDWR);
    const int high_program = fcntl(program, F_DUPFD_CLOEXEC, 10);
    const int high_orders = fcntl(orders, F_DUPFD_CLOEXEC, 10);
    for (int standard : {0, 1, 2}) dup2(nothing, standard);
    dup2(high_orders, 3);
    if (caged && !drop_privileges().empty()) _exit(1);
    char* arguments[] = {const_cast<char*>(name.c_str()), nullptr};
    // Messages stay "C", and the time of the place is not asked for: both would be looked up in files by each job.
    char* environment[] = {const_cast<char*>("LC_CTYPE=C.UTF-8"), const_cast<char*>("TZ=UTC0"), nullptr};
    for (int number = 4; number < 10; ++number) close(number);
    close_all_but(high_program, high_program);
    execveat(high_program, "", arguments, environment, AT_EMPTY_PATH);
    _exit(1);
}

bool cages_permitted() {
    static const bool permitted = [] {
        auto launched = launch(false);
        if (launched.child) _exit(launched.missing.empty() && make_view(4096).empty() ? 0 : 1);
        int status = 1;
        return launched.process > 0 && waitpid(launched.process, &status, 0) > 0 && status == 0;
    }();
    return permitted;
}

} // namespace

StartedWorker start_worker(const std::string& program, bool bare, std::string& missing) {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        missing = failed_step("socketpair");
        return {};
    }
    Descriptor ours{ends[0]}, theirs{ends[1]};
    Descriptor binary{open(program.c_str(), O_RDONLY | O_CLOEXEC)}; // run by its descriptor: the cage need not show it
    if (!binary) {
        missing = failed_step(program.c_str());
        return {};
    }
    const bool caged = !bare && cages_permitted();
    auto launched = launch(!caged);
    if (launched.child) {
        if (launched.missing.empty() && caged) launched.missing = make_view(4096);
        if (!launched.missing.empty()) _exit(1);
        // As root without a cage, at least not as root.
        if (!caged && !bare && geteuid() == 0 &&
            (setgroups(0, nullptr) != 0 || setresgid(outer_id, outer_id, outer_id) != 0 ||
             setresuid(outer_id, outer_id, outer_id) != 0))
            _exit(1);
        become_worker(binary.get(), theirs.get(), caged, program);
    }
    missing = launched.missing;
    if (launched.process < 0) return {};
    return {.orders = std::move(ours), .process = launched.process};
}

} // namespace preau::sandbox

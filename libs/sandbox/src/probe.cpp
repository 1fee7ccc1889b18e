// Tries one thing that a cage must make impossible: `sandbox_probe WHAT [ARGUMENT…]`. Exit status 0: it was possible.
// Without arguments it is a worker program, which tries the same as a job of the Strict profile.
#include "sandbox/worker.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <linux/userfaultfd.h>
#include <map>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace {

using Words = std::vector<std::string>;
constexpr int possible = 0, impossible = 1;

int result(bool done) { return done ? possible : impossible; }
int number(const std::string& word) { return std::atoi(word.c_str()); }

int open_file(const Words& words) {
    char byte = 0;
    const int file = open(words.at(0).c_str(), O_RDONLY);
    return result(file >= 0 && read(file, &byte, 1) == 1);
}
int write_file(const Words& words) {
    const int file = open(words.at(0).c_str(), O_WRONLY | O_CREAT, 0600);
    return result(file >= 0 && write(file, "x", 1) == 1);
}
int make_directory(const Words& words) { return result(mkdir(words.at(0).c_str(), 0700) == 0); }

// Of what family, to where: whether anybody could be reached.
int reach(int family, int type, const sockaddr* address, socklen_t size) {
    const int end = socket(family, type, 0);
    if (end < 0) return impossible;
    if (type == SOCK_DGRAM) return result(sendto(end, "x", 1, 0, address, size) == 1);
    return result(connect(end, address, size) == 0);
}
sockaddr_in local_port(const std::string& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(number(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}
int internet(int type, const Words& words) {
    auto address = local_port(words.at(0));
    return reach(AF_INET, type, reinterpret_cast<sockaddr*>(&address), sizeof address);
}
int unix_socket(const Words& words) { // a name that starts with @ is an abstract one
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto& name = words.at(0);
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    return reach(AF_UNIX, SOCK_STREAM, reinterpret_cast<sockaddr*>(&address), size);
}

int execute(const Words&) {
    execl("/usr/bin/true", "true", nullptr);
    return impossible; // else /usr/bin/true ends as "possible"
}
// The same by a copy of its own making.
int execute_copy(const Words& words) {
    const int from = open("/usr/bin/true", O_RDONLY);
    const int to = open(words.at(0).c_str(), O_WRONLY | O_CREAT, 0700);
    char bytes[65536];
    for (ssize_t got = 0; (got = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, static_cast<std::size_t>(got)) != got) return impossible;
    close(to);
    execl(words.at(0).c_str(), "true", nullptr);
    return impossible;
}

int processes(const Words& words) { // N alive at once
    std::vector<pid_t> made;
    while (static_cast<int>(made.size()) < number(words.at(0))) {
        const auto child = fork();
        if (child < 0) break;
        if (child == 0) {
            pause();
            _exit(0);
        }
        made.push_back(child);
    }
    for (auto child : made) kill(child, SIGKILL);
    return result(static_cast<int>(made.size()) == number(words.at(0)));
}
int threads(const Words& words) {
    const auto wanted = static_cast<std::size_t>(number(words.at(0)));
    std::vector<std::thread> made;
    try {
        while (made.size() < wanted) made.emplace_back([] { pause(); });
    } catch (const std::exception&) {
    }
    _exit(result(made.size() == wanted)); // nobody waits for them
}

int memory(const Words& words) { // MiB, touched
    const auto size = static_cast<std::size_t>(number(words.at(0))) << 20;
    auto* room = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return impossible;
    std::memset(room, 1, size);
    return possible;
}
int hidden_memory(const Words& words) { // MiB in a file that has no name
    const int file = static_cast<int>(syscall(SYS_memfd_create, "x", 0));
    const std::string mebibyte(1 << 20, 'x');
    for (int i = 0; i < number(words.at(0)); ++i)
        if (write(file, mebibyte.data(), mebibyte.size()) != static_cast<ssize_t>(mebibyte.size())) return impossible;
    return possible;
}
int shared_memory(const Words&) { return result(shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600) >= 0); }

int burn(const Words& words) { // milliseconds of CPU
    timespec used{};
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while (used.tv_sec * 1000 + used.tv_nsec / 1'000'000 < number(words.at(0)));
    return possible;
}
int sleep_for(const Words& words) {
    std::this_thread::sleep_for(std::chrono::milliseconds{number(words.at(0))});
    return possible;
}

int output(const Words& words) { // MiB into a file, or into descriptor 4
    const int file = words.size() > 1 ? open(words[1].c_str(), O_WRONLY | O_CREAT, 0600) : 4;
    const std::string mebibyte(1 << 20, 'x');
    for (int i = 0; i < number(words.at(0)); ++i)
        if (write(file, mebibyte.data(), mebibyte.size()) != static_cast<ssize_t>(mebibyte.size())) return impossible;
    return possible;
}
int many_files(const Words& words) { // MiB in files of one MiB each, in a directory
    for (int i = 0; i < number(words.at(0)); ++i)
        if (output({"1", words.at(1) + "/many-" + std::to_string(i)}) != possible) return impossible;
    return possible;
}
int talk(const Words& words) { // MiB on standard error
    const std::string mebibyte(1 << 20, 'x');
    for (int i = 0; i < number(words.at(0)); ++i)
        if (write(2, mebibyte.data(), mebibyte.size()) <= 0) return impossible;
    return possible;
}

int trace(const Words& words) { return result(ptrace(PTRACE_ATTACH, number(words.at(0)), nullptr, nullptr) == 0); }
int read_memory(const Words& words) {
    char byte = 0;
    iovec here{&byte, 1}, there{environ, 1};
    const auto got = process_vm_readv(number(words.at(0)), &here, 1, &there, 1, 0);
    return result(got == 1 || errno == EFAULT);
}
int signal_process(const Words& words) { return result(kill(number(words.at(0)), 0) == 0); }
int signal_parent(const Words&) { return result(getppid() > 1 && kill(getppid(), 0) == 0); }
int kill_parent(const Words&) { // of a cage's first process, which reports that this one lived on
    kill(getppid(), SIGKILL);
    kill(1, SIGKILL);
    return possible;
}
int see_process(const Words& words) { return open_file({"/proc/" + words.at(0) + "/cmdline"}); }

int descriptors(const Words&) { // any beside 0 to 4
    for (int i = 5; i < 4096; ++i)
        if (fcntl(i, F_GETFD) >= 0) return possible;
    return impossible;
}
int environment(const Words&) { return result(std::getenv("PREAU_TEST_SECRET") != nullptr); }

int stay(const Words& words) { // a process that outlives this one, for the given seconds
    const auto child = fork();
    if (child < 0) return impossible;
    if (child > 0) return possible;
    setsid();
    for (int i = 0; i < 3; ++i) close(i);
    std::this_thread::sleep_for(std::chrono::seconds{number(words.at(0))});
    _exit(0);
}

int become_root(const Words&) { return result(setresuid(0, 0, 0) == 0 && open("/etc/shadow", O_RDONLY) >= 0); }
int new_namespace(const Words&) { return result(unshare(CLONE_NEWUSER) == 0); }
int user_faults(const Words&) { return result(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY) >= 0); }
int ring(const Words&) {
    char parameters[256] = {};
    return result(syscall(SYS_io_uring_setup, 4, parameters) >= 0);
}
int code_from_data(const Words&) {
    return result(mmap(nullptr, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}
// Not attempts, but what must work.
int nothing(const Words&) { return possible; }
int copy(const Words& words) { // first argument to second, or descriptor 3 to 4
    const int from = words.empty() ? 3 : open(words[0].c_str(), O_RDONLY);
    const int to = words.empty() ? 4 : open(words[1].c_str(), O_WRONLY | O_CREAT, 0600);
    char bytes[4096];
    for (ssize_t got = 0; (got = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, static_cast<std::size_t>(got)) != got) return impossible;
    return possible;
}
int say(const Words& words) { return result(write(2, words.at(0).data(), words.at(0).size()) > 0); }
int fall(const Words&) { std::abort(); }
int exhaust(const Words&) { // by C++, as a decoder would
    std::vector<std::string> kept;
    for (;;) kept.emplace_back(16 << 20, 'x');
}

const std::map<std::string, std::function<int(const Words&)>> attempts{
    {"open", open_file},
    {"write", write_file},
    {"mkdir", make_directory},
    {"tcp", [](const Words& words) { return internet(SOCK_STREAM, words); }},
    {"udp", [](const Words& words) { return internet(SOCK_DGRAM, words); }},
    {"unix", unix_socket},
    {"exec", execute},
    {"exec_copy", execute_copy},
    {"processes", processes},
    {"threads", threads},
    {"memory", memory},
    {"hidden_memory", hidden_memory},
    {"shared_memory", shared_memory},
    {"burn", burn},
    {"sleep", sleep_for},
    {"output", output},
    {"many_files", many_files},
    {"talk", talk},
    {"trace", trace},
    {"read_memory", read_memory},
    {"signal", signal_process},
    {"signal_parent", signal_parent},
    {"kill_parent", kill_parent},
    {"see_process", see_process},
    {"descriptors", descriptors},
    {"environment", environment},
    {"stay", stay},
    {"become_root", become_root},
    {"new_namespace", new_namespace},
    {"user_faults", user_faults},
    {"ring", ring},
    {"code_from_data", code_from_data},
    {"nothing", nothing},
    {"copy", copy},
    {"say", say},
    {"fall", fall},
    {"exhaust", exhaust},
};

int attempt(const Words& words) {
    auto found = attempts.find(words.at(0));
    if (found == attempts.end()) return 99;
    return found->second({words.begin() + 1, words.end()});
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) return attempt({argv + 1, argv + argc});
    return preau::sandbox::worker::serve([](const preau::sandbox::worker::Job& job) { return attempt(job.arguments); });
}

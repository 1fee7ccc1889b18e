// One program (probe.cpp) tries what must be impossible, three times: free, to show that it can (a check that cannot
// fail proves nothing); as a worker; as a tool.
#include "sandbox/sandbox.hpp"

#include "base/fault.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

using namespace preau;
using namespace preau::sandbox;
using End = Outcome::End;
using Words = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

// doctest's main() runs no thread before this; one for all tests, as in the server.
Sandbox& box() {
    static auto the_box = Sandbox::start();
    return *the_box;
}

Words command(Words words) {
    words.insert(words.begin(), PREAU_PROBE);
    return words;
}

int run_free(const Words& words) {
    auto whole = command(words);
    std::vector<char*> arguments;
    for (auto& word : whole) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t process = -1;
    REQUIRE(posix_spawn(&process, PREAU_PROBE, nullptr, nullptr, arguments.data(), environ) == 0);
    int status = -1;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Outcome run_caged(Profile profile, const Words& words, Limits limits = {}, bool own_sockets = false) {
    return sync_wait(
        box().run({.profile = profile, .command = command(words), .own_sockets = own_sockets, .limits = limits}));
}

std::string told(const Outcome& outcome) {
    return "end " + std::to_string(static_cast<int>(outcome.end)) + ", status " + std::to_string(outcome.status) +
           ", " + outcome.messages;
}

// Started, tried, and did not get it.
void check_impossible(Profile profile, const Words& words, Limits limits = {}, bool own_sockets = false) {
    auto outcome = run_caged(profile, words, limits, own_sockets);
    const bool tried = outcome.end != End::NotStarted && !(outcome.end == End::Exited && outcome.status > 1);
    const auto where = words[0] + (profile == Profile::Strict ? " as a worker: " : " as a tool: ");
    CHECK_MESSAGE((tried && !outcome.well()), (where + told(outcome)));
}
void check_impossible_in_both(const Words& words, Limits limits = {}) {
    check_impossible(Profile::Strict, words, limits);
    check_impossible(Profile::Tool, words, limits);
}
void check_possible_when_free(const Words& words) {
    CHECK_MESSAGE(run_free(words) == 0, (words[0] + ": the probe cannot do it free, so that it proves nothing"));
}

// A directory that everybody may write in, with a file that everybody may read.
struct OpenPlace {
    OpenPlace() {
        fs::create_directories(path);
        fs::permissions(path, fs::perms::all);
        std::ofstream{path / "marks.txt"} << "secret";
        chmod((path / "marks.txt").c_str(), 0644);
    }
    ~OpenPlace() { fs::remove_all(path); }
    fs::path path = fs::temp_directory_path() / ("preau-sandbox-" + std::to_string(getpid()));
    std::string file = (path / "marks.txt").string();
};

struct Listener {
    Listener(int family, int type, const sockaddr* address, socklen_t size) : socket{::socket(family, type, 0)} {
        REQUIRE(bind(socket, address, size) == 0);
        if (type == SOCK_STREAM) REQUIRE(listen(socket, 16) == 0);
    }
    ~Listener() { close(socket); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    int socket;
};
struct InternetListener {
    explicit InternetListener(int type)
        : listener{AF_INET, type, reinterpret_cast<sockaddr*>(&address), sizeof address} {
        socklen_t size = sizeof address;
        getsockname(listener.socket, reinterpret_cast<sockaddr*>(&address), &size);
        port = std::to_string(ntohs(address.sin_port));
    }
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    Listener listener;
    std::string port;
};
std::unique_ptr<Listener> unix_listener(const std::string& name) {
    sockaddr_un address{.sun_family = AF_UNIX};
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    auto listener = std::make_unique<Listener>(AF_UNIX, SOCK_STREAM, reinterpret_cast<sockaddr*>(&address), size);
    if (name[0] != '@') chmod(name.c_str(), 0777);
    return listener;
}

// A process of the same user that waits, to be traced and signalled.
struct Victim {
    Victim() : process{fork()} {
        if (process == 0) {
            for (;;) pause();
        }
    }
    ~Victim() {
        kill(process, SIGKILL);
        waitpid(process, nullptr, 0);
    }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;
    std::string id() const { return std::to_string(process); }
    pid_t process;
};

// Processes of the machine whose command line contains the word.
std::vector<pid_t> processes_with(const std::string& word) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file{entry.path() / "cmdline"};
        std::stringstream line;
        line << file.rdbuf();
        if (line.str().contains(word)) found.push_back(std::atoi(name.c_str()));
    }
    return found;
}

struct MemoryFile {
    explicit MemoryFile(std::string_view text = {}) : number{memfd_create("test", MFD_CLOEXEC)} {
        REQUIRE(write(number, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
        lseek(number, 0, SEEK_SET);
    }
    ~MemoryFile() { close(number); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    std::string text() const {
        std::string all(1 << 16, '\0');
        all.resize(static_cast<std::size_t>(std::max<ssize_t>(pread(number, all.data(), all.size(), 0), 0)));
        return all;
    }
    int number;
};

} // namespace

TEST_CASE("this machine permits both profiles") { // else nothing below means anything
    CHECK(box().why_not(Profile::Strict) == "");
    CHECK(box().why_not(Profile::Tool) == "");
}

TEST_CASE("what was asked for runs: descriptors of a worker, files of a tool, and the words of both") {
    MemoryFile input{"Bonjour les élèves"}, output, copied;
    auto strict = sync_wait(box().run(
        {.profile = Profile::Strict, .command = command({"copy"}), .input = input.number, .output = output.number}));
    CHECK_MESSAGE(strict.well(), told(strict));
    CHECK(output.text() == input.text());
    auto tool = sync_wait(box().run({.profile = Profile::Tool,
                                     .command = command({"copy", "/tmp/in.txt", "/tmp/out.txt"}),
                                     .input = input.number,
                                     .input_offset = 8,
                                     .input_length = 3,
                                     .output = copied.number,
                                     .input_name = "in.txt",
                                     .output_name = "out.txt"}));
    CHECK_MESSAGE(tool.well(), told(tool));
    CHECK(copied.text() == "les");
    for (auto profile : {Profile::Strict, Profile::Tool}) {
        CHECK(run_caged(profile, {"say", "page 3 is damaged"}).messages == "page 3 is damaged");
        auto missing = run_caged(profile, {"no such attempt"});
        CHECK(missing.end == End::Exited);
        CHECK(missing.status == 99);
        CHECK(run_caged(profile, {"fall"}).end == End::Crashed);
        auto absent = sync_wait(box().run({.profile = profile, .command = {"/usr/bin/no-such-program"}}));
        CHECK(absent.end == End::NotStarted);
        CHECK(absent.messages.contains("no-such-program"));
    }
}

TEST_CASE("no file outside is read, whoever may read it") {
    OpenPlace place;
    for (const auto& file : {place.file, std::string{"/etc/passwd"}, std::string{"/proc/self/status"},
                             std::string{PREAU_SOURCE_DIR "/README.md"}}) {
        check_possible_when_free({"open", file});
        check_impossible_in_both({"open", file});
        // A link and a way up lead nowhere either.
        check_impossible(Profile::Tool, {"open", "/tmp/../.." + file});
    }
    CHECK(run_caged(Profile::Strict, {"open", "/usr/bin/true"}).end == End::Forbidden);
    CHECK(run_caged(Profile::Tool, {"open", "/usr/bin/true"}).well()); // what a tool needs
}

TEST_CASE("nothing outside is written") {
    OpenPlace place;
    const auto file = (place.path / "new.txt").string(), folder = (place.path / "new").string();
    check_possible_when_free({"write", file});
    check_possible_when_free({"mkdir", folder});
    fs::remove(file);
    fs::remove(folder);
    check_impossible_in_both({"write", file});
    check_impossible_in_both({"write", place.file});
    check_impossible_in_both({"mkdir", folder});
    for (const auto* path : {"/usr/new", "/etc/new", "/new", "/var/new"}) check_impossible_in_both({"write", path});
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(folder));
    const auto mine = "/tmp/mine-" + std::to_string(getpid());
    check_impossible(Profile::Strict, {"write", mine});
    CHECK(run_caged(Profile::Tool, {"write", mine}).well()); // its own, in memory
    CHECK_FALSE(fs::exists(mine));
}

TEST_CASE("nobody is reached: TCP, UDP, sockets of the machine by path and by abstract name") {
    OpenPlace place;
    InternetListener tcp{SOCK_STREAM}, udp{SOCK_DGRAM};
    const auto path = (place.path / "control.sock").string();
    const auto abstract = "@preau-sandbox-" + std::to_string(getpid());
    auto by_path = unix_listener(path), by_name = unix_listener(abstract);
    for (const auto& words :
         {Words{"tcp", tcp.port}, Words{"udp", udp.port}, Words{"unix", path}, Words{"unix", abstract}}) {
        check_possible_when_free(words);
        check_impossible_in_both(words);
        check_impossible(Profile::Tool, words, {}, true); // not with sockets of its own either
    }
}

TEST_CASE("no other program is executed, not by a copy of it either") {
    OpenPlace place;
    check_possible_when_free({"exec"});
    check_possible_when_free({"exec_copy", (place.path / "true").string()});
    check_impossible_in_both({"exec"});
    check_impossible_in_both({"exec_copy", "/tmp/true"});
    check_possible_when_free({"code_from_data"});
    check_impossible(Profile::Strict, {"code_from_data"});
}

TEST_CASE("a bomb of processes or threads meets its limit") {
    check_possible_when_free({"processes", "100"});
    check_impossible_in_both({"processes", "1"});
    check_impossible(Profile::Tool, {"processes", "100"}, {.processes = 8});
    CHECK(run_caged(Profile::Tool, {"processes", "4"}, {.processes = 8}).well());
    check_possible_when_free({"threads", "200"});
    check_impossible_in_both({"threads", "200"}, {.memory = 8ULL << 30});
}

TEST_CASE("memory ends where it was limited, in every disguise") {
    check_possible_when_free({"memory", "300"});
    check_possible_when_free({"hidden_memory", "300"});
    check_possible_when_free({"shared_memory"});
    const Limits small{.memory = 256ULL << 20};
    check_impossible_in_both({"memory", "300"}, small);
    check_impossible_in_both({"hidden_memory", "300"}, small);
    check_impossible_in_both({"shared_memory"}, small);
    CHECK(run_caged(Profile::Tool, {"memory", "100"}, small).well());
    CHECK(run_caged(Profile::Strict, {"exhaust"}, small).end == End::OutOfMemory);
}

TEST_CASE("time ends: by the clock and by the processor") {
    check_possible_when_free({"burn", "1300"});
    for (auto profile : {Profile::Strict, Profile::Tool}) {
        CHECK(run_caged(profile, {"burn", "60000"}, {.cpu = 1s}).end == End::OutOfTime);
        const auto start = std::chrono::steady_clock::now();
        CHECK(run_caged(profile, {"sleep", "30000"}, {.wall = 100ms}).end == End::OutOfTime);
        CHECK(std::chrono::steady_clock::now() - start < 20s);
        CHECK(run_caged(profile, {"sleep", "10"}).well());
    }
}

TEST_CASE("output ends where it was limited") {
    OpenPlace place;
    const Limits small{.output = 1 << 20};
    check_possible_when_free({"output", "40", (place.path / "giant").string()});
    MemoryFile output;
    auto strict = sync_wait(box().run(
        {.profile = Profile::Strict, .command = command({"output", "40"}), .output = output.number, .limits = small}));
    CHECK_MESSAGE(strict.end == End::TooMuchOutput, told(strict));
    CHECK(run_caged(Profile::Tool, {"output", "40", "/tmp/giant"}, small).end == End::TooMuchOutput);
    check_possible_when_free({"many_files", "40", place.path.string()});
    check_impossible(Profile::Tool, {"many_files", "40", "/tmp"}, small);
    for (auto profile : {Profile::Strict, Profile::Tool}) // nobody keeps what it says without end
        CHECK(run_caged(profile, {"talk", "3"}).messages.size() == 4096);
}

TEST_CASE("no process outside is traced, read, signalled or seen") {
    for (const auto* what : {"trace", "read_memory", "signal", "see_process"}) {
        Victim victim;
        check_possible_when_free({what, victim.id()});
        check_impossible_in_both({what, victim.id()});
    }
    check_possible_when_free({"signal_parent"});
    check_impossible_in_both({"signal_parent"});
    // The first process of a cage cannot be ended from inside: it lives to tell.
    CHECK(run_caged(Profile::Tool, {"kill_parent"}).well());
    check_impossible(Profile::Strict, {"kill_parent"});
}

TEST_CASE("no descriptor and no word of the environment is inherited") {
    const int secret = open("/etc/passwd", O_RDONLY); // as a library might: not closed at an exec
    setenv("PREAU_TEST_SECRET", "key", 1);
    const int high = fcntl(secret, F_DUPFD, 64);
    check_possible_when_free({"descriptors"});
    check_possible_when_free({"environment"});
    auto late = Sandbox::start(); // even of a helper that was forked with them
    for (auto profile : {Profile::Strict, Profile::Tool})
        for (const auto* what : {"descriptors", "environment"}) {
            auto outcome = sync_wait(late->run({.profile = profile, .command = command({what})}));
            CHECK_MESSAGE((outcome.end == End::Exited && outcome.status == 1),
                          (std::string{what} + ": " + told(outcome)));
        }
    unsetenv("PREAU_TEST_SECRET");
    close(secret);
    close(high);
}

TEST_CASE("nobody stays behind: not after the end, not after the time is over, not after the server is gone") {
    const auto word = std::to_string(900'000 + getpid());
    check_possible_when_free({"stay", word});
    auto free = processes_with(word);
    CHECK(free.size() == 1);
    for (auto process : free) kill(process, SIGKILL);
    const Limits family{.processes = 8};
    const auto other = std::to_string(1'900'000 + getpid());
    CHECK(run_caged(Profile::Tool, {"stay", other}, family).well()); // it could make the process
    CHECK(processes_with(other).empty());                            // which is gone with it
    check_impossible(Profile::Strict, {"stay", other});
    CHECK(processes_with(other).empty());

    auto late = Sandbox::start();
    const auto sleep = "29" + word;
    for (auto profile : {Profile::Strict, Profile::Tool})
        start(late->run({.profile = profile, .command = command({"sleep", sleep})}),
              [](std::exception_ptr, const Outcome* outcome) { CHECK(outcome->end == End::NotStarted); });
    auto wait_until = [](auto condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
        return condition();
    };
    CHECK(wait_until([&] { return processes_with(sleep).size() == 1; })); // a fork of a worker has no words of its own
    late.reset();
    CHECK(wait_until([&] { return processes_with(sleep).empty(); }));
}

TEST_CASE("no right is gained: root, namespaces, and the kernel's odd corners") {
    if (geteuid() == 0) check_possible_when_free({"become_root"});
    check_impossible_in_both({"become_root"});
    for (const auto* what : {"new_namespace", "user_faults"}) {
        check_possible_when_free({what});
        check_impossible_in_both({what});
    }
    check_impossible_in_both({"ring"}); // many kernels have it switched off for everybody
}

TEST_CASE("a worker may not do what it is not made for: it is ended, not refused") {
    for (const auto* what : {"exec", "new_namespace"}) CHECK(run_caged(Profile::Strict, {what}).end == End::Forbidden);
    CHECK(run_caged(Profile::Strict, {"tcp", "1"}).end == End::Forbidden);
}

TEST_CASE("many at once, and one that crashes takes no other along") {
    std::vector<std::jthread> callers;
    std::atomic<int> well = 0;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&well, i] {
            for (int turn = 0; turn < 5; ++turn) {
                const auto profile = turn % 2 ? Profile::Tool : Profile::Strict;
                auto outcome = run_caged(profile, {i == 3 ? "fall" : "nothing"});
                well += i == 3 ? outcome.end == End::Crashed : outcome.well();
            }
        });
    callers.clear();
    CHECK(well == 40);
}

// `preau supervise`: holds the listening sockets and runs `preau serve` below them, for machines without systemd's
// socket units. A new version, a new configuration or a crash is a restart of the child: who comes meanwhile waits in
// the sockets' queue and is served by the next one.
#include "commands.hpp"
#include "held_sockets.hpp"

#include "http/server.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace preau::server {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds settled{5}; // a child that lived for so long did start
constexpr std::chrono::seconds longest_pause{30};

sigset_t supervised_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
    return signals;
}

class Supervisor {
public:
    Supervisor(std::vector<std::string> words, std::vector<int> sockets)
        : words_{std::move(words)}, sockets_{std::move(sockets)},
          program_{std::filesystem::read_symlink("/proc/self/exe")} {}

    int run() {
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        start_child();
        while (true) {
            const int signal = next_signal(std::nullopt);
            if (signal == SIGCHLD) {
                if (auto code = child_ended()) return *code;
            } else {
                ending_ = signal != SIGHUP;
                ::kill(child_, SIGTERM);
            }
        }
    }

private:
    // By the path and not the open file: after an update the new program stands there.
    void start_child() {
        started_ = steady_clock::now();
        const auto parent = ::getpid();
        child_ = ::fork(); // this process has one thread
        if (child_ < 0) throw std::runtime_error(fmt::format("no process can be started: {}", std::strerror(errno)));
        if (child_ > 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(1); // it died before we asked to be told
        ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
        hand_over_sockets(sockets_);
        std::vector<char*> arguments;
        for (auto& word : words_) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execv(program_.c_str(), arguments.data());
        ::_exit(127);
    }

    // An exit code: the supervisor ends too.
    std::optional<int> child_ended() {
        int status = 0;
        if (::waitpid(child_, &status, WNOHANG) != child_) return std::nullopt;
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ending_) return code;
        const bool lived = steady_clock::now() - started_ > settled;
        if (!served_before_ && code != 0 && !lived) return code; // it said why, and trying again would not help
        served_before_ = true;
        pause_ = code == 0 || lived ? std::chrono::seconds{0}
                                    : std::min(longest_pause, pause_ * 2 + std::chrono::seconds{1});
        if (code != 0) log::error("the server ended with code={} and starts again in seconds={}", code, pause_.count());
        const auto until = steady_clock::now() + pause_;
        while (steady_clock::now() < until)
            if (int signal = next_signal(until - steady_clock::now()); signal == SIGTERM || signal == SIGINT)
                return code;
        start_child();
        return std::nullopt;
    }

    // 0: none came in time.
    int next_signal(std::optional<steady_clock::duration> wait) {
        int signal = -1;
        while (signal < 0) {
            if (wait) {
                const auto left = std::max(steady_clock::duration{0}, *wait);
                const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
                const timespec span{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
                signal = ::sigtimedwait(&signals_, nullptr, &span);
                if (signal < 0 && errno == EAGAIN) return 0;
            } else {
                signal = ::sigwaitinfo(&signals_, nullptr);
            }
        }
        return signal;
    }

    const sigset_t signals_ = supervised_signals();
    std::vector<std::string> words_; // of the child
    std::vector<int> sockets_;
    std::filesystem::path program_;
    pid_t child_ = -1;
    steady_clock::time_point started_;
    std::chrono::seconds pause_{0};
    bool ending_ = false;
    bool served_before_ = false;
};

} // namespace

int supervise(const CommandLine& line, std::vector<std::string> words) {
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    auto configuration = configuration_for(line, *directory);
    if (!configuration) return complain(configuration.error());
    if (configuration->listen.port == 0)
        return complain("a supervised server needs a port of its own: --listen HOST:PORT");
    const auto threads = configuration->threads > 0 ? static_cast<unsigned int>(configuration->threads)
                                                    : std::max(1U, std::thread::hardware_concurrency());
    auto sockets = http::open_listeners(configuration->listen.host, configuration->listen.port, threads);
    words.at(1) = "serve";
    return Supervisor{std::move(words), std::move(sockets)}.run();
}

} // namespace preau::server

#include "nursery.hpp"

#include "ending.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

int open_process(pid_t process) { return static_cast<int>(syscall(SYS_pidfd_open, process, 0)); }
void kill_process(int watch) { syscall(SYS_pidfd_send_signal, watch, SIGKILL, nullptr, 0); }

// Reads what is there and keeps the beginning: a program that never stops talking costs its own time only.
void listen(int pipe, std::string& kept) {
    char bytes[4096];
    for (int turns = 0; turns < 16; ++turns) {
        auto got = read(pipe, bytes, sizeof bytes);
        if (got <= 0) return;
        kept.append(bytes, std::min(static_cast<std::size_t>(got), messages_kept - kept.size()));
    }
}

Ending ending_of(int wait_status, bool strict, bool for_time, bool used_its_cpu) {
    if (for_time) return {End::OutOfTime, 0};
    if (WIFEXITED(wait_status)) {
        if (strict && WEXITSTATUS(wait_status) == out_of_memory_status) return {End::OutOfMemory, 0};
        if (strict && WEXITSTATUS(wait_status) == exit_not_locked) return {End::NotStarted, 0};
        return {End::Exited, WEXITSTATUS(wait_status)};
    }
    switch (WTERMSIG(wait_status)) {
    case SIGSYS: return {End::Forbidden, 0};
    case SIGXCPU: return {End::OutOfTime, 0};
    case SIGXFSZ: return {End::TooMuchOutput, 0};
    case SIGKILL: return {used_its_cpu ? End::OutOfTime : End::OutOfMemory, 0};
    default: return {End::Crashed, WTERMSIG(wait_status)};
    }
}

} // namespace

void Nursery::add(const OrderHead& head, Started started) {
    Child child;
    child.head = head;
    child.watch = Descriptor{open_process(started.process)};
    child.started = std::move(started);
    child.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{head.wall_milliseconds};
    children_.push_back(std::move(child));
}

void Nursery::answer_not_started(std::uint64_t id, const std::string& why) const {
    send_answer(answers_, {.head = {.id = id, .end = static_cast<int>(End::NotStarted)}, .text = why});
}

int Nursery::milliseconds_to_wait() const {
    if (children_.empty()) return -1;
    auto first = std::ranges::min_element(children_, {}, &Child::deadline)->deadline;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(first - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left + 1, 0, 60'000));
}

void Nursery::kill_overdue() {
    auto now = std::chrono::steady_clock::now();
    for (auto& child : children_) {
        if (child.killed_for_time || child.deadline > now) continue;
        child.killed_for_time = true;
        child.deadline = now + std::chrono::seconds{1}; // again, should the kernel need time to end it
        kill_process(child.watch.get());
    }
}

bool Nursery::settle(Child& child) const {
    int status = 0;
    rusage used{};
    if (wait4(child.started.process, &status, WNOHANG, &used) != child.started.process) return false;
    listen(child.started.errors.get(), child.messages);
    bool used_its_cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1 >= child.head.cpu_seconds;
    WireAnswer answer{.head = {.id = child.head.id}, .text = child.messages};
    Ending ending = ending_of(status, child.head.strict, child.killed_for_time, used_its_cpu);
    if (child.started.report && !child.killed_for_time) {
        Report report;
        if (read(child.started.report.get(), &report, sizeof report) != sizeof report)
            ending = {End::Crashed, 0};
        else if (report.missing[0] != '\0') {
            ending = {End::NotStarted, 0};
            answer.text = report.missing;
        } else
            ending = ending_of(report.wait_status, false, false, used_its_cpu);
    }
    answer.head.end = static_cast<int>(ending.end);
    answer.head.status = ending.status;
    send_answer(answers_, answer);
    return true;
}

void Nursery::turn(std::vector<pollfd>& others) {
    auto all = others;
    for (const auto& child : children_) {
        all.push_back({child.watch.get(), POLLIN, 0});
        all.push_back({child.started.errors.get(), POLLIN, 0});
    }
    if (poll(all.data(), all.size(), milliseconds_to_wait()) < 0) return;
    for (std::size_t i = 0; i < others.size(); ++i) others[i].revents = all[i].revents;
    for (std::size_t i = 0; i < children_.size(); ++i) {
        auto& child = children_[i];
        const auto& errors = all[others.size() + 2 * i + 1];
        if (errors.revents & POLLIN) listen(child.started.errors.get(), child.messages);
        // Closed by the job, which goes on: not asked again, or poll would return at once for ever.
        else if (errors.revents)
            child.started.errors.close();
    }
    std::erase_if(children_, [this](Child& child) { return settle(child); });
    kill_overdue();
}

} // namespace preau::sandbox

#include "sandbox/sandbox.hpp"

#include "ending.hpp"
#include "helper.hpp"
#include "wire.hpp"

#include "base/assert.hpp"

#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mutex>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace preau::sandbox {
namespace {

static_assert(static_cast<int>(Outcome::End::NotStarted) == static_cast<int>(End::NotStarted));
static_assert(static_cast<int>(Outcome::End::Forbidden) == static_cast<int>(End::Forbidden));
static_assert(static_cast<int>(Outcome::End::OutOfTime) == static_cast<int>(End::OutOfTime));

WireOrder wire_order(const Order& order, std::uint64_t id) {
    PREAU_ASSERT(!order.command.empty() && order.command.front().starts_with('/'));
    PREAU_ASSERT(!order.input_name.contains('/') && !order.output_name.contains('/'));
    WireOrder wire;
    wire.head = {.id = id,
                 .memory = order.limits.memory,
                 .output = order.limits.output,
                 .offset = order.input_offset,
                 .length = order.input_length,
                 .cpu_seconds = (order.limits.cpu.count() + 999) / 1000,
                 .wall_milliseconds = order.limits.wall.count(),
                 .processes = order.limits.processes,
                 .again_on = order.again_on,
                 .strict = order.profile == Profile::Strict,
                 .own_sockets = order.own_sockets};
    wire.input_name = order.input_name;
    wire.output_name = order.output_name;
    wire.command = order.command;
    // Copies: the caller's may be closed by whoever destroys the task before the helper has read them.
    if (order.input >= 0) wire.input = Descriptor{fcntl(order.input, F_DUPFD_CLOEXEC, 3)};
    if (order.output >= 0) wire.output = Descriptor{fcntl(order.output, F_DUPFD_CLOEXEC, 3)};
    return wire;
}

class Helped final : public Sandbox {
public:
    Helped(pid_t helper, Descriptor orders) : helper_{helper}, orders_{std::move(orders)} {}
    ~Helped() override {
        stop();
        if (reader_.joinable()) reader_.join();
        orders_.close();
        waitpid(helper_, nullptr, 0);
    }
    Helped(const Helped&) = delete;
    Helped& operator=(const Helped&) = delete;

    void stop() override {
        shutdown(orders_.get(), SHUT_RDWR); // wakes the reader, which answers all who wait
        // Its cages die with it: each first process asked for that (PR_SET_PDEATHSIG).
        kill(helper_, SIGKILL); // not yet waited for, so that the number is still its own
    }

    std::string why_not(Profile profile) const override {
        start_reading();
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return greeted_ || gone_; });
        if (gone_) return "the sandbox's helper process is gone: restart the server";
        return profile == Profile::Strict ? strict_missing_ : tool_missing_;
    }

    Task<Outcome> run(Order order) override {
        auto launch = [this, order = std::move(order)](auto done) mutable {
            auto shared = std::make_shared<decltype(done)>(std::move(done));
            submit(order, [shared](Outcome outcome) { (*shared)(std::move(outcome)); });
        };
        return off_thread<Outcome>(std::move(launch));
    }

private:
    using Done = std::function<void(Outcome)>;

    void submit(const Order& order, Done done) {
        auto missing = why_not(order.profile);
        if (!missing.empty()) return done({.end = Outcome::End::NotStarted, .messages = missing});
        std::uint64_t id = 0;
        {
            std::lock_guard lock{mutex_};
            id = ++last_id_;
            if (!gone_) waiting_.emplace(id, std::move(done));
        }
        if (done) return done({.end = Outcome::End::NotStarted, .messages = "the sandbox ended"});
        const auto wire = wire_order(order, id);
        // A helper that is gone is noticed by the reader, which answers all who wait; what it cannot answer is an order
        // that does not fit a datagram.
        if (!send_order(orders_.get(), wire))
            answer({.head = {.id = id, .end = static_cast<int>(End::NotStarted)}, .text = "the order was not taken"});
    }

    void answer(const WireAnswer& said) {
        Done done;
        {
            std::lock_guard lock{mutex_};
            auto found = waiting_.find(said.head.id);
            if (found == waiting_.end()) return;
            done = std::move(found->second);
            waiting_.erase(found);
        }
        done({.end = static_cast<Outcome::End>(said.head.end), .status = said.head.status, .messages = said.text});
    }

    // Not in start(): the thread would be there before others may fork.
    void start_reading() const {
        std::call_once(once_, [this] { reader_ = std::thread{[this] { const_cast<Helped*>(this)->read_answers(); }}; });
    }

    void read_answers() {
        WireAnswer said;
        while (receive_answer(orders_.get(), said)) {
            if (said.head.id != 0) {
                answer(said);
                continue;
            }
            std::lock_guard lock{mutex_};
            const auto line = said.text.find('\n');
            strict_missing_ = said.text.substr(0, line);
            tool_missing_ = strict_missing_.empty() ? said.text.substr(line + 1) : strict_missing_;
            greeted_ = true;
            changed_.notify_all();
        }
        std::map<std::uint64_t, Done> left;
        {
            std::lock_guard lock{mutex_};
            gone_ = true;
            left.swap(waiting_);
            changed_.notify_all();
        }
        for (auto& [id, done] : left) done({.end = Outcome::End::NotStarted, .messages = "the sandbox ended"});
    }

    pid_t helper_;
    Descriptor orders_;
    mutable std::once_flag once_;
    mutable std::thread reader_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::map<std::uint64_t, Done> waiting_;
    std::uint64_t last_id_ = 0;
    std::string strict_missing_, tool_missing_;
    bool greeted_ = false, gone_ = false;
};

} // namespace

std::unique_ptr<Sandbox> Sandbox::start() {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    Descriptor ours{ends[0]}, theirs{ends[1]};
    const auto server = getpid();
    const auto helper = fork();
    if (helper < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (helper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // however the server dies; the socket's end is the other sign
        if (getppid() != server) _exit(0);
        ours.close();
        // Standard error alone stays the server's, and no other descriptor of it.
        const int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(theirs.get(), 3);
        close_range(4, ~0U, 0);
        run_helper(3);
    }
    return std::make_unique<Helped>(helper, std::move(ours));
}

} // namespace preau::sandbox

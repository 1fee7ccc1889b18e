#include "helper.hpp"

#include "cage.hpp"
#include "lock.hpp"
#include "poorer_kernel.hpp"

#include "base/fault.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

struct Worker { // one program, running, with the jobs that it has not answered yet
    StartedWorker process;
    std::set<std::uint64_t> jobs;
};

class Helper {
public:
    explicit Helper(int orders) : orders_{orders}, nursery_{orders} {}

    void run() {
        bare_ = fault("sandbox_off");
        act_as_poorer_kernel();
        send_answer(orders_, {.text = filter_missing() + '\n' + try_tool()});
        for (;;) {
            std::vector<pollfd> others{{orders_, POLLIN, 0}};
            std::vector<Worker*> asked;
            for (auto& [program, worker] : workers_) {
                others.push_back({worker.process.orders.get(), POLLIN, 0});
                asked.push_back(&worker);
            }
            nursery_.turn(others);
            for (std::size_t i = 0; i < asked.size(); ++i)
                if (others[i + 1].revents != 0) pass_answer(*asked[i]);
            std::erase_if(workers_, [](const auto& entry) { return !entry.second.process.orders; });
            if (others[0].revents != 0 && !take_order()) return;
        }
    }

private:
    // The whole of a Tool job, with /bin/true: a kernel's promises are not asked for, but tried.
    std::string try_tool() {
        if (bare_) return {};
        WireOrder order;
        order.head = {
            .memory = 1ULL << 30, .output = 1 << 20, .cpu_seconds = 5, .wall_milliseconds = 5000, .strict = false};
        order.command = {"/usr/bin/true"};
        std::string missing;
        auto started = start_tool(order, missing);
        if (started.process < 0) return missing;
        int status = 0;
        waitpid(started.process, &status, 0);
        Report report;
        if (read(started.report.get(), &report, sizeof report) != sizeof report) return "the first try ended early";
        if (report.missing[0] != '\0') return report.missing;
        return report.wait_status == 0 ? std::string{} : "the first try failed";
    }

    bool take_order() {
        WireOrder order;
        if (!receive_order(orders_, order)) return false;
        order.head.bare = bare_;
        if (order.head.strict)
            pass_order(order);
        else
            start(order);
        return true;
    }

    void start(const WireOrder& order) {
        std::string missing;
        auto started = start_tool(order, missing);
        if (started.process < 0)
            nursery_.answer_not_started(order.head.id, missing);
        else
            nursery_.add(order.head, std::move(started));
    }

    void pass_order(const WireOrder& order) {
        const auto& program = order.command.front();
        auto& worker = workers_[program];
        std::string missing;
        if (!worker.process.orders) worker.process = start_worker(program, bare_, missing);
        if (worker.process.orders && send_order(worker.process.orders.get(), order)) {
            worker.jobs.insert(order.head.id);
            return;
        }
        nursery_.answer_not_started(order.head.id, missing.empty() ? program + " ended" : missing);
        if (worker.jobs.empty()) workers_.erase(program);
    }

    void pass_answer(Worker& worker) {
        WireAnswer answer;
        if (receive_answer(worker.process.orders.get(), answer)) {
            worker.jobs.erase(answer.head.id);
            send_answer(orders_, answer);
            return;
        }
        // The program itself is gone, which it never is by what its jobs do; it is started anew for the next order.
        for (auto id : worker.jobs) nursery_.answer_not_started(id, "the worker program ended");
        worker.process.orders.close();
        waitpid(worker.process.process, nullptr, 0);
    }

    int orders_;
    bool bare_ = false;
    Nursery nursery_;
    std::map<std::string, Worker> workers_;
};

} // namespace

void run_helper(int orders) {
    prctl(PR_SET_NAME, "preau-sandbox");
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t none; // the server blocks what it waits for
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN); // ends when the server does
    Helper{orders}.run();
    _exit(0);
}

} // namespace preau::sandbox

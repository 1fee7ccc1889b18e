#include "sandbox/worker.hpp"

#include "ending.hpp"
#include "lock.hpp"
#include "nursery.hpp"

#include <csignal>
#include <fcntl.h>
#include <malloc.h>
#include <new>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

namespace preau::sandbox::worker {
namespace {

static_assert(exit_out_of_memory == out_of_memory_status);
constexpr int orders = 3;

// Puts the order's descriptors where the work expects them, closes all others, locks, works.
[[noreturn]] void do_job(const WireOrder& order, const Work& work, int errors) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int high_input = order.input ? fcntl(order.input.get(), F_DUPFD, 10) : -1;
    const int high_output = order.output ? fcntl(order.output.get(), F_DUPFD, 10) : -1;
    dup2(errors, 2);
    close(input);
    close(output);
    if (high_input >= 0) dup2(high_input, input);
    if (high_output >= 0) dup2(high_output, output);
    std::string missing;
    if (!order.head.bare) {
        missing = close_all_from(output + 1);
        if (missing.empty()) missing = drop_privileges();
        if (missing.empty()) missing = landlock_nothing();
        if (missing.empty()) missing = limit_resources(order.head);
        if (missing.empty()) missing = filter_strict();
    }
    if (!missing.empty()) {
        [[maybe_unused]] auto written = write(2, missing.data(), missing.size());
        _exit(exit_not_locked);
    }
    int status = 1;
    try {
        status = work({.arguments = {order.command.begin() + 1, order.command.end()},
                       .offset = order.head.offset,
                       .length = order.head.length});
    } catch (const std::bad_alloc&) {
        status = exit_out_of_memory;
    } catch (const std::exception& problem) {
        const std::string said = problem.what();
        [[maybe_unused]] auto written = write(2, said.data(), said.size());
    }
    _exit(status);
}

} // namespace

int serve(const Work& work) {
    std::signal(SIGPIPE, SIG_IGN);
    mallopt(M_ARENA_MAX, 1); // glibc asks /proc whether it may give back the arenas of threads
    tzset(); // the helper says TZ=UTC0; asked once, it is not looked for in files again
    Nursery nursery{orders};
    for (;;) {
        std::vector<pollfd> others{{orders, POLLIN, 0}};
        nursery.turn(others);
        if (others[0].revents == 0) continue;
        WireOrder order;
        if (!receive_order(orders, order)) return 0;
        auto errors = make_pipe();
        const auto process = errors.read ? fork() : -1;
        if (process == 0) do_job(order, work, errors.write.get());
        if (process < 0)
            nursery.answer_not_started(order.head.id, failed_step("fork"));
        else
            nursery.add(order.head, {.process = process, .errors = std::move(errors.read)});
    }
}

} // namespace preau::sandbox::worker

// Where a suspended coroutine goes on. An I/O thread names its executor; an awaitable that leaves the thread (a
// database call, a password hash) notes it and posts the coroutine back there. A Task itself knows no executor.
#pragma once

#include <functional>

namespace preau {

class Executor {
public:
    virtual ~Executor() = default;
    virtual void post(std::move_only_function<void()> work) = 0; // thread-safe
};

Executor* current_executor(); // null outside an I/O thread: the coroutine then goes on where the work ended

// Set for the lifetime of an I/O thread's loop.
class ExecutorScope {
public:
    explicit ExecutorScope(Executor* executor);
    ~ExecutorScope();
    ExecutorScope(const ExecutorScope&) = delete;
    ExecutorScope& operator=(const ExecutorScope&) = delete;

private:
    Executor* previous_;
};

} // namespace preau

// A lazy coroutine with symmetric transfer, 9 k preprocessed lines against 78 k for asio::awaitable.
// Rules (docs/traps.md): named functions, never capturing lambdas; parameters by value, or references that outlive the
// task; no lock across co_await.
#pragma once

#include "base/executor.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace preau {

template <class T = void> class [[nodiscard]] Task;

namespace detail {

struct TaskPromiseBase {
    std::coroutine_handle<> continuation = std::noop_coroutine();

    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
        bool await_ready() noexcept { return false; }
        template <class Promise> std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) noexcept {
            return done.promise().continuation;
        }
        void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
};

template <class T> struct TaskPromise : TaskPromiseBase {
    std::variant<std::monostate, T, std::exception_ptr> outcome;
    Task<T> get_return_object();
    template <class Value> void return_value(Value&& value) { outcome.template emplace<1>(std::forward<Value>(value)); }
    void unhandled_exception() { outcome.template emplace<2>(std::current_exception()); }
    T take() {
        if (auto* error = std::get_if<2>(&outcome)) std::rethrow_exception(*error);
        return std::move(std::get<1>(outcome));
    }
};

template <> struct TaskPromise<void> : TaskPromiseBase {
    std::exception_ptr error;
    Task<void> get_return_object();
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }
    void take() {
        if (error) std::rethrow_exception(error);
    }
};

} // namespace detail

template <class T> class [[nodiscard]] Task {
public:
    using promise_type = detail::TaskPromise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) : handle_{handle} {}
    Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, {})} {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            if (handle_) handle_.destroy();
            handle_ = std::exchange(other.handle_, {});
        }
        return *this;
    }
    ~Task() {
        if (handle_) handle_.destroy();
    }

    struct Awaiter {
        Handle handle;
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
            handle.promise().continuation = caller;
            return handle;
        }
        T await_resume() { return handle.promise().take(); }
    };
    Awaiter operator co_await() && noexcept { return Awaiter{handle_}; }

private:
    Handle handle_;
};

namespace detail {
template <class T> Task<T> TaskPromise<T>::get_return_object() {
    return Task<T>{std::coroutine_handle<TaskPromise<T>>::from_promise(*this)};
}
inline Task<void> TaskPromise<void>::get_return_object() {
    return Task<void>{std::coroutine_handle<TaskPromise<void>>::from_promise(*this)};
}

// Runs eagerly, owns itself, and ends by itself: the root of a started task.
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); } // `done` of start() must not throw
    };
};
} // namespace detail

// Starts a task on this thread; `done(std::exception_ptr, T*)` is called where it ends. `T*` is null on error.
template <class T, class Done> detail::Detached start(Task<T> task, Done done) {
    std::exception_ptr error;
    if constexpr (std::is_void_v<T>) {
        try {
            co_await std::move(task);
        } catch (...) {
            error = std::current_exception();
        }
        done(error);
    } else {
        std::optional<T> value;
        try {
            value.emplace(co_await std::move(task));
        } catch (...) {
            error = std::current_exception();
        }
        done(error, value ? &*value : nullptr);
    }
}

// Blocks this thread until the task ended: for tests and the command line, never on an I/O thread.
template <class T> T sync_wait(Task<T> task) {
    std::promise<T> promise; // its state is shared, so the waker may still hold it while this frame unwinds
    auto future = promise.get_future();
    if constexpr (std::is_void_v<T>)
        start(std::move(task), [promise = std::move(promise)](std::exception_ptr error) mutable {
            error ? promise.set_exception(error) : promise.set_value();
        });
    else
        start(std::move(task), [promise = std::move(promise)](std::exception_ptr error, T* value) mutable {
            error ? promise.set_exception(error) : promise.set_value(std::move(*value));
        });
    return future.get();
}

// Awaits work that ends on another thread and goes on at the executor of the awaiting thread.
//   co_await off_thread<Answer>([&](auto done) { pool.push([done = std::move(done)]() mutable { done(compute()); });
//   });
// `launch` is called with a move-only `done(T)`, or `done(std::exception_ptr)` for a failure, to be called exactly
// once.
template <class T, class Launch> Task<T> off_thread(Launch launch) {
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
    struct Awaiter {
        Launch& launch;
        std::variant<std::monostate, std::optional<Stored>, std::exception_ptr> outcome{};
        bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<> caller) {
            auto* home = current_executor();
            // `this` lives in the suspended frame, which is destroyed only after it was resumed.
            auto resume = [home, caller] {
                if (home)
                    home->post([caller] { caller.resume(); });
                else
                    caller.resume();
            };
            struct Done {
                Awaiter* self;
                decltype(resume) go_on;
                void operator()(Stored value) {
                    self->outcome.template emplace<1>(std::move(value));
                    go_on();
                }
                void operator()(std::exception_ptr error) {
                    self->outcome.template emplace<2>(std::move(error));
                    go_on();
                }
            };
            launch(Done{this, resume});
        }
        T await_resume() {
            if (auto* error = std::get_if<2>(&outcome)) std::rethrow_exception(*error);
            if constexpr (!std::is_void_v<T>) return std::move(*std::get<1>(outcome));
        }
    };
    co_return co_await Awaiter{launch};
}

} // namespace preau

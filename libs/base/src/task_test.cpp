#include "base/task.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

using namespace preau;

namespace {

// An I/O thread in small: one loop that runs what is posted to it.
class Loop final : public Executor {
public:
    ~Loop() override {
        post({}); // an empty function ends the loop
        thread_.join();
    }
    void post(std::move_only_function<void()> work) override {
        std::lock_guard lock{mutex_};
        queue_.push_back(std::move(work));
        ready_.notify_one();
    }
    std::thread::id id() const { return thread_.get_id(); }

private:
    void run() {
        ExecutorScope scope{this};
        while (auto work = next()) work();
    }
    std::move_only_function<void()> next() {
        std::unique_lock lock{mutex_};
        ready_.wait(lock, [&] { return !queue_.empty(); });
        auto work = std::move(queue_.front());
        queue_.pop_front();
        return work;
    }
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::move_only_function<void()>> queue_;
    std::thread thread_{&Loop::run, this};
};

// Threads that a test waits for at its end.
class Background {
public:
    template <class Work> void run(Work work) {
        std::lock_guard lock{mutex_};
        threads_.emplace_back(std::move(work));
    }

private:
    std::mutex mutex_;
    std::vector<std::jthread> threads_;
};

struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Task<int> three() { co_return 3; }

Task<std::string> doubled(std::string text) {
    auto count = co_await three();
    for (int i = 1; i < count; ++i) text += text;
    co_return text;
}

Task<> refuse(std::string why) {
    throw Refused{why};
    co_return;
}

Task<int> recover() {
    try {
        co_await refuse("no");
    } catch (const Refused&) {
        co_return 1;
    }
    co_return 0;
}

Task<int> sum_of(int depth) {
    if (depth == 0) co_return 0;
    co_return depth + co_await sum_of(depth - 1);
}

Task<std::unique_ptr<int>> from_thread(Background& background, int value) {
    co_return co_await off_thread<std::unique_ptr<int>>([&background, value](auto done) {
        background.run([value, done]() mutable { done(std::make_unique<int>(value)); });
    });
}

Task<> fail_on_thread(Background& background) {
    co_await off_thread<void>([&background](auto done) {
        background.run([done]() mutable { done(std::make_exception_ptr(Refused{"there"})); });
    });
}

Task<> answer_at_once() {
    co_await off_thread<void>([](auto done) { done(std::monostate{}); });
}

struct Places {
    std::thread::id before;
    std::thread::id after;
};
Task<Places> note_places(Background& background) {
    Places places{.before = std::this_thread::get_id()};
    auto value = co_await from_thread(background, 5);
    places.after = std::this_thread::get_id();
    CHECK(*value == 5);
    co_return places;
}

Task<> hold(std::shared_ptr<int> held) {
    co_await three();
    (*held)++;
}

} // namespace

TEST_CASE("a task runs when awaited and hands its value on") {
    CHECK(sync_wait(three()) == 3);
    CHECK(sync_wait(doubled("a long enough text to live on the heap ")).size() == 4 * 39);
}

TEST_CASE("an exception passes through awaiting tasks and may be caught there") {
    CHECK_THROWS_AS(sync_wait(refuse("no")), Refused);
    CHECK(sync_wait(recover()) == 1);
}

TEST_CASE("deep chains of tasks need no deep stack to end") { CHECK(sync_wait(sum_of(500)) == 500 * 501 / 2); }

TEST_CASE("a task that is never awaited runs nothing and frees what it holds") {
    auto held = std::make_shared<int>(0);
    {
        auto task = hold(held);
        CHECK(held.use_count() == 2);
        task = hold(held);
        CHECK(held.use_count() == 2);
    }
    CHECK(held.use_count() == 1);
    CHECK(*held == 0);
    sync_wait(hold(held));
    CHECK(*held == 1);
    CHECK(held.use_count() == 1);
}

TEST_CASE("work on another thread answers, move-only values too, or fails") {
    Background background;
    for (int i = 0; i < 100; ++i) CHECK(*sync_wait(from_thread(background, i)) == i);
    CHECK_THROWS_WITH(sync_wait(fail_on_thread(background)), "there");
    CHECK_NOTHROW(sync_wait(answer_at_once()));
}

TEST_CASE("a coroutine goes on at the loop it was suspended on") {
    Background background;
    Loop loop;
    std::promise<Places> seen;
    loop.post([&background, &seen] {
        start(note_places(background), [&seen](std::exception_ptr, Places* places) { seen.set_value(*places); });
    });
    auto places = seen.get_future().get();
    CHECK(places.before == loop.id());
    CHECK(places.after == loop.id());
}

TEST_CASE("without a loop it goes on where the work ended") {
    CHECK(current_executor() == nullptr);
    Background background;
    auto places = sync_wait(note_places(background));
    CHECK(places.before == std::this_thread::get_id());
    CHECK(places.after != places.before);
}

TEST_CASE("the executor of a thread is the innermost scope's") {
    Loop loop;
    {
        ExecutorScope outer{&loop};
        CHECK(current_executor() == &loop);
        {
            ExecutorScope inner{nullptr};
            CHECK(current_executor() == nullptr);
        }
        CHECK(current_executor() == &loop);
    }
    CHECK(current_executor() == nullptr);
}

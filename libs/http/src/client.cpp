#include "http/client.hpp"

#include "client_transfer.hpp"

#include "base/log.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace preau::http {
namespace {
constexpr std::size_t longest_queue = 1'000;
constexpr int wake_every_ms = 1'000; // a wake-up that got lost would cost a second, not a request
} // namespace

// All of curl happens on one thread; others only put a request into the queue and wake it.
struct Client::Inner {
    explicit Inner(ClientOptions given) : options{std::move(given)}, multi{curl_multi_init()} {
        if (!multi) throw std::runtime_error{"libcurl does not start"};
        thread = std::thread{[this] { run(); }};
    }
    ~Inner() {
        stopping = true;
        curl_multi_wakeup(multi);
        thread.join();
        running.clear();
        curl_multi_cleanup(multi);
    }

    void run() {
        while (!stopping) {
            begin_waiting();
            int alive = 0;
            curl_multi_perform(multi, &alive);
            settle_ended();
            curl_multi_poll(multi, nullptr, 0, wake_every_ms, nullptr);
        }
        for (auto& [handle, transfer] : running) {
            curl_multi_remove_handle(multi, handle);
            transfer->settle(CURLE_ABORTED_BY_CALLBACK);
        }
        for (auto& transfer : take_all_waiting()) transfer->settle(CURLE_ABORTED_BY_CALLBACK);
    }
    void begin_waiting() {
        while (running.size() < options.at_once) {
            std::unique_ptr<Transfer> next;
            {
                std::lock_guard lock{mutex};
                if (waiting.empty()) return;
                next = std::move(waiting.front());
                waiting.pop_front();
            }
            if (auto problem = next->prepare(options)) {
                next->settle(*problem);
                continue;
            }
            auto* handle = next->handle();
            curl_multi_add_handle(multi, handle);
            running.emplace(handle, std::move(next));
        }
    }
    void settle_ended() {
        int left = 0;
        while (auto* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            auto* handle = message->easy_handle;
            const auto code = message->data.result; // gone with the handle
            curl_multi_remove_handle(multi, handle);
            auto ended = running.extract(handle);
            ended.mapped()->settle(code);
        }
    }
    std::deque<std::unique_ptr<Transfer>> take_all_waiting() {
        std::lock_guard lock{mutex};
        return std::exchange(waiting, {});
    }
    void push(Outgoing request, Transfer::Done done) {
        auto transfer = std::make_unique<Transfer>(std::move(request), std::move(done));
        {
            std::lock_guard lock{mutex};
            if (waiting.size() < longest_queue && !stopping) {
                waiting.push_back(std::move(transfer));
                curl_multi_wakeup(multi);
                return;
            }
        }
        transfer->refuse({.kind = Error::Kind::Unavailable, .key = "client.busy", .retry_after = 10});
    }

    ClientOptions options;
    CURLM* multi;
    std::atomic<bool> stopping = false;
    std::mutex mutex;
    std::deque<std::unique_ptr<Transfer>> waiting;
    std::map<CURL*, std::unique_ptr<Transfer>> running; // of the thread alone
    std::thread thread;
};

Client::Client(ClientOptions options) {
    set_up_curl_once();
    inner_ = std::make_unique<Inner>(std::move(options));
}

Client::~Client() = default;

Task<Result<Incoming>> Client::send(Outgoing request) {
    return off_thread<Result<Incoming>>(
        [this, request = std::move(request)](auto done) mutable { inner_->push(std::move(request), std::move(done)); });
}

} // namespace preau::http

// The Database that both engines share: queues, threads and deadlines. An engine only opens sessions.
#pragma once

#include "lane_queue.hpp"
#include "read_queue.hpp"
#include "session.hpp"

#include <condition_variable>
#include <thread>

namespace preau::db {

struct Engine {
    virtual ~Engine() = default;
    virtual std::string_view name() const = 0;
    virtual std::unique_ptr<Session> open_reader() = 0;
    virtual std::unique_ptr<Session> open_writer() = 0;
};

struct EngineThreads {
    int readers;
    int writers;
};

class EngineDatabase final : public Database {
public:
    EngineDatabase(std::unique_ptr<Engine> engine, EngineThreads count, QueueLimits limits);
    // What started is finished and answered; what still waits fails with Overloaded.
    ~EngineDatabase() override;

    void migrate(const std::vector<Migration>& migrations) override;
    std::string_view engine() const override { return engine_->name(); }
    void prepare_all() override;

protected:
    void submit_read(std::unique_ptr<Job> job) override;
    void submit_write(Lane lane, std::unique_ptr<Job> job) override;
    void submit_write_across(std::vector<Lane> lanes, std::unique_ptr<Job> job) override;

private:
    void read_loop(Session& session);
    void write_loop(Session& session);
    void drop_expired_loop();

    std::unique_ptr<Engine> engine_;
    QueueLimits limits_;
    ReadQueue reads_;
    LaneQueue writes_;
    std::mutex stop_mutex_;
    std::condition_variable stop_condition_;
    bool stopping_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace preau::db

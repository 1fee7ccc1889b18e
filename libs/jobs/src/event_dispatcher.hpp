// Hands the events of the outbox to subscribers, each with its own durable cursor.
#pragma once

#include "event_store.hpp"

#include <map>

namespace preau::jobs {

class EventDispatcher {
public:
    EventDispatcher(db::Database& db, const Clock& clock, IdSource& ids) : db_{db}, clock_{clock}, ids_{ids} {}

    void add(std::string name, std::vector<std::string> prefixes, Subscriber subscriber, Jobs::Start start);
    void plant_cursors(); // of subscribers that the database does not know yet
    int deliver_some();   // one portion to each subscriber; answers how many events were passed. One thread at a time
    // One event, that was put aside before.
    Task<void> deliver_again(std::string name, std::string position);

private:
    struct Subscribed {
        std::string name;
        std::vector<std::string> prefixes;
        Subscriber subscriber;
        Jobs::Start start;
        store::Cursor seen; // as last known here: saves a write that would find nothing
        int one_by_one = 0; // portions of one event after a portion failed, to find the one that does it
        bool wants(const Event& event) const;
    };
    int deliver(Subscribed& subscribed);
    struct Portion {
        int events = 0;
        store::Cursor cursor;
    };
    Portion hand_over(db::Tx& tx, const Subscribed& subscribed, int limit) const;
    void note_failure(Subscribed& subscribed, int limit, const std::string& problem);

    db::Database& db_;
    const Clock& clock_;
    IdSource& ids_;
    std::map<std::string, std::unique_ptr<Subscribed>, std::less<>> subscribed_;
};

} // namespace preau::jobs

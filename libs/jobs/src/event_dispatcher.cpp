#include "event_dispatcher.hpp"

#include "job_store.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"

#include <algorithm>

namespace preau::jobs {
namespace {

constexpr int portion = 256;
constexpr int tries_alone = 10;
constexpr Millis first_pause = 1_s;
constexpr Millis longest_pause = 10_min;

Millis pause_after(std::int64_t failures) {
    auto pause = first_pause;
    for (std::int64_t i = 1; i < failures && pause < longest_pause; ++i) pause *= 2;
    return std::min(pause, longest_pause);
}

db::Lane lane_of_name(std::string_view name) { return {std::hash<std::string_view>{}(name)}; }

} // namespace

bool EventDispatcher::Subscribed::wants(const Event& event) const {
    return std::ranges::any_of(prefixes, [&](const auto& prefix) { return event.kind.starts_with(prefix); });
}

void EventDispatcher::add(std::string name, std::vector<std::string> prefixes, Subscriber subscriber,
                          Jobs::Start start) {
    auto subscribed = std::make_unique<Subscribed>(name, std::move(prefixes), std::move(subscriber), start);
    auto [place, added] = subscribed_.emplace(std::move(name), std::move(subscribed));
    PREAU_ASSERT(added);
}

void EventDispatcher::plant_cursors() {
    db_.write_now([this](db::Tx& tx) {
        auto newest = store::newest(tx);
        for (const auto& [name, subscribed] : subscribed_)
            store::insert_cursor(tx, name, subscribed->start == Jobs::Start::Now ? newest : store::Cursor{});
    });
}

int EventDispatcher::deliver_some() {
    int events = 0;
    for (auto& [name, subscribed] : subscribed_) events += deliver(*subscribed);
    return events;
}

int EventDispatcher::deliver(Subscribed& subscribed) {
    auto waits =
        db_.read_now([seen = subscribed.seen](db::Tx& tx) { return !store::settled_after(tx, seen, 1).empty(); });
    if (!waits) return 0;
    const int limit = subscribed.one_by_one > 0 ? 1 : portion;
    try {
        auto passed =
            db_.write_now([&](db::Tx& tx) { return hand_over(tx, subscribed, limit); }, lane_of_name(subscribed.name));
        if (passed.events) subscribed.seen = passed.cursor;
        if (subscribed.one_by_one > 0 && passed.events) --subscribed.one_by_one;
        return passed.events;
    } catch (const db::Overloaded&) {
        return 0; // nobody's fault: the next round tries again
    } catch (const std::exception& problem) {
        note_failure(subscribed, limit, problem.what());
        return limit == 1 ? 0 : 1; // go on at once, one by one
    }
}

EventDispatcher::Portion EventDispatcher::hand_over(db::Tx& tx, const Subscribed& subscribed, int limit) const {
    auto cursor = store::hold_cursor(tx, subscribed.name);
    if (!cursor || cursor->retry_at > clock_.now()) return {};
    auto entries = store::settled_after(tx, *cursor, cursor->failures > 0 ? 1 : limit);
    if (entries.empty()) return {};
    std::vector<Event> wanted;
    for (const auto& entry : entries)
        if (auto event = entry.event(); subscribed.wants(event)) wanted.push_back(std::move(event));
    if (!wanted.empty()) subscribed.subscriber(tx, wanted);
    Portion passed{.events = static_cast<int>(entries.size()),
                   .cursor = {.transaction_ = entries.back().transaction_, .position = entries.back().position}};
    store::move_cursor(tx, subscribed.name, passed.cursor);
    return passed;
}

void EventDispatcher::note_failure(Subscribed& subscribed, int limit, const std::string& problem) {
    log::warn("event subscriber failed: name={} problem={}", subscribed.name, problem);
    if (limit > 1) { // which one it was shows when they come alone
        subscribed.one_by_one = portion;
        return;
    }
    db_.write_now(
        [this, name = subscribed.name, problem](db::Tx& tx) {
            auto cursor = store::hold_cursor(tx, name);
            if (!cursor) return;
            auto next = store::settled_after(tx, *cursor, 1);
            if (next.empty()) return;
            ++cursor->failures;
            cursor->retry_at = clock_.now() + pause_after(cursor->failures);
            if (cursor->failures >= tries_alone) {
                store::insert_dead(tx,
                                   {.id = ids_.next_as<JobId>(),
                                    .kind = "event:" + name,
                                    .payload = std::to_string(next[0].position),
                                    .attempt = tries_alone},
                                   problem, clock_.now());
                *cursor = {.transaction_ = next[0].transaction_, .position = next[0].position};
            }
            store::move_cursor(tx, name, *cursor);
        },
        lane_of_name(subscribed.name));
}

Task<void> EventDispatcher::deliver_again(std::string name, std::string position) {
    const auto& subscribed = *subscribed_.find(name)->second;
    co_await db_.write(lane_of_name(name), [&subscribed, position = std::stoll(position)](db::Tx& tx) {
        auto event = store::find_event(tx, position);
        if (event) subscribed.subscriber(tx, std::span{&*event, 1});
    });
}

} // namespace preau::jobs

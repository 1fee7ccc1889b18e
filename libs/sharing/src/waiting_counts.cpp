#include "waiting_counts.hpp"

#include "admitted.hpp"

namespace preau::sharing {
namespace {

constexpr Millis remembered = 30_s;
constexpr std::size_t most_entries = 20'000; // who comes when it is full makes room for all: a count is cheap

} // namespace

std::optional<WaitingCount> WaitingCounts::find(PersonId person, Millis now) {
    std::lock_guard lock{mutex_};
    auto entry = entries_.find(person.value);
    if (entry == entries_.end() || now >= entry->second.until) return std::nullopt;
    return entry->second.count;
}

void WaitingCounts::keep(PersonId person, WaitingCount count, Millis now) {
    std::lock_guard lock{mutex_};
    if (entries_.size() >= most_entries) entries_.clear();
    entries_[person.value] = {.count = count, .until = now + remembered};
}

void WaitingCounts::forget(PersonId person) {
    std::lock_guard lock{mutex_};
    entries_.erase(person.value);
}

void forget_waiting(const http::Request& request) {
    const auto* admitted = std::any_cast<Admitted>(&request.admitted);
    if (admitted && admitted->counts) admitted->counts->forget(admitted->viewer.person);
}

} // namespace preau::sharing

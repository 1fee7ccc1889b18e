#include "open_files.hpp"

namespace preau::blob {

std::optional<Source> OpenFiles::find(const std::string& locator) {
    std::lock_guard lock{mutex_};
    auto place = places_.find(locator);
    if (place == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->source;
}

void OpenFiles::keep(const std::string& locator, const Source& source) {
    std::lock_guard lock{mutex_};
    if (places_.contains(locator)) return; // two first readers at once
    entries_.push_front({.locator = locator, .source = source});
    places_.emplace(entries_.front().locator, entries_.begin());
    if (entries_.size() <= most_) return;
    places_.erase(entries_.back().locator);
    entries_.pop_back(); // responses that still send from it hold it open themselves
}

void OpenFiles::forget(const std::string& locator) {
    std::lock_guard lock{mutex_};
    auto place = places_.find(locator);
    if (place == places_.end()) return;
    auto entry = place->second;
    places_.erase(place); // before the text that its key views
    entries_.erase(entry);
}

} // namespace preau::blob

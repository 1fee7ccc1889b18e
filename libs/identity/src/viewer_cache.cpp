#include "viewer_cache.hpp"

namespace preau::identity {

bool ViewerCache::fresh(const Entry& entry, Millis now) const {
    // A clock that went back makes an entry look young for ever: then it is not fresh either.
    return now >= entry.loaded_at && now - entry.loaded_at < longest && now < entry.valid_until;
}

std::optional<Viewer> ViewerCache::find(const std::string& key) {
    auto now = clock_.now();
    auto& place = shard(key);
    std::lock_guard lock{place.mutex};
    auto found = place.entries.find(key);
    if (found == place.entries.end() || !fresh(found->second, now)) return std::nullopt;
    return found->second.viewer;
}

void ViewerCache::put(const std::string& key, const Viewer& viewer, std::uint64_t epoch, Millis valid_until) {
    auto now = clock_.now();
    auto& place = shard(key);
    std::lock_guard lock{place.mutex};
    // Asked under the lock: `drop` raises the epoch first and takes every lock afterwards, so one of the two sees the
    // other.
    if (epoch != epoch_.load()) return;
    if (place.entries.size() >= most_in_shard) {
        std::erase_if(place.entries, [&](const auto& entry) { return !fresh(entry.second, now); });
        if (place.entries.size() >= most_in_shard) place.entries.clear();
    }
    place.entries.insert_or_assign(key, Entry{.viewer = viewer, .loaded_at = now, .valid_until = valid_until});
}

void ViewerCache::drop(PersonId person) {
    ++epoch_;
    for (auto& place : shards_) {
        std::lock_guard lock{place.mutex};
        std::erase_if(place.entries, [&](const auto& entry) { return entry.second.viewer.person == person; });
    }
}

void ViewerCache::drop_all() {
    ++epoch_;
    for (auto& place : shards_) {
        std::lock_guard lock{place.mutex};
        place.entries.clear();
    }
}

} // namespace preau::identity

// Viewers for at most a second, so that a page costs no database hop. Bounded; dropped at once when a session ends in
// this process, and within the second when it ends in another.
#pragma once

#include "identity/viewer.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace preau::identity {

class ViewerCache {
public:
    explicit ViewerCache(const Clock& clock) : clock_{clock} {}

    std::optional<Viewer> find(const std::string& key);
    // Taken before the row is read and given with what was read: a viewer that was loaded while a session was being
    // revoked is not kept, or it would live a second longer than the revocation.
    std::uint64_t epoch() const { return epoch_.load(); }
    void put(const std::string& key, const Viewer& viewer, std::uint64_t epoch, Millis valid_until);
    void drop(PersonId person);
    void drop_all();

private:
    struct Entry {
        Viewer viewer;
        Millis loaded_at = 0;
        Millis valid_until = 0; // the session's own end
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, Entry> entries;
    };
    static constexpr std::size_t most_in_shard = 1024;
    static constexpr Millis longest = 1_s;

    bool fresh(const Entry& entry, Millis now) const;
    Shard& shard(const std::string& key) { return shards_[static_cast<unsigned char>(key.front()) % shards_.size()]; }

    const Clock& clock_;
    std::atomic<std::uint64_t> epoch_ = 0;
    std::array<Shard, 16> shards_;
};

} // namespace preau::identity

// A map of bounded size that forgets what was used least lately.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace preau::identity {

template <class Value> class LruMap {
public:
    explicit LruMap(std::size_t most) : most_{most} {}

    Value* find(std::string_view key) { // marks it as used
        auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->second;
    }
    Value& at_or_new(std::string_view key) {
        if (auto* value = find(key)) return *value;
        if (entries_.size() >= most_) {
            places_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(std::string{key}, Value{});
        // The key is a view of the list's string: a list never moves its nodes.
        places_.emplace(entries_.front().first, entries_.begin());
        return entries_.front().second;
    }
    void erase(std::string_view key) {
        auto found = places_.find(key);
        if (found == places_.end()) return;
        auto place = found->second;
        places_.erase(found);
        entries_.erase(place);
    }
    std::size_t size() const { return entries_.size(); }

private:
    using Entries = std::list<std::pair<std::string, Value>>;
    std::size_t most_;
    Entries entries_;
    std::unordered_map<std::string_view, typename Entries::iterator> places_;
};

} // namespace preau::identity

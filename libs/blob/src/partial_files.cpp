#include "partial_files.hpp"

#include <algorithm>

namespace preau::blob {
namespace {
constexpr std::size_t most_remembered = 512; // some hundred bytes each
}

void PartialFiles::remember(std::string name, FileState state, Digests digests) {
    std::lock_guard lock{mutex_};
    entries_.remove_if([&](const Entry& entry) { return entry.name == name; });
    entries_.push_front({.name = std::move(name), .state = state, .digests = std::move(digests)});
    if (entries_.size() > most_remembered) entries_.pop_back();
}

std::optional<Digests> PartialFiles::take(const std::string& name, const FileState& state) {
    std::lock_guard lock{mutex_};
    auto found = std::ranges::find(entries_, name, &Entry::name);
    if (found == entries_.end()) return std::nullopt;
    auto entry = std::move(*found);
    entries_.erase(found);
    if (entry.state != state) return std::nullopt;
    return std::move(entry.digests);
}

} // namespace preau::blob

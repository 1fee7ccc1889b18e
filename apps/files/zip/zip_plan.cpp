#include "files/zip/zip_plan.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <functional>

namespace preau::files::zip {
namespace {

std::uint32_t seconds_of(Millis moment) {
    return static_cast<std::uint32_t>(std::clamp<Millis>(moment / 1000, 0, 0x7FFFFFFF)); // a signed number of 32 bits
}

} // namespace

void Plan::enter_folder() { taken_.clear(); }

// A name that hashes like another one is numbered without need, which harms nobody. Each name remembers the next number
// to try: a folder of a hundred thousand names that differ in a forbidden character only is no work of its square.
std::string Plan::free_name(std::string_view name) {
    auto hashed = [](std::string_view text) { return std::hash<std::string>{}(fold_case(text)); };
    auto wanted = safe_name(name);
    auto [place, free] = taken_.try_emplace(hashed(wanted), 2);
    if (free) return wanted;
    auto& next = place->second; // stays where it is when the table grows
    for (;;) {
        auto candidate = numbered_name(wanted, next++);
        if (taken_.try_emplace(hashed(candidate), 2).second) return candidate;
    }
}

std::uint32_t Plan::add(Item item, std::string_view name) {
    auto own = free_name(name);
    auto above = item.parent == root ? 0U : entries_[item.parent].path_size;
    item.name = static_cast<std::uint32_t>(names_.size());
    item.name_size = static_cast<std::uint16_t>(own.size());
    // 64 levels of 255 bytes and their slashes stay far below what 16 bits hold.
    item.path_size = static_cast<std::uint16_t>(above + own.size() + (item.folder ? 1 : 0));
    names_ += own;
    entries_.push_back(item);
    return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t Plan::add_folder(std::uint32_t parent, std::string_view name, Millis changed_at) {
    return add({.seconds = seconds_of(changed_at), .parent = parent, .folder = true}, name);
}

std::uint32_t Plan::add_file(std::uint32_t parent, std::string_view name, Millis changed_at, blob::BlobId blob,
                             std::uint64_t size, std::uint32_t crc32) {
    return add({.size = size, .blob = blob, .crc32 = crc32, .seconds = seconds_of(changed_at), .parent = parent}, name);
}

void Plan::set_crc32(std::uint32_t entry, std::uint32_t crc32) { entries_[entry].crc32 = crc32; }

void Plan::close() {
    taken_ = {};
    entries_.shrink_to_fit();
    Sha256 digest;
    digest.update(std::as_bytes(std::span{names_}));
    std::uint64_t at = 0;
    for (auto& item : entries_) {
        item.offset = at;
        at += local_size(item.path_size, item.size) + item.size;
        const std::uint64_t said[] = {item.offset, static_cast<std::uint64_t>(item.blob.value),
                                      item.crc32,  item.seconds,
                                      item.parent, item.name_size};
        digest.update(std::as_bytes(std::span{said}));
    }
    central_offset_ = at;
    for (std::uint32_t i = 0; i < entries_.size(); ++i) central_length_ += central_size_of(i);
    length_ = central_offset_ + central_length_ + end_size(entries_.size(), central_length_, central_offset_);
    tag_ = hex(digest.finish().substr(0, 16));
}

std::uint32_t Plan::entry_at(std::uint64_t offset) const {
    PREAU_ASSERT(!entries_.empty() && offset < central_offset_);
    auto after = std::ranges::upper_bound(entries_, offset, {}, &Item::offset);
    return static_cast<std::uint32_t>(after - entries_.begin() - 1);
}

std::string Plan::path_of(std::uint32_t entry) const {
    std::string path(entries_[entry].path_size, '/');
    auto end = path.size() - (entries_[entry].folder ? 1 : 0);
    for (auto at = entry; at != root; at = entries_[at].parent) {
        const auto& item = entries_[at];
        names_.copy(path.data() + end - item.name_size, item.name_size, item.name);
        end -= item.name_size + (item.parent == root ? 0U : 1U);
    }
    PREAU_ASSERT(end == 0);
    return path;
}

Entry Plan::entry_of(std::uint32_t entry, std::string_view path) const {
    const auto& item = entries_[entry];
    return {.path = path, .size = item.size, .crc32 = item.crc32, .seconds = item.seconds};
}

std::string Plan::local_header(std::uint32_t entry) const {
    std::string out;
    auto path = path_of(entry);
    write_local(out, entry_of(entry, path));
    return out;
}

std::uint64_t Plan::central_size_of(std::uint32_t entry) const {
    const auto& item = entries_[entry];
    return central_size(item.path_size, item.size, item.offset);
}

void Plan::write_central(std::string& out, std::uint32_t entry) const {
    auto path = path_of(entry);
    zip::write_central(out, entry_of(entry, path), entries_[entry].offset);
}

void Plan::write_end(std::string& out) const { zip::write_end(out, entries_.size(), central_length_, central_offset_); }

} // namespace preau::files::zip

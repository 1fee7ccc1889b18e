// What a ZIP will hold, found before its first byte leaves: a walk through the tree by keyed pages, in several short
// reads, as the viewer sees it. From then on its length, its ranges and its tag are known, whatever happens to the
// tree.
//
// Kept for each entry are some 50 bytes and its own name (not its path): what the central directory at the end needs.
// With at most 200,000 entries that is 12 MB for a usual one of that size, 60 MB when every name is as long as can be.
#pragma once

#include "blob/blob_store.hpp"
#include "files/zip/zip_format.hpp"
#include "sharing/item.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace preau::files::zip {

inline constexpr std::size_t most_entries = 200'000;

class Plan {
public:
    static constexpr std::uint32_t root = 0xFFFFFFFF; // parent of what stands at the top

    // Names are made safe for Windows, and numbered where two of one folder would meet on a disk that does not tell
    // capitals apart. The number of the entry.
    std::uint32_t add_folder(std::uint32_t parent, std::string_view name, Millis changed_at);
    std::uint32_t add_file(std::uint32_t parent, std::string_view name, Millis changed_at, blob::BlobId blob,
                           std::uint64_t size, std::uint32_t crc32);
    void set_crc32(std::uint32_t entry, std::uint32_t crc32);
    // Children of one folder come one after the other: their names need to be known only until the next folder.
    void enter_folder();
    void close(); // no more entries: offsets and tag are counted

    std::size_t size() const { return entries_.size(); }
    std::uint64_t length() const { return length_; }
    std::uint64_t central_offset() const { return central_offset_; }
    const std::string& tag() const { return tag_; } // changes with anything that the archive holds

    std::uint32_t entry_at(std::uint64_t offset) const; // the one whose header or bytes stand there
    std::uint64_t offset_of(std::uint32_t entry) const { return entries_[entry].offset; }
    blob::BlobId blob_of(std::uint32_t entry) const { return entries_[entry].blob; } // none: a folder
    std::uint64_t size_of(std::uint32_t entry) const { return entries_[entry].size; }
    std::string local_header(std::uint32_t entry) const;
    std::uint64_t central_size_of(std::uint32_t entry) const;
    void write_central(std::string& out, std::uint32_t entry) const;
    void write_end(std::string& out) const;

private:
    struct Item {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        blob::BlobId blob;
        std::uint32_t crc32 = 0;
        std::uint32_t seconds = 0;
        std::uint32_t parent = root;
        std::uint32_t name = 0; // where it begins in names_
        std::uint16_t name_size = 0;
        std::uint16_t path_size = 0; // with the slash of a folder
        bool folder = false;
    };
    std::uint32_t add(Item item, std::string_view name);
    std::string free_name(std::string_view name);
    std::string path_of(std::uint32_t entry) const;
    Entry entry_of(std::uint32_t entry, std::string_view path) const;

    std::vector<Item> entries_;
    std::string names_;
    // Of the folder that is being filled: folded names, hashed, and the number to try next for each.
    std::unordered_map<std::uint64_t, int> taken_;
    std::uint64_t central_offset_ = 0;
    std::uint64_t central_length_ = 0;
    std::uint64_t length_ = 0;
    std::string tag_;
};

} // namespace preau::files::zip

// What a backup and a restore do with each line of a list of bytes, some at a time: a disk that syncs one small file
// after the other spends its time waiting.
#pragma once

#include "blob/blob_store.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace preau::server {

struct CopiedBytes {
    std::int64_t files = 0; // copied now
    std::int64_t bytes = 0;
    std::int64_t missing = 0;         // listed, but not there
    std::vector<std::string> damaged; // locators; at most 100 are kept
};

// Copies what the list names from one store to the other. Throws db::StorageFull when the target's disk is full.
CopiedBytes copy_all(blob::BlobStore& from, blob::BlobStore& to, const std::filesystem::path& list);

enum class Depth { Lengths, Bytes }; // Bytes: all of them are read and their hash is computed again
// `files` and `bytes` then count what was looked at.
CopiedBytes check_all(blob::BlobStore& store, const std::filesystem::path& list, Depth depth);

} // namespace preau::server

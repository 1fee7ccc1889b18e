// Digests of partial uploads between two of their requests, so that the next one need not read all bytes again. Only a
// memory: after a restart, or when it overflows, the bytes are read once more. Thread-safe.
#pragma once

#include "digests.hpp"
#include "durable_file.hpp"

#include <list>
#include <mutex>
#include <optional>
#include <string>

namespace preau::blob {

class PartialFiles {
public:
    // `state` is that of the file when it was let go: another process that wrote meanwhile changed it.
    void remember(std::string name, FileState state, Digests digests);
    std::optional<Digests> take(const std::string& name, const FileState& state);

private:
    struct Entry {
        std::string name;
        FileState state;
        Digests digests;
    };
    std::mutex mutex_;
    std::list<Entry> entries_; // the latest in front
};

} // namespace preau::blob

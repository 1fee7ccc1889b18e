// The files that were read last, kept open: a worksheet that thirty pupils fetch at once is opened once. Bounded,
// because descriptors are. Thread-safe.
#pragma once

#include "blob/blob_store.hpp"

#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace preau::blob {

class OpenFiles {
public:
    explicit OpenFiles(std::size_t most) : most_{most} {}
    std::optional<Source> find(const std::string& locator);
    void keep(const std::string& locator, const Source& source);
    void forget(const std::string& locator);

private:
    struct Entry {
        std::string locator;
        Source source;
    };
    std::mutex mutex_;
    std::size_t most_;
    std::list<Entry> entries_; // the one used last in front
    std::unordered_map<std::string_view, std::list<Entry>::iterator> places_; // views into the entries
};

} // namespace preau::blob

// Previews and plain text of stored bytes, made in the sandbox by workers/convert, kept in the blob store, one per
// (bytes, what): ten copies of a photo have one thumbnail.
#pragma once

#include "blob/blob_store.hpp"
#include "jobs/jobs.hpp"
#include "sandbox/sandbox.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace preau::preview {

enum class What {
    Thumbnail, // WebP, fits 400 × 400
    Large,     // WebP, fits 1600 × 1600: what the viewer shows
    Document,  // PDF of an office document
    Text,      // UTF-8 plain text, at most 1 MiB: for search
};

struct Made {
    std::string locator; // of the blob store: `blobs.open(locator)`
    std::int64_t size = 0;
    std::string type; // "image/webp", "application/pdf", "text/plain; charset=utf-8"
};

// By the file's name and media type: whether a preview can be had at all on this machine (LibreOffice is optional).
class Previews {
public:
    struct Options {
        int at_once = 2; // sandboxed processes
    };
    Previews(db::Database& db, blob::BlobStore& blobs, sandbox::Sandbox& sandbox, const Clock& clock, IdSource& ids,
             Options options);
    ~Previews();
    bool can_make(What what, std::string_view media_type) const;
    // From the cache, or made now (callers of the same one wait for one process). Errors: preview.impossible (NotFound:
    // hostile, broken or unknown bytes; remembered, so that it is not tried again), preview.busy (Unavailable).
    Task<Result<Made>> make(What what, blob::Stored source, std::string media_type);
};

std::vector<db::Migration> migrations();

} // namespace preau::preview

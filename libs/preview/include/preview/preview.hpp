// Previews and plain text of stored bytes, made in the sandbox by workers/convert and the machine's own tools, kept in
// the blob store, one per (bytes, what): ten copies of a photo have one thumbnail.
#pragma once

#include "base/result.hpp"
#include "blob/blob_store.hpp"
#include "jobs/jobs.hpp"
#include "sandbox/sandbox.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace preau::preview {

enum class What {
    Thumbnail = 1, // WebP, fits 400 × 400
    Large = 2,     // WebP, fits 1600 × 1600: what the viewer shows
    Document = 3,  // PDF of an office document
    Text = 4,      // UTF-8 plain text, at most 1 MiB: for search
    Face = 5,      // WebP, 96 × 96, the middle of it: a person beside their name
    Portrait = 6,  // WebP, 320 × 320, the same
};

struct Made {
    std::string locator; // of the blob store: `blobs.open(locator)`
    std::int64_t size = 0;
    std::string hash; // SHA-256 of the preview itself, hex
    std::string type; // "image/webp", "application/pdf", "text/plain; charset=utf-8"
};

struct Ability { // for the administrator
    std::string_view what; // "pictures", "PDF", "office documents", "text"
    std::string why_not;   // empty: works
};

struct Options {
    std::string worker;  // path of preau-convert; empty: beside the running program
    int at_once = 3; // sandboxed processes: one more than two cores, because each ends waiting for the disk; office
                     // documents one at a time
    int waiting = 200;   // beyond those: preview.busy
};

class Previews {
public:
    // All must outlive it. The destructor waits for what runs: sandbox.stop() first ends that at once.
    Previews(db::Database& db, blob::BlobStore& blobs, sandbox::Sandbox& sandbox, const Clock& clock, IdSource& ids,
             Options options = {});
    ~Previews();
    Previews(const Previews&) = delete;
    Previews& operator=(const Previews&) = delete;

    // Whether it is worth asking, by the kind alone and by what this machine has; the bytes may still be broken.
    bool can_make(What what, std::string_view media_type) const;
    std::vector<Ability> abilities() const;

    // From the cache, or made now (callers of the same one wait for one process). Errors: preview.impossible (NotFound:
    // hostile, broken or unknown bytes; remembered, so that it is not tried again), preview.busy (Unavailable, with
    // retry_after), preview.off (Unavailable: the sandbox or a tool is missing), those of the blob store.
    Task<Result<Made>> make(What what, blob::Stored source, std::string media_type);

    // Before jobs.start(): once a day previews of bytes that nobody references any more are released.
    void add_jobs(jobs::Jobs& jobs);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

std::vector<db::Migration> migrations();

} // namespace preau::preview

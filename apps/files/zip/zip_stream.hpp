// The bytes of an archive, in the order in which they leave: headers from memory, files from the blob store.
#pragma once

#include "files/files.hpp"
#include "files/zip/zip_plan.hpp"

#include <functional>
#include <map>
#include <memory>

namespace preau::files::zip {

// Asked again and again while the bytes leave: may whoever asked still see what they asked for?
using StillAllowed = std::function<Result<void>(db::Tx&)>;

// Throws, and so cuts the connection, when the right was withdrawn or bytes are gone: never a wrong archive. What was
// replaced after the plan was made is sent as it was, as long as the store still has it.
class Stream final : public http::Segments {
public:
    Stream(Files& files, std::shared_ptr<const Plan> plan, StillAllowed still_allowed);
    std::uint64_t length() const override { return plan_->length(); }
    Task<http::Segment> from(std::uint64_t offset) override;

private:
    http::Segment directory_from(std::uint64_t offset);
    Task<http::Segment> bytes_from(std::uint32_t entry, std::uint64_t offset);
    Task<void> look_ahead(std::uint32_t entry);

    Files& files_;
    std::shared_ptr<const Plan> plan_; // shared with nobody who changes it
    StillAllowed still_allowed_;
    // Where the bytes of the next entries stand: one question to the database for some hundred files.
    std::map<blob::BlobId, std::string> locators_;
    std::uint32_t known_until_ = 0;
    std::uint32_t known_from_ = 0;
    Millis asked_at_ = 0;
    // Where in the central directory the last piece ended.
    std::uint32_t next_central_ = 0;
    std::uint64_t next_central_offset_;
};

} // namespace preau::files::zip

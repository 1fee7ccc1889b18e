// A partial upload in a local store: a file under partial/ that is locked as long as somebody works on it.
#pragma once

#include "blob/blob_store.hpp"

#include "blob_workers.hpp"
#include "local_layout.hpp"
#include "partial_files.hpp"

namespace preau::blob {

class LocalPartial final : public Partial {
public:
    // `file` is open and locked.
    LocalPartial(LocalLayout& layout, BlobWorkers& workers, PartialFiles& remembered, std::string name, File file);
    ~LocalPartial() override;

    Task<Result<void>> start_at(std::int64_t offset) override;
    Task<Result<void>> write(std::span<const std::byte> bytes) override;
    Task<Result<void>> sync() override;
    Task<Result<Stored>> finish() override;
    std::int64_t written() const override { return digests_.size(); }

private:
    // On a worker; throw std::system_error.
    Result<void> rewind(std::int64_t offset);
    Result<void> append(std::span<const std::byte> bytes);
    Result<void> make_durable();
    Result<Stored> put_into_place();
    template <class T> Task<Result<T>> on_worker(std::function<Result<T>()> step);

    LocalLayout& layout_;
    BlobWorkers& workers_;
    PartialFiles& remembered_;
    std::string name_;
    std::filesystem::path path_;
    File file_;
    Digests digests_; // of what is written
    Digests synced_;  // of what is synced
    std::int64_t written_back_ = 0;
    bool named_ = false; // the directory is known to hold the name durably
    bool failed_ = false; // a write broke off: only start_at goes on
};

} // namespace preau::blob

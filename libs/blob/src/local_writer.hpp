// One upload into a local store. All that touches the disk runs on the store's workers; the SHA-256 too, because it
// costs as much as the copying.
#pragma once

#include "blob/blob_store.hpp"

#include "blob_workers.hpp"
#include "digests.hpp"
#include "durable_file.hpp"
#include "local_layout.hpp"

namespace preau::blob {

class LocalWriter final : public Writer {
public:
    LocalWriter(LocalLayout& layout, BlobWorkers& workers);
    ~LocalWriter() override;

    Task<Result<void>> write(std::span<const std::byte> bytes) override;
    Task<Result<Stored>> finish() override;
    std::int64_t written() const override { return digests_.size(); }

private:
    // On a worker; throw std::system_error.
    void open_when_new();
    void append(std::span<const std::byte> bytes);
    Stored put_into_place();
    template <class T, class Step> Result<T> attempt(Step step); // storage that is full becomes an error

    LocalLayout& layout_;
    BlobWorkers& workers_;
    std::string nonce_ = LocalLayout::nonce();
    std::filesystem::path path_; // where the file stands now; empty as long as there is none
    File file_;
    Digests digests_;
    std::int64_t written_back_ = 0;
    bool full_ = false;
    bool kept_ = false;
};

} // namespace preau::blob

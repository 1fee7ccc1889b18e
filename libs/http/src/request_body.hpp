// The body of the request that is being served: by Content-Length or chunked, read only when somebody asks for more.
#pragma once

#include "http/chunked.hpp"
#include "http/head.hpp"
#include "inbox.hpp"

namespace preau::http {

class RequestBody {
public:
    RequestBody(Inbox& inbox, const Head& head, std::uint64_t limit, std::int64_t patience);

    Task<Result<std::size_t>> read(std::span<std::byte> buffer);
    Task<Result<std::string>> read_whole();
    std::optional<std::uint64_t> length() const { return length_; }
    bool empty() const { return !chunked_ && left_ == 0; } // nothing will come, or nothing more
    // Reads what the handler left, at most `most` bytes. False: more would come, so the connection cannot go on.
    Task<bool> drop_rest(std::uint64_t most);

private:
    void set_deadline();
    Task<Result<std::size_t>> next(std::span<std::byte> buffer);
    Task<Result<std::size_t>> next_of_length(std::span<std::byte> buffer);
    Task<Result<std::size_t>> next_chunked(std::span<std::byte> buffer);

    Inbox& inbox_;
    std::optional<std::uint64_t> length_;
    bool chunked_ = false;
    bool awaits_continue_ = false; // the client holds the body back until we say "100 Continue"
    std::uint64_t left_ = 0;
    std::uint64_t limit_;
    std::uint64_t received_ = 0;
    std::int64_t patience_;
    std::int64_t began_ = 0; // monotonic nanoseconds, of the first read
    ChunkDecoder chunks_;
    std::optional<Error> failed_; // and stays so
};

// What a handler holds; may end before the body does.
class BodyView final : public BodyReader {
public:
    explicit BodyView(RequestBody& body) : body_{body} {}
    Task<Result<std::size_t>> read(std::span<std::byte> buffer) override { return body_.read(buffer); }
    std::optional<std::uint64_t> length() const override { return body_.length(); }

private:
    RequestBody& body_;
};

} // namespace preau::http

#include "request_body.hpp"

#include "base/clock.hpp"
#include "dispatch.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <vector>

namespace preau::http {
namespace {
constexpr std::size_t piece = 16 * 1024;
// Bytes a second on average that keep a body welcome; the slowest mobile network gives ten times as many.
constexpr std::int64_t slowest = 512;
} // namespace

Task<Transferred> Inbox::fill(std::size_t most) {
    if (taken_ > 0) {
        bytes_.erase(0, taken_);
        taken_ = 0;
    }
    auto before = bytes_.size();
    bytes_.resize(before + most);
    auto come = co_await transport_.read_some(std::as_writable_bytes(std::span{bytes_}.subspan(before)));
    bytes_.resize(before + come.bytes);
    co_return come;
}

RequestBody::RequestBody(Inbox& inbox, const Head& head, std::uint64_t limit, std::int64_t patience)
    : inbox_{inbox}, length_{head.content_length}, chunked_{head.chunked},
      awaits_continue_{head.expects_continue && (head.chunked || head.content_length.value_or(0) > 0)},
      left_{head.content_length.value_or(0)}, limit_{limit}, patience_{patience} {}

Task<Result<std::size_t>> RequestBody::read(std::span<std::byte> buffer) {
    if (failed_) co_return std::unexpected(*failed_);
    if (empty() || buffer.empty()) co_return 0U;
    set_deadline();
    if (std::exchange(awaits_continue_, false)) {
        bool said = co_await write_all(inbox_.transport(), "HTTP/1.1 100 Continue\r\n\r\n");
        if (!said) failed_ = Error{.kind = Error::Kind::Malformed, .key = "http.body_truncated"};
    }
    auto count = co_await next(buffer);
    if (count && (received_ += *count) > limit_) count = fail(Error::Kind::TooLarge, "http.body_too_large");
    if (!count) failed_ = count.error();
    co_return count;
}

// Patience alone would let a byte every half minute hold a connection for days: what came so far also has to have come
// at a pace.
void RequestBody::set_deadline() {
    auto now = monotonic_nanoseconds();
    if (began_ == 0) began_ = now;
    auto received = static_cast<std::int64_t>(std::min<std::uint64_t>(received_, std::uint64_t{1} << 40));
    auto due = began_ + patience_ + received * (1'000'000'000 / slowest);
    inbox_.transport().wait_until(std::min(now + patience_, due));
}

Task<Result<std::size_t>> RequestBody::next(std::span<std::byte> buffer) {
    if (failed_) co_return std::unexpected(*failed_);
    if (chunked_) co_return co_await next_chunked(buffer);
    co_return co_await next_of_length(buffer);
}

Task<Result<std::size_t>> RequestBody::next_of_length(std::span<std::byte> buffer) {
    auto most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    if (auto waiting = inbox_.view(); !waiting.empty()) {
        auto count = std::min(most, waiting.size());
        std::memcpy(buffer.data(), waiting.data(), count);
        inbox_.take(count);
        left_ -= count;
        co_return count;
    }
    auto come = co_await inbox_.read_past(buffer.first(most));
    if (come.bytes == 0) co_return fail(Error::Kind::Malformed, "http.body_truncated");
    left_ -= come.bytes;
    co_return come.bytes;
}

Task<Result<std::size_t>> RequestBody::next_chunked(std::span<std::byte> buffer) {
    while (true) {
        auto step = chunks_.decode(inbox_.view(), buffer);
        inbox_.take(step.consumed);
        if (chunks_.malformed()) co_return fail(Error::Kind::Malformed, "http.bad_request");
        if (chunks_.done()) chunked_ = false;
        if (step.produced > 0 || chunks_.done()) co_return step.produced;
        auto come = co_await inbox_.fill(piece);
        if (come.bytes == 0) co_return fail(Error::Kind::Malformed, "http.body_truncated");
    }
}

// Memory grows with what has come, not with what was announced.
Task<Result<std::string>> RequestBody::read_whole() {
    std::string whole;
    while (!empty()) {
        auto before = whole.size();
        whole.resize(before + (length_ ? static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece)) : piece));
        auto count = co_await read(std::as_writable_bytes(std::span{whole}.subspan(before)));
        if (!count) co_return std::unexpected(count.error());
        whole.resize(before + *count);
    }
    co_return whole;
}

Task<bool> RequestBody::drop_rest(std::uint64_t most) {
    if (empty()) co_return true;
    // Without "100 Continue" the client may send the body or leave it out: what follows could be either.
    if (failed_ || awaits_continue_ || (length_ && left_ > most)) co_return false;
    limit_ = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::byte> dropped(piece);
    for (std::uint64_t total = 0; !empty() && total <= most;) {
        auto count = co_await read(dropped);
        if (!count) co_return false;
        total += *count;
    }
    co_return empty();
}

} // namespace preau::http

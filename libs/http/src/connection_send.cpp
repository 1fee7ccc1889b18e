#include "connection.hpp"
#include "delivery.hpp"
#include "request_body.hpp"

#include "base/id.hpp"
#include "base/log.hpp"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace preau::http {
namespace {

constexpr std::uint64_t most_dropped = 256 * 1024;
constexpr std::size_t stream_piece = 64 * 1024;
constexpr std::uint64_t ahead = 2 * 1024 * 1024;

// "FFFF\r\n" in front of a chunk.
std::string_view chunk_line(std::span<char, 20> space, std::size_t size) {
    auto* end = std::to_chars(space.data(), space.data() + 16, size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return {space.data(), static_cast<std::size_t>(end - space.data())};
}

} // namespace

Task<Connection::Next> Connection::send(Taken& taken, Response response, RequestBody* body) {
    bool unread = body && !body->empty();
    Exchange exchange{.request = taken.request,
                      .site = shared_.site,
                      .date = loop_.date(),
                      .http_1_0 = taken.http_1_0,
                      .keep_alive = taken.keep_alive && !shared_.draining};
    if (unread) {
        // The rest of a small upload is read so that the connection can go on; that of a large one is not.
        bool dropped = co_await body->drop_rest(most_dropped);
        exchange.keep_alive = exchange.keep_alive && dropped;
        unread = !dropped;
    }
    auto delivery = plan_delivery(response, exchange);
    auto limits = shared_.options.limits;
    transport_->wait_patiently(std::chrono::nanoseconds{limits.progress_deadline}.count());
    bool sent = co_await deliver(delivery, response);
    count(response.status);
    if (!sent) co_return Next::Close;
    if (unread) co_return Next::Linger;
    co_return delivery.keep_alive ? Next::Request : Next::Close;
}

Task<bool> Connection::deliver(Delivery& delivery, Response& response) {
    if (delivery.kind == Delivery::Kind::Text) co_return co_await write_all(*transport_, delivery.head, delivery.text);
    // Nothing follows the head of an empty file: held back for more, it would leave only after 200 ms.
    const bool of_file = delivery.kind == Delivery::Kind::File || delivery.kind == Delivery::Kind::Segments;
    const bool bytes_follow = of_file && delivery.length > 0;
    const auto next = bytes_follow ? Transport::Next::File : Transport::Next::Nothing;
    bool begun = co_await write_all(*transport_, delivery.head, {}, next);
    if (!begun) co_return false;
    switch (delivery.kind) {
    case Delivery::Kind::File:
        co_return co_await send_file(*std::get<FileBody>(response.body).descriptor, delivery.offset, delivery.length);
    case Delivery::Kind::Segments:
        co_return co_await send_segments(std::get<std::shared_ptr<Segments>>(response.body), delivery.offset,
                                         delivery.length);
    case Delivery::Kind::Chunks: co_return co_await send_stream(std::move(std::get<StreamBody>(response.body)), true);
    case Delivery::Kind::UntilClose:
        co_return co_await send_stream(std::move(std::get<StreamBody>(response.body)), false);
    default: co_return true;
    }
}

Task<bool> Connection::send_file(int file, std::uint64_t offset, std::uint64_t length) {
    std::uint64_t announced = offset;
    while (length > 0) {
        // The disk reads ahead while the network sends, so that sendfile finds its pages and does not hold the loop.
        if (length > ahead && announced < offset + ahead) {
            ::posix_fadvise(file, static_cast<off_t>(announced), ahead, POSIX_FADV_WILLNEED);
            announced += ahead;
        }
        auto sent = co_await transport_->send_file_some(file, offset, length);
        if (sent.failed) co_return false;
        if (sent.bytes == 0) {
            log::error("a file is shorter than the response that announces it");
            co_return false;
        }
        offset += sent.bytes;
        length -= sent.bytes;
    }
    co_return true;
}

// At any moment there is one piece in memory. Small pieces are gathered by the kernel (MSG_MORE) into full packets.
Task<bool> Connection::send_segments(std::shared_ptr<Segments> body, std::uint64_t offset, std::uint64_t length) {
    try {
        while (length > 0) {
            auto piece = co_await body->from(offset);
            const bool memory = !piece.bytes.empty();
            const auto size = std::min<std::uint64_t>(memory ? piece.bytes.size() : piece.file.length, length);
            if (size == 0) throw std::logic_error("an empty segment");
            const auto next = size < length ? Transport::Next::File : Transport::Next::Nothing;
            bool sent = false;
            if (memory)
                sent = co_await write_all(*transport_, std::string_view{piece.bytes}.substr(0, size), {}, next);
            else
                sent = co_await send_file(*piece.file.descriptor, piece.file.offset, size);
            if (!sent) co_return false;
            offset += size;
            length -= size;
        }
    } catch (const std::exception& failure) {
        log::warn("a body of segments ends early: {}", failure.what());
        co_return false;
    }
    co_return true;
}

Task<bool> Connection::send_stream(StreamBody body, bool chunked) {
    std::vector<std::byte> buffer(stream_piece + 2);
    char line[20];
    try {
        while (true) {
            auto count = co_await body(std::span{buffer}.first(stream_piece));
            if (count == 0) break;
            if (chunked) {
                buffer[count] = std::byte{'\r'};
                buffer[count + 1] = std::byte{'\n'};
            }
            std::string_view bytes{reinterpret_cast<const char*>(buffer.data()), count + (chunked ? 2 : 0)};
            bool sent = co_await write_all(*transport_, chunked ? chunk_line(line, count) : std::string_view{}, bytes);
            if (!sent) co_return false;
        }
    } catch (const std::exception& failure) {
        // Half a body is sent: only a broken connection tells the client that it is not whole.
        log::error("a streamed response ends early: {}", failure.what());
        co_return false;
    }
    if (!chunked) co_return true;
    co_return co_await write_all(*transport_, "0\r\n\r\n");
}

} // namespace preau::http

#include "http/test_client.hpp"

#include "http/target.hpp"

#include "base/assert.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace preau::http {
namespace {

constexpr std::string_view test_host = "localhost:8080";

class TestBody final : public BodyReader {
public:
    TestBody(std::string body, std::uint64_t limit) : body_{std::move(body)}, limit_{limit} {}
    Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
        auto count = std::min(buffer.size(), body_.size() - read_);
        std::memcpy(buffer.data(), body_.data() + read_, count);
        read_ += count;
        if (read_ > limit_) co_return fail(Error::Kind::TooLarge, "http.body_too_large");
        co_return count;
    }
    std::optional<std::uint64_t> length() const override { return body_.size(); }

private:
    std::string body_;
    std::uint64_t limit_;
    std::size_t read_ = 0;
};

void fill_in(Request& request) {
    if (request.host.empty()) request.host = request.content_origin ? "content.localhost:8080" : test_host;
    if (request.peer.empty()) request.peer = "192.0.2.7";
    if (!request.headers.has("host")) request.headers.add("Host", request.host);
    if (request.method != Method::Get && request.method != Method::Head && !request.headers.has("origin"))
        request.headers.add("Origin", (request.secure ? "https://" : "http://") + request.host);
    if (!request.headers.has("sec-fetch-site")) request.headers.add("Sec-Fetch-Site", "same-origin");
}

std::string whole_file(const FileBody& file) {
    std::string bytes(file.length, '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        auto count =
            ::pread(*file.descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(file.offset + done));
        if (count <= 0) throw std::runtime_error("the file of a response is shorter than its stated length");
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

Task<std::string> whole_stream(StreamBody stream) {
    std::string bytes;
    std::vector<std::byte> buffer(64 * 1024);
    while (true) {
        auto count = co_await stream(buffer);
        if (count == 0) co_return bytes;
        bytes.append(reinterpret_cast<const char*>(buffer.data()), count);
    }
}

Task<std::string> whole_segments(std::shared_ptr<Segments> segments) {
    std::string bytes;
    while (bytes.size() < segments->length()) {
        auto piece = co_await segments->from(bytes.size());
        bytes += piece.bytes.empty() ? whole_file(piece.file) : piece.bytes;
    }
    co_return bytes;
}

Task<TestAnswer> answer(Response response) {
    TestAnswer whole{.status = response.status, .headers = response.headers};
    if (auto* text = std::get_if<std::string>(&response.body)) whole.body = std::move(*text);
    if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&response.body)) whole.body = **shared;
    if (auto* file = std::get_if<FileBody>(&response.body)) whole.body = whole_file(*file);
    if (auto* stream = std::get_if<StreamBody>(&response.body)) whole.body = co_await whole_stream(*stream);
    if (auto* segments = std::get_if<std::shared_ptr<Segments>>(&response.body))
        whole.body = co_await whole_segments(*segments);
    co_return whole;
}

// Exceptions of handlers come out of deliver(): a test wants to see them, not a page.
Task<TestAnswer> deliver_inside(const Router& router, Gatekeeper& gatekeeper, Request& request) {
    auto origin = request.content_origin ? Origin::Content : Origin::Main;
    auto match = router.match(request.method, request.path, origin);
    if (!match.route) {
        Error error{.kind = Error::Kind::NotFound,
                    .key = match.allowed.empty() ? "http.not_found" : "http.method_not_allowed"};
        if (!match.allowed.empty()) error.values = {{"status", "405"}};
        auto refusal = gatekeeper.refusal(request, error);
        refusal.status = status_of(error);
        if (!match.allowed.empty()) refusal.headers.set("Allow", match.allowed);
        co_return co_await answer(std::move(refusal));
    }
    request.parameters = std::move(match.parameters);
    auto refused = co_await gatekeeper.admit(request, *match.route);
    if (refused) co_return co_await answer(std::move(*refused));
    const auto& rule = match.route->rule;
    if (request.body.size() > rule.body_limit)
        co_return co_await answer(
            gatekeeper.refusal(request, {.kind = Error::Kind::TooLarge, .key = "http.body_too_large"}));
    if (rule.body == Body::Streamed)
        request.stream = std::make_unique<TestBody>(std::exchange(request.body, {}), rule.body_limit);
    PREAU_ASSERT(match.route->handler); // WebSockets need a real server
    auto response = co_await match.route->handler(request);
    co_return co_await answer(std::move(response));
}

} // namespace

TestAnswer deliver(const Router& router, Gatekeeper& gatekeeper, Request request) {
    fill_in(request);
    return sync_wait(deliver_inside(router, gatekeeper, request));
}

Request make_request(Method method, std::string target, std::string body, std::string_view type) {
    auto split = split_target(target);
    if (!split) throw std::invalid_argument("not a request target: " + target);
    Request request{
        .method = method, .target = std::move(target), .path = std::move(split->path), .body = std::move(body)};
    request.query_fields = std::move(split->query);
    if (!type.empty()) request.headers.add("Content-Type", type);
    return request;
}

} // namespace preau::http

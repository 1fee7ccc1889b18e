#include "http/multipart.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

namespace preau::http {
namespace {

// Hands out at most `step` bytes at a time, as a slow phone does, and may break off with an error.
class Dribble final : public BodyReader {
public:
    Dribble(std::string bytes, std::size_t step, std::optional<Error> end = {})
        : bytes_{std::move(bytes)}, step_{step}, end_{std::move(end)} {}
    Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
        auto count = std::min({step_, buffer.size(), bytes_.size() - at_});
        std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        if (count == 0 && end_) co_return std::unexpected(*end_);
        co_return count;
    }
    std::optional<std::uint64_t> length() const override { return std::nullopt; }

private:
    std::string bytes_;
    std::size_t step_;
    std::size_t at_ = 0;
    std::optional<Error> end_;
};

const std::string photo(200'000, '\r');
const std::string form = "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nLéa\r\n"
                         "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"devoir.jpg\"\r\n"
                         "Content-Type: image/jpeg\r\n\r\n" +
                         photo + "\r\n--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nmerci\r\n--B--\r\n";
constexpr std::string_view type = "multipart/form-data; boundary=B";

Task<std::string> rest_of(MultipartReader& parts) {
    std::string all;
    std::byte buffer[777];
    while (true) {
        auto count = co_await parts.read(buffer);
        if (!count) co_return "error " + count.error().key;
        if (*count == 0) co_return all;
        all.append(reinterpret_cast<const char*>(buffer), *count);
    }
}

} // namespace

TEST_CASE("a form with a photo is read part by part") {
    for (std::size_t step : {1U, 100U, 70'000U}) {
        Dribble body{form, step};
        MultipartReader parts{body, type};
        CHECK(sync_wait(parts.next()).value()->name == "name");
        CHECK(*sync_wait(parts.read_text(100)) == "Léa");
        auto file = sync_wait(parts.next());
        REQUIRE(file);
        CHECK((*file)->filename == "devoir.jpg");
        CHECK((*file)->type == "image/jpeg");
        CHECK((sync_wait(rest_of(parts)) == photo));
        CHECK(sync_wait(rest_of(parts)).empty()); // the end stays the end
        CHECK(sync_wait(parts.next()).value()->name == "note");
        CHECK(*sync_wait(parts.read_text(5)) == "merci");
        CHECK_FALSE(sync_wait(parts.next()).value());
        CHECK_FALSE(sync_wait(parts.next()).value());
    }
}

TEST_CASE("what is left of a part is skipped, and a text that is too long is refused") {
    Dribble body{form, 1000};
    MultipartReader parts{body, type};
    CHECK(sync_wait(parts.next()).value()->name == "name");
    CHECK(sync_wait(parts.next()).value()->name == "photo");
    std::byte some[10];
    CHECK(sync_wait(parts.read(some)) == 10U);
    CHECK(sync_wait(parts.next()).value()->name == "note");
    CHECK(sync_wait(parts.read_text(4)).error().key == "http.body_too_large");
}

TEST_CASE("an upload that breaks off in the middle of a file is an error and never an end") {
    Dribble cut{form.substr(0, 100'000), 5000};
    MultipartReader parts{cut, type};
    CHECK(sync_wait(parts.next()));
    CHECK(sync_wait(parts.next()));
    CHECK(sync_wait(rest_of(parts)) == "error http.body_truncated");
    CHECK(sync_wait(parts.next()).error().key == "http.body_truncated");

    Dribble limited{form.substr(0, 1000), 100, Error{.kind = Error::Kind::TooLarge, .key = "http.body_too_large"}};
    MultipartReader other{limited, type};
    CHECK(sync_wait(other.next()));
    CHECK(sync_wait(other.next()));
    CHECK(sync_wait(rest_of(other)) == "error http.body_too_large");

    Dribble json{"{}", 100};
    MultipartReader wrong{json, "application/json"};
    CHECK(sync_wait(wrong.next()).error().key == "http.multipart_malformed");
}

} // namespace preau::http

#include "http/multipart.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstring>

namespace preau::http {
namespace {
constexpr std::size_t piece = 64 * 1024;
using Event = MultipartParser::Event;
} // namespace

struct MultipartReader::State {
    BodyReader& body;
    MultipartParser parser;
    std::string kept; // read and not consumed: at most a piece and a part's header
    std::size_t taken = 0;
    std::string_view data; // of the current part, a view of `kept`
    bool in_part = false;
    bool ended = false;
    std::optional<Error> failed = {};

    std::string_view rest() const { return std::string_view{kept}.substr(taken); }
    Task<Result<void>> read_more();
    Task<Result<Event>> advance(); // to the next event but NeedMore
};

Task<Result<void>> MultipartReader::State::read_more() {
    kept.erase(0, taken);
    taken = 0;
    auto before = kept.size();
    kept.resize(before + piece);
    auto come = co_await body.read(std::as_writable_bytes(std::span{kept}.subspan(before)));
    kept.resize(before + (come ? *come : 0));
    if (!come) co_return std::unexpected(come.error());
    if (*come == 0) co_return fail(Error::Kind::Malformed, "http.body_truncated"); // the closing boundary never came
    co_return Result<void>{};
}

Task<Result<Event>> MultipartReader::State::advance() {
    while (!failed) {
        auto step = parser.step(rest());
        taken += step.consumed;
        data = step.data;
        if (step.event == Event::Malformed)
            failed = Error{.kind = Error::Kind::Malformed, .key = "http.multipart_malformed"};
        else if (step.event != Event::NeedMore)
            co_return step.event;
        else if (auto more = co_await read_more(); !more)
            failed = more.error();
    }
    co_return std::unexpected(*failed);
}

MultipartReader::MultipartReader(BodyReader& body, std::string_view content_type) {
    auto boundary = multipart_boundary(content_type);
    bool form = to_lower_ascii(content_type).starts_with("multipart/form-data");
    state_ = std::make_unique<State>(State{.body = body, .parser = MultipartParser{boundary.value_or("")}});
    if (!form || !boundary) state_->failed = Error{.kind = Error::Kind::Malformed, .key = "http.multipart_malformed"};
}
MultipartReader::~MultipartReader() = default;

Task<Result<std::optional<Part>>> MultipartReader::next() {
    auto& state = *state_;
    state.in_part = false;
    state.data = {};
    while (!state.ended) {
        auto event = co_await state.advance();
        if (!event) co_return std::unexpected(event.error());
        if (*event == Event::End) state.ended = true;
        if (*event != Event::PartBegins) continue; // what was left of the part before
        state.in_part = true;
        co_return std::optional{state.parser.part()};
    }
    co_return std::optional<Part>{};
}

Task<Result<std::size_t>> MultipartReader::read(std::span<std::byte> buffer) {
    auto& state = *state_;
    while (state.data.empty()) {
        if (!state.in_part) co_return 0U;
        auto event = co_await state.advance();
        if (!event) co_return std::unexpected(event.error());
        if (*event == Event::PartEnds || *event == Event::End) state.in_part = false;
    }
    auto count = std::min(buffer.size(), state.data.size());
    std::memcpy(buffer.data(), state.data.data(), count);
    state.data.remove_prefix(count);
    co_return count;
}

Task<Result<std::string>> MultipartReader::read_text(std::size_t most) {
    std::string text;
    while (true) {
        std::byte buffer[1024];
        auto count = co_await read(buffer);
        if (!count) co_return std::unexpected(count.error());
        if (*count == 0) break;
        if (text.size() + *count > most) co_return fail(Error::Kind::TooLarge, "http.body_too_large");
        text.append(reinterpret_cast<const char*>(buffer), *count);
    }
    if (!valid_utf8(text)) co_return fail(Error::Kind::Malformed, "http.bad_form");
    co_return text;
}

} // namespace preau::http

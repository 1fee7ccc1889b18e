// Values of headers that are read by hand: ranges, conditions, cookies, boundaries, file names.
// The first line of the input is the length of a file, or the name of a cookie, or an ETag; the rest is the header.
#include "http/conditions.hpp"
#include "http/cookie.hpp"
#include "http/message.hpp"
#include "http/multipart_parser.hpp"
#include "http/range.hpp"

#include "fuzz_input.hpp"

#include <charconv>
#include <limits>

using namespace preau;

namespace {

void check_range(std::string_view header, std::uint64_t length) {
    auto choice = http::choose_range(header, length);
    auto* range = std::get_if<http::ByteRange>(&choice);
    if (!range) return;
    PREAU_ASSERT(range->length > 0 && range->offset < length && range->length <= length - range->offset);
}

void check_cookie(std::string_view header, std::string_view name) {
    auto value = http::find_cookie(header, name);
    if (!value || value->empty()) return;
    PREAU_ASSERT(value->data() >= header.data() && value->data() + value->size() <= header.data() + header.size());
    PREAU_ASSERT(!value->contains(';'));
}

void check_conditions(std::string_view header, std::string_view etag) {
    if (etag.empty() || etag.contains('"')) return;
    auto strong = '"' + std::string{etag} + '"';
    PREAU_ASSERT(http::none_match_hits(strong, strong));
    http::none_match_hits(header, strong);
    if (http::range_holds(header, strong, "")) PREAU_ASSERT(header.empty() || header.contains(etag));
}

void check_names(std::string_view text) {
    auto disposition = http::content_disposition("attachment", text);
    PREAU_ASSERT(std::ranges::all_of(disposition, [](char c) { return c >= 0x20 && c < 0x7F; }));
    if (auto boundary = http::multipart_boundary(text)) PREAU_ASSERT(!boundary->empty() && boundary->size() <= 70);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto header = fuzz::text_of(data, size);
    auto first = fuzz::take_line(header);
    std::uint64_t length = 0;
    std::from_chars(first.data(), first.data() + first.size(), length);
    for (auto bytes : {length, std::uint64_t{0}, std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()})
        check_range(header, bytes);
    check_cookie(header, first);
    check_conditions(header, first);
    check_names(header);
    return 0;
}

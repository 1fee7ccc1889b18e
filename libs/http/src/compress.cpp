#include "compress.hpp"

#include "base/text.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace preau::http {
namespace {

constexpr int gzip_level = 1;
constexpr int brotli_level = 2;

bool accepts(std::string_view entry, std::string_view coding) {
    auto pieces = split(entry, ';');
    if (to_lower_ascii(trimmed(pieces[0])) != coding) return false;
    if (pieces.size() == 1) return true;
    auto weight = trimmed(pieces[1]);
    return weight.starts_with("q=") && weight.find_first_of("123456789") != std::string_view::npos;
}

std::string brotli(std::string_view text) {
    std::size_t size = text.size();
    std::string out(size, '\0');
    auto window = std::clamp(static_cast<int>(std::bit_width(size)) + 1, BROTLI_MIN_WINDOW_BITS, 18);
    auto done = BrotliEncoderCompress(brotli_level, window, BROTLI_MODE_TEXT, text.size(),
                                      reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                                      reinterpret_cast<std::uint8_t*>(out.data()));
    out.resize(done ? size : 0);
    return out;
}

std::string gzip(std::string_view text) {
    z_stream stream{};
    constexpr int gzip_wrapper = 16;
    if (deflateInit2(&stream, gzip_level, Z_DEFLATED, 15 + gzip_wrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
    std::string out(text.size(), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto done = deflate(&stream, Z_FINISH);
    out.resize(done == Z_STREAM_END ? stream.total_out : 0);
    deflateEnd(&stream);
    return out;
}

} // namespace

Coding choose_coding(std::string_view accept_encoding) {
    auto entries = split(accept_encoding, ',');
    auto offered = [&](std::string_view coding) {
        return std::ranges::any_of(entries, [&](auto entry) { return accepts(entry, coding); });
    };
    if (accept_encoding.empty()) return Coding::Identity;
    return offered("br") ? Coding::Brotli : offered("gzip") ? Coding::Gzip : Coding::Identity;
}

bool is_text(std::string_view media_type) {
    auto type = media_type.substr(0, media_type.find(';'));
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml") || type.ends_with("javascript");
}

std::string compressed(Coding coding, std::string_view text) {
    return coding == Coding::Brotli ? brotli(text) : coding == Coding::Gzip ? gzip(text) : std::string{};
}

} // namespace preau::http

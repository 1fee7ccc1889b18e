#include "files/resume/upload_metadata.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace preau::files {
namespace {

constexpr std::size_t most_bytes = 8 * 1024;
constexpr std::size_t most_pairs = 32;

std::unexpected<Error> malformed() { return fail(Error::Kind::Malformed, "files.upload_metadata"); }

bool good_key(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F && c != ','; });
}

} // namespace

Result<std::map<std::string, std::string>> parse_upload_metadata(std::string_view header) {
    std::map<std::string, std::string> pairs;
    if (trimmed(header).empty()) return pairs;
    if (header.size() > most_bytes) return malformed();
    for (auto member : split(header, ',')) {
        auto pair = trimmed(member);
        auto blank = std::min(pair.find(' '), pair.size());
        auto key = pair.substr(0, blank);
        auto value = base64_decode(trimmed(pair.substr(blank)));
        if (!good_key(key) || !value || pairs.size() == most_pairs) return malformed();
        if (!pairs.emplace(key, *std::move(value)).second) return malformed();
    }
    return pairs;
}

} // namespace preau::files

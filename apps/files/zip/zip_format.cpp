#include "files/zip/zip_format.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace preau::files::zip {
namespace {

constexpr std::uint64_t most32 = 0xFFFFFFFF; // the mark that says "look into the ZIP64 field"
constexpr std::uint64_t most16 = 0xFFFF;

constexpr std::uint16_t utf8_names = 1U << 11;
constexpr std::uint16_t made_by_unix = 3U << 8 | 45;
constexpr std::uint16_t local_time_bytes = 9, zip64_local_bytes = 4 + 16;

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

bool large(std::uint64_t size) { return size >= most32; }
std::uint64_t capped(std::uint64_t value) { return std::min(value, most32); }
std::uint16_t version_needed(bool zip64, bool folder) { return zip64 ? 45 : folder ? 20 : 10; }

// MS-DOS date and time, in UTC: two seconds fine, from 1980 on. Readers that know the extended timestamp use that.
std::uint32_t dos_time(std::uint32_t seconds) {
    std::time_t moment = seconds;
    std::tm parts{};
    ::gmtime_r(&moment, &parts);
    if (parts.tm_year < 80) return 1U << 21 | 1U << 16;
    return static_cast<std::uint32_t>((parts.tm_year - 80) << 25 | (parts.tm_mon + 1) << 21 | parts.tm_mday << 16 |
                                      parts.tm_hour << 11 | parts.tm_min << 5 | parts.tm_sec / 2);
}

void put_timestamp(std::string& out, std::uint32_t seconds) {
    put(out, 0x5455, 2);
    put(out, 5, 2);
    put(out, 1, 1); // the time of the last change stands here
    put(out, seconds, 4);
}

std::uint16_t zip64_central_bytes(std::uint64_t size, std::uint64_t offset) {
    auto bytes = (large(size) ? 16 : 0) + (offset >= most32 ? 8 : 0);
    return static_cast<std::uint16_t>(bytes ? 4 + bytes : 0);
}

bool end_needs_zip64(std::uint64_t entries, std::uint64_t length, std::uint64_t offset) {
    return entries >= most16 || length >= most32 || offset >= most32;
}

bool is_device(std::string_view name) {
    auto stem = to_lower_ascii(trimmed(name.substr(0, std::min(name.find('.'), name.size()))));
    constexpr std::array<std::string_view, 4> devices{"con", "prn", "aux", "nul"};
    if (std::ranges::find(devices, stem) != devices.end()) return true;
    return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '1' && stem[3] <= '9';
}

} // namespace

std::uint64_t local_size(std::size_t path_size, std::uint64_t size) {
    return 30 + path_size + local_time_bytes + (large(size) ? zip64_local_bytes : 0U);
}

std::uint64_t central_size(std::size_t path_size, std::uint64_t size, std::uint64_t offset) {
    return 46 + path_size + local_time_bytes + zip64_central_bytes(size, offset);
}

std::uint64_t end_size(std::uint64_t entries, std::uint64_t length, std::uint64_t offset) {
    return end_needs_zip64(entries, length, offset) ? 56 + 20 + 22 : 22;
}

// §4.3.7
void write_local(std::string& out, const Entry& entry) {
    const bool zip64 = large(entry.size);
    put(out, 0x04034b50, 4);
    put(out, version_needed(zip64, entry.folder()), 2);
    put(out, utf8_names, 2);
    put(out, 0, 2); // stored
    put(out, dos_time(entry.seconds), 4);
    put(out, entry.crc32, 4);
    put(out, capped(entry.size), 4);
    put(out, capped(entry.size), 4);
    put(out, entry.path.size(), 2);
    put(out, local_time_bytes + (zip64 ? zip64_local_bytes : 0U), 2);
    out += entry.path;
    put_timestamp(out, entry.seconds);
    if (!zip64) return;
    put(out, 0x0001, 2); // §4.5.3: in a local header both sizes
    put(out, 16, 2);
    put(out, entry.size, 8);
    put(out, entry.size, 8);
}

// §4.3.12
void write_central(std::string& out, const Entry& entry, std::uint64_t offset) {
    auto zip64 = zip64_central_bytes(entry.size, offset);
    put(out, 0x02014b50, 4);
    put(out, made_by_unix, 2);
    put(out, version_needed(zip64 > 0, entry.folder()), 2);
    put(out, utf8_names, 2);
    put(out, 0, 2);
    put(out, dos_time(entry.seconds), 4);
    put(out, entry.crc32, 4);
    put(out, capped(entry.size), 4);
    put(out, capped(entry.size), 4);
    put(out, entry.path.size(), 2);
    put(out, local_time_bytes + std::uint64_t{zip64}, 2);
    put(out, 0, 2); // no comment
    put(out, 0, 2); // on the first disk
    put(out, 0, 2);
    // Unix mode above, MS-DOS attributes below: drwxr-xr-x or -rw-r--r--.
    put(out, entry.folder() ? 040755ULL << 16 | 0x10 : 0100644ULL << 16, 4);
    put(out, capped(offset), 4);
    out += entry.path;
    put_timestamp(out, entry.seconds);
    if (!zip64) return;
    put(out, 0x0001, 2);
    put(out, zip64 - 4U, 2);
    if (large(entry.size)) {
        put(out, entry.size, 8);
        put(out, entry.size, 8);
    }
    if (offset >= most32) put(out, offset, 8);
}

// §4.3.14 to §4.3.16
void write_end(std::string& out, std::uint64_t entries, std::uint64_t length, std::uint64_t offset) {
    if (end_needs_zip64(entries, length, offset)) {
        put(out, 0x06064b50, 4);
        put(out, 44, 8); // of what follows
        put(out, made_by_unix, 2);
        put(out, 45, 2);
        put(out, 0, 4);
        put(out, 0, 4);
        put(out, entries, 8);
        put(out, entries, 8);
        put(out, length, 8);
        put(out, offset, 8);
        put(out, 0x07064b50, 4); // where that record stands
        put(out, 0, 4);
        put(out, offset + length, 8);
        put(out, 1, 4);
    }
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, std::min(entries, most16), 2);
    put(out, std::min(entries, most16), 2);
    put(out, capped(length), 4);
    put(out, capped(offset), 4);
    put(out, 0, 2);
}

std::string safe_name(std::string_view name) {
    std::string safe{name};
    for (auto& letter : safe)
        if (static_cast<unsigned char>(letter) < 0x20 || std::string_view{"<>:\"/\\|?*"}.contains(letter)) letter = '_';
    if (safe.ends_with('.') || safe.ends_with(' ')) safe.back() = '_';
    if (is_device(safe)) safe.insert(0, "_");
    return safe;
}

} // namespace preau::files::zip

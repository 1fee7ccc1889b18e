// For tests and fuzzers: a zip file whose entries are stored as they are, which is all that an office document needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preau::preview {

using ZipEntries = std::vector<std::pair<std::string, std::string>>; // name, bytes

namespace zip_detail {

inline void append(std::string& bytes, std::uint32_t value, int size) { // little end first
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
}

inline std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = ~0U;
    for (char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

// What the local and the central header share: version, flags (UTF-8 names), method, moment, sums, lengths.
inline void append_facts(std::string& zip, std::string_view name, std::string_view bytes) {
    append(zip, 20, 2);
    append(zip, 0x0800, 2);
    append(zip, 0, 2);
    append(zip, 0x5A210000, 4); // 1 January 2025: DOS has no zero
    append(zip, crc32(bytes), 4);
    append(zip, static_cast<std::uint32_t>(bytes.size()), 4);
    append(zip, static_cast<std::uint32_t>(bytes.size()), 4);
    append(zip, static_cast<std::uint32_t>(name.size()), 2);
    append(zip, 0, 2);
}

} // namespace zip_detail

inline std::string stored_zip(const ZipEntries& entries) {
    using zip_detail::append;
    std::string zip, directory;
    for (const auto& [name, bytes] : entries) {
        directory += "PK\x01\x02";
        append(directory, 20, 2);
        zip_detail::append_facts(directory, name, bytes);
        append(directory, 0, 2); // comment
        append(directory, 0, 2); // disk
        append(directory, 0, 2);
        append(directory, 0, 4);
        append(directory, static_cast<std::uint32_t>(zip.size()), 4);
        directory += name;
        zip += "PK\x03\x04";
        zip_detail::append_facts(zip, name, bytes);
        zip += name + bytes;
    }
    const auto begins = static_cast<std::uint32_t>(zip.size()), count = static_cast<std::uint32_t>(entries.size());
    zip += directory + "PK\x05\x06";
    append(zip, 0, 4);
    append(zip, count, 2);
    append(zip, count, 2);
    append(zip, static_cast<std::uint32_t>(directory.size()), 4);
    append(zip, begins, 4);
    append(zip, 0, 2);
    return zip;
}

} // namespace preau::preview

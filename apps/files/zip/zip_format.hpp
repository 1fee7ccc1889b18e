// What stands around the bytes of a ZIP: records as PKWARE's APPNOTE.TXT 6.3.9 has them, entries stored as they are
// (method 0), so that every length is known before a byte is read and the bytes leave straight from their files.
// ZIP64 (§4.3.14, §4.5.3) only where a number needs it: old readers open what they can. Names are UTF-8 (bit 11).
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace preau::files::zip {

struct Entry {
    std::string_view path; // "Voyage/photo.jpg"; of a folder with a slash at its end
    std::uint64_t size = 0;
    std::uint32_t crc32 = 0;
    std::uint32_t seconds = 0; // since 1970: of the last change
    bool folder() const { return path.ends_with('/'); }
};

std::uint64_t local_size(std::size_t path_size, std::uint64_t size);
std::uint64_t central_size(std::size_t path_size, std::uint64_t size, std::uint64_t offset);
std::uint64_t end_size(std::uint64_t entries, std::uint64_t central_length, std::uint64_t central_offset);

// In front of the bytes; the extended timestamp is that of Info-ZIP (0x5455).
void write_local(std::string& out, const Entry& entry);
void write_central(std::string& out, const Entry& entry, std::uint64_t offset); // offset of its local header
void write_end(std::string& out, std::uint64_t entries, std::uint64_t central_length, std::uint64_t central_offset);

// A name that Windows takes too: no < > : " \ | ? *, no blank or dot at the end, none of its device names.
std::string safe_name(std::string_view name);

} // namespace preau::files::zip

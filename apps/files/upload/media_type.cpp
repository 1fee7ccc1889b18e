#include "files/upload/media_type.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace preau::files {
namespace {

// Sorted by ending, so that the search is a binary one. text/html and image/svg+xml are left out on purpose: as octets
// they are downloads like any other, as markup they would be programs of whoever uploaded them.
constexpr std::array media_types{
    MediaType{"7z", "application/x-7z-compressed", "file-zip", "files"},
    MediaType{"aac", "audio/aac", "file-music", "forum"},
    MediaType{"avi", "video/x-msvideo", "movie", "video"},
    MediaType{"bmp", "image/bmp", "photo", "notes"},
    MediaType{"csv", "text/csv", "file-spreadsheet", "blogs"},
    MediaType{"doc", "application/msword", "file-text", "pads"},
    MediaType{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file-text", "pads"},
    MediaType{"epub", "application/epub+zip", "file-text", "pads"},
    MediaType{"flac", "audio/flac", "file-music", "forum"},
    MediaType{"gif", "image/gif", "photo", "notes"},
    MediaType{"gz", "application/gzip", "file-zip", "files"},
    MediaType{"heic", "image/heic", "photo", "notes"},
    MediaType{"jpeg", "image/jpeg", "photo", "notes"},
    MediaType{"jpg", "image/jpeg", "photo", "notes"},
    MediaType{"m4a", "audio/mp4", "file-music", "forum"},
    MediaType{"m4v", "video/mp4", "movie", "video"},
    MediaType{"md", "text/markdown", "file-text", "notes"},
    MediaType{"mkv", "video/x-matroska", "movie", "video"},
    MediaType{"mov", "video/quicktime", "movie", "video"},
    MediaType{"mp3", "audio/mpeg", "file-music", "forum"},
    MediaType{"mp4", "video/mp4", "movie", "video"},
    MediaType{"odg", "application/vnd.oasis.opendocument.graphics", "photo", "notes"},
    MediaType{"odp", "application/vnd.oasis.opendocument.presentation", "presentation", "files"},
    MediaType{"ods", "application/vnd.oasis.opendocument.spreadsheet", "file-spreadsheet", "blogs"},
    MediaType{"odt", "application/vnd.oasis.opendocument.text", "file-text", "pads"},
    MediaType{"ogg", "audio/ogg", "file-music", "forum"},
    MediaType{"opus", "audio/ogg", "file-music", "forum"},
    MediaType{"pdf", "application/pdf", "file-type-pdf", "video"},
    MediaType{"png", "image/png", "photo", "notes"},
    MediaType{"ppt", "application/vnd.ms-powerpoint", "presentation", "files"},
    MediaType{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "presentation",
              "files"},
    MediaType{"rtf", "application/rtf", "file-text", "pads"},
    MediaType{"tar", "application/x-tar", "file-zip", "files"},
    MediaType{"txt", "text/plain; charset=utf-8", "file-text", "notes"},
    MediaType{"wav", "audio/wav", "file-music", "forum"},
    MediaType{"webm", "video/webm", "movie", "video"},
    MediaType{"webp", "image/webp", "photo", "notes"},
    MediaType{"xls", "application/vnd.ms-excel", "file-spreadsheet", "blogs"},
    MediaType{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file-spreadsheet", "blogs"},
    MediaType{"zip", "application/zip", "file-zip", "files"},
};
static_assert(std::ranges::is_sorted(media_types, {}, &MediaType::ending));

constexpr MediaType unknown{"", "application/octet-stream", "file", "files"};

} // namespace

const MediaType& media_type_of(std::string_view name) {
    auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return unknown;
    auto ending = to_lower_ascii(name.substr(dot + 1));
    auto found = std::ranges::lower_bound(media_types, std::string_view{ending}, {}, &MediaType::ending);
    return found != media_types.end() && found->ending == ending ? *found : unknown;
}

std::string_view shown_as(std::string_view type) {
    static constexpr std::string_view pixels[] = {"image/avif", "image/bmp", "image/gif",
                                                  "image/jpeg", "image/png", "image/webp"};
    if (std::ranges::find(pixels, type) != std::end(pixels) || type == "application/pdf") return type;
    if (type.starts_with("audio/") || type.starts_with("video/")) return type;
    return type.starts_with("text/") ? "text/plain; charset=utf-8" : "";
}

} // namespace preau::files

#include "picture.hpp"

#include "exit_status.hpp"
#include "input.hpp"

#include <vips/vips.h>

#include <vips/vector.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace preau::convert {
namespace {

// A picture of 100 bytes may say that it is 60,000 × 60,000. JPEG is made small while it is decoded, row by row; others
// may need all of their pixels at once.
constexpr std::int64_t most_pixels = 100'000'000;
constexpr std::int64_t most_pixels_of_jpeg = 400'000'000;
constexpr int quality = 80;

[[noreturn]] void unreadable_picture() {
    std::string words = vips_error_buffer();
    throw Refusal{unreadable, words.empty() ? "not a picture" : words};
}

struct Unref {
    void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

bool has_profile(VipsImage* image) { return vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0; }

// By the first bytes, before libvips asks each of its decoders, ImageMagick among them.
bool is_permitted(std::string_view bytes) {
    for (std::string_view magic : {"\xFF\xD8\xFF", "\x89PNG\r\n\x1A\n", "GIF87a", "GIF89a"})
        if (bytes.starts_with(magic)) return true;
    if (bytes.starts_with(std::string_view{"II*\0", 4}) || bytes.starts_with(std::string_view{"MM\0*", 4})) return true;
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return true;
    // ISO/IEC 23008-12: a box "ftyp" with the brand of still pictures.
    const auto brand = bytes.size() > 12 && bytes.substr(4, 4) == "ftyp" ? bytes.substr(8, 4) : std::string_view{};
    for (std::string_view known : {"heic", "heix", "heim", "heis", "mif1", "avif"})
        if (brand == known) return true;
    return false;
}

// Reads the head only.
Image look(std::string_view bytes) {
    if (!is_permitted(bytes)) throw Refusal{unreadable, "not a picture of a known kind"};
    Image image{vips_image_new_from_buffer(bytes.data(), bytes.size(), "", "access", VIPS_ACCESS_SEQUENTIAL, nullptr)};
    if (!image) unreadable_picture();
    const auto pixels =
        static_cast<std::int64_t>(vips_image_get_width(image.get())) * vips_image_get_height(image.get());
    const bool jpeg = bytes.starts_with("\xFF\xD8\xFF");
    if (pixels > (jpeg ? most_pixels_of_jpeg : most_pixels)) throw Refusal{too_large, "more pixels than are decoded"};
    return image;
}

// The picture alone: no chunk of EXIF, XMP or ICC (RFC 9649 §2.7). libvips 8.14.1 writes EXIF, the place where the
// photo was taken included, although it is told to strip.
std::string without_metadata(std::string_view webp) {
    constexpr std::size_t head = 12, chunk_head = 8;
    std::string kept{webp.substr(0, head)};
    for (auto at = head; at + chunk_head <= webp.size();) {
        std::uint32_t length = 0; // little-endian, as this machine's memory
        std::memcpy(&length, webp.data() + at + 4, sizeof length);
        const auto kind = webp.substr(at, 4);
        const auto chunk = webp.substr(at, chunk_head + length + length % 2);
        if (kind == "VP8X") {
            const auto flags = kept.size() + chunk_head;
            kept += chunk;
            kept.at(flags) &= 0x10; // alpha; there is no animation
        } else if (kind == "VP8 " || kind == "VP8L" || kind == "ALPH") {
            kept += chunk;
        }
        at += chunk.size();
    }
    const auto size = static_cast<std::uint32_t>(kept.size() - chunk_head);
    std::memcpy(kept.data() + 4, &size, sizeof size);
    return kept;
}

} // namespace

void prepare_pictures(const char* program) {
    setenv("VIPS_DISC_THRESHOLD", "4g", 1); // nothing goes through a file: there is none
    if (VIPS_INIT(program) != 0) std::exit(1);
    // What decoders remark is not kept; and glib would look whether somebody reads it, by calls that no worker may
    // make.
    g_log_set_writer_func([](GLogLevelFlags, const GLogField*, gsize, gpointer) { return G_LOG_WRITER_HANDLED; },
                          nullptr, nullptr);
    vips_concurrency_set(1); // several pictures at once are quicker than one in several threads
    vips_vector_set_enabled(FALSE); // makes code while it runs, which no worker may
    vips_cache_set_max(0);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (const auto* loader : {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp",
                               "VipsForeignLoadNsgif", "VipsForeignLoadTiff", "VipsForeignLoadHeif"})
        vips_operation_block_set(loader, FALSE);
}

namespace {

VipsImage* shrunk(std::string_view bytes, int size, Shape shape) {
    const bool profile = has_profile(look(bytes).get());
    auto* blind = const_cast<char*>(bytes.data()); // only read, says its documentation
    VipsImage* made = nullptr;
    // A square is filled, a small picture made larger for it: who shows faces counts on their size.
    const auto fit = shape == Shape::Square ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN;
    const auto crop = shape == Shape::Square ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE;
    // A profile is applied and dropped; without one the numbers are sRGB already.
    const int failed = profile ? vips_thumbnail_buffer(blind, bytes.size(), &made, size, "height", size, "size", fit,
                                                       "crop", crop, "export_profile", "srgb", nullptr)
                               : vips_thumbnail_buffer(blind, bytes.size(), &made, size, "height", size, "size", fit,
                                                       "crop", crop, nullptr);
    if (failed != 0) unreadable_picture();
    return made;
}

} // namespace

int make_picture(std::string_view bytes, int size, Shape shape) {
    if (size < 1 || size > 4096) return wrong_use;
    const Image small{shrunk(bytes, size, shape)};
    void* webp = nullptr;
    std::size_t length = 0;
    if (vips_webpsave_buffer(small.get(), &webp, &length, "Q", quality, nullptr) != 0) unreadable_picture();
    // The process ends: nothing is freed.
    return write_output(without_metadata({static_cast<const char*>(webp), length}));
}

} // namespace preau::convert

#pragma once

#include <string_view>

namespace preau::convert {

// Before the first fork: loads libvips and permits its decoders of JPEG, PNG, WebP, GIF, TIFF and HEIF, no other. Not
// SVG, which is a program that names files and fonts; not what ImageMagick reads.
void prepare_pictures(const char* program);

// Writes a WebP that fits size × size (never enlarged), turned by EXIF, in sRGB, without metadata. Throws a Refusal.
int make_picture(std::string_view bytes, int size);

} // namespace preau::convert

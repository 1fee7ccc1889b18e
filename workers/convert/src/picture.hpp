#pragma once

#include <string_view>

namespace preau::convert {

// Before the first fork: loads libvips and permits its decoders of JPEG, PNG, WebP, GIF, TIFF and HEIF, no other. Not
// SVG, which is a program that names files and fonts; not what ImageMagick reads.
void prepare_pictures(const char* program);

enum class Shape {
    Whole,  // fits size × size, never enlarged
    Square, // fills it: the middle of the picture
};
// Writes a WebP, turned by EXIF, in sRGB, without metadata. Throws a Refusal.
int make_picture(std::string_view bytes, int size, Shape shape);

} // namespace preau::convert

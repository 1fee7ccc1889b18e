#include "demo/sample_bytes.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <zlib.h>

namespace preau::server {
namespace {

struct Colour {
    std::uint8_t red, green, blue;
};

void append_number(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFF);
}

void append_chunk(std::string& png, std::string_view type, std::string_view data) { // PNG §5.3
    append_number(png, static_cast<std::uint32_t>(data.size()));
    std::string checked{type};
    checked += data;
    png += checked;
    append_number(png, static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
                                                          static_cast<uInt>(checked.size()))));
}

std::string deflated(const std::string& raw) {
    auto size = ::compressBound(static_cast<uLong>(raw.size()));
    std::string out(size, '\0');
    ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
                static_cast<uLong>(raw.size()), 9);
    out.resize(size);
    return out;
}

// x from -1 to 1, y from 0 (top) to 1.
Colour colour_at(double x, double y) {
    const double slope = 0.12 + std::max(0.0, y - 0.25) * 0.95; // half width of the mountain at this height
    const bool in_mountain = y > 0.25 && y < 0.8 && std::abs(x) < slope;
    const bool in_chamber = (x * x) / 0.16 + (y - 0.9) * (y - 0.9) / 0.006 < 1;
    const bool in_chimney = y > 0.25 && y < 0.88 && std::abs(x) < 0.03 + 0.02 * y;
    const bool in_plume = y < 0.27 && std::hypot(x - 0.05 * std::sin(y * 30), (y - 0.14) * 1.4) < 0.17;
    const bool in_flow = y > 0.25 && y < 0.7 && std::abs(x - (slope - 0.03)) < 0.03;
    if (in_chamber || in_chimney) return {230, 90, 30};
    if (in_flow) return {200, 60, 25};
    if (in_mountain) {
        // Layers of ash and lava that follow the slope.
        int layer = static_cast<int>((std::abs(x) * 0.9 - (y - 0.25)) * 22 + 60) % 2;
        return layer ? Colour{125, 90, 60} : Colour{146, 110, 78};
    }
    if (in_plume) return {150, 146, 142};
    if (y >= 0.8) return {92, 78, 66};
    auto shade = static_cast<std::uint8_t>(200 + 45 * y);
    return {static_cast<std::uint8_t>(shade - 40), static_cast<std::uint8_t>(shade - 10), 250};
}

} // namespace

std::string make_volcano_png(int width, int height) {
    std::string raw;
    for (int row = 0; row < height; ++row) {
        raw += '\0'; // no filter, PNG §9.2
        for (int column = 0; column < width; ++column) {
            auto colour = colour_at(2.0 * column / width - 1, static_cast<double>(row) / height);
            for (auto part : {colour.red, colour.green, colour.blue}) raw += static_cast<char>(part);
        }
    }
    std::string header;
    append_number(header, static_cast<std::uint32_t>(width));
    append_number(header, static_cast<std::uint32_t>(height));
    header += std::string_view{"\x08\x02\x00\x00\x00", 5}; // 8 bits, RGB, deflate, no filter method, no interlace
    std::string png = "\x89PNG\r\n\x1a\n";
    append_chunk(png, "IHDR", header);
    append_chunk(png, "IDAT", deflated(raw));
    append_chunk(png, "IEND", "");
    return png;
}

} // namespace preau::server

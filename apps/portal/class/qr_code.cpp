#include "portal/class/qr_code.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <memory>
#include <qrencode.h>

namespace preau::portal {

std::string qr_svg(std::string_view address, std::string_view label) {
    std::string text{address};
    // Level M survives a crease in the paper; version 0 lets the library take the smallest square.
    std::unique_ptr<QRcode, decltype(&QRcode_free)> code{QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                         &QRcode_free};
    PREAU_ASSERT(code != nullptr); // only an address of 2,331 bytes and more does not fit
    constexpr int quiet = 4;       // white modules around, ISO/IEC 18004 §9.1
    const int size = code->width + 2 * quiet;
    std::string svg =
        fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img" )"
                    R"(aria-label="{1}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>)"
                    R"(<path fill="#000" d=")",
                    size, escape_html(label));
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            if (code->data[y * code->width + x] & 1) svg += fmt::format("M{} {}h1v1h-1z", x + quiet, y + quiet);
    svg += R"("/></svg>)";
    return svg;
}

} // namespace preau::portal

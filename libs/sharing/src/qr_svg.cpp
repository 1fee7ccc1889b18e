#include "base/assert.hpp"
#include "base/text.hpp"
#include "sharing/routes.hpp"

#include <fmt/core.h>
#include <qrencode.h>

namespace preau::sharing {

std::string qr_svg(std::string_view text, std::string_view label) {
    const std::string terminated{text};
    // Level M: a sheet in a pupil's bag gets creases. Version 0: as small as the text allows.
    std::unique_ptr<QRcode, decltype(&QRcode_free)> code{QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_M),
                                                         &QRcode_free};
    PREAU_ASSERT(code != nullptr); // an address of ours is far below the 2,331 bytes that fit
    constexpr int quiet = 4;       // white modules on each side, ISO/IEC 18004 §5.3.8
    const int width = code->width + 2 * quiet;
    std::string path;
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width;) {
            const int start = x;
            while (x < code->width && (code->data[y * code->width + x] & 1) != 0) ++x;
            if (x > start) path += fmt::format("M{} {}h{}v1h-{}z", start + quiet, y + quiet, x - start, x - start);
            if (x == start) ++x;
        }
    return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" )"
                       R"(shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>)"
                       R"(<path fill="#000" d="{2}"/></svg>)",
                       width, escape_html(label), path);
}

} // namespace preau::sharing

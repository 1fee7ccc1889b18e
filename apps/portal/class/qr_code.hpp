// An address as a QR code, drawn as SVG without style attributes (the Content-Security-Policy forbids them).
#pragma once

#include <string>
#include <string_view>

namespace preau::portal {

// `label` names the picture for screen readers.
std::string qr_svg(std::string_view address, std::string_view label);

} // namespace preau::portal

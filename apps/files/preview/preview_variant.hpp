// What is made of a file and shown on the second origin, under /content/ITEM/VARIANT.
#pragma once

#include "preview/preview.hpp"

#include <string_view>

namespace preau::files {

struct PreviewVariant {
    std::string_view name; // "thumb", "large", "document", "text"
    preview::What what;
};
const PreviewVariant* preview_variant(std::string_view name); // null: no such variant

} // namespace preau::files

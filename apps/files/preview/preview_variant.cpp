#include "files/preview/preview_variant.hpp"

#include <algorithm>
#include <array>

namespace preau::files {
namespace {

using preview::What;
constexpr std::array variants{PreviewVariant{"thumb", What::Thumbnail}, PreviewVariant{"large", What::Large},
                              PreviewVariant{"document", What::Document}, PreviewVariant{"text", What::Text}};

} // namespace

const PreviewVariant* preview_variant(std::string_view name) {
    auto found = std::ranges::find(variants, name, &PreviewVariant::name);
    return found == variants.end() ? nullptr : &*found;
}

} // namespace preau::files

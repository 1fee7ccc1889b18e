// The header Upload-Metadata of tus 1.0 (creation extension): pairs of a key and a value in base 64, between commas.
#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace preau::files {

// Keys are visible ASCII without blank and comma, each once; a key may stand without value. At most 32 pairs, 8 KiB.
// Values are bytes of whoever sent them: not checked. Errors: files.upload_metadata.
Result<std::map<std::string, std::string>> parse_upload_metadata(std::string_view header);

} // namespace preau::files

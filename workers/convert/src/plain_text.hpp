#pragma once

#include <string>
#include <string_view>

namespace preau::convert {

enum class Whole { Yes, No }; // No: the file goes on, its last letter here may be cut in two

// UTF-8 as it is; UTF-16 by its mark; anything else is read as Windows-1252, the charset of old French files. Throws a
// Refusal for what is not text (it contains NUL). Cut at a character where it was cut.
std::string plain_text(std::string_view bytes, Whole whole = Whole::Yes);

} // namespace preau::convert

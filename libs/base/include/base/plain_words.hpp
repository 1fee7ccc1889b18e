// Words without what people leave out when they type quickly: capitals, accents, ligatures. For finding names; the rich
// analyser of texts is text/analyser.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace preau {

// "Élève d’Œuvres, 6e B" → "eleve", "d", "oeuvres", "6e", "b": split at everything that is neither letter nor digit.
// At most `most` words of at most 64 bytes; what is not UTF-8 has none.
std::vector<std::string> plain_words(std::string_view text, std::size_t most = 100);

} // namespace preau

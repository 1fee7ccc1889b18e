// The one tokenizer of all search, so that SQLite and PostgreSQL find the same (reference: forum §4): fold (NFC, lower,
// ligatures, marks dropped), split on non-alphanumerics, stop words of French, French stem of the folded word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::text {

std::string fold(std::string_view text); // "Élève’s cœur" → "eleve's coeur"

struct Term {
    std::string stem; // "elev"; empty for a stop word
    std::string word; // folded, unstemmed: exact, prefix and phrase search
    int position = 0; // 1, 2, … counting stop words too, so that phrases keep their distances
};
// At most `most` terms; terms above 64 bytes are cut.
std::vector<Term> analyse(std::string_view text, std::size_t most = 100'000);

} // namespace preau::text

// The one tokenizer of all search, so that SQLite and PostgreSQL find the same (reference: forum §4): fold (NFC, lower,
// ligatures, marks dropped), split on non-alphanumerics, stop words of French, French stem of the folded word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::text {

// "Élève’s cœur" → "eleve's coeur". fold(fold(x)) == fold(x); the answer is in normal form C; broken UTF-8 becomes
// U+FFFD.
std::string fold(std::string_view text);

struct Term {
    std::string stem; // "elev"; empty for a stop word and an elision (the l of l'école)
    std::string word; // folded, unstemmed: exact, prefix and phrase search
    int position = 0; // 1, 2, … counting stop words too, so that phrases keep their distances
};
// At most `most` terms; words above 64 bytes are cut. Mail addresses and URLs are found by their parts, and as phrases
// of these as a whole. Words with digits ("6eme", "3b2") are their own stem.
std::vector<Term> analyse(std::string_view text, std::size_t most = 100'000);

} // namespace preau::text

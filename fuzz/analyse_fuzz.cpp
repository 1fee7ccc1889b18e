// Any text as terms of the search: the same whatever the engine, so nothing may depend on how it was spelled.
#include "text/analyser.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::text_of(data, size);
    auto folded = text::fold(input);
    PREAU_ASSERT(text::fold(folded) == folded);
    bool readable = valid_utf8(input);
    if (readable) PREAU_ASSERT(valid_utf8(folded) && to_nfc(folded) == folded && text::fold(to_nfc(input)) == folded);
    auto terms = text::analyse(input);
    PREAU_ASSERT(terms.size() <= size);
    int position = 0;
    for (const auto& term : terms) {
        PREAU_ASSERT(term.position == ++position);
        PREAU_ASSERT(!term.word.empty() && term.word.size() <= 64 && term.stem.size() <= 64 + 4);
        if (readable) PREAU_ASSERT(valid_utf8(term.word) && valid_utf8(term.stem));
        for (char blank : {' ', '\n', '\'', '@', '/', '\0'}) PREAU_ASSERT(!term.word.contains(blank));
    }
    PREAU_ASSERT(text::analyse(input, 3).size() <= 3);
    return 0;
}

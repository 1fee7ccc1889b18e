#include "stop_words.hpp"

#include <algorithm>
#include <array>

namespace preau::text {
namespace {

// Other lists also have "ete", "son", "or", "point", "sens": somebody looks for the summer camp, the sound, the gold,
// the stop and the senses, so they stay words. "est", "pas", "car" are the small word far more often than east, step or
// coach.
constexpr std::array<std::string_view, 132> stop_words{
    "a",      "ai",   "ainsi", "alors", "apres",    "as",     "au",     "aucun", "aussi", "autre",  "autres",  "aux",
    "avait",  "avec", "avez",  "avoir", "avons",    "ayant",  "car",    "ce",    "ceci",  "cela",   "celle",   "celles",
    "celui",  "ces",  "cet",   "cette", "ceux",     "chez",   "ci",     "comme", "dans",  "de",     "des",     "dont",
    "donc",   "du",   "elle",  "elles", "en",       "encore", "entre",  "es",    "est",   "et",     "etaient", "etait",
    "etant",  "etes", "etre",  "eu",    "eux",      "fait",   "fut",    "ici",   "il",    "ils",    "je",      "la",
    "le",     "les",  "leur",  "leurs", "lui",      "ma",     "mais",   "me",    "meme",  "memes",  "mes",     "moi",
    "mon",    "ne",   "ni",    "nos",   "notre",    "nous",   "on",     "ont",   "ou",    "par",    "parce",   "pas",
    "peu",    "peut", "plus",  "pour",  "pourquoi", "puis",   "quand",  "que",   "quel",  "quelle", "quelles", "quels",
    "qui",    "quoi", "sa",    "sans",  "se",       "sera",   "seront", "ses",   "si",    "soi",    "soit",    "sommes",
    "sont",   "sous", "suis",  "sur",   "ta",       "te",     "tes",    "toi",   "ton",   "tous",   "tout",    "toute",
    "toutes", "tres", "tu",    "un",    "une",      "vers",   "voici",  "voila", "vos",   "votre",  "vous",    "y",
};

constexpr std::array<std::string_view, 14> elisions{"c", "d",  "j",      "jusqu",  "l",      "lorsqu", "m",
                                                    "n", "qu", "puisqu", "quelqu", "quoiqu", "s",      "t"};

template <std::size_t Size> constexpr auto sorted(std::array<std::string_view, Size> words) {
    std::ranges::sort(words);
    return words;
}

} // namespace

bool is_stop_word(std::string_view folded) {
    static constexpr auto list = sorted(stop_words);
    return std::ranges::binary_search(list, folded);
}

bool is_elision(std::string_view folded) { return std::ranges::find(elisions, folded) != elisions.end(); }

} // namespace preau::text

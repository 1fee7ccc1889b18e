#include "base/text.hpp"
#include "text/analyser.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace preau;
using namespace preau::text;
using namespace std::string_view_literals;

namespace {

std::string stem(std::string_view word) {
    auto terms = analyse(word);
    return terms.empty() ? "" : terms.front().stem;
}

// "stem@position stem@position", without stop words.
std::string stems(std::string_view text) {
    std::string out;
    for (const auto& term : analyse(text))
        if (!term.stem.empty()) out += (out.empty() ? "" : " ") + term.stem + "@" + std::to_string(term.position);
    return out;
}

std::string words(std::string_view text) {
    std::string out;
    for (const auto& term : analyse(text)) out += (out.empty() ? "" : " ") + term.word;
    return out;
}

} // namespace

TEST_CASE("folding: case, accents, ligatures, apostrophes") {
    CHECK(fold("Élève’s cœur") == "eleve's coeur");
    CHECK(fold("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ") == "aaaceeeeiioouuuy");
    CHECK(fold("e\u0301le\u0300ve") == "eleve"); // decomposed, as macOS writes names
    CHECK(fold("Œuvre ex æquo Straße Łódź Ørsted") == "oeuvre ex aequo strasse lodz orsted");
    CHECK(fold("ﬁche eﬃcace") == "fiche efficace");
    CHECK(fold("co\u00ADopérer") == "cooperer");
    CHECK(fold("ΣΊΣΥΦΟΣ") == "σισυφοσ");
    CHECK(fold("İstanbul ISPARTA ıspanak") == "istanbul isparta ispanak");
    CHECK(fold("한국어 日本語 🏫") == "한국어 日本語 🏫");
    CHECK(fold("") == "");
    CHECK(valid_utf8(fold("a\xFF\xC3")));
    for (auto text : {"Élève’s cœur", "İSTANBUL", "ǅ", "ﬃ", "ẞ", "Ǆ", "Ἀ", "한국어"})
        CHECK(fold(fold(text)) == fold(text));
}

TEST_CASE("what is written with and without accents meets") {
    CHECK(stem("élèves") == "elev");
    CHECK(stem("eleve") == "elev");
    CHECK(stem("ÉLÈVE") == "elev");
    CHECK(stem("cœur") == stem("coeur"));
    CHECK(stem("cœurs") == stem("coeur"));
    for (auto form : {"creer", "créé", "cree", "créée", "créées", "créés", "CRÉER"}) CHECK(stem(form) == stem("créer"));
    CHECK(stem("6ème") == "6eme");
    CHECK(stem("6eme") == "6eme");
    CHECK(stem("mathématiques") == stem("mathematique"));
    CHECK(stem("enseignantes") == stem("enseignant"));
    CHECK(stem("chevaux") == stem("cheval"));
    CHECK(stem("musée") != stem("muse"));
}

TEST_CASE("elisions fall off, letters of their own stay") {
    CHECK(stems("l'école") == "ecol@2");
    CHECK(stems("L’ÉCOLE") == "ecol@2");
    CHECK(stems("d'été") == "ete@2"); // the summer is no stop word
    CHECK(stems("qu'elle lorsqu'il aujourd'hui") == "aujourd@5 hui@6");
    CHECK(stems("vitamine D, terminale S") == "vitamin@1 d@2 terminal@3 s@4");
    CHECK(words("l'école d'Élise") == "l ecole d elise");
}

TEST_CASE("stop words have a place and no stem") {
    CHECK(stems("les cellules de la plante") == "cellul@2 plant@5");
    auto terms = analyse("Les volcans");
    REQUIRE(terms.size() == 2);
    CHECK(terms[0].stem == "");
    CHECK(terms[0].word == "les");
    CHECK(terms[1].position == 2);
    CHECK(stems("à où même après") == "");
    CHECK(stems("été son or point") == "ete@1 son@2 or@3 point@4");
}

TEST_CASE("mail addresses, URLs and numbers keep their parts") {
    CHECK(words("marie.dupont@ac-lyon.fr") == "marie dupont ac lyon fr");
    CHECK(words("https://www.education.gouv.fr/bo/2026?x=1") == "https www education gouv fr bo 2026 x 1");
    CHECK(words("Volcans_3e-B (v2).odp") == "volcans 3e b v2 odp");
    CHECK(words("  — « » … ") == "");
}

TEST_CASE("bounds: words, terms, junk") {
    auto terms = analyse(std::string(1000, 'a'));
    REQUIRE(terms.size() == 1);
    CHECK(terms[0].word == std::string(64, 'a'));
    std::string accents;
    for (int i = 0; i < 100; ++i) accents += "日";
    CHECK(analyse(accents)[0].word.size() == 63); // never through a character
    CHECK(analyse("a b c d", 2).size() == 2);
    for (const auto& term : analyse("a\xFF\0b\xC3(c"sv)) CHECK(valid_utf8(term.word));
}

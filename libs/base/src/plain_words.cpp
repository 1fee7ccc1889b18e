#include "base/plain_words.hpp"

#include "base/text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <stdexcept>

namespace preau {
namespace {

constexpr std::size_t longest_word = 64;

icu::UnicodeString decomposed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    // Compatibility, so that "ﬁ" and "²" are what they look like; folded after, because folding may compose again.
    const auto* forms = icu::Normalizer2::getNFKDInstance(status);
    auto wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    auto out = forms->normalize(forms->normalize(wide, status).foldCase(), status);
    if (U_FAILURE(status)) throw std::runtime_error{"ICU: decomposing text"};
    return out;
}

bool is_mark(UChar32 letter) {
    const auto kind = u_charType(letter);
    return kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_COMBINING_SPACING_MARK;
}

// Letters of Latin alphabets that no normal form takes apart.
std::string_view plain(UChar32 letter) {
    switch (letter) {
    case 0xE6: return "ae";
    case 0x153: return "oe";
    case 0xF8: return "o";
    case 0x111: return "d";
    case 0x142: return "l";
    case 0x131: return "i";
    default: return {};
    }
}

} // namespace

std::vector<std::string> plain_words(std::string_view text, std::size_t most) {
    std::vector<std::string> words;
    if (!valid_utf8(text)) return words;
    const auto letters = decomposed(text);
    std::string word;
    auto end_word = [&] {
        if (!word.empty() && words.size() < most) words.push_back(cut_to_bytes(word, longest_word));
        word.clear();
    };
    for (std::int32_t at = 0; at < letters.length() && words.size() < most; at = letters.moveIndex32(at, 1)) {
        const auto letter = letters.char32At(at);
        if (is_mark(letter)) continue;
        if (!u_isalnum(letter))
            end_word();
        else if (auto known = plain(letter); !known.empty())
            word += known;
        else
            icu::UnicodeString{letter}.toUTF8String(word);
    }
    end_word();
    return words;
}

} // namespace preau

#include "base/text.hpp"
#include "text/analyser.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <stdexcept>

namespace preau::text {
namespace {

const char16_t* ligature(char16_t unit) {
    switch (unit) {
    case u'œ': return u"oe";
    case u'æ': return u"ae";
    case u'ß': return u"ss";
    case u'ø': return u"o";
    case u'ł': return u"l";
    case u'đ': return u"d";
    case u'ı': return u"i";
    case u'ς': return u"σ"; // a final sigma is a sigma
    case u'’': // what keyboards and word processors write for an apostrophe
    case u'‘':
    case u'ʼ':
    case u'＇': return u"'";
    case u'ﬁ': return u"fi"; // from PDF
    case u'ﬂ': return u"fl";
    case u'ﬀ': return u"ff";
    case u'ﬃ': return u"ffi";
    case u'ﬄ': return u"ffl";
    default: return nullptr;
    }
}

const icu::Normalizer2& normal_form(bool composed) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = composed ? icu::Normalizer2::getNFCInstance(status) : icu::Normalizer2::getNFDInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error{std::string{"ICU: normal forms: "} + u_errorName(status)};
    return *form;
}

icu::UnicodeString normalised(const icu::UnicodeString& text, bool composed) {
    UErrorCode status = U_ZERO_ERROR;
    auto out = normal_form(composed).normalize(text, status);
    if (U_FAILURE(status)) throw std::runtime_error{std::string{"ICU: normalising: "} + u_errorName(status)};
    return out;
}

} // namespace

std::string fold(std::string_view text) {
    if (std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; }))
        return to_lower_ascii(text);
    auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
    wide = normalised(wide.toLower(icu::Locale::getRoot()), false);
    icu::UnicodeString folded;
    for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
        auto point = wide.char32At(at);
        if (u_charType(point) == U_NON_SPACING_MARK || point == 0xAD) continue; // accents; the soft hyphen
        if (const auto* letters = point < 0x10000 ? ligature(static_cast<char16_t>(point)) : nullptr)
            folded.append(icu::UnicodeString(letters));
        else
            folded.append(point);
    }
    std::string out;
    normalised(folded, true).toUTF8String(out);
    return out;
}

} // namespace preau::text

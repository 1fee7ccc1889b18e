// Text with tables: ICU for normal forms, case folding and the French order.
#include "base/text.hpp"

#include "base/assert.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/ucol.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace preau {
namespace {

void require(UErrorCode status, const char* what) {
    if (U_FAILURE(status)) throw std::runtime_error{std::string{"ICU: "} + what + ": " + u_errorName(status)};
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

bool ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

// Everything below U+0300 is in normal form C: nothing there combines. In UTF-8 that is "no byte above 0xCB".
bool surely_nfc(std::string_view text) {
    return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0xCC; });
}

// One per thread: a UCollator may not be shared between threads.
class FrenchCollator {
public:
    FrenchCollator() {
        UErrorCode status = U_ZERO_ERROR;
        collator_ = ucol_open("fr", &status);
        ucol_setAttribute(collator_, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
        ucol_setAttribute(collator_, UCOL_STRENGTH, UCOL_TERTIARY, &status);
        ucol_setAttribute(collator_, UCOL_NORMALIZATION_MODE, UCOL_ON, &status);
        require(status, "collator of French");
    }
    ~FrenchCollator() { ucol_close(collator_); }
    FrenchCollator(const FrenchCollator&) = delete;
    FrenchCollator& operator=(const FrenchCollator&) = delete;

    // Fills `key` with as many bytes of the sort key as fit, and answers how many those are.
    std::size_t key_of(const icu::UnicodeString& text, std::span<std::uint8_t> key) const {
        auto full = ucol_getSortKey(collator_, text.getBuffer(), text.length(), key.data(),
                                    static_cast<std::int32_t>(key.size()));
        PREAU_ASSERT(full >= 0);
        return std::min(static_cast<std::size_t>(full), key.size());
    }

private:
    UCollator* collator_ = nullptr;
};

// RFC 4648 §7 in lower case: digits sort before letters, so the text orders as the bytes do, in C collation.
std::string base32hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuv";
    std::string out;
    out.reserve(bytes.size() * 8 / 5 + 1);
    unsigned int window = 0;
    int bits = 0;
    for (auto byte : bytes) {
        window = (window << 8 | byte) & 0xFFFU;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            out += alphabet[window >> bits & 31U];
        }
    }
    if (bits > 0) out += alphabet[window << (5 - bits) & 31U];
    return out;
}

} // namespace

std::string to_nfc(std::string_view text) {
    if (surely_nfc(text)) return std::string{text};
    UErrorCode status = U_ZERO_ERROR;
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink{&out};
    const auto* nfc = icu::Normalizer2::getNFCInstance(status);
    require(status, "normal form C");
    nfc->normalizeUTF8(0, piece(text), sink, nullptr, status);
    require(status, "normalising");
    return out;
}

std::string fold_case(std::string_view text) {
    if (ascii(text)) return to_lower_ascii(text);
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfc = icu::Normalizer2::getNFCInstance(status);
    const auto* nfd = icu::Normalizer2::getNFDInstance(status);
    require(status, "normal forms");
    // Unicode D145, canonical caseless match: decompose, fold, decompose. Composing last keeps the same classes.
    auto folded = nfd->normalize(icu::UnicodeString::fromUTF8(piece(text)), status).foldCase();
    std::string out;
    nfc->normalize(folded, status).toUTF8String(out);
    require(status, "folding case");
    return out;
}

std::string sort_key(std::string_view text) {
    // A key is at least a byte per letter: what stands behind that many bytes cannot matter, so long texts cost no
    // more.
    constexpr std::size_t longest_key = 120;
    constexpr std::size_t longest_text = 1024;
    thread_local const FrenchCollator collator;
    auto read = text.size() > longest_text ? cut_to_bytes(text, longest_text) : std::string{text};
    auto wide = icu::UnicodeString::fromUTF8(piece(read));
    std::array<std::uint8_t, longest_key> key{};
    auto size = collator.key_of(wide, key);
    while (size > 0 && key[size - 1] == 0) --size; // ICU ends a key by a zero
    return base32hex(std::span{key}.first(size));
}

} // namespace preau

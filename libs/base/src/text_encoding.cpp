// Bytes as text and back: percent-encoding, base64, hexadecimal. Decoders answer only for what an encoder could have
// written, so that a token has one spelling.
#include "base/text.hpp"

#include <array>
#include <cstdint>

namespace preau {
namespace {

using Digits = std::array<std::int8_t, 256>;

constexpr std::string_view base64url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_alphabet = "0123456789abcdef";

constexpr Digits digits_of(std::string_view alphabet) {
    Digits digits{};
    digits.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return digits;
}
constexpr Digits hex_digits = [] {
    auto digits = digits_of(hex_alphabet);
    for (int i = 0; i < 6; ++i) digits[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
    return digits;
}();
constexpr Digits base64url_digits = digits_of(base64url_alphabet);
constexpr Digits base64_digits = digits_of(base64_alphabet);

int digit(const Digits& digits, char letter) { return digits[static_cast<unsigned char>(letter)]; }

constexpr bool unreserved(char letter) { // RFC 3986 §2.3
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

std::unexpected<Error> malformed() { return fail(Error::Kind::Malformed, "encoding_malformed"); }

Result<std::string> decode_base64(std::string_view text, const Digits& digits) {
    if (text.size() % 4 == 1) return malformed();
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    unsigned int window = 0;
    int bits = 0;
    for (char letter : text) {
        auto value = digit(digits, letter);
        if (value < 0) return malformed();
        window = (window << 6 | static_cast<unsigned int>(value)) & 0xFFFFU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(window >> bits & 0xFFU);
    }
    // Left-over bits must be zero (RFC 4648 §3.5): a second spelling of the same token would pass a lookup by text.
    if ((window & ((1U << bits) - 1U)) != 0) return malformed();
    return out;
}

} // namespace

std::string percent_encode(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 4);
    for (char letter : text) {
        if (unreserved(letter)) {
            out += letter;
            continue;
        }
        auto byte = static_cast<unsigned char>(letter);
        constexpr std::string_view upper = "0123456789ABCDEF"; // RFC 3986 §2.1: upper case is the normal form
        out += '%';
        out += upper[byte >> 4U];
        out += upper[byte & 15U];
    }
    return out;
}

Result<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+' && plus == Plus::Blank) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            if (text.size() - at < 3) return malformed();
            auto high = digit(hex_digits, text[at + 1]);
            auto low = digit(hex_digits, text[at + 2]);
            if (high < 0 || low < 0) return malformed();
            out += static_cast<char>(high << 4 | low);
            at += 2;
        }
    }
    return out;
}

std::string base64url(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + 3);
    unsigned int window = 0;
    int bits = 0;
    for (char byte : bytes) {
        window = (window << 8 | static_cast<unsigned char>(byte)) & 0xFFFFU;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out += base64url_alphabet[window >> bits & 63U];
        }
    }
    if (bits > 0) out += base64url_alphabet[window << (6 - bits) & 63U];
    return out;
}

Result<std::string> base64url_decode(std::string_view text) { return decode_base64(text, base64url_digits); }

Result<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 == 0) { // padding fills the last group of four, and stands nowhere else
        if (text.ends_with('=')) text.remove_suffix(1);
        if (text.ends_with('=')) text.remove_suffix(1);
    }
    return decode_base64(text, base64_digits);
}

std::string hex(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char letter : bytes) {
        auto byte = static_cast<unsigned char>(letter);
        out += hex_alphabet[byte >> 4U];
        out += hex_alphabet[byte & 15U];
    }
    return out;
}

Result<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2 != 0) return malformed();
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        auto high = digit(hex_digits, text[at]);
        auto low = digit(hex_digits, text[at + 1]);
        if (high < 0 || low < 0) return malformed();
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

} // namespace preau

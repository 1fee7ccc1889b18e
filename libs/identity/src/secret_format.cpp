#include "secret_format.hpp"

#include <algorithm>
#include <array>

namespace preau::identity {
namespace {
constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's 32, as in addresses
constexpr std::size_t app_password_letters = 32;                        // of 5 bits each
constexpr std::size_t group_size = 8;
} // namespace

std::string new_app_password(Random& random) {
    std::array<std::byte, app_password_letters> bytes;
    random.fill(bytes);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && i % group_size == 0) text += '-';
        text += letters[std::to_integer<std::size_t>(bytes[i] & std::byte{31})]; // 256 is a multiple of 32: no bias
    }
    return text;
}

std::string bare_app_password(std::string_view typed) {
    if (typed.size() > 2 * app_password_letters) return {};
    std::string bare;
    for (char letter : typed) {
        if (letter == '-' || letter == ' ') continue;
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        if (!letters.contains(letter)) return {};
        bare += letter;
    }
    return bare.size() == app_password_letters ? bare : std::string{};
}

bool looks_like_token(std::string_view text) {
    return text.size() == 43 && std::ranges::all_of(text, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
           });
}

} // namespace preau::identity

#include "secret_format.hpp"

#include <algorithm>
#include <array>

namespace preau::identity {
namespace {
constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's 32, as in addresses

struct Shape {
    std::size_t count; // letters of 5 bits each
    std::size_t group; // letters between two dashes
};
constexpr Shape app_password{.count = 32, .group = 8};
constexpr Shape recovery_code{.count = 24, .group = 6};

std::string draw(Random& random, Shape shape) {
    std::array<std::byte, 32> bytes;
    random.fill(bytes);
    std::string text;
    for (std::size_t i = 0; i < shape.count; ++i) {
        if (i != 0 && i % shape.group == 0) text += '-';
        text += letters[std::to_integer<std::size_t>(bytes[i] & std::byte{31})]; // 256 is a multiple of 32: no bias
    }
    return text;
}

std::string bare(std::string_view typed, Shape shape) {
    if (typed.size() > 2 * shape.count) return {};
    std::string text;
    for (char letter : typed) {
        if (letter == '-' || letter == ' ') continue;
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        if (!letters.contains(letter)) return {};
        text += letter;
    }
    return text.size() == shape.count ? text : std::string{};
}
} // namespace

std::string new_app_password(Random& random) { return draw(random, app_password); }
std::string bare_app_password(std::string_view typed) { return bare(typed, app_password); }
std::string new_recovery_code(Random& random) { return draw(random, recovery_code); }
std::string bare_recovery_code(std::string_view typed) { return bare(typed, recovery_code); }

bool looks_like_token(std::string_view text) {
    return text.size() == 43 && std::ranges::all_of(text, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
           });
}

} // namespace preau::identity

// Passwords that everybody tries first. A list of the hundred thousand most common ones is mostly the same few words
// with endings; so the list holds the words, and a password is refused when nothing is left of it without them:
// "Motdepasse2026!", "P@ssw0rd1234", "bonjourbonjour", "azertyuiop123".
#include "identity/password_pool.hpp"

#include "base/embedded.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace preau::embedded {
std::span<const EmbeddedFile> identity_common_passwords();
}

namespace preau::identity {
namespace {

constexpr std::size_t least_length = 12;
constexpr std::size_t most_length = 128;
constexpr std::size_t fewest_different = 5; // "abababababab" is no password
constexpr std::size_t least_beside_login = 6;

constexpr std::array<std::string_view, 9> rows{
    "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789",       "98765432109876543210",
    "zyxwvutsrqponmlkjihgfedcba", "poiuytrezamlkjhgfdsqnbvcxw", "aqwzsxedcrfvtgbyhnujikolpm"};

using Words = std::unordered_set<std::string_view>;

const Words& common_words() {
    static const Words words = [] {
        Words made;
        for (const auto& file : embedded::identity_common_passwords())
            for (auto line : split(file.data, '\n'))
                if (!line.empty() && line.front() != '#') made.insert(line);
        return made;
    }();
    return words;
}

// "é" → "e": words of the list are plain letters.
std::string without_accents(std::string_view folded) {
    static constexpr std::array<std::pair<std::string_view, char>, 16> plain{{{"à", 'a'},
                                                                              {"â", 'a'},
                                                                              {"ä", 'a'},
                                                                              {"ç", 'c'},
                                                                              {"é", 'e'},
                                                                              {"è", 'e'},
                                                                              {"ê", 'e'},
                                                                              {"ë", 'e'},
                                                                              {"î", 'i'},
                                                                              {"ï", 'i'},
                                                                              {"ô", 'o'},
                                                                              {"ö", 'o'},
                                                                              {"ù", 'u'},
                                                                              {"û", 'u'},
                                                                              {"ü", 'u'},
                                                                              {"ÿ", 'y'}}};
    std::string text;
    for (std::size_t i = 0; i < folded.size();) {
        auto rest = folded.substr(i);
        auto found = std::ranges::find_if(plain, [&](const auto& pair) { return rest.starts_with(pair.first); });
        text += found == plain.end() ? folded[i] : found->second;
        i += found == plain.end() ? 1 : found->first.size();
    }
    return text;
}

char without_leet(char letter) {
    switch (letter) {
    case '0': return 'o';
    case '1':
    case '!':
    case '|': return 'i';
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    case '5':
    case '$': return 's';
    case '7': return 't';
    default: return letter;
    }
}

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || static_cast<unsigned char>(letter) >= 0x80; }

std::string letters_of(std::string_view text) {
    std::string letters;
    std::ranges::copy_if(text, std::back_inserter(letters), is_letter);
    return letters;
}

// Endings are dropped before letters are guessed from digits: "motdepasse2026" is a word and a year.
std::string letters_without_leet(std::string_view text) {
    while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
    while (!text.empty() && !is_letter(text.front()) && text.front() != '@' && text.front() != '$')
        text.remove_prefix(1);
    std::string guessed{text};
    std::ranges::transform(guessed, guessed.begin(), without_leet);
    return letters_of(guessed);
}

bool is_run(std::string_view text) { // along a keyboard row or the alphabet
    return std::ranges::any_of(rows, [&](std::string_view row) { return row.contains(text); });
}

bool is_common_word(std::string_view word) {
    return word.empty() || common_words().contains(word) || (word.size() >= 3 && is_run(word));
}

bool is_repeated_word(std::string_view text) {
    for (std::size_t size = 1; size <= text.size() / 2; ++size) {
        if (text.size() % size != 0) continue;
        auto first = text.substr(0, size);
        bool same = true;
        for (std::size_t i = size; i < text.size() && same; i += size) same = text.substr(i, size) == first;
        if (same && (size <= 4 || is_common_word(first))) return true;
    }
    return false;
}

bool made_of_two_common_words(std::string_view letters) {
    for (std::size_t cut = 0; cut <= letters.size() / 2; ++cut) {
        auto other = letters.size() - cut;
        if (is_common_word(letters.substr(0, cut)) && is_common_word(letters.substr(cut))) return true;
        if (is_common_word(letters.substr(0, other)) && is_common_word(letters.substr(other))) return true;
    }
    return false;
}

std::size_t different_bytes(std::string_view text) {
    std::array<bool, 256> seen{};
    for (char letter : text) seen[static_cast<unsigned char>(letter)] = true;
    return static_cast<std::size_t>(std::ranges::count(seen, true));
}

bool is_common(std::string_view password) {
    auto plain = without_accents(fold_case(password));
    if (different_bytes(plain) < fewest_different || is_repeated_word(plain)) return true;
    for (const auto& letters : {letters_of(plain), letters_without_leet(plain)})
        if (made_of_two_common_words(letters) || is_repeated_word(letters)) return true;
    return false;
}

// The login, or little beside it: "camille.bernard1".
bool is_login(std::string_view password, std::string_view login) {
    auto plain = without_accents(fold_case(password));
    auto found = login.size() < 3 ? std::string::npos : plain.find(login);
    return found != std::string::npos && plain.size() - login.size() < least_beside_login;
}

} // namespace

Result<void> check_new_password(std::string_view password, std::string_view login) {
    if (!valid_utf8(password)) return invalid("password", "text_not_utf8");
    auto length = code_points(password);
    if (length < least_length) return invalid("password", "identity.password_short");
    if (length > most_length) return invalid("password", "identity.password_long");
    if (is_login(password, login)) return invalid("password", "identity.password_login");
    if (is_common(password)) return invalid("password", "identity.password_common");
    return {};
}

} // namespace preau::identity

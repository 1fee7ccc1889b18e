#include "logins.hpp"

#include "base/plain_words.hpp"

#include <algorithm>

namespace preau::identity {

std::string free_login(db::Tx& tx, std::string_view name, std::map<std::string, int>& last) {
    constexpr std::size_t longest = 50, most_words = 6;
    std::string base;
    for (const auto& word : plain_words(name, most_words))
        if (std::ranges::all_of(word, [](unsigned char c) { return c < 0x80; }))
            base += (base.empty() ? "" : ".") + word;
    base = base.substr(0, longest);
    while (base.ends_with('.')) base.pop_back();
    if (base.size() < 2) base = "personne"; // a name in another script
    auto& number = last[base];
    for (;;) {
        auto login = ++number == 1 ? base : base + std::to_string(number);
        if (!find_person_by_login(tx, login)) return login;
    }
}

} // namespace preau::identity

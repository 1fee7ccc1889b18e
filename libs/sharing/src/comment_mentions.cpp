#include "comment_mentions.hpp"

#include "base/text.hpp"
#include "identity/directory.hpp"
#include "identity/sessions.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

constexpr std::size_t most_mentions = 10;
constexpr std::size_t longest_name = 120; // bytes
constexpr std::size_t most_offered = 8;

bool sees(db::Tx& tx, PersonId person, ItemId item, Millis now) {
    auto viewer = identity::find_viewer(tx, person);
    return viewer && can(tx, *viewer, Action::View, item, now);
}

bool of_a_word(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

// "Nadia Haddad, peux-tu …" → "Nadia Haddad": two words are enough for the directory to find the few who are meant.
std::string_view two_words(std::string_view text) {
    std::size_t at = 0;
    for (int words = 0; words < 2 && at < text.size(); ++words) {
        if (words > 0) ++at; // the blank
        while (at < text.size() && (of_a_word(text[at]) || text[at] == '-' || text[at] == '\'')) ++at;
        if (at < text.size() && text[at] != ' ') break;
    }
    return text.substr(0, at);
}

struct Meant {
    PersonId person;
    std::size_t length = 0; // of the name as it stands in the text
};

// The longest name that the text begins with, of somebody who can see the item.
std::optional<Meant> meant_by(db::Tx& tx, const Viewer& viewer, ItemId item, std::string_view text, Millis now) {
    auto typed = two_words(text);
    if (typed.empty()) return std::nullopt;
    std::optional<Meant> best;
    for (const auto& found : identity::search_directory(tx, viewer, typed)) {
        if (found.subject.kind != Subject::Kind::Person || !text.starts_with(found.name)) continue;
        if (text.size() > found.name.size() && of_a_word(text[found.name.size()])) continue;
        if (best && best->length >= found.name.size()) continue;
        if (PersonId person{found.subject.id}; sees(tx, person, item, now)) best = Meant{person, found.name.size()};
    }
    return best;
}

void add_bold(std::string& markdown, std::string_view name) {
    markdown += "**";
    for (char c : name) {
        if (std::string_view{"\\`*_{}[]<>()#+-.!|~&"}.contains(c)) markdown += '\\';
        markdown += c;
    }
    markdown += "**";
}

} // namespace

Mentions find_mentions(db::Tx& tx, const Viewer& viewer, ItemId item, std::string_view body, Millis now) {
    Mentions mentions;
    std::size_t looked_at = 0;
    bool in_code = false;
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (body[at] == '`') in_code = !in_code;
        bool starts = body[at] == '@' && !in_code && (at == 0 || !of_a_word(body[at - 1])); // not marie@ecole.example
        if (!viewer.is_person() || !starts || looked_at == most_mentions) {
            mentions.markdown += body[at];
            continue;
        }
        ++looked_at;
        auto rest = body.substr(at + 1, longest_name);
        auto meant = meant_by(tx, viewer, item, rest.substr(0, rest.find('\n')), now);
        if (!meant) {
            mentions.markdown += '@';
            continue;
        }
        add_bold(mentions.markdown, body.substr(at, meant->length + 1));
        at += meant->length;
        if (std::ranges::find(mentions.people, meant->person) == mentions.people.end())
            mentions.people.push_back(meant->person);
    }
    return mentions;
}

std::vector<Mentionable> mentionable(db::Tx& tx, const Viewer& viewer, ItemId item, std::string_view typed,
                                     Millis now) {
    std::vector<Mentionable> people;
    if (!viewer.is_person() || !can(tx, viewer, Action::Comment, item, now)) return people;
    for (auto& found : identity::search_directory(tx, viewer, typed)) {
        if (people.size() == most_offered) break;
        if (found.subject.kind != Subject::Kind::Person) continue;
        if (PersonId person{found.subject.id}; sees(tx, person, item, now))
            people.push_back({.id = person, .name = std::move(found.name), .place = std::move(found.place)});
    }
    return people;
}

} // namespace preau::sharing

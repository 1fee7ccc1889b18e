#include "suggestion.hpp"

#include "base/plain_words.hpp"
#include "identity/directory.hpp"
#include "identity/functions.hpp"
#include "identity/people_list.hpp"
#include "sharing/publishing.hpp"
#include "sharing/share.hpp"

namespace preau::sharing {
namespace {

Suggestion suggestion_of(const web::Locale& locale, Subject subject, const identity::Found& found) {
    return {.to = text_of(subject),
            .name = name_of(locale, subject, found.name),
            .detail = detail_of(locale, found.function, found.place),
            .icon = icon_of(subject.kind)};
}

bool mentions(const std::string& text, const std::vector<std::string>& typed) {
    const auto words = plain_words(text);
    return std::ranges::all_of(typed, [&](const std::string& begin) {
        return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(begin); });
    });
}

// "enseignants jean moulin": the first word names who they are, what follows the structure; nothing follows: one's own.
void add_functions(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const std::vector<std::string>& words,
                   std::vector<Suggestion>& list) {
    constexpr std::size_t least = 3; // letters: "en" begins too much
    if (words.empty() || words.front().size() < least || viewer.guest) return;
    std::string rest;
    for (std::size_t i = 1; i < words.size(); ++i) rest += words[i] + ' ';
    std::vector<std::string> meant;
    for (const auto& function : identity::functions_in_use()) {
        const auto plain = plain_words(people_words(locale, function));
        if (!plain.empty() && plain.front().starts_with(words.front())) meant.push_back(function);
    }
    if (meant.empty()) return;
    auto places = rest.empty() ? identity::nearest(tx, viewer) : identity::search_directory(tx, viewer, rest);
    std::erase_if(places, [](const identity::Found& one) { return one.subject.kind != Subject::Kind::Structure; });
    for (const auto& place : places)
        for (const auto& function : meant) {
            const StructureId structure{place.subject.id};
            const auto subject = identity::function_in(function, structure);
            list.push_back({.to = text_of(function, structure),
                            .name = name_of(locale, subject, place.name, function),
                            .detail = detail_of(locale, {}, place.place),
                            .icon = icon_of(subject.kind)});
        }
}

} // namespace

PublicSharing public_sharing_of(db::Tx& tx, const Item& item) {
    const bool off = policy_of(tx, structure_of(tx, item)).policy == Policy::Off;
    return off ? PublicSharing::Off : PublicSharing::Possible;
}

std::vector<Suggestion> suggestions(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, std::string_view typed,
                                    PublicSharing public_sharing) {
    const bool off = public_sharing == PublicSharing::Off;
    const auto words = plain_words(typed, 6);
    const bool blank = typed.find_first_not_of(' ') == std::string_view::npos;
    auto found = blank ? identity::nearest(tx, viewer) : identity::search_directory(tx, viewer, typed);
    // "familles 6e": the word names no class, what follows does.
    const bool of_families = words.size() > 1 && std::string_view{"familles"}.starts_with(words.front());
    if (of_families && found.empty()) {
        std::string rest;
        for (std::size_t i = 1; i < words.size(); ++i) rest += words[i] + ' ';
        found = identity::search_directory(tx, viewer, rest);
        std::erase_if(found, [](const identity::Found& one) { return one.kind != "class"; });
    }
    std::vector<Suggestion> list;
    for (const auto& one : found) {
        if (!of_families || one.kind != "class") list.push_back(suggestion_of(locale, one.subject, one));
        if (one.subject.kind == Subject::Kind::Group && one.kind == "class")
            list.push_back(suggestion_of(locale, families(GroupId{one.subject.id}), one));
    }
    if (!blank) add_functions(tx, locale, viewer, words, list);
    if (viewer.guest) return list;
    if (blank || (!words.empty() && mentions(locale.text("share.signed_in"), words)))
        list.push_back({.to = text_of(signed_in),
                        .name = locale.text("share.signed_in"),
                        .detail = locale.text("share.signed_in_detail"),
                        .icon = icon_of(Subject::Kind::SignedIn)});
    if (blank ||
        (!words.empty() && mentions(locale.text("share.public") + ' ' + locale.text("share.chip_public"), words)))
        list.push_back({.to = text_of(everybody),
                        .name = locale.text("share.public"),
                        .detail = locale.text(off ? "share.public_off" : "share.public_detail"),
                        .icon = icon_of(Subject::Kind::Public),
                        .off = off});
    return list;
}

} // namespace preau::sharing

#include "base/text.hpp"
#include "stop_words.hpp"
#include "text/analyser.hpp"

#include <libstemmer.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace preau::text {
namespace {

constexpr std::size_t longest_word = 64;

// One per thread: a stemmer keeps the word that it works on.
class FrenchStemmer {
public:
    FrenchStemmer() : stemmer_{sb_stemmer_new("french", "UTF_8")} {
        if (!stemmer_) throw std::runtime_error{"libstemmer has no French"};
    }
    std::string stem(std::string_view word) {
        // "créée" folds to "creee", which no rule of French knows: "cree" is what it would be without the feminine.
        std::string known{word};
        for (auto at = known.find("eee"); at != std::string::npos; at = known.find("eee", at)) known.erase(at, 1);
        const auto* stemmed = sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(known.data()),
                                              static_cast<int>(known.size()));
        if (!stemmed) throw std::bad_alloc{};
        return {reinterpret_cast<const char*>(stemmed), static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
    }

private:
    struct Release {
        void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
    };
    std::unique_ptr<sb_stemmer, Release> stemmer_;
};

bool has_digit(std::string_view word) {
    return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::string stem_of(std::string_view word, bool before_apostrophe) {
    thread_local FrenchStemmer french;
    if (is_stop_word(word) || (before_apostrophe && is_elision(word))) return {};
    return has_digit(word) ? std::string{word} : french.stem(word);
}

// The end of the run, from `at`, of characters that belong to words, or that do not.
std::size_t end_of_run(std::string_view text, std::size_t at, bool of_words) {
    auto size = static_cast<std::int32_t>(text.size());
    auto next = static_cast<std::int32_t>(at);
    while (next < size) {
        auto start = next;
        UChar32 point = 0;
        U8_NEXT_OR_FFFD(text.data(), next, size, point);
        if ((u_isalnum(point) != 0) != of_words) return static_cast<std::size_t>(start);
    }
    return text.size();
}

} // namespace

std::vector<Term> analyse(std::string_view text, std::size_t most) {
    std::vector<Term> terms;
    auto folded = fold(text);
    for (std::size_t at = end_of_run(folded, 0, false); at < folded.size() && terms.size() < most;) {
        auto end = end_of_run(folded, at, true);
        auto word = cut_to_bytes(std::string_view{folded}.substr(at, end - at), longest_word);
        bool before_apostrophe = end < folded.size() && folded[end] == '\'';
        terms.push_back(
            {.stem = stem_of(word, before_apostrophe), .word = word, .position = static_cast<int>(terms.size()) + 1});
        at = end_of_run(folded, end, false);
    }
    return terms;
}

} // namespace preau::text

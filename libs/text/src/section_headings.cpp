#include "section_headings.hpp"

#include <algorithm>
#include <vector>

namespace preau::text {
namespace {

// In well-formed, escaped HTML "<h3" and "</h3" are tags and nothing else.
struct Heading {
    std::size_t digit = 0; // where its number stands
    bool opens = false;
    char number = '0';
};

std::vector<Heading> headings_in(const std::string& html) {
    std::vector<Heading> found;
    for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const bool closes = html.compare(at + 1, 1, "/") == 0;
        const auto name = at + 1 + closes;
        if (name + 2 >= html.size() || html[name] != 'h' || html[name + 1] < '1' || html[name + 1] > '6') continue;
        if (html[name + 2] != '>' && html[name + 2] != ' ') continue;
        found.push_back({.digit = name + 1, .opens = !closes, .number = html[name + 1]});
    }
    return found;
}

} // namespace

std::string under_page_heading(std::string html) {
    const auto headings = headings_in(html);
    if (headings.empty()) return html;
    const char highest = std::ranges::min(headings, {}, &Heading::number).number;
    char before = '1';
    std::vector<char> open;
    for (const auto& heading : headings) {
        if (heading.opens) {
            before = static_cast<char>(std::min({heading.number - highest + '2', before + 1, static_cast<int>('6')}));
            open.push_back(before);
        }
        if (open.empty()) break; // not well-formed after all
        html[heading.digit] = open.back();
        if (!heading.opens) open.pop_back();
    }
    return html;
}

} // namespace preau::text

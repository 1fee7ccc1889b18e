#include "web/paragraphs.hpp"

#include "base/text.hpp"

namespace preau::web {

std::vector<std::string> paragraphs(std::string_view text) {
    std::vector<std::string> lines;
    for (auto line : split(text, '\n'))
        if (const auto said = trimmed(line); !said.empty()) lines.emplace_back(said);
    return lines;
}

} // namespace preau::web

// The one allow-list: which elements rich text may have, with which attributes, and what these may hold. Whatever is
// not named here does not exist.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace preau::text {

struct AttributeRule {
    std::string_view name;
    // The value to write, from the value as meant (references resolved), or nothing when it is refused.
    std::optional<std::string> (*check)(std::string_view value);
};

struct ElementRule {
    enum class Shape {
        Inline,     // <kbd>
        Formatting, // <b>: what HTML's active formatting elements are, opened again by parsers behind a misplaced end
        Block,      // <div>: ends an open paragraph
        Void,       // <br>
    };
    std::string_view name;
    Shape shape = Shape::Inline;
    std::span<const AttributeRule> attributes; // besides those of all elements
};

// `name` in lower case. Old names answer the rule of the new one (strike: s, tt: code, center: div).
const ElementRule* element_rule(std::string_view name);
std::span<const AttributeRule> attributes_of_all(); // dir, lang, title
const AttributeRule* attribute_rule(const ElementRule& element, std::string_view name);

// http, https, mailto, tel, or relative; blanks at both ends and line ends inside go as the URL standard removes them.
std::optional<std::string> checked_link(std::string_view value);

} // namespace preau::text

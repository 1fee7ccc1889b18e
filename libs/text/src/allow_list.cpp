#include "allow_list.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace preau::text {
namespace {

constexpr std::size_t longest_link = 4096;
constexpr std::size_t longest_title = 1024;

using Value = std::optional<std::string>;

Value one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
    auto lower = to_lower_ascii(value);
    if (std::ranges::find(allowed, lower) == allowed.end()) return {};
    return lower;
}

Value number_up_to(std::string_view value, int most, std::size_t digits) {
    if (value.empty() || value.size() > digits) return {};
    int number = 0;
    for (char digit : value) {
        if (digit < '0' || digit > '9') return {};
        number = number * 10 + (digit - '0');
    }
    if (number > most) return {};
    return std::to_string(number);
}

Value pixels(std::string_view value) { return number_up_to(value, 9999, 4); }
Value span_of_cells(std::string_view value) { return number_up_to(value, 100, 3); }
Value item_number(std::string_view value) { return number_up_to(value, 999'999'999, 9); }
Value alignment(std::string_view value) { return one_of(value, {"left", "center", "right"}); }
Value direction(std::string_view value) { return one_of(value, {"ltr", "rtl", "auto"}); }
Value scope(std::string_view value) { return one_of(value, {"col", "row", "colgroup", "rowgroup"}); }
Value present(std::string_view) { return ""; }

Value list_type(std::string_view value) {
    if (value.size() != 1 || !std::string_view{"1aAiI"}.contains(value[0])) return {};
    return std::string{value};
}

Value language(std::string_view value) { // BCP 47 in its letters, not in its registry
    auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (value.empty() || value.size() > 35 || !std::ranges::all_of(value, fits)) return {};
    return std::string{value};
}

Value words(std::string_view value) { return cut_to_bytes(value, longest_title); }

// The class by which Markdown names the language of a block of code; no other class enters.
Value language_class(std::string_view value) {
    constexpr std::string_view prefix = "language-";
    auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"-+#._"}.contains(c);
    };
    if (!value.starts_with(prefix) || value.size() == prefix.size() || value.size() > 40) return {};
    if (!std::ranges::all_of(value, fits)) return {};
    return std::string{value};
}

// A link with its scheme, or nothing where the scheme is not one of `allowed`. Whatever has no ':' before the first of
// "/?#" has no scheme (RFC 3986 §4.2) and is relative.
Value link_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
    auto controls = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!value.empty() && controls(value.front())) value.remove_prefix(1);
    while (!value.empty() && controls(value.back())) value.remove_suffix(1);
    std::string link;
    for (char c : value) { // as the URL standard §4.4: tabs and line ends are removed wherever they stand
        if (c == '\t' || c == '\n' || c == '\r') continue;
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return {};
        link += c;
    }
    if (link.empty() || link.size() > longest_link) return {};
    auto stop = link.find_first_of(":/?#\\");
    if (stop == std::string::npos || link[stop] != ':') return link;
    auto scheme = to_lower_ascii(std::string_view{link}.substr(0, stop));
    if (std::ranges::find(allowed, scheme) == allowed.end()) return {};
    return link;
}

Value image_link(std::string_view value) { return link_of(value, {"http", "https"}); }

constexpr std::array everywhere{AttributeRule{"dir", direction}, AttributeRule{"lang", language},
                                AttributeRule{"title", words}};
constexpr std::array of_link{AttributeRule{"href", checked_link}};
constexpr std::array of_image{AttributeRule{"alt", words}, AttributeRule{"height", pixels},
                              AttributeRule{"src", image_link}, AttributeRule{"width", pixels}};
constexpr std::array of_list{AttributeRule{"reversed", present}, AttributeRule{"start", item_number},
                             AttributeRule{"type", list_type}};
constexpr std::array of_item{AttributeRule{"value", item_number}};
constexpr std::array of_cell{AttributeRule{"align", alignment}, AttributeRule{"colspan", span_of_cells},
                             AttributeRule{"rowspan", span_of_cells}};
constexpr std::array of_head_cell{AttributeRule{"align", alignment}, AttributeRule{"colspan", span_of_cells},
                                  AttributeRule{"rowspan", span_of_cells}, AttributeRule{"scope", scope}};
constexpr std::array of_code{AttributeRule{"class", language_class}};
constexpr std::array of_details{AttributeRule{"open", present}};
// Read, never written: a ticked box of a task list becomes the sign ☑ (html_tree.cpp).
constexpr std::array of_box{AttributeRule{"checked", present}, AttributeRule{"type", words}};

using enum ElementRule::Shape;
constexpr std::array rules{
    ElementRule{"a", Formatting, of_link},
    ElementRule{"abbr"},
    ElementRule{"b", Formatting},
    ElementRule{"blockquote", Block},
    ElementRule{"br", Void},
    ElementRule{"caption"},
    ElementRule{"cite"},
    ElementRule{"code", Formatting, of_code},
    ElementRule{"dd", Block},
    ElementRule{"del"},
    ElementRule{"details", Block, of_details},
    ElementRule{"dfn"},
    ElementRule{"div", Block},
    ElementRule{"dl", Block},
    ElementRule{"dt", Block},
    ElementRule{"em", Formatting},
    ElementRule{"figcaption", Block},
    ElementRule{"figure", Block},
    ElementRule{"h1", Block},
    ElementRule{"h2", Block},
    ElementRule{"h3", Block},
    ElementRule{"h4", Block},
    ElementRule{"h5", Block},
    ElementRule{"h6", Block},
    ElementRule{"hr", Void},
    ElementRule{"i", Formatting},
    ElementRule{"img", Void, of_image},
    ElementRule{"input", Void, of_box},
    ElementRule{"ins"},
    ElementRule{"kbd"},
    ElementRule{"li", Block, of_item},
    ElementRule{"mark"},
    ElementRule{"ol", Block, of_list},
    ElementRule{"p", Block},
    ElementRule{"pre", Block},
    ElementRule{"q"},
    ElementRule{"s", Formatting},
    ElementRule{"samp"},
    ElementRule{"small", Formatting},
    ElementRule{"span"},
    ElementRule{"strong", Formatting},
    ElementRule{"sub"},
    ElementRule{"summary", Block},
    ElementRule{"sup"},
    ElementRule{"table", Block},
    ElementRule{"tbody"},
    ElementRule{"td", Inline, of_cell},
    ElementRule{"tfoot"},
    ElementRule{"th", Inline, of_head_cell},
    ElementRule{"thead"},
    ElementRule{"tr"},
    ElementRule{"u", Formatting},
    ElementRule{"ul", Block},
    ElementRule{"var"},
};
static_assert(std::ranges::is_sorted(rules, {}, &ElementRule::name));

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> renamed{{{"acronym", "abbr"},
                                                                                {"article", "div"},
                                                                                {"big", "b"},
                                                                                {"center", "div"},
                                                                                {"listing", "pre"},
                                                                                {"section", "div"},
                                                                                {"strike", "s"},
                                                                                {"tt", "code"}}};

} // namespace

const ElementRule* element_rule(std::string_view name) {
    for (const auto& [old_name, new_name] : renamed)
        if (old_name == name) name = new_name;
    auto found = std::ranges::lower_bound(rules, name, {}, &ElementRule::name);
    return found != rules.end() && found->name == name ? &*found : nullptr;
}

std::span<const AttributeRule> attributes_of_all() { return everywhere; }

const AttributeRule* attribute_rule(const ElementRule& element, std::string_view name) {
    for (auto some : {std::span<const AttributeRule>{everywhere}, element.attributes})
        for (const auto& rule : some)
            if (rule.name == name) return &rule;
    return nullptr;
}

std::optional<std::string> checked_link(std::string_view value) {
    return link_of(value, {"http", "https", "mailto", "tel"});
}

} // namespace preau::text

// Calm HTML as a tree (gumbo, HTML §13.2.6), and the tree as clean HTML.
#pragma once

#include <gumbo.h>

#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace preau::text {

class HtmlTree {
public:
    explicit HtmlTree(std::string calm); // from calm_html()
    HtmlTree(const HtmlTree&) = delete;
    HtmlTree& operator=(const HtmlTree&) = delete;
    const GumboNode& root() const { return *root_; } // its children are the text

private:
    std::string calm_; // gumbo points into it
    std::pmr::monotonic_buffer_resource memory_;
    const GumboNode* root_ = nullptr;
};

std::span<GumboNode* const> children_of(const GumboNode& node);
bool is_text(const GumboNode& node);
bool is_element(const GumboNode& node);
std::string_view name_of(const GumboNode& element);
const char* attribute_of(const GumboNode& element, const char* name); // nullptr when it has none

// What the allow-list keeps of the tree, at most `most` bytes, never through a tag or a code point.
std::string clean_html(const HtmlTree& tree, std::size_t most);

} // namespace preau::text

#include "html_tree.hpp"

#include "allow_list.hpp"
#include "base/assert.hpp"
#include "html_spelling.hpp"

#include <algorithm>
#include <cstring>

namespace preau::text {
namespace {

void* take(void* memory, std::size_t size) {
    return static_cast<std::pmr::memory_resource*>(memory)->allocate(size, alignof(std::max_align_t));
}
void keep(void*, void*) {} // all goes at once, with the tree

std::string_view value_of(const GumboNode& element, const char* name) {
    const char* value = attribute_of(element, name);
    return value ? std::string_view{value} : std::string_view{};
}

class Writer {
public:
    explicit Writer(std::size_t most) : most_{most} {}

    void write_children(const GumboNode& node) {
        for (const auto* child : children_of(node)) write(*child);
    }
    std::string out() && { return std::move(out_); }

private:
    void write(const GumboNode& node) {
        if (is_text(node)) return write_text(node.v.text.text);
        if (!is_element(node)) return;
        const auto* rule = element_rule(name_of(node));
        if (!rule || node.v.element.tag_namespace != GUMBO_NAMESPACE_HTML) return write_children(node);
        if (rule->name == "input")
            return write_text(sign_of_box(value_of(node, "type"), attribute_of(node, "checked") != nullptr));
        auto attributes = attributes_of(*rule, node);
        if (rule->name == "a" && !attributes.contains(" href=")) return write_children(node);
        if (rule->name == "img" && !attributes.contains(" src=")) {
            if (const char* words = attribute_of(node, "alt")) write_text(words);
            return;
        }
        if (rule->name == "a") attributes += link_relation;
        write_element(*rule, attributes, node);
    }

    void write_element(const ElementRule& rule, const std::string& attributes, const GumboNode& node) {
        bool is_void = rule.shape == ElementRule::Shape::Void;
        // Parsers drop the first line end of <pre>: one that is meant is written twice.
        auto inside = children_of(node);
        bool line_end =
            rule.name == "pre" && !inside.empty() && is_text(*inside[0]) && inside[0]->v.text.text[0] == '\n';
        auto end = is_void ? 0 : rule.name.size() + 3;
        if (!has_room(rule.name.size() + attributes.size() + 3 + end)) return;
        ((out_ += '<').append(rule.name) += attributes) += '>';
        if (is_void) return;
        if (line_end) out_ += '\n';
        reserved_ += end;
        write_children(node);
        reserved_ -= end;
        out_.append("</").append(rule.name) += '>';
    }

    static std::string attributes_of(const ElementRule& rule, const GumboNode& node) {
        std::string out;
        if (node.v.element.attributes.length == 0) return out;
        for (auto rules : {rule.attributes, attributes_of_all()})
            for (const auto& [name, check] : rules) {
                const char* value = attribute_of(node, name.data()); // the rules are literals, so ended by a zero
                if (!value) continue;
                auto checked = check(value);
                if (!checked) continue;
                append_attribute(out, name, *checked);
            }
        return out;
    }

    void write_text(std::string_view text) {
        if (full_) return;
        for (std::size_t at = 0; at < text.size();) {
            auto lead = static_cast<unsigned char>(text[at]);
            std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (!has_room(std::max<std::size_t>(length, 6))) return;
            if (length == 1) {
                append_escaped(out_, text[at]);
            } else if (!(lead == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0)) { // C1 controls
                out_ += text.substr(at, length);
            }
            at += length;
        }
    }

    bool has_room(std::size_t bytes) {
        full_ = full_ || out_.size() + reserved_ + bytes > most_;
        return !full_;
    }

    std::size_t most_;
    std::size_t reserved_ = 0; // for the end tags of what is open
    bool full_ = false;
    std::string out_;
};

} // namespace

HtmlTree::HtmlTree(std::string calm) : calm_{std::move(calm)}, memory_{calm_.size() * 8 + 4096} {
    auto options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = &memory_;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;
    root_ = gumbo_parse_with_options(&options, calm_.data(), calm_.size())->root;
    PREAU_ASSERT(root_);
}

std::span<GumboNode* const> children_of(const GumboNode& node) {
    if (!is_element(node)) return {};
    const auto& children = node.v.element.children;
    return {reinterpret_cast<GumboNode* const*>(children.data), children.length};
}

bool is_text(const GumboNode& node) {
    return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA;
}

bool is_element(const GumboNode& node) { return node.type == GUMBO_NODE_ELEMENT; }

std::string_view name_of(const GumboNode& element) { return gumbo_normalized_tagname(element.v.element.tag); }

const char* attribute_of(const GumboNode& element, const char* name) {
    const auto* found = gumbo_get_attribute(&element.v.element.attributes, name);
    return found ? found->value : nullptr;
}

std::string clean_html(const HtmlTree& tree, std::size_t most) {
    Writer writer{most};
    writer.write_children(tree.root());
    return std::move(writer).out();
}

} // namespace preau::text

#include "text/markdown.hpp"

#include "defuse_markdown.hpp"
#include "readable.hpp"
#include "section_headings.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <memory>
#include <vector>

namespace preau::text {
namespace {

struct Release {
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
    void operator()(cmark_node* node) const { cmark_node_free(node); }
    void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
    void operator()(char* text) const { cmark_get_default_mem_allocator()->free(text); }
};
template <class T> using Owned = std::unique_ptr<T, Release>;

cmark_syntax_extension* extension(const char* name) {
    static const bool registered = (cmark_gfm_core_extensions_ensure_registered(), true);
    return registered ? cmark_find_syntax_extension(name) : nullptr;
}

// `replacement` takes the place and the children of `node`.
void replace(cmark_node* node, cmark_node* replacement, cmark_node* parent_of_children) {
    while (auto* child = cmark_node_first_child(node)) cmark_node_append_child(parent_of_children, child);
    cmark_node_replace(node, replacement);
    cmark_node_free(node);
}

void heading_to_paragraph(cmark_node* heading) {
    auto* paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    auto* strong = cmark_node_new(CMARK_NODE_STRONG);
    cmark_node_append_child(paragraph, strong);
    replace(heading, paragraph, strong);
}

void image_to_link(cmark_node* image) {
    auto* link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, cmark_node_get_url(image));
    cmark_node_set_title(link, cmark_node_get_title(image));
    replace(image, link, link);
}

void html_to_words(cmark_node* html, cmark_node* parent) {
    std::string_view words{cmark_node_get_literal(html)};
    while (words.ends_with('\n')) words.remove_suffix(1);
    auto* after = html;
    auto add = [&](cmark_node* node) {
        if (parent) {
            cmark_node_append_child(parent, node);
        } else {
            cmark_node_insert_after(after, node);
            after = node;
        }
    };
    for (bool first = true; first || !words.empty(); first = false) {
        if (!first) add(cmark_node_new(CMARK_NODE_LINEBREAK));
        auto end = std::min(words.find('\n'), words.size());
        auto* text = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(text, std::string{words.substr(0, end)}.c_str());
        add(text);
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

void html_block_to_paragraph(cmark_node* html) {
    auto* paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    html_to_words(html, paragraph);
    cmark_node_replace(html, paragraph);
    cmark_node_free(html);
}

void html_inline_to_words(cmark_node* html) {
    html_to_words(html, nullptr);
    cmark_node_free(html);
}

// What a comment has no place for becomes what it has: somebody who writes <b> or # sees what they wrote.
void make_comment(cmark_node* document) {
    cmark_node_own(document); // else the words of a heading lie in the heading, and go with it
    std::vector<cmark_node*> found;
    Owned<cmark_iter> walk{cmark_iter_new(document)};
    for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(walk.get())) {
        auto* node = cmark_iter_get_node(walk.get());
        auto type = cmark_node_get_type(node);
        bool leaf = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
        bool inner = type == CMARK_NODE_HEADING || type == CMARK_NODE_IMAGE;
        if ((leaf && event == CMARK_EVENT_ENTER) || (inner && event == CMARK_EVENT_EXIT)) found.push_back(node);
    }
    for (auto* node : found) {
        auto type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HEADING) heading_to_paragraph(node);
        if (type == CMARK_NODE_IMAGE) image_to_link(node);
        if (type == CMARK_NODE_HTML_BLOCK) html_block_to_paragraph(node);
        if (type == CMARK_NODE_HTML_INLINE) html_inline_to_words(node);
    }
}

} // namespace

std::string markdown_to_html(std::string_view markdown, Flavour flavour) {
    auto [text, tables] = defuse_markdown(readable(markdown));
    bool comment = flavour == Flavour::Comment;
    int options = CMARK_OPT_UNSAFE | (comment ? CMARK_OPT_HARDBREAKS : 0); // unsafe: sanitize() comes behind it
    Owned<cmark_parser> parser{cmark_parser_new(options)};
    for (const auto* name : {"strikethrough", "autolink", "tasklist"})
        cmark_parser_attach_syntax_extension(parser.get(), extension(name));
    if (tables && !comment) cmark_parser_attach_syntax_extension(parser.get(), extension("table"));
    cmark_parser_feed(parser.get(), text.data(), text.size());
    Owned<cmark_node> document{cmark_parser_finish(parser.get())};
    if (comment) make_comment(document.get());
    Owned<char> html{cmark_render_html(document.get(), options, cmark_parser_get_syntax_extensions(parser.get()))};
    auto clean = sanitize(html.get());
    return flavour == Flavour::Section ? under_page_heading(std::move(clean)) : clean;
}

} // namespace preau::text

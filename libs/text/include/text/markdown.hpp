// Rich text of people: Markdown and HTML become clean HTML here, and nowhere else.
#pragma once

#include <string>
#include <string_view>

namespace preau::text {

// The one allow-list for all rich text that enters, from wherever. What is not allowed is dropped, its text kept
// (except of script, style, template, …). The answer is well-formed, safe in a page of ours under our CSP, and
// sanitize(sanitize(x)) == sanitize(x). Links get rel="nofollow noopener ugc". Never fails: broken UTF-8 and NUL become
// U+FFFD; deep nesting (above 100) is flattened; at most 1 MiB is read and written, what is longer is cut.
std::string sanitize(std::string_view html);

enum class Flavour {
    Document, // raw HTML is read as HTML
    Section, // a document inside a page that has its own h1: its headings begin at h2
    Comment, // no headings, images, tables; HTML stays text; a line end is a line end
};
// CommonMark with GitHub's tables, strikethrough, autolinks and task lists (cmark-gfm), then sanitize().
std::string markdown_to_html(std::string_view markdown, Flavour flavour = Flavour::Document);

// Plain words, for search, mails and excerpts: a line per block, pictures by their description.
std::string html_to_text(std::string_view html);

} // namespace preau::text

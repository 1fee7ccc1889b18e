// Rich text of people: Markdown and HTML become clean HTML here, and nowhere else.
#pragma once

#include <string>
#include <string_view>

namespace preau::text {

// The one allow-list for all rich text that enters, from wherever. What is not allowed is dropped, its text kept
// (except of script, style, template, …). The answer is well-formed, safe in a page of ours under our CSP, and
// sanitize(sanitize(x)) == sanitize(x). Links get rel="nofollow noopener ugc". Never fails; deep nesting (above 100) is
// flattened; at most 1 MiB is read, longer input is cut.
std::string sanitize(std::string_view html);

enum class Flavour { Comment, Document }; // Comment: no headings, no images, no tables
// CommonMark with GitHub's tables, strikethrough, autolinks and task lists (cmark-gfm), then sanitize().
std::string markdown_to_html(std::string_view markdown, Flavour flavour = Flavour::Document);
std::string html_to_text(std::string_view html); // plain words, for search, mails and excerpts

} // namespace preau::text

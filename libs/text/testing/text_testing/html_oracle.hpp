// A second opinion on clean HTML, which shares nothing with the sanitiser: its own lists, and libxml2 as parser.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace preau::text {

// What is wrong with `html`, in words, or "" when nothing is:
// - the text itself: valid UTF-8 without controls; every '<' starts a tag of ours, spelled in the one way the sanitiser
//   spells it; every tag is ended, in order; no more than 110 deep;
// - as libxml2 reads it: no comment, no instruction, no element and attribute but the known ones, no scheme but http,
//   https, mailto and tel.
std::string complaint_about(std::string_view html);

// Well over two hundred tricks: the classes of OWASP's list, mutations, confused namespaces, clobbering, broken text.
std::span<const std::string_view> hostile_html();

} // namespace preau::text

// Rich text from anywhere: what leaves the sanitiser is judged by another parser and other lists.
#include "text/markdown.hpp"
#include "text_testing/html_oracle.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

#include <cstdio>

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto html = fuzz::text_of(data, size);
    auto clean = text::sanitize(html);
    auto complaint = text::complaint_about(clean);
    if (!complaint.empty()) std::fprintf(stderr, "%s in: %s\n", complaint.c_str(), clean.c_str());
    PREAU_ASSERT(complaint.empty());
    PREAU_ASSERT(text::sanitize(clean) == clean);
    // The worst: <a href=x> with its rel, and characters that become references.
    PREAU_ASSERT(clean.size() <= 8 * html.size() + 64);
    auto words = text::html_to_text(html);
    PREAU_ASSERT(valid_utf8(words) && words.size() <= 4 * html.size() + 16);
    return 0;
}

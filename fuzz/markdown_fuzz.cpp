// Markdown of people, in both flavours.
#include "text/markdown.hpp"
#include "text_testing/html_oracle.hpp"

#include "fuzz_input.hpp"

#include <cstdio>

using namespace preau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto markdown = fuzz::text_of(data, size);
    for (auto flavour : {text::Flavour::Document, text::Flavour::Comment}) {
        auto html = text::markdown_to_html(markdown, flavour);
        auto complaint = text::complaint_about(html);
        if (!complaint.empty()) std::fprintf(stderr, "%s in: %s\n", complaint.c_str(), html.c_str());
        PREAU_ASSERT(complaint.empty());
        PREAU_ASSERT(text::sanitize(html) == html);
        if (flavour == text::Flavour::Document) continue;
        for (auto absent : {"<img", "<table", "<h1", "<h2", "<h6", "<details", "<span"})
            PREAU_ASSERT(!html.contains(absent));
    }
    return 0;
}

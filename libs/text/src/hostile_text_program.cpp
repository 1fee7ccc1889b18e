// Prints what becomes of the hostile corpus, as JSON, for tests/system/hostile_text_test.mjs to show to a browser.
#include "base/json.hpp"
#include "text/markdown.hpp"
#include "text_testing/html_oracle.hpp"

#include <cstdio>

using namespace preau;

int main() {
    std::vector<std::string> clean;
    for (auto hostile : text::hostile_html()) {
        clean.push_back(text::sanitize(hostile));
        clean.push_back(text::sanitize("<table><td><svg><p>" + std::string{hostile}));
        clean.push_back(text::markdown_to_html(hostile));
        clean.push_back(text::markdown_to_html(hostile, text::Flavour::Comment));
        clean.push_back(text::markdown_to_html("[" + std::string{hostile} + "](<" + std::string{hostile} + ">)"));
    }
    std::string out;
    json::write(out, clean);
    std::fwrite(out.data(), 1, out.size(), stdout);
}

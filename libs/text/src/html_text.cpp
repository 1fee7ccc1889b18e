// The words of rich text: what search, mails and excerpts read.
#include "allow_list.hpp"
#include "base/text.hpp"
#include "calm_html.hpp"
#include "html_tree.hpp"
#include "readable.hpp"
#include "text/markdown.hpp"

namespace preau::text {
namespace {

class Words {
public:
    void read(const GumboNode& node) {
        for (const auto* child : children_of(node)) {
            if (is_text(*child))
                add(child->v.text.text);
            else if (is_element(*child))
                element(*child);
        }
    }
    std::string out() && {
        auto text = trimmed(out_);
        return std::string{text};
    }

private:
    void element(const GumboNode& node) {
        auto name = name_of(node);
        const auto* rule = element_rule(name);
        if (name == "br" || name == "hr") return new_line();
        if (name == "img")
            if (const char* words = attribute_of(node, "alt")) add(words);
        bool block = (rule && rule->shape == ElementRule::Shape::Block) || name == "tr" || name == "caption";
        if (block) new_line();
        bool verbatim = std::exchange(verbatim_, verbatim_ || name == "pre");
        read(node);
        verbatim_ = verbatim;
        if (block) new_line();
        if (name == "td" || name == "th") gap_ = true;
    }

    void new_line() {
        while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\t')) out_.pop_back();
        if (!out_.empty() && out_.back() != '\n') out_ += '\n';
        gap_ = false;
    }

    // Blanks are one, as a browser shows them, but in <pre>.
    void add(std::string_view text) {
        for (char c : text) {
            bool blank = c == ' ' || c == '\n' || c == '\t';
            if (blank && !verbatim_) {
                gap_ = true;
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x20 && !blank) continue;
            if (gap_ && !out_.empty() && out_.back() != '\n') out_ += ' ';
            gap_ = false;
            out_ += c;
        }
    }

    std::string out_;
    bool gap_ = false;
    bool verbatim_ = false;
};

} // namespace

std::string html_to_text(std::string_view html) {
    HtmlTree tree{calm_html(readable(html))};
    Words words;
    words.read(tree.root());
    return std::move(words).out();
}

} // namespace preau::text

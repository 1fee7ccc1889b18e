// Hostile HTML in pieces, in one walk over the bytes: text, start tags, end tags. Comments, declarations, processing
// instructions and CDATA are skipped as a browser skips them (HTML §13.2.5). Nothing is trusted to what it yields: it
// only decides what is worth keeping.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::text {

struct HtmlToken {
    enum class Kind {
        Text,    // `text` as written, with character references
        RawText, // what stood inside of <script>, <textarea>, …: no tags were looked for; belongs to `name`
        Start,   // `name` in lower case, `attributes` as written
        End,     // `name`
    };
    struct Attribute {
        std::string name; // in lower case
        std::string_view value;
    };
    Kind kind = Kind::Text;
    std::string_view text;
    std::string name;
    std::vector<Attribute> attributes; // at most 64, the rest is skipped
};

class HtmlTokens {
public:
    explicit HtmlTokens(std::string_view html) : html_{html} {} // must outlive this and its tokens
    bool next(HtmlToken& token);                                // false at the end

private:
    bool text(HtmlToken& token, std::size_t end);
    bool raw_text(HtmlToken& token);
    bool tag(HtmlToken& token);
    bool attribute(HtmlToken& token);
    void skip_declaration();
    std::string name_here();
    void skip_blanks();

    std::string_view html_;
    std::size_t at_ = 0;
    std::string raw_; // the element whose content is raw text and follows now
};

} // namespace preau::text

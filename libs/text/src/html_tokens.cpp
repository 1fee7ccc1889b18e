#include "html_tokens.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace preau::text {
namespace {

constexpr std::size_t most_attributes = 64;
constexpr auto npos = std::string_view::npos;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r'; }

// HTML §13.1.2: raw text, escapable raw text, and what is parsed as such with scripting on.
constexpr std::array<std::string_view, 10> raw_elements{"iframe", "noembed", "noframes", "noscript", "plaintext",
                                                        "script", "style",   "textarea", "title",    "xmp"};

bool same_ascii(std::string_view text, std::string_view lower) {
    return text.size() == lower.size() && std::ranges::equal(text, lower, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
           });
}

} // namespace

bool HtmlTokens::next(HtmlToken& token) {
    token.attributes.clear();
    while (at_ < html_.size()) {
        if (!raw_.empty()) {
            if (raw_text(token)) return true;
            continue;
        }
        auto open = html_.find('<', at_);
        while (open != npos) { // "a < b" and "<3" are text
            char after = open + 1 < html_.size() ? html_[open + 1] : ' ';
            if (letter(after) || after == '!' || after == '?' || after == '/') break;
            open = html_.find('<', open + 1);
        }
        if (text(token, std::min(open, html_.size()))) return true;
        if (open == npos) continue;
        char first = html_[at_ + 1];
        char second = at_ + 2 < html_.size() ? html_[at_ + 2] : '>';
        if (letter(first) || (first == '/' && letter(second))) {
            if (tag(token)) return true;
        } else {
            skip_declaration();
        }
    }
    return false;
}

bool HtmlTokens::text(HtmlToken& token, std::size_t end) {
    if (end == at_) return false;
    token.kind = HtmlToken::Kind::Text;
    token.text = html_.substr(at_, end - at_);
    at_ = end;
    return true;
}

// Up to the end tag of the same name, or to the end of all.
bool HtmlTokens::raw_text(HtmlToken& token) {
    token.name = std::exchange(raw_, {});
    auto end = at_;
    for (;; ++end) {
        end = token.name == "plaintext" ? npos : html_.find("</", end);
        if (end == npos) {
            end = html_.size();
            break;
        }
        auto after = end + 2 + token.name.size();
        if (!same_ascii(html_.substr(end + 2, token.name.size()), token.name)) continue;
        if (after >= html_.size() || blank(html_[after]) || html_[after] == '>' || html_[after] == '/') break;
    }
    if (!text(token, end)) return false;
    token.kind = HtmlToken::Kind::RawText;
    return true;
}

bool HtmlTokens::tag(HtmlToken& token) {
    bool ends = html_[at_ + 1] == '/';
    at_ += ends ? 2 : 1;
    token.kind = ends ? HtmlToken::Kind::End : HtmlToken::Kind::Start;
    token.name = name_here();
    while (attribute(token)) {
    }
    if (at_ >= html_.size()) return false; // a tag that is not ended is no tag
    ++at_;                                 // the '>'
    if (!ends && std::ranges::find(raw_elements, token.name) != raw_elements.end()) raw_ = token.name;
    return true;
}

std::string HtmlTokens::name_here() {
    auto start = at_;
    while (at_ < html_.size() && !blank(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
    return to_lower_ascii(html_.substr(start, at_ - start));
}

void HtmlTokens::skip_blanks() {
    while (at_ < html_.size() && blank(html_[at_])) ++at_;
}

// One attribute, HTML §13.2.5.32–40. False in front of '>' and at the end.
bool HtmlTokens::attribute(HtmlToken& token) {
    while (at_ < html_.size() && (blank(html_[at_]) || html_[at_] == '/')) ++at_;
    if (at_ >= html_.size() || html_[at_] == '>') return false;
    auto start = at_++; // a '=' in the first place belongs to the name
    while (at_ < html_.size() && !blank(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=')
        ++at_;
    auto name = html_.substr(start, at_ - start);
    skip_blanks();
    std::string_view value;
    if (at_ < html_.size() && html_[at_] == '=') {
        ++at_;
        skip_blanks();
        if (at_ < html_.size() && (html_[at_] == '"' || html_[at_] == '\'')) {
            auto end = std::min(html_.find(html_[at_], at_ + 1), html_.size());
            value = html_.substr(at_ + 1, end - at_ - 1);
            at_ = std::min(end + 1, html_.size());
        } else {
            auto from = at_;
            while (at_ < html_.size() && !blank(html_[at_]) && html_[at_] != '>') ++at_;
            value = html_.substr(from, at_ - from);
        }
    }
    if (token.kind == HtmlToken::Kind::Start && token.attributes.size() < most_attributes)
        token.attributes.push_back({to_lower_ascii(name), value});
    return true;
}

// Comments by their own rules, HTML §13.2.5.43–51; whatever else begins by "<!", "<?" or "</" ends at the next '>'.
void HtmlTokens::skip_declaration() {
    auto rest = html_.substr(at_);
    std::size_t length = 0;
    if (rest.starts_with("<!-->")) {
        length = 5;
    } else if (rest.starts_with("<!--->")) {
        length = 6;
    } else if (rest.starts_with("<!--")) {
        auto end = rest.find("--", 4);
        while (end != npos && rest.substr(end + 2, 1) != ">" && rest.substr(end + 2, 2) != "!>")
            end = rest.find("--", end + 1);
        length = end == npos ? rest.size() : rest.find('>', end) + 1;
    } else {
        auto end = rest.find('>');
        length = end == npos ? rest.size() : end + 1;
    }
    at_ += length;
}

} // namespace preau::text

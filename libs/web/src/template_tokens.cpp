#include "template_tokens.hpp"

#include "base/text.hpp"
#include "web/template.hpp"

#include <fmt/core.h>

namespace preau::web {

void template_problem(std::string_view name, int line, const std::string& what) {
    throw TemplateError(fmt::format("{}:{}: {}", name, line, what));
}

namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }

class Tokenizer {
public:
    Tokenizer(std::string_view name, std::string_view source) : name_{name}, source_{source} {}

    std::vector<Token> run() {
        while (at_ < source_.size()) {
            auto open = source_.find("{{", at_);
            add_text(source_.substr(at_, open - at_));
            if (open == source_.npos) break;
            read_tag(open);
        }
        return std::move(tokens_);
    }

private:
    void add_text(std::string_view text) {
        if (text.empty()) return;
        if (tokens_.empty() || tokens_.back().kind != Token::Kind::Text)
            tokens_.push_back({.kind = Token::Kind::Text, .line = line_});
        tokens_.back().text += text;
        count_lines(text);
    }

    void count_lines(std::string_view text) { line_ += static_cast<int>(std::count(text.begin(), text.end(), '\n')); }

    void read_tag(std::size_t open) {
        const bool triple = source_.substr(open).starts_with("{{{");
        const std::string_view closing = triple ? "}}}" : "}}";
        const std::size_t start = open + (triple ? 3 : 2);
        const std::size_t close = source_.find(closing, start);
        if (close == source_.npos) template_problem(name_, line_, "a tag is not closed");
        auto inside = source_.substr(start, close - start);
        const std::size_t end = close + closing.size();
        char sigil = triple ? '{' : (inside.empty() ? ' ' : inside.front());
        if (!triple && std::string_view{"#^/>!&="}.contains(sigil))
            inside.remove_prefix(1);
        else if (!triple)
            sigil = ' ';
        at_ = end;
        std::string_view indent;
        if (std::string_view{"#^/>!"}.contains(sigil)) indent = take_line_if_alone(open, end);
        add_tag(sigil, inside, indent);
        count_lines(source_.substr(open, at_ - open));
    }

    void add_tag(char sigil, std::string_view inside, std::string_view indent) {
        if (sigil == '!') return;
        if (sigil == '=') template_problem(name_, line_, "other delimiters are not supported");
        while (!inside.empty() && (blank(inside.front()) || inside.front() == '\n' || inside.front() == '\r'))
            inside.remove_prefix(1);
        while (!inside.empty() && (blank(inside.back()) || inside.back() == '\n' || inside.back() == '\r'))
            inside.remove_suffix(1);
        if (inside.empty()) template_problem(name_, line_, "a tag without a name");
        tokens_.push_back(
            {.kind = kind_of(sigil), .text = std::string{inside}, .indent = std::string{indent}, .line = line_});
    }

    static Token::Kind kind_of(char sigil) {
        switch (sigil) {
        case '#': return Token::Kind::Open;
        case '^': return Token::Kind::Inverted;
        case '/': return Token::Kind::Close;
        case '>': return Token::Kind::Partial;
        case '{':
        case '&': return Token::Kind::Raw;
        default: return Token::Kind::Value;
        }
    }

    // A section tag, comment or partial alone on its line takes the whole line with it (Mustache spec, "standalone").
    // Answers the blanks before the tag.
    std::string_view take_line_if_alone(std::size_t open, std::size_t end) {
        std::size_t line_start = open;
        while (line_start > 0 && blank(source_[line_start - 1])) --line_start;
        if (line_start > 0 && source_[line_start - 1] != '\n') return {};
        std::size_t after = end;
        while (after < source_.size() && blank(source_[after])) ++after;
        if (after < source_.size() && source_[after] == '\r') ++after;
        if (after < source_.size() && source_[after] != '\n') return {};
        at_ = after < source_.size() ? after + 1 : after;
        auto indent = source_.substr(line_start, open - line_start);
        if (!indent.empty()) {
            auto& text = tokens_.back().text; // the blanks were just added to it
            text.resize(text.size() - indent.size());
            if (text.empty()) tokens_.pop_back();
        }
        return indent;
    }

    std::string_view name_;
    std::string_view source_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<Token> tokens_;
};

} // namespace

std::vector<Token> tokens_of(std::string_view name, std::string_view source) { return Tokenizer{name, source}.run(); }

} // namespace preau::web

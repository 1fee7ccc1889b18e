// The compiler: tokens become steps, and every name is bound to a member of the type that stands there.
#include "web/template.hpp"

#include "base/text.hpp"
#include "template_program.hpp"
#include "template_tokens.hpp"

#include <fmt/core.h>

#include <span>

namespace preau::web {
namespace {

constexpr int deepest_partial = 16;

struct Scope {
    const ViewType* type;
    std::uint8_t frame;
};

struct Place { // a member and the frame of the object that it belongs to
    const ViewMember* member;
    std::uint8_t frame;
};

bool is_directive(std::string_view name) { return name == "t" || name == "icon" || name == "asset"; }

class Compiler {
public:
    Compiler(const TemplateSource& source, const Translate& translate, const TemplateAssets& assets)
        : source_{source}, translate_{translate}, assets_{assets} {}

    std::shared_ptr<const Template> run(std::string_view name, const ViewType& type) {
        scopes_.push_back({&type, 0});
        escapes_ = !name.ends_with(".txt");
        auto text = source_(name);
        if (!text) throw TemplateError(fmt::format("{}: there is no such template", name));
        file(name, *text);
        std::size_t values = 0;
        for (const auto& step : out_->steps) values += step.kind == Step::Kind::Text || step.kind == Step::Kind::Each;
        out_->expected = out_->text.size() + values * 64 + 1024;
        return std::move(out_);
    }

private:
    using Tokens = std::span<const Token>;

    void file(std::string_view name, std::string_view text) {
        const auto outer = std::exchange(file_, name);
        const auto tokens = tokens_of(name, text);
        block(tokens);
        file_ = outer;
    }

    void block(Tokens tokens) {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const auto& token = tokens[i];
            line_ = token.line;
            switch (token.kind) {
            case Token::Kind::Text: literal(token.text); break;
            case Token::Kind::Value: value(token.text); break;
            case Token::Kind::Raw: raw(token.text); break;
            case Token::Kind::Partial: partial(token); break;
            case Token::Kind::Close: problem(fmt::format("{{{{/{}}}}} closes nothing", token.text));
            case Token::Kind::Open:
            case Token::Kind::Inverted: {
                const auto end = closing(tokens, i);
                auto inside = tokens.subspan(i + 1, end - i - 1);
                if (is_directive(token.text))
                    directive(token, inside);
                else if (token.kind == Token::Kind::Open)
                    section(token.text, inside);
                else
                    inverted(token.text, inside);
                i = end;
            }
            }
        }
    }

    std::size_t closing(Tokens tokens, std::size_t open) const {
        std::vector<const Token*> unclosed{&tokens[open]};
        for (std::size_t i = open + 1; i < tokens.size(); ++i) {
            const auto& token = tokens[i];
            if (token.kind == Token::Kind::Open || token.kind == Token::Kind::Inverted) unclosed.push_back(&token);
            if (token.kind != Token::Kind::Close) continue;
            if (token.text != unclosed.back()->text)
                template_problem(file_, token.line,
                                 fmt::format("{{{{/{}}}}} stands where {{{{/{}}}}} of line {} is due", token.text,
                                             unclosed.back()->text, unclosed.back()->line));
            unclosed.pop_back();
            if (unclosed.empty()) return i;
        }
        template_problem(file_, unclosed.back()->line,
                         fmt::format("section '{}' is not closed", unclosed.back()->text));
    }

    [[noreturn]] void problem(const std::string& what) const { template_problem(file_, line_, what); }

    Step& add(Step step) { return out_->steps.emplace_back(step); }

    std::uint32_t here() const { return static_cast<std::uint32_t>(out_->steps.size()); }

    void literal(std::string_view text) {
        if (text.empty()) return;
        const auto start = static_cast<std::uint32_t>(out_->text.size());
        const auto length = static_cast<std::uint32_t>(text.size());
        out_->text += text;
        // Never grow a literal that a jump may land behind: `barrier_` is the last place that something jumps to.
        if (!out_->steps.empty() && here() > barrier_ && out_->steps.back().kind == Step::Kind::Literal)
            out_->steps.back().b += length;
        else
            add({.kind = Step::Kind::Literal, .a = start, .b = length});
    }

    void value(std::string_view name) {
        const auto place = find(name);
        using enum ViewMember::Kind;
        if (!place.member->text) problem(fmt::format("'{}' is not a text or number: open it as a section", name));
        const bool plain = place.member->kind == Number || place.member->kind == Raw || !escapes_;
        add({.kind = plain ? Step::Kind::Raw : Step::Kind::Text, .frame = place.frame, .member = place.member});
    }

    void raw(std::string_view name) {
        const auto place = find(name);
        if (place.member->kind != ViewMember::Kind::Raw)
            problem(fmt::format("'{}' is not Html, it may not be written raw", name));
        add({.kind = Step::Kind::Raw, .frame = place.frame, .member = place.member});
    }

    void section(std::string_view name, Tokens inside) {
        const auto place = find(name);
        using enum ViewMember::Kind;
        switch (place.member->kind) {
        case Number: problem(fmt::format("'{}' is a number: a section needs a flag", name));
        case Flag: conditional(place, inside); break;
        case Text:
            if (!place.member->truth) problem(fmt::format("'{}' is never empty: a section needs a flag", name));
            [[fallthrough]];
        case Raw:
        case Optional: optional(place, inside); break;
        case Object: object(place, inside); break;
        case List: list(place, inside); break;
        }
    }

    void conditional(Place place, Tokens inside) {
        const auto test = here();
        add({.kind = Step::Kind::If, .frame = place.frame, .member = place.member});
        block(inside);
        land(test);
    }

    void optional(Place place, Tokens inside) {
        const auto test = here();
        add({.kind = Step::Kind::If, .frame = place.frame, .member = place.member});
        object(place, inside);
        land(test);
    }

    void object(Place place, Tokens inside) {
        enter(place);
        block(inside);
        scopes_.pop_back();
    }

    void list(Place place, Tokens inside) {
        const auto frame = next_frame();
        const auto start = here();
        add({.kind = Step::Kind::Each, .frame = place.frame, .target = frame, .member = place.member});
        barrier_ = here();
        scopes_.push_back({&place.member->type(), frame});
        block(inside);
        scopes_.pop_back();
        add({.kind = Step::Kind::Next, .target = frame, .a = start + 1, .member = place.member});
        land(start);
    }

    void inverted(std::string_view name, Tokens inside) {
        const auto place = find(name);
        if (!place.member->truth) problem(fmt::format("'{}' is always there: nothing to invert", name));
        const auto test = here();
        add({.kind = Step::Kind::Unless, .frame = place.frame, .member = place.member});
        block(inside);
        land(test);
    }

    void land(std::uint32_t jump) { // the jump of that step leads here
        out_->steps[jump].a = barrier_ = here();
    }

    std::uint8_t next_frame() const {
        const auto frame = scopes_.back().frame + 1;
        if (frame >= static_cast<int>(most_frames)) problem("sections are nested too deep");
        return static_cast<std::uint8_t>(frame);
    }

    void enter(Place place) {
        const auto frame = next_frame();
        add({.kind = Step::Kind::Enter, .frame = place.frame, .target = frame, .member = place.member});
        scopes_.push_back({&place.member->type(), frame});
    }

    void partial(const Token& token) {
        if (++depth_ > deepest_partial) problem("partials are nested too deep; one that includes itself never ends");
        auto text = source_(token.text);
        if (!text) problem(fmt::format("there is no partial '{}'", token.text));
        file(token.text, token.indent.empty() ? *text : indented(*text, token.indent));
        --depth_;
    }

    static std::string indented(std::string_view text, std::string_view indent) {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
            out.append(indent).append(text.substr(at, end - at));
            at = end;
        }
        return out;
    }

    void directive(const Token& token, Tokens inside) {
        if (token.kind == Token::Kind::Inverted) problem(fmt::format("'{}' cannot be inverted", token.text));
        if (token.text == "icon" && inside.size() == 1 && inside[0].kind == Token::Kind::Value)
            return icon_of(inside[0].text);
        if (inside.size() != 1 || inside[0].kind != Token::Kind::Text)
            problem(fmt::format("'{}' takes a plain name", token.text));
        const auto name = trimmed(inside[0].text);
        const auto line = line_;
        try {
            if (token.text == "t")
                translation(translate_(name));
            else if (token.text == "asset")
                literal(escape_html(assets_.address(name)));
            else
                icon(name);
        } catch (const TemplateError& error) {
            const std::string_view what = error.what();
            if (what.starts_with(file_)) throw; // a placeholder of the text, already placed
            template_problem(file_, line, std::string{what});
        }
    }

    void translation(std::string_view text) {
        while (!text.empty()) {
            const auto open = text.find('{');
            literal(escapes_ ? escape_html(text.substr(0, open)) : std::string{text.substr(0, open)});
            if (open == text.npos) return;
            const auto close = text.find('}', open);
            if (close == text.npos) problem(fmt::format("a placeholder is not closed in '{}'", text));
            value(text.substr(open + 1, close - open - 1));
            text.remove_prefix(close + 1);
        }
    }

    // Decorative: the words beside it or the button's aria-label say what it means.
    void icon(std::string_view name) {
        assets_.check_icon(name);
        literal(R"(<svg class="icon" aria-hidden="true"><use href=")");
        literal(assets_.address("icons.svg"));
        literal(fmt::format("#{}\"/></svg>", name));
    }

    void icon_of(std::string_view member) {
        literal(R"(<svg class="icon" aria-hidden="true"><use href=")");
        literal(assets_.address("icons.svg"));
        literal("#");
        value(member);
        literal("\"/></svg>");
    }

    // `a.b.c`: the first name is looked up from the inside out, the others are members of what it answers.
    Place find(std::string_view name) {
        if (name == ".") return here_itself();
        const auto parts = split(name, '.');
        auto place = find_outwards(parts.front());
        const auto scopes = scopes_.size();
        for (std::size_t i = 1; i < parts.size(); ++i) {
            if (place.member->kind != ViewMember::Kind::Object)
                problem(fmt::format("'{}' has no members, in '{}'", parts[i - 1], name));
            enter(place);
            const auto* member = member_of(*scopes_.back().type, parts[i]);
            if (!member) unknown(parts[i], *scopes_.back().type);
            place = {member, scopes_.back().frame};
        }
        // The frames stay filled until something else takes them, so the step that follows still finds its object.
        scopes_.resize(scopes);
        return place;
    }

    Place here_itself() const { // `{{.}}`: the text or number whose section this is
        const auto& scope = scopes_.back();
        const auto* member = member_of(*scope.type, ".");
        if (!member) problem(fmt::format("'.' is a {}, not a text or number", scope.type->name));
        return {member, scope.frame};
    }

    Place find_outwards(std::string_view name) const {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
            if (const auto* member = member_of(*scope->type, name)) return {member, scope->frame};
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
            if (!member_of(*scope->type, ".")) unknown(name, *scope->type);
        unknown(name, *scopes_.back().type);
    }

    static const ViewMember* member_of(const ViewType& type, std::string_view name) {
        for (const auto& member : type.members)
            if (member.name == name) return &member;
        return nullptr;
    }

    [[noreturn]] void unknown(std::string_view name, const ViewType& type) const {
        std::string names;
        for (const auto& member : type.members) names.append(names.empty() ? "" : ", ").append(member.name);
        problem(fmt::format("unknown name '{}'; {} has: {}", name, type.name, names));
    }

    std::shared_ptr<Template> out_ = std::make_shared<Template>(); // shared: pages in flight keep a replaced one alive
    const TemplateSource& source_;
    const Translate& translate_;
    const TemplateAssets& assets_;
    std::vector<Scope> scopes_;
    std::string_view file_;
    bool escapes_ = true; // not in *.txt, which nobody takes for HTML
    int line_ = 1;
    int depth_ = 0;
    std::uint32_t barrier_ = 0;
};

} // namespace

std::shared_ptr<const Template> compile(std::string_view name, const ViewType& type, const TemplateSource& source,
                                        const Translate& translate, const TemplateAssets& assets) {
    return Compiler{source, translate, assets}.run(name, type);
}

} // namespace preau::web

#include "calm_html.hpp"

#include "allow_list.hpp"
#include "html_tokens.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace preau::text {
namespace {

using Names = std::initializer_list<std::string_view>;

bool among(std::string_view name, Names names) { return std::ranges::find(names, name) != names.end(); }
bool part_of_table(std::string_view name) {
    return among(name, {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"});
}

class Calm {
public:
    std::string of(std::string_view html) {
        out_.reserve(html.size() + html.size() / 8);
        HtmlTokens tokens{html};
        HtmlToken token;
        while (tokens.next(token)) take(token);
        close_down_to(0);
        return std::move(out_);
    }

private:
    struct Open {
        const ElementRule* rule;
        bool written; // <b> inside of <b> is remembered for its end, and not written
    };

    void take(const HtmlToken& token) {
        using enum HtmlToken::Kind;
        if (token.name == "template" && token.kind == Start) ++templates_;
        if (token.name == "template" && token.kind == End && templates_ > 0) --templates_;
        if (templates_ > 0) return; // what a template holds is shown nowhere
        switch (token.kind) {
        case Text: return write_text(token.text, "&");
        case RawText:
            if (token.name == "textarea") write_text(token.text, "&");
            if (token.name == "xmp" || token.name == "plaintext") write_text(token.text, "&amp;");
            return;
        case Start: return start(token);
        case End: return end(token.name);
        }
    }

    // '<' that starts no tag is text. Character references stay for gumbo to resolve, but where there are none.
    void write_text(std::string_view text, std::string_view ampersand) {
        for (std::size_t at = 0; at < text.size();) {
            auto next = std::min(text.find_first_of("<&", at), text.size());
            out_ += text.substr(at, next - at);
            if (next < text.size()) out_ += text[next] == '<' ? "&lt;" : ampersand;
            at = next + 1;
        }
    }

    void start(const HtmlToken& token) {
        const auto* rule = element_rule(token.name);
        if (!rule) return;
        make_room_for(*rule);
        bool is_void = rule->shape == ElementRule::Shape::Void;
        if (!is_void && open_.size() >= deepest_nesting) return;
        bool again = rule->shape == ElementRule::Shape::Formatting && is_open(rule->name);
        if (!again) write_tag(*rule, token);
        if (!is_void) open_.push_back({rule, !again});
    }

    // Ends what HTML ends by itself when `next` starts, and what cannot stand around it.
    void make_room_for(const ElementRule& next) {
        auto name = next.name;
        if (name == "a") close("a", {"table"});
        if (next.shape == ElementRule::Shape::Block || name == "hr") close("p", {"td", "th", "caption", "table"});
        if (name == "li") close("li", {"ul", "ol", "table", "td", "th", "caption"});
        if (among(name, {"dt", "dd"})) {
            close("dt", {"dl", "table", "td", "th", "caption"});
            close("dd", {"dl", "table", "td", "th", "caption"});
        }
        if (name.size() == 2 && name[0] == 'h' && name != "hr")
            for (auto heading : {"h1", "h2", "h3", "h4", "h5", "h6"}) close(heading, {"td", "th", "caption", "table"});
        if (part_of_table(name) && name != "table") {
            close("caption", {"table"});
            close("td", {"table"});
            close("th", {"table"});
            if (!among(name, {"td", "th"})) close("tr", {"table"});
            if (!among(name, {"td", "th", "tr"}))
                for (auto part : {"tbody", "thead", "tfoot"}) close(part, {"table"});
        }
    }

    void end(std::string_view written) {
        const auto* rule = element_rule(written);
        if (!rule) return;
        if (part_of_table(rule->name))
            close(rule->name, {"table"});
        else
            close(rule->name, {"td", "th", "caption", "table"});
    }

    // Ends the innermost open `name` with all inside of it, unless one of `walls` stands between.
    void close(std::string_view name, Names walls) {
        for (auto at = open_.size(); at > 0; --at) {
            auto open = open_[at - 1].rule->name;
            if (open == name) return close_down_to(at - 1);
            if (among(open, walls)) return;
        }
    }

    void close_down_to(std::size_t depth) {
        for (; open_.size() > depth; open_.pop_back())
            if (open_.back().written) out_.append("</").append(open_.back().rule->name) += '>';
    }

    bool is_open(std::string_view name) const {
        return std::ranges::any_of(open_, [&](const Open& open) { return open.rule->name == name; });
    }

    void write_tag(const ElementRule& rule, const HtmlToken& token) {
        (out_ += '<') += rule.name;
        std::vector<const AttributeRule*> written; // of two with one name the first counts
        for (const auto& [name, value] : token.attributes) {
            const auto* allowed = attribute_rule(rule, name);
            if (!allowed || std::ranges::find(written, allowed) != written.end()) continue;
            written.push_back(allowed);
            (out_ += ' ').append(name) += "=\"";
            for (char c : value)
                if (c == '"')
                    out_ += "&quot;";
                else
                    out_ += c;
            out_ += '"';
        }
        out_ += '>';
    }

    std::string out_;
    std::vector<Open> open_;
    int templates_ = 0;
};

} // namespace

std::string calm_html(std::string_view html) { return Calm{}.of(html); }

} // namespace preau::text

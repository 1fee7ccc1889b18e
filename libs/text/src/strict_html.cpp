#include "strict_html.hpp"

#include "allow_list.hpp"
#include "html_spelling.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

namespace preau::text {
namespace {

enum class Holds { Flow, Words, Items, Terms, Sections, Rows, Cells };

bool among(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}

Holds content_of(const ElementRule& rule) {
    auto name = rule.name;
    if (among(name, {"ul", "ol"})) return Holds::Items;
    if (name == "dl") return Holds::Terms;
    if (name == "table") return Holds::Sections;
    if (among(name, {"thead", "tbody", "tfoot"})) return Holds::Rows;
    if (name == "tr") return Holds::Cells;
    if (among(name, {"blockquote", "dd", "details", "div", "figcaption", "figure", "li", "td", "th"}))
        return Holds::Flow;
    return Holds::Words;
}

bool fits(Holds outside, const ElementRule& rule) {
    auto name = rule.name;
    bool block = rule.shape == ElementRule::Shape::Block || name == "hr";
    bool part = among(name, {"caption", "tbody", "td", "tfoot", "th", "thead", "tr"});
    switch (outside) {
    case Holds::Flow: return !part && !among(name, {"li", "dt", "dd"});
    case Holds::Words: return !part && !block;
    case Holds::Items: return name == "li";
    case Holds::Terms: return among(name, {"dt", "dd"});
    case Holds::Sections: return among(name, {"caption", "tbody", "tfoot", "thead"});
    case Holds::Rows: return name == "tr";
    case Holds::Cells: return among(name, {"td", "th"});
    }
    return false;
}

// The references that calm and clean HTML have in common; any other takes a parser.
constexpr std::array<std::pair<std::string_view, char>, 4> references{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}}};

class Strict {
public:
    Strict(std::string_view calm, std::size_t most) : calm_{calm}, most_{most} { out_.reserve(calm.size() + 256); }

    std::optional<std::string> out() && {
        while (at_ < calm_.size()) {
            if (!(calm_[at_] != '<' ? text() : calm_[at_ + 1] == '/' ? end() : start()) || out_.size() > most_)
                return std::nullopt;
        }
        return std::move(out_);
    }

private:
    struct Open {
        const ElementRule* rule = nullptr;
        bool written = true;
    };
    struct Value {
        const AttributeRule* rule = nullptr;
        std::string text;
    };

    Holds inside() const { return open_.empty() ? Holds::Flow : content_of(*open_.back().rule); }

    bool text() {
        bool blanks_only = inside() == Holds::Sections || inside() == Holds::Rows || inside() == Holds::Cells;
        if (std::exchange(behind_pre_, false) && calm_[at_] == '\n') return false; // a parser would drop it
        while (at_ < calm_.size() && calm_[at_] != '<') {
            auto c = calm_[at_];
            if (blanks_only && c != ' ' && c != '\n' && c != '\t') return false;
            if (static_cast<unsigned char>(c) == 0xC2 && static_cast<unsigned char>(calm_[at_ + 1]) < 0xA0)
                return false; // C1 controls
            if (!character(out_, true)) return false;
        }
        return true;
    }

    // One byte or one reference of the calm text, escaped again or as meant.
    bool character(std::string& to, bool escaped) {
        char c = calm_[at_];
        std::size_t length = 1;
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) return false;
        if (c == '&') {
            const auto* known =
                std::ranges::find_if(references, [&](auto& one) { return calm_.substr(at_).starts_with(one.first); });
            if (known == references.end()) return false;
            c = known->second;
            length = known->first.size();
        }
        if (escaped)
            append_escaped(to, c);
        else
            to += c;
        at_ += length;
        return true;
    }

    std::string_view name_here() {
        auto start = at_;
        while (calm_[at_] != ' ' && calm_[at_] != '>') ++at_;
        return calm_.substr(start, at_ - start);
    }

    bool start() {
        ++at_;
        const auto* rule = element_rule(name_here());
        if (!rule || !fits(inside(), *rule)) return false;
        values_.clear();
        while (calm_[at_] == ' ')
            if (!attribute(*rule)) return false;
        ++at_;
        if (rule->name == "input") return write_words(sign_of_box(meant("type"), has("checked")));
        std::string attributes;
        for (auto rules : {rule->attributes, attributes_of_all()})
            for (const auto& allowed : rules)
                if (has(allowed.name))
                    if (auto checked = allowed.check(meant(allowed.name)))
                        append_attribute(attributes, allowed.name, *checked);
        bool is_void = rule->shape == ElementRule::Shape::Void;
        if (rule->name == "img" && !attributes.contains(" src=")) return write_words(meant("alt"));
        bool written = rule->name != "a" || attributes.contains(" href=");
        if (rule->name == "a") attributes += link_relation;
        if (written) ((out_ += '<').append(rule->name) += attributes) += '>';
        if (!is_void) open_.push_back({rule, written});
        behind_pre_ = rule->name == "pre";
        return true;
    }

    bool attribute(const ElementRule& rule) {
        ++at_; // the blank
        auto equals = calm_.find('=', at_);
        Value value{.rule = attribute_rule(rule, calm_.substr(at_, equals - at_))};
        at_ = equals + 2;
        while (calm_[at_] != '"')
            if (!character(value.text, false)) return false;
        ++at_;
        values_.push_back(std::move(value));
        return true;
    }

    bool has(std::string_view name) const {
        return std::ranges::any_of(values_, [&](const Value& value) { return value.rule->name == name; });
    }
    std::string_view meant(std::string_view name) const {
        for (const auto& value : values_)
            if (value.rule->name == name) return value.text;
        return {};
    }

    bool write_words(std::string_view words) {
        for (char c : words) append_escaped(out_, c);
        return true;
    }

    bool end() {
        auto stop = calm_.find('>', at_);
        if (open_.empty()) return false;
        if (open_.back().written) out_.append("</").append(open_.back().rule->name) += '>';
        open_.pop_back(); // calm HTML ends in order
        behind_pre_ = false;
        at_ = stop + 1;
        return true;
    }

    std::string_view calm_;
    std::size_t most_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<Open> open_;
    std::vector<Value> values_;
    bool behind_pre_ = false;
};

} // namespace

std::optional<std::string> strict_html(std::string_view calm, std::size_t most) { return Strict{calm, most}.out(); }

} // namespace preau::text

#include "web/page_check.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

#include <set>

namespace preau::web {
namespace {

constexpr std::string_view void_tags[] = {"area", "base",  "br",   "col",  "embed",  "hr",
                                          "img",  "input", "link", "meta", "source", "wbr"};
constexpr std::string_view must_have_names[] = {"a", "button", "summary", "h1", "h2", "h3", "th", "title", "legend"};

struct Element {
    std::string tag;
    bool named = false; // by text inside or aria-label
};

class Check {
public:
    explicit Check(std::string_view html) : rest_{html} {}

    std::vector<std::string> run() {
        while (!rest_.empty()) {
            const auto open = rest_.find('<');
            text(rest_.substr(0, open));
            if (open == rest_.npos) break;
            rest_.remove_prefix(open);
            if (rest_.starts_with("<!--"))
                skip_past("-->");
            else if (rest_.starts_with("<!"))
                skip_past(">");
            else
                tag();
        }
        for (const auto& element : open_) problem(fmt::format("<{}> is not closed", element.tag));
        if (headings_ != 1) problem(fmt::format("{} <h1>, not one", headings_));
        return std::move(problems_);
    }

private:
    void problem(std::string what) { problems_.push_back(std::move(what)); }

    void skip_past(std::string_view end) {
        const auto found = rest_.find(end);
        if (found == rest_.npos) problem(fmt::format("'{}' is missing", end));
        rest_.remove_prefix(std::min(rest_.size(), found == rest_.npos ? rest_.size() : found + end.size()));
    }

    void text(std::string_view words) {
        if (trimmed(words).empty()) return;
        for (auto& element : open_) element.named = true;
    }

    void tag() {
        const auto end = end_of_tag();
        auto inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        if (inside.starts_with('/')) return close(to_lower_ascii(trimmed(inside.substr(1))));
        const bool closed = inside.ends_with('/');
        if (closed) inside.remove_suffix(1);
        const auto name_end = std::min(inside.find_first_of(" \t\n"), inside.size());
        Element element{.tag = to_lower_ascii(inside.substr(0, name_end))};
        headings_ += element.tag == "h1";
        attributes(element, inside.substr(name_end));
        const bool is_void = std::ranges::find(void_tags, element.tag) != std::end(void_tags);
        if (!closed && !is_void) open_.push_back(std::move(element));
    }

    std::size_t end_of_tag() const { // a quoted value may hold '>'
        char quote = 0;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (quote)
                quote = rest_[i] == quote ? char{0} : quote;
            else if (rest_[i] == '"' || rest_[i] == '\'')
                quote = rest_[i];
            else if (rest_[i] == '>')
                return i;
        }
        return rest_.size();
    }

    void close(const std::string& tag) {
        if (open_.empty() || open_.back().tag != tag)
            return problem(fmt::format("</{}> closes <{}>", tag, open_.empty() ? "" : open_.back().tag));
        const auto element = std::move(open_.back());
        open_.pop_back();
        const bool must = std::ranges::find(must_have_names, element.tag) != std::end(must_have_names);
        if (must && !element.named) problem(fmt::format("<{}> without a name to read aloud", element.tag));
    }

    void attributes(Element& element, std::string_view all) {
        std::set<std::string> names;
        std::string type;
        bool has_source = false;
        while (!trimmed(all).empty()) {
            all = trimmed(all);
            const auto end = std::min(all.find_first_of("= \t\n"), all.size());
            const auto name = to_lower_ascii(all.substr(0, end));
            all.remove_prefix(end);
            const auto value = value_of(all);
            if (!names.insert(name).second) problem(fmt::format("<{}> has two {}", element.tag, name));
            attribute(element, name, value);
            if (name == "type") type = value;
            has_source |= name == "src";
        }
        if (element.tag == "script" && !has_source) problem("a script stands in the page");
        if (element.tag == "style") problem("a style sheet stands in the page");
        if (element.tag == "img" && !names.contains("alt")) problem("<img> without alt");
        const bool field = element.tag == "select" || element.tag == "textarea" ||
                           (element.tag == "input" && type != "hidden" && type != "submit");
        const bool in_label = std::ranges::any_of(open_, [](const Element& outer) { return outer.tag == "label"; });
        if (field && !in_label && !names.contains("aria-label") && !names.contains("aria-labelledby") &&
            !names.contains("id"))
            problem(fmt::format("<{}> without a label", element.tag));
    }

    void attribute(Element& element, const std::string& name, std::string_view value) {
        if (name == "style" || name.starts_with("on")) problem(fmt::format("<{}> has {}=", element.tag, name));
        if ((name == "aria-label" || name == "aria-labelledby" || name == "alt") && !value.empty()) {
            element.named = true;
            if (name == "alt") text(value);
        }
        if (name == "id" && !ids_.insert(std::string{value}).second) problem(fmt::format("id '{}' twice", value));
        if (name == "href" && value.empty()) problem("an empty href");
    }

    static std::string_view value_of(std::string_view& all) {
        if (!all.starts_with('=')) return {};
        all.remove_prefix(1);
        const char quote = all.empty() ? ' ' : all.front();
        if (quote != '"' && quote != '\'') {
            const auto value = all.substr(0, all.find_first_of(" \t\n"));
            all.remove_prefix(value.size());
            return value;
        }
        const auto value = all.substr(1, all.find(quote, 1) - 1);
        all.remove_prefix(std::min(value.size() + 2, all.size()));
        return value;
    }

    std::string_view rest_;
    std::vector<Element> open_;
    std::set<std::string> ids_;
    int headings_ = 0;
    std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> page_problems(std::string_view html) { return Check{html}.run(); }

} // namespace preau::web

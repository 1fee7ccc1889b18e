#include "text_testing/html_oracle.hpp"

#include "base/text.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace preau::text {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names& known_elements() {
    static const Names names{"a",    "abbr",    "b",    "blockquote", "br",  "caption", "cite", "code",       "dd",
                             "del",  "details", "dfn",  "div",        "dl",  "dt",      "em",   "figcaption", "figure",
                             "h1",   "h2",      "h3",   "h4",         "h5",  "h6",      "hr",   "i",          "img",
                             "ins",  "kbd",     "li",   "mark",       "ol",  "p",       "pre",  "q",          "s",
                             "samp", "small",   "span", "strong",     "sub", "summary", "sup",  "table",      "tbody",
                             "td",   "tfoot",   "th",   "thead",      "tr",  "u",       "ul",   "var"};
    return names;
}

const std::map<std::string, Names, std::less<>>& known_attributes() {
    static const std::map<std::string, Names, std::less<>> names{{"", {"dir", "lang", "title"}},
                                                                 {"a", {"href", "rel"}},
                                                                 {"img", {"src", "alt", "width", "height"}},
                                                                 {"ol", {"start", "reversed", "type"}},
                                                                 {"li", {"value"}},
                                                                 {"td", {"align", "colspan", "rowspan"}},
                                                                 {"th", {"align", "colspan", "rowspan", "scope"}},
                                                                 {"code", {"class"}},
                                                                 {"details", {"open"}}};
    return names;
}

bool known_attribute(std::string_view element, std::string_view name) {
    const auto& all = known_attributes();
    if (all.at("").contains(name)) return true;
    auto found = all.find(element);
    return found != all.end() && found->second.contains(name);
}

// As the laxest reader would take it: without any blank or control, in lower case.
bool harmless_link(std::string_view value) {
    std::string bare;
    for (char c : to_lower_ascii(value))
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) bare += c;
    auto colon = bare.find(':');
    if (colon == std::string::npos || colon > bare.find_first_of("/?#\\")) return true;
    return Names{"http", "https", "mailto", "tel"}.contains(bare.substr(0, colon));
}

// The one spelling: <name a="…" b="…">, </name>; values without < > ".
std::string spelling_complaint(std::string_view html) {
    std::vector<std::string> open;
    auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    for (std::size_t at = 0; at < html.size();) {
        char c = html[at];
        if (c == '>' || c == '"') return std::string{"a bare "} + c;
        if (c == '&') {
            auto end = html.find(';', at);
            auto reference = html.substr(at, end == std::string_view::npos ? 0 : end + 1 - at);
            if (!Names{"&amp;", "&lt;", "&gt;", "&quot;"}.contains(reference)) return "a bare &";
            at = end + 1;
            continue;
        }
        if (c != '<') {
            ++at;
            continue;
        }
        bool ends = html.substr(at + 1).starts_with('/');
        auto start = at + (ends ? 2 : 1);
        auto stop = start;
        while (stop < html.size() && lower(html[stop])) ++stop;
        std::string name{html.substr(start, stop - start)};
        if (!known_elements().contains(name)) return "the tag <" + name;
        while (!ends && stop < html.size() && html[stop] == ' ') {
            auto equals = html.find('=', stop);
            if (equals == std::string_view::npos || html.substr(equals, 2) != "=\"") return "an attribute of <" + name;
            auto attribute = html.substr(stop + 1, equals - stop - 1);
            if (!known_attribute(name, attribute)) return "the attribute " + std::string{attribute} + " of <" + name;
            auto quote = html.find('"', equals + 2);
            if (quote == std::string_view::npos) return "an open value in <" + name;
            if (html.substr(equals + 2, quote - equals - 2).find_first_of("<>") != std::string_view::npos)
                return "a bare < or > in <" + name;
            stop = quote + 1;
        }
        if (!html.substr(stop).starts_with('>')) return "a tag <" + name + " that does not end";
        at = stop + 1;
        if (Names{"br", "hr", "img"}.contains(name)) continue;
        if (!ends) {
            open.push_back(name);
            if (open.size() > 110) return "too deep";
        } else if (open.empty() || open.back() != name) {
            return "</" + name + "> out of order";
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> is not ended";
}

std::string node_complaint(const xmlNode& node) {
    std::string name{node.name ? reinterpret_cast<const char*>(node.name) : ""};
    if (node.type == XML_TEXT_NODE) return "";
    if (node.type != XML_ELEMENT_NODE) return "libxml2 sees a node of type " + std::to_string(node.type);
    if (!known_elements().contains(name)) return "libxml2 sees <" + name + ">";
    for (const auto* attribute = node.properties; attribute; attribute = attribute->next) {
        std::string_view key{reinterpret_cast<const char*>(attribute->name)};
        if (!known_attribute(name, key)) return "libxml2 sees the attribute " + std::string{key} + " of <" + name + ">";
        const auto* text = attribute->children ? attribute->children->content : nullptr;
        std::string_view value{text ? reinterpret_cast<const char*>(text) : ""};
        if ((key == "href" || key == "src") && !harmless_link(value))
            return "libxml2 sees the link " + std::string{value};
    }
    return "";
}

struct Release {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

std::string tree_complaint(std::string_view html) {
    std::string page = "<html><body><div>" + std::string{html} + "</div></body></html>";
    std::unique_ptr<xmlDoc, Release> document{
        htmlReadMemory(page.data(), static_cast<int>(page.size()), nullptr, "UTF-8",
                       HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET)};
    if (!document) return "libxml2 cannot read it";
    const auto* root = xmlDocGetRootElement(document.get());
    if (!root) return "libxml2 finds nothing";
    for (const auto* body = root->children; body; body = body->next)
        for (const auto* top = body->children; top; top = top->next) {
            const auto* node = top;
            while (node) { // without recursion: some inputs are deep
                if (auto wrong = node_complaint(*node); !wrong.empty()) return wrong;
                if (node->children && node->type == XML_ELEMENT_NODE) {
                    node = node->children;
                    continue;
                }
                while (node && node != top && !node->next) node = node->parent;
                node = !node || node == top ? nullptr : node->next;
            }
        }
    return "";
}

} // namespace

std::string complaint_about(std::string_view html) {
    if (html.empty()) return "";
    if (!valid_utf8(html)) return "not UTF-8";
    auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; };
    if (std::ranges::any_of(html, control)) return "a control character";
    if (auto wrong = spelling_complaint(html); !wrong.empty()) return wrong;
    return tree_complaint(html);
}

} // namespace preau::text

// A mistake in a template stops the start, with file and line, and never reaches a reader as an empty string.
#include "web/template.hpp"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include <chrono>

namespace preau::web {
namespace {

struct Row {
    std::string name;
    std::string when;
    bool shared = false;
    std::int64_t size = 0;
};
PREAU_DESCRIBE(Row, name, when, shared, size)
struct Page {
    std::string title;
    bool flag = false;
    int number = 0;
    Id<Row> id;
    std::vector<Row> rows;
};
PREAU_DESCRIBE(Page, title, flag, number, id, rows)

std::shared_ptr<const Template> compiled(std::string_view text) {
    const TemplateSource source = [text](std::string_view name) -> std::optional<std::string> {
        if (name == "a/page.html") return std::string{text};
        if (name == "a/part.html") return "fine\n{{wrong}}\n";
        if (name == "a/loop.html") return "{{> a/loop.html}}";
        return std::nullopt;
    };
    const Translate translate = [](std::string_view key) -> std::string {
        if (key == "a.named") return "for {nobody}";
        throw TemplateError(fmt::format("unknown text '{}'", key));
    };
    const TemplateAssets assets{
        .address = [](std::string_view name) -> std::string {
            if (name == "icons.svg") return "/assets/icons.svg";
            throw TemplateError(fmt::format("unknown asset '{}'", name));
        },
        .check_icon = [](std::string_view name) { throw TemplateError(fmt::format("unknown icon '{}'", name)); }};
    return compile("a/page.html", view_type<Page>(), source, translate, assets);
}

std::string problem(std::string_view text) {
    try {
        compiled(text);
    } catch (const TemplateError& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("mistakes are found when a template is loaded, with its name and line") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"\n\n{{titel}}", "a/page.html:3: unknown name 'titel'; preau::web::(anonymous namespace)::Page has: title, "
                          "flag, number, id, rows"},
        {"{{#rows}}\n{{titles}}{{/rows}}",
         "a/page.html:2: unknown name 'titles'; preau::web::(anonymous namespace)::Row has: name, when, shared, size"},
        {"{{title.length}}", "a/page.html:1: 'title' has no members, in 'title.length'"},
        {"x\n{{#flag}}\n", "a/page.html:2: section 'flag' is not closed"},
        {"{{#flag}}\n{{#rows}}\n{{/flag}}", "a/page.html:3: {{/flag}} stands where {{/rows}} of line 2 is due"},
        {"\n{{/flag}}", "a/page.html:2: {{/flag}} closes nothing"},
        {"\n{{title", "a/page.html:2: a tag is not closed"},
        {"{{}}", "a/page.html:1: a tag without a name"},
        {"{{=<% %>=}}", "a/page.html:1: other delimiters are not supported"},
        {"\n{{{title}}}", "a/page.html:2: 'title' is not Html, it may not be written raw"},
        {"{{flag}}", "a/page.html:1: 'flag' is not a text or number: open it as a section"},
        {"{{rows}}", "a/page.html:1: 'rows' is not a text or number: open it as a section"},
        {"{{#number}}x{{/number}}", "a/page.html:1: 'number' is a number: a section needs a flag"},
        {"{{#id}}x{{/id}}", "a/page.html:1: 'id' is never empty: a section needs a flag"},
        {"{{^number}}x{{/number}}", "a/page.html:1: 'number' is always there: nothing to invert"},
        {"{{.}}", "a/page.html:1: '.' is a preau::web::(anonymous namespace)::Page, not a text or number"},
        {"\n{{> a/part.html}}", "a/part.html:2: unknown name 'wrong'"},
        {"{{> a/missing.html}}", "a/page.html:1: there is no partial 'a/missing.html'"},
        {"{{> a/loop.html}}", "a/loop.html:1: partials are nested too deep"},
        {"\n{{#t}}a.missing{{/t}}", "a/page.html:2: unknown text 'a.missing'"},
        {"\n{{#t}}a.named{{/t}}", "a/page.html:2: unknown name 'nobody'"},
        {"{{#t}}a.{{title}}{{/t}}", "a/page.html:1: 't' takes a plain name"},
        {"{{^t}}a.named{{/t}}", "a/page.html:1: 't' cannot be inverted"},
        {"\n{{#icon}}unicorn{{/icon}}", "a/page.html:2: unknown icon 'unicorn'"},
        {"\n\n\n{{#asset}}lost.css{{/asset}}", "a/page.html:4: unknown asset 'lost.css'"},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(problem(text).substr(0, expected.size()) == expected);
    }
}

TEST_CASE("deep nesting is refused when loaded, not when read") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "{{#rows}}";
    for (int i = 0; i < 100; ++i) text += "{{/rows}}";
    CHECK(problem(text) == "a/page.html:1: sections are nested too deep");
}

TEST_CASE("a compiled template is rendered by many and keeps no state") {
    const auto page = compiled("{{title}}:{{#rows}}{{name}}{{#shared}}*{{/shared}} {{/rows}}");
    const Page first{.title = "A", .rows = {{.name = "1"}, {.name = "2", .shared = true}}};
    const Page second{.title = "B", .rows = {}};
    std::string out;
    render(*page, &first, out);
    render(*page, &second, out);
    render(*page, &first, out);
    CHECK(out == "A:1 2* B:A:1 2* ");
}

} // namespace preau::web

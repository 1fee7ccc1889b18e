// The cases of the Mustache specification (github.com/mustache/spec, v1.4) for what this dialect has, by their titles,
// over one described view; then what is ours: translations, icons, assets, markup.
#include "web/template.hpp"

#include <doctest/doctest.h>

#include <map>

namespace preau::web {
namespace {

struct Deep {
    std::string name;
};
PREAU_DESCRIBE(Deep, name)
struct Person {
    std::string name;
    std::optional<std::string> nickname;
    Deep deep;
    std::vector<std::string> pets;
};
PREAU_DESCRIBE(Person, name, nickname, deep, pets)
using ThingId = Id<struct ThingTag>;
struct View {
    std::string subject = "world";
    std::string forbidden = R"(& " < > ')";
    Html markup{.text = "<b>&amp;</b>"};
    Html no_markup;
    int integer = 85;
    std::int64_t large = -9'000'000'000;
    ThingId id{1234567};
    bool yes = true;
    bool no = false;
    std::string blank;
    std::string_view view_text = "seen";
    std::vector<int> numbers{1, 2, 3};
    std::vector<std::string> words{"a", "<b>"};
    std::vector<std::string> nothing;
    std::vector<Person> people{{.name = "Ada", .nickname = "A", .deep = {"x"}, .pets = {"cat", "dog"}},
                               {.name = "Bob", .nickname = {}, .deep = {"y"}, .pets = {}}};
    Person person{.name = "Joe", .nickname = {}, .deep = {"z"}, .pets = {}};
    std::optional<Person> guest;
    std::optional<Person> host = Person{.name = "Eve"};
};
PREAU_DESCRIBE(View, subject, forbidden, markup, no_markup, integer, large, id, yes, no, blank, view_text, numbers,
               words, nothing, people, person, guest, host)

const std::map<std::string, std::string, std::less<>> partials{
    {"text", "from partial"},
    {"name", "*{{subject}}*"},
    {"lines", "|\n{{subject}}\n|\n"},
    {"crlf", "|\r\n{{subject}}\r\n"},
    {"person", "({{name}}{{#nickname}} “{{.}}”{{/nickname}})"},
    {"outer", "[{{> name}}]"},
    {"loop", "x{{> loop}}"},
};

std::string rendered(std::string_view text) {
    const TemplateSource source = [&](std::string_view name) -> std::optional<std::string> {
        if (name == "page") return std::string{text};
        auto found = partials.find(name);
        return found == partials.end() ? std::nullopt : std::optional{found->second};
    };
    const Translate translate = [](std::string_view key) -> std::string {
        if (key == "greeting") return "Bonjour {subject} & <{person.name}>\u00a0!";
        return std::string{key};
    };
    const TemplateAssets assets{.address = [](std::string_view name) { return "/assets/" + std::string{name}; },
                                .check_icon = [](std::string_view) {}};
    const auto compiled = compile("page", view_type<View>(), source, translate, assets);
    const View view;
    std::string out;
    render(*compiled, &view, out);
    return out;
}

struct Case {
    const char* title;
    std::string_view text;
    std::string_view expected;
};

void check_all(std::initializer_list<Case> cases) {
    for (const auto& [title, text, expected] : cases) {
        CAPTURE(title);
        CHECK(rendered(text) == expected);
    }
}

} // namespace

TEST_CASE("interpolation follows the specification") {
    check_all({
        {"No Interpolation", "Hello from {Mustache}!\n", "Hello from {Mustache}!\n"},
        {"Basic Interpolation", "Hello, {{subject}}!\n", "Hello, world!\n"},
        {"No Re-interpolation", "{{#words}}{{.}};{{/words}}", "a;&lt;b&gt;;"},
        {"HTML Escaping", "These: {{forbidden}}", "These: &amp; &quot; &lt; &gt; &#39;"},
        {"Triple Mustache", "{{{markup}}}", "<b>&amp;</b>"},
        {"Ampersand", "{{&markup}} {{& markup }}", "<b>&amp;</b> <b>&amp;</b>"},
        {"Basic Integer Interpolation", "{{integer}} miles, {{large}}", "85 miles, -9000000000"},
        {"Dotted Names - Basic Interpolation", "{{person.name}}", "Joe"},
        {"Dotted Names - Arbitrary Depth", "{{person.deep.name}}{{person.deep.name}}", "zz"},
        {"Dotted Names - Initial Resolution", "{{#person}}{{person.deep.name}}{{/person}}", "z"},
        {"Implicit Iterators - Basic Interpolation", "{{#subject}}{{.}}{{/subject}}", "world"},
        {"Interpolation - Surrounding Whitespace", "| {{integer}} |", "| 85 |"},
        {"Interpolation - Standalone", "  {{subject}}\n", "  world\n"},
        {"Interpolation With Padding", "|{{ subject }}|{{\tsubject\n}}|", "|world|world|"},
        {"Triple Mustache With Padding", "|{{{ markup }}}|", "|<b>&amp;</b>|"},
        {"texts that are views, and ids in base 32", "{{view_text}} {{id}}", "seen 15nm7"},
        {"an optional text", "{{#people}}[{{nickname}}]{{/people}}", "[A][]"},
    });
}

TEST_CASE("sections follow the specification") {
    check_all({
        {"Truthy", "\"{{#yes}}This should be rendered.{{/yes}}\"", "\"This should be rendered.\""},
        {"Falsey", "\"{{#no}}This should not be rendered.{{/no}}\"", "\"\""},
        {"Context", "\"{{#person}}Hi {{name}}.{{/person}}\"", "\"Hi Joe.\""},
        {"Parent contexts", "{{#people}}{{name}}{{subject}}{{integer}},{{/people}}", "Adaworld85,Bobworld85,"},
        {"Variable test", "{{#subject}}{{.}} is {{integer}}{{/subject}}", "world is 85"},
        {"List Contexts", "{{#people}}{{name}}:{{#pets}}{{name}}-{{.}} {{/pets}};{{/people}}",
         "Ada:Ada-cat Ada-dog ;Bob:;"},
        {"List", "{{#people}}{{name}}{{/people}}", "AdaBob"},
        {"Empty List", "\"{{#nothing}}Yay lists!{{/nothing}}\"", "\"\""},
        {"Doubled", "{{#yes}}\n* first\n{{/yes}}\n* {{integer}}\n{{#yes}}\n* third\n{{/yes}}\n",
         "* first\n* 85\n* third\n"},
        {"Nested (Truthy)", "| A {{#yes}}B {{#yes}}C{{/yes}} D{{/yes}} E |", "| A B C D E |"},
        {"Nested (Falsey)", "| A {{#no}}B {{#no}}C{{/no}} D{{/no}} E |", "| A  E |"},
        {"Implicit Iterator - String", "\"{{#words}}({{.}}){{/words}}\"", "\"(a)(&lt;b&gt;)\""},
        {"Implicit Iterator - Integer", "\"{{#numbers}}({{.}}){{/numbers}}\"", "\"(1)(2)(3)\""},
        {"Implicit Iterator - Nested", "{{#people}}({{#pets}}{{.}}{{/pets}}){{/people}}", "(catdog)()"},
        {"Dotted Names - Truthy", "{{#person.deep.name}}Here{{/person.deep.name}}", "Here"},
        {"Surrounding Whitespace", " | {{#yes}}\t|\t{{/yes}} | \n", " | \t|\t | \n"},
        {"Internal Whitespace", " | {{#yes}} {{! Important Whitespace }}\n {{/yes}} | \n", " |  \n  | \n"},
        {"Indented Inline Sections", " {{#yes}}YES{{/yes}}\n {{#yes}}GOOD{{/yes}}\n", " YES\n GOOD\n"},
        {"Standalone Lines", "| This Is\n{{#yes}}\n|\n{{/yes}}\n| A Line\n", "| This Is\n|\n| A Line\n"},
        {"Indented Standalone Lines", "| This Is\n  {{#yes}}\n|\n  {{/yes}}\n| A Line\n", "| This Is\n|\n| A Line\n"},
        {"Standalone Line Endings", "|\r\n{{#yes}}\r\n{{/yes}}\r\n|", "|\r\n|"},
        {"Standalone Without Previous Line", "  {{#yes}}\n#{{/yes}}\n/", "#\n/"},
        {"Standalone Without Newline", "#{{#yes}}\n/\n  {{/yes}}", "#\n/\n"},
        {"Padding", "|{{# yes }}={{/ yes }}|", "|=|"},
        {"an optional struct", "{{#guest}}{{name}}{{/guest}}{{#host}}{{name}}{{/host}}", "Eve"},
        {"an empty text hides", "{{#blank}}x{{/blank}}{{#no_markup}}x{{/no_markup}}{{#markup}}y{{/markup}}", "y"},
        {"what follows a hidden section stays", "{{#no}}a{{/no}}b{{#no}}c{{/no}}d", "bd"},
    });
}

TEST_CASE("inverted sections follow the specification") {
    check_all({
        {"Falsey", "\"{{^no}}This should be rendered.{{/no}}\"", "\"This should be rendered.\""},
        {"Truthy", "\"{{^yes}}This should not be rendered.{{/yes}}\"", "\"\""},
        {"Context", "\"{{^host}}Hi {{subject}}.{{/host}}\"", "\"\""},
        {"List", "\"{{^people}}{{subject}}{{/people}}\"", "\"\""},
        {"Empty List", "\"{{^nothing}}Yay lists!{{/nothing}}\"", "\"Yay lists!\""},
        {"Doubled", "{{^no}}\n* first\n{{/no}}\n* {{integer}}\n{{^no}}\n* third\n{{/no}}\n",
         "* first\n* 85\n* third\n"},
        {"Nested (Falsey)", "| A {{^no}}B {{^no}}C{{/no}} D{{/no}} E |", "| A B C D E |"},
        {"Nested (Truthy)", "| A {{^yes}}B {{^yes}}C{{/yes}} D{{/yes}} E |", "| A  E |"},
        {"Dotted Names - Falsey", "{{^person.nickname}}none{{/person.nickname}}", "none"},
        {"Standalone Indented Lines", "| This Is\n  {{^no}}\n|\n  {{/no}}\n| A Line\n", "| This Is\n|\n| A Line\n"},
        {"Standalone Without Newline", "#{{^no}}\n/\n  {{/no}}", "#\n/\n"},
        {"Padding", "|{{^ no }}={{/ no }}|", "|=|"},
        {"either or, in a list",
         "{{#people}}{{#nickname}}{{.}}{{/nickname}}{{^nickname}}{{name}}{{/nickname}} {{/people}}", "A Bob "},
    });
}

TEST_CASE("comments follow the specification") {
    check_all({
        {"Inline", "12345{{! Comment Block! }}67890", "1234567890"},
        {"Multiline", "12345{{!\n  This is a\n  multi-line comment...\n}}67890\n", "1234567890\n"},
        {"Standalone", "Begin.\n{{! Comment Block! }}\nEnd.\n", "Begin.\nEnd.\n"},
        {"Indented Standalone", "Begin.\n  {{! Indented Comment Block! }}\nEnd.\n", "Begin.\nEnd.\n"},
        {"Standalone Line Endings", "|\r\n{{! Standalone Comment }}\r\n|", "|\r\n|"},
        {"Standalone Without Previous Line", "  {{! I'm Still Standalone }}\n!", "!"},
        {"Standalone Without Newline", "!\n  {{! I'm Still Standalone }}", "!\n"},
        {"Multiline Standalone", "Begin.\n{{!\nSomething's going on here...\n}}\nEnd.\n", "Begin.\nEnd.\n"},
        {"Indented Inline", "  12 {{! 34 }}\n", "  12 \n"},
        {"Surrounding Whitespace", "12345 {{! Comment Block! }} 67890", "12345  67890"},
    });
}

TEST_CASE("partials follow the specification and are bound where they stand") {
    check_all({
        {"Basic Behavior", "\"{{>text}}\"", "\"from partial\""},
        {"Context", "\"{{>name}}\"", "\"*world*\""},
        {"Nested", "{{>outer}}", "[*world*]"},
        {"Surrounding Whitespace", "| {{>text}} |", "| from partial |"},
        {"Inline Indentation", "  {{integer}}  {{> text}}\n", "  85  from partial\n"},
        {"Standalone Line Endings", "|\r\n{{>text}}\r\n|", "|\r\nfrom partial|"},
        {"Standalone Without Newline", "!\n  {{>text}}", "!\n  from partial"},
        {"Standalone Indentation", "\\\n {{>lines}}\n/\n", "\\\n |\n world\n |\n/\n"},
        {"Padding Whitespace", "|{{> text }}|", "|from partial|"},
        {"of each element", "{{#people}}{{> person}}{{/people}}", "(Ada “A”)(Bob)"},
    });
}

TEST_CASE("translations are resolved when loaded and bind their placeholders") {
    check_all({
        {"escaped, with names of the view", "<p>{{#t}}greeting{{/t}}</p>",
         "<p>Bonjour world &amp; &lt;Joe&gt;\u00a0!</p>"},
        {"on lines of their own", "<p>\n  {{#t}}\n    title\n  {{/t}}\n</p>", "<p>\ntitle</p>"},
    });
}

TEST_CASE("icons and assets are addresses with the hash of their content") {
    check_all({
        {"icon", "{{#icon}}folder{{/icon}}",
         R"(<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#folder"/></svg>)"},
        {"icon of the view", "{{#icon}}{{subject}}{{/icon}}",
         R"(<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#world"/></svg>)"},
        {"asset", "{{#asset}}base.css{{/asset}}", "/assets/base.css"},
    });
}

} // namespace preau::web

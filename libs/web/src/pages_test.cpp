#include "web/pages.hpp"

#include "web/page_check.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>
#include <thread>

namespace preau::web {
namespace {

struct SampleRow {
    std::string name, who, when, size, hue, icon;
    bool selected = false;
};
PREAU_DESCRIBE(SampleRow, name, who, when, size, hue, icon, selected)
struct SamplePage {
    std::string title;
    std::vector<SampleRow> rows;
};
PREAU_DESCRIBE(SamplePage, title, rows)

constexpr std::string_view sample = "web/src/sample_page.html";

const SamplePage view{.title = "<Camille>",
                      .rows = {{.name = "Volcans & co.odp", .who = "6e B", .hue = "files", .icon = "presentation"}}};

std::string body(const http::Response& response) { return std::get<std::string>(response.body); }

Shell teacher_shell() {
    return {.title = "Sciences <1>",
            .person_name = "Camille Bernard",
            .signed_in = true,
            .here = "/files?sort=\"name\"",
            .section = "files",
            .structure_name = "Collège Jean-Moulin"};
}

Pages pages_with_services() {
    Pages pages;
    pages.add_service({.name = "Fichiers", .href = "/files", .hue = "files", .icon = "folder"},
                      {.name = "Files", .href = "/files", .hue = "files", .icon = "folder"});
    pages.add_service({.name = "Carnets", .href = "/notes", .hue = "notes", .icon = "markdown"},
                      {.name = "Notes", .href = "/notes", .hue = "notes", .icon = "markdown"});
    return pages;
}

void check_well_made(const std::string& html) {
    for (const auto& problem : page_problems(html)) FAIL_CHECK(problem);
    for (const char* part : {"<!doctype html>", "<main ", "<header ", "<footer ", "</title>", "name=\"viewport\"",
                             "class=\"skip\"", "id=\"content\""})
        CHECK_MESSAGE(html.contains(part), part);
}

// A source tree of one page, to change it under a running Pages.
class Tree {
public:
    Tree() {
        std::filesystem::remove_all(root);
        std::filesystem::create_directories(root / "apps/one");
        std::filesystem::create_directory_symlink(std::filesystem::path{PREAU_SOURCE_DIR} / "libs", root / "libs");
    }
    ~Tree() { std::filesystem::remove_all(root); }
    void write(std::string_view name, std::string_view text) {
        const auto draft = root / "draft"; // renamed, so that no reader sees half of it
        std::ofstream{draft} << text;
        // Two writes may fall into one tick of the file system's clock.
        std::filesystem::last_write_time(draft, std::filesystem::file_time_type::clock::now() +
                                                    std::chrono::seconds{++writes_});
        std::filesystem::rename(draft, root / "apps/one" / name);
    }
    const std::filesystem::path root =
        std::filesystem::temp_directory_path() / ("preau_pages_test_" + std::to_string(::getpid()));

private:
    int writes_ = 0;
};

} // namespace

TEST_CASE("the bar says where one is and who one is") {
    const auto pages = pages_with_services();
    const auto response = pages.page(teacher_shell(), sample, view);
    const auto html = body(response);
    check_well_made(html);
    CHECK(response.status == 200);
    CHECK(html.contains("<html lang=\"fr\">"));
    CHECK(html.contains("<title>Sciences &lt;1&gt; · Préau</title>"));
    CHECK(html.contains("&lt;Camille&gt;"));
    CHECK(html.contains(">CB</span>"));
    CHECK(html.contains("href=\"/files\" aria-current=\"true\""));
    CHECK_FALSE(html.contains("href=\"/notes\" aria-current"));
    CHECK(html.contains("value=\"/files?sort=&quot;name&quot;\""));
    CHECK(html.contains("action=\"/signout\""));
}

TEST_CASE("English pages are English throughout") {
    const auto pages = pages_with_services();
    auto shell = teacher_shell();
    shell.language = Language::English;
    const auto response = pages.page(shell, sample, view);
    const auto html = body(response);
    CHECK(response.headers.find("Content-Language") == "en");
    CHECK(html.contains("<html lang=\"en\">"));
    CHECK(html.contains("Skip to the content"));
    CHECK(html.contains(">Notes</a>"));
    CHECK_FALSE(html.contains("Carnets</a>\n    </nav>"));
    CHECK(html.contains("value=\"fr\""));
}

TEST_CASE("strangers are offered to sign in and see no menus") {
    const auto pages = pages_with_services();
    const auto html = body(pages.page(Shell{.title = "Accueil"}, sample, view));
    check_well_made(html);
    CHECK(html.contains("href=\"/signin\""));
    CHECK_FALSE(html.contains("action=\"/signout\""));
    CHECK_FALSE(html.contains("href=\"/notes\""));
}

TEST_CASE("the family's page names the school, loads no font and no script") {
    const auto pages = pages_with_services();
    const auto html = body(
        pages.page({.title = "Volcans", .kind = Shell::Kind::Family, .structure_name = "Collège <J>"}, sample, view));
    check_well_made(html);
    CHECK(html.contains("<strong>Collège &lt;J&gt;</strong>"));
    CHECK(html.contains("class=\"family\""));
    CHECK_FALSE(html.contains("<script"));
    CHECK_FALSE(html.contains(".woff2"));
    CHECK_FALSE(html.contains("href=\"/signin\""));
}

TEST_CASE("a page is private, framed by nobody and runs no script but ours") {
    auto pages = pages_with_services();
    const auto policy = [&](const Shell& shell) {
        return std::string{pages.page(shell, sample, view).headers.find("Content-Security-Policy")};
    };
    const auto response = pages.page(teacher_shell(), sample, view);
    CHECK(response.headers.find("Cache-Control") == "private, no-store");
    CHECK(response.headers.find("Content-Type") == "text/html; charset=utf-8");
    CHECK(policy(teacher_shell()).contains("script-src 'self';"));
    CHECK(policy(teacher_shell()).contains("frame-ancestors 'none'"));
    CHECK_FALSE(policy(teacher_shell()).contains("unsafe"));
    pages.allow_content_from("https://content.example.fr");
    CHECK(policy(teacher_shell()).contains("img-src 'self' data: blob: https://content.example.fr;"));
    auto open = teacher_shell();
    open.private_page = false;
    CHECK_FALSE(pages.page(open, sample, view).headers.has("Cache-Control"));
}

TEST_CASE("every error says what happened, what is safe and what to do, in both languages and every shell") {
    const auto pages = pages_with_services();
    using enum Error::Kind;
    for (auto kind : {Invalid, Malformed, Unauthenticated, Forbidden, NotFound, Conflict, Gone, TooLarge, Throttled,
                      Unavailable, StorageFull})
        for (auto language : {Language::French, Language::English})
            for (auto shell : {Shell::Kind::App, Shell::Kind::Family, Shell::Kind::Entry}) {
                const auto response = pages.error_page({.language = language, .kind = shell, .here = "/x"},
                                                       {.kind = kind, .key = "unknown.key"}, 0xbeef);
                CHECK(response.status == http::status_of(kind));
                check_well_made(body(response));
                CHECK(body(response).contains("beef"));
                CHECK_FALSE(body(response).contains("unknown.key"));
            }
}

TEST_CASE("an error's own words are shown, but never those of an internal one") {
    const auto pages = pages_with_services();
    const Error known{.kind = Error::Kind::Throttled,
                      .key = "text_too_short",
                      .field = "",
                      .values = {{"limit", "<7>"}},
                      .retry_after = 30};
    const auto told = pages.error_page({.language = Language::English}, known, 1);
    CHECK(body(told).contains("&lt;7&gt;"));
    CHECK(told.headers.find("Retry-After") == "30");

    const Error internal{.kind = Error::Kind::Unavailable,
                         .key = "text_too_short",
                         .field = "",
                         .values = {{"status", "500"}, {"limit", "9"}}};
    const auto hidden = pages.error_page({.language = Language::English}, internal, 1);
    CHECK(hidden.status == 500);
    CHECK(body(hidden).contains("Something went wrong on our side"));
    CHECK_FALSE(body(hidden).contains("9 characters"));
}

TEST_CASE("a stranger who may not enter comes back after signing in") {
    const auto response = error_page({.kind = Shell::Kind::Entry, .here = "/files/7?a=b&c"},
                                     {.kind = Error::Kind::Forbidden, .key = "x"}, 1);
    CHECK(body(response).contains("/signin?to=%2Ffiles%2F7%3Fa%3Db%26c"));
    const auto signed_in =
        error_page({.signed_in = true, .here = "/files/7"}, {.kind = Error::Kind::Forbidden, .key = "x"}, 1);
    CHECK_FALSE(body(signed_in).contains("/signin"));
}

TEST_CASE("in development a page is read again when it or a partial of it changes") {
    Tree tree;
    tree.write("page.html", "<h1>{{title}}</h1>{{> one/part.html}}");
    tree.write("part.html", "first");
    const Pages pages{tree.root, true};
    const auto shown = [&] { return pages.fragment(Language::French, "one/page.html", view); };
    CHECK(shown() == "<h1>&lt;Camille&gt;</h1>first");
    tree.write("part.html", "second");
    CHECK(shown() == "<h1>&lt;Camille&gt;</h1>second");
    tree.write("page.html", "{{titel}}");
    CHECK_THROWS_AS(shown(), TemplateError);
    tree.write("page.html", "mended");
    CHECK(shown() == "mended");
}

TEST_CASE("otherwise a page is compiled once") {
    Tree tree;
    tree.write("page.html", "first");
    Pages pages{tree.root, false};
    pages.preload<SamplePage>("one/page.html");
    tree.write("page.html", "second");
    CHECK(pages.fragment(Language::French, "one/page.html", view) == "first");
}

TEST_CASE("a mistake stops the start; a forgotten page is found") {
    Tree tree;
    tree.write("wrong.html", "\n{{#t}}one.no_such_text{{/t}}");
    tree.write("right.html", "{{> one/part.html}}");
    tree.write("part.html", "x");
    Pages pages{tree.root, false};
    CHECK_THROWS_WITH_AS(pages.preload<SamplePage>("one/wrong.html"),
                         "one/wrong.html:2: unknown text 'one.no_such_text' in fr", TemplateError);
    CHECK_THROWS_AS(pages.preload<SamplePage>("one/missing.html"), TemplateError);
    pages.preload<SamplePage>("one/right.html");
    CHECK(pages.never_loaded("one") == std::vector<std::string>{"one/wrong.html"});
}

TEST_CASE("many threads render the same page, also while it changes") {
    Tree tree;
    tree.write("page.html", "<h1>{{title}}</h1>");
    const Pages pages{tree.root, true};
    std::vector<std::thread> readers;
    std::atomic<int> rendered = 0;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&] {
            for (int n = 0; n < 50; ++n) rendered += pages.fragment(Language::French, "one/page.html", view).size() > 4;
        });
    for (int n = 0; n < 20; ++n) tree.write("page.html", n % 2 ? "<h1>{{title}}</h1>" : "<h2>{{title}}</h2>");
    for (auto& reader : readers) reader.join();
    CHECK(rendered == 200);
}

TEST_CASE("the check of pages finds what browsers repair in silence") {
    const auto problems = [](std::string_view html) { return page_problems(html); };
    const auto one = [&](std::string_view html) {
        const auto found = problems(html);
        return found.empty() ? std::string{} : found.front();
    };
    CHECK(problems("<h1>a</h1><p>b<br>c</p><svg><use href=\"#x\"/></svg><!-- <p> -->").empty());
    CHECK(one("<h1>a</h1><p><b>x</p></b>") == "</p> closes <b>");
    CHECK(one("<h1>a</h1><div>") == "<div> is not closed");
    CHECK(one("<h1>a</h1><p style=\"x\"></p>") == "<p> has style=");
    CHECK(one("<h1>a</h1><p onclick=x></p>") == "<p> has onclick=");
    CHECK(one("<h1>a</h1><script>x</script>") == "a script stands in the page");
    CHECK(one("<h1>a</h1><i id=a></i><i id='a'></i>") == "id 'a' twice");
    CHECK(one("<h1>a</h1><button> <svg></svg></button>") == "<button> without a name to read aloud");
    CHECK(one("<h1>a</h1><button aria-label=\"x\"></button>").empty());
    CHECK(one("<h1>a</h1><input name=x>") == "<input> without a label");
    CHECK(one("<h1>a</h1><label>x <input name=\"a>b\"></label>").empty());
    CHECK(one("<h1>a</h1><img src=x>") == "<img> without alt");
    CHECK(one("<h1>a</h1><p class=a class=b></p>") == "<p> has two class");
    CHECK(one("<p>a</p>") == "0 <h1>, not one");
}

} // namespace preau::web

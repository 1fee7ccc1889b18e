#include "base/text.hpp"
#include "calm_html.hpp"
#include "html_tree.hpp"
#include "strict_html.hpp"
#include "text/markdown.hpp"
#include "text_testing/html_oracle.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace preau;
using namespace preau::text;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
}

} // namespace

TEST_CASE("nothing of the hostile corpus survives, whole, nested and cut") {
    for (auto hostile : hostile_html()) {
        CAPTURE(hostile);
        for (const auto& html :
             {std::string{hostile}, "<p>a" + std::string{hostile} + "b</p>",
              "<table><tr><td>" + std::string{hostile} + "</table>", "<svg><desc>" + std::string{hostile},
              "<math><mtext>" + std::string{hostile}, "<b><a href=x>" + std::string{hostile} + "</b>"}) {
            CAPTURE(html);
            auto clean = sanitize(html);
            CAPTURE(clean);
            CHECK(complaint_about(clean) == "");
            CHECK(sanitize(clean) == clean);
            auto words = html_to_text(html);
            CHECK(valid_utf8(words));
        }
        for (std::size_t cut = 1; cut < hostile.size(); cut += 3)
            CHECK(complaint_about(sanitize(hostile.substr(0, cut))) == "");
    }
}

TEST_CASE("any two of the corpus behind each other are harmless too") {
    auto all = hostile_html();
    for (std::size_t at = 0; at < all.size(); ++at) {
        auto html = std::string{all[at]}.append(all[(at * 7 + 13) % all.size()]);
        CAPTURE(html);
        auto clean = sanitize(html);
        CAPTURE(clean);
        CHECK(complaint_about(clean) == "");
        CHECK(sanitize(clean) == clean);
    }
}

TEST_CASE("what needs no parser is written as with one") {
    int strict = 0;
    auto agree = [&](const std::string& html) {
        CAPTURE(html);
        auto calm = calm_html(html);
        auto quick = strict_html(calm, 1'000'000);
        if (!quick) return;
        ++strict;
        CHECK(*quick == clean_html(HtmlTree{calm}, 1'000'000));
        CHECK(strict_html(calm_html(*quick), 1'000'000) == quick);
    };
    for (auto hostile : hostile_html()) {
        if (!valid_utf8(hostile)) continue;
        for (auto around : {"", "<p>", "<ul><li>", "<table><tbody><tr><td>", "<pre>", "<b>", "<dl><dd>"})
            agree(std::string{around} + std::string{hostile});
    }
    for (auto html : {"<p>a<br>b</p>\n<hr>\n<ul>\n<li>a</li>\n</ul>",
                      "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th></tr></thead></table>",
                      "<pre><code class=\"language-x\">\na</code></pre>", "<pre>\n\na</pre>", "<pre dir=ltr>\na</pre>",
                      "<pre></pre>\na", "<p><a href=x title='a\"b'>c</a></p>", "<ul>x<li>y</li></ul>",
                      "<details><summary>a</summary><p>b</p></details>", "<p>&amp;&lt;&eacute;</p>", " a ",
                      "<input type=checkbox checked>a", "<div> <p> </p> </div>"})
        agree(html);
    CHECK(strict > 1000);
}

TEST_CASE("the oracle itself complains of what must not pass") {
    for (auto bad :
         {"<script>x</script>", "<p onclick=\"x\">x</p>", "<a href=\"javascript:x\">x</a>",
          "<a href=\"java\tscript:x\">x</a>", "<b>x", "<b>x</i></b>", "x</b>", "<!-- x -->", "<p id=\"x\">x</p>",
          "a & b", "a > b", "\x01", "<p title='x'>x</p>", "<P>x</P>", "<svg></svg>", "<img src=\"data:x\">"}) {
        CAPTURE(bad);
        CHECK(complaint_about(bad) != "");
    }
    int noticed = 0;
    for (auto hostile : hostile_html()) noticed += complaint_about(hostile) != "";
    CHECK(noticed > 250);
}

TEST_CASE("what people write comes through as they wrote it") {
    for (auto fine :
         {"", "plain", "<p>a <b>b</b> <em>c</em></p>", "<ul><li>a</li><li>b<ol start=\"3\"><li>c</li></ol></li></ul>",
          "<table><thead><tr><th scope=\"col\">a</th></tr></thead><tbody><tr><td "
          "align=\"right\">1</td></tr></tbody></table>",
          "<blockquote><p>x</p></blockquote><hr><pre><code class=\"language-c++\">a &lt; b\n</code></pre>",
          "<pre>\n\na</pre>", "<h2>Élèves &amp; cœur</h2><p>l'été — « oui » 🏫</p>",
          "<details open=\"\"><summary>s</summary>x</details>",
          "<a href=\"/files/6k2\" rel=\"nofollow noopener ugc\">x</a>",
          "<img alt=\"une carte\" src=\"https://a.example/x.png\" width=\"40\">", "<p dir=\"rtl\" lang=\"ar\">x</p>",
          "<dl><dt>a</dt><dd>b</dd></dl>", "x<sup>2</sup> H<sub>2</sub>O"}) {
        CAPTURE(fine);
        CHECK(sanitize(fine) == fine);
        CHECK(complaint_about(fine) == "");
    }
}

TEST_CASE("what is not allowed goes, its words stay") {
    CHECK(sanitize("<marquee>x</marquee> <blink>y</blink>") == "x y");
    CHECK(sanitize("<font color=red>a</font><center>b</center><strike>c</strike><tt>d</tt>") ==
          "a<div>b</div><s>c</s><code>d</code>");
    CHECK(
        sanitize(
            "a<script>b</script>c<style>d</style><title>e</title><noscript>f</noscript>g<template>h<p>i</template>") ==
        "acg");
    CHECK(sanitize("<textarea>&lt;b> x</textarea><xmp><b>&amp;</xmp>") == "&lt;b&gt; x&lt;b&gt;&amp;amp;");
    CHECK(sanitize("<button>a</button><select><option>b</select><form>c</form>") == "abc");
    CHECK(sanitize("a < b <3 c > d & e &copy; \"f\"") == "a &lt; b &lt;3 c &gt; d &amp; e © &quot;f&quot;");
    CHECK(sanitize("<a href='javascript:x'>y</a><img src='data:x' alt='carte'>") == "ycarte");
    CHECK(sanitize("<input type=checkbox checked disabled> a <input type=checkbox> b <input value=c>") == "☑ a ☐ b ");
    CHECK(sanitize("<p id=a class=b style=c name=d data-e=f>x</p>") == "<p>x</p>");
    CHECK(sanitize("<ol start=-1 type=z><li value=99999999999>x</ol>") == "<ol><li>x</li></ol>");
    CHECK(sanitize("<td colspan=1000000>") == "");
    CHECK(sanitize("a\r\nb\rc\0d\xFF"s) == "a\nb\nc\uFFFDd\uFFFD");
}

TEST_CASE("links: schemes as a browser reads them") {
    auto link = [](std::string_view target) {
        auto html = sanitize("<a href=\"" + std::string{target} + "\">x</a>");
        return html == "x" ? "" : html.substr(9, html.find('"', 9) - 9);
    };
    for (auto fine : {"https://a.example/b?c=d#e", "http://a", "mailto:marie@ecole.example", "tel:+33123456789",
                      "/files/6k2", "//a.example/x", "x/y:z", "?a:b", "#a:b", "./a:b", "HTTPS://a"})
        CHECK(link(fine) == fine);
    for (auto bad : {"javascript:x", "JAVASCRIPT:x", " javascript:x", "java&#10;script:x", "data:x", "x:y", "a:b/c",
                     "\u00a0https://a", "ht\u200btp://a", ":", "https\u0301://x", ""})
        CHECK(link(bad) == "");
    CHECK(link(" ht&#9;tps://a\n/b ") == "https://a/b");
    CHECK(link("https://a/" + repeated("x", 5000)) == "");
}

TEST_CASE("lists, cells and paragraphs without their ends are as HTML means them") {
    CHECK(sanitize("<ul><li>a<li>b</ul>") == "<ul><li>a</li><li>b</li></ul>");
    CHECK(sanitize("<p>a<p>b<div>c</div>") == "<p>a</p><p>b</p><div>c</div>");
    CHECK(sanitize("<table><tr><td>a<td>b<tr><td>c</table>") ==
          "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>");
    CHECK(sanitize("<table><tr><td><ul><li><table><tr><td>a</table>b</table>c") ==
          "<table><tbody><tr><td><ul><li><table><tbody><tr><td>a</td></tr></tbody></table>b</li></ul></td></tr></"
          "tbody></table>c");
    CHECK(sanitize("<dl><dt>a<dd>b<dt>c</dl>") == "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>");
    CHECK(sanitize("<a href=x>a<a href=y>b").contains(">a</a><a href=\"y\""));
    CHECK(sanitize("<em>a<em>b</em>c</em>d") == "<em>abc</em>d");
    auto items = sanitize("<ul>" + repeated("<li>x", 500));
    CHECK(items == "<ul>" + repeated("<li>x</li>", 500) + "</ul>");
    auto rows = sanitize("<table>" + repeated("<tr><td>x", 500));
    CHECK(rows == "<table><tbody>" + repeated("<tr><td>x</td></tr>", 500) + "</tbody></table>");
}

TEST_CASE("however it is nested, the answer is bounded and settles") {
    for (auto piece : {"<b>",
                       "<div>",
                       "<div a>",
                       "<p><b>x",
                       "<a href=x>",
                       "<table><tr><td>",
                       "<table>",
                       "<i><table>",
                       "<ul><li>",
                       "<p><font color=1>x</p>",
                       "<",
                       "&",
                       "&amp",
                       "</p>",
                       "</b></i>",
                       "<!--",
                       "<svg><style>",
                       "<textarea></textarea",
                       "<b><p></b>",
                       "<script></script>x",
                       "<template>",
                       "<template></template>x",
                       "\"'<a b='",
                       "<blockquote>x",
                       "\xFF",
                       "<img src=x>",
                       "<b><i><u><s><em><p>x",
                       "<td>x"}) {
        CAPTURE(piece);
        auto clean = sanitize(repeated(piece, 60'000 / std::string_view{piece}.size()));
        CHECK(clean.size() <= 5 * 60'000 + 10'000);
        CHECK(complaint_about(clean) == "");
        CHECK(sanitize(clean) == clean);
    }
}

TEST_CASE("a megabyte is read and written, and no more") {
    auto plain = sanitize(std::string(2'000'000, 'x'));
    CHECK(plain == std::string(plain.size(), 'x'));
    CHECK(plain.size() > 1024 * 1024 - 8);
    for (auto piece : {"&", "<p><b>x", "<a href=x>"}) {
        CAPTURE(piece);
        auto clean = sanitize(repeated(piece, 1'100'000 / std::string_view{piece}.size()));
        CHECK(clean.size() <= 1024 * 1024);
        CHECK(complaint_about(clean) == "");
        CHECK(sanitize(clean) == clean);
    }
    auto attributes = "<p" + repeated(" x", 400'000) + " title=y>z</p>";
    CHECK(sanitize(attributes) == "<p>z</p>");
    auto distinct = std::string{"<p"};
    for (int i = 0; i < 100'000; ++i) distinct += " a" + std::to_string(i);
    CHECK(sanitize(distinct + ">z") == "<p>z</p>");
}

// Steps, not seconds: what gumbo is given for n pieces is n times what it is given for one.
TEST_CASE("gumbo is never given more depth, attributes or bytes than the input pays for") {
    for (auto piece :
         {"<b><p>", "<p><b x=1><i y=2>", "<table><td>", "<div><a href=x>", "<li><ul>", "<p title=\"\"\"\"\">"}) {
        CAPTURE(piece);
        auto calm = calm_html(repeated(piece, 20'000));
        CHECK(calm.size() < std::string_view{piece}.size() * 20'000 * 4);
        int depth = 0;
        int deepest = 0;
        for (std::size_t at = calm.find('<'); at != std::string::npos; at = calm.find('<', at + 1)) {
            depth += calm[at + 1] == '/' ? -1 : 1;
            deepest = std::max(deepest, depth);
        }
        CHECK(depth == 0);
        CHECK(deepest <= static_cast<int>(deepest_nesting));
    }
}

TEST_CASE("the words of rich text") {
    CHECK(html_to_text("<p>a <b>b</b>\n c</p><p>d<br>e</p>") == "a b c\nd\ne");
    CHECK(html_to_text("<ul><li>a<li>b</ul><table><tr><td>1<td>2<tr><td>3</table>") == "a\nb\n1 2\n3");
    CHECK(html_to_text("a<script>b</script><style>c</style>&lt;d&gt; &eacute;") == "a<d> é");
    CHECK(html_to_text("<pre>a  b\n  c</pre>d   e") == "a  b\n  c\nd e");
    CHECK(html_to_text("<img src=x alt='une carte'> x") == "une carte x");
    CHECK(html_to_text("") == "");
}

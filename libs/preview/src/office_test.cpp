// Spreadsheets and presentations of both families, as the smallest files that are theirs; and office documents that try
// to bring along what is not in them.
#include "preview_fixture.hpp"
#include "stored_zip.hpp"

#include <fmt/format.h>

using namespace preau;
using namespace preau::preview;
using namespace preau::preview::testing;

namespace {

constexpr std::string_view xml = R"(<?xml version="1.0" encoding="UTF-8"?>)";

// --- OpenDocument
// -----------------------------------------------------------------------------------------------------

std::string open_document(std::string_view kind, std::string_view body) {
    const auto type = fmt::format("application/vnd.oasis.opendocument.{}", kind);
    const auto manifest = fmt::format(
        R"({}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2"><m:file-entry m:full-path="/" m:media-type="{}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>)",
        xml, type);
    const auto content = fmt::format(
        R"({}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:{} >{}</office:{}></office:body></office:document-content>)",
        xml, kind, body, kind);
    return stored_zip({{"mimetype", type}, {"content.xml", content}, {"META-INF/manifest.xml", manifest}});
}

std::string ods() {
    return open_document(
        "spreadsheet",
        R"(<table:table table:name="Notes"><table:table-row><table:table-cell office:value-type="string"><text:p>Élève</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Photosynthèse</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>Lina</text:p></table:table-cell></table:table-row></table:table>)");
}
std::string odp() {
    return open_document(
        "presentation",
        R"(<draw:page draw:name="un"><draw:frame svg:width="20cm" svg:height="4cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>Photosynthèse</text:p></draw:text-box></draw:frame></draw:page><draw:page draw:name="deux"><draw:frame svg:width="20cm" svg:height="4cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>Chlorophylle</text:p></draw:text-box></draw:frame></draw:page>)");
}

// --- Office Open XML
// --------------------------------------------------------------------------------------------------

constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view package = "http://schemas.openxmlformats.org/package/2006";
constexpr std::string_view kinds = "application/vnd.openxmlformats-officedocument";

std::string relations(std::vector<std::pair<std::string, std::string>> to) { // kind, target
    std::string lines;
    for (std::size_t i = 0; i < to.size(); ++i)
        lines += fmt::format(R"(<Relationship Id="r{}" Type="{}/{}" Target="{}"/>)", i + 1, office, to[i].first,
                             to[i].second);
    return fmt::format(R"({}<Relationships xmlns="{}/relationships">{}</Relationships>)", xml, package, lines);
}
std::string types(std::vector<std::pair<std::string, std::string>> parts) { // name, kind
    std::string lines;
    for (const auto& [name, kind] : parts)
        lines += fmt::format(R"(<Override PartName="{}" ContentType="{}.{}+xml"/>)", name, kinds, kind);
    return fmt::format(
        R"({}<Types xmlns="{}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{}</Types>)",
        xml, package, lines);
}

std::string xlsx(std::string_view strings = "<si><t>Élève</t></si><si><r><t>Photo</t></r><r><t>synthèse</t></r></si>",
                 std::string_view before = {}) {
    constexpr std::string_view sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    return stored_zip(
        {{"[Content_Types].xml", types({{"/xl/workbook.xml", "spreadsheetml.sheet.main"},
                                        {"/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"},
                                        {"/xl/sharedStrings.xml", "spreadsheetml.sharedStrings"}})},
         {"_rels/.rels", relations({{"officeDocument", "xl/workbook.xml"}})},
         {"xl/_rels/workbook.xml.rels",
          relations({{"worksheet", "worksheets/sheet1.xml"}, {"sharedStrings", "sharedStrings.xml"}})},
         {"xl/workbook.xml",
          fmt::format(
              R"({}<workbook xmlns="{}" xmlns:r="{}"><sheets><sheet name="Notes" sheetId="1" r:id="r1"/></sheets></workbook>)",
              xml, sheet, office)},
         {"xl/worksheets/sheet1.xml",
          fmt::format(
              R"({}<worksheet xmlns="{}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row></sheetData></worksheet>)",
              xml, sheet)},
         {"xl/sharedStrings.xml", fmt::format(R"({}{}<sst xmlns="{}">{}</sst>)", xml, before, sheet, strings)}});
}

std::string slide(std::string_view words) {
    return fmt::format(
        R"({}<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="900000" y="900000"/><a:ext cx="7000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>)",
        xml, words);
}
std::string pptx() {
    return stored_zip(
        {{"[Content_Types].xml", types({{"/ppt/presentation.xml", "presentationml.presentation.main"},
                                        {"/ppt/slides/slide1.xml", "presentationml.slide"},
                                        {"/ppt/slides/slide2.xml", "presentationml.slide"}})},
         {"_rels/.rels", relations({{"officeDocument", "ppt/presentation.xml"}})},
         {"ppt/_rels/presentation.xml.rels",
          relations({{"slide", "slides/slide1.xml"}, {"slide", "slides/slide2.xml"}})},
         {"ppt/presentation.xml",
          fmt::format(
              R"({}<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{}"><p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>)",
              xml, office)},
         {"ppt/slides/slide1.xml", slide("Photosynthèse")},
         {"ppt/slides/slide2.xml", slide("Chlorophylle")}});
}

constexpr auto ods_type = "application/vnd.oasis.opendocument.spreadsheet";
constexpr auto odp_type = "application/vnd.oasis.opendocument.presentation";
constexpr auto xlsx_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr auto pptx_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

std::string words_of_pdf(Bench& bench, const Made& pdf) {
    auto words = bench.make(What::Text, bench.put(bench.bytes(pdf)), "application/pdf");
    REQUIRE_MESSAGE(words.has_value(), bench.key_of(words));
    return bench.bytes(*words);
}

} // namespace

TEST_CASE("a spreadsheet and a presentation, of both families: a picture, pages, and their words") {
    on_sqlite([](Bench& bench) {
        for (const auto& ability : bench.previews.abilities())
            if (ability.what == "spreadsheets" || ability.what == "presentations")
                REQUIRE_MESSAGE(ability.why_not.empty(), ability.why_not); // packages.txt installs them
        const std::vector<std::tuple<std::string, const char*, std::string>> documents{
            {ods(), ods_type, "Élève"},
            {xlsx(), xlsx_type, "Élève"},
            {odp(), odp_type, "Chlorophylle"},
            {pptx(), pptx_type, "Chlorophylle"}};
        for (const auto& [bytes, type, also] : documents) {
            CAPTURE(type);
            auto stored = bench.put(bytes);
            auto text = bench.make(What::Text, stored, type);
            REQUIRE_MESSAGE(text.has_value(), bench.key_of(text));
            CHECK(bench.bytes(*text).contains("Photosynthèse"));
            CHECK(bench.bytes(*text).contains(also));
            auto pages = bench.make(What::Document, stored, type);
            REQUIRE_MESSAGE(pages.has_value(), bench.key_of(pages));
            auto shown = words_of_pdf(bench, *pages);
            CHECK(shown.contains("Photosynthèse"));
            CHECK(shown.contains(also));
            auto picture = bench.make(What::Thumbnail, stored, type);
            REQUIRE_MESSAGE(picture.has_value(), bench.key_of(picture));
            auto [width, height] = size_of_webp(bench.bytes(*picture));
            CHECK(std::max(width, height) == 400);
        }
        CHECK(left_in_temporary() == 0);
    });
}

// LibreOffice fetches linked pictures without asking: without its cage the converted page shows the server's file.
TEST_CASE("an office document brings along no file of the server, whatever it names") {
    on_sqlite([](Bench& bench) {
        const auto secret = bench.folder / "secret.png";
        std::ofstream{secret, std::ios::binary} << corpus("small.png");
        fs::permissions(bench.folder, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
        const auto frame = [&](std::string_view how) {
            return fmt::format(
                R"(<draw:frame draw:name="i" svg:width="4cm" svg:height="4cm" {}><draw:image xlink:href="file://{}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>)",
                how, secret.string());
        };
        const auto text =
            open_document("text", fmt::format("<text:p>Visible {}</text:p>", frame(R"(text:anchor-type="as-char")")));
        const auto slides = open_document(
            "presentation",
            fmt::format(
                R"(<draw:page draw:name="un"><draw:frame svg:width="20cm" svg:height="4cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>Visible</text:p></draw:text-box></draw:frame>{}</draw:page>)",
                frame(R"(svg:x="2cm" svg:y="8cm")")));
        for (const auto& [bytes, type] : {std::pair{text, odt}, std::pair{slides, odp_type}}) {
            CAPTURE(type);
            auto pages = bench.make(What::Document, bench.put(bytes), type);
            REQUIRE_MESSAGE(pages.has_value(), bench.key_of(pages));
            CHECK(words_of_pdf(bench, *pages).contains("Visible"));
            CHECK_FALSE(bench.bytes(*pages).contains("/Subtype/Image"));
        }
    });
}

TEST_CASE("hostile spreadsheets and presentations, and bombs that meet the office suite itself") {
    on_sqlite([](Bench& bench) {
        const std::string declared = R"(<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>)";
        const std::vector<std::tuple<std::string, What, std::string>> refused{
            {xlsx("<si><t>&b;</t></si>", declared), What::Text, xlsx_type},
            {xlsx("<si><t>not closed"), What::Text, xlsx_type},
            {pptx().substr(0, 900), What::Text, pptx_type},
            {stored_zip({{"[Content_Types].xml", types({})}}), What::Text, pptx_type},
        };
        for (const auto& [bytes, what, type] : refused)
            CHECK_MESSAGE(bench.key_of(bench.make(what, bench.put(bytes), type)) == "preview.impossible", type);
        // What the office suite makes of these is its own affair; that it ends, within its limits, is ours.
        for (const auto* name : {"bomb.odt", "entities.odt", "many-entries.odt"}) {
            auto made = bench.make(What::Thumbnail, bench.put(corpus(name)), odt);
            CHECK_MESSAGE((made.has_value() || made.error().key == "preview.impossible"), std::string{name});
        }
        CHECK(left_in_temporary() == 0);
        CHECK(bench.make(What::Text, bench.put(xlsx()), xlsx_type).has_value());
    });
}

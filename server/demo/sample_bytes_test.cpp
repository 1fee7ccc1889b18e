#include "demo/sample_bytes.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

namespace preau::server {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

} // namespace

TEST_CASE("the worksheet is a PDF whose table of objects is right") {
    auto pdf = make_pdf("Fiche : les volcans (6e B)", {"Éruption", "L’île"});
    CHECK(pdf.starts_with("%PDF-1.4\n"));
    CHECK(pdf.ends_with("%%EOF\n"));
    auto start = std::stoul(pdf.substr(pdf.rfind("startxref\n") + 10));
    CHECK(pdf.substr(start, 5) == "xref\n");
    auto first = std::stoul(pdf.substr(pdf.find("0000000000 65535 f \n") + 20, 10));
    CHECK(pdf.substr(first, 7) == "1 0 obj");
    CHECK(pdf.contains("\xC9ruption"));     // Latin-1
    CHECK(pdf.contains("L\x92\xEEle"));     // WinAnsi apostrophe
    CHECK(pdf.contains("\\(6e B\\)"));
}

TEST_CASE("the volcano is a PNG of the stated size whose pixels unpack") {
    auto png = make_volcano_png(96, 60);
    CHECK(png.starts_with("\x89PNG\r\n\x1a\n"));
    CHECK(number_at(png, 16) == 96);
    CHECK(number_at(png, 20) == 60);
    auto length = number_at(png, 33);
    CHECK(png.substr(37, 4) == "IDAT");
    std::string raw(60 * (96 * 3 + 1), '\0');
    auto size = static_cast<uLongf>(raw.size());
    CHECK(::uncompress(reinterpret_cast<Bytef*>(raw.data()), &size, reinterpret_cast<const Bytef*>(png.data() + 41),
                       length) == Z_OK);
    CHECK(size == raw.size());
    CHECK(number_at(png, 41 + length) ==
          ::crc32(0, reinterpret_cast<const Bytef*>(png.data() + 37), static_cast<uInt>(length + 4)));
}

TEST_CASE("the text is an OpenDocument: its media type stands first, uncompressed") {
    auto odt = make_odt({"Titre", "2 < 3 & 4"});
    CHECK(odt.starts_with("PK\x03\x04"));
    CHECK(odt.substr(30, 8) == "mimetype");
    CHECK(odt.substr(38, 39) == "application/vnd.oasis.opendocument.text");
    CHECK(odt.contains("<text:p>2 &lt; 3 &amp; 4</text:p>"));
    CHECK(odt.substr(odt.size() - 22, 4) == "PK\x05\x06");
}

} // namespace preau::server

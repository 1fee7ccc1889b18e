#include "demo/sample_bytes.hpp"

#include <fmt/format.h>

namespace preau::server {
namespace {

// WinAnsiEncoding agrees with Latin-1 for French letters; beyond it stand the typographic quotes that we use.
std::string to_win_ansi(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80) {
            out += utf8[i];
        } else if ((byte & 0xE0) == 0xC0 && i + 1 < utf8.size()) {
            auto low = static_cast<unsigned char>(utf8[++i]);
            out += static_cast<char>(((byte & 0x03) << 6) | (low & 0x3F));
        } else if (utf8.substr(i).starts_with("’")) {
            out += '\x92';
            i += 2;
        } else {
            out += '?';
            i += byte >= 0xF0 ? 3 : 2;
        }
    }
    return out;
}

std::string quoted(std::string_view text) { // ISO 32000-1 §7.3.4.2
    std::string out = "(";
    for (char c : to_win_ansi(text)) {
        if (c == '(' || c == ')' || c == '\\') out += '\\';
        out += c;
    }
    return out + ")";
}

std::string drawing(std::string_view heading, const std::vector<std::string>& lines) {
    auto content = fmt::format("BT /F2 20 Tf 60 770 Td {} Tj ET\n", quoted(heading));
    int y = 730;
    for (const auto& line : lines) {
        content += fmt::format("BT /F1 12 Tf 60 {} Td {} Tj ET\n", y, quoted(line));
        y -= 24;
    }
    return content;
}

} // namespace

std::string make_pdf(std::string_view heading, const std::vector<std::string>& lines) {
    auto content = drawing(heading, lines);
    const std::string font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>";
    const std::vector<std::string> objects{
        "<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        fmt::format("<< /Length {} >>\nstream\n{}endstream", content.size(), content),
        fmt::format(fmt::runtime(font), "Helvetica"),
        fmt::format(fmt::runtime(font), "Helvetica-Bold")};
    std::string pdf = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n"; // bytes above 127: "this is not text", §7.5.2
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += fmt::format("{:010} 00000 n \n", pdf.size());
        pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    auto start = pdf.size();
    return pdf + table +
           fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.size() + 1, start);
}

} // namespace preau::server

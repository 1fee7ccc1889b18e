// Small real files for the demonstration school, made by code: a PDF that prints, a picture that opens, a text that can
// be edited. Nothing binary lies in the repository.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::server {

// One A4 page: a heading and lines, in Helvetica. Text is UTF-8; what Latin-1 cannot say becomes "?".
std::string make_pdf(std::string_view heading, const std::vector<std::string>& lines);
// A volcano cut in half: sky, mountain, chimney, magma chamber, lava. PNG, 8-bit RGB.
std::string make_volcano_png(int width, int height);
// An OpenDocument text of paragraphs; the first one is a heading.
std::string make_odt(const std::vector<std::string>& paragraphs);

} // namespace preau::server

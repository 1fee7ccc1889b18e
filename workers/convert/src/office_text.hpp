#pragma once

#include <string>

namespace preau::convert {

void prepare_office_text(); // before the first fork

// The words of an OpenDocument (content.xml) or Office Open XML file (document, slides, shared strings), a line feed
// after each paragraph, at most `most_text` bytes. Throws a Refusal: not such a file, or an archive bomb.
std::string office_text(const std::string& bytes);

} // namespace preau::convert

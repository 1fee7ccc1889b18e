// Words that say nothing of what a text is about. Our own list, folded: PostgreSQL's has accents and lacks "les".
#pragma once

#include <string_view>

namespace preau::text {

bool is_stop_word(std::string_view folded);
bool is_elision(std::string_view folded); // l' d' qu': only in front of an apostrophe, so that "vitamine D" keeps its D

} // namespace preau::text

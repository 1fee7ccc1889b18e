// The text of a template cut into tags and text between them, with the whitespace rules of the Mustache specification.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::web {

struct Token {
    enum class Kind { Text, Value, Raw, Open, Inverted, Close, Partial };
    Kind kind = Kind::Text;
    std::string text;   // of a tag: the name inside
    std::string indent; // of a partial that stands alone on its line: put before each of its lines
    int line = 1;
};

[[noreturn]] void template_problem(std::string_view name, int line, const std::string& what);
std::vector<Token> tokens_of(std::string_view name, std::string_view source);

} // namespace preau::web

// Lists as rows: columns found by their names, every field checked by itself. What a row means among the others is
// asked later.
#pragma once

#include "identity/import.hpp"

namespace preau::identity {

struct StructureLine {
    std::string key, parent, kind, name, uai, zone;
    std::int64_t line = 0;
};
struct PersonLine {
    std::string key, name, mail;
    struct Function {
        std::string place, function;
    };
    std::vector<Function> functions; // "0351234A:teacher|0359999Z:trainer"
    std::int64_t line = 0;
};
struct ClassLine {
    std::string key, structure, name, year;
    std::vector<std::string> teachers; // keys of people
    std::vector<std::string> pupils;   // "Lina Lemaire", or "key:Lina Lemaire"
    std::int64_t line = 0;
};

// A line whose key is known but which cannot be taken; what it stands for does not end.
struct RefusedLine {
    std::string key, name;
    std::int64_t line = 0;
    std::string reason, value;
};

// By key, and those of one key as they came.
template <class Line> bool before(const Line& one, const Line& other) {
    return one.key != other.key ? one.key < other.key : one.line < other.line;
}

template <class Line> struct Lines {
    std::vector<Line> lines; // sorted by key, each key once
    std::vector<RefusedLine> refused; // sorted by key
    std::vector<ImportMistake> mistakes; // at most 100
    std::int64_t mistakes_in_all = 0;
};

// Errors: csv_not_text.
Result<Lines<StructureLine>> structure_lines(std::string_view bytes);
Result<Lines<PersonLine>> person_lines(std::string_view bytes);
Result<Lines<ClassLine>> class_lines(std::string_view bytes);

inline constexpr std::size_t most_mistakes_kept = 100;

// One text of several fields, and back. No field holds a control character.
std::string joined(const std::vector<std::string>& fields);
std::vector<std::string> parted(std::string_view said, std::size_t fields);

} // namespace preau::identity

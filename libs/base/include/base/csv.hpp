// Lists that come from a spreadsheet or another system: whatever encoding and separator they have, with the place of
// every mistake. RFC 4180, and what programs really write: ';' and tabs, a byte order mark, "sep=;" in the first line,
// any line end. The cost is linear in the bytes, also when every line is wrong.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace preau {

enum class TextEncoding { Utf8, Utf16Little, Utf16Big, Windows1252, Latin9 };
struct DecodedText {
    std::string text; // valid UTF-8, without byte order mark
    TextEncoding encoding = TextEncoding::Utf8;
};
// By the byte order mark, else by what is valid: UTF-8; UTF-16 when every second byte of the beginning is zero; else
// one byte a letter: Windows-1252 where a byte of 80–9F stands, which ISO-8859-15 has no letters for, else ISO-8859-15.
// Errors: csv_not_text for anything else (a spreadsheet's own file, a picture).
Result<DecodedText> decode_text(std::string_view bytes);

// A cell to write, quoted. Spreadsheets take = + - @ at the start for a formula and run it: such a one is made a text.
std::string csv_cell(std::string_view text);

struct CsvProblem {
    std::size_t line = 0; // 1 is the first
    std::size_t column = 0; // in characters, 1 is the first
    std::string key; // csv_quote_open, csv_quote_inside, csv_after_quote, csv_row_too_long, csv_too_many_fields
};
struct CsvLimits {
    std::size_t row_bytes = 64 * 1024;
    std::size_t fields = 100;
};

class CsvReader {
public:
    // `text` is valid UTF-8 and outlives the reader. The separator (';', ',' or tab) is the one that the first line has
    // most of, outside quotes.
    explicit CsvReader(std::string_view text, CsvLimits limits = {});

    enum class Step { Row, Problem, End };
    // After a problem the reader goes on with the next line. Rows without anything in them are left out.
    Step next();
    const std::vector<std::string>& fields() const { return fields_; } // of this row; blanks at both ends are gone
    std::size_t line() const { return row_line_; } // where this row began
    const CsvProblem& problem() const { return problem_; }
    char separator() const { return separator_; }

private:
    bool read_row(); // false: problem_ is filled
    bool read_quoted(std::string& field);
    bool read_plain(std::string& field);
    bool give_up(std::size_t at, const char* key);
    bool at_line_end() const;
    void pass_line_end();
    void skip_line_of(std::size_t at);
    std::size_t column_of(std::size_t at) const;

    std::string_view text_;
    CsvLimits limits_;
    char separator_ = ';';
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t line_begin_ = 0;
    std::size_t row_begin_ = 0;
    std::size_t row_line_ = 1;
    std::size_t row_line_begin_ = 0;
    std::vector<std::string> fields_;
    CsvProblem problem_;
};

} // namespace preau

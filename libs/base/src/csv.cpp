#include "base/csv.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace preau {
namespace {

constexpr std::string_view separators = ";,\t";

char most_frequent_separator(std::string_view text) {
    std::array<std::size_t, separators.size()> counts{};
    bool quoted = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r')) break;
        if (auto which = separators.find(c); !quoted && which != std::string_view::npos) ++counts[which];
    }
    return separators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

// "sep=;": a spreadsheet's word to another; not a row.
bool names_separator(std::string_view text) {
    constexpr std::string_view begin = "sep=";
    return text.size() > begin.size() && to_lower_ascii(text.substr(0, begin.size())) == begin &&
           separators.contains(text[begin.size()]) &&
           (text.size() == begin.size() + 1 || text[begin.size() + 1] == '\n' || text[begin.size() + 1] == '\r');
}

} // namespace

CsvReader::CsvReader(std::string_view text, CsvLimits limits) : text_{text}, limits_{limits} {
    if (names_separator(text)) {
        separator_ = text[4];
        at_ = 5;
        pass_line_end();
    } else {
        separator_ = most_frequent_separator(text);
    }
}

bool CsvReader::at_line_end() const { return at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'); }

void CsvReader::pass_line_end() {
    if (!at_line_end()) return;
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
    line_begin_ = at_;
}

std::size_t CsvReader::column_of(std::size_t at) const {
    return code_points(text_.substr(line_begin_, at - line_begin_)) + 1;
}

// The line of the mistake is left, not the row's last one: a quote that nobody closed must not take the lines after it.
void CsvReader::skip_line_of(std::size_t at) {
    at_ = std::min(text_.find_first_of("\r\n", at), text_.size());
    pass_line_end();
}

bool CsvReader::give_up(std::size_t at, const char* key) {
    problem_ = {.line = line_, .column = column_of(at), .key = key};
    skip_line_of(at);
    return false;
}

bool CsvReader::read_quoted(std::string& field) {
    const auto open = at_++;
    const auto open_line = line_, open_begin = line_begin_;
    auto never_closed = [&] {
        line_ = open_line;
        line_begin_ = open_begin;
        return give_up(open, at_ < text_.size() ? "csv_row_too_long" : "csv_quote_open");
    };
    for (;;) {
        const auto found = text_.find_first_of("\"\r\n", at_);
        const auto end = std::min(found, text_.size());
        if (end - row_begin_ > limits_.row_bytes) {
            at_ = row_begin_;
            return never_closed();
        }
        field.append(text_.substr(at_, end - at_));
        at_ = end;
        if (at_ == text_.size()) return never_closed();
        if (text_[at_] != '"') {
            field += '\n';
            pass_line_end();
        } else if (text_.substr(at_).starts_with("\"\"")) {
            field += '"';
            at_ += 2;
        } else {
            break;
        }
    }
    ++at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && text_[at_] != separator_ && !at_line_end()) return give_up(at_, "csv_after_quote");
    return true;
}

bool CsvReader::read_plain(std::string& field) {
    const char stops[] = {separator_, '"', '\r', '\n'};
    const auto end = std::min(text_.find_first_of({stops, sizeof stops}, at_), text_.size());
    if (end < text_.size() && text_[end] == '"') return give_up(end, "csv_quote_inside");
    field = trimmed(text_.substr(at_, end - at_));
    at_ = end;
    return true;
}

bool CsvReader::read_row() {
    fields_.clear();
    for (;;) {
        if (fields_.size() == limits_.fields) return give_up(at_, "csv_too_many_fields");
        auto& field = fields_.emplace_back();
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        const bool quoted = at_ < text_.size() && text_[at_] == '"';
        if (!(quoted ? read_quoted(field) : read_plain(field))) return false;
        if (quoted) field = std::string{trimmed(field)};
        if (at_ - row_begin_ > limits_.row_bytes) {
            line_ = row_line_;
            line_begin_ = row_line_begin_;
            return give_up(row_begin_, "csv_row_too_long");
        }
        if (at_ == text_.size()) return true;
        if (text_[at_] != separator_) break;
        ++at_;
    }
    pass_line_end();
    return true;
}

CsvReader::Step CsvReader::next() {
    while (at_ < text_.size()) {
        row_begin_ = at_;
        row_line_ = line_;
        row_line_begin_ = line_begin_;
        if (!read_row()) return Step::Problem;
        if (std::ranges::any_of(fields_, [](const std::string& field) { return !field.empty(); })) return Step::Row;
    }
    return Step::End;
}

std::string csv_cell(std::string_view text) {
    std::string quoted{"\""};
    if (!text.empty() && std::string_view{"=+-@\t\r"}.contains(text.front())) quoted += '\'';
    for (char letter : text) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

} // namespace preau

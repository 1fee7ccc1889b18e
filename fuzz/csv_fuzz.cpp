// Lists from outside: encoding found, rows read, and every row read again from what it would be written as.
#include "base/csv.hpp"
#include "base/text.hpp"

#include "fuzz_input.hpp"

using namespace preau;

namespace {

std::string written(const std::vector<std::string>& fields) {
    std::string line;
    for (const auto& field : fields) {
        if (!line.empty()) line += ';';
        line += '"';
        for (char c : field) line += c == '"' ? "\"\"" : std::string{c};
        line += '"';
    }
    return line;
}

void check_again(const std::vector<std::string>& fields, std::size_t limit) {
    auto line = written(fields);
    if (line.size() > limit) return;
    CsvReader again{line, {.row_bytes = limit, .fields = 8}};
    if (fields.size() < 2) return; // one field alone does not say which separator
    PREAU_ASSERT(again.next() == CsvReader::Step::Row);
    PREAU_ASSERT(again.fields() == fields);
    PREAU_ASSERT(again.next() == CsvReader::Step::End);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto decoded = decode_text(fuzz::text_of(data, size));
    if (!decoded) return 0;
    PREAU_ASSERT(valid_utf8(decoded->text) || decoded->text.empty());
    constexpr std::size_t limit = 200;
    const auto lines =
        static_cast<std::size_t>(std::ranges::count_if(decoded->text, [](char c) { return c == '\n' || c == '\r'; }));
    CsvReader reader{decoded->text, {.row_bytes = limit, .fields = 8}};
    std::size_t last = 0;
    for (std::size_t steps = 0;; ++steps) {
        PREAU_ASSERT(steps <= lines + 1);
        auto step = reader.next();
        if (step == CsvReader::Step::End) return 0;
        if (step == CsvReader::Step::Problem) {
            PREAU_ASSERT(reader.problem().line > last || last == 0);
            PREAU_ASSERT(reader.problem().line <= lines + 1 && reader.problem().column > 0);
            last = reader.problem().line;
            continue;
        }
        PREAU_ASSERT(reader.line() > last && reader.fields().size() <= 8);
        last = reader.line();
        std::size_t bytes = 0;
        for (const auto& field : reader.fields()) {
            PREAU_ASSERT(valid_utf8(field));
            bytes += field.size();
        }
        PREAU_ASSERT(bytes <= limit);
        check_again(reader.fields(), limit * 3);
    }
}

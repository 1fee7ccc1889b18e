#include "import_rows.hpp"

#include "mail_format.hpp"
#include "uai_format.hpp"

#include "base/csv.hpp"
#include "base/plain_words.hpp"
#include "base/text.hpp"
#include "identity/attachments.hpp"
#include "identity/structure_detail.hpp"

#include <algorithm>
#include <array>

namespace preau::identity {
namespace {

constexpr char field_end = '\x1F';
constexpr std::size_t longest_key = 100;
constexpr std::size_t longest_name = 200;
constexpr std::size_t most_functions = 500;
constexpr std::size_t most_in_class = 200; // pupils, teachers

struct Column {
    std::string_view name, french;
    bool required = false;
};

std::string column_word(std::string_view header) {
    std::string word;
    for (const auto& part : plain_words(header, 5)) word += part;
    return word;
}

struct Refusal {
    std::string reason, value;
};

// What one list has read so far.
template <class Line, std::size_t N> class Collector {
public:
    Collector(ImportKind kind, const std::array<Column, N>& columns) : kind_{kind}, columns_{columns} {}

    // `take(fields, line)` answers a refusal, or fills the line.
    template <class Take> Result<Lines<Line>> read(std::string_view bytes, Take take) {
        auto decoded = TRY(decode_text(bytes));
        constexpr std::size_t longest_row = 1 << 20; // a class with all its pupils, a person in 500 structures
        CsvReader reader{decoded.text, {.row_bytes = longest_row}};
        bool headed = false;
        for (;;) {
            const auto step = reader.next();
            if (step == CsvReader::Step::End) break;
            if (step == CsvReader::Step::Problem) {
                const auto& problem = reader.problem();
                mistake(problem.line, problem.column, problem.key);
            } else if (!headed) {
                headed = true;
                if (!find_columns(reader)) break;
            } else {
                take_row(reader, take);
            }
        }
        if (!headed && all_.mistakes.empty()) mistake(1, 1, "import.empty");
        settle();
        return std::move(all_);
    }

private:
    void mistake(std::size_t line, std::size_t column, std::string key, std::string value = {}) {
        ++all_.mistakes_in_all;
        if (all_.mistakes.size() < most_mistakes_kept)
            all_.mistakes.push_back({.kind = std::string{word_of(kind_)},
                                     .line = static_cast<std::int64_t>(line),
                                     .column = static_cast<std::int64_t>(column),
                                     .reason = std::move(key),
                                     .value = std::move(value)});
    }

    // Columns that nobody asked for are left alone: lists come with more than is needed.
    bool find_columns(const CsvReader& reader) {
        places_.fill(-1);
        for (std::size_t at = 0; at < reader.fields().size(); ++at) {
            const auto word = column_word(reader.fields()[at]);
            for (std::size_t column = 0; column < N; ++column)
                if (places_[column] < 0 && (word == columns_[column].name || word == columns_[column].french))
                    places_[column] = static_cast<int>(at);
        }
        bool whole = true;
        for (std::size_t column = 0; column < N; ++column)
            if (columns_[column].required && places_[column] < 0) {
                mistake(reader.line(), 1, "import.column_missing", std::string{columns_[column].name});
                whole = false;
            }
        return whole;
    }

    template <class Take> void take_row(const CsvReader& reader, Take& take) {
        static const std::string nothing;
        std::array<const std::string*, N> fields;
        for (std::size_t column = 0; column < N; ++column) {
            const auto place = static_cast<std::size_t>(places_[column]);
            fields[column] =
                places_[column] >= 0 && place < reader.fields().size() ? &reader.fields()[place] : &nothing;
        }
        const auto line = static_cast<std::int64_t>(reader.line());
        const auto& key = *fields[0];
        if (key.empty()) return mistake(reader.line(), 1, "import.key_missing");
        if (key.size() > longest_key || !check_line(key, "key", 1, longest_key))
            return mistake(reader.line(), 1, "import.key_malformed");
        if (key.contains('@')) return mistake(reader.line(), 1, "import.key_is_mail", key);
        Line made{.key = key, .line = line};
        if (auto refusal = take(fields, made))
            all_.refused.push_back({.key = key,
                                    .name = cut_to_bytes(made.name, longest_name),
                                    .line = line,
                                    .reason = std::move(refusal->reason),
                                    .value = cut_to_bytes(refusal->value, longest_name)});
        else
            all_.lines.push_back(std::move(made));
    }

    // Whose a row is when two have its key, nobody knows: the first stands, the others are refused.
    void settle() {
        std::ranges::sort(all_.lines, before<Line>);
        auto [again, end] = std::ranges::unique(all_.lines, [this](const Line& first, const Line& second) {
            if (first.key != second.key) return false;
            all_.refused.push_back({.key = second.key,
                                    .name = second.name,
                                    .line = second.line,
                                    .reason = "import.key_twice",
                                    .value = std::to_string(first.line)});
            return true;
        });
        all_.lines.erase(again, end);
        std::ranges::sort(all_.refused, before<RefusedLine>);
    }

    ImportKind kind_;
    const std::array<Column, N>& columns_;
    std::array<int, N> places_{};
    Lines<Line> all_;
};

std::optional<Refusal> take_name(const std::string& raw, std::string& name) {
    auto line = check_line(raw, "name", 1, longest_name);
    if (!line) return Refusal{"import.name_malformed", raw};
    name = std::move(*line);
    return std::nullopt;
}

std::vector<std::string> list_of(std::string_view field) {
    std::vector<std::string> parts;
    if (field.empty()) return parts;
    for (auto part : split(field, '|'))
        if (auto text = trimmed(part); !text.empty()) parts.emplace_back(text);
    return parts;
}

constexpr std::array<Column, 6> structure_columns{{{"key", "cle", true},
                                                   {"name", "nom", true},
                                                   {"kind", "type", true},
                                                   {"parent", "rattachement"},
                                                   {"uai", "rne"},
                                                   {"zone", "fuseau"}}};
constexpr std::array<Column, 4> person_columns{
    {{"key", "cle", true}, {"name", "nom", true}, {"mail", "courriel"}, {"functions", "fonctions", true}}};
constexpr std::array<Column, 6> class_columns{{{"key", "cle", true},
                                               {"name", "nom", true},
                                               {"structure", "etablissement", true},
                                               {"year", "annee"},
                                               {"teachers", "enseignants"},
                                               {"pupils", "eleves"}}};

std::optional<Refusal> take_structure(const std::array<const std::string*, 6>& fields, StructureLine& line) {
    if (auto wrong = take_name(*fields[1], line.name)) return wrong;
    line.kind = to_lower_ascii(*fields[2]);
    if (std::ranges::find(structure_kinds(), line.kind) == structure_kinds().end())
        return Refusal{"import.kind_unknown", *fields[2]};
    line.parent = *fields[3];
    line.uai = *fields[4];
    for (char& c : line.uai)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!line.uai.empty() && !well_formed_uai(line.uai)) return Refusal{"import.uai_malformed", *fields[4]};
    line.zone = *fields[5];
    if (!line.zone.empty() && std::ranges::find(structure_zones(), line.zone) == structure_zones().end())
        return Refusal{"import.zone_malformed", line.zone};
    return std::nullopt;
}

std::optional<Refusal> take_person(const std::array<const std::string*, 4>& fields, PersonLine& line) {
    if (auto wrong = take_name(*fields[1], line.name)) return wrong;
    line.mail = *fields[2];
    if (!line.mail.empty() && !well_formed_mail(line.mail)) return Refusal{"import.mail_malformed", line.mail};
    auto parts = list_of(*fields[3]);
    if (parts.size() > most_functions) return Refusal{"import.functions_too_many", std::to_string(parts.size())};
    for (const auto& part : parts) {
        const auto colon = part.rfind(':');
        if (colon == std::string::npos) return Refusal{"import.function_malformed", part};
        PersonLine::Function function{.place = std::string{trimmed(std::string_view{part}.substr(0, colon))},
                                      .function = to_lower_ascii(trimmed(std::string_view{part}.substr(colon + 1)))};
        if (function.place.empty() || !well_formed_function(function.function))
            return Refusal{"import.function_malformed", part};
        line.functions.push_back(std::move(function));
    }
    return std::nullopt;
}

std::optional<Refusal> take_class(const std::array<const std::string*, 6>& fields, ClassLine& line) {
    if (auto wrong = take_name(*fields[1], line.name)) return wrong;
    line.structure = *fields[2];
    if (line.structure.empty()) return Refusal{"import.structure_unknown", ""};
    line.year = *fields[3];
    if (line.year.size() > 20 || (!line.year.empty() && !check_line(line.year, "year", 1, 20)))
        return Refusal{"import.year_malformed", line.year};
    line.teachers = list_of(*fields[4]);
    for (const auto& pupil : list_of(*fields[5])) {
        auto name = check_line(pupil, "name", 1, longest_name);
        if (!name) return Refusal{"import.name_malformed", pupil};
        line.pupils.push_back(std::move(*name));
    }
    const auto most = std::max(line.pupils.size(), line.teachers.size());
    if (most > most_in_class) return Refusal{"import.class_too_large", std::to_string(most)};
    return std::nullopt;
}

} // namespace

std::string_view word_of(ImportKind kind) {
    switch (kind) {
    case ImportKind::Structure: return "structure";
    case ImportKind::Person: return "person";
    case ImportKind::Class: return "class";
    }
    return "";
}

bool well_formed_source(std::string_view source) {
    constexpr std::size_t longest = 40;
    return !source.empty() && source.size() <= longest && std::ranges::all_of(source, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

Result<Lines<StructureLine>> structure_lines(std::string_view bytes) {
    return Collector<StructureLine, 6>{ImportKind::Structure, structure_columns}.read(bytes, take_structure);
}
Result<Lines<PersonLine>> person_lines(std::string_view bytes) {
    return Collector<PersonLine, 4>{ImportKind::Person, person_columns}.read(bytes, take_person);
}
Result<Lines<ClassLine>> class_lines(std::string_view bytes) {
    return Collector<ClassLine, 6>{ImportKind::Class, class_columns}.read(bytes, take_class);
}

std::string joined(const std::vector<std::string>& fields) {
    std::string said;
    for (const auto& field : fields) {
        if (!said.empty() || &field != &fields.front()) said += field_end;
        said += field;
    }
    return said;
}

std::vector<std::string> parted(std::string_view said, std::size_t fields) {
    std::vector<std::string> parts;
    for (auto part : split(said, field_end)) parts.emplace_back(part);
    parts.resize(fields);
    return parts;
}

} // namespace preau::identity

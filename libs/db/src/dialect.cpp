#include "dialect.hpp"

#include "db/row.hpp"

namespace preau::db {
namespace {

bool is_word_letter(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }

// Length of a quoted text or a comment that starts at the beginning of `rest`, 0 if none does: words in there stay.
std::size_t verbatim_length(std::string_view rest) {
    if (rest.starts_with("--")) {
        auto end = rest.find('\n');
        return end == std::string_view::npos ? rest.size() : end;
    }
    if (rest.starts_with('\'')) {
        auto end = rest.find('\'', 1); // '' inside a text reads as two texts, which is the same here
        return end == std::string_view::npos ? rest.size() : end + 1;
    }
    return 0;
}

// `word` answers the replacement and may take more of what follows (the parentheses of $IDS(n)).
template <class Word> std::string rewrite(std::string_view sql, Word word) {
    std::string text;
    text.reserve(sql.size() + 64);
    while (!sql.empty()) {
        auto length = verbatim_length(sql);
        if (length == 0 && sql.size() > 1 && sql[0] == '$' && is_word_letter(sql[1])) {
            std::size_t end = 1;
            while (end < sql.size() && is_word_letter(sql[end])) ++end;
            auto name = sql.substr(1, end - 1);
            sql.remove_prefix(end);
            text += word(name, sql);
            continue;
        }
        if (length == 0) length = 1;
        text += sql.substr(0, length);
        sql.remove_prefix(length);
    }
    return text;
}

[[noreturn]] void unknown(std::string_view word) {
    throw Failure{"unknown word $" + std::string{word} + " in SQL text"};
}

std::string id_list(std::string_view& rest, Dialect dialect) {
    auto close = rest.find(')');
    if (!rest.starts_with('(') || close == std::string_view::npos) throw Failure{"$IDS needs a parameter: $IDS(1)"};
    auto parameter = "$" + std::string{rest.substr(1, close - 1)};
    rest.remove_prefix(close + 1);
    // SQLite has no arrays: the list travels as JSON. Debian's build lacks the carray extension.
    return dialect == Dialect::Sqlite ? "IN (SELECT value FROM json_each(" + parameter + "))"
                                      : "= ANY (CAST(" + parameter + " AS BIGINT[]))";
}

bool ends_column(std::string_view rest) {
    auto next = rest.find_first_not_of(" \t\r\n");
    return next == std::string_view::npos || rest[next] == ',' || rest[next] == ')';
}

} // namespace

std::string query_text(std::string_view sql, Dialect dialect) {
    return rewrite(sql, [dialect](std::string_view word, std::string_view& rest) -> std::string {
        if (word == "IDS") return id_list(rest, dialect);
        if (word == "SKIP_LOCKED") return dialect == Dialect::Sqlite ? "" : "FOR UPDATE SKIP LOCKED";
        // SQLite has one writer: whoever reads sees all that came before. On PostgreSQL ids and commits differ in
        // order.
        if (word == "SETTLED")
            return dialect == Dialect::Sqlite ? "9223372036854775807"
                                              : "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)";
        unknown(word);
    });
}

std::string migration_text(std::string_view sql, Dialect dialect) {
    const bool sqlite = dialect == Dialect::Sqlite;
    return rewrite(sql, [sqlite](std::string_view word, std::string_view& rest) -> std::string {
        if (word == "ID") return std::string{sqlite ? "INTEGER" : "BIGINT"} + (ends_column(rest) ? " PRIMARY KEY" : "");
        if (word == "INT") return sqlite ? "INTEGER" : "BIGINT"; // STRICT tables refuse the word BIGINT
        if (word == "BYTES") return sqlite ? "BLOB" : "BYTEA";
        if (word == "REAL") return sqlite ? "REAL" : "DOUBLE PRECISION";
        if (word == "STRICT") return sqlite ? "STRICT" : "";
        // Where the key is the whole row: SQLite would keep it twice, in the table and in the index of its key.
        if (word == "KEYED") return sqlite ? "STRICT, WITHOUT ROWID" : "";
        // AUTOINCREMENT: a number is never given twice, even when the last row was deleted.
        if (word == "SERIAL")
            return sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        if (word == "TRANSACTION")
            return sqlite ? "INTEGER NOT NULL DEFAULT 0"
                          : "BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)";
        unknown(word);
    });
}

} // namespace preau::db

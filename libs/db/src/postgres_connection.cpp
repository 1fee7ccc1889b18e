#include "postgres_connection.hpp"

#include "base/log.hpp"
#include "dialect.hpp"
#include "session.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace preau::db {
namespace {

std::string statement_name(const Query& query) { return fmt::format("q{}", query.slot()); }

std::string array_literal(std::span<const std::int64_t> ids) {
    fmt::memory_buffer text;
    text.push_back('{');
    for (auto id : ids) fmt::format_to(std::back_inserter(text), "{}{}", text.size() > 1 ? "," : "", id);
    text.push_back('}');
    return fmt::to_string(text);
}

// Without its line end; never with the DETAIL, which may hold what people wrote.
std::string primary_message(pg_conn* connection, const pg_result* result) {
    const char* message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    std::string text = message ? message : PQerrorMessage(connection);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

void ignore_notice(void*, const char*) {}

} // namespace

void ClearResult::operator()(pg_result* result) const { PQclear(result); }

void PostgresArguments::set(Arguments arguments) {
    values_.clear();
    lengths_.clear();
    formats_.clear();
    owned_.clear();
    owned_.reserve(arguments.size()); // no reallocation: values_ points into it
    for (const auto& argument : arguments) {
        const auto& variant = argument.variant();
        if (auto* number = std::get_if<std::int64_t>(&variant))
            add_text(std::to_string(*number));
        else if (auto* real = std::get_if<double>(&variant))
            add_text(fmt::format("{}", *real));
        else if (auto* ids = std::get_if<Ids>(&variant))
            add_text(array_literal(ids->values));
        else if (auto* text = std::get_if<std::string_view>(&variant))
            add_raw(*text);
        else if (auto* bytes = std::get_if<Bytes>(&variant))
            add_raw(bytes->data);
        else
            values_.push_back(nullptr), lengths_.push_back(0), formats_.push_back(0);
    }
}

void PostgresArguments::add_text(std::string text) {
    owned_.push_back(std::move(text));
    values_.push_back(owned_.back().c_str());
    lengths_.push_back(0); // text format: libpq looks for the NUL
    formats_.push_back(0);
}

void PostgresArguments::add_raw(std::string_view bytes) {
    values_.push_back(bytes.data() ? bytes.data() : ""); // a null pointer would mean NULL
    lengths_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(1);
}

PostgresConnection::~PostgresConnection() { disconnect(); }

void PostgresConnection::disconnect() {
    PQfinish(handle_);
    handle_ = nullptr;
    prepared_.clear();
}

bool PostgresConnection::connected() const { return handle_ && PQstatus(handle_) == CONNECTION_OK; }

bool PostgresConnection::in_transaction() const {
    const auto status = handle_ ? PQtransactionStatus(handle_) : PQTRANS_UNKNOWN;
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void PostgresConnection::connect_if_lost() {
    if (connected()) return;
    disconnect();
    const char* keywords[] = {"dbname", "client_encoding", "fallback_application_name", "connect_timeout", nullptr};
    const char* values[] = {text_.c_str(), "UTF8", "preau", "5", nullptr};
    handle_ = PQconnectdbParams(keywords, values, 1); // 1: the "dbname" is a whole connection string
    if (connected()) {
        PQsetNoticeProcessor(handle_, ignore_notice, nullptr);
        return;
    }
    const Conflict failure{"connecting to PostgreSQL: " + primary_message(handle_, nullptr)};
    disconnect();
    throw failure;
}

void PostgresConnection::check(const PostgresResult& result, std::string_view what) {
    const auto status = PQresultStatus(result.get()); // a null result is a fatal error to libpq
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) return;
    const char* field = result ? PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view state = field ? field : "";
    const auto text = fmt::format("{}: {}", what, primary_message(handle_, result.get()));
    if (!connected()) throw Conflict{text};
    if (state.starts_with("23")) throw ConstraintFailure{text};
    if (state == "53100") throw StorageFull{text};
    if (state == "40001" || state == "40P01") throw Conflict{text}; // serialization_failure, deadlock_detected
    // A migration by another server changed what a statement answers, or somebody discarded it: prepare afresh.
    if (state == "26000" || (state == "0A000" && text.contains("cached plan"))) {
        disconnect();
        throw Conflict{text};
    }
    throw Failure{text};
}

PostgresResult PostgresConnection::command(const std::string& sql, std::string_view what) {
    PostgresResult result{PQexec(handle_, sql.c_str())};
    check(result, what);
    return result;
}

void PostgresConnection::prepare(const Query& query) {
    if (query.slot() >= prepared_.size()) prepared_.resize(query.slot() + 16);
    if (prepared_[query.slot()]) return;
    const auto text = query_text(query.sql(), Dialect::Postgres);
    check(PostgresResult{PQprepare(handle_, statement_name(query).c_str(), text.c_str(), 0, nullptr)}, query.name());
    prepared_[query.slot()] = true;
}

PostgresResult PostgresConnection::run(const Query& query, const PostgresArguments& arguments) {
    prepare(query);
    PostgresResult result{PQexecPrepared(handle_, statement_name(query).c_str(), arguments.count(), arguments.values(),
                                         arguments.lengths(), arguments.formats(), 0)};
    check(result, query.name());
    return result;
}

PostgresResult PostgresConnection::stream(const Query& query, const PostgresArguments& arguments,
                                          const std::function<bool(pg_result*)>& visit) {
    prepare(query);
    // Whatever happens, the connection must be idle at the end: a closure's exception leaves the rest to be thrown
    // away.
    struct Drain {
        pg_conn* handle;
        ~Drain() {
            while (PostgresResult rest{PQgetResult(handle)}) {
            }
        }
    } drain{handle_};
    if (PQsendQueryPrepared(handle_, statement_name(query).c_str(), arguments.count(), arguments.values(),
                            arguments.lengths(), arguments.formats(), 0) != 1)
        check(nullptr, query.name());
    PQsetSingleRowMode(handle_);
    for (;;) {
        PostgresResult result{PQgetResult(handle_)};
        check(result, query.name());
        if (PQresultStatus(result.get()) != PGRES_SINGLE_TUPLE) return result;
        if (!visit(result.get())) return result;
    }
}

} // namespace preau::db

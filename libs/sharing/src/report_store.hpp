#pragma once

#include "report.hpp"

namespace preau::sharing::store {

std::int64_t reports_since(db::Tx& tx, std::string_view network, std::int64_t about, Millis since); // about 0: all
void insert_report(db::Tx& tx, const ReportRow& row, std::int64_t about, std::string_view network);
void count_report(db::Tx& tx, const Target& target, Millis now); // makes, counts or opens the case again
std::optional<ReportCase> find_case(db::Tx& tx, std::int64_t about);
std::vector<ReportCase> cases(db::Tx& tx, const Viewer& viewer, bool closed, Millis before_at, std::int64_t before,
                              int limit);
std::vector<ReportRow> reports_about(db::Tx& tx, std::int64_t about, int limit);
bool came_by(db::Tx& tx, std::int64_t about, LinkId link);
bool set_state(db::Tx& tx, std::int64_t about, std::string_view state, PersonId by, std::string_view note);

} // namespace preau::sharing::store

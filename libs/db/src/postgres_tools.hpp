// pg_dump and pg_restore, as programs: they know every type and order of dependency that a copy by hand would forget.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace preau::db {

// Runs a program of PostgreSQL on the database of a libpq connection string, which travels in the environment: a
// password among the arguments could be read by every user of the machine. Throws Failure with what the program said.
void run_postgres_tool(const std::string& program, std::vector<std::string> arguments, const std::string& connection);

} // namespace preau::db

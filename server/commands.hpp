// One file per command. Each answers the exit code: 0 done, 1 not done (standard error says what to do), 2 wrong use.
#pragma once

#include "command_line.hpp"
#include "configuration.hpp"
#include "data_directory.hpp"

#include <string>
#include <vector>

namespace preau::server {

int serve(const CommandLine& line);
int supervise(const CommandLine& line, std::vector<std::string> words); // `words` of the whole command
int restart(const CommandLine& line);
int print_routes();
int doctor(const CommandLine& line);
int backup(const CommandLine& line);
int restore(const CommandLine& line);
// demo and user: by the running server, else with the database opened here.
int carry_out(const CommandLine& line);

int complain(std::string_view sentence); // "preau: …" on standard error; answers 1

// --config, else DIR/preau.toml when it exists, else nothing set; then what the command line says.
std::expected<Configuration, std::string> configuration_for(const CommandLine& line, const DataDirectory& directory);

} // namespace preau::server

#include "commands.hpp"

#include <exception>
#include <fmt/format.h>
#include <string_view>

namespace {

int dispatch(const preau::server::CommandLine& line, int argc, char** argv) {
    using enum preau::server::CommandLine::Verb;
    switch (line.verb) {
    case Serve: return preau::server::serve(line);
    case Supervise: return preau::server::supervise(line, {argv, argv + argc});
    case Restart: return preau::server::restart(line);
    case Demo:
    case User:
    case Import:
    case Audit: return preau::server::carry_out(line);
    case Routes: return preau::server::print_routes();
    case Doctor: return preau::server::doctor(line);
    case Backup: return preau::server::backup(line);
    case Restore: return preau::server::restore(line);
    }
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    auto line = preau::server::parse_command_line(argc, argv);
    if (!line) return line.error();
    try {
        return dispatch(*line, argc, argv);
    } catch (const std::exception& problem) {
        std::string_view said = problem.what(); // some end with a full stop
        if (said.ends_with('.')) said.remove_suffix(1);
        return preau::server::complain(fmt::format("{}. preau doctor may say more", said));
    }
}

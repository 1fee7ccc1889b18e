// The words after `preau`, as data. Scripts of others rely on them: never rename one (docs/admin,
// tests/system/cli_test.mjs).
#pragma once

#include "order.hpp"

#include <expected>
#include <filesystem>
#include <string>

namespace preau::server {

struct CommandLine {
    enum class Verb {
        Serve,
        Demo,
        User,
        Routes,
        Doctor,
        Backup,
        Restore,
        Supervise,
        Restart,
        Audit,
        Import
    } verb = Verb::Serve;
    std::filesystem::path data;
    std::filesystem::path config; // empty: DIR/preau.toml when it exists
    std::string listen;           // empty: as configured
    std::string public_url;       // empty: as configured
    Order order;                  // of demo, user and doctor
    bool password_from_stdin = false;
    std::filesystem::path backup; // of backup (--to) and restore (--from)
    std::string snapshot;         // of restore; empty: the latest
    int keep = 0;                 // of backup: snapshots that stay; 0: all
    bool verify = false;          // of restore: read every byte again
};

// The exit code instead of a command line: 0 after --help and --version, 2 after a mistake, which was said on standard
// error.
std::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv);

} // namespace preau::server

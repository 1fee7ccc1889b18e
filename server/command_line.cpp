#include "command_line.hpp"

#include "version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <iostream>

namespace preau::server {
namespace {

using Verb = CommandLine::Verb;

void add_data(CLI::App& command, CommandLine& line) {
    command.add_option("--data", line.data, "directory of the records and files")->required()->type_name("DIR");
    command.add_option("--config", line.config, "configuration file (DIR/preau.toml)")->type_name("FILE");
}

void add_serving(CLI::App& app, CommandLine& line, Verb verb, const std::string& name, const std::string& description) {
    auto* serve = app.add_subcommand(name, description);
    add_data(*serve, line);
    serve->add_option("--listen", line.listen, "address to listen on (127.0.0.1:8080)")->type_name("HOST:PORT");
    serve->add_option("--public-url", line.public_url, "address that people use (http://localhost:PORT)")
        ->type_name("URL");
    serve->callback([&line, verb] { line.verb = verb; });
}

void add_serve(CLI::App& app, CommandLine& line) {
    add_serving(app, line, Verb::Serve, "serve", "Serve DIR until SIGTERM");
    add_serving(app, line, Verb::Supervise, "supervise",
                "Serve DIR, and hold its address while the server restarts or is replaced");
    auto* restart = app.add_subcommand("restart", "Restart the supervised server of DIR; no request fails");
    add_data(*restart, line);
    restart->callback([&line] {
        line.verb = Verb::Restart;
        line.order.verb = "restart";
    });
}

void add_demo(CLI::App& app, CommandLine& line) {
    auto* demo = app.add_subcommand("demo", "Make a demonstration school in DIR");
    add_data(*demo, line);
    demo->add_option("--password", line.order.password, "password of all its accounts (else sign-in links are printed)")
        ->type_name("PW");
    demo->callback([&line] {
        line.verb = Verb::Demo;
        line.order.verb = "demo";
    });
}

// A verb of `preau user` that names an account.
CLI::App* add_user_verb(CLI::App& user, CommandLine& line, const std::string& verb, const std::string& description) {
    auto* command = user.add_subcommand(verb, description);
    command->add_option("NAME", line.order.login, "login name")->required();
    add_data(*command, line);
    command->callback([&line, verb] {
        line.verb = Verb::User;
        line.order.verb = "user " + verb;
    });
    return command;
}

void add_user(CLI::App& app, CommandLine& line) {
    auto* user = app.add_subcommand("user", "Accounts; also while the server runs");
    user->require_subcommand(1);
    auto* add =
        add_user_verb(*user, line, "add", "Make an account; prints a one-time sign-in link if no password is given");
    add->add_option("--mail", line.order.mail, "e-mail address")->required()->type_name("M");
    add->add_option("--name", line.order.name, "first and last name (else made from NAME)")->type_name("TEXT");
    add->add_flag("--admin", line.order.admin, "administrator of everything");
    add->add_flag("--password-stdin", line.password_from_stdin, "read the password from standard input");
    add_user_verb(*user, line, "app-password", "Print a new password for HTTP Basic");
    add_user_verb(*user, line, "link", "Print a new one-time sign-in link");
    add_user_verb(*user, line, "reset-factors",
                  "Send NAME a link that takes the second factor away (lost key and lost phone)");
}

void add_import(CLI::App& app, CommandLine& line) {
    auto* command =
        app.add_subcommand("import", "Structures, people and classes from CSV lists; also while the server runs");
    command->add_option("FILES", line.order.files, "structures.csv, people.csv, classes.csv: one or more of them")
        ->required()
        ->check(CLI::ExistingFile);
    add_data(*command, line);
    command->add_option("--source", line.order.source, "whose keys the lists have (import)")->type_name("NAME");
    command->add_flag("--dry-run", line.order.dry_run, "show every difference and change nothing");
    command->add_flag("--rentree", line.order.rentree,
                      "September: let classes and their memberships end, however many");
    command->callback([&line] {
        line.verb = Verb::Import;
        line.order.verb = "import";
        // The running server has another working directory.
        for (auto& file : line.order.files) file = std::filesystem::absolute(file).string();
    });
}

void add_backup(CLI::App& app, CommandLine& line) {
    auto* backup = app.add_subcommand("backup", "Copy DIR to a backup, also while the server runs");
    add_data(*backup, line);
    backup->add_option("--to", line.backup, "directory of the backups; only what is new is copied")
        ->required()
        ->type_name("BACKUP");
    backup->add_option("--keep", line.keep, "remove all but the latest N snapshots")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    backup->callback([&line] { line.verb = Verb::Backup; });
}

void add_restore(CLI::App& app, CommandLine& line) {
    auto* restore = app.add_subcommand("restore", "Put a backup into a new DIR, or check it");
    restore->add_option("--from", line.backup, "directory of the backups")->required()->type_name("BACKUP");
    restore->add_option("--snapshot", line.snapshot, "which one (the latest)")->type_name("NAME");
    restore->add_option("--data", line.data, "new directory; without it the backup is only checked")->type_name("DIR");
    restore->add_option("--config", line.config, "configuration file instead of the one in the backup")
        ->type_name("FILE");
    restore->add_flag("--verify", line.verify, "read every byte again and compare it with its hash");
    restore->callback([&line] { line.verb = Verb::Restore; });
}

void add_audit(CLI::App& app, CommandLine& line) {
    auto* audit = app.add_subcommand("audit", "The journal of who was given which right; also while the server runs");
    audit->require_subcommand(1);
    auto* verify = audit->add_subcommand("verify", "Check that nothing in it was changed, removed or added");
    add_data(*verify, line);
    verify->callback([&line] {
        line.verb = Verb::Audit;
        line.order.verb = "audit verify";
    });
}

void add_rest(CLI::App& app, CommandLine& line) {
    app.add_subcommand("routes", "List method, pattern, access and source line of every route")->callback([&line] {
        line.verb = Verb::Routes;
    });
    auto* doctor = app.add_subcommand("doctor", "Check DIR and its surroundings, with advice");
    add_data(*doctor, line);
    doctor->callback([&line] {
        line.verb = Verb::Doctor;
        line.order.verb = "doctor";
    });
}

} // namespace

std::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
    CommandLine line;
    CLI::App app{"Préau: files, sharing and families' pages of a school, on one server", "preau"};
    app.set_version_flag("--version", fmt::format("preau {}", version));
    app.require_subcommand(1);
    add_serve(app, line);
    add_demo(app, line);
    add_user(app, line);
    add_audit(app, line);
    add_import(app, line);
    add_backup(app, line);
    add_restore(app, line);
    add_rest(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        int code = app.exit(error, std::cout, std::cerr);
        return std::unexpected(code == 0 ? 0 : 2);
    }
    return line;
}

} // namespace preau::server

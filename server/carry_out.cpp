#include "commands.hpp"
#include "control_socket.hpp"
#include "installation.hpp"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <iostream>
#include <thread>

namespace preau::server {
namespace {

int print(const Outcome& outcome) {
    if (!outcome.done) return complain(outcome.text);
    fmt::print("{}", outcome.text);
    return 0;
}

std::expected<Outcome, std::string> perform_here(const CommandLine& line, const DataDirectory& directory) {
    auto configuration = configuration_for(line, directory);
    if (!configuration) return std::unexpected(configuration.error());
    if (configuration->public_url.empty()) configuration->public_url = directory.remembered_public_url();
    log::set_level(log::Level::Warn); // what the command prints is for people
    Site site{directory, *configuration, configuration->listen.port};
    return perform(site, line.order);
}

} // namespace

int complain(std::string_view sentence) {
    fmt::print(stderr, "preau: {}\n", sentence);
    return 1;
}

std::expected<Configuration, std::string> configuration_for(const CommandLine& line, const DataDirectory& directory) {
    Configuration configuration;
    auto file = line.config.empty() ? directory.configuration() : line.config;
    if (!line.config.empty() || std::filesystem::exists(file)) {
        auto read = read_configuration(file);
        if (!read) return read;
        configuration = std::move(*read);
    }
    if (!line.listen.empty()) {
        auto address = parse_address(line.listen);
        if (!address) return std::unexpected("--listen: " + address.error());
        configuration.listen = *address;
    }
    if (!line.public_url.empty()) {
        auto origin = check_origin(line.public_url);
        if (!origin) return std::unexpected("--public-url: " + origin.error());
        configuration.public_url = *origin;
    }
    return configuration;
}

int carry_out(const CommandLine& given) {
    auto line = given;
    if (line.password_from_stdin && (!std::getline(std::cin, line.order.password) || line.order.password.empty()))
        return complain("no password came on standard input: printf '%s\\n' \"$PASSWORD\" | preau user add …");
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    // A server may be starting or stopping just now: then neither its socket nor the lock is there for us yet.
    constexpr int tries = 100;
    for (int attempt = 0; attempt < tries; ++attempt) {
        if (auto outcome = ask_server(directory->control_socket(), line.order)) return print(*outcome);
        if (auto lock = directory->try_lock()) {
            auto outcome = perform_here(line, *directory);
            return outcome ? print(*outcome) : complain(outcome.error());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return complain(fmt::format("{} is in use by process {}, which does not answer: wait for it or end it",
                                directory->path().string(), directory->holder()));
}

} // namespace preau::server

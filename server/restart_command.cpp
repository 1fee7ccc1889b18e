// `preau restart`: asks the running server to make room for the next one, and waits until that one answers.
#include "commands.hpp"
#include "control_socket.hpp"

#include <chrono>
#include <fmt/format.h>
#include <thread>

namespace preau::server {

int restart(const CommandLine& line) {
    if (!std::filesystem::exists(line.data))
        return complain(fmt::format("there is no directory {}", line.data.string()));
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    const auto before = directory->holder();
    auto asked = ask_server(directory->control_socket(), line.order);
    if (!asked) return complain(fmt::format("no server runs on {}", directory->path().string()));
    if (!asked->done) return complain(asked->text);
    constexpr int tries = 600; // a long download may take the old one its whole patience
    for (int attempt = 0; attempt < tries; ++attempt) {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        if (directory->holder() != before && ask_server(directory->control_socket(), {.verb = "doctor"})) {
            fmt::print("restarted: process {} serves now\n", directory->holder());
            return 0;
        }
    }
    return complain("the next server does not answer: look at the log");
}

} // namespace preau::server

// For tests: a foreign SMTP server in a process of its own.
#pragma once

#include "base/json.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace preau::mail::testing {

class Relay {
public:
    explicit Relay(const std::string& settings = {}) {
        int in[2], out[2];
        REQUIRE((::pipe(in) == 0 && ::pipe(out) == 0));
        const auto command =
            fmt::format("exec env PREAU_SOURCE_DIR={} node {}/libs/mail/src/foreign_smtp_server.mjs {}",
                        PREAU_SOURCE_DIR, PREAU_SOURCE_DIR, settings);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            for (int end : {in[0], in[1], out[0], out[1]}) ::close(end);
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        life_ = in[1];
        output_ = ::fdopen(out[0], "r");
        port = std::stoi(line());
    }
    Relay(const Relay&) = delete;
    ~Relay() {
        ::close(life_);
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
        std::fclose(output_);
    }

    std::string url(std::string_view host = "127.0.0.1") const { return fmt::format("smtp://{}:{}", host, port); }

    struct Letter { // what arrived
        json::Value parsed;
        std::string operator[](std::string_view name) const { return parsed[name].text().value_or("(absent)"); }
        std::int64_t number(std::string_view name) const { return parsed[name].integer().value_or(-1); }
        bool flag(std::string_view name) const { return parsed[name].boolean().value_or(false); }
    };
    Letter next() {
        auto parsed = json::parse(line());
        REQUIRE(parsed);
        return {*parsed};
    }

    int port = 0;

private:
    std::string line() {
        std::string text;
        for (int letter = std::fgetc(output_); letter != '\n'; letter = std::fgetc(output_)) {
            REQUIRE(letter != EOF);
            text += static_cast<char>(letter);
        }
        return text;
    }
    pid_t child_ = -1;
    int life_ = -1;
    std::FILE* output_ = nullptr;
};

} // namespace preau::mail::testing

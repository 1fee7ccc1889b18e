#include "command_line.hpp"

#include <doctest/doctest.h>
#include <initializer_list>
#include <iostream>
#include <sstream>

namespace preau::server {
namespace {

struct Parsed {
    std::expected<CommandLine, int> line = std::unexpected(-1);
    std::string out, err;
};

Parsed parse(std::initializer_list<const char*> words) {
    std::vector<const char*> arguments{"preau"};
    arguments.insert(arguments.end(), words);
    std::ostringstream out, err;
    auto* out_before = std::cout.rdbuf(out.rdbuf());
    auto* err_before = std::cerr.rdbuf(err.rdbuf());
    Parsed parsed{.line = parse_command_line(static_cast<int>(arguments.size()), arguments.data())};
    std::cout.rdbuf(out_before);
    std::cerr.rdbuf(err_before);
    parsed.out = out.str();
    parsed.err = err.str();
    return parsed;
}

} // namespace

TEST_CASE("the stable command line is understood") {
    auto serve = parse({"serve", "--data", "/srv/preau", "--listen", "127.0.0.1:9000", "--public-url",
                        "https://preau.example.org", "--config", "/etc/preau.toml"});
    REQUIRE(serve.line);
    CHECK(serve.line->verb == CommandLine::Verb::Serve);
    CHECK(serve.line->data == "/srv/preau");
    CHECK(serve.line->listen == "127.0.0.1:9000");
    CHECK(serve.line->public_url == "https://preau.example.org");
    CHECK(serve.line->config == "/etc/preau.toml");

    auto demo = parse({"demo", "--data", "d", "--password", "correct-horse"});
    REQUIRE(demo.line);
    CHECK(demo.line->order.verb == "demo");
    CHECK(demo.line->order.password == "correct-horse");

    auto add =
        parse({"user", "add", "paul.martin", "--mail", "p@example.org", "--admin", "--password-stdin", "--data", "d"});
    REQUIRE(add.line);
    CHECK(add.line->order.verb == "user add");
    CHECK(add.line->order.login == "paul.martin");
    CHECK(add.line->order.mail == "p@example.org");
    CHECK(add.line->order.admin);
    CHECK(add.line->password_from_stdin);

    auto lists = parse({"import", "/etc/hostname", "--data", "d", "--source", "aaf", "--dry-run", "--rentree"});
    REQUIRE(lists.line);
    CHECK(lists.line->verb == CommandLine::Verb::Import);
    CHECK(lists.line->order.files == std::vector<std::string>{"/etc/hostname"});
    CHECK(lists.line->order.source == "aaf");
    CHECK(lists.line->order.dry_run);
    CHECK(lists.line->order.rentree);

    CHECK(parse({"user", "app-password", "paul", "--data", "d"}).line->order.verb == "user app-password");
    CHECK(parse({"user", "link", "paul", "--data", "d"}).line->order.verb == "user link");
    CHECK(parse({"user", "reset-factors", "paul", "--data", "d"}).line->order.verb == "user reset-factors");
    CHECK(parse({"doctor", "--data", "d"}).line->verb == CommandLine::Verb::Doctor);
    CHECK(parse({"routes"}).line->verb == CommandLine::Verb::Routes);
}

TEST_CASE("a wrong use ends with 2 and says so on standard error only") {
    for (auto words : std::initializer_list<std::initializer_list<const char*>>{
             {},
             {"unknown-verb"},
             {"serve"},
             {"serve", "--data"},
             {"serve", "--data", "d", "--port", "1"},
             {"import", "--data", "d"},
             {"import", "/nowhere/people.csv", "--data", "d"},
             {"user"},
             {"user", "add", "--mail", "m@example.org", "--data", "d"},
             {"user", "add", "paul", "--data", "d"},
             {"demo", "--password", "x"}}) {
        auto parsed = parse(words);
        CAPTURE(parsed.err);
        REQUIRE_FALSE(parsed.line);
        CHECK(parsed.line.error() == 2);
        CHECK(parsed.out.empty());
        CHECK(parsed.err.size() > 10);
    }
}

TEST_CASE("--version and --help are no mistakes") {
    auto version = parse({"--version"});
    REQUIRE_FALSE(version.line);
    CHECK(version.line.error() == 0);
    CHECK(version.out == "preau " PREAU_VERSION "\n");
    auto help = parse({"--help"});
    CHECK(help.line.error() == 0);
    CHECK(help.out.contains("serve"));
}

} // namespace preau::server

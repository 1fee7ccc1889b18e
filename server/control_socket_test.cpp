#include "control_socket.hpp"
#include "data_directory.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace preau::server {
namespace {

struct Scratch {
    Scratch() {
        auto pattern = (std::filesystem::temp_directory_path() / "preau-control.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Scratch() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

Outcome echo(const Order& order) {
    if (order.admin) return failed("not " + order.login);
    return done(order.verb + " " + order.login + " " + order.password);
}

} // namespace

TEST_CASE("the command line asks the running server and gets its answer") {
    Scratch scratch;
    auto socket = scratch.path / "control.sock";
    ControlServer server{socket, echo};
    auto outcome = ask_server(socket, {.verb = "user add", .login = "zoé", .password = "a \"quoted\"\nline"});
    REQUIRE(outcome);
    CHECK(outcome->done);
    CHECK(outcome->text == "user add zoé a \"quoted\"\nline");
    auto refused = ask_server(socket, {.login = "x", .admin = true});
    REQUIRE(refused);
    CHECK_FALSE(refused->done);
    CHECK(refused->text == "not x");
}

TEST_CASE("only the owner may open the control socket, and it is gone afterwards") {
    Scratch scratch;
    auto socket = scratch.path / "control.sock";
    {
        ControlServer server{socket, echo};
        struct stat state{};
        REQUIRE(::stat(socket.c_str(), &state) == 0);
        CHECK((state.st_mode & 0777) == 0600);
    }
    CHECK_FALSE(std::filesystem::exists(socket));
    CHECK_FALSE(ask_server(socket, {.verb = "demo"}));
}

TEST_CASE("a socket that a crash left behind is replaced, and a deep directory is no obstacle") {
    Scratch scratch;
    auto deep = scratch.path / std::string(120, 'd');
    std::filesystem::create_directories(deep);
    auto socket = deep / "control.sock";
    std::ofstream{socket} << "left behind";
    CHECK_FALSE(ask_server(socket, {.verb = "demo"}));
    ControlServer server{socket, echo};
    CHECK(ask_server(socket, {.verb = "demo"})->done);
}

TEST_CASE("an order that fails badly is answered, and the server goes on") {
    Scratch scratch;
    auto socket = scratch.path / "control.sock";
    ControlServer server{socket, [](const Order& order) -> Outcome {
                             if (order.verb == "demo") throw std::runtime_error("no blob store");
                             return echo(order);
                         }};
    auto outcome = ask_server(socket, {.verb = "demo"});
    REQUIRE(outcome);
    CHECK_FALSE(outcome->done);
    CHECK(outcome->text.contains("no blob store"));
    CHECK(ask_server(socket, {.verb = "user add"})->done);
}

TEST_CASE("nonsense on the control socket is answered, not obeyed") {
    Scratch scratch;
    auto path = scratch.path / "control.sock";
    int performed = 0;
    ControlServer server{path, [&](const Order& order) {
                             ++performed;
                             return echo(order);
                         }};
    int peer = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::write(peer, "GET / HTTP/1.1\n", 15) == 15);
    char answer[256] = {};
    CHECK(::read(peer, answer, sizeof answer - 1) > 0);
    CHECK(std::string_view{answer}.contains("not understood"));
    ::close(peer);
    CHECK(performed == 0);
    CHECK(ask_server(path, {.verb = "demo"})->done); // and the next one is served
}

TEST_CASE("one process holds a data directory") {
    Scratch scratch;
    auto directory = DataDirectory::open(scratch.path / "new");
    REQUIRE(directory);
    {
        auto lock = directory->try_lock();
        REQUIRE(lock);
        CHECK_FALSE(directory->try_lock());
        CHECK(directory->holder() == std::to_string(::getpid()));
    }
    CHECK(directory->try_lock());
    CHECK(directory->remembered_public_url().empty());
    directory->remember_public_url("https://preau.example.org");
    CHECK(directory->remembered_public_url() == "https://preau.example.org");
}

TEST_CASE("a data directory that cannot be made is an advice, not a crash") {
    auto directory = DataDirectory::open("/proc/nowhere");
    REQUIRE_FALSE(directory);
    CHECK(directory.error().contains("/proc/nowhere"));
    CHECK(directory.error().contains("--data"));
}

} // namespace preau::server

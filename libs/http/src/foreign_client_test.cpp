// Clients that we did not write: curl and the npm package ws, plain and over TLS.
#include "test_routes.hpp"
#include "test_server.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace preau::http {
namespace {

class Program { // a command whose output is read line by line
public:
    explicit Program(const std::string& command) : pipe_{::popen((command + " 2>&1").c_str(), "r")} {}
    ~Program() {
        if (pipe_) ::pclose(pipe_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    std::string line() {
        char buffer[4096];
        if (!std::fgets(buffer, sizeof buffer, pipe_)) return "";
        std::string text{buffer};
        while (text.ends_with('\n')) text.pop_back();
        return text;
    }
    std::string rest() {
        std::string all;
        for (auto one = line(); !one.empty(); one = line()) all += (all.empty() ? "" : "\n") + one;
        return all;
    }
    int status() { return ::pclose(std::exchange(pipe_, nullptr)); }

private:
    std::FILE* pipe_;
};

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "preau-http-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(std::string_view name) const { return (path / name).string(); }
    std::string text(std::string_view name) const {
        std::stringstream bytes;
        bytes << std::ifstream{path / name, std::ios::binary}.rdbuf();
        return bytes.str();
    }
};

ServerOptions tls_options(const Folder& folder) {
    auto options = test_options();
    options.tls = Tls{.certificate_file = folder.file("cert.pem"), .key_file = folder.file("key.pem")};
    Program openssl{
        fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
                    "-addext subjectAltName=DNS:localhost -keyout {} -out {}",
                    options.tls->key_file, options.tls->certificate_file)};
    REQUIRE(openssl.status() == 0);
    return options;
}

struct Running {
    TestRoutes routes;
    OpenGate gate;
    Server server;
    explicit Running(ServerOptions options = test_options()) : server{std::move(options), routes.router, gate} {
        server.start();
    }
    std::string url(std::string_view scheme, std::string_view path) const {
        return fmt::format("{}://localhost:{}{}", scheme, server.port(), path);
    }
    Program socket_client(std::string_view mode, std::string_view scheme = "ws",
                          std::string_view environment = "") const {
        return Program{fmt::format("{} PREAU_SOURCE_DIR={} node {}/libs/http/src/foreign_socket_client.mjs {} {}",
                                   environment, PREAU_SOURCE_DIR, PREAU_SOURCE_DIR, mode, url(scheme, "/socket"))};
    }
};

} // namespace

TEST_CASE("curl downloads whole, in part, compressed, and uploads with and without a length") {
    Running running;
    Folder folder;
    CHECK(Program{"curl -sS -o " + folder.file("whole") + ' ' + running.url("http", "/file")}.status() == 0);
    CHECK((folder.text("whole") == running.routes.file_text));
    Program resumed{"head -c 1000 " + folder.file("whole") + " > " + folder.file("part") + " && curl -sS -C - -o " +
                    folder.file("part") + ' ' + running.url("http", "/file")};
    CHECK(resumed.status() == 0);
    CHECK((folder.text("part") == running.routes.file_text));
    for (auto coding : {"br", "gzip"}) {
        auto command = fmt::format("curl -sS --compressed -H 'Accept-Encoding: {}' -o {} -w '%{{size_download}}' {}",
                                   coding, folder.file("page"), running.url("http", "/page"));
        CHECK(std::stoul(Program{command}.line()) < 2000);
        CHECK(folder.text("page").contains("ligne 399"));
    }
    auto upload = "curl -sS -T " + folder.file("whole") + ' ';
    auto size = std::to_string(running.routes.file_text.size());
    CHECK(Program{upload + running.url("http", "/upload")}.line() == size);
    CHECK(Program{upload + "-H 'Transfer-Encoding: chunked' " + running.url("http", "/upload")}.line() == size);
    CHECK(Program{"curl -sS -I " + running.url("http", "/file")}.rest().contains("Content-Length: " + size));
    CHECK(Program{"curl -sS " + running.url("http", "/stream") + " | wc -c"}.line() ==
          std::to_string(stream_pieces * stream_piece_size));
}

TEST_CASE("TLS in the process serves files, uploads and WebSockets, and nothing older than 1.2") {
    Folder folder;
    Running running{tls_options(folder)};
    auto curl = "curl -sS --cacert " + folder.file("cert.pem") + ' ';
    CHECK(Program{curl + "-o " + folder.file("whole") + ' ' + running.url("https", "/file")}.status() == 0);
    CHECK((folder.text("whole") == running.routes.file_text));
    CHECK(Program{curl + "-T " + folder.file("whole") + ' ' + running.url("https", "/upload")}.line() ==
          std::to_string(running.routes.file_text.size()));
    auto head = Program{curl + "-I " + running.url("https", "/about/x")}.rest();
    CHECK(head.contains("HTTP/1.1 200"));
    CHECK(head.contains("Strict-Transport-Security"));
    CHECK(Program{curl + running.url("https", "/about/x")}.rest().contains("|secure|"));
    CHECK(Program{curl + "--tls-max 1.1 " + running.url("https", "/hello")}.status() != 0);
    auto talk = running.socket_client("echo", "wss", "NODE_EXTRA_CA_CERTS=" + folder.file("cert.pem")).rest();
    CHECK(talk == "text bonjour é\nbinary true\npongs 1\nclosed 4000 as asked");
    RawClient plain{running.server.port()};
    plain.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(plain.closed());
}

TEST_CASE("a certificate that cannot be used stops the start with its name") {
    auto options = test_options();
    options.tls = Tls{.certificate_file = "/nowhere/cert.pem", .key_file = "/nowhere/key.pem"};
    TestRoutes routes;
    OpenGate gate;
    std::string message;
    try {
        Server server{options, routes.router, gate};
    } catch (const std::runtime_error& error) {
        message = error.what();
    }
    CHECK(message.contains("/nowhere/cert.pem"));
}

TEST_CASE("a foreign WebSocket client talks, and is refused what is too much") {
    Running running;
    CHECK(running.socket_client("echo").rest() == "text bonjour é\nbinary true\npongs 1\nclosed 4000 as asked");
    CHECK(running.socket_client("toolarge").rest().starts_with("closed 1009"));
    CHECK(running.socket_client("leave").rest().starts_with("closed 1000"));
    CHECK(running.socket_client("flood").rest().contains("closed 1006"));
}

TEST_CASE("draining tells WebSockets that the server goes away") {
    Running running;
    auto client = running.socket_client("wait");
    CHECK(client.line() == "open");
    running.server.drain(std::chrono::seconds{30});
    CHECK(client.line().starts_with("closed 1001"));
}

TEST_CASE("a slow reader holds the handler back instead of filling the memory") {
    Running running;
    RawClient slow{running.server.port(), 4096};
    slow.send("GET /stream HTTP/1.1\r\nHost: preau.test\r\n\r\n");
    CHECK(slow.receive(true).status == 200);
    // Others are served meanwhile, by both loops; a server without back-pressure would have produced it all by then.
    for (int i = 0; i < 100; ++i)
        CHECK(RawClient{running.server.port()}.ask("GET /hello HTTP/1.1\r\nHost: preau.test\r\n\r\n").status == 200);
    CHECK(running.routes.streamed < stream_pieces);
}

} // namespace preau::http

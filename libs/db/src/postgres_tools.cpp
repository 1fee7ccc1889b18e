#include "postgres_tools.hpp"

#include "db/database.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace preau::db {
namespace {

// "PGHOST=…" and so on for every option that the connection string states, behind the environment of this process.
std::vector<std::string> environment_of(const std::string& connection) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
    char* problem = nullptr;
    auto* options = PQconninfoParse(connection.c_str(), &problem);
    if (!options) {
        const std::string text = problem ? problem : "out of memory";
        PQfreemem(problem);
        throw Failure{"the connection string of the database: " + text};
    }
    for (auto* option = options; option->keyword; ++option) {
        if (!option->val || !option->envvar) continue;
        const auto name = std::string{option->envvar} + "=";
        std::erase_if(variables, [&](const std::string& other) { return other.starts_with(name); });
        variables.push_back(name + option->val);
    }
    PQconninfoFree(options);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

// Everything until the program closes its end; what a person can use of it is at the end.
std::string read_messages(int descriptor) {
    constexpr std::size_t kept = 2000;
    std::string text;
    std::array<char, 1024> buffer{};
    for (ssize_t got = 0; (got = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > 2 * kept) text.erase(0, text.size() - kept);
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

} // namespace

void run_postgres_tool(const std::string& program, std::vector<std::string> arguments, const std::string& connection) {
    auto variables = environment_of(connection);
    arguments.insert(arguments.begin(), program);
    std::array<int, 2> messages{};
    if (::pipe2(messages.data(), O_CLOEXEC) != 0) throw Failure{fmt::format("{}: {}", program, std::strerror(errno))};
    FileActions actions;
    ::posix_spawn_file_actions_adddup2(actions.get(), messages[1], STDERR_FILENO);
    pid_t process = 0;
    auto words = pointers(arguments);
    auto settings = pointers(variables);
    const int failed = ::posix_spawnp(&process, program.c_str(), actions.get(), nullptr, words.data(), settings.data());
    ::close(messages[1]);
    const auto said = failed ? std::string{} : read_messages(messages[0]);
    ::close(messages[0]);
    if (failed)
        throw Failure{fmt::format("{} cannot be run ({}): install postgresql-client of the server's version", program,
                                  std::strerror(failed))};
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Failure{fmt::format("{} failed: {}", program, said)};
}

} // namespace preau::db

#include "data_directory.hpp"

#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace preau::server {
namespace {

std::string first_line(const std::filesystem::path& file) {
    std::ifstream stream{file};
    std::string line;
    std::getline(stream, line);
    return line;
}

} // namespace

DataLock::~DataLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::expected<DataDirectory, std::string> DataDirectory::open(const std::filesystem::path& path) {
    std::error_code problem;
    bool made = std::filesystem::create_directories(path, problem);
    if (problem)
        return std::unexpected(fmt::format("the data directory {} cannot be made ({}): choose another one with --data",
                                           path.string(), problem.message()));
    if (made) ::chmod(path.c_str(), S_IRWXU); // names, mail addresses and documents of people
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
        return std::unexpected(fmt::format("the data directory {} cannot be written ({}): run preau as its owner",
                                           path.string(), std::strerror(errno)));
    // Left by somebody else, root for instance: said now, and not as a server that seems to run or a database that
    // fails.
    for (auto name : {"lock", "main.db"})
        if (auto file = path / name; ::access(file.c_str(), R_OK | W_OK) != 0 && errno != ENOENT)
            return std::unexpected(fmt::format("{} cannot be written ({}): give it to the user who runs preau with "
                                               "chown, or run preau as its owner",
                                               file.string(), std::strerror(errno)));
    return DataDirectory{std::filesystem::absolute(path).lexically_normal()};
}

std::optional<DataLock> DataDirectory::try_lock() const {
    auto file = path_ / "lock";
    int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return std::nullopt;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return std::nullopt;
    }
    auto process = fmt::format("{}\n", ::getpid()); // for people only; the lock itself is the kernel's
    if (::ftruncate(descriptor, 0) == 0) (void)!::write(descriptor, process.data(), process.size());
    return std::make_optional<DataLock>(descriptor);
}

std::string DataDirectory::holder() const { return first_line(path_ / "lock"); }

void DataDirectory::remember_public_url(const std::string& url) const {
    auto file = path_ / "public_url";
    if (first_line(file) != url) std::ofstream{file} << url << '\n';
}

std::string DataDirectory::remembered_public_url() const { return first_line(path_ / "public_url"); }

} // namespace preau::server

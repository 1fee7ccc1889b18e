// kill -9 in the middle of writes, with the shim that drops what was not synced (tests/chaos/unsynced.c).
#include "test_rows.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace preau;
using namespace preau::db::testing;
namespace fs = std::filesystem;

namespace {

struct Workplace {
    fs::path root = fs::temp_directory_path() / ("preau-power-" + std::to_string(::getpid()));
    fs::path live = root / "live";
    fs::path disk = root / "disk";
    Workplace() { fs::create_directories(live); }
    ~Workplace() { fs::remove_all(root); }
};

// Runs the victim until it kills itself; answers the ids whose writes it saw answered.
std::set<std::int64_t> run_victim(const Workplace& place, const char* fault, int acknowledgements) {
    const auto output = place.root / "acknowledged";
    const pid_t victim = ::fork();
    REQUIRE(victim >= 0);
    if (victim == 0) {
        const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::setenv("LD_PRELOAD", PREAU_UNSYNCED, 1);
        ::setenv("PREAU_UNSYNCED_DIR", place.live.c_str(), 1);
        ::setenv("PREAU_UNSYNCED_SHADOW", place.disk.c_str(), 1);
        ::setenv("PREAU_FAULT", fault, 1);
        const auto file_name = (place.live / "main.db").string();
        const auto count = std::to_string(acknowledgements);
        ::execl(PREAU_POWER_CUT_PROGRAM, PREAU_POWER_CUT_PROGRAM, file_name.c_str(), count.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    REQUIRE(::waitpid(victim, &status, 0) == victim);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
    std::set<std::int64_t> ids;
    std::ifstream lines{output};
    for (std::int64_t id = 0; lines >> id;) ids.insert(id);
    return ids;
}

// How many of the acknowledged writes a power cut would have taken.
std::size_t lost_after_power_cut(const char* fault, int acknowledgements) {
    Workplace place;
    db::open_sqlite({.file = place.live / "main.db"})->migrate(note_migrations());
    const auto acknowledged = run_victim(place, fault, acknowledgements);
    REQUIRE(acknowledged.size() == static_cast<std::size_t>(acknowledgements));
    auto left = db::open_sqlite({.file = place.disk / "main.db"});
    const auto ids = left->read_now([](db::Tx& tx) { return note_ids(tx); });
    const std::set<std::int64_t> kept{ids.begin(), ids.end()};
    std::size_t lost = 0;
    for (auto id : acknowledged) lost += kept.contains(id) ? 0 : 1;
    return lost;
}

} // namespace

TEST_CASE("a power cut loses nothing that was acknowledged") {
    CHECK(lost_after_power_cut("", 1) == 0);
    CHECK(lost_after_power_cut("", 333) == 0);
    CHECK(lost_after_power_cut("", 5000) == 0); // the log was copied back on the way
}

TEST_CASE("this test notices a missing fsync") { CHECK(lost_after_power_cut("skip_fsync", 333) > 0); }

TEST_CASE("this test notices an answer before COMMIT") { CHECK(lost_after_power_cut("answer_before_commit", 333) > 0); }

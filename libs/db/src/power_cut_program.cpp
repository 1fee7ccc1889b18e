// Writes notes until it kills itself with SIGKILL, and prints each id once its write was answered: the victim of
// power_cut_test.cpp.  db_power_cut_program FILE ACKNOWLEDGEMENTS
#include "test_rows.hpp"

#include <csignal>
#include <cstdlib>
#include <unistd.h>

using namespace preau;

namespace {

struct Storm {
    db::Database& db;
    int left;
    std::int64_t next_id = 0;
};

void acknowledge(Storm& storm, std::int64_t id) {
    const auto line = std::to_string(id) + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
    if (--storm.left == 0) ::kill(::getpid(), SIGKILL);
}

// Answers come on the one writer's thread, and each begins the next write: 64 are under way all the time. An answer
// before COMMIT therefore kills the process before COMMIT.
void write_next(Storm& storm) {
    const auto id = ++storm.next_id;
    start(storm.db.write(db::Lane{static_cast<std::uint64_t>(id % 16)},
                         [id](db::Tx& tx) { db::testing::insert_id(tx, id); }),
          [&storm, id](std::exception_ptr error) {
              if (error) std::abort();
              acknowledge(storm, id);
              write_next(storm);
          });
}

void begin_on_writer(Storm& storm) {
    for (int i = 0; i < 64; ++i) write_next(storm);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    auto database = db::open_sqlite({.file = arguments[1]});
    Storm storm{.db = *database, .left = std::atoi(arguments[2])};
    // From the writer's thread, so that only one thread ever touches the storm.
    database->write_now([&storm](db::Tx&) { begin_on_writer(storm); });
    for (;;) ::pause();
}

// import_bench DIRECTORY ROWS: imports ROWS people of a thousand schools into a fresh SQLite database, then compares
// the same list with what is there. Prints rows a second.
#include "identity/import.hpp"
#include "identity/sessions.hpp"
#include "jobs/jobs.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>

using namespace preau;

namespace {

double seconds_since(std::int64_t begin) { return static_cast<double>(monotonic_nanoseconds() - begin) / 1e9; }

identity::ImportFiles lists(int people) {
    std::string structures = "key;parent;kind;name;uai\nac;;academy;Académie;\n";
    constexpr int schools = 1000;
    for (int i = 0; i < schools; ++i) structures += fmt::format("s{0};ac;school;Collège {0};{0:07}A\n", i);
    std::string list = "key;name;mail;functions\n";
    for (int i = 0; i < people; ++i)
        list += fmt::format("p{0:07};Camille Numéro{0};camille.{0}@ac.example;{1:07}A:teacher|s{2}:trainer\n", i,
                            i % schools, (i + 1) % schools);
    return {.structures = std::move(structures), .people = std::move(list)};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "import_bench DIRECTORY ROWS\n");
        return 2;
    }
    SystemClock clock;
    IdSource ids{clock, 1};
    auto db = db::open_sqlite(
        {.file = std::string{arguments[1]} + "/import.db", .readers = 1, .queue_deadline = std::chrono::hours{1}});
    db->migrate(identity::migrations());
    const int rows = std::atoi(arguments[2]);
    const auto files = lists(rows);
    auto plan = [&] {
        return db->read_now([&](db::Tx& tx) {
            return std::make_shared<identity::ImportPlan>(identity::plan_import(tx, files, {}).value());
        });
    };
    auto first = plan();
    auto begin = monotonic_nanoseconds();
    auto done = sync_wait(identity::carry_out_import(*db, clock, ids, std::move(*first)));
    if (!done || done->people.refused) return 1;
    std::printf("new: %d rows in %.1f s, %.0f a second\n", rows, seconds_since(begin), rows / seconds_since(begin));
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        begin = monotonic_nanoseconds();
        auto again = plan();
        const auto seconds = seconds_since(begin);
        best = std::min(best, seconds);
        if (again->report().people.unchanged != rows || again->report().changes() != 0) return 1;
        std::printf("unchanged: %d rows in %.2f s, %.0f a second\n", rows, seconds, rows / seconds);
    }
    std::printf("best %.0f\n", rows / best);
}

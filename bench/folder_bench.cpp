// folder_bench fill DATA COUNT FOLDER: puts COUNT files into the folder (its id in base 32), straight into
// DATA/main.db; the rows are the ones the server would have written, but no bytes lie behind them. folder_bench measure
// DATA COUNT FOLDER: median time and number of queries of its first page, in every order.
#include "base/clock.hpp"
#include "base/id.hpp"
#include "db/database.hpp"
#include "files/folder/folder_service.hpp"
#include "identity/sessions.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace preau;

// Ids count down from far above the server's of today, so that they never meet one; a block of a million for each size.
const db::Query fill_items_sql{"bench.fill_folder_items", R"(
    WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < $1)
    INSERT INTO item (id, parent, kind, title, sort, ending, weight, owner, restricted, revision, created_at, changed_at)
    SELECT $2 + n, f.id, 'file', 'Fiche ' || n || '.pdf', '1' || printf('%012d', n), 'pdf', (n * 7919) % 5000000, f.owner, 0, 1,
           f.created_at, f.created_at + (n * 104729) % 1000000
      FROM number, (SELECT id, owner, created_at FROM item WHERE id = $3) f)"};
const db::Query fill_files_sql{"bench.fill_folder_files", R"(
    INSERT INTO file (item, blob, size, mtime, sha256, type)
    SELECT id, 0, weight, created_at, $2, 'application/pdf' FROM item WHERE parent = $1 AND kind = 'file')"};
const db::Query owner_sql{"bench.folder_owner", "SELECT owner FROM item WHERE id = $1"};

void fill(db::Database& database, std::int64_t count, ItemId folder) {
    const auto base = (std::int64_t{1} << 61) + count * 1'000'000;
    database.write_now([=](db::Tx& tx) {
        tx.execute(fill_items_sql, {count, base, folder});
        tx.execute(fill_files_sql, {folder, std::string(64, 'a')});
    });
    std::printf("%lld files in %s\n", static_cast<long long>(count), to_text(folder).c_str());
}

void measure(db::Database& database, std::int64_t count, ItemId folder) {
    using By = sharing::ChildOrder::By;
    const std::pair<const char*, sharing::ChildOrder> orders[] = {{"name", {By::Name}},
                                                                  {"name, down", {By::Name, true}},
                                                                  {"changed", {By::Changed, true}},
                                                                  {"size", {By::Size, true}},
                                                                  {"kind", {By::Kind}}};
    database.read_now([&](db::Tx& tx) {
        auto viewer = identity::find_viewer(tx, *tx.one<PersonId>(owner_sql, {folder})).value();
        const auto now = SystemClock{}.now();
        for (const auto& [name, order] : orders)
            for (int limit : {100, 500}) {
                std::vector<std::int64_t> times;
                std::int64_t queries = 0;
                for (int round = 0; round < 60; ++round) {
                    const auto before = tx.query_count();
                    const auto begin = monotonic_nanoseconds();
                    auto standing = sharing::standing(tx, viewer, folder, now);
                    auto listing = files::list_folder(tx, viewer, standing, {.order = order, .limit = limit}, now);
                    times.push_back(monotonic_nanoseconds() - begin);
                    queries = tx.query_count() - before;
                    if (!listing || std::ssize(listing->rows) != limit) std::abort();
                }
                std::ranges::sort(times);
                std::printf("%lld entries, %d rows by %s: %.2f ms, %lld queries\n", static_cast<long long>(count),
                            limit, name, static_cast<double>(times[times.size() / 2]) / 1e6,
                            static_cast<long long>(queries));
            }
    });
}

} // namespace

int main(int count, char** arguments) {
    const auto folder = count == 5 ? parse_id<ItemId>(arguments[4]) : std::nullopt;
    if (!folder) {
        std::fprintf(stderr, "folder_bench fill|measure DATA COUNT FOLDER\n");
        return 2;
    }
    auto database = db::open_sqlite({.file = std::string{arguments[2]} + "/main.db"});
    const std::int64_t entries = std::atoll(arguments[3]);
    std::string{arguments[1]} == "fill" ? fill(*database, entries, *folder) : measure(*database, entries, *folder);
}

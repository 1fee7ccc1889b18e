// fill_items DATA COUNT SPACE: puts COUNT folders below the space (its id in base 32), a thousand in each, straight
// into DATA/main.db. For benchmarks that ask what a million items cost; the rows are the ones the server would have
// written.
#include "base/id.hpp"
#include "db/database.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace preau;

// Ids count down from the largest that a space made today can have, so that they never meet one of the server's.
const db::Query fill_sql{"bench.fill_items", R"(
    WITH RECURSIVE number (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < $2)
    INSERT INTO item (id, parent, kind, title, sort, owner, restricted, revision, created_at, changed_at)
    SELECT n + 1, CASE WHEN n % 1001 = 0 THEN s.id ELSE n - n % 1001 + 1 END, 'folder', 'item ' || n,
           '0' || printf('%012d', n), s.owner, 0, 1, s.created_at, s.created_at
      FROM number, (SELECT id, owner, created_at FROM item WHERE id = $3) s)"};

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr, "fill_items DATA COUNT SPACE\n");
        return 2;
    }
    auto space = from_base32(arguments[3]);
    if (!space) return 2;
    auto database = db::open_sqlite({.file = std::string{arguments[1]} + "/main.db"});
    const std::int64_t wanted = std::atoll(arguments[2]);
    constexpr std::int64_t step = 50'050;
    for (std::int64_t from = 0; from < wanted; from += step) {
        auto to = std::min(from + step, wanted);
        database->write_now([=, item = *space](db::Tx& tx) { return tx.execute(fill_sql, {from, to, item}); });
    }
    std::printf("%lld items\n", static_cast<long long>(wanted));
}

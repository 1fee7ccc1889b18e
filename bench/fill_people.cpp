// fill_people DATA COUNT: puts COUNT people with a function each into DATA/main.db, in schools of 60 below académies of
// 40,000 below the ministry, as the server would have written them. For benchmarks that ask what a million people cost.
#include "db/database.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace preau;

constexpr std::int64_t first_structure = 10'000'000;
constexpr std::int64_t first_person = 100'000'000;
constexpr std::int64_t in_school = 60;
constexpr std::int64_t in_academy = 40'000;

#define NUMBERS "WITH RECURSIVE number (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < $2) "
const db::Query academies_sql{"bench.academies", NUMBERS R"(
    INSERT INTO structure (id, parent, name, kind, uai, zone)
    SELECT $3 + n, s.id, 'Académie ' || n, 'academy', '', 'Europe/Paris' FROM number, structure s WHERE s.kind = 'ministry')"};
const db::Query schools_sql{"bench.schools", NUMBERS R"(
    INSERT INTO structure (id, parent, name, kind, uai, zone)
    SELECT $3 + 1000 + n, $3 + n / $4, 'Collège ' || printf('%06d', n), 'school', '', 'Europe/Paris' FROM number)"};
const db::Query above_sql{"bench.above", R"(
    INSERT INTO structure_above (structure, ancestor, depth)
    WITH RECURSIVE up (structure, ancestor, depth) AS (
        SELECT id, id, 0 FROM structure WHERE id >= $1
        UNION ALL
        SELECT u.structure, s.parent, u.depth + 1 FROM up u JOIN structure s ON s.id = u.ancestor WHERE s.parent IS NOT NULL)
    SELECT structure, ancestor, depth FROM up)"};
const db::Query people_sql{"bench.people", NUMBERS R"(
    INSERT INTO person (id, login, name, sort_key, mail, mail_key, main_structure, created_at)
    SELECT $3 + n, 'p' || n, 'Personne ' || n, CAST(printf('%09d', n) AS BLOB), 'p' || n || '@example.org',
           'p' || n || '@example.org', $4 + 1000 + n / $5, 0 FROM number)"};
const db::Query functions_sql{"bench.functions", NUMBERS R"(
    INSERT INTO person_function (person, structure, function)
    SELECT $3 + n, $4 + 1000 + n / $5, CASE n % $5 WHEN 0 THEN 'head' WHEN 1 THEN 'secretary' ELSE 'teacher' END FROM number)"};
#undef NUMBERS

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "fill_people DATA COUNT\n");
        return 2;
    }
    auto database = db::open_sqlite({.file = std::string{arguments[1]} + "/main.db"});
    const std::int64_t people = std::atoll(arguments[2]);
    const auto schools = (people + in_school - 1) / in_school;
    const auto academies = (people + in_academy - 1) / in_academy;
    database->write_now([=](db::Tx& tx) {
        tx.execute(academies_sql, {0, academies, first_structure});
        tx.execute(schools_sql, {0, schools, first_structure, in_academy / in_school + 1});
        tx.execute(above_sql, {first_structure});
    });
    constexpr std::int64_t step = 50'000;
    for (std::int64_t from = 0; from < people; from += step) {
        const auto to = std::min(from + step, people);
        database->write_now([=](db::Tx& tx) {
            tx.execute(people_sql, {from, to, first_person, first_structure, in_school});
            tx.execute(functions_sql, {from, to, first_person, first_structure, in_school});
        });
    }
    std::printf("%lld people, %lld schools, %lld académies\n", static_cast<long long>(people),
                static_cast<long long>(schools), static_cast<long long>(academies));
}

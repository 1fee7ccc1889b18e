// fill_administration DATA SCALE: a ministry at full size into the SQLite database of a stopped server, times
// SCALE: 1.5 million accounts, 65,000 structures in 6 levels, 200,000 groups, one of 100,000 members, 3 million
// memberships, 500,000 share links. Prints the ids that bench/administration.mjs asks for. Rows are written in the
// order of their tables and indexes are made at the end, as for any bulk load; the rows are the same that the services
// write (people_list_test compares them).
#include "base/clock.hpp"
#include "base/plain_words.hpp"
#include "base/text.hpp"
#include "db/database.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace preau;

constexpr std::array<const char*, 60> first_names{
    "Adèle",    "Agnès",   "Alice",  "Amélie", "Anne",     "Antoine",   "Arthur",  "Aurélie", "Baptiste", "Benoît",
    "Brigitte", "Camille", "Carole", "Cécile", "Céline",   "Charlotte", "Chloé",   "Claire",  "Clément",  "Damien",
    "Delphine", "Denis",   "Élise",  "Élodie", "Émilie",   "Éric",      "Étienne", "Fabien",  "Florence", "François",
    "Gérard",   "Hélène",  "Hugo",   "Inès",   "Isabelle", "Jean",      "Jérôme",  "Joëlle",  "Julie",    "Karim",
    "Laurent",  "Léa",     "Lucie",  "Magali", "Marie",    "Mathieu",   "Michel",  "Nadia",   "Nathalie", "Nicolas",
    "Olivier",  "Pascal",  "Paul",   "Pierre", "Rachid",   "Sophie",    "Sylvie",  "Thomas",  "Valérie",  "Zoé"};
constexpr std::array<const char*, 30> last_names{
    "Martin", "Bernard", "Thomas",  "Petit",    "Robert",   "Richard", "Durand",   "Dubois",   "Moreau",   "Laurent",
    "Simon",  "Michel",  "Lefèvre", "Leroy",    "Roux",     "David",   "Bertrand", "Morel",    "Fournier", "Girard",
    "Bonnet", "Dupont",  "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller",   "Lefebvre", "Faure",    "André"};
constexpr std::array<const char*, 20> endings{"",   "eau", "ot", "in",  "ard", "et",  "ier", "ois", "el", "on",
                                              "ac", "ec",  "ez", "ino", "sky", "man", "oux", "as",  "ey", "ain"};

const db::Query cache_sql{"bench.cache", "PRAGMA cache_size = -400000"};
const db::Query structure_sql{"bench.structure", R"(
    INSERT INTO structure (id, parent, name, kind, uai, zone, sort_key) VALUES ($1, $2, $3, $4, $5, 'Europe/Paris', $6))"};
const db::Query above_sql{"bench.above",
                          "INSERT INTO structure_above (structure, ancestor, depth) VALUES ($1, $2, $3)"};
const db::Query person_sql{"bench.person", R"(
    INSERT INTO person (id, login, name, sort_key, mail, mail_key, language, admin, disabled, main_structure, created_at)
    VALUES ($1, $2, $3, $4, $5, $5, '', 0, $6, $7, $8))"};
const db::Query function_sql{"bench.function", R"(
    INSERT INTO person_function (person, structure, function) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};
const db::Query attachment_sql{"bench.attachment", R"(
    INSERT INTO attachment (person, structure, function, from_at, state, given_by)
    VALUES ($1, $2, $3, 0, 1, 0) ON CONFLICT DO NOTHING)"};
const db::Query subtree_sql{"bench.subtree", R"(
    INSERT INTO subtree_person (ancestor, sort_key, person) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};
const db::Query directory_sql{"bench.directory", R"(
    INSERT INTO directory (scope, kind, key, subject) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING)"};
const db::Query group_sql{"bench.group", R"(
    INSERT INTO group_ (id, name, kind, structure, sort) VALUES ($1, $2, 'class', $3, $4))"};
const db::Query member_sql{"bench.member", R"(
    INSERT INTO group_member (group_id, person, role, sort)
    SELECT $1, id, 'member', CAST(sort_key AS TEXT) FROM person WHERE id = $2 ON CONFLICT DO NOTHING)"};
const db::Query members_sql{"bench.members", "UPDATE group_ SET members = $2 WHERE id = $1"};
const db::Query shown_item_sql{"bench.item", R"(
    INSERT INTO item (id, parent, kind, title, sort, owner, created_at, changed_at)
    VALUES ($1, 0, 'folder', 'À montrer', '0montrer', $2, 0, 0))"};
const db::Query link_sql{"bench.link", R"(
    INSERT INTO link (id, item, class, pupil, role, deposit, label, until, made_by, created_at, token_hash, sealed,
                      password_hash)
    VALUES ($1, $2, 0, '', $3, 0, '', $4, $5, 0, randomblob(32), randomblob(48), ''))"};
const db::Query analyze_sql{"bench.analyze", "PRAGMA optimize"};

const std::array drops{
    std::pair{new db::Query{"bench.d1", "DROP INDEX directory_by_subject"},
              new db::Query{"bench.c1", "CREATE INDEX directory_by_subject ON directory (kind, subject)"}},
    std::pair{
        new db::Query{"bench.d2", "DROP INDEX person_function_by_function"},
        new db::Query{"bench.c2", "CREATE INDEX person_function_by_function ON person_function (function, person)"}},
    std::pair{
        new db::Query{"bench.d3", "DROP INDEX person_function_by_structure"},
        new db::Query{"bench.c3",
                      "CREATE INDEX person_function_by_structure ON person_function (structure, function, person)"}},
    std::pair{
        new db::Query{"bench.d4", "DROP INDEX attachment_by_structure"},
        new db::Query{"bench.c4", "CREATE INDEX attachment_by_structure ON attachment (structure, state, person)"}},
    std::pair{new db::Query{"bench.d5", "DROP INDEX person_by_name"},
              new db::Query{"bench.c5", "CREATE INDEX person_by_name ON person (sort_key, id)"}},
    std::pair{
        new db::Query{"bench.d6", "DROP INDEX person_by_mail"},
        new db::Query{"bench.c6", "CREATE UNIQUE INDEX person_by_mail ON person (mail_key) WHERE mail_key <> ''"}},
    std::pair{new db::Query{"bench.d7", "DROP INDEX group_member_by_person"},
              new db::Query{"bench.c7", "CREATE INDEX group_member_by_person ON group_member (person, group_id)"}},
    std::pair{new db::Query{"bench.d8", "DROP INDEX group_member_by_name"},
              new db::Query{"bench.c8", "CREATE INDEX group_member_by_name ON group_member (group_id, sort, person)"}}};

struct Place {
    std::int64_t id = 0;
    std::vector<std::int64_t> chain; // itself first
    std::string name;
};
struct Entry {
    std::int64_t scope = 0, kind = 0;
    std::string key;
    std::int64_t subject = 0;
    auto tie() const { return std::tie(scope, kind, key, subject); }
};
struct Below {
    std::int64_t ancestor = 0;
    std::string sort;
    std::int64_t person = 0;
    auto tie() const { return std::tie(ancestor, sort, person); }
};
struct Held {
    std::int64_t person = 0, structure = 0;
    const char* function = "";
    auto tie() const { return std::tie(person, structure); }
};

class Ministry {
public:
    Ministry(db::Database& database, double scale) : db_{database}, scale_{scale} {}

    void fill() {
        step("indexes off", [&](db::Tx& tx) {
            tx.execute(cache_sql, {});
            for (const auto& [drop, make] : drops) tx.execute(*drop, {});
        });
        plant();
        settle();
        group();
        enter();
        show();
        step("indexes on", [&](db::Tx& tx) {
            for (const auto& [drop, make] : drops) tx.execute(*make, {});
        });
        step("statistics", [](db::Tx& tx) { tx.execute(analyze_sql, {}); });
    }

private:
    template <class Work> void step(const char* what, Work work) {
        const auto begin = monotonic_nanoseconds();
        db_.write_now([&](db::Tx& tx) { work(tx); });
        std::printf("%s: %.1f s\n", what, static_cast<double>(monotonic_nanoseconds() - begin) / 1e9);
        std::fflush(stdout);
    }
    std::int64_t count(double full) const {
        return std::max<std::int64_t>(1, static_cast<std::int64_t>(full * scale_));
    }
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }

    void words(std::int64_t scope, std::int64_t kind, const std::string& name, std::int64_t subject) {
        const auto parts = plain_words(name, 6);
        for (std::size_t i = 0; i < parts.size(); ++i)
            for (std::size_t j = 0; j < parts.size(); ++j) {
                if (i == j) continue;
                auto key = parts[i] + ' ' + parts[j];
                for (std::size_t k = 0; k < parts.size(); ++k)
                    if (k != i && k != j) key += ' ' + parts[k];
                entries_.push_back({scope, kind, std::move(key), subject});
            }
    }

    Place put(db::Tx& tx, const Place* parent, std::string name, const char* kind, std::string uai = {}) {
        Place place{.id = next_++, .name = std::move(name)};
        place.chain.push_back(place.id);
        if (parent) place.chain.insert(place.chain.end(), parent->chain.begin(), parent->chain.end());
        const auto sort = sort_key(place.name);
        tx.execute(structure_sql, {place.id, parent ? std::optional{parent->id} : std::nullopt, place.name, kind, uai,
                                   db::Bytes{sort}});
        for (std::size_t depth = 0; depth < place.chain.size(); ++depth)
            tx.execute(above_sql, {place.id, place.chain[depth], static_cast<std::int64_t>(depth)});
        words(0, 3, place.name, place.id);
        return place;
    }

    void plant() {
        step("structures", [&](db::Tx& tx) {
            auto ministry = put(tx, nullptr, "Ministère au complet", "ministry");
            std::vector<Place> regions, departments, districts;
            for (int i = 0; i < 5; ++i)
                regions.push_back(put(tx, &ministry, "Région académique numéro" + std::to_string(i), "region"));
            for (int i = 0; i < 15; ++i)
                academies_.push_back(put(tx, &regions[static_cast<std::size_t>(i) % 5],
                                         "Académie numéro" + std::to_string(i), "academy"));
            for (int i = 0; i < 100; ++i)
                departments.push_back(put(tx, &academies_[static_cast<std::size_t>(i) % 15],
                                          "Département numéro" + std::to_string(i), "department"));
            for (std::int64_t i = 0; i < count(1'000); ++i)
                districts.push_back(put(tx, &departments[static_cast<std::size_t>(i) % 100],
                                        "Bassin numéro" + std::to_string(i), "district"));
            for (std::int64_t i = 0; i < count(63'879); ++i) {
                char uai[16];
                std::snprintf(uai, sizeof uai, "%07lld%c", static_cast<long long>(8'000'000 + i),
                              static_cast<char>('A' + i % 26));
                schools_.push_back(put(tx, &districts[static_cast<std::size_t>(i) % districts.size()],
                                       std::string{i % 3 ? "École " : "Collège "} +
                                           last_names[static_cast<std::size_t>(i) % 30] +
                                           endings[static_cast<std::size_t>(i / 30) % 20] + " " + std::to_string(i),
                                       "school", uai));
            }
            std::printf("ministry %s\nacademy %s\ndepartment %s\ndistrict %s\nschool %s\n",
                        to_base32(ministry.id).c_str(), to_base32(academies_[3].id).c_str(),
                        to_base32(departments[3].id).c_str(), to_base32(districts[3].id).c_str(),
                        to_base32(schools_[3].id).c_str());
        });
    }

    void settle() {
        constexpr std::array functions{"teacher", "teacher", "teacher",   "teacher",   "teacher",
                                       "teacher", "adviser", "secretary", "assistant", "librarian"};
        std::vector<Held> held;
        std::vector<Below> stand;
        const auto people = count(1'500'000);
        first_person_ = next_;
        step("people", [&](db::Tx& tx) {
            for (std::int64_t i = 0; i < people; ++i) {
                const auto id = next_++;
                const auto name = std::string{first_names[static_cast<std::size_t>(below(60))]} + ' ' +
                                  last_names[static_cast<std::size_t>(below(30))] +
                                  endings[static_cast<std::size_t>(below(20))];
                const auto sort = sort_key(name);
                const auto& school =
                    schools_[static_cast<std::size_t>(below(static_cast<std::int64_t>(schools_.size())))];
                const bool closed = i % 50 == 0;
                const auto login = "agent" + std::to_string(i);
                tx.execute(person_sql, {id, login, name, db::Bytes{sort}, login + "@ac-banc.example", closed, school.id,
                                        Millis{1'700'000'000'000}});
                std::vector<std::int64_t> chain = school.chain;
                auto take = [&](const Place& place, const char* function) {
                    held.push_back({id, place.id, function});
                    if (!closed) words(place.id, 1, name, id);
                    for (auto above : place.chain)
                        if (std::ranges::find(chain, above) == chain.end()) chain.push_back(above);
                };
                take(school, i % 40 == 7      ? "head"
                             : i % 5'000 == 3 ? "inspector"
                                              : functions[static_cast<std::size_t>(below(10))]);
                if (i % 10 == 1)
                    take(schools_[static_cast<std::size_t>(below(static_cast<std::int64_t>(schools_.size())))],
                         "trainer");
                words(closed ? -1 : 0, 1, name, id);
                for (auto above : chain) stand.push_back({above, sort, id});
            }
        });
        std::ranges::sort(held, {}, [](const Held& row) { return row.tie(); });
        std::ranges::sort(stand, {}, [](const Below& row) { return row.tie(); });
        step("functions", [&](db::Tx& tx) {
            for (const auto& row : held) tx.execute(function_sql, {row.person, row.structure, row.function});
            for (const auto& row : held) tx.execute(attachment_sql, {row.person, row.structure, row.function});
        });
        step("subtrees", [&](db::Tx& tx) {
            for (const auto& row : stand) tx.execute(subtree_sql, {row.ancestor, db::Bytes{row.sort}, row.person});
        });
        std::printf("people %lld, functions %zu, below %zu\nperson %s\n", static_cast<long long>(people), held.size(),
                    stand.size(), to_base32(first_person_ + people / 2).c_str());
        people_ = people;
    }

    void group() {
        const auto groups = count(200'000);
        step("groups", [&](db::Tx& tx) {
            for (std::int64_t i = 0; i < groups; ++i) {
                const auto id = next_++;
                const auto& school = schools_[static_cast<std::size_t>(i) % schools_.size()];
                const auto name =
                    "Classe " + std::to_string(i % 9) + " " + std::string(1, static_cast<char>('A' + i % 26));
                tx.execute(group_sql, {id, name, school.id, '0' + sort_key(name)});
                if (i == 0) std::printf("group %s\n", to_base32(id).c_str());
                const auto members = i == 0 ? std::min(count(100'000), people_) : count(2'900'000) / groups;
                const auto start = below(people_);
                std::int64_t entered = 0;
                for (std::int64_t n = 0; n < members; ++n)
                    entered +=
                        tx.execute(member_sql, {id, first_person_ + (i == 0 ? n : (start + n * 7919) % people_)});
                tx.execute(members_sql, {id, entered});
            }
        });
    }

    void enter() {
        std::ranges::sort(entries_, {}, [](const Entry& row) { return row.tie(); });
        step("directory", [&](db::Tx& tx) {
            for (const auto& row : entries_) tx.execute(directory_sql, {row.scope, row.kind, row.key, row.subject});
        });
        std::printf("directory %zu\n", entries_.size());
    }

    // What families may open, of a third of the people.
    void show() {
        step("links", [&](db::Tx& tx) {
            const auto item = next_++;
            tx.execute(shown_item_sql, {item, first_person_});
            for (std::int64_t i = 0; i < count(500'000); ++i)
                tx.execute(link_sql, {next_++, item, i % 5 ? 10 : 30,
                                      i % 3 ? std::optional{Millis{4'000'000'000'000}} : std::nullopt,
                                      first_person_ + below(people_)});
        });
    }

    db::Database& db_;
    double scale_;
    std::mt19937_64 random_{2026};
    std::int64_t next_ = std::int64_t{1} << 60; // far from the ids of today
    std::int64_t first_person_ = 0, people_ = 0;
    std::vector<Place> academies_, schools_;
    std::vector<Entry> entries_;
};

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "fill_administration DATA SCALE\n");
        return 2;
    }
    auto database = db::open_sqlite({.file = std::string{arguments[1]} + "/main.db"});
    const auto begin = monotonic_nanoseconds();
    Ministry{*database, std::atof(arguments[2])}.fill();
    std::printf("generated in %.0f s\n", static_cast<double>(monotonic_nanoseconds() - begin) / 1e9);
}

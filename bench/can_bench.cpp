// can_bench DIRECTORY: can() on a tree 12 deep for a person in 50 groups, each level with grants to some of them; warm,
// SQLite. Prints the median of many calls inside one transaction, for a right that is granted, one that is granted at
// the root only, and one that is refused.
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "db/database.hpp"
#include "identity/people.hpp"
#include "sharing/access.hpp"
#include "sharing/tree.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace preau;

struct Tree {
    ItemId leaf;
    Viewer member; // in 50 groups, granted half-way down
    Viewer outsider; // in 50 other groups
};

Viewer person_in_groups(std::int64_t first) {
    Viewer viewer{.kind = Viewer::Kind::Person, .person = PersonId{first}};
    viewer.subjects = {signed_in, everybody, subject(viewer.person)};
    for (std::int64_t n = 1; n <= 50; ++n) viewer.subjects.push_back(subject(GroupId{first + n}));
    std::sort(viewer.subjects.begin(), viewer.subjects.end());
    return viewer;
}

Tree plant(db::Tx& tx, sharing::World& world) {
    Tree tree{.member = person_in_groups(1000), .outsider = person_in_groups(9000)};
    const Viewer owner{
        .kind = Viewer::Kind::Person, .person = PersonId{1}, .subjects = {subject(PersonId{1}), everybody}};
    auto sorted = owner;
    std::sort(sorted.subjects.begin(), sorted.subjects.end());
    auto folder = sharing::personal_space(tx, world, PersonId{1}, "space");
    for (int depth = 1; depth < 12; ++depth) {
        auto made = sharing::create_item(
            tx, world, sorted, {.parent = folder, .kind = "folder", .title = "level " + std::to_string(depth)});
        folder = made.value().id;
        // Two grants on each level: to a group that nobody here is in, and on the sixth to one of the member's.
        const auto group = depth == 6 ? GroupId{1025} : GroupId{5000 + depth};
        for (auto id : {group, GroupId{6000 + depth}})
            sharing::set_grant(
                tx, world, sorted,
                {.item = folder, .subject_kind = Subject::Kind::Group, .subject = id.value, .role = Role::View});
    }
    tree.leaf = folder;
    return tree;
}

void measure(db::Database& database, const char* what, const Viewer& viewer, ItemId item, bool expected) {
    auto median = database.read_now([&](db::Tx& tx) {
        std::vector<std::int64_t> nanoseconds;
        for (int call = 0; call < 20'000; ++call) {
            auto begin = monotonic_nanoseconds();
            if (sharing::can(tx, viewer, Action::View, item, 1) != expected) std::abort();
            nanoseconds.push_back(monotonic_nanoseconds() - begin);
        }
        std::nth_element(nanoseconds.begin(), nanoseconds.begin() + 10'000, nanoseconds.end());
        return nanoseconds[10'000];
    });
    std::printf("%-28s %.1f µs\n", what, static_cast<double>(median) / 1000);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "can_bench DIRECTORY\n");
        return 2;
    }
    SystemClock clock;
    SystemRandom random;
    IdSource ids{clock, 1};
    auto database = db::open_sqlite({.file = std::string{arguments[1]} + "/can.db"});
    auto migrations = identity::migrations();
    for (const auto& part : {jobs::migrations(), sharing::migrations()})
        migrations.insert(migrations.end(), part.begin(), part.end());
    database->migrate(migrations);
    jobs::Jobs jobs{*database, clock, ids};
    sharing::World world{clock, ids, random, jobs};
    auto tree = database->write_now([&](db::Tx& tx) { return plant(tx, world); });
    measure(*database, "granted on level 6", tree.member, tree.leaf, true);
    measure(*database, "refused", tree.outsider, tree.leaf, false);
}

// Compares the answers of one SQL query with an oracle that knows only the sentences of sharing/access.hpp: random
// trees with restricted items and trashes, random people in groups and structures, grants that ended or have not,
// links. The seed is printed; PREAU_SEED repeats a run and PREAU_DEEP=1 makes it ten times as long.
#include "sharing_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

struct Node {
    ItemId id;
    int parent = -1; // index in the forest
    std::string kind;
    bool restricted = false;
};

struct Forest {
    std::vector<Node> nodes;
    std::vector<Grant> grants;
    std::vector<Viewer> viewers;
};

struct Answer {
    Role role = Role::None;
    bool deposit = false;
    bool operator==(const Answer&) const = default;
};

// Step by step, with names for each sentence; no depth arithmetic, no shared code with the library.
Answer oracle(const Forest& forest, const Viewer& viewer, int item, Millis now) {
    std::vector<int> path; // from the item up to the root
    for (int at = item; at >= 0; at = forest.nodes[static_cast<std::size_t>(at)].parent) path.push_back(at);
    const auto node = [&](int at) -> const Node& { return forest.nodes[static_cast<std::size_t>(at)]; };
    bool below_trash = false;
    for (int at : path)
        if (at != item && node(at).kind == "trash") below_trash = true;

    std::set<std::pair<int, bool>> sources; // (item, only Manage counts)
    sources.insert({path.back(), true});    // managers of the space reach everything
    if (!below_trash)
        for (int at : path) {
            sources.insert({at, false});
            if (node(at).restricted) break; // nothing comes from above
        }
    Answer answer;
    for (const auto& [at, only_manage] : sources)
        for (const auto& grant : forest.grants) {
            if (grant.item != node(at).id) continue;
            if (grant.until && now >= *grant.until) continue;
            if (only_manage && grant.role != Role::Manage) continue;
            bool mine = false;
            for (const auto& own : viewer.subjects)
                if (own.kind == grant.subject_kind && own.id == grant.subject) mine = true;
            if (!mine) continue;
            if (grant.role == Role::Deposit || grant.deposit) answer.deposit = true;
            if (grant.role != Role::Deposit && grant.role > answer.role) answer.role = grant.role;
        }
    if (answer.role == Role::Edit || answer.role == Role::Manage) answer.deposit = true;
    return answer;
}

class Maker {
public:
    Maker(School& s, std::uint64_t seed) : school_{s}, engine_{seed} {}

    Forest make(int count) {
        Forest forest;
        make_subjects();
        for (int i = 0; i < count; ++i) add_node(forest);
        for (int i = 0; i < count; ++i) add_grant(forest);
        for (int i = 0; i < 8; ++i) forest.viewers.push_back(make_viewer());
        return forest;
    }
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }

private:
    // A tree of structures: who has a function in one stands in all above it. Group and families share an id on
    // purpose: nothing but the kind keeps them apart.
    void make_subjects() {
        for (int i = 0; i < 6; ++i) {
            structures_.push_back(school_.ids.next());
            structure_parent_.push_back(i == 0 ? -1 : below(i));
            groups_.push_back(school_.ids.next());
            people_.push_back(school_.ids.next());
            links_.push_back(school_.ids.next());
        }
    }
    Viewer make_viewer() {
        std::set<Subject> subjects{everybody};
        Viewer viewer;
        if (below(3) > 0) {
            viewer.kind = Viewer::Kind::Person;
            viewer.person = PersonId{pick(people_)};
            subjects.insert({subject(viewer.person), signed_in});
            for (int i = below(3); i > 0; --i) subjects.insert(subject(GroupId{pick(groups_)}));
            for (int at = below(6); at >= 0 && below(4) > 0; at = structure_parent_[static_cast<std::size_t>(at)])
                subjects.insert(subject(StructureId{structures_[static_cast<std::size_t>(at)]}));
        }
        for (int i = below(3); i > 0; --i) subjects.insert(subject(LinkId{pick(links_)}));
        if (below(4) == 0) subjects.insert(families(GroupId{pick(groups_)}));
        viewer.subjects.assign(subjects.begin(), subjects.end());
        return viewer;
    }
    Subject make_subject() {
        switch (below(9)) {
        case 0: return signed_in;
        case 1: return everybody;
        case 2: return subject(StructureId{pick(structures_)});
        case 3: return subject(GroupId{pick(groups_)});
        case 4: return families(GroupId{pick(groups_)});
        case 5: return subject(LinkId{pick(links_)});
        default: return subject(PersonId{pick(people_)});
        }
    }
    void add_node(Forest& forest) {
        static const db::Query insert{"sharing.test_insert_item", R"(
            INSERT INTO item (id, parent, kind, title, sort, owner, restricted, created_at, changed_at)
            VALUES ($1, $2, $3, $4, '', 0, $5, 0, 0))"};
        Node node{.id = school_.ids.next_as<ItemId>()};
        const int size = static_cast<int>(forest.nodes.size());
        if (size > 0 && below(12) > 0) node.parent = std::max(below(size), below(size)); // deep rather than wide
        node.kind = node.parent < 0 ? "space" : below(10) == 0 ? "trash" : "folder";
        node.restricted = below(6) == 0;
        const auto parent = node.parent < 0 ? ItemId{} : forest.nodes[static_cast<std::size_t>(node.parent)].id;
        school_.db.write_now([&](db::Tx& tx) {
            tx.execute(insert, {node.id, parent, node.kind, "n" + to_text(node.id), node.restricted});
        });
        forest.nodes.push_back(node);
    }
    void add_grant(Forest& forest) {
        constexpr Role roles[] = {Role::Deposit, Role::View, Role::Comment, Role::Edit, Role::Manage};
        auto to = make_subject();
        const auto& node = forest.nodes[static_cast<std::size_t>(below(static_cast<int>(forest.nodes.size())))];
        Grant grant{.item = node.id, .subject_kind = to.kind, .subject = to.id, .role = roles[below(5)]};
        // Before, exactly at, and after the moment at which it is asked.
        if (below(3) == 0) grant.until = school_.clock.now() + (below(3) - 1) * 1000;
        grant.deposit = grant.role == Role::Deposit || below(5) == 0;
        std::erase_if(forest.grants, [&](const Grant& other) {
            return other.item == grant.item && other.subject_kind == grant.subject_kind &&
                   other.subject == grant.subject;
        });
        forest.grants.push_back(grant);
        school_.db.write_now([&](db::Tx& tx) { set_grant(tx, school_.world, school_.camille, grant); });
    }
    std::int64_t pick(const std::vector<std::int64_t>& from) {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    }

    School& school_;
    std::mt19937_64 engine_;
    std::vector<std::int64_t> structures_, groups_, people_, links_;
    std::vector<int> structure_parent_;
};

std::uint64_t chosen_seed() {
    if (const char* given = std::getenv("PREAU_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

// Everybody against everything; answers how many pairs were compared and how many of them allowed something.
std::pair<int, int> compare(School& s, const Forest& forest) {
    return s.db.read_now([&](db::Tx& tx) {
        int pairs = 0;
        int allowed = 0;
        const auto now = s.clock.now();
        for (const auto& viewer : forest.viewers) {
            std::vector<ItemId> all;
            for (const auto& node : forest.nodes) all.push_back(node.id);
            auto together = reaches(tx, viewer, all, now);
            for (int item = 0; item < std::ssize(forest.nodes); ++item, ++pairs) {
                const auto expected = oracle(forest, viewer, item, now);
                const auto one = sharing::standing(tx, viewer, all[static_cast<std::size_t>(item)], now);
                const auto& bulk = together[static_cast<std::size_t>(item)];
                REQUIRE(Answer{one.role, one.deposit} == expected);
                REQUIRE(Answer{bulk.role, bulk.deposit} == expected);
                REQUIRE(one.can(Action::Deposit) == expected.deposit);
                REQUIRE(one.can(Action::Comment) == (expected.role >= Role::Comment));
                REQUIRE((one.reason.why == Reason::Why::Granted) == (expected != Answer{}));
                allowed += expected != Answer{};
            }
        }
        return std::pair{pairs, allowed};
    });
}

} // namespace

TEST_CASE("can() answers as its rules say, whatever the tree") {
    const auto seed = chosen_seed();
    const int rounds = std::getenv("PREAU_DEEP") ? 100 : 10;
    MESSAGE("PREAU_SEED=" << seed);
    int pairs = 0;
    int allowed = 0;
    on_each_school([&](School& s) {
        for (int round = 0; round < rounds; ++round) {
            CAPTURE(seed);
            CAPTURE(round);
            auto forest = Maker{s, seed + static_cast<std::uint64_t>(round)}.make(60);
            auto [compared, open] = compare(s, forest);
            pairs += compared;
            allowed += open;
        }
    });
    MESSAGE(pairs << " pairs, " << allowed << " of them with some right");
    CHECK(allowed > pairs / 50); // a test in which nobody may do anything proves nothing
    CHECK(allowed < pairs);
}

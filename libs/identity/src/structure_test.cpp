#include "identity_fixture.hpp"

#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {

struct Tree {
    StructureId ministry, academy, department, school, other_school;
};

Tree plant(IdentityFixture& people) {
    return people.db.write_now(
        [&](db::Tx& tx) {
            Tree tree;
            tree.ministry = create_structure(tx, people.ids, {.name = "Ministère", .kind = "ministry"});
            tree.academy = create_structure(tx, people.ids,
                                            {.parent = tree.ministry,
                                             .name = "Académie de La Réunion",
                                             .kind = "academy",
                                             .zone = "Indian/Reunion"});
            tree.department =
                create_structure(tx, people.ids, {.parent = tree.academy, .name = "La Réunion", .kind = "department"});
            tree.school = create_structure(
                tx, people.ids,
                {.parent = tree.department, .name = "Collège Jean-Moulin", .kind = "school", .uai = "9740001A"});
            tree.other_school = create_structure(
                tx, people.ids, {.parent = tree.department, .name = "Collège Hubert-Delisle", .kind = "school"});
            return tree;
        },
        structure_lane);
}

} // namespace

TEST_CASE("a viewer belongs to their groups, to their structures and to all above them") {
    with_people([](IdentityFixture& people) {
        auto tree = plant(people);
        auto group = people.db.write_now([&](db::Tx& tx) {
            add_function(tx, people.teacher, tree.school, "teacher");
            add_function(tx, people.teacher, tree.school, "manager");
            add_function(tx, people.teacher, tree.other_school, "teacher");
            auto made = create_group(tx, people.ids, {.name = "6e B", .kind = "class", .structure = tree.school});
            add_member(tx, made, people.teacher, "owner");
            return made;
        });
        auto viewer = people.viewer(people.session(people.teacher));
        for (auto expected :
             {subject(people.teacher), subject(group), subject(tree.school), subject(tree.other_school),
              subject(tree.department), subject(tree.academy), subject(tree.ministry), signed_in, everybody})
            CHECK(viewer.is(expected));
        CHECK(viewer.subjects.size() == 9); // none twice
        CHECK(std::ranges::is_sorted(viewer.subjects));
        CHECK(viewer.structure_name == "Collège Jean-Moulin"); // the first function's
        CHECK(viewer.zone == "Indian/Reunion");                // inherited when the school was made

        auto colleague = people.viewer(people.session(people.colleague));
        CHECK_FALSE(colleague.is(subject(group)));
        CHECK_FALSE(colleague.is(subject(tree.ministry)));
        CHECK(colleague.zone == "Europe/Paris");
    });
}

TEST_CASE("a structure moves with all below it, and never under itself") {
    with_people([](IdentityFixture& people) {
        auto tree = plant(people);
        auto move = [&](StructureId what, StructureId where) {
            return people.db.write_now([&](db::Tx& tx) { return move_structure(tx, what, where); }, structure_lane);
        };
        for (auto below : {tree.academy, tree.department, tree.school}) {
            auto circle = move(tree.academy, below);
            REQUIRE_FALSE(circle);
            CHECK(circle.error().key == "identity.structure_cycle");
        }
        CHECK(move(StructureId{5}, tree.school).error().key == "identity.structure");
        CHECK(move(tree.school, StructureId{5}).error().key == "identity.structure");

        CHECK(move(tree.department, tree.ministry));
        auto above = people.db.read_now([&](db::Tx& tx) { return structures_above(tx, tree.school); });
        REQUIRE(above.size() == 3);
        CHECK(above[0].id == tree.ministry);
        CHECK(above[1].id == tree.department);
        CHECK(above[2].id == tree.school);
        CHECK(move(tree.department, StructureId{}));
        CHECK(people.db.read_now([&](db::Tx& tx) { return structures_above(tx, tree.school); }).size() == 2);
        CHECK_FALSE(people.db.read_now([&](db::Tx& tx) { return find_structure(tx, tree.department); })->parent);
    });
}

TEST_CASE("two moves at once never close a circle") {
    with_people([](IdentityFixture& people) {
        for (int round = 0; round < 10; ++round) {
            auto [left, right] = people.db.write_now(
                [&](db::Tx& tx) {
                    return std::pair{create_structure(tx, people.ids, {.name = "A", .kind = "academy"}),
                                     create_structure(tx, people.ids, {.name = "B", .kind = "academy"})};
                },
                structure_lane);
            auto move = [&people](StructureId what, StructureId where) {
                (void)people.db.write_now([=](db::Tx& tx) { return move_structure(tx, what, where); }, structure_lane);
            };
            std::thread first{move, left, right}, second{move, right, left};
            first.join();
            second.join();
            auto depths = people.db.read_now(
                [&](db::Tx& tx) { return structures_above(tx, left).size() + structures_above(tx, right).size(); });
            CHECK(depths == 3); // one stands under the other
        }
    });
}

TEST_CASE("the roster of a class is in French order, and its staff are members") {
    with_people([](IdentityFixture& people) {
        auto group = people.db.write_now([&](db::Tx& tx) {
            auto made = create_group(tx, people.ids, {.name = "6e B", .kind = "class"});
            for (auto name : {"Zoé Petit", "Élise Martin", "Emma Durand", "adam Leroy"})
                add_pupil(tx, people.ids, made, name);
            add_member(tx, made, people.teacher, "member");
            add_member(tx, made, people.teacher, "owner"); // twice is a change of role
            return made;
        });
        std::vector<std::string> names;
        for (const auto& pupil : people.db.read_now([&](db::Tx& tx) { return pupils_of(tx, group); })) {
            CHECK(pupil.group == group);
            names.push_back(pupil.name);
        }
        CHECK(names == std::vector<std::string>{"adam Leroy", "Élise Martin", "Emma Durand", "Zoé Petit"});
        auto groups = people.db.read_now([&](db::Tx& tx) { return groups_of(tx, people.teacher); });
        REQUIRE(groups.size() == 1);
        CHECK(groups[0].name == "6e B");
        CHECK(groups[0].kind == "class");
        CHECK(people.db.read_now([&](db::Tx& tx) { return groups_of(tx, people.colleague); }).empty());
        CHECK(people.db.read_now([&](db::Tx& tx) { return find_group(tx, group); })->name == "6e B");
    });
}

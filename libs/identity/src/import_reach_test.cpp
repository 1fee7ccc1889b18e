// Whom an import reaches, and whom it does not: groups that keep numbers, guests, what stands outside a part of the
// tree.
#include "import_fixture.hpp"

#include "identity/groups.hpp"
#include "identity/guests.hpp"

namespace preau::identity {
namespace {

// What the group says of itself, and what a page of it counts one by one.
struct Counted {
    std::int64_t kept = 0, rows = 0, requests = 0;
    bool operator==(const Counted&) const = default;
};
Counted counted(ImportFixture& school, GroupId group) {
    return school.db.read_now([&](db::Tx& tx) {
        const auto card = group_card(tx, group);
        REQUIRE(card);
        return Counted{
            .kept = card->members, .rows = std::ssize(members_of(tx, group, {}, 1000)), .requests = card->requests};
    });
}

GroupId only_class(ImportFixture& school, std::string_view login) {
    const auto classes = school.groups(login);
    REQUIRE(classes.size() == 1);
    return classes[0].id;
}

ImportFiles classes_with(std::string_view teachers, std::string_view name = "6e A") {
    return {.classes = "key;structure;name;year;teachers;pupils\n6a;0590001A;" + std::string{name} + ";2026-2027;" +
                       std::string{teachers} + ";Lina Lemaire|e2:Adam Aubert\n"};
}

} // namespace

TEST_CASE("a class keeps its number of members through an import, what takes it back, and its return") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        const auto group = only_class(school, "anne.petit");
        CHECK(counted(school, group) == Counted{.kept = 2, .rows = 2});
        school.bring(classes_with("p1|p2|p3"));
        CHECK(counted(school, group) == Counted{.kept = 3, .rows = 3});
        school.bring(classes_with("p1|p2")); // the list of before: taken back
        CHECK(counted(school, group) == Counted{.kept = 2, .rows = 2});
        school.bring({.classes = "key;structure;name\n"});
        CHECK(counted(school, group) == Counted{});
        school.bring(whole_school());
        CHECK(counted(school, group) == Counted{.kept = 2, .rows = 2});
    });
}

TEST_CASE("who was in the class already, or asked, or was invited, is counted once and asked no more") {
    with_imports([](ImportFixture& school) {
        auto files = whole_school();
        files.classes = classes_with("p1").classes;
        school.bring(files);
        const auto group = only_class(school, "anne.petit");
        auto id = [&](std::string_view login) {
            return school.db.read_now([&](db::Tx& tx) { return find_person_by_login(tx, login)->id; });
        };
        const auto anne = id("anne.petit"), bea = id("bea.roux"), other = id("anne.petit2");
        school.db.write_now([&](db::Tx& tx) {
            add_member(tx, group, other, "member"); // by hand
            return invite_to_group(tx, *find_viewer(tx, anne), group, bea, school.clock.now()).has_value();
        });
        CHECK(counted(school, group) == Counted{.kept = 2, .rows = 2});
        school.bring(classes_with("p1|p2|p3"));
        CHECK(counted(school, group) == Counted{.kept = 3, .rows = 3});
        school.db.read_now([&](db::Tx& tx) {
            CHECK_FALSE(is_invited(tx, group, bea));
            CHECK(role_in(tx, group, bea) == GroupRole::Owner);
            CHECK(role_in(tx, group, other) == GroupRole::Owner); // the list says that they teach here
        });
        // Another name stands elsewhere in the order of groups.
        const auto sort = [&] { return school.db.read_now([&](db::Tx& tx) { return group_card(tx, group)->sort; }); };
        const auto sixth = sort();
        school.bring(classes_with("p1|p2|p3", "Zénith"));
        CHECK(sort() > sixth);
    });
}

TEST_CASE("a guest is nobody's staff: no list takes one in, and none takes one away") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        const auto guest = school.db.write_now([&](db::Tx& tx) {
            const auto anne = find_person_by_login(tx, "anne.petit")->id;
            return invite_guest(tx, school.ids, *find_viewer(tx, anne),
                                {.name = "Ivan Dehors", .mail = "ivan@asso.fr", .until = school.clock.now() + 60_days},
                                school.clock.now())
                .value()
                .person;
        });
        auto is_there = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                const auto person = find_person(tx, guest);
                return is_guest(tx, guest) && person && !person->disabled && person->mail == "ivan@asso.fr";
            });
        };
        ImportFiles files{.people = std::string{people_list} + "p9;Ivan Dehors;Ivan@asso.fr;0590001A:teacher\n"};
        const auto report = school.bring(files);
        CHECK(report.people.refused == 1); // they become staff when their time as a guest is over, not by an address
        CHECK(is_there());
        school.bring({.people = "key;name;mail;functions\n"});
        CHECK(school.functions_of("anne.petit") == "closed"); // their sponsor, who was of the list
        CHECK(is_there());
    });
}

TEST_CASE("a list for a part of the tree ends nothing outside it, not even of its own source") {
    with_imports([](ImportFixture& school) {
        auto files = whole_school();
        *files.people += "p4;Cora Vidal;;0590001A:teacher\np5;Sans Lieu;;\n";
        school.bring(files);
        const auto college = school.structure("0590001A");
        const ImportOptions part{.within = college};
        // p1 works on both sides, p3 outside, p5 nowhere; p2 and p4 are the college's.
        ImportFiles college_list{.structures = "key;parent;kind;name;uai\n",
                                 .people = "key;name;mail;functions\n"
                                           "p1;Anne Autrement;anne@ac.fr;0590001A:teacher\n"
                                           "p4;Cora Vidal-Roy;;0590001A:teacher\n"
                                           "p6;Nulle Part;;\n",
                                 .classes = "key;structure;name\n"};
        const auto report = school.bring(college_list, part);
        CHECK(report.structures.ends == 0); // the college is not its own to close, the others are not its own at all
        CHECK(report.people.ends == 1);
        CHECK(report.people.changes == 1);
        CHECK(report.people.refused == 2);
        CHECK(report.classes.ends == 1);
        CHECK(school.functions_of("anne.petit") == "Collège A,Lycée B");
        CHECK(school.functions_of("bea.roux") == "closed");
        CHECK(school.functions_of("anne.petit2") == "Lycée B");
        CHECK(school.functions_of("cora.vidal") == "Collège A");
        CHECK(school.functions_of("sans.lieu").empty());
    });
}

} // namespace preau::identity

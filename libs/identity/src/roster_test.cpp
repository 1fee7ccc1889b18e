#include "identity/roster.hpp"

#include "identity_fixture.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

using Names = std::vector<std::string>;

std::vector<Pupil> roster_of(const Names& names) {
    std::vector<Pupil> roster;
    for (const auto& name : names)
        roster.push_back(
            {.id = Id<PupilTag>{static_cast<std::int64_t>(roster.size()) + 1}, .group = GroupId{1}, .name = name});
    return roster;
}

Names added(std::string_view pasted) { return compare_roster({}, pasted).adds; }

struct Classroom {
    explicit Classroom(IdentityFixture& the_school) : school{the_school} {
        id = school.db.write_now([&](db::Tx& tx) {
            auto made = create_group(tx, school.ids, {.name = "6e B", .kind = "class", .structure = {}});
            for (auto name : {"Lina Lemaire", "Adam Aubert"}) add_pupil(tx, school.ids, made, name);
            return made;
        });
    }
    std::vector<Pupil> roster() {
        return school.db.read_now([&](db::Tx& tx) { return pupils_of(tx, id); });
    }
    Names names() {
        Names all;
        for (const auto& pupil : roster()) all.push_back(pupil.name);
        return all;
    }
    Result<RosterChangeId> paste(std::string pasted, std::optional<std::string> mark = {}) {
        RosterWish wish{.group = id,
                        .person = school.teacher,
                        .pasted = std::move(pasted),
                        .mark = mark.value_or(roster_mark(roster()))};
        return school.db.write_now([&](db::Tx& tx) { return paste_roster(tx, school.ids, wish, school.clock.now()); });
    }
    Result<void> take_back(RosterChangeId change) {
        return school.db.write_now([&](db::Tx& tx) { return take_back_roster(tx, id, change); });
    }
    IdentityFixture& school;
    GroupId id;
};

} // namespace

TEST_CASE("a list that is no class is not read to its end, nor compared with everybody") {
    std::string list;
    for (int i = 0; i < 20'000; ++i) list += "a\n";
    Names roster;
    for (int i = 0; i < 200; ++i) roster.push_back("a b" + std::to_string(i));
    const auto difference = compare_roster(roster_of(roster), list);
    CHECK(difference.adds.size() == most_pupils + 1); // enough to be refused
}

TEST_CASE("names come one a line, or in two columns of a spreadsheet, shouted or not") {
    CHECK(added("Lina Lemaire\nAdam Aubert\n") == Names{"Lina Lemaire", "Adam Aubert"});
    CHECK(added("LEMAIRE\tLina\r\nD'ANGÉLY\tZoé\r\n") == Names{"Lina Lemaire", "Zoé D'Angély"});
    CHECK(added("Nom;Prénom\nLEMAIRE-ROY;Lina\n") == Names{"Lina Lemaire-Roy"});
    CHECK(added("Prénom\tNom\nLina\tLEMAIRE\n") == Names{"Lina Lemaire"});
    CHECK(added("Élève\nLina Lemaire\n\n\n") == Names{"Lina Lemaire"});
    CHECK(added("LEMAIRE ROY Lina\n") == Names{"Lina Lemaire Roy"});
    CHECK(added("McDonald\tRonan\n") == Names{"Ronan McDonald"});
    CHECK(added("").empty());
}

TEST_CASE("a pupil written otherwise stays the same pupil") {
    auto difference = compare_roster(roster_of({"Lina Lemaire", "Adam Aubert", "Zoe Roux", "Noé Vidal"}),
                                     "LEMAIRE Lina\nAdam Aubert-Roy\nZoé Roux\nInès Petit\n");
    CHECK(difference.unchanged == 1);
    REQUIRE(difference.renames.size() == 2);
    CHECK(std::ranges::any_of(difference.renames, [](const auto& r) {
        return r.pupil.name == "Adam Aubert" && r.name == "Adam Aubert-Roy";
    }));
    CHECK(difference.adds == Names{"Inès Petit"});
    REQUIRE(difference.removes.size() == 1);
    CHECK(difference.removes[0].name == "Noé Vidal");
}

TEST_CASE("brothers and sisters are not taken for each other") {
    auto difference = compare_roster(roster_of({"Lina Lemaire", "Hugo Lemaire"}), "Emma Lemaire\nLéo Lemaire\n");
    CHECK(difference.renames.empty());
    CHECK(difference.adds.size() == 2);
    CHECK(difference.removes.size() == 2);
}

TEST_CASE("two of the same name are two") {
    auto difference = compare_roster(roster_of({"Emma Martin"}), "Emma Martin\nEmma Martin\n");
    CHECK(difference.unchanged == 1);
    CHECK(difference.adds == Names{"Emma Martin"});
}

TEST_CASE("a list is pasted, and taken back as if it had never been") {
    with_people([](IdentityFixture& school) {
        Classroom room{school};
        const auto before = room.roster();
        auto change = room.paste("Lina Lemaire-Roy\nZoé Zola\n");
        REQUIRE(change);
        CHECK(room.names() == Names{"Lina Lemaire-Roy", "Zoé Zola"});
        CHECK(room.take_back(*change));
        const auto after = room.roster();
        REQUIRE(after.size() == before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            CHECK(after[i].id == before[i].id);
            CHECK(after[i].name == before[i].name);
        }
        auto again = room.take_back(*change);
        REQUIRE_FALSE(again);
        CHECK(again.error().key == "identity.roster_nothing");
    });
}

TEST_CASE("somebody who was quicker is not overwritten, neither by pasting nor by taking back") {
    with_people([](IdentityFixture& school) {
        Classroom room{school};
        const auto seen = roster_mark(room.roster());
        auto change = room.paste("Lina Lemaire\n");
        REQUIRE(change);
        auto late = room.paste("Adam Aubert\n", seen);
        REQUIRE_FALSE(late);
        CHECK(late.error().key == "identity.roster_changed");
        school.db.write_now([&](db::Tx& tx) { add_pupil(tx, school.ids, room.id, "Zoé Zola"); });
        auto back = room.take_back(*change);
        REQUIRE_FALSE(back);
        CHECK(back.error().key == "identity.roster_changed");
        CHECK(room.names() == Names{"Lina Lemaire", "Zoé Zola"});
        CHECK(room.paste("").error().key == "identity.roster_empty");
        std::string crowd;
        for (int i = 0; i < 201; ++i) crowd += "Élève " + std::to_string(i) + "\n";
        CHECK(room.paste(crowd).error().key == "identity.roster_long");
    });
}

} // namespace preau::identity

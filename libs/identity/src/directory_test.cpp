#include "identity/directory.hpp"

#include "directory_words.hpp"
#include "identity_fixture.hpp"

#include <fmt/core.h>

using namespace preau;
using namespace preau::identity;

namespace {

using Names = std::vector<std::string>;

struct Town : IdentityFixture {
    explicit Town(db::Database& database) : IdentityFixture{database} {
        db.write_now([this](db::Tx& tx) {
            college = create_structure(tx, ids, {.name = "Collège Jean-Moulin", .kind = "school"});
            elsewhere = create_structure(tx, ids, {.name = "Lycée Berthelot", .kind = "school"});
            add_function(tx, teacher, college, "teacher");
            class_6b = create_group(tx, ids, {.name = "6e B", .kind = "class", .structure = college});
            team = create_group(tx, ids, {.name = "Équipe bernacle", .kind = "group"});
        });
    }
    PersonId in(StructureId structure, std::string login, std::string name) {
        auto made = person(std::move(login), std::move(name));
        db.write_now([&](db::Tx& tx) { add_function(tx, made, structure, "teacher"); });
        return made;
    }
    std::vector<Found> find(std::string typed, std::optional<PersonId> who = {}) {
        return db.read_now(
            [&](db::Tx& tx) { return search_directory(tx, *find_viewer(tx, who.value_or(teacher)), typed); });
    }
    Names names(std::string typed, std::optional<PersonId> who = {}) {
        Names names;
        for (auto& found : find(std::move(typed), who)) names.push_back(found.name);
        return names;
    }

    StructureId college, elsewhere;
    GroupId class_6b, team;
};

template <class Body> void in_town(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        Town town{db};
        body(town);
    });
}

const db::Query empty_sql{"directory_test.empty", "DELETE FROM directory"};
const db::Query again_sql{"directory_test.again",
                          "INSERT INTO directory_entered (kind, done) VALUES (1, 0), (2, 0), (3, 0)"};

} // namespace

TEST_CASE("people are found by any part of their names, however they are typed") {
    in_town([](Town& town) {
        town.in(town.college, "lea", "Léa-Marie D’Œuvres Lefèvre");
        for (std::string typed : {"léa", "LEA", "oeuv", "lefe", "lefèvre lé", "marie lea", "marie oeuvres lefevre",
                                  "  lea,  marie ", "lef mar", "d'oeuvres"})
            CHECK_MESSAGE(town.names(typed) == Names{"Léa-Marie D’Œuvres Lefèvre"}, typed);
        for (std::string typed : {"", " ", "-’", "leaa", "éa", "lefevre camille", "\xff", "lea%", "_ea"})
            CHECK_MESSAGE(town.names(typed) == (typed == "lea%" ? Names{"Léa-Marie D’Œuvres Lefèvre"} : Names{}),
                          typed);
        auto found = town.find("lea");
        REQUIRE(found.size() == 1);
        CHECK(found[0].function == "teacher");
        CHECK(found[0].place == "Collège Jean-Moulin");
    });
}

TEST_CASE("those of one's own school come first, then the others, each once") {
    in_town([](Town& town) {
        town.in(town.elsewhere, "anna", "Anna Bernard");
        auto near = town.in(town.college, "zoe", "Zoé Bernard");
        town.db.write_now([&](db::Tx& tx) { add_function(tx, near, town.elsewhere, "head"); });
        // Folded keys give the order inside: "bernard anna", "bernard camille".
        CHECK(town.names("bern") == Names{"Camille Bernard", "Zoé Bernard", "Anna Bernard"});
        CHECK(town.names("ber", town.colleague) ==
              Names{"Anna Bernard", "Camille Bernard", "Zoé Bernard", "Lycée Berthelot"});
    });
}

TEST_CASE("a closed account is not found, and is again when it is opened") {
    in_town([](Town& town) {
        town.in(town.college, "zoe", "Zoé Petit");
        auto zoe = town.find("zoe").at(0).subject;
        auto close = [&](bool closed) {
            town.db.write_now([&](db::Tx& tx) { set_disabled(tx, PersonId{zoe.id}, closed); });
        };
        close(true);
        CHECK(town.names("zoe").empty());
        town.db.write_now([&](db::Tx& tx) { add_function(tx, PersonId{zoe.id}, town.elsewhere, "head"); });
        CHECK(town.names("petit").empty());
        auto named = town.db.read_now([&](db::Tx& tx) { return names_of(tx, {zoe}); });
        CHECK(named.at(zoe).closed); // grants that she holds still have a name
        close(false);
        CHECK(town.names("zoe") == Names{"Zoé Petit"});
        CHECK(town.names("petit zo") == Names{"Zoé Petit"});
    });
}

TEST_CASE("groups are found by who belongs to them or works in their school, structures by everybody") {
    in_town([](Town& town) {
        CHECK(town.names("6e") == Names{"6e B"});
        CHECK(town.names("6e", town.colleague).empty()); // works nowhere
        CHECK(town.names("bernacle").empty());
        town.db.write_now([&](db::Tx& tx) { add_member(tx, town.team, town.teacher, "member"); });
        CHECK(town.names("bernac") == Names{"Équipe bernacle"});
        CHECK(town.names("moulin", town.colleague) == Names{"Collège Jean-Moulin"});
        CHECK(town.names("lycee ber") == Names{"Lycée Berthelot"});
        CHECK(town.db.read_now([](db::Tx& tx) { return search_directory(tx, Viewer{}, "6e"); }).empty());
        auto near = town.db.read_now([&](db::Tx& tx) { return nearest(tx, *find_viewer(tx, town.teacher)); });
        REQUIRE(near.size() == 2);
        CHECK(near[0].name == "Équipe bernacle");
        CHECK(near[1].name == "Collège Jean-Moulin");
    });
}

TEST_CASE("among many of one name twenty are answered, by as many queries and rows as among few") {
    in_town([](Town& town) {
        auto cost = [&](std::string typed) {
            return town.db.read_now([&](db::Tx& tx) {
                auto found = search_directory(tx, *find_viewer(tx, town.teacher), typed);
                CHECK(found.size() <= 20);
                return std::pair{tx.query_count(), found.size()};
            });
        };
        auto before = cost("martin");
        CHECK(before.second == 0);
        town.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 300; ++i)
                CHECK(create_person(tx, town.ids, 0,
                                    {.login = fmt::format("m{}", i), .name = fmt::format("Paul{} Martin", i)}));
        });
        auto after = cost("martin");
        CHECK(after.second == 20);
        CHECK(after.first == before.first);
        CHECK(town.names("martin paul299") == Names{"Paul299 Martin"}); // exact although 300 begin so
        CHECK(town.names("paul299 mar") == Names{"Paul299 Martin"});
    });
}

TEST_CASE("long names have a bounded number of keys") {
    CHECK(directory_keys("Camille Bernard") == Names{"camille bernard", "bernard camille"});
    CHECK(directory_keys("Jean Jean") == Names{"jean"});
    CHECK(directory_keys("…").empty());
    CHECK(directory_keys("a b c d e f g h i j").size() == 30);
}

TEST_CASE("who was there before the directory is entered once, also in several goes") {
    in_town([](Town& town) {
        town.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 1100; ++i)
                CHECK(create_person(tx, town.ids, 0,
                                    {.login = fmt::format("p{}", i), .name = fmt::format("Ali Numéro{}", i)}));
            set_disabled(tx, town.colleague, true);
        });
        fill_directory(town.db); // a fresh installation: nothing to do but to note it
        town.db.write_now([](db::Tx& tx) {
            tx.execute(empty_sql, {});
            tx.execute(again_sql, {});
        });
        CHECK(town.names("bernard").empty());
        fill_directory(town.db);
        CHECK(town.names("bernard") == Names{"Camille Bernard"});
        CHECK(town.names("numero1099") == Names{"Ali Numéro1099"});
        CHECK(town.names("nadia").empty());
        CHECK(town.names("6e") == Names{"6e B"});
        CHECK(town.names("moulin") == Names{"Collège Jean-Moulin"});
        fill_directory(town.db); // and nothing the next time
    });
}

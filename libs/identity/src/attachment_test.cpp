// Functions with dates: what begins, what ends, and that nothing is left of what has ended.
#include "realm_fixture.hpp"

#include "identity/directory.hpp"
#include "identity/people_list.hpp"

#include "db/checks.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

std::vector<std::string> below(Realm& realm, StructureId structure) {
    std::vector<std::string> names;
    for (const auto& row :
         realm.db.read_now([&](db::Tx& tx) { return list_people(tx, {.structure = structure}, {}, 100).rows; }))
        names.push_back(row.name);
    return names;
}

bool belongs(Realm& realm, PersonId person, StructureId structure) {
    return realm.db.read_now([&](db::Tx& tx) { return find_viewer(tx, person)->is(subject(structure)); });
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("a teacher here is a trainer there, each with its dates") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        const auto begins = realm.now() + 10_days, ends = realm.now() + 20_days;
        auto given = realm.function(teacher, realm.delisle, "trainer", begins, ends);
        REQUIRE(given);
        CHECK(given->state == Attachment::State::ToCome);
        CHECK_FALSE(belongs(realm, teacher, realm.delisle));
        CHECK(below(realm, realm.reunion).empty());
        CHECK(realm.turn() == 0);

        realm.people.clock.advance(10_days);
        CHECK(realm.turn() == 1);
        CHECK(belongs(realm, teacher, realm.delisle));
        CHECK(belongs(realm, teacher, realm.reunion));
        CHECK(belongs(realm, teacher, realm.moulin));
        CHECK(below(realm, realm.reunion) == Names{"Camille Bernard"});

        realm.people.clock.advance(10_days);
        CHECK(realm.turn() == 1);
        CHECK_FALSE(belongs(realm, teacher, realm.delisle));
        CHECK_FALSE(belongs(realm, teacher, realm.reunion));
        CHECK(belongs(realm, teacher, realm.ministry)); // by the school
        CHECK(below(realm, realm.reunion).empty());
        CHECK(below(realm, realm.moulin) == Names{"Camille Bernard", "Hélène Rousseau"});
        auto lines = realm.db.read_now([&](db::Tx& tx) { return functions_of(tx, teacher, 10); });
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].structure_name == "Collège Jean-Moulin");
        CHECK(lines[1].attachment.state == Attachment::State::Over);
        CHECK(realm.turn() == 0);
    });
}

TEST_CASE("an end that is set acts at once, in the directory too; the main structure is another one") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        CHECK(realm.function(teacher, realm.curie, "teacher"));
        auto end = [&](StructureId structure, std::optional<Millis> until) {
            return realm.db.write_now([&](db::Tx& tx) -> Result<Attachment> {
                for (const auto& line : functions_of(tx, teacher, 10))
                    if (line.attachment.structure == structure)
                        return set_function_end(tx, line.attachment, until, realm.now());
                return not_found("test");
            });
        };
        CHECK(end(realm.moulin, realm.now() + 1_days)->state == Attachment::State::InForce);
        CHECK(belongs(realm, teacher, realm.moulin));
        CHECK(end(realm.moulin, std::nullopt)->until_at == std::nullopt); // not after all
        CHECK(end(realm.moulin, realm.now())->state == Attachment::State::Over);
        CHECK_FALSE(belongs(realm, teacher, realm.moulin));
        CHECK(belongs(realm, teacher, realm.lille));
        CHECK(end(realm.moulin, realm.now() + 1_days).error().key == "identity.function");
        auto viewer = realm.db.read_now([&](db::Tx& tx) { return *find_viewer(tx, teacher); });
        CHECK(viewer.structure_name == "Collège Marie-Curie");
        CHECK(realm.function(teacher, realm.moulin, "teacher")); // and comes back
        CHECK(belongs(realm, teacher, realm.moulin));
    });
}

TEST_CASE("what cannot be is refused") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        const auto now = realm.now();
        CHECK(realm.function(teacher, realm.moulin, "teacher").error().key == "identity.function_there");
        CHECK(realm.function(teacher, realm.moulin, "Professeur !").error().key == "identity.function_malformed");
        CHECK(realm.function(teacher, StructureId{5}, "trainer").error().key == "identity.structure");
        CHECK(realm.function(teacher, realm.curie, "trainer", now + 2_days, now + 1_days).error().key ==
              "identity.function_dates");
        CHECK(realm.function(teacher, realm.curie, "trainer", now - 9_days, now - 1_days).error().key ==
              "identity.function_dates");
        CHECK(realm.function(teacher, realm.curie, "trainer", now + 1_days, now + 3_days));
        CHECK(realm.function(teacher, realm.curie, "trainer", now + 2_days).error().key == "identity.function_there");
        CHECK(realm.function(teacher, realm.curie, "trainer", now + 3_days)); // the day the other ends
    });
}

TEST_CASE("two periods of one function that meet leave no gap and no ghost") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        const auto now = realm.now();
        CHECK(realm.function(teacher, realm.curie, "trainer", 0, now + 3_days));
        CHECK(realm.function(teacher, realm.curie, "trainer", now + 3_days, now + 5_days));
        realm.people.clock.advance(3_days);
        CHECK(realm.turn() == 2);
        CHECK(belongs(realm, teacher, realm.curie));
        realm.people.clock.advance(2_days);
        CHECK(realm.turn() == 1);
        CHECK_FALSE(belongs(realm, teacher, realm.curie));
    });
}

TEST_CASE("a function whose days passed while nobody looked never was in force") {
    in_realm([](Realm& realm) {
        const auto now = realm.now();
        CHECK(realm.function(realm.people.teacher, realm.curie, "trainer", now + 1_days, now + 2_days));
        realm.people.clock.advance(5_days);
        CHECK(realm.turn() == 1);
        CHECK_FALSE(belongs(realm, realm.people.teacher, realm.curie));
    });
}

TEST_CASE("a person in 500 structures is listed once, and costs no more to look at") {
    in_realm([](Realm& realm) {
        const auto teacher = realm.people.teacher;
        realm.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 500; ++i) {
                auto made =
                    create_structure(tx, realm.people.ids,
                                     {.parent = realm.reunion, .name = "École " + std::to_string(i), .kind = "school"});
                add_function(tx, teacher, made, "teacher");
            }
        });
        CHECK(below(realm, realm.reunion) == Names{"Camille Bernard"});
        realm.db.read_now([&](db::Tx& tx) {
            CHECK_QUERIES(tx, 1, CHECK(functions_of(tx, teacher, 50).size() == 50));
            CHECK(find_viewer(tx, teacher)->subjects.size() == 500 + 4 + 3); // with Moulin, Lille, Réunion, ministry
        });
    });
}

TEST_CASE("who is called otherwise stands where the new name does, once") {
    in_realm([](Realm& realm) {
        REQUIRE(realm.db.write_now([&](db::Tx& tx) { return set_name(tx, realm.people.teacher, "Zoé Bernard"); }));
        CHECK(below(realm, realm.moulin) == Names{"Hélène Rousseau", "Zoé Bernard"});
        CHECK(below(realm, realm.ministry).size() == 4);
    });
}

TEST_CASE("a structure moves with its people, who stand below what is above it now") {
    in_realm([](Realm& realm) {
        realm.db.write_now([&](db::Tx& tx) { return move_structure(tx, realm.moulin, realm.reunion); }, structure_lane);
        CHECK(below(realm, realm.reunion) == Names{"Camille Bernard", "Hélène Rousseau"});
        CHECK(below(realm, realm.lille) == Names{"Nadia Haddad", "Odile Rector"});
        CHECK(below(realm, realm.ministry).size() == 4);
        // Who works in both stays.
        CHECK(realm.function(realm.head, realm.lille, "inspector"));
        realm.db.write_now([&](db::Tx& tx) { return move_structure(tx, realm.moulin, realm.lille); }, structure_lane);
        realm.db.write_now([&](db::Tx& tx) { return move_structure(tx, realm.moulin, realm.reunion); }, structure_lane);
        CHECK(below(realm, realm.lille) == Names{"Hélène Rousseau", "Nadia Haddad", "Odile Rector"});
        realm.db.write_now([&](db::Tx& tx) { return move_structure(tx, realm.moulin, {}); }, structure_lane);
        CHECK(below(realm, realm.ministry).size() == 3);
    });
}

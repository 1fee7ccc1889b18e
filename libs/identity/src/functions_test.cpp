#include "identity/functions.hpp"

#include "identity/directory.hpp"
#include "identity/people_list.hpp"
#include "identity_fixture.hpp"

#include "db/checks.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

struct Schools : IdentityFixture {
    explicit Schools(db::Database& database) : IdentityFixture{database} {
        db.write_now([this](db::Tx& tx) {
            academy = create_structure(tx, ids, {.name = "Académie de Lille", .kind = "academy"});
            college = create_structure(tx, ids, {.parent = academy, .name = "Collège Jean-Moulin", .kind = "school"});
            elsewhere = create_structure(tx, ids, {.name = "Académie de Dijon", .kind = "academy"});
            add_function(tx, teacher, college, "teacher");
            add_function(tx, colleague, college, "head");
        });
    }
    Viewer viewer_of(PersonId person) {
        return db.read_now([&](db::Tx& tx) { return find_viewer(tx, person).value(); });
    }
    Result<Subject> address(std::string function, StructureId structure) {
        return db.write_now([&](db::Tx& tx) { return address_function(tx, function, structure); });
    }
    StructureId academy, college, elsewhere;
};

template <class Body> void with_schools(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        Schools schools{db};
        body(schools);
    });
}

} // namespace

TEST_CASE("teachers below an académie are who teaches there at the moment of asking") {
    with_schools([](Schools& s) {
        const auto teachers = s.address("teacher", s.academy).value();
        CHECK(teachers == function_in("teacher", s.academy));
        CHECK(s.viewer_of(s.teacher).is(teachers));
        CHECK_FALSE(s.viewer_of(s.colleague).is(teachers)); // leads, does not teach
        const auto heads = s.address("head", s.college).value();
        CHECK(s.viewer_of(s.colleague).is(heads));
        CHECK_FALSE(s.viewer_of(s.teacher).is(heads));
        const auto far = s.address("teacher", s.elsewhere).value();
        CHECK_FALSE(s.viewer_of(s.teacher).is(far));
    });
}

TEST_CASE("a viewer carries only the functions that something was given to") {
    with_schools([](Schools& s) {
        const auto before = s.viewer_of(s.teacher).subjects.size();
        s.address("head", s.academy).value();
        CHECK(s.viewer_of(s.teacher).subjects.size() == before);
        s.address("teacher", s.academy).value();
        s.address("teacher", s.academy).value(); // again is the same
        CHECK(s.viewer_of(s.teacher).subjects.size() == before + 1);
    });
}

TEST_CASE("what a viewer is costs as many queries as ever") {
    with_schools([](Schools& s) {
        for (const auto& function : functions_in_use()) s.address(function, s.academy).value();
        s.db.read_now([&](db::Tx& tx) { CHECK_QUERIES(tx, 2, find_viewer(tx, s.teacher)); });
    });
}

TEST_CASE("a function is a word, its structure exists, and both have names again") {
    with_schools([](Schools& s) {
        CHECK(s.address("Teacher!", s.academy).error().key == "identity.function_word");
        CHECK(s.address("", s.academy).error().key == "identity.function_word");
        CHECK(s.address("teacher", StructureId{12345}).error().key == "identity.structure");
        const auto teachers = s.address("teacher", s.college).value();
        auto names = s.db.read_now([&](db::Tx& tx) { return names_of(tx, {teachers}); });
        REQUIRE(names.contains(teachers));
        CHECK(names.at(teachers).name == "Collège Jean-Moulin");
        CHECK(names.at(teachers).function == "teacher");
        CHECK(names.at(teachers).place == "Académie de Lille");
        CHECK(function_in("teacher", s.college) != function_in("head", s.college));
        CHECK(function_in("teacher", s.college) != function_in("teacher", s.academy));
    });
}

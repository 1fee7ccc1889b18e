// "Enseignants — Collège X": chosen in the dialog's field, given, held by who teaches there or below, shown in words.
#include "base/json.hpp"
#include "identity/functions.hpp"
#include "identity/groups.hpp"
#include "identity/guests.hpp"
#include "sharing/share.hpp"
#include "sharing/shared_with.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

struct Academy : Site {
    explicit Academy(db::Database& database) : Site{database} {
        director = person("director", "Hélène Rousseau");
        far = person("far", "Maxime Payet");
        db.write_now([this](db::Tx& tx) {
            academy = identity::create_structure(tx, ids, {.name = "Académie de Lille", .kind = "academy"});
            college = identity::create_structure(tx, ids,
                                                 {.parent = academy, .name = "Collège Jean-Moulin", .kind = "school"});
            elsewhere = identity::create_structure(tx, ids, {.name = "Lycée Berthelot", .kind = "school"});
            for (auto who : {teacher, colleague}) identity::add_function(tx, who, college, "teacher");
            identity::add_function(tx, director, college, "head");
            identity::add_function(tx, far, elsewhere, "teacher");
        });
    }
    Viewer as(PersonId who) {
        return db.read_now([&](db::Tx& tx) { return identity::find_viewer(tx, who).value(); });
    }
    http::TestAnswer put(std::string target, std::string body, std::string cookies) {
        return send(http::Method::Put, std::move(target), std::move(body), std::move(cookies), "application/json");
    }
    http::TestAnswer remove(std::string target, std::string cookies) {
        return send(http::Method::Delete, std::move(target), {}, std::move(cookies));
    }
    bool sees(PersonId who) {
        return db.read_now([&](db::Tx& tx) { return can(tx, as(who), Action::View, folder, clock.now()); });
    }
    std::vector<std::string> found(const std::string& cookies, std::string typed, std::string_view member = "name") {
        std::vector<std::string> list;
        auto body = json::parse(get("/api/sharing/subjects?q=" + typed, cookies).body);
        REQUIRE(body.has_value());
        const auto subjects = (*body)["subjects"];
        for (std::size_t i = 0; i < subjects.size(); ++i) list.push_back(*subjects.at(i)[member].text());
        return list;
    }
    PersonId director, far;
    StructureId academy, college, elsewhere;
};

template <class Body> void in_academy(Body body) {
    auto list = identity::migrations();
    for (const auto& part : {jobs::migrations(), mail::migrations(), migrations()})
        list.insert(list.end(), part.begin(), part.end());
    db::on_each_engine(list, [&](db::Database& database) {
        Academy academy{database};
        body(academy);
    });
}
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("teachers of a school are found in the dialog's field, by what they are and where") {
    in_academy([](Academy& s) {
        auto camille = s.cookie(s.teacher);
        CHECK(s.found(camille, "enseignants") == Names{"Enseignants — Collège Jean-Moulin"});
        CHECK(s.found(camille, "enseignants%20berth") == Names{"Enseignants — Lycée Berthelot"});
        CHECK(s.found(camille, "direction%20moulin") == Names{"Direction — Collège Jean-Moulin"});
        CHECK(s.found(camille, "en").empty()); // begins too much
        CHECK(s.found(camille, "enseignants", "to") == Names{"function-teacher-" + to_text(s.college)});
    });
}

TEST_CASE("what is given to the teachers below an académie reaches who teaches there, and nobody else") {
    in_academy([](Academy& s) {
        auto camille = s.cookie(s.teacher);
        CHECK_FALSE(s.sees(s.colleague));
        const auto grants = "/api/sharing/items/" + to_text(s.folder) + "/grants/";
        const auto to = "function-teacher-" + to_text(s.academy);
        CHECK(s.put(grants + to, R"({"role": "view"})", camille).status == 204);
        CHECK(s.sees(s.colleague));
        CHECK_FALSE(s.sees(s.director));
        CHECK_FALSE(s.sees(s.far));
        auto access = s.get("/api/sharing/items/" + to_text(s.folder) + "/access", camille).body;
        CHECK(access.contains("Enseignants — Académie de Lille"));
        CHECK(s.get("/share/" + to_text(s.folder), camille).body.contains("Enseignants — Académie de Lille"));
        CHECK(s.put(grants + "function-Wizard!-" + to_text(s.academy), R"({"role": "view"})", camille).status == 422);
        CHECK(s.put(grants + "function-teacher-zzz", R"({"role": "view"})", camille).status == 404);
        CHECK(s.put(grants + to, R"({"role": "manage"})", camille).status == 422); // many never manage
        REQUIRE(s.db.write_now([&](db::Tx& tx) { return identity::move_structure(tx, s.college, s.elsewhere); }));
        CHECK_FALSE(s.sees(s.colleague)); // the school left the académie
        REQUIRE(s.db.write_now([&](db::Tx& tx) { return identity::move_structure(tx, s.college, s.academy); }));
        CHECK(s.sees(s.colleague));
        CHECK(s.remove(grants + to, camille).status == 204);
        CHECK_FALSE(s.sees(s.colleague));
    });
}

TEST_CASE("it stands among what was shared with a teacher, and in what its giver shares") {
    in_academy([](Academy& s) {
        auto camille = s.cookie(s.teacher);
        const auto to = "function-teacher-" + to_text(s.college);
        s.put("/api/sharing/items/" + to_text(s.folder) + "/grants/" + to, R"({"role": "edit"})", camille);
        auto shared = s.db.read_now([&](db::Tx& tx) {
            return shared_with(tx, s.as(s.colleague), Hidden::Without, {}, 10, s.clock.now()).rows;
        });
        REQUIRE(shared.size() == 1);
        CHECK(shared[0].item.id == s.folder);
        CHECK(s.get("/share/mine?show=people", camille).body.contains("Enseignants — Collège Jean-Moulin"));
    });
}

TEST_CASE("a guest shares with people and their groups, and with nobody at large") {
    in_academy([](Academy& s) {
        const auto guest = s.db.write_now([&](db::Tx& tx) {
            return identity::invite_guest(
                       tx, s.ids, s.as(s.teacher),
                       {.name = "Inès Roy", .mail = "ines@musee.example", .until = s.clock.now() + 1_days},
                       s.clock.now())
                .value()
                .person;
        });
        auto ines = s.cookie(guest);
        CHECK(s.found(ines, "nad").empty());
        CHECK(s.found(ines, "enseignants").empty());
        CHECK(s.found(ines, "").empty());
        auto item = s.db.write_now([&](db::Tx& tx) {
            auto space = personal_space(tx, s.world, guest, "Mes fichiers");
            return create_item(tx, s.world, s.as(guest), {.parent = space, .kind = "folder", .title = "Affiches"})->id;
        });
        const auto grants = "/api/sharing/items/" + to_text(item) + "/grants/";
        for (auto to : {std::string{"signed-in"}, std::string{"public"}, "structure-" + to_text(s.college),
                        "function-teacher-" + to_text(s.college)})
            CHECK_MESSAGE(s.put(grants + to, R"({"role": "view"})", ines).status == 403, to);
        CHECK(s.put(grants + "person-" + to_text(s.teacher), R"({"role": "view"})", ines).status == 204);
    });
}

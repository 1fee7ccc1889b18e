#include "identity/administration.hpp"
#include "portal/announcement/announcement.hpp"
#include "portal/portal_fixture.hpp"
#include "web/page_check.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

Fields circular(TestPortal& school, std::string title = "Sécurité : exercice <mardi>") {
    return {{"title_fr", title},
            {"body_fr", "Rendez-vous à **10 h** dans la cour.\n\n# Consignes\n\n- calme"},
            {"until", "2026-10-01"},
            {"structure", to_text(school.school)}};
}
Fields with(Fields fields, Fields more) {
    for (auto& field : more) fields.push_back(field);
    return fields;
}

std::string publish_it(Visitor who, const Fields& fields) { // answers "/announcements/6k2…"
    auto answer = who.post("/announcements/new", fields);
    REQUIRE_MESSAGE(answer.status == 303, answer.body);
    const std::string target{location(answer)};
    return target.substr(0, target.find('?'));
}

} // namespace

TEST_CASE("a head announces to the school: it stands on the home of everybody there until read") {
    on_each_portal([](TestPortal& school) {
        auto head = school.as(school.head);
        auto page = publish_it(head, circular(school));
        auto camille = school.as(school.teacher);
        auto home = camille.get("/").body;
        CHECK(home.contains("Sécurité : exercice &lt;mardi&gt;"));
        CHECK(home.contains("Rendez-vous à 10 h dans la cour."));
        CHECK(home.contains(page));
        auto read = camille.get(page);
        CHECK(read.status == 200);
        CHECK(read.body.contains("<strong>10 h</strong>"));
        CHECK(read.body.contains("<h2>Consignes</h2>"));
        CHECK_FALSE(read.body.contains("Retirer maintenant"));
        CHECK_FALSE(camille.get("/").body.contains("Rendez-vous"));
        CHECK(camille.get("/announcements").body.contains("exercice"));
        auto victor = school.as(school.stranger);
        CHECK(victor.post(page + "/dismiss").status == 303);
        CHECK_FALSE(victor.get("/").body.contains("Rendez-vous"));
        auto outside = school.as(school.outsider);
        CHECK_FALSE(outside.get("/").body.contains("exercice"));
        CHECK_FALSE(outside.get("/announcements").body.contains("exercice"));
        CHECK(outside.get(page).status == 404);
        CHECK(outside.post(page + "/dismiss").status == 404);
        CHECK(school.browser().get(page).status == 303);
    });
}

TEST_CASE("of a function only those hear who have it, and by one row, not one each") {
    on_each_portal([](TestPortal& school) {
        auto page = publish_it(school.as(school.head), with(circular(school), {{"function", "secretary"}}));
        CHECK(school.as(school.secretary).get("/").body.contains("exercice"));
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
        CHECK(school.as(school.teacher).get(page).status == 404);
        auto counts = school.db.read_now([](db::Tx& tx) {
            static const db::Query lines{"test.announcement_lines", "SELECT COUNT(*) FROM announcement_audience"};
            static const db::Query marks{"test.announcement_marks", "SELECT COUNT(*) FROM announcement_mark"};
            return std::pair{tx.one<std::int64_t>(lines, {}).value(), tx.one<std::int64_t>(marks, {}).value()};
        });
        CHECK(counts.first == 1);
        CHECK(counts.second == 0);
    });
}

TEST_CASE("who may speak to whom: heads and secretaries below themselves, animators to their group, others to nobody") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        CHECK_FALSE(camille.get("/announcements").body.contains("/announcements/new"));
        CHECK(camille.get("/announcements/new").status == 403);
        CHECK(camille.post("/announcements/new", circular(school)).status == 403);
        auto head = school.as(school.head);
        auto elsewhere = circular(school);
        elsewhere.back().second = to_text(school.elsewhere);
        auto refused = head.post("/announcements/new", elsewhere);
        CHECK(refused.status == 422);
        CHECK(refused.body.contains("Vous ne pouvez pas vous adresser"));
        CHECK(head.post("/announcements/new", with(circular(school), {{"everyone", "1"}})).status == 422);
        CHECK(head.post("/announcements/new", with(circular(school), {{"function", "wizard"}})).status == 422);
        auto nobody = circular(school);
        nobody.pop_back();
        CHECK(head.post("/announcements/new", nobody).body.contains("Choisissez à qui"));
        auto group = camille.post("/groups/new", {{"name", "Sciences"}, {"joining", "closed"}});
        const auto target = std::string{location(group)};
        const auto id = target.substr(8, target.find('?') - 8);
        nobody.push_back({"group", id});
        CHECK(school.as(school.stranger).post("/announcements/new", nobody).status == 403);
        auto page = publish_it(camille, nobody);
        CHECK(camille.get("/").body.contains("exercice")); // is in the group
        CHECK(school.as(school.administrator)
                  .post("/announcements/new", with(circular(school), {{"everyone", "1"}, {"confirmed", "1"}}))
                  .status == 303);
        CHECK(school.as(school.outsider).get("/").body.contains("exercice"));
    });
}

TEST_CASE("what is written is checked beside its field") {
    on_each_portal([](TestPortal& school) {
        auto head = school.as(school.head);
        auto without = [&](std::string name, std::string value) {
            auto fields = circular(school);
            for (auto& [key, text] : fields)
                if (key == name) text = value;
            return head.post("/announcements/new", fields);
        };
        CHECK(without("title_fr", "x").body.contains("title-fr-problem"));
        CHECK(without("body_fr", "").body.contains("body-fr-problem"));
        CHECK(without("until", "2026-01-01").body.contains("until-problem"));
        CHECK(without("until", "2029-01-01").body.contains("until-problem"));
        CHECK(without("until", "nonsense").status == 422);
        auto half = head.post("/announcements/new", with(circular(school), {{"title_en", "Drill on Tuesday"}}));
        CHECK(half.body.contains("body-en-problem"));
        CHECK(half.body.contains("Drill on Tuesday")); // nothing typed is lost
        CHECK(half.body.contains("checked"));
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
    });
}

TEST_CASE("each reads it in their own language, and in French where there is no English") {
    on_each_portal([](TestPortal& school) {
        publish_it(school.as(school.head),
                   with(circular(school), {{"title_en", "Fire drill"}, {"body_en", "At ten in the yard."}}));
        publish_it(school.as(school.head), circular(school, "Seulement en français"));
        auto camille = school.as(school.teacher);
        camille.language = "en";
        auto home = camille.get("/").body;
        CHECK(home.contains("Fire drill"));
        CHECK(home.contains("At ten in the yard."));
        CHECK(home.contains("lang=\"fr\">Seulement en français"));
        CHECK_FALSE(home.contains("exercice"));
    });
}

TEST_CASE("it appears on its day, leaves the home on its end, and stays in the list") {
    on_each_portal([](TestPortal& school) {
        auto page = publish_it(school.as(school.head), with(circular(school), {{"from", "2026-09-14"}}));
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
        CHECK(school.as(school.teacher).get(page).status == 404);
        CHECK(school.as(school.head).get(page).body.contains("Personne ne la voit encore"));
        school.clock.set(1'789'394'400'000); // Monday 14 September 2026, 16:00 in Paris
        CHECK(school.as(school.teacher).get("/").body.contains("exercice"));
        school.clock.advance(20_days);
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
        CHECK(school.as(school.teacher).get("/announcements").body.contains("Passée"));
    });
}

TEST_CASE("recalled, it is gone for everybody at once; who had read it sees that it was withdrawn") {
    on_each_portal([](TestPortal& school) {
        auto head = school.as(school.head);
        auto page = publish_it(head, circular(school));
        auto camille = school.as(school.teacher);
        auto victor = school.as(school.stranger);
        CHECK(camille.get(page).status == 200);
        CHECK(camille.post(page + "/recall").status == 404);
        CHECK(head.post(page + "/recall").status == 303);
        CHECK(head.post(page + "/recall").status == 409);
        CHECK_FALSE(victor.get("/").body.contains("exercice"));
        CHECK(victor.get(page).status == 404);
        CHECK_FALSE(victor.get("/announcements").body.contains("exercice"));
        auto read = camille.get(page);
        CHECK(read.body.contains("a été retirée"));
        CHECK_FALSE(read.body.contains("Rendez-vous"));
        CHECK(camille.get("/announcements").body.contains("Retirée"));
    });
}

TEST_CASE("who administers structures by delegation announces there, and withdraws what was said in their name") {
    on_each_portal([](TestPortal& school) {
        auto give = [&](identity::AdminRole role, StructureId where) {
            auto given = school.db.write_now([&](db::Tx& tx) {
                return identity::give_delegation(
                    tx, school.ids, identity::rights_of(tx, school.administrator, school.clock.now()),
                    {.person = school.stranger, .role = role, .structure = where}, school.clock.now());
            });
            REQUIRE(given);
            return given->id;
        };
        auto victor = school.as(school.stranger); // teaches in the college
        auto page = publish_it(school.as(school.head), circular(school));
        CHECK(victor.post("/announcements/new", circular(school)).status == 403);
        give(identity::AdminRole::People, school.school); // another role
        CHECK(victor.post("/announcements/new", circular(school)).status == 403);
        CHECK(victor.post(page + "/recall").status == 404);
        const auto delegation = give(identity::AdminRole::Structures, school.school);
        publish_it(victor, circular(school, "Par délégation"));
        CHECK(school.as(school.teacher).get("/").body.contains("Par délégation"));
        auto above = circular(school);
        above.back().second = to_text(school.academy);
        CHECK(victor.post("/announcements/new", above).status == 422);
        CHECK(victor.get(page).body.contains("tout de suite pour 4 personnes"));
        CHECK(victor.post(page + "/recall").status == 303);
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
        school.db.write_now([&](db::Tx& tx) {
            CHECK(identity::revoke_delegation(tx, identity::rights_of(tx, school.administrator, school.clock.now()),
                                              delegation, school.clock.now()));
        });
        CHECK(victor.post("/announcements/new", circular(school)).status == 403);
    });
}

TEST_CASE("where it reaches many, a page names how many before anything is published") {
    on_each_portal([](TestPortal& school) {
        school.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 210; ++i) {
                auto made =
                    identity::create_person(tx, school.ids, school.clock.now(),
                                            {.login = "many" + std::to_string(i), .name = "Zoé " + std::to_string(i)});
                identity::add_function(tx, made->id, school.school, "teacher");
            }
        });
        auto head = school.as(school.head);
        auto confirm = head.post("/announcements/new", with(circular(school), {{"wants_ack", "1"}}));
        CHECK(confirm.status == 200);
        CHECK(confirm.body.contains("Publier pour 214 personnes")); // and the four who were there
        CHECK(confirm.body.contains("name=\"wants_ack\" value=\"1\""));
        CHECK(web::page_problems(confirm.body).empty());
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("exercice"));
        auto again = head.post("/announcements/new", with(circular(school), {{"edit", "1"}}));
        CHECK(again.body.contains("exercice &lt;mardi&gt;"));
        publish_it(head, with(circular(school), {{"confirmed", "1"}}));
        CHECK(school.as(school.teacher).get("/").body.contains("exercice"));
        auto few = head.post("/announcements/new", with(circular(school), {{"function", "head"}}));
        CHECK(few.status == 303);
    });
}

TEST_CASE("structures below are found by name from within the form, and what was typed stays") {
    on_each_portal([](TestPortal& school) {
        auto secretary = school.as(school.rector_secretary);
        auto form = secretary.get("/announcements/new");
        CHECK(form.body.contains("Collège Jean-Moulin"));
        CHECK_FALSE(form.body.contains("Lycée Berthelot")); // another académie
        auto found =
            secretary.post("/announcements/new", {{"title_fr", "Brouillon"}, {"q", "moulin"}, {"search", "1"}});
        CHECK(found.status == 200);
        CHECK(found.body.contains("Brouillon"));
        CHECK(secretary.post("/announcements/new", {{"q", "berthelot"}, {"search", "1"}})
                  .body.contains("Aucune structure"));
    });
}

TEST_CASE("the home asks one query for announcements, however many there are") {
    on_each_portal([](TestPortal& school) {
        auto head = school.as(school.head);
        auto queries = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                auto viewer = *identity::find_viewer(tx, school.teacher);
                const auto before = tx.query_count();
                auto found = waiting_announcements(tx, viewer, 3, school.clock.now());
                return std::pair{tx.query_count() - before, found.size()};
            });
        };
        CHECK(queries() == std::pair<std::int64_t, std::size_t>{1, 0});
        for (int i = 0; i < 5; ++i) publish_it(head, circular(school, "Annonce " + std::to_string(i)));
        CHECK(queries() == std::pair<std::int64_t, std::size_t>{1, 3});
        auto camille = school.as(school.teacher);
        auto home = camille.get("/").body;
        CHECK(home.contains("Annonce 4"));
        CHECK_FALSE(home.contains("Annonce 1"));
        CHECK(web::page_problems(home).empty());
    });
}

TEST_CASE("pages of announcements are sound, and the API says the same") {
    on_each_portal([](TestPortal& school) {
        auto head = school.as(school.head);
        auto page = publish_it(head, with(circular(school), {{"wants_ack", "1"}}));
        const auto receipts = page + "/receipts?structure=" + to_text(school.school);
        for (auto target : {std::string{"/announcements"}, std::string{"/announcements?show=mine"},
                            std::string{"/announcements/new"}, page, receipts})
            CHECK_MESSAGE(web::page_problems(head.get(target).body).empty(), target);
        auto list = head.get("/api/announcements").body;
        CHECK(list.contains("\"wants_ack\":true"));
        CHECK(list.contains("\"acknowledged\":false"));
        CHECK(head.post("/api" + page + "/acknowledge").status == 204);
        CHECK(head.get("/api/announcements").body.contains("\"acknowledged\":true"));
        CHECK(school.as(school.teacher).get(receipts).status == 404); // who has read is the author's to know
    });
}

} // namespace preau::portal::testing

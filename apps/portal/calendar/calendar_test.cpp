// The calendar of a structure: on its page, in its administration, and for programs that subscribe.
#include "portal/admin/admin_fixture.hpp"
#include "portal/calendar/calendar.hpp"

#include "base/json.hpp"
#include "web/page_check.hpp"

namespace preau::portal {
namespace {

using Form = fixtures::Fields;
using fixtures::School;

std::string admin_page(StructureId structure) { return "/admin/structures/" + to_text(structure) + "/calendar"; }
std::string ics_of(StructureId structure) { return "/structures/" + to_text(structure) + "/calendar.ics"; }

const Form christmas{
    {"name", "Vacances de Noël"}, {"kind", "holiday"}, {"first_day", "2026-12-19"}, {"last_day", "2027-01-03"}};
const Form school_year{
    {"name", "Année 2026-2027"}, {"kind", "year"}, {"first_day", "2026-09-01"}, {"last_day", "2027-07-03"}};

// The administrator writes the calendar of the académie.
void write_calendar(School& school) {
    auto admin = school.as(school.administrator);
    for (const auto& period : {christmas, school_year})
        REQUIRE(admin.post(admin_page(school.academy), period).status == 303);
    REQUIRE(admin.post(admin_page(school.academy) + "/zone", {{"zone", "B"}}).status == 303);
    school.events();
}

} // namespace

TEST_CASE("the académie writes days once, and the page of a school shows them as taken over") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK_FALSE(school.as(school.teacher).get("/structures/" + to_text(school.college)).body.contains("Noël"));
        CHECK(admin.post(admin_page(school.academy), christmas).status == 303);
        auto saved = admin.follow();
        CHECK(saved.body.contains("Le calendrier est enregistré"));
        CHECK(web::page_problems(saved.body).empty());
        CHECK(school.events() == std::vector<std::string>{"structure.calendar_changed"});
        write_calendar(school);

        auto page = school.as(school.teacher).get("/structures/" + to_text(school.college)).body;
        CHECK(web::page_problems(page).empty());
        CHECK(page.contains("Vacances de Noël"));
        CHECK(page.contains("du 19\u00a0décembre 2026 au 3\u00a0janvier 2027"));
        CHECK(page.contains("Repris de la structure <a href=\"/structures/" + to_text(school.academy) +
                            "\">Académie de Lille</a>"));
        CHECK(page.contains("Zone B"));
        CHECK(page.contains(ics_of(school.college)));
        CHECK_FALSE(page.contains("en ce moment"));
        CHECK_FALSE(
            school.as(school.teacher).get("/structures/" + to_text(school.other_college)).body.contains("Noël"));
        auto own = school.as(school.teacher).get("/structures/" + to_text(school.academy)).body;
        CHECK_FALSE(own.contains("Repris de"));
    });
}

TEST_CASE("today is the day where the structure is") {
    fixtures::at_school(administration, [](School& school) {
        write_calendar(school);
        const auto at = [&](std::string_view zone, Millis moment) { return today_in(zone, moment); };
        const Millis evening = 1'797'633'000'000; // 18 December 2026, 23:30 in Paris
        CHECK(at("Europe/Paris", evening) == "2026-12-18");
        CHECK(at("Indian/Reunion", evening) == "2026-12-19");
        CHECK(at("Europe/Paris", evening + 31_min) == "2026-12-19");
        school.clock.set(evening + 1_days);
        auto page = school.as(school.teacher).get("/structures/" + to_text(school.college)).body;
        CHECK(page.contains("en ce moment"));
        school.clock.set(evening + 30_days); // over: no longer among what is to come
        page = school.as(school.teacher).get("/structures/" + to_text(school.college)).body;
        CHECK_FALSE(page.contains("Vacances de Noël"));
        CHECK(school.as(school.administrator).get(admin_page(school.academy)).body.contains("Dates passées"));
    });
}

TEST_CASE("who administers the school makes a copy that differs, and follows again; others change nothing") {
    fixtures::at_school(administration, [](School& school) {
        write_calendar(school);
        delegate(school, school.head, identity::AdminRole::Structures, school.college);
        school.events();
        const Form bridge{
            {"name", "Pont de l’Ascension"}, {"kind", "free"}, {"first_day", "2027-05-07"}, {"last_day", ""}};
        for (auto who : {school.teacher, school.outsider}) {
            auto visitor = school.as(who);
            for (const auto* deed : {"", "/zone", "/remove", "/follow"})
                CHECK(visitor.post(admin_page(school.college) + deed, bridge).status == 403);
            CHECK(visitor.get(admin_page(school.college)).status == 403);
        }
        auto head = school.as(school.head);
        CHECK(head.post(admin_page(school.academy), bridge).status == 403); // above her part
        CHECK(school.events().empty());

        CHECK(head.get(admin_page(school.college)).body.contains("Le premier changement ici en fait une copie"));
        CHECK(head.post(admin_page(school.college), bridge).status == 303);
        auto page = head.follow().body;
        CHECK(page.contains("Pont de l’Ascension"));
        CHECK(page.contains("le 7\u00a0mai 2027"));
        CHECK(page.contains("Vacances de Noël"));
        CHECK_FALSE(page.contains("Le premier changement"));
        CHECK_FALSE(school.as(school.administrator).get(admin_page(school.academy)).body.contains("Ascension"));

        auto said = json::parse(head.get("/api" + admin_page(school.college)).body);
        REQUIRE(said.has_value());
        CHECK((*said)["zone"].text() == "B");
        REQUIRE((*said)["periods"].size() == 3);
        const std::string last{(*said)["periods"].at(2)["id"].text().value()};
        CHECK(head.post(admin_page(school.college) + "/remove", {{"period", last}}).status == 303);
        CHECK(head.post(admin_page(school.college) + "/remove", {{"period", last}}).status == 404);
        CHECK(head.post(admin_page(school.college) + "/follow").status == 303);
        CHECK(head.follow().body.contains("Repris de"));
        CHECK(school.events() == std::vector<std::string>(3, "structure.calendar_changed"));
        CHECK(head.post(admin_page(school.college) + "/follow").status == 303); // twice is once
        CHECK(school.events().empty());
    });
}

TEST_CASE("what is no period is said, and stands in the form again") {
    fixtures::at_school(administration, [](School& school) {
        auto admin = school.as(school.administrator);
        auto wrong = admin.post(admin_page(school.college), {{"name", "Fête <du> collège"},
                                                             {"kind", "event"},
                                                             {"first_day", "2027-06-20"},
                                                             {"last_day", "2027-06-19"}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("value=\"Fête &lt;du&gt; collège\""));
        CHECK(wrong.body.contains("value=\"2027-06-20\""));
        CHECK(web::page_problems(wrong.body).empty());
        CHECK(admin.post(admin_page(school.college) + "/zone", {{"zone", "D"}}).status == 422);
        CHECK(admin.post(admin_page(StructureId{4711}), christmas).status == 404);
        CHECK(admin.post("/api" + admin_page(school.college), christmas).status == 204);
        CHECK(school.events() == std::vector<std::string>{"structure.calendar_changed"});
    });
}

TEST_CASE(
    "anybody subscribes: whole days, the same text until the calendar changes, and nothing else of the structure") {
    fixtures::at_school(administration, [](School& school) {
        CHECK(school.as_stranger().get(ics_of(school.college)).status == 404); // none yet
        write_calendar(school);
        auto answer = school.as_stranger().get(ics_of(school.college));
        CHECK(answer.status == 200);
        CHECK(answer.headers.find("content-type") == "text/calendar; charset=utf-8");
        CHECK(answer.headers.find("cache-control") == "public, max-age=3600");
        CHECK(answer.body.contains("SUMMARY:Vacances de Noël\r\n"));
        CHECK(answer.body.contains("DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20270104\r\n"));
        CHECK(answer.body.contains("SUMMARY:Début\u00a0: Année 2026-2027\r\n"));
        CHECK(answer.body.contains("DTSTART;VALUE=DATE:20260901\r\nDTEND;VALUE=DATE:20260902\r\n")); // not ten months
        CHECK(answer.body.contains("@localhost\r\n"));
        CHECK_FALSE(answer.body.contains("0590001A"));
        const std::string etag{answer.headers.find("etag")};
        CHECK(etag.size() == 34);
        school.clock.advance(3_days);
        auto again = school.as(school.teacher).get(ics_of(school.college));
        CHECK(again.body == answer.body); // whoever asks, whenever
        CHECK(again.headers.find("etag") == etag);
        auto admin = school.as(school.administrator);
        CHECK(admin
                  .post(admin_page(school.academy),
                        {{"name", "Pont"}, {"kind", "free"}, {"first_day", "2027-05-07"}, {"last_day", ""}})
                  .status == 303);
        CHECK(school.as_stranger().get(ics_of(school.college)).headers.find("etag") != etag);
        CHECK(school.as_stranger().get("/structures/zzzz/calendar.ics").status == 404);
        school.change([&](db::Tx& tx) {
            REQUIRE(identity::close_structure(tx, school.college, school.clock.now()).has_value());
        });
        CHECK(school.as_stranger().get(ics_of(school.college)).status == 404);
    });
}

} // namespace preau::portal

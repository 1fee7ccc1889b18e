// A circular with acknowledgements: who has read, school by school, and reminders to who has not.
#include "portal/announcement/announcement.hpp"
#include "portal/portal_fixture.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

struct Circular { // of the académie's secretary to the heads of its forty schools
    explicit Circular(TestPortal& the_portal) : portal{the_portal} {
        portal.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 40; ++i) {
                auto name = "Collège " + std::string(1, static_cast<char>('A' + i % 26)) + std::to_string(i);
                auto school = identity::create_structure(tx, portal.ids,
                                                         {.parent = portal.academy, .name = name, .kind = "school"});
                auto head = identity::create_person(tx, portal.ids, portal.clock.now(),
                                                    {.login = "head" + std::to_string(i),
                                                     .name = "Principale " + std::to_string(i),
                                                     .mail = "head" + std::to_string(i) + "@ecole.test"});
                identity::add_function(tx, head->id, school, "head");
                schools.push_back(school);
                heads.push_back(head->id);
            }
        });
        Fields fields{{"title_fr", "Enquête de rentrée"},
                      {"body_fr", "Merci de confirmer."},
                      {"until", "2026-10-01"},
                      {"function", "head"},
                      {"wants_ack", "1"}};
        for (auto school : schools) fields.emplace_back("structure", to_text(school));
        auto answer = author().post("/announcements/new", fields);
        REQUIRE_MESSAGE(answer.status == 303, answer.body);
        const std::string target{location(answer)};
        page = target.substr(0, target.find('?'));
        id = parse_id<AnnouncementId>(page.substr(page.rfind('/') + 1)).value();
    }
    Visitor author() { return portal.as(portal.rector_secretary); }
    Result<void> read(PersonId who) {
        return portal.db.write_now(
            [&](db::Tx& tx) { return acknowledge(tx, *portal.portal, *identity::find_viewer(tx, who), id); });
    }
    std::vector<ReceiptRow> rows(ReceiptKey after = {}, int limit = 100) {
        return portal.db.read_now([&](db::Tx& tx) { return receipts(tx, id, after, limit); });
    }
    std::vector<std::string> letters() {
        std::vector<std::string> to;
        for (auto& entry : portal.db.read_now([](db::Tx& tx) { return mail::entries(tx, std::nullopt, {}, 100); }))
            if (entry.kind == "portal.announcement") to.push_back(entry.recipient);
        return to;
    }
    TestPortal& portal;
    std::vector<StructureId> schools;
    std::vector<PersonId> heads;
    std::string page;
    AnnouncementId id;
};

} // namespace

TEST_CASE("a circular to forty schools: each of them with done or not yet") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        auto rows = circular.rows();
        REQUIRE(rows.size() == 40);
        for (const auto& row : rows) CHECK_MESSAGE((row.people == 1 && row.acknowledged == 0), row.name);
        for (int i = 0; i < 3; ++i) CHECK(circular.read(circular.heads[static_cast<std::size_t>(i)]));
        CHECK(circular.read(circular.heads[0])); // pressed twice is once
        int done = 0;
        for (const auto& row : circular.rows()) done += row.acknowledged == 1;
        CHECK(done == 3);
        auto page = circular.author().get(circular.page).body;
        CHECK(page.contains("3 sur 40 personnes"));
        CHECK(page.contains("Fait"));
        CHECK(page.contains("Pas encore"));
        auto receipt =
            circular.author().get(circular.page + "/receipts?structure=" + to_text(circular.schools[0])).body;
        CHECK(receipt.contains("Principale 0"));
        CHECK(receipt.contains("A lu"));
        CHECK_FALSE(school.as(school.teacher).get(circular.page).body.contains("sur 40")); // 404: not for teachers
    });
}

TEST_CASE("the table of schools is paged by keys") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        std::vector<std::string> names;
        ReceiptKey after;
        for (int page = 0; page < 10; ++page) {
            auto rows = circular.rows(after, 15);
            for (auto& row : rows) names.push_back(row.name);
            if (rows.size() < 15) break;
            after = {rows.back().name, rows.back().id};
        }
        CHECK(names.size() == 40);
        CHECK(std::ranges::is_sorted(names));
        CHECK(std::ranges::adjacent_find(names) == names.end());
    });
}

TEST_CASE("the author takes the acknowledgements away as a table, and nobody else does") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        school.db.write_now([&](db::Tx& tx) { // what a spreadsheet would run
            CHECK(identity::set_name(tx, circular.heads[1], "=1+1"));
            identity::add_function(tx, school.stranger, circular.schools[0], "head");
        });
        CHECK(circular.read(circular.heads[0]));
        auto table = circular.author().get(circular.page + "/receipts.csv");
        CHECK(table.status == 200);
        CHECK(table.headers.find("content-type") == "text/csv; charset=utf-8");
        CHECK(std::ranges::count(table.body, '\n') == 42);
        CHECK(table.body.starts_with("structure,uai,person,acknowledged\r\n\"Collège A0\",\"\",\"Principale 0\",\""));
        CHECK(table.body.contains("\"Collège B1\",\"\",\"'=1+1\",\"\"\r\n"));
        CHECK_FALSE(table.body.contains("\"Principale 0\",\"\""));
        CHECK(school.as(school.stranger).get(circular.page).status == 200); // whom it concerns
        CHECK(school.as(school.stranger).get(circular.page + "/receipts.csv").status == 404);
        CHECK(school.as(school.administrator).get(circular.page + "/receipts.csv").status == 404);
        CHECK(circular.author().get("/api" + circular.page).body.contains("\"acknowledged\":1"));
    });
}

TEST_CASE("the table has the members of groups too") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        auto founded = teacher.post("/groups/new", {{"name", "Sciences"}, {"joining", "closed"}});
        const std::string group{location(founded)};
        const auto id = group.substr(std::string_view{"/groups/"}.size(), group.find('?') - 8);
        auto made = teacher.post("/announcements/new", {{"title_fr", "Réunion"},
                                                        {"body_fr", "Mardi"},
                                                        {"until", "2026-10-01"},
                                                        {"group", id},
                                                        {"wants_ack", "1"}});
        REQUIRE_MESSAGE(made.status == 303, made.body);
        const std::string target{location(made)};
        const auto page = target.substr(0, target.find('?'));
        CHECK(teacher.get(page + "/receipts.csv").body ==
              "structure,uai,person,acknowledged\r\n\"\",\"\",\"Camille Bernard\",\"\"\r\n");
    });
}

TEST_CASE("an acknowledgement is asked of who is concerned, where it is asked for, while it stands") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        CHECK(circular.read(school.teacher).error().key == "announcement.unknown");
        CHECK(circular.read(school.rector_secretary).error().key == "announcement.unknown"); // wrote it, not addressed
        circular.author().post(circular.page + "/recall");
        CHECK(circular.read(circular.heads[5]).error().key == "announcement.unknown"); // never read it
        auto plain = school.as(school.head)
                         .post("/announcements/new", {{"title_fr", "Sans accusé"},
                                                      {"body_fr", "Texte"},
                                                      {"until", "2026-10-01"},
                                                      {"structure", to_text(school.school)}});
        const std::string target{location(plain)};
        CHECK(school.as(school.teacher).post(target.substr(0, target.find('?')) + "/acknowledge").status == 409);
    });
}

TEST_CASE("reminders go by mail to who has not acknowledged, once, in batches that may run again") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        for (int i = 0; i < 30; ++i) circular.read(circular.heads[static_cast<std::size_t>(i)]);
        CHECK(school.as(school.head).post(circular.page + "/remind").status == 404);
        CHECK(circular.author().post(circular.page + "/remind").status == 303);
        CHECK(circular.author().post(circular.page + "/remind").status == 409); // not twice a day
        school.jobs.run_due();
        CHECK(circular.letters().size() == 10);
        school.db.write_now([&](db::Tx& tx) { // the process died before the job was settled
            school.jobs.enqueue(tx, {.kind = "announcement.remind", .payload = to_text(circular.id)});
        });
        school.jobs.run_due();
        CHECK(circular.letters().size() == 10);
        school.clock.advance(2_days);
        CHECK(circular.author().post(circular.page + "/remind").status == 303);
        circular.author().post(circular.page + "/recall");
        school.jobs.run_due();
        CHECK(circular.letters().size() == 10); // withdrawn meanwhile
    });
}

TEST_CASE("the nightly count says how many there are below a structure, once each") {
    on_each_portal([](TestPortal& school) {
        Circular circular{school};
        school.db.write_now([&](db::Tx& tx) { // leads two schools
            identity::add_function(tx, circular.heads[0], circular.schools[1], "head");
            school.jobs.enqueue(tx, {.kind = "announcement.count"});
        });
        school.jobs.run_due();
        static const db::Query sizes{"test.audience_size",
                                     "SELECT people FROM audience_size WHERE structure = $1 AND function = $2"};
        auto size = [&](StructureId structure, std::string function) {
            return school.db.read_now([&](db::Tx& tx) { return tx.one<std::int64_t>(sizes, {structure, function}); });
        };
        CHECK(size(school.academy, "head") == 41); // with the head of Jean-Moulin
        CHECK(size(school.academy, "teacher") == 2);
        CHECK_FALSE(size(circular.schools[0], "head").has_value()); // a school alone is counted when asked
        CHECK(size(StructureId{}, "").value() > 40);
    });
}

} // namespace preau::portal::testing

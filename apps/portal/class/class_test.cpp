#include "portal/portal_fixture.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

std::string page_of(const TestPortal& school) { return "/class/" + to_text(school.class_6eb); }

} // namespace

TEST_CASE("families see what was shared with the class, and nothing else") {
    on_each_portal([](TestPortal& school) {
        auto shared = school.make_document("Fiche.pdf", TestPortal::Share::Families);
        school.make_document("Bulletin.odt", TestPortal::Share::Nobody);
        auto page = school.by_link(school.class_link.link.id).get(page_of(school));
        CHECK(page.status == 200);
        CHECK(page.body.contains("6e B"));
        CHECK(page.body.contains("Collège Jean-Moulin"));
        CHECK(page.body.contains("/files/" + to_text(shared)));
        CHECK(page.body.contains("Fiche.pdf"));
        CHECK_FALSE(page.body.contains("Bulletin.odt"));
        CHECK_FALSE(page.body.contains("Adam Aubert"));          // the roster is not for families
        CHECK_FALSE(page.body.contains(school.class_link.token)); // nor is the link to hand out
    });
}

TEST_CASE("staff see whom each thing reaches and may look as a family does; families are told neither") {
    on_each_portal([](TestPortal& school) {
        auto shared = to_text(school.make_document("Fiche.pdf", TestPortal::Share::Families));
        auto page = school.as(school.teacher).get(page_of(school)).body;
        CHECK(page.contains("Familles de 6e B"));
        CHECK(page.contains("href=\"/share/" + shared + "\""));
        CHECK(page.contains("action=\"/share/" + shared + "/as\""));
        CHECK(page.contains("value=\"families-" + to_text(school.class_6eb) + "\""));
        CHECK(page.contains("Voir comme une famille"));
        auto seen = school.by_link(school.class_link.link.id).get(page_of(school)).body;
        CHECK(seen.contains("Fiche.pdf"));
        CHECK_FALSE(seen.contains("Familles de 6e B"));
        CHECK_FALSE(seen.contains("/share/"));
    });
}

TEST_CASE("a pupil's own link names the pupil") {
    on_each_portal([](TestPortal& school) {
        CHECK(school.by_link(school.pupil_link.link.id).get(page_of(school)).body.contains("Lina Lemaire"));
        CHECK_FALSE(school.by_link(school.class_link.link.id).get(page_of(school)).body.contains("Lina Lemaire"));
    });
}

TEST_CASE("staff see the number of pupils and the link to hand out") {
    on_each_portal([](TestPortal& school) {
        auto page = school.as(school.teacher).get(page_of(school));
        CHECK(page.status == 200);
        CHECK(page.body.contains("2 élèves"));
        CHECK(page.body.contains("http://localhost:8080/s/" + school.class_link.token));
        CHECK(page.body.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "));
        CHECK(page.body.contains("Rien n’est partagé"));
    });
}

TEST_CASE("whoever is not of the class is told no more than of a class that does not exist") {
    on_each_portal([](TestPortal& school) {
        auto colleague = school.as(school.stranger);
        auto refused = colleague.get(page_of(school));
        auto missing = colleague.get("/class/zzzz");
        CHECK(refused.status == 404);
        CHECK(missing.status == 404);
        CHECK_FALSE(refused.body.contains("6e B"));
        CHECK(colleague.get("/class/not-an-id!").status == 404);
        CHECK(school.browser().get(page_of(school)).status == 401);
    });
}

TEST_CASE("a revoked class link opens nothing") {
    on_each_portal([](TestPortal& school) {
        auto family = school.by_link(school.class_link.link.id);
        CHECK(family.get(page_of(school)).status == 200);
        school.db.write_now([&](db::Tx& tx) {
            auto staff = *identity::find_viewer(tx, school.teacher);
            return sharing::revoke_link(tx, school.world, staff, school.class_link.link.id);
        });
        CHECK(family.get(page_of(school)).status == 401);
        CHECK_FALSE(school.as(school.teacher).get(page_of(school)).body.contains(school.class_link.token));
    });
}

} // namespace preau::portal::testing

// What somebody says of themselves, and who reads it.
#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "web/page_check.hpp"

namespace preau::portal {
namespace {

using fixtures::School;
using fixtures::Visitor;

std::string card_of(PersonId person) { return "/people/" + to_text(person); }

// Camille's card: the address for colleagues, the telephone for all staff, the office for nobody, the rest for
// colleagues.
void fill_in(School& school) {
    auto camille = school.as(school.teacher);
    REQUIRE(camille
                .post("/account/card", {{"mail_for", "colleagues"},
                                        {"phone", "+33 3 20 00 00 00"},
                                        {"phone_for", "staff"},
                                        {"office", "Salle 12"},
                                        {"office_for", "nobody"},
                                        {"about", "Club de sciences.\r\nLe mardi <midi>."},
                                        {"about_for", "colleagues"}})
                .status == 303);
}

struct Reads {
    bool mail = false, phone = false, office = false, about = false;
    friend bool operator==(const Reads&, const Reads&) = default;
};
Reads reads(const std::string& page) {
    return {.mail = page.contains("teacher@ecole.test"),
            .phone = page.contains("3 20 00 00 00"),
            .office = page.contains("Salle 12"),
            .about = page.contains("Club de sciences")};
}

} // namespace

TEST_CASE("a colleague, other staff and a guest each read what is for them, on the page and by the API") {
    fixtures::at_school(administration, [](School& school) {
        fill_in(school);
        school.events();
        for (std::string prefix : {"", "/api"}) {
            const auto card = prefix + card_of(school.teacher);
            CHECK(reads(school.as(school.colleague).get(card).body) ==
                  Reads{.mail = true, .phone = true, .about = true});
            CHECK(reads(school.as(school.outsider).get(card).body) == Reads{.phone = true});
            CHECK(reads(school.as(school.administrator).get(card).body) == Reads{.phone = true});
            CHECK(reads(school.as(school.teacher).get(card).body) == Reads{true, true, true, true});
        }
        auto page = school.as(school.colleague).get(card_of(school.teacher));
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("<h1 class=\"break\">Camille Bernard</h1>"));
        CHECK(page.body.contains("Enseignement · <a href=\"/structures/" + to_text(school.college) + "\">"));
        CHECK(page.body.contains("mailto:teacher@ecole.test"));
        CHECK(page.body.contains("tel:+33320000000"));
        CHECK(page.body.contains("Le mardi &lt;midi&gt;."));
        CHECK_FALSE(page.body.contains("/admin/people/"));
        CHECK(school.as(school.administrator).get(card_of(school.teacher)).body.contains("/admin/people/"));
        CHECK(page.headers.find("cache-control").contains("no-store"));
        CHECK(school.events().empty());
    });
}

TEST_CASE("whom one may not know of is answered as nobody is") {
    fixtures::at_school(administration, [](School& school) {
        fill_in(school);
        const auto guest = invite_guest(school);
        auto answer = [&](PersonId viewer, const std::string& path) { return school.as(viewer).get(path); };
        const auto nobody = answer(guest, "/api/people/zzzz");
        CHECK(nobody.status == 404);
        const auto hidden = answer(guest, "/api" + card_of(school.teacher));
        CHECK(hidden.status == 404);
        CHECK(hidden.body == nobody.body);
        CHECK(answer(school.outsider, "/api" + card_of(guest)).body == nobody.body); // of another school's guest
        CHECK(answer(school.colleague, card_of(guest)).body.contains("Inès Roy"));    // of her own school
        school.change([&](db::Tx& tx) { identity::set_disabled(tx, school.teacher, true); });
        CHECK(answer(school.colleague, "/api" + card_of(school.teacher)).body == nobody.body);
        CHECK(school.as_stranger().get(card_of(school.head)).status == 303);
        CHECK(school.as_holder(school.class_link).get(card_of(school.head)).status != 200);
    });
}

TEST_CASE("a guest sees whom they are in a group with: name, picture and functions, none of the lines") {
    fixtures::at_school(administration, [](School& school) {
        fill_in(school);
        const auto guest = invite_guest(school);
        CHECK(school.as(guest).get(card_of(school.teacher)).status == 404);
        school.change([&](db::Tx& tx) { identity::add_member(tx, school.class_6eB, guest, "member"); });
        auto page = school.as(guest).get(card_of(school.teacher));
        CHECK(page.status == 200);
        CHECK(page.body.contains("Camille Bernard"));
        CHECK(page.body.contains("Collège Jean-Moulin"));
        CHECK(reads(page.body) == Reads{});
        CHECK_FALSE(page.body.contains("href=\"/directory\""));
        CHECK(school.as(guest).get(card_of(school.head)).status == 404);
    });
}

TEST_CASE("one looks at one's own card as a colleague or as other staff, and at nobody else's") {
    fixtures::at_school(administration, [](School& school) {
        fill_in(school);
        auto camille = school.as(school.teacher);
        auto own = camille.get(card_of(school.teacher));
        CHECK(web::page_problems(own.body).empty());
        CHECK(own.body.contains("Téléphone\u00a0: Toutes les personnes en fonction"));
        auto colleague = camille.get(card_of(school.teacher) + "?as=colleague");
        CHECK(reads(colleague.body) == Reads{.mail = true, .phone = true, .about = true});
        CHECK(colleague.body.contains("Voici ce que voient les collègues"));
        CHECK(reads(camille.get(card_of(school.teacher) + "?as=staff").body) == Reads{.phone = true});
        CHECK(reads(school.as(school.outsider).get(card_of(school.teacher) + "?as=colleague").body) ==
              Reads{.phone = true}); // asking for more gives no more
    });
}

TEST_CASE("what is wrong is said beside its field, and what had been typed stands there again") {
    fixtures::at_school(administration, [](School& school) {
        fill_in(school);
        auto camille = school.as(school.teacher);
        auto wrong = camille.post("/account/card", {{"phone", std::string(41, '1')}, {"office", "Salle <13>"}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("id=\"phone-problem\""));
        CHECK(wrong.body.contains("value=\"Salle &lt;13&gt;\""));
        CHECK(web::page_problems(wrong.body).empty());
        CHECK(camille.post("/account/card", {{"phone_for", "everybody"}}).status == 422);
        CHECK(reads(school.as(school.teacher).get(card_of(school.teacher)).body) == Reads{true, true, true, true});

        auto said = json::parse(camille.get("/api/account/card").body);
        REQUIRE(said.has_value());
        CHECK((*said)["phone_for"].text() == "staff");
        // A program says one line, and the others stay. Not with an app password: that may work, not change an account.
        CHECK(camille.post_json("/api/account/card", R"({"office":"Salle 14"})").status == 204);
        said = json::parse(camille.get("/api/account/card").body);
        CHECK((*said)["office"].text() == "Salle 14");
        CHECK((*said)["phone"].text() == "+33 3 20 00 00 00");
        CHECK(school.as_program(school.teacher).post_json("/api/account/card", R"({"office":"x"})").status == 403);
        CHECK(school.as_stranger().post("/account/card", {{"office", "x"}}).status >= 400);
    });
}

} // namespace preau::portal

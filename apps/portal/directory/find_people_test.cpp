#include "portal/admin/admin_fixture.hpp"

#include "base/json.hpp"
#include "web/page_check.hpp"

#include <set>

namespace preau::portal {
namespace {

using fixtures::School;

PersonId hire(School& school, const std::string& login, std::string name, StructureId where,
              const std::string& function = "teacher") {
    return school.change([&](db::Tx& tx) {
        auto made =
            identity::create_person(tx, school.ids, school.clock.now(),
                                    {.login = login, .name = std::move(name), .mail = login + "@hidden.example"});
        if (where) identity::add_function(tx, made->id, where, function);
        return made->id;
    });
}

} // namespace

TEST_CASE("the directory begins where one works, and finds by name, structure and function") {
    fixtures::at_school(administration, [](School& school) {
        auto camille = school.as(school.teacher);
        auto mine = camille.get("/directory");
        CHECK(mine.status == 200);
        CHECK(web::page_problems(mine.body).empty());
        for (const auto* name : {"Camille Bernard", "Nadia Haddad", "Hélène Rousseau"}) CHECK(mine.body.contains(name));
        CHECK(mine.body.contains("href=\"/people/" + to_text(school.colleague) + "\""));
        CHECK(mine.body.contains("Enseignement · Collège Jean-Moulin"));
        CHECK_FALSE(mine.body.contains("Maxime Payet"));
        CHECK(mine.body.contains("<option value=\"" + to_text(school.academy) + "\">Académie de Lille</option>"));

        auto found = camille.get("/directory?q=payet&structure=all");
        CHECK(found.body.contains("Maxime Payet"));
        CHECK_FALSE(found.body.contains("Nadia Haddad"));
        auto not_here = camille.get("/directory?q=payet&structure=" + to_text(school.college));
        CHECK_FALSE(not_here.body.contains("Maxime Payet"));
        CHECK(not_here.body.contains("/directory?q=payet&amp;structure=all"));
        auto heads = camille.get("/directory?function=head&structure=" + to_text(school.academy));
        CHECK(heads.body.contains("Hélène Rousseau"));
        CHECK_FALSE(heads.body.contains("Nadia Haddad"));
        auto place = camille.get("/directory?q=delisle&structure=all");
        CHECK(place.body.contains("Collège Hubert-Delisle"));
        CHECK(place.body.contains("/directory?structure=" + to_text(school.other_college)));
        CHECK(camille.get("/directory?structure=" + to_text(school.other_college)).body.contains("Maxime Payet"));
        CHECK(web::page_problems(not_here.body).empty());
        CHECK(web::page_problems(place.body).empty());
        CHECK(school.events().empty());
    });
}

TEST_CASE("who left, and guests, stand in no list; an address and a login find nobody") {
    fixtures::at_school(administration, [](School& school) {
        hire(school, "zoebernard", "Zoé Bernard", school.college);
        const auto left = hire(school, "paul", "Paul Bernard", school.college);
        school.change([&](db::Tx& tx) { identity::set_disabled(tx, left, true); });
        invite_guest(school, "Inès Bernard");
        auto nadia = school.as(school.colleague);
        for (const auto* list : {"/directory?q=bernard&structure=all", "/directory"}) {
            auto page = nadia.get(list).body;
            CHECK(page.contains("Zoé Bernard"));
            CHECK(page.contains("Camille Bernard"));
            CHECK_FALSE(page.contains("Paul Bernard"));
            CHECK_FALSE(page.contains("Inès Bernard"));
            CHECK_FALSE(page.contains("@")); // no address on a list, whatever its person chose
        }
        for (const auto* typed : {"zoebernard", "zoebernard@", "zoebernard%40hidden.example"})
            CHECK_FALSE(nadia.get("/directory?structure=all&q=" + std::string{typed}).body.contains("Zoé Bernard"));
    });
}

TEST_CASE("guests, families and strangers have no directory") {
    fixtures::at_school(administration, [](School& school) {
        const auto guest = invite_guest(school, "Inès Bernard");
        school.change([&](db::Tx& tx) { identity::add_member(tx, school.class_6eB, guest, "member"); });
        auto ines = school.as(guest);
        auto page = ines.get("/directory?q=haddad&structure=all");
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("/groups/" + to_text(school.class_6eB)));
        CHECK_FALSE(page.body.contains("Nadia Haddad"));
        auto answer = json::parse(ines.get("/api/directory?q=haddad&structure=all").body);
        REQUIRE(answer.has_value());
        CHECK((*answer)["people"].size() == 0);
        // The page of the group shows who is in it, and leads to their cards.
        CHECK(ines.get("/groups/" + to_text(school.class_6eB)).body.contains("/people/" + to_text(school.colleague)));
        CHECK(school.as_stranger().get("/directory").status == 303);
        CHECK(school.as_holder(school.class_link).get("/directory").status != 200);
    });
}

TEST_CASE("pages follow one another by keys, each person once, in a constant number of queries") {
    fixtures::at_school(administration, [](School& school) {
        for (int i = 0; i < 120; ++i)
            hire(school, "p" + std::to_string(i), "Personne " + std::to_string(1000 + i), school.college);
        auto camille = school.as(school.teacher);
        std::vector<std::string> seen;
        std::string after;
        int pages = 0;
        do {
            auto answer = camille.get("/api/directory?structure=" + to_text(school.college) +
                                      (after.empty() ? "" : "&after=" + after));
            auto page = json::parse(answer.body);
            REQUIRE(page.has_value());
            for (std::size_t i = 0; i < (*page)["people"].size(); ++i)
                seen.push_back((*page)["people"].at(i)["name"].text().value());
            after = (*page)["next"].text().value_or("");
            ++pages;
        } while (!after.empty() && pages < 10);
        CHECK(seen.size() == 123);
        CHECK(std::set<std::string>{seen.begin(), seen.end()}.size() == 123);
        CHECK(pages == 3);
    });
}

TEST_CASE("a program that copies the directory is made to wait") {
    fixtures::at_small_school(administration, [](School& school) {
        auto camille = school.as(school.teacher);
        int refused = 0;
        for (int i = 0; i < 40; ++i) refused += camille.get("/api/directory?structure=all").status == 429;
        CHECK(refused == 10); // thirty at once
        school.clock.advance(2_s);
        CHECK(camille.get("/directory").status == 200);
    });
}

} // namespace preau::portal

#include "portal/year/year_fixture.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

using Events = std::vector<std::string>;

} // namespace

TEST_CASE("a class is closed on a page that says what ends, and Undo brings everything back exactly as it was") {
    at_years([](Years& years) {
        auto family = years.school.as_holder(years.school.class_link);
        auto parents = years.school.as_holder(years.school.parent_link);
        CHECK(family.get(years.class_page()).body.contains("Fiche.pdf"));
        const auto before = years.everything_given();
        auto head = years.school.as(years.school.head);
        CHECK(head.get("/structures/" + to_text(years.school.college)).body.contains(years.page + "\""));
        auto page = head.get(years.page);
        CHECK(page.status == 200);
        CHECK(page.body.contains("Choisir 6e B"));
        CHECK(page.body.contains("4 élèves · 2 membres"));
        years.school.events();

        auto asked = head.post(years.page + "/choose", {{"what", to_text(years.sixth)}});
        CHECK(asked.status == 200);
        CHECK(asked.body.contains("Clôturer 1 classe"));
        CHECK(asked.body.contains("2 liens de familles"));
        CHECK(asked.body.contains("value=\"2025-2026\""));
        CHECK(family.get(years.class_page()).status == 200); // asking changes nothing
        CHECK(years.school.events().empty());

        const auto there = years.close(head, {{"what", to_text(years.sixth)}, {"year", "2025-2026"}});
        CHECK(years.school.events() == Events{"class.closed"});
        for (auto* visitor : {&family, &parents}) {
            auto told = visitor->get(years.class_page());
            CHECK(told.status == 410);
            CHECK(told.body.contains("L’année scolaire est terminée"));
            CHECK(told.body.contains("<strong>6e B</strong> · 2025-2026"));
            CHECK(told.body.contains("mailto:contact@moulin.test"));
            CHECK_FALSE(told.body.contains("Fiche.pdf"));
        }
        CHECK(years.school.as_stranger().get("/s/" + years.school.class_link).status == 410);
        CHECK(years.school.as_stranger().get("/s/" + years.school.parent_link).body.contains("mailto:contact@moulin"));
        auto written = family.api(http::Method::Post, "/api/sharing/items/" + to_text(years.sheet) + "/comments",
                                  R"({"body":"Merci","name":"Zoé"})");
        CHECK(written.status == 410);
        CHECK_FALSE(years.everything_given() == before);

        auto done = head.get(there);
        CHECK(done.body.contains("1 classe clôturée."));
        CHECK_FALSE(done.body.contains("Choisir 6e B"));
        const Fields undo{{"closing", years.undo_in(done.body)}};
        CHECK(head.post(years.page + "/undo", undo).status == 303);
        CHECK(years.everything_given() == before);
        CHECK(years.school.events() == Events{"class.reopened"});
        CHECK(family.get(years.class_page()).status == 200);
        CHECK(parents.get(years.class_page()).status == 200);
        CHECK(head.post(years.page + "/undo", undo).status == 409); // pressed twice
        CHECK(years.school.events().empty());
    });
}

TEST_CASE("the staff of a closed class read and no longer write; who has rights of their own keeps them") {
    at_years([](Years& years) {
        auto nadia = years.school.as(years.school.colleague);
        const auto comments = "/api/sharing/items/" + to_text(years.sheet) + "/comments";
        auto comment = [&](fixtures::Visitor& who) {
            return who.api(http::Method::Post, comments, R"({"body":"Merci"})").status;
        };
        CHECK(comment(nadia) == 201);
        CHECK(nadia.get("/").body.contains(years.class_page()));
        auto camille = years.school.as(years.school.teacher);
        auto found = [&] {
            return camille.api(http::Method::Get, "/api/sharing/subjects?q=6e").body.contains(to_text(years.sixth));
        };
        CHECK(found());
        years.close_class();
        CHECK(comment(nadia) == 403);
        CHECK(nadia.api(http::Method::Get, comments).status == 200);
        CHECK(years.role_of(years.school.colleague, years.space) == Role::View);
        CHECK(years.role_of(years.school.colleague, years.below_space) == Role::View);
        CHECK(comment(camille) == 201);
        CHECK(years.role_of(years.school.teacher, years.space) == Role::Manage);

        CHECK_FALSE(nadia.get("/").body.contains(years.class_page()));
        CHECK_FALSE(found());
        auto page = nadia.get(years.class_page());
        CHECK(page.status == 200);
        CHECK(page.body.contains("Archivée — année 2025-2026"));
        CHECK(page.body.contains("Adam Benkacem"));
        CHECK_FALSE(page.body.contains(years.school.class_link));
        CHECK_FALSE(page.body.contains(years.class_page() + "/pupils"));
        CHECK_FALSE(page.body.contains(years.class_page() + "/roster"));
        CHECK(camille.get("/groups/" + to_text(years.sixth)).body.contains("Archivée"));
        years.school.events();
        CHECK(camille.post(years.class_page() + "/pupils", {{"pupil", "Zoé Zola"}}).status == 409);
        CHECK(camille.get(years.class_page() + "/roster").status == 409);
        CHECK(camille.post(years.class_page() + "/roster", {{"list", "Zoé Zola"}, {"confirm", "1"}}).status == 409);
        CHECK(camille.post("/groups/" + to_text(years.sixth) + "/link").status == 409);
        CHECK(camille.post("/groups/" + to_text(years.sixth) + "/settings", {{"name", "6e Z"}}).status == 409);
        auto give = [&](const std::string& to, const std::string& role) {
            return camille
                .api(http::Method::Put, "/api/sharing/items/" + to_text(years.sheet) + "/grants/" + to,
                     R"({"role":")" + role + "\"}")
                .status;
        };
        CHECK(give("group-" + to_text(years.sixth), "edit") == 409);
        CHECK(give("group-" + to_text(years.sixth), "comment") == 409);
        CHECK(give("families-" + to_text(years.sixth), "view") == 409);
        CHECK(years.school.events().empty());
    });
}

TEST_CASE("what was withdrawn or given anew meanwhile stays so when a class is opened again") {
    at_years([](Years& years) {
        const auto kept = years.make_file("Gardé.odt", Role::Edit);
        const auto taken = years.make_file("Retiré.odt", Role::Edit);
        const auto lowered = years.make_file("Redonné.odt", Role::Edit);
        const auto box = years.make_file("Boîte", Role::Deposit);
        years.close_class();
        CHECK(years.role_of(years.school.colleague, taken) == Role::View);
        CHECK_FALSE(years.may_deposit(years.school.colleague, box));
        CHECK(years.role_of(years.school.colleague, box) == Role::None); // not more than it was
        auto camille = years.school.as(years.school.teacher);
        auto right = [&](ItemId item) {
            return "/api/sharing/items/" + to_text(item) + "/grants/group-" + to_text(years.sixth);
        };
        CHECK(camille.api(http::Method::Delete, right(taken)).status < 300);
        CHECK(camille.api(http::Method::Delete, right(lowered)).status < 300);
        CHECK(camille.api(http::Method::Put, right(lowered), R"({"role":"view"})").status < 300);

        auto head = years.school.as(years.school.head);
        auto archives = head.get(years.page + "/archives");
        CHECK(archives.body.contains("Année 2025-2026"));
        CHECK(archives.body.contains("Choisir 6e B"));
        CHECK(head.post(years.page + "/reopen", {{"what", to_text(years.sixth)}}).status == 303);
        CHECK(years.role_of(years.school.colleague, kept) == Role::Edit);
        CHECK(years.role_of(years.school.colleague, taken) == Role::None);
        CHECK(years.role_of(years.school.colleague, lowered) == Role::View);
        CHECK(years.may_deposit(years.school.colleague, box));
        CHECK(years.role_of(years.school.colleague, years.space) == Role::Edit);
        CHECK(head.post(years.page + "/reopen", {{"what", to_text(years.sixth)}}).status == 409);
        CHECK_FALSE(head.get(years.page + "/archives").body.contains("Choisir 6e B"));
    });
}

TEST_CASE("a link that was withdrawn stays withdrawn, and withdrawing one does not open the class") {
    at_years([](Years& years) {
        auto made = years.school.db.write_now(
            [&](db::Tx& tx) { return sharing::create_class_link(tx, years.school.world, years.sixth, "Zoé Petit"); });
        auto turn = [&](auto what) {
            return years.school.db.write_now([&, viewer = years.school.viewer(years.school.teacher)](db::Tx& tx) {
                return what(tx, years.school.world, viewer, made.link.id);
            });
        };
        REQUIRE(turn(sharing::revoke_link));
        years.close_class();
        REQUIRE(turn(sharing::restore_link)); // thought better of it, within ten minutes
        CHECK(years.school.as_stranger().get("/s/" + made.token).status == 410);
        REQUIRE(turn(sharing::revoke_link));
        auto head = years.school.as(years.school.head);
        CHECK(head.post(years.page + "/reopen", {{"what", to_text(years.sixth)}}).status == 303);
        CHECK(years.school.as_stranger().get("/s/" + made.token).status == 410);
        CHECK(years.school.as_stranger().get("/s/" + years.school.class_link).status == 303);
    });
}

TEST_CASE("a space that only the class managed is managed by who answers for the class, until it is opened again") {
    at_years([](Years& years) {
        const auto space = years.make_space("Sciences", Role::Manage);
        const auto other = years.make_space("Projet", Role::Manage);
        for (auto one : {space, other}) years.withdraw(one, subject(years.school.teacher));
        CHECK(years.own_rights(space) == 1);
        years.close_class();
        CHECK(years.role_of(years.school.teacher, space) == Role::Manage); // an owner, who came first
        CHECK(years.role_of(years.school.colleague, space) == Role::View);
        years.withdraw(other, subject(years.sixth)); // by who stands in: the class does not come back there
        auto head = years.school.as(years.school.head);
        CHECK(head.post(years.page + "/reopen", {{"what", to_text(years.sixth)}}).status == 303);
        CHECK(years.own_rights(space) == 1);
        CHECK(years.role_of(years.school.colleague, space) == Role::Manage);
        CHECK(years.role_of(years.school.colleague, other) == Role::None);
        CHECK(years.role_of(years.school.teacher, other) == Role::Manage); // nobody else would be left
    });
}

} // namespace preau::portal::testing

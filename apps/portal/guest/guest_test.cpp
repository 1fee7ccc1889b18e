#include "portal/guest/guest.hpp"
#include "portal/portal_fixture.hpp"
#include "web/page_check.hpp"

#include "identity/groups.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

std::vector<mail::Entry> letters(TestPortal& school) {
    return school.db.read_now([](db::Tx& tx) { return mail::entries(tx, std::nullopt, {}, 20); });
}

std::string link_in(TestPortal& school, const mail::Entry& letter) { // "/signin/once/…"
    auto body = school.db.read_now([&](db::Tx& tx) { return mail::find_body(tx, letter.id).value().body_text; });
    const auto at = body.find("/signin/once/");
    REQUIRE(at != std::string::npos);
    return body.substr(at, body.find('\n', at) - at);
}

PersonId invite(TestPortal& school, Visitor& sponsor, std::string mail = "ines@musee.example",
                std::string until = "2026-12-01") {
    auto answer = sponsor.post("/guests", {{"name", "Inès Roy"}, {"mail", mail}, {"until", until}});
    REQUIRE_MESSAGE(answer.status == 303, answer.body);
    return school.db.read_now([&](db::Tx& tx) {
        for (auto& guest : identity::guests_of(tx, school.teacher))
            if (guest.mail == mail) return guest.person;
        return PersonId{};
    });
}

// By the link of the letter, as the guest does.
Visitor come(TestPortal& school, const mail::Entry& letter) {
    auto guest = school.browser();
    REQUIRE(guest.post(link_in(school, letter)).status == 303);
    return guest;
}

} // namespace

TEST_CASE("a teacher invites somebody by mail, who opens the account once and sees nothing but what is shared") {
    on_each_portal([](TestPortal& school) {
        school.make_document("Bulletin.odt", TestPortal::Share::Nobody);
        auto shared = school.make_document("Visite du musée.odt", TestPortal::Share::Nobody);
        auto camille = school.as(school.teacher);
        auto id = invite(school, camille);
        auto sent = letters(school);
        REQUIRE(sent.size() == 1);
        CHECK(sent[0].recipient == "ines@musee.example");
        CHECK(camille.get("/guests").body.contains("Pas encore venu"));
        auto guest = come(school, sent[0]);
        CHECK(school.browser().post(link_in(school, sent[0])).status == 410); // once
        auto home = guest.get("/");
        CHECK(home.body.contains("Bonjour Inès"));
        CHECK_FALSE(home.body.contains("href=\"/guests\""));
        CHECK(camille.get("/guests").body.contains("Actif"));
        auto sees = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                return sharing::can(tx, *identity::find_viewer(tx, id), Action::View, shared, school.clock.now());
            });
        };
        CHECK_FALSE(sees());
        school.db.write_now([&](db::Tx& tx) { // everyone signed in is not a guest
            auto viewer = *identity::find_viewer(tx, school.teacher);
            sharing::set_grant(tx, school.world, viewer,
                               {.item = shared, .subject_kind = signed_in.kind, .subject = 0});
        });
        CHECK_FALSE(sees());
        school.db.write_now([&](db::Tx& tx) {
            auto viewer = *identity::find_viewer(tx, school.teacher);
            sharing::set_grant(tx, school.world, viewer,
                               {.item = shared, .subject_kind = Subject::Kind::Person, .subject = id.value});
        });
        CHECK(sees());
        CHECK(guest.get("/guests").status == 403);
        CHECK(guest.post("/guests", {{"name", "Paul"}, {"mail", "paul@x.example"}, {"until", "2026-10-01"}}).status ==
              403);
        CHECK(guest.get("/groups/new").status == 403);
        CHECK(guest.post("/groups/new", {{"name", "Le mien"}, {"joining", "open"}}).status == 403);
        CHECK(guest.get("/announcements/new").status == 403);
    });
}

TEST_CASE("at their end a guest is signed out at once; the sponsor was told before, and prolongs") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto id = invite(school, camille, "ines@musee.example", "2026-09-20");
        auto letter = letters(school).front();
        auto guest = come(school, letter);
        CHECK(guest.get("/account").status == 200);
        CHECK(school.db.write_now([&](db::Tx& tx) { return tell_ending(tx, *school.portal, 10); }) == 1);
        CHECK(school.db.write_now([&](db::Tx& tx) { return tell_ending(tx, *school.portal, 10); }) == 0);
        std::vector<std::string> told;
        for (auto& entry : letters(school))
            if (entry.id != letter.id) told.push_back(entry.recipient);
        std::ranges::sort(told);
        CHECK(told == std::vector<std::string>{"camille@ecole.test", "ines@musee.example"});
        const auto one = "/guests/" + to_text(id);
        CHECK(school.as(school.stranger).post(one + "/prolong", {{"until", "2026-12-01"}}).status == 404);
        CHECK(camille.post(one + "/prolong", {{"until", "2029-12-01"}}).status == 422);
        CHECK(camille.post(one + "/prolong", {{"until", "2026-12-01"}}).status == 303);
        CHECK(school.as(school.stranger).post(one + "/end").status == 404);
        CHECK(guest.get("/account").status == 200);
        CHECK(camille.post(one + "/end").status == 303);
        CHECK(guest.get("/account").status == 303); // to sign in
        CHECK(school.sessions(id).empty());
        CHECK(camille.get("/guests").body.contains("Terminé"));
        CHECK(camille.post(one + "/link").status == 409);
    });
}

TEST_CASE("the rule of the school, and what an invitation must say") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto head = school.as(school.head);
        const auto rule = "/structures/" + to_text(school.school) + "/guests";
        auto send = [&](std::string mail) {
            return camille.post("/guests", {{"name", "Inès Roy"}, {"mail", mail}, {"until", "2026-12-01"}});
        };
        auto wrong = send("no address");
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("mail-problem"));
        CHECK(wrong.body.contains("value=\"Inès Roy\""));
        CHECK(camille.post("/guests", {{"name", "I"}, {"mail", "a@b.example"}, {"until", "2025-12-01"}})
                  .body.contains("until-problem"));
        CHECK(send("victor@ecole.test").status == 409); // works here already
        CHECK(letters(school).empty());
        CHECK(camille.get(rule).status == 404);
        CHECK(head.get(rule).status == 200);
        CHECK(head.post(rule, {{"rule", "on"}, {"per_sponsor", "many"}}).status == 422);
        CHECK(head.post(rule, {{"rule", "on"}, {"per_sponsor", "1"}}).status == 303);
        CHECK(send("a@b.example").status == 303);
        CHECK(send("b@b.example").status == 409);
        CHECK(camille.get("/guests").body.contains("Mettez fin à un accès"));
        CHECK(head.post(rule, {{"rule", "off"}}).status == 303);
        CHECK(send("c@b.example").status == 403);
        CHECK(camille.get("/guests").body.contains("n’ouvre pas de comptes"));
    });
}

TEST_CASE("a guest is invited into a group, works there, and is marked as a guest") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto id = invite(school, camille);
        auto guest = come(school, letters(school).front());
        auto made = camille.post("/groups/new",
                                 {{"name", "Musée"}, {"joining", "open"}, {"structure", to_text(school.school)}});
        const std::string target{location(made)};
        const auto group = target.substr(0, target.find('?'));
        CHECK(guest.get(group).status == 404);
        CHECK(guest.post(group + "/join").status == 404);
        CHECK(guest.get("/groups?show=discover").body.contains("Rien à découvrir"));
        CHECK(camille.post(group + "/invite", {{"who", to_text(id)}}).status == 303);
        CHECK(guest.post(group + "/answer", {{"decision", "accept"}}).status == 303);
        CHECK(guest.get(group).body.contains("Partagé avec le groupe"));
        CHECK(camille.get(group).body.contains("Invité</span>"));
        CHECK(guest.get("/groups").body.contains("Musée"));
    });
}

TEST_CASE("pages of guests are sound, and the API says the same") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        invite(school, camille);
        CHECK(web::page_problems(camille.get("/guests").body).empty());
        CHECK(web::page_problems(school.as(school.head).get("/structures/" + to_text(school.school) + "/guests").body)
                  .empty());
        CHECK(camille.get("/api/guests").body.contains("\"mail\":\"ines@musee.example\""));
        CHECK_FALSE(school.as(school.stranger).get("/api/guests").body.contains("ines@musee.example"));
    });
}

} // namespace preau::portal::testing

#include "portal/group/group.hpp"
#include "portal/portal_fixture.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

std::string group_in(const http::TestAnswer& answer) { // "/groups/6k2…" of a redirect
    const auto target = std::string{location(answer)};
    return target.substr(0, target.find('?'));
}

std::vector<mail::Entry> letters(TestPortal& school) {
    return school.db.read_now([](db::Tx& tx) { return mail::entries(tx, std::nullopt, {}, 10); });
}

std::string make(TestPortal& school, Visitor& who, std::string joining, std::string name = "Sciences") {
    auto answer = who.post("/groups/new", {{"name", name},
                                           {"description", "Préparer la fête de la science.\nLe mardi."},
                                           {"joining", joining},
                                           {"structure", to_text(school.school)}});
    REQUIRE_MESSAGE(answer.status == 303, answer.body);
    return group_in(answer);
}

} // namespace

TEST_CASE("a teacher makes a group, a colleague of the school discovers and joins it") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        CHECK(camille.get("/groups").body.contains("6e B"));
        auto refused = camille.post("/groups/new", {{"name", "x"}, {"joining", "open"}});
        CHECK(refused.status == 422);
        CHECK(refused.body.contains("aria-invalid"));
        auto group = make(school, camille, "open");
        auto page = camille.get(group);
        CHECK(page.status == 200);
        CHECK(page.body.contains("Préparer la fête de la science."));
        CHECK(page.body.contains("1 membre"));

        auto victor = school.as(school.stranger);
        CHECK_FALSE(victor.get("/groups").body.contains("Sciences"));
        CHECK(victor.get("/groups?show=discover").body.contains("Sciences"));
        CHECK(victor.get("/groups?q=scien").body.contains("Sciences"));
        CHECK_FALSE(victor.get(group).body.contains("Partagé avec le groupe")); // not in yet
        CHECK(victor.post(group + "/join").status == 303);
        CHECK(victor.get(group).body.contains("2 membres"));
        CHECK(victor.get("/groups").body.contains("Sciences"));
        CHECK(victor.post(group + "/members/" + to_text(school.teacher), {{"role", "member"}}).status == 403);
        CHECK(victor.get(group + "/settings").status == 403);
        CHECK(camille.post("/groups/0/settings", {{"name", "Une autre"}, {"joining", "open"}}).status == 404);
        CHECK_FALSE(camille.get("/groups").body.contains("Une autre"));
        CHECK(school.browser().get(group).status == 303); // to sign in
    });
}

TEST_CASE("a request waits on the owner's home, is decided once, and the asker is told by mail") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto victor = school.as(school.stranger);
        auto group = make(school, camille, "moderated");
        CHECK(victor.post(group + "/ask", {{"message", "J’anime le club astronomie."}}).status == 303);
        CHECK(victor.get(group).body.contains("Votre demande attend"));
        auto home = camille.get("/").body;
        CHECK(home.contains("1 demande d’entrée"));
        CHECK(home.contains(group));
        CHECK(camille.get(group).body.contains("J’anime le club astronomie."));
        CHECK(letters(school).empty());
        const auto decide = group + "/requests/" + to_text(school.stranger);
        CHECK(victor.post(decide, {{"decision", "accept"}}).status == 403);
        CHECK(camille.post(decide, {{"decision", "accept"}}).status == 303);
        CHECK(camille.post(decide, {{"decision", "accept"}}).status == 409);
        auto sent = letters(school);
        REQUIRE(sent.size() == 1);
        CHECK(sent[0].recipient == "victor@ecole.test");
        CHECK(sent[0].subject == "Bienvenue dans «\u00a0Sciences\u00a0»");
        CHECK(victor.get(group).body.contains("Partagé avec le groupe"));
        CHECK_FALSE(camille.get("/").body.contains("demande d’entrée"));
    });
}

TEST_CASE("what is shared with a group stands on its page, for its members") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto victor = school.as(school.stranger);
        auto group = make(school, camille, "open");
        const auto id = *parse_id<GroupId>(group.substr(8));
        auto document = school.make_document("Protocole.odt", TestPortal::Share::Nobody);
        school.db.write_now([&](db::Tx& tx) {
            auto viewer = *identity::find_viewer(tx, school.teacher);
            auto to = subject(id);
            sharing::set_grant(tx, school.world, viewer, {.item = document, .subject_kind = to.kind, .subject = to.id});
        });
        CHECK(camille.get(group).body.contains("Protocole.odt"));
        CHECK_FALSE(victor.get(group).body.contains("Protocole.odt"));
        victor.post(group + "/join");
        CHECK(victor.get(group).body.contains("Protocole.odt"));
        victor.post(group + "/leave");
        CHECK_FALSE(victor.get(group).body.contains("Protocole.odt"));
        CHECK_FALSE(school.db.read_now([&](db::Tx& tx) {
            return sharing::can(tx, *identity::find_viewer(tx, school.stranger), Action::View, document,
                                school.clock.now());
        }));
    });
}

TEST_CASE("somebody is invited by name into a closed group, and declines or comes in") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto victor = school.as(school.stranger);
        auto group = make(school, camille, "closed");
        CHECK(victor.get(group).status == 404);
        auto found = camille.get(group + "?invite=victor").body;
        CHECK(found.contains("value=\"" + to_text(school.stranger) + "\""));
        CHECK(camille.post(group + "/invite").status == 422);
        CHECK(camille.post(group + "/invite", {{"who", to_text(school.stranger)}}).status == 303);
        CHECK(letters(school).size() == 1);
        CHECK(victor.get("/").body.contains("Invitation\u00a0: Sciences"));
        CHECK(victor.get(group).body.contains("Vous êtes invité"));
        CHECK(victor.post(group + "/answer", {{"decision", "refuse"}}).status == 303);
        CHECK(victor.get(group).status == 404);
        camille.post(group + "/invite", {{"who", to_text(school.stranger)}});
        CHECK(victor.post(group + "/answer", {{"decision", "accept"}}).status == 303);
        CHECK(victor.get(group).status == 200);
        CHECK(camille.post(group + "/leave").status == 303); // refused: the last owner
        CHECK(camille.get(group + "?refused=last_owner").body.contains("garde un propriétaire"));
        CHECK(camille.post(group + "/members/" + to_text(school.stranger), {{"role", "owner"}}).status == 303);
        CHECK(camille.post(group + "/leave").status == 303);
        CHECK(camille.get(group).status == 404);
    });
}

TEST_CASE("the link for staff opens a page with a button, and nothing once it was cut") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto victor = school.as(school.stranger);
        auto group = make(school, camille, "closed");
        CHECK(camille.post(group + "/link").status == 303);
        const auto body = camille.get(group).body;
        const auto at = body.find("/groups/join/");
        REQUIRE(at != std::string::npos);
        const auto link = body.substr(at, body.find('"', at) - at);
        auto seen = victor.get(link);
        CHECK(seen.status == 200);
        CHECK(victor.get(group).status == 404); // looking lets nobody in
        CHECK(victor.post(link).status == 303);
        CHECK(victor.get(group).status == 200);
        CHECK_FALSE(victor.get(group).body.contains("/groups/join/")); // a member does not hand it out
        camille.post(group + "/link", {{"end", "1"}});
        CHECK(school.as(school.stranger).get(link).status == 410);
    });
}

TEST_CASE("pages of groups are sound, and the API says the same") {
    on_each_portal([](TestPortal& school) {
        auto camille = school.as(school.teacher);
        auto group = make(school, camille, "moderated");
        for (auto page : {std::string{"/groups"}, std::string{"/groups?show=discover"}, std::string{"/groups?q=zzz"},
                          std::string{"/groups/new"}, group, group + "/settings", group + "?invite=vic"})
            CHECK_MESSAGE(web::page_problems(camille.get(page).body).empty(), page);
        CHECK(school.pages.never_loaded("portal").empty());
        CHECK(camille.get("/api/groups").body.contains("\"joining\":\"moderated\""));
        CHECK(camille.get("/api" + group).body.contains("\"role\":\"owner\""));
        CHECK(school.as(school.stranger).get("/api" + group + "?x=1").body.contains("\"people\":[]"));
        CHECK(camille.get("/api/groups/zzzz").status == 404);
    });
}

TEST_CASE("the staff of a class edit its roster; a pupil taken off has no link any more") {
    on_each_portal([](TestPortal& school) {
        const auto page = "/class/" + to_text(school.class_6eb);
        auto camille = school.as(school.teacher);
        CHECK(camille.post(page + "/pupils", {{"pupil", "x"}}).status == 422);
        CHECK(camille.post(page + "/pupils", {{"pupil", "Zoé Vidal"}}).status == 303);
        CHECK(camille.get(page).body.contains("Zoé Vidal"));
        CHECK(school.as(school.stranger).post(page + "/pupils", {{"pupil", "Zoé Vidal"}}).status == 404);
        auto lina = school.db.read_now([&](db::Tx& tx) {
            for (auto& pupil : identity::pupils_of(tx, school.class_6eb))
                if (pupil.name == "Lina Lemaire") return to_text(pupil.id);
            return std::string{};
        });
        auto family = school.by_link(school.pupil_link.link.id);
        CHECK(family.get(page).status == 200);
        CHECK_FALSE(family.get(page).body.contains("Zoé Vidal")); // the roster is not for families
        CHECK(school.as(school.stranger).post(page + "/pupils/" + lina + "/remove").status == 404);
        CHECK(camille.post(page + "/pupils/" + lina + "/remove").status == 303);
        CHECK_FALSE(camille.get(page).body.contains("Lina Lemaire"));
        CHECK(family.get(page).status == 401);
        CHECK(web::page_problems(camille.get(page).body).empty());
    });
}

} // namespace preau::portal::testing

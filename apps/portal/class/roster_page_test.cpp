#include "portal/admin/admin_fixture.hpp"
#include "portal/class/class_page.hpp"
#include "portal/portal_fixture.hpp"

#include <doctest/doctest.h>

namespace preau::portal::testing {
namespace {

std::string roster_of(const TestPortal& school) { return "/class/" + to_text(school.class_6eb) + "/roster"; }

std::string hidden(const http::TestAnswer& answer, std::string_view name) {
    const auto begin = "name=\"" + std::string{name} + "\" value=\"";
    auto at = answer.body.find(begin);
    REQUIRE(at != std::string::npos);
    at += begin.size();
    return answer.body.substr(at, answer.body.find('"', at) - at);
}

std::vector<std::string> names(TestPortal& school) {
    return school.db.read_now([&](db::Tx& tx) {
        std::vector<std::string> all;
        for (const auto& pupil : identity::pupils_of(tx, school.class_6eb)) all.push_back(pupil.name);
        return all;
    });
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("staff paste a list, see what will change, save it and take it back") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/class/" + to_text(school.class_6eb)).body.contains("/roster\""));
        CHECK(teacher.get(roster_of(school)).body.contains("Lina Lemaire"));
        const std::string list = "Nom\tPrénom\nLEMAIRE-ROY\tLina\nZOLA\tZoé\n";
        auto preview = teacher.post(roster_of(school), {{"list", list}});
        CHECK(preview.status == 200);
        CHECK(preview.body.contains("<ins>Lina Lemaire-Roy</ins>"));
        CHECK(preview.body.contains("Zoé Zola"));
        CHECK(names(school) == Names{"Adam Aubert", "Lina Lemaire"}); // looking changes nothing
        auto mark = hidden(preview, "mark");
        auto saved = teacher.post(roster_of(school), {{"list", list}, {"mark", mark}, {"confirm", "1"}});
        CHECK(saved.status == 303);
        CHECK(names(school) == Names{"Lina Lemaire-Roy", "Zoé Zola"});
        auto page = teacher.get(std::string{location(saved)});
        auto undone = teacher.post(roster_of(school) + "/undo", {{"change", hidden(page, "change")}});
        CHECK(undone.status == 303);
        CHECK(names(school) == Names{"Adam Aubert", "Lina Lemaire"});
        // The same preview saved late: somebody was quicker.
        school.db.write_now([&](db::Tx& tx) { identity::add_pupil(tx, school.ids, school.class_6eb, "Hugo Petit"); });
        auto late = teacher.post(roster_of(school), {{"list", list}, {"mark", mark}, {"confirm", "1"}});
        CHECK(late.status == 409);
        CHECK(late.body.contains("Hugo Petit"));
        CHECK(names(school).size() == 3);
    });
}

TEST_CASE("families keep their address under another name, lose it with their place, and have it back with it") {
    on_each_portal([](TestPortal& school) {
        auto teacher = school.as(school.teacher);
        const auto lina = school.pupil_link.token;
        auto opens = [&](const std::string& token) {
            return school.db.read_now(
                [&](db::Tx& tx) { return sharing::open_link(tx, token, school.clock.now()).has_value(); });
        };
        REQUIRE(opens(lina));
        auto save = [&](const std::string& list) {
            const auto mark = hidden(teacher.post(roster_of(school), {{"list", list}}), "mark");
            auto saved = teacher.post(roster_of(school), {{"list", list}, {"mark", mark}, {"confirm", "1"}});
            REQUIRE(saved.status == 303);
            return hidden(teacher.get(std::string{location(saved)}), "change");
        };
        auto pupils_with_links = [&] {
            return school.db.read_now([&](db::Tx& tx) {
                Names with;
                for (const auto& pupil : identity::pupils_of(tx, school.class_6eb))
                    if (!store::pupil_links(tx, school.class_6eb, pupil.name).empty()) with.push_back(pupil.name);
                return with;
            });
        };
        save("Lina Lemaire-Roy\nAdam Aubert\n");
        CHECK(opens(lina));
        CHECK(pupils_with_links() == Names{"Adam Aubert", "Lina Lemaire-Roy"});
        const auto wrong = save("Hugo Petit\nZoé Zola\n"); // the list of another class
        CHECK_FALSE(opens(lina));
        CHECK(pupils_with_links() == Names{"Hugo Petit", "Zoé Zola"});
        CHECK(teacher.post(roster_of(school) + "/undo", {{"change", wrong}}).status == 303);
        CHECK(opens(lina)); // the paper at home is good again
        CHECK(pupils_with_links() == Names{"Adam Aubert", "Lina Lemaire-Roy"});
        school.db.read_now([&](db::Tx& tx) { CHECK(store::pupil_links(tx, school.class_6eb, "Hugo Petit").empty()); });
    });
}

TEST_CASE("a class list is its staff's alone") {
    on_each_portal([](TestPortal& school) {
        auto stranger = school.as(school.stranger);
        CHECK(stranger.get(roster_of(school)).status == 404);
        CHECK(stranger.post(roster_of(school), {{"list", "X Y"}}).status == 404);
        CHECK(stranger.post(roster_of(school) + "/undo", {{"change", "1"}}).status == 404);
        auto family = school.by_link(school.class_link.link.id);
        CHECK(location(family.get(roster_of(school))).starts_with("/signin?to="));
        CHECK(family.post(roster_of(school), {{"list", "X Y"}, {"confirm", "1"}}).status == 401);
        CHECK(names(school) == Names{"Adam Aubert", "Lina Lemaire"});
    });
}

TEST_CASE("every change of a class list is in the journal, and says whose class") {
    fixtures::at_school(administration, [](fixtures::School& school) {
        auto teacher = school.as(school.teacher);
        const auto page = "/class/" + to_text(school.class_6eB);
        school.events();
        CHECK(teacher.post(page + "/pupils", {{"pupil", "Zoé Zola"}}).status == 303);
        const auto zoe = school.db.read_now([&](db::Tx& tx) {
            for (const auto& pupil : identity::pupils_of(tx, school.class_6eB))
                if (pupil.name == "Zoé Zola") return to_base32(pupil.id.value);
            return std::string{};
        });
        CHECK(teacher.post(page + "/pupils/" + zoe + "/remove").status == 303);
        CHECK(std::ranges::count(school.events(), "class.roster_changed") == 2);
        CHECK(school.as(school.outsider).post(page + "/pupils", {{"pupil", "Zoé Zola"}}).status == 404);
        CHECK(school.events().empty());
        school.jobs.run_due();
        const auto journal = school.as(school.administrator).get("/admin/audit?kind=class.roster_changed").body;
        CHECK(journal.contains("Liste d’une classe changée"));
        CHECK(journal.contains(to_text(school.class_6eB)));
        CHECK_FALSE(journal.contains("Zola"));
    });
}

TEST_CASE("a guest among the staff of a class is offered nothing that would refuse them") {
    fixtures::at_school(administration, [](fixtures::School& school) {
        const auto guest = invite_guest(school);
        school.change([&](db::Tx& tx) { identity::add_member(tx, school.class_6eB, guest, "member"); });
        const auto page = "/class/" + to_text(school.class_6eB);
        const auto staff = school.as(school.teacher).get(page).body, seen = school.as(guest).get(page).body;
        for (const auto* offer : {"/roster\"", "/pupils\"", "/remove\""}) {
            CHECK(staff.contains(offer));
            CHECK_FALSE(seen.contains(offer));
        }
        CHECK(seen.contains("Adam Benkacem")); // still sees who is in it
        CHECK(school.as(guest).post(page + "/pupils", {{"pupil", "Zoé Zola"}}).status == 404);
    });
}

} // namespace preau::portal::testing

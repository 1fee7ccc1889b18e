// All of a list at once: what is asked first, what the job does, whom it writes to, and taking it back.
#include "portal/admin/admin_fixture.hpp"
#include "portal/shown/shown_sweep.hpp"

#include "base/json.hpp"
#include "sharing/link.hpp"
#include "web/page_check.hpp"

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

constexpr int links = 260; // more than a page of 50 and than a portion of 200

struct Lots {
    std::vector<std::string> tokens; // of the teacher
    std::string far;                 // of the outsider, in another académie
    std::vector<ItemId> items;       // public, of the teacher
};
Lots open_lots(School& school) {
    school.kinds.add({.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
    const auto teacher = school.viewer(school.teacher), outsider = school.viewer(school.outsider);
    auto lots = school.change([&](db::Tx& tx) {
        Lots lots;
        auto folder = [&](const Viewer& who, ItemId space, std::string title) {
            return sharing::create_item(tx, school.world, who, {.parent = space, .kind = "folder", .title = title})->id;
        };
        const auto item = folder(teacher, school.space, "Notes du conseil");
        for (int i = 0; i < links; ++i)
            lots.tokens.push_back(
                sharing::create_link(tx, school.world, teacher, {.item = item, .label = std::to_string(i)})->token);
        for (const auto* title : {"Volcans", "Lagons", "Séismes"}) {
            lots.items.push_back(folder(teacher, school.space, title));
            sharing::set_grant(tx, school.world, teacher,
                               {.item = lots.items.back(), .subject_kind = Subject::Kind::Public, .role = Role::View});
        }
        const auto there =
            folder(outsider, sharing::personal_space(tx, school.world, outsider.person, "Mes fichiers"), "Club");
        lots.far = sharing::create_link(tx, school.world, outsider, {.item = there, .label = "Club"})->token;
        return lots;
    });
    school.jobs.run_due();
    school.events();
    return lots;
}

std::size_t open_among(School& school, const std::vector<std::string>& tokens) {
    return school.db.read_now([&](db::Tx& tx) {
        return static_cast<std::size_t>(std::ranges::count_if(
            tokens, [&](const auto& token) { return sharing::open_link(tx, token, school.clock.now()).has_value(); }));
    });
}
std::size_t letters(School& school) {
    return school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 50).size(); });
}
std::size_t public_among(School& school, const std::vector<ItemId>& items) {
    return school.db.read_now([&](db::Tx& tx) {
        return static_cast<std::size_t>(std::ranges::count_if(
            items, [&](ItemId item) { return sharing::can(tx, Viewer{}, Action::View, item, school.clock.now()); }));
    });
}
std::string where(const http::TestAnswer& answer) { return std::string{answer.headers.find("location")}; }

} // namespace

TEST_CASE("a whole list is suspended after its number was read, with one letter to each owner, and taken back") {
    fixtures::at_school(administration, [](School& school) {
        const auto lots = open_lots(school);
        auto admin = school.as(school.administrator);
        const auto part = "&structure=" + to_text(school.college);
        const auto list = admin.get("/admin/shown?show=links" + part).body;
        CHECK(list.contains("/admin/shown/all?show=links"));
        auto ask = admin.get("/admin/shown/all?show=links" + part);
        CHECK(ask.status == 200);
        CHECK(web::page_problems(ask.body).empty());
        CHECK(ask.body.contains("Suspendre 260 ouvertures"));
        CHECK(ask.body.contains("D’une seule personne."));
        auto wordless = admin.post("/admin/shown/all?show=links" + part, {{"reason", " "}});
        CHECK(wordless.status == 422);
        CHECK(web::page_problems(wordless.body).empty());
        CHECK(school.events().empty());
        CHECK(open_among(school, lots.tokens) == links);

        auto begun = admin.post("/admin/shown/all?show=links" + part, {{"reason", "Adresses publiées"}});
        REQUIRE(begun.status == 303);
        const auto page = where(begun);
        auto working = admin.get(page);
        CHECK(working.headers.find("refresh") == "2");
        CHECK(working.body.contains("C’est en cours"));
        CHECK(admin.post(page + "/undo").status == 409); // not before it has ended
        school.jobs.run_due();
        CHECK(open_among(school, lots.tokens) == 0);
        CHECK(open_among(school, {lots.far}) == 1);
        CHECK(public_among(school, lots.items) == 3);
        CHECK(letters(school) == 1);
        const auto events = school.events();
        CHECK(std::ranges::count(events, "link.suspended") == links);
        CHECK(std::ssize(events) == links);
        auto done = admin.get(page);
        CHECK(web::page_problems(done.body).empty());
        CHECK_FALSE(done.headers.has("refresh"));
        CHECK(done.body.contains("260 ouvertures sont suspendues."));
        CHECK(done.body.contains("Adresses publiées"));

        auto undo = admin.post(page + "/undo");
        REQUIRE(undo.status == 303);
        school.jobs.run_due();
        CHECK(open_among(school, lots.tokens) == links);
        CHECK(admin.get(where(undo)).body.contains("260 ouvertures sont rétablies."));
        CHECK(admin.post(where(undo) + "/undo").status == 409); // an undo has none
    });
}

TEST_CASE("a list of public items and one of suspended links are done the same way, and by programs") {
    fixtures::at_school(administration, [](School& school) {
        const auto lots = open_lots(school);
        auto admin = school.as(school.administrator);
        auto sweep = [&](const std::string& show) {
            auto begun = admin.post("/api/admin/shown/all?show=" + show, {{"reason", "Données d’élèves"}});
            REQUIRE(begun.status == 200);
            school.jobs.run_due();
            const std::string id{(*json::parse(begun.body))["sweep"].text().value_or("")};
            const auto ended = admin.get("/api/admin/shown/sweeps/" + id);
            return (*json::parse(ended.body))["done"].integer().value_or(-1);
        };
        CHECK(sweep("public") == 3);
        CHECK(public_among(school, lots.items) == 0);
        CHECK(letters(school) == 1); // about three items
        CHECK(sweep("public") == 0);
        CHECK(sweep("suspended-public") == 3);
        CHECK(public_among(school, lots.items) == 3);
        CHECK(sweep("links") == links + 1);
        CHECK(letters(school) == 3);
        CHECK(sweep("suspended-links") == links + 1);
        CHECK(open_among(school, lots.tokens) == links);
    });
}

TEST_CASE("a delegate suspends all of their part and nothing beyond it, and not after the right has ended") {
    fixtures::at_school(administration, [](School& school) {
        const auto lots = open_lots(school);
        auto head = school.as(school.head);
        CHECK(head.get("/admin/shown/all").status == 403);
        CHECK(head.post("/admin/shown/all", {{"reason", "Essai"}}).status == 403);
        const auto given = delegate(school, school.head, AdminRole::People, school.college);
        const auto elsewhere = "?structure=" + to_text(school.other_college);
        CHECK(head.post("/admin/shown/all" + elsewhere, {{"reason", "Essai"}}).status == 403);
        CHECK(head.post("/admin/shown/all?login=outsider", {{"reason", "Essai"}}).status == 404);
        CHECK(open_among(school, lots.tokens) == links);

        auto begun = head.post("/admin/shown/all", {{"reason", "Adresses publiées"}});
        REQUIRE(begun.status == 303);
        const auto page = where(begun);
        delegate(school, school.colleague, AdminRole::People, school.college);
        CHECK(school.as(school.colleague).get(page).status == 404); // it is the head's
        CHECK(school.as(school.administrator).get(page).status == 200);
        school.jobs.run_due();
        CHECK(open_among(school, lots.tokens) == 0);
        CHECK(open_among(school, {lots.far}) == 1);

        auto undo = head.post(page + "/undo");
        REQUIRE(undo.status == 303);
        school.change([&](db::Tx& tx) {
            return identity::revoke_delegation(tx, identity::rights_of(tx, school.administrator, school.clock.now()),
                                               given.id, school.clock.now());
        });
        school.jobs.run_due();
        CHECK(open_among(school, lots.tokens) == 0); // the right ended before the job came to it
        CHECK(school.as(school.administrator).get(where(undo)).body.contains("260 n’ont pas été changées"));
    });
}

} // namespace preau::portal

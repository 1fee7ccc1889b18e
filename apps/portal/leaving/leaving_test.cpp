// Somebody leaves: who may settle it, what goes where, and that nothing happens when it is refused.
#include "portal/admin/admin_fixture.hpp"

#include "sharing/link.hpp"
#include "web/page_check.hpp"

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

std::string leave_page(PersonId person) { return "/admin/people/" + to_text(person) + "/leave"; }

struct Files {
    ItemId folder;
    std::string token;
};
// A folder of the teacher with a link for families.
Files files_of_teacher(School& school) {
    const auto teacher = school.viewer(school.teacher);
    auto files = school.change([&](db::Tx& tx) {
        auto folder = sharing::create_item(tx, school.world, teacher,
                                           {.parent = school.space, .kind = "folder", .title = "Volcans"});
        REQUIRE(folder);
        auto made = sharing::create_link(tx, school.world, teacher, {.item = folder->id, .label = "Familles"});
        REQUIRE(made);
        return Files{folder->id, made->token};
    });
    school.events();
    return files;
}
bool may(School& school, PersonId person, ItemId item) {
    const auto viewer = school.viewer(person);
    return school.db.read_now(
        [&](db::Tx& tx) { return sharing::can(tx, viewer, Action::Manage, item, school.clock.now()); });
}
std::string door(School& school, const std::string& token) {
    auto opened = school.db.read_now([&](db::Tx& tx) { return sharing::open_link(tx, token, school.clock.now()); });
    return opened ? "open" : opened.error().key;
}

} // namespace

TEST_CASE("who leaves hands over to a colleague, is signed out, and the families notice nothing") {
    fixtures::at_school(administration, [](School& school) {
        const auto files = files_of_teacher(school);
        delegate(school, school.teacher, AdminRole::Support, school.college);
        auto teacher = school.as(school.teacher);
        CHECK(teacher.get("/").status == 200);
        auto admin = school.as(school.administrator);
        auto page = admin.get(leave_page(school.teacher));
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("ses fichiers personnels"));
        CHECK(page.body.contains("1 lien de partage"));
        CHECK_FALSE(page.body.contains("Volcans"));
        school.events();
        auto done = admin.post(leave_page(school.teacher),
                               {{"successor", "colleague"}, {"title", "Espace de Camille Bernard"}, {"links", "keep"}});
        CHECK(done.status == 200);
        CHECK(web::page_problems(done.body).empty());
        CHECK(done.body.contains("1 lien est confié."));
        CHECK(done.body.contains("1 délégation a pris fin."));
        CHECK(done.body.contains("Le compte est fermé."));
        auto events = school.events();
        for (const auto* kind : {"item.handed_over", "admin.undelegated", "person.left", "person.closed"})
            CHECK_MESSAGE(std::ranges::count(events, kind) == 1, kind);
        CHECK(may(school, school.colleague, files.folder));
        CHECK(door(school, files.token) == "open");
        CHECK(teacher.get("/account").status != 200); // signed out
        CHECK(admin.get("/admin/people?state=closed").body.contains("Camille Bernard"));
    });
}

TEST_CASE("without a successor what families could open is closed, and the files wait") {
    fixtures::at_school(administration, [](School& school) {
        const auto files = files_of_teacher(school);
        auto admin = school.as(school.administrator);
        auto done = admin.post(leave_page(school.teacher), {{"successor", ""}});
        CHECK(done.status == 200);
        CHECK(done.body.contains("1 lien est fermé."));
        CHECK(door(school, files.token) == "link.revoked");
        CHECK_FALSE(may(school, school.colleague, files.folder));
        // Opened again by who pressed too soon: everything but the links is there.
        CHECK(admin.post("/admin/people/" + to_text(school.teacher) + "/open").status == 303);
        CHECK(may(school, school.teacher, files.folder));
    });
}

TEST_CASE("a leaving that cannot be is told, keeps what was typed, and changes nothing") {
    fixtures::at_school(administration, [](School& school) {
        const auto files = files_of_teacher(school);
        auto admin = school.as(school.administrator);
        auto refused = [&](fixtures::Fields form, std::string_view words) {
            form.emplace_back("title", "Espace de Camille");
            auto answer = admin.post(leave_page(school.teacher), form);
            CHECK(answer.status == 422);
            CHECK_MESSAGE(answer.body.contains(words), words);
            CHECK(answer.body.contains("Espace de Camille"));
        };
        refused({{"successor", "nobody-at-all"}}, "Personne n’a cet identifiant");
        refused({{"successor", "teacher"}}, "role=\"alert\"");
        school.change([&](db::Tx& tx) { identity::set_disabled(tx, school.colleague, true); });
        refused({{"successor", "colleague"}}, "Ce compte est fermé");
        CHECK(admin.get(leave_page(school.administrator)).status == 409);
        CHECK(admin.post(leave_page(school.administrator), {{"successor", "head"}}).status == 409);
        CHECK(school.events().empty());
        CHECK(may(school, school.teacher, files.folder));
        CHECK(door(school, files.token) == "open");
    });
}

TEST_CASE("only who administers the whole account settles a leaving") {
    fixtures::at_school(administration, [](School& school) {
        const auto files = files_of_teacher(school);
        for (auto who : {school.teacher, school.colleague, school.head}) {
            auto visitor = school.as(who);
            CHECK(visitor.get(leave_page(school.teacher)).status == 403);
            CHECK(visitor.post(leave_page(school.teacher), {{"successor", "head"}}).status == 403);
        }
        CHECK(school.as_stranger().post(leave_page(school.teacher), {{"successor", "head"}}).status != 200);
        delegate(school, school.head, AdminRole::People, school.college);
        school.clock.advance(1_min);
        auto head = school.as(school.head);
        CHECK(head.get(leave_page(school.outsider)).status == 403);
        CHECK(head.post(leave_page(school.outsider), {{"successor", "head"}}).status == 403);
        // Who teaches elsewhere too is not theirs alone.
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.teacher, school.other_college, "trainer"); });
        school.events();
        CHECK(head.post(leave_page(school.teacher), {{"successor", "head"}}).status == 403);
        CHECK(school.events().empty());
        CHECK(door(school, files.token) == "open");
        // Whose delegation the head cannot withdraw stays in place with all the rest.
        const auto held = delegate(school, school.colleague, AdminRole::People, school.college);
        school.events();
        auto refused = head.post(leave_page(school.colleague), {{"successor", "head"}, {"title", "Espace"}});
        CHECK(refused.status == 403);
        CHECK(refused.body.contains("Cette délégation n’est pas de celles que vous pouvez retirer."));
        CHECK(school.events().empty());
        school.db.read_now([&](db::Tx& tx) { CHECK_FALSE(identity::find_person(tx, school.colleague)->disabled); });
        school.change([&](db::Tx& tx) {
            const auto rights = identity::rights_of(tx, school.administrator, school.clock.now());
            REQUIRE(identity::revoke_delegation(tx, rights, held.id, school.clock.now()).has_value());
        });
        CHECK(head.post(leave_page(school.colleague), {{"successor", "head"}, {"title", "Espace"}}).status == 200);
    });
}

} // namespace preau::portal

// What support is told of a right: where it comes from, and never what the thing is called.
#include "portal/admin/admin_fixture.hpp"
#include "portal/why/why.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

namespace preau::portal {
namespace {

using fixtures::School;
using identity::AdminRole;

struct Things {
    ItemId folder, inside, other;
};

Things make(School& school) {
    return school.change([&](db::Tx& tx) {
        auto teacher = *identity::find_viewer(tx, school.teacher);
        auto folder = sharing::create_item(tx, school.world, teacher,
                                           {.parent = school.space, .kind = "folder", .title = "Confidentiel"})
                          ->id;
        auto inside = sharing::create_item(tx, school.world, teacher,
                                           {.parent = folder, .kind = "folder", .title = "Confidentiel aussi"})
                          ->id;
        sharing::set_grant(tx, school.world, teacher,
                           {.item = folder,
                            .subject_kind = Subject::Kind::Group,
                            .subject = school.class_6eB.value,
                            .role = Role::Edit});
        auto space = sharing::personal_space(tx, school.world, school.outsider, "Mes fichiers");
        return Things{folder, inside, space};
    });
}

} // namespace

TEST_CASE("the number at the end of an address") {
    const ItemId item{123456789};
    for (const auto& address :
         {"https://preau.test/files/" + to_text(item), "/files/" + to_text(item) + "?sort=size#top",
          "/pads/" + to_text(item) + "/", to_text(item)})
        CHECK(item_in_address(address) == item);
    CHECK_FALSE(item_in_address(""));
    CHECK_FALSE(item_in_address("https://preau.test/"));
    CHECK_FALSE(item_in_address("ooo!"));
}

TEST_CASE("support learns by which group and how far up, in words, and the journal keeps the question") {
    fixtures::at_school(administration, [](School& school) {
        auto things = make(school);
        delegate(school, school.head, AdminRole::Support, school.college);
        auto head = school.as(school.head);
        CHECK(web::page_problems(head.get("/admin/why").body).empty());
        school.events();
        auto answer = head.post("/admin/why", {{"login", "colleague"},
                                               {"address", "http://localhost:8080/files/" + to_text(things.inside)}});
        CHECK(answer.status == 200);
        CHECK(web::page_problems(answer.body).empty());
        CHECK(answer.body.contains("Nadia Haddad peut le modifier"));
        CHECK(answer.body.contains("Par le groupe 6e B."));
        CHECK(answer.body.contains("1 niveau au-dessus"));
        CHECK(answer.body.contains("par Camille Bernard"));
        CHECK_FALSE(answer.body.contains("Confidentiel"));
        CHECK(school.events() == std::vector<std::string>{"admin.why_asked"});
        auto no = head.post("/admin/why", {{"login", "head"}, {"address", to_text(things.inside)}}).body;
        CHECK(no.contains("Hélène Rousseau ne voit pas ceci"));
        CHECK(no.contains("Aucun droit ne lui est donné"));
        auto own = head.post("/admin/why", {{"login", "teacher"}, {"address", to_text(things.folder)}}).body;
        CHECK(own.contains("Camille Bernard peut le gérer"));
        CHECK(own.contains("personnellement"));
        school.change([&](db::Tx& tx) {
            return sharing::trash_item(tx, school.world, *identity::find_viewer(tx, school.teacher), things.folder);
        });
        CHECK(head.post("/admin/why", {{"login", "colleague"}, {"address", to_text(things.inside)}})
                  .body.contains("à la corbeille"));
    });
}

TEST_CASE("who does not support both the person and the thing is told nothing") {
    fixtures::at_school(administration, [](School& school) {
        auto things = make(school);
        delegate(school, school.head, AdminRole::Support, school.college);
        delegate(school, school.colleague, AdminRole::People, school.college);
        auto head = school.as(school.head);
        school.events();
        auto status = [&](fixtures::Visitor& who, std::string login, std::string address) {
            return who.post("/admin/why", {{"login", std::move(login)}, {"address", std::move(address)}}).status;
        };
        CHECK(status(head, "outsider", to_text(things.folder)) == 404);
        CHECK(status(head, "teacher", to_text(things.other)) == 404);
        CHECK(status(head, "teacher", "zzz1") == 404);
        CHECK(status(head, "nobody", to_text(things.folder)) == 422);
        auto colleague = school.as(school.colleague);
        CHECK(status(colleague, "teacher", to_text(things.folder)) == 403);
        CHECK(colleague.get("/admin/why").status == 403);
        auto teacher = school.as(school.teacher);
        CHECK(status(teacher, "teacher", to_text(things.folder)) == 403);
        CHECK(school.events().empty());
        auto api =
            school.as(school.administrator)
                .post_json("/api/admin/why", R"({"login":"colleague","address":")" + to_text(things.folder) + "\"}");
        CHECK(api.status == 200);
        CHECK((*json::parse(api.body))["role"].text() == "edit");
        CHECK((*json::parse(api.body))["why"].text() == "granted");
        CHECK_FALSE(api.body.contains("Confidentiel"));
    });
}

} // namespace preau::portal

#include "sharing/shortcut.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using fixtures::School;
using Method = http::Method;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add(
                                {.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
                        }};

ItemId make_folder(School& school, std::string title) {
    auto made = school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        return create_item(tx, school.world, who, {.parent = school.space, .kind = "folder", .title = title});
    });
    REQUIRE(made.has_value());
    return made->id;
}

void give(School& school, ItemId item, PersonId to, Role role) {
    school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        set_grant(tx, school.world, who,
                  {.item = item, .subject_kind = Subject::Kind::Person, .subject = to.value, .role = role});
    });
    school.events();
}

http::TestAnswer make(School& school, PersonId who, ItemId folder, ItemId target, std::string name = "") {
    return school.as(who).api(Method::Post, "/api/sharing/items/" + to_text(folder) + "/shortcuts",
                              R"({"target":")" + to_text(target) + R"(","name":")" + name + "\"}");
}
std::string id_of(const http::TestAnswer& answer) {
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return (*json::parse(answer.body))["id"].text().value();
}

std::vector<std::string> listed(School& school, PersonId who, ItemId folder) {
    return school.db.read_now([&, viewer = school.viewer(who)](db::Tx& tx) {
        auto rows = children(tx, viewer, folder, {}, 100, school.clock.now());
        std::vector<std::string> names;
        for (const auto& row : rows) names.push_back(row.title);
        return names;
    });
}

} // namespace

TEST_CASE("a shortcut leads to its target and never widens a right") {
    fixtures::at_school(app, [](School& school) {
        auto folder = make_folder(school, "Ouvert"), target = make_folder(school, "Xylographe");
        give(school, folder, school.colleague, Role::Edit);
        auto id = id_of(make(school, school.teacher, folder, target));
        CHECK(school.events() == std::vector<std::string>{"item.created"});
        auto led = school.as(school.teacher).get("/shortcut/" + id);
        CHECK(led.headers.find("location") == "/files/" + to_text(target));
        CHECK(listed(school, school.teacher, folder) == std::vector<std::string>{"Xylographe"});

        // She sees that something stands there, and neither its name nor the way.
        CHECK(listed(school, school.colleague, folder) == std::vector<std::string>{"Raccourci"});
        auto shut = school.as(school.colleague).get("/shortcut/" + id);
        CHECK(shut.status == 404);
        CHECK(shut.body.contains("ne mène nulle part"));
        CHECK_FALSE(shut.body.contains("Xylographe"));
        CHECK_FALSE(shut.body.contains(to_text(target)));
        CHECK(school.as(school.outsider).get("/shortcut/" + id).status == 404);
        CHECK(school.as_stranger().get("/shortcut/" + id).status == 404);
        give(school, target, school.colleague, Role::View);
        CHECK(school.as(school.colleague).get("/shortcut/" + id).status == 303);
        CHECK(listed(school, school.colleague, folder) == std::vector<std::string>{"Xylographe"});

        // A target that is thrown away, or gone, looks like one that is not shared.
        school.db.write_now(
            [&, who = school.viewer(school.teacher)](db::Tx& tx) { return trash_item(tx, school.world, who, target); });
        CHECK(school.as(school.colleague).get("/shortcut/" + id).status == 404);
        CHECK(school.as(school.teacher).get("/shortcut/" + id).status == 404);
        CHECK(school.as(school.teacher).get("/shortcut/" + to_text(folder)).status == 404); // no shortcut
    });
}

TEST_CASE("making a shortcut needs the folder and sight of the target; one to a shortcut leads straight on") {
    fixtures::at_school(app, [](School& school) {
        auto folder = make_folder(school, "Ouvert"), target = make_folder(school, "Xylographe");
        give(school, folder, school.colleague, Role::Edit);
        CHECK(make(school, school.colleague, folder, target).status == 404); // does not see it
        CHECK(make(school, school.outsider, folder, target).status == 404);
        give(school, target, school.outsider, Role::View);
        CHECK(make(school, school.outsider, folder, target).status == 404); // sees it, not the folder
        CHECK(make(school, school.teacher, folder, folder).status == 422);
        CHECK(make(school, school.teacher, folder, target, "a/b").status == 422);
        CHECK(school.events().empty());
        auto first = id_of(make(school, school.teacher, folder, target, "Les planches"));
        auto second = id_of(make(school, school.teacher, folder, *parse_id<ItemId>(first)));
        CHECK(school.as(school.teacher).get("/shortcut/" + second).headers.find("location") ==
              "/files/" + to_text(target));
        id_of(make(school, school.teacher, folder, target)); // numbered
        CHECK(listed(school, school.colleague, folder) ==
              std::vector<std::string>{"Les planches", "Raccourci", "Raccourci (2)"});
    });
}

#include "sharing/favourite.hpp"

#include "base/json.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

std::vector<std::string> titles(School& school, const Viewer& who, ItemId after = {}, int limit = 100) {
    auto items = school.db.read_now([&](db::Tx& tx) { return favourites(tx, who, after, limit, school.clock.now()); });
    std::vector<std::string> names;
    for (const auto& item : items) names.push_back(item.title);
    return names;
}

Result<void> mark(School& school, const Viewer& who, ItemId item, bool on = true) {
    return school.db.write_now([&](db::Tx& tx) { return set_favourite(tx, school.world, who, item, on); });
}

} // namespace

TEST_CASE("favourites are one's own, latest first, paged by key") {
    on_each_school([](School& school) {
        auto space = school.space_of(school.camille);
        std::vector<ItemId> made;
        for (int i = 0; i < 5; ++i) {
            made.push_back(school.create(school.camille, space, "n" + std::to_string(i))->id);
            school.clock.advance(1_s);
            CHECK(mark(school, school.camille, made.back()));
        }
        CHECK(mark(school, school.camille, made[0])); // twice is once, and where it stood
        CHECK(titles(school, school.camille) == std::vector<std::string>{"n4", "n3", "n2", "n1", "n0"});
        CHECK(titles(school, school.camille, made[3], 2) == std::vector<std::string>{"n2", "n1"});
        CHECK(titles(school, school.nadia).empty());
        CHECK(mark(school, school.camille, made[3], false));
        CHECK(mark(school, school.nadia, made[4], false)); // not hers: nothing happens
        CHECK(titles(school, school.camille) == std::vector<std::string>{"n4", "n2", "n1", "n0"});
        auto among = school.db.read_now(
            [&](db::Tx& tx) { return favourites_among(tx, school.camille, {made[3], made[4], ItemId{1}}); });
        CHECK(among == std::vector<ItemId>{made[4]});
    });
}

TEST_CASE("what one may not see, or no longer, is neither marked nor listed") {
    on_each_school([](School& school) {
        auto space = school.space_of(school.camille);
        auto folder = school.create(school.camille, space, "Volcans")->id;
        CHECK(mark(school, school.nadia, folder).error().kind == Error::Kind::NotFound);
        CHECK(mark(school, school.stranger, folder).error().kind == Error::Kind::Unauthenticated);
        school.give(folder, subject(school.nadia.person), Role::View);
        CHECK(mark(school, school.nadia, folder));
        CHECK(titles(school, school.nadia) == std::vector<std::string>{"Volcans"});
        school.give(folder, subject(school.nadia.person), Role::None);
        CHECK(titles(school, school.nadia).empty());
        CHECK(mark(school, school.camille, folder));
        school.db.write_now([&](db::Tx& tx) { return trash_item(tx, school.world, school.camille, folder); });
        CHECK(titles(school, school.camille).empty());
        CHECK(mark(school, school.camille, folder).error().kind == Error::Kind::Conflict);
        school.db.write_now([&](db::Tx& tx) { return restore_item(tx, school.world, school.camille, folder); });
        CHECK(titles(school, school.camille) == std::vector<std::string>{"Volcans"}); // the mark waited
    });
}

TEST_CASE("the star of an item through the API") {
    on_each_site([](Site& site) {
        const auto star = "/api/sharing/items/" + to_text(site.folder) + "/favourite";
        auto teacher = site.cookie(site.teacher);
        CHECK(site.send(http::Method::Put, star, {}, teacher).status == 204);
        auto list = json::parse(site.get("/api/sharing/favourites", teacher).body);
        REQUIRE(list.has_value());
        CHECK((*list)["items"].at(0)["name"].text() == "Volcans");
        CHECK((*list)["items"].at(0)["url"].text() == "/files/" + to_text(site.folder));
        CHECK_FALSE((*list)["next"].present());
        CHECK(site.send(http::Method::Put, star, {}, site.cookie(site.colleague)).status == 404);
        CHECK(site.send(http::Method::Put, star, {}, {}).status == 401);
        CHECK(site.send(http::Method::Delete, star, {}, teacher).status == 204);
        CHECK_FALSE(site.get("/api/sharing/favourites", teacher).body.contains("Volcans"));
    });
}

#include "portal/year/year_fixture.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

#include <array>
#include <thread>

namespace preau::portal::testing {
namespace {

using Events = std::vector<std::string>;

std::vector<std::string> open_names(Years& years) {
    return years.school.db.read_now([&](db::Tx& tx) {
        std::vector<std::string> names;
        for (const auto& one : identity::open_classes(tx, years.school.college, {}, 100)) names.push_back(one.name);
        return names;
    });
}

GroupId class_called(Years& years, std::string_view name) {
    return years.school.db.read_now([&](db::Tx& tx) {
        for (const auto& one : identity::open_classes(tx, years.school.college, {}, 100))
            if (one.name == name) return one.id;
        return GroupId{};
    });
}

} // namespace

TEST_CASE("whoever does not lead the school is refused, and nothing happens") {
    at_years([](Years& years) {
        auto& school = years.school;
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.outsider, school.other_college, "head"); });
        const auto before = years.everything_given();
        school.events();
        struct Somebody {
            const char* name;
            fixtures::Visitor visitor;
            int status;
        };
        std::vector<Somebody> all;
        all.push_back({"a teacher", school.as(school.teacher), 403});
        all.push_back({"a head of another school", school.as(school.outsider), 403});
        all.push_back({"a family", school.as_holder(school.class_link), 401});
        all.push_back({"a stranger", school.as_stranger(), 401});
        const std::string id = to_text(years.sixth);
        for (auto& [name, visitor, status] : all) {
            CAPTURE(name);
            CHECK(visitor.get(years.page).status == (status == 401 ? 303 : status));
            CHECK(visitor.get(years.page + "/archives").status == (status == 401 ? 303 : status));
            for (const std::string act : {"/choose", "/close", "/undo", "/reopen", "/open", "/staff"})
                CHECK_MESSAGE(visitor.post(years.page + act, {{"what", id},
                                                              {"class", id},
                                                              {"year", "2025-2026"},
                                                              {"names", "5e A"},
                                                              {"login", "teacher"},
                                                              {"closing", "1"}})
                                      .status == status,
                              act);
            CHECK(visitor
                      .api(http::Method::Post, "/api" + years.page + "/close",
                           R"({"what":[")" + id + R"("],"year":"2025-2026"})")
                      .status == status);
        }
        // A head at home is nobody elsewhere: a class of another school is not closed under the address of one's own.
        auto outsider = school.as(school.outsider);
        const auto theirs = "/structures/" + to_text(school.other_college) + "/year";
        CHECK(outsider.post(theirs + "/close", {{"what", id}, {"year", "2025-2026"}}).status == 404);
        auto head = school.as(school.head);
        CHECK(head.post(years.page + "/close", {{"what", id}, {"year", "2025"}}).status == 303);
        CHECK(head.post(years.page + "/undo", {{"closing", "zzzz"}}).status == 404);
        CHECK(head.post(years.page + "/reopen", {{"what", id}}).status == 303);
        CHECK(school.events() == Events{"class.closed", "class.reopened"});
        auto wrong = head.post(years.page + "/close", {{"what", id}, {"year", "l’an dernier"}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("Clôturer 1 classe"));
        CHECK(head.post(years.page + "/choose", {}).status == 422);
        CHECK(school.events().empty());
        CHECK(years.everything_given() == before);
        CHECK(open_names(years) == std::vector<std::string>{"6e B"});
    });
}

TEST_CASE(
    "deputies and secretaries of the school, and who administers it, keep the year; those of the académie do not") {
    at_years([](Years& years) {
        auto& school = years.school;
        auto may = [&](StructureId where, const char* function) {
            school.change([&](db::Tx& tx) { identity::add_function(tx, school.outsider, where, function); });
            return school.as(school.outsider).get(years.page).status == 200;
        };
        CHECK_FALSE(may(school.academy, "secretary"));
        CHECK(may(school.college, "secretary"));
        CHECK(school.as(school.administrator).get(years.page).status == 200);
    });
}

TEST_CASE("the classes of the new year are opened by their names, as last year, and get their staff") {
    at_years([](Years& years) {
        auto head = years.school.as(years.school.head);
        years.school.events();
        auto twice = head.post(years.page + "/open", {{"names", "5e A\n6E b\n5e a"}, {"year", "2026-2027"}});
        CHECK(twice.status == 422);
        CHECK(twice.body.contains("Écrit plusieurs fois"));
        CHECK(twice.body.contains("5e a."));
        CHECK(twice.body.contains("5e A\n6E b\n5e a</textarea>")); // as typed
        auto there = head.post(years.page + "/open", {{"names", "5e A\n6E b"}, {"year", "2026-2027"}});
        CHECK(there.status == 409);
        CHECK(there.body.contains("6E b"));
        CHECK(years.school.events().empty());

        years.close_class();
        CHECK(head.get(years.page + "?last=1").body.contains(">6e B</textarea>"));
        years.school.events();
        CHECK(head.post(years.page + "/open", {{"names", "6e B\r\n5e A\r\n"}, {"year", "2026-2027"}}).status == 303);
        CHECK(years.school.events() == Events{"class.opened", "class.opened"});
        CHECK(open_names(years) == std::vector<std::string>{"5e A", "6e B"});
        const auto fresh = class_called(years, "6e B");
        CHECK(fresh != years.sixth);
        auto page = head.get(years.page).body;
        CHECK(page.contains("2026-2027 · 0 élève · 0 membre"));
        CHECK(page.contains("Personne encore"));
        CHECK(head.get("/class/" + to_text(fresh)).status == 404); // opening a class is not reading it

        auto name = [&](const std::string& login) {
            return head.post(years.page + "/staff", {{"class", to_text(fresh)}, {"login", login}});
        };
        CHECK(name("nobody").status == 422);
        auto elsewhere = name("outsider");
        CHECK(elsewhere.status == 422);
        CHECK(elsewhere.body.contains("ne travaille pas dans cet établissement"));
        CHECK(elsewhere.body.contains("value=\"outsider\""));
        CHECK(name("teacher").status == 303);
        CHECK(years.school.events() == Events{"class.staff_named"});
        auto camille = years.school.as(years.school.teacher);
        CHECK(camille.get("/").body.contains("/class/" + to_text(fresh)));
        CHECK(camille.post("/class/" + to_text(fresh) + "/pupils", {{"pupil", "Lina Roy"}}).status == 303);
        CHECK(head.post(years.page + "/staff", {{"class", to_text(years.sixth)}, {"login", "teacher"}}).status == 409);
    });
}

TEST_CASE("all classes are closed at once and undone at once; a day later they come back one by one") {
    at_years([](Years& years) {
        auto head = years.school.as(years.school.head);
        head.post(years.page + "/open", {{"names", "5e A\n4e A"}, {"year", "2025-2026"}});
        auto asked = head.post(years.page + "/choose", {{"all", "1"}});
        CHECK(asked.body.contains("Clôturer 3 classes"));
        Fields form{{"year", "2025-2026"}};
        for (auto name : {"6e B", "5e A", "4e A"}) form.emplace_back("what", to_text(class_called(years, name)));
        const auto first = years.close(head, form);
        CHECK(open_names(years).empty());
        const Fields undo{{"closing", years.undo_in(head.get(first).body)}};
        // Opened again by hand meanwhile, and closed in another act: not of this one any more.
        CHECK(head.post(years.page + "/reopen", {{"what", to_text(years.sixth)}}).status == 303);
        years.close_class();
        CHECK(head.post(years.page + "/undo", undo).status == 303);
        CHECK(open_names(years) == std::vector<std::string>{"4e A", "5e A"});

        form = {{"year", "2025-2026"}, {"what", to_text(class_called(years, "5e A"))}};
        const auto second = years.close(head, form);
        const Fields late{{"closing", years.undo_in(head.get(second).body)}};
        years.school.clock.advance(25_h);
        head = years.school.as(years.school.head);
        CHECK_FALSE(head.get(second).body.contains("/year/undo"));
        auto refused = head.post(years.page + "/undo", late);
        CHECK(refused.status == 409);
        CHECK(refused.body.contains("Rouvrez les classes depuis les archives"));
        auto archives = head.get(years.page + "/archives?year=2025-2026").body;
        CHECK(archives.contains("Choisir 5e A"));
        CHECK(archives.contains("Choisir 6e B"));
        CHECK_FALSE(archives.contains("Choisir 4e A"));
    });
}

TEST_CASE("whatever the pages do, the API does") {
    at_years([](Years& years) {
        auto head = years.school.as(years.school.head);
        const auto api = "/api" + years.page;
        auto post = [&](const std::string& act, const std::string& json) {
            auto answer = head.api(http::Method::Post, api + act, json);
            REQUIRE_MESSAGE(answer.status < 300, answer.body);
            return answer.body.empty() ? json::Value{} : *json::parse(answer.body);
        };
        auto listed = *json::parse(head.api(http::Method::Get, api).body);
        REQUIRE(listed["classes"].size() == 1);
        CHECK(listed["classes"].at(0)["pupils"].integer() == 4);
        auto closed = post("/close", R"({"what":[")" + to_text(years.sixth) + R"("],"year":"2025-2026"})");
        CHECK(closed["classes"].integer() == 1);
        CHECK(closed["links"].integer() == 2);
        CHECK(closed["rights"].integer() == 2);
        auto archives = *json::parse(head.api(http::Method::Get, api + "/archives").body);
        CHECK(archives["years"].at(0).text() == "2025-2026");
        CHECK(archives["classes"].size() == 1);
        CHECK(post("/undo", R"({"closing":")" + *closed["closing"].text() + "\"}")["classes"].integer() == 1);
        post("/close", R"({"what":[")" + to_text(years.sixth) + R"("],"year":"2025-2026"})");
        CHECK(post("/reopen", R"({"what":[")" + to_text(years.sixth) + "\"]}")["classes"].integer() == 1);
        auto opened = post("/open", R"({"names":"5e A\n5e B","year":"2026-2027"})");
        REQUIRE(opened["classes"].size() == 2);
        post("/staff", R"({"class":")" + *opened["classes"].at(0).text() + R"(","login":"colleague"})");
        auto conflict = head.api(http::Method::Post, api + "/open", R"({"names":"5e B","year":"2026-2027"})");
        CHECK(conflict.status == 409);
        CHECK(conflict.body.contains("identity.class_names_there"));
    });
}

TEST_CASE("two heads close the same class at the same moment: one act is made, and undone as a whole") {
    at_years([](Years& years) {
        auto& school = years.school;
        auto& portal = *years.portal;
        const auto before = years.everything_given();
        const auto viewer = school.viewer(school.head);
        std::array<std::optional<Result<YearClosed>>, 2> outcomes;
        {
            std::vector<std::jthread> threads;
            for (auto& outcome : outcomes)
                threads.emplace_back([&] {
                    const auto held =
                        school.db.read_now([&](db::Tx& tx) { return hold_classes(tx, school.college, {years.sixth}); });
                    outcome = sync_wait(school.db.write_across(held.lanes(), [&portal, viewer, held](db::Tx& tx) {
                        return close_year(tx, portal, viewer, held, "2025-2026");
                    }));
                });
        }
        const auto& [one, two] = outcomes;
        REQUIRE(one->has_value() != two->has_value());
        const auto& done = one->has_value() ? *one : *two;
        const auto& late = one->has_value() ? *two : *one;
        CHECK(late.error().key == "identity.class_closed_already");
        auto head = school.as(school.head);
        CHECK(head.post(years.page + "/undo", {{"closing", to_text(done->closing)}}).status == 303);
        CHECK(years.everything_given() == before);
    });
}

// Giving stands in the lane of the item's space, closing in that of the class: they meet at the row of the class.
TEST_CASE("what is given to a class while it is being closed is given before, or refused") {
    at_years([](Years& years) {
        auto& school = years.school;
        const auto teacher = school.viewer(school.teacher);
        std::vector<ItemId> items;
        for (int i = 0; i < 12; ++i) {
            items.push_back(years.make_file("Devoir " + std::to_string(i), Role::View));
            years.withdraw(items.back(), subject(years.sixth));
        }
        {
            std::jthread giving{[&] {
                for (auto item : items)
                    (void)sync_wait(school.db.write(db::lane_of(item), [&school, &years, teacher, item](db::Tx& tx) {
                        return sharing::give(tx, school.world, teacher, item,
                                             {.to = subject(years.sixth), .role = Role::Edit});
                    }));
            }};
            years.close_class();
        }
        for (auto item : items) CHECK(years.role_of(school.colleague, item) <= Role::View);
    });
}

} // namespace preau::portal::testing

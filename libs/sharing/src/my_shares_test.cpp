#include "my_shares.hpp"

#include "base/json.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

void give(Site& site, ItemId item, Subject to, Role role = Role::View, std::optional<PersonId> by = {}) {
    site.db.write_now([&](db::Tx& tx) {
        set_grant(tx, site.world, *identity::find_viewer(tx, by.value_or(site.teacher)),
                  {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role});
    });
}
json::Value body_of(const http::TestAnswer& answer) {
    auto parsed = json::parse(answer.body);
    REQUIRE_MESSAGE(parsed.has_value(), answer.body);
    return *parsed;
}
bool sees(Site& site, PersonId who, ItemId item) {
    return site.db.read_now(
        [&](db::Tx& tx) { return can(tx, *identity::find_viewer(tx, who), Action::View, item, site.clock.now()); });
}

} // namespace

TEST_CASE("what is to be withdrawn is written in words and read back") {
    const Share right{.item = ItemId{5}, .subject = subject(PersonId{6}), .may = "edit", .until = 1000};
    auto read = parse_share(text_of(right));
    REQUIRE(read);
    CHECK(read->item == right.item);
    CHECK(read->subject == right.subject);
    CHECK(read->may == "edit");
    CHECK(read->until == 1000);
    CHECK(parse_share("link-6")->subject == subject(LinkId{6}));
    for (auto text : {"", "link-", "person-6", "5~", "~person-6", "5~link-6", "5~person-6~edit", "5~person-6~edit~1~2"})
        CHECK_FALSE(parse_share(text));
}

TEST_CASE("the page lists links, people and public apart, with what they let see, and only one's own") {
    on_each_site([](Site& site) {
        auto camille = site.cookie(site.teacher);
        CHECK(site.get("/share/mine", camille).body.contains("Rien ici"));
        site.link({.label = "Familles <6e B>", .until = site.clock.now() + 1_days});
        give(site, site.folder, subject(site.colleague), Role::Edit);
        give(site, site.folder, signed_in);
        auto links = site.get("/share/mine", camille).body;
        CHECK(links.contains("Familles &lt;6e B&gt;"));
        CHECK(links.contains("Volcans"));
        CHECK(links.contains("Pas encore ouvert"));
        CHECK_FALSE(links.contains("Nadia"));
        auto people = site.get("/share/mine?show=people", camille).body;
        CHECK(people.contains("Nadia Haddad"));
        CHECK(people.contains("Peut modifier"));
        CHECK_FALSE(people.contains("Camille Bernard · Gère")); // the right to one's own space is no sharing
        CHECK(site.get("/share/mine?show=public", camille).body.contains("Toutes les personnes connectées"));
        CHECK(site.get("/share/mine?show=people", site.cookie(site.colleague)).body.contains("Rien ici"));
        CHECK(site.get("/share/mine").status == 303);
        CHECK(site.get("/share/mine?show=people&after=x.y.z", camille).status == 200);
        // What was thrown away is closed to everybody; what somebody else manages now is theirs to list.
        site.db.write_now([&](db::Tx& tx) {
            return trash_item(tx, site.world, *identity::find_viewer(tx, site.teacher), site.folder);
        });
        CHECK(site.get("/share/mine", camille).body.contains("Rien ici"));
    });
}

TEST_CASE("pages follow each other by key, at the same cost") {
    on_each_site([](Site& site) {
        for (int i = 0; i < 120; ++i) site.link({.label = "n" + std::to_string(i)});
        for (int i = 0; i < 60; ++i) give(site, site.folder, subject(PersonId{1000 + i}));
        auto camille = site.cookie(site.teacher);
        std::set<std::string> seen;
        std::string after;
        for (int page = 0; page < 4; ++page) {
            auto body = body_of(site.get("/api/sharing/mine?show=links&after=" + after, camille));
            for (std::size_t i = 0; i < body["shares"].size(); ++i)
                CHECK(seen.insert(*body["shares"].at(i)["who"].text()).second);
            after = body["next"].text().value_or("");
            if (after.empty()) break;
        }
        CHECK(seen.size() == 120);
        seen.clear();
        after.clear();
        for (int page = 0; page < 4; ++page) {
            auto body = body_of(site.get("/api/sharing/mine?show=people&after=" + after, camille));
            for (std::size_t i = 0; i < body["shares"].size(); ++i)
                CHECK(seen.insert(*body["shares"].at(i)["what"].text()).second);
            after = body["next"].text().value_or("");
            if (after.empty()) break;
        }
        CHECK(seen.size() == 60);
        CHECK(site.get("/share/mine", camille).body.contains("&amp;after="));
    });
}

TEST_CASE("several are withdrawn at once, after a question with their number, and given back") {
    on_each_site([](Site& site) {
        auto camille = site.cookie(site.teacher);
        auto first = site.link({.label = "un"});
        auto second = site.link({.label = "deux"});
        const auto both = "what=link-" + to_text(first.link.id) + "&what=link-" + to_text(second.link.id);
        CHECK(site.post("/share/mine/withdraw", "show=links", camille).status == 422);
        auto asked = site.post("/share/mine/withdraw", "show=links&" + both, camille);
        CHECK(asked.status == 200);
        CHECK(asked.body.contains("Retirer 2 accès"));
        CHECK(site.get("/s/" + first.token).status == 303); // nothing happened yet
        auto done = site.post("/share/mine/withdraw", "show=links&sure=1&" + both, camille);
        CHECK(done.body.contains("2 accès sont retirés"));
        CHECK(site.get("/s/" + first.token).status == 410);
        CHECK(site.get("/s/" + second.token).status == 410);
        CHECK(
            site.post("/share/mine/restore", "show=links&" + both, camille).body.contains("2 accès valent de nouveau"));
        CHECK(site.get("/s/" + first.token).status == 303);

        give(site, site.folder, subject(site.colleague), Role::Edit);
        const auto right = to_text(site.folder) + "~" + text_of(subject(site.colleague));
        auto answer = site.post("/share/mine/withdraw", "show=people&sure=1&what=" + right, camille);
        CHECK(answer.body.contains(right + "~edit~")); // in the form that gives it back
        CHECK_FALSE(sees(site, site.colleague, site.folder));
        CHECK(site.post("/share/mine/restore", "show=people&what=" + right + "~edit~", camille).status == 200);
        CHECK(sees(site, site.colleague, site.folder));

        CHECK(site.post("/share/mine/withdraw", "show=links&all=1", camille).body.contains("Retirer 2 accès"));
        CHECK(site.post("/share/mine/withdraw", "show=links&all=1&sure=1", camille)
                  .body.contains("2 accès sont retirés"));
        CHECK(site.get("/s/" + second.token).status == 410);
    });
}

TEST_CASE("nobody withdraws or gives back what they do not manage") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        give(site, site.folder, subject(site.colleague));
        auto nadia = site.cookie(site.colleague);
        const auto link = "link-" + to_text(made.link.id);
        const auto right = to_text(site.folder) + "~" + text_of(subject(site.colleague));
        auto post = [&](std::string target, std::string json) {
            return site.send(http::Method::Post, std::move(target), std::move(json), nadia, "application/json");
        };
        const auto both = R"({"what":[")" + link + R"(",")" + right + R"(","junk"]})";
        auto refused = body_of(post("/api/sharing/mine/withdraw", both));
        CHECK(refused["done"].size() == 0);
        CHECK(refused["failed"].size() == 3);
        CHECK(site.get("/s/" + made.token).status == 303);
        CHECK(sees(site, site.colleague, site.folder));
        auto raised = body_of(post("/api/sharing/mine/restore", R"({"what":[")" + right + R"(~manage~"]})"));
        CHECK(raised["done"].size() == 0);
        CHECK(site.post("/share/mine/withdraw", "sure=1&what=" + link, nadia).body.contains("0 accès"));
        CHECK(site.post("/share/mine/withdraw", "sure=1&what=" + link).status == 401);
        CHECK(post("/api/sharing/mine/withdraw", "{").status == 400);

        auto camille = site.cookie(site.teacher);
        auto done =
            body_of(site.send(http::Method::Post, "/api/sharing/mine/withdraw", both, camille, "application/json"));
        CHECK(done["done"].size() == 2);
        CHECK(done["failed"].size() == 1);
        CHECK(site.get("/s/" + made.token).status == 410);
    });
}

#include "sharing/share.hpp"

#include "base/json.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

// The site with a school around it: both teachers work there, only Camille has the class.
struct Staff : Site {
    explicit Staff(db::Database& database) : Site{database} {
        db.write_now([this](db::Tx& tx) {
            college = identity::create_structure(tx, ids, {.name = "Collège Jean-Moulin", .kind = "school"});
            identity::add_function(tx, teacher, college, "teacher");
            class_6b = identity::create_group(tx, ids, {.name = "6e B", .kind = "class", .structure = college});
            team = identity::create_group(tx, ids, {.name = "Équipe", .kind = "group"});
            identity::add_member(tx, class_6b, teacher, "owner");
            space = find_personal_space(tx, teacher).value();
        });
        identity.forget_all();
    }
    Viewer who(PersonId person) {
        return db.read_now([&](db::Tx& tx) { return *identity::find_viewer(tx, person); });
    }
    std::string give_as(PersonId person, ItemId item, Gift gift) {
        auto done = db.write_now([&](db::Tx& tx) { return give(tx, world, who_in(tx, person), item, gift); });
        return done ? "" : done.error().key;
    }
    std::string withdraw_as(PersonId person, ItemId item, Subject from) {
        auto done = db.write_now([&](db::Tx& tx) { return withdraw(tx, world, who_in(tx, person), item, from); });
        return done ? "" : done.error().key;
    }
    static Viewer who_in(db::Tx& tx, PersonId person) { return *identity::find_viewer(tx, person); }
    bool may(PersonId person, Action action, ItemId item) {
        return db.read_now([&](db::Tx& tx) { return can(tx, who_in(tx, person), action, item, clock.now()); });
    }
    ItemId make(ItemId parent, std::string title) {
        return db
            .write_now([&](db::Tx& tx) {
                return create_item(tx, world, who_in(tx, teacher),
                                   {.parent = parent, .kind = "folder", .title = title});
            })
            ->id;
    }
    std::size_t events() {
        static const db::Query count{"sharing.test_event_count", "SELECT COUNT(*) FROM outbox"};
        return static_cast<std::size_t>(
            db.read_now([&](db::Tx& tx) { return tx.one<std::int64_t>(count, {}); }).value());
    }

    StructureId college;
    GroupId class_6b, team;
    ItemId space;
};

template <class Body> void with_staff(Body body) {
    auto list = identity::migrations();
    for (const auto& part : {jobs::migrations(), migrations()}) list.insert(list.end(), part.begin(), part.end());
    db::on_each_engine(list, [&](db::Database& database) {
        Staff staff{database};
        body(staff);
    });
}

json::Value body_of(const http::TestAnswer& answer) {
    auto parsed = json::parse(answer.body);
    REQUIRE_MESSAGE(parsed.has_value(), answer.body);
    return *parsed;
}

} // namespace

TEST_CASE("subjects are written in words and read back") {
    for (auto subject : {subject(PersonId{77}), subject(GroupId{1}), subject(StructureId{123456789}),
                         families(GroupId{9}), subject(LinkId{5}), signed_in, everybody})
        CHECK(parse_subject(text_of(subject)) == subject);
    CHECK(text_of(signed_in) == "signed-in");
    for (auto text :
         {"", "person", "person-", "person-0", "person-!", "public-1", "somebody-1", "personne-1", "person--1"})
        CHECK_FALSE(parse_subject(text));
}

TEST_CASE("who manages an item gives, changes and withdraws, and nobody else does") {
    with_staff([](Staff& s) {
        const auto nadia = subject(s.colleague);
        CHECK(s.give_as(s.colleague, s.folder, {.to = nadia, .role = Role::Manage}) == "sharing.item");
        CHECK(s.give_as(s.teacher, s.folder, {.to = nadia, .role = Role::View}).empty());
        CHECK(s.may(s.colleague, Action::View, s.folder));
        CHECK_FALSE(s.may(s.colleague, Action::Edit, s.folder));
        CHECK(s.give_as(s.colleague, s.folder, {.to = nadia, .role = Role::Manage}) == "sharing.role");
        CHECK(s.withdraw_as(s.colleague, s.folder, nadia) == "sharing.role");
        CHECK(s.give_as(s.teacher, s.folder, {.to = nadia, .role = Role::Edit, .until = s.clock.now() + 1_h}).empty());
        CHECK(s.may(s.colleague, Action::Edit, s.folder));
        s.clock.advance(1_h);
        CHECK_FALSE(s.may(s.colleague, Action::View, s.folder));
        CHECK(s.withdraw_as(s.teacher, s.folder, nadia).empty());
        CHECK(s.withdraw_as(s.teacher, s.folder, nadia) == "share.not_given");
    });
}

TEST_CASE("what cannot be given is refused, and nothing happens") {
    with_staff([](Staff& s) {
        const auto gone = s.person("gone", "Ada Partie");
        s.db.write_now([&](db::Tx& tx) { identity::set_disabled(tx, gone, true); });
        const auto before = s.events();
        struct Row {
            Gift gift;
            const char* problem;
        };
        const std::vector<Row> table{
            {{.to = subject(gone)}, "share.person_closed"},
            {{.to = subject(PersonId{4711})}, "share.no_such_subject"},
            {{.to = subject(GroupId{4711})}, "share.no_such_subject"},
            {{.to = subject(StructureId{4711})}, "share.no_such_subject"},
            {{.to = families(s.team)}, "share.no_such_subject"}, // a team has no families
            {{.to = subject(s.team)}, "share.not_your_group"},
            {{.to = everybody}, "share.public_refused"},
            {{.to = subject(LinkId{1})}, "share.role_impossible"},
            {{.to = families(s.class_6b), .role = Role::Manage}, "share.role_impossible"},
            {{.to = subject(s.college), .role = Role::Manage}, "share.role_impossible"},
            {{.to = signed_in, .role = Role::Manage}, "share.role_impossible"},
            {{.to = subject(s.colleague), .role = Role::None}, "share.role_impossible"},
            {{.to = subject(s.colleague), .until = s.clock.now()}, "link.until_past"},
        };
        for (const auto& row : table)
            CHECK_MESSAGE(s.give_as(s.teacher, s.folder, row.gift) == row.problem, text_of(row.gift.to));
        CHECK(s.events() == before);
        CHECK(s.give_as(s.teacher, s.folder, {.to = families(s.class_6b), .deposit = true}).empty());
        // Nadia works in no school and has no class: it is not hers to fill the page of those families.
        CHECK(s.give_as(s.teacher, s.folder, {.to = subject(s.colleague), .role = Role::Manage}).empty());
        CHECK(s.give_as(s.colleague, s.folder, {.to = families(s.class_6b)}) == "share.not_your_group");
        s.db.write_now([&](db::Tx& tx) { identity::add_function(tx, s.colleague, s.college, "head"); });
        CHECK(s.give_as(s.colleague, s.folder, {.to = families(s.class_6b)}).empty());
    });
}

TEST_CASE("a space keeps somebody who manages it") {
    with_staff([](Staff& s) {
        const auto camille = subject(s.teacher);
        const auto nadia = subject(s.colleague);
        CHECK(s.withdraw_as(s.teacher, s.space, camille) == "share.last_manager");
        CHECK(s.give_as(s.teacher, s.space, {.to = camille, .role = Role::Edit}) == "share.last_manager");
        CHECK(s.give_as(s.teacher, s.space, {.to = camille, .role = Role::Manage, .until = s.clock.now() + 1_h}) ==
              "share.last_manager");
        // A manager for a day, a closed account and an empty group are nobody to rely on.
        CHECK(s.give_as(s.teacher, s.space, {.to = nadia, .role = Role::Manage, .until = s.clock.now() + 1_days})
                  .empty());
        CHECK(s.withdraw_as(s.teacher, s.space, camille) == "share.last_manager");
        CHECK(s.give_as(s.teacher, s.space, {.to = nadia, .role = Role::Manage}).empty());
        s.db.write_now([&](db::Tx& tx) { identity::set_disabled(tx, s.colleague, true); });
        CHECK(s.withdraw_as(s.teacher, s.space, camille) == "share.last_manager");
        s.db.write_now([&](db::Tx& tx) { identity::set_disabled(tx, s.colleague, false); });
        CHECK(s.withdraw_as(s.teacher, s.space, camille).empty());
        CHECK_FALSE(s.may(s.teacher, Action::View, s.space));
        CHECK(s.may(s.colleague, Action::Manage, s.space));
    });
}

TEST_CASE("two managers who take each other out at once: one of them stays") {
    with_staff([](Staff& s) {
        for (int round = 0; round < 10; ++round) {
            // Whoever is left gives the other one the right again.
            const bool camille_stayed = s.may(s.teacher, Action::Manage, s.space);
            const auto stayed = camille_stayed ? s.teacher : s.colleague;
            const auto other = camille_stayed ? s.colleague : s.teacher;
            REQUIRE(s.give_as(stayed, s.space, {.to = subject(other), .role = Role::Manage}).empty());
            std::atomic<int> done = 0;
            auto take_out = [&](PersonId by, PersonId whom) {
                auto result = s.db.write_now(
                    [&](db::Tx& tx) { return withdraw(tx, s.world, Staff::who_in(tx, by), s.space, subject(whom)); },
                    db::lane_of(s.space));
                done += result.has_value();
            };
            std::thread one{take_out, s.teacher, s.colleague}, two{take_out, s.colleague, s.teacher};
            one.join();
            two.join();
            CHECK(done == 1);
            CHECK(s.may(s.teacher, Action::Manage, s.space) != s.may(s.colleague, Action::Manage, s.space));
        }
    });
}

TEST_CASE("who stops inheriting stays inside") {
    with_staff([](Staff& s) {
        auto inside = s.make(s.folder, "Conseil");
        CHECK(s.give_as(s.teacher, s.folder, {.to = subject(s.colleague), .role = Role::Manage}).empty());
        auto change = [&](PersonId by, ItemId item, bool on) {
            auto done = s.db.write_now(
                [&](db::Tx& tx) { return set_restricted(tx, s.world, Staff::who_in(tx, by), item, on); });
            return done ? "" : done.error().key;
        };
        CHECK(change(s.teacher, s.space, true) == "share.space_inherits_nothing");
        CHECK(change(s.colleague, s.space, true) == "sharing.item");
        CHECK(change(s.colleague, inside, true).empty()); // manages it by the folder above alone
        CHECK(s.may(s.colleague, Action::Manage, inside));
        CHECK(s.may(s.teacher, Action::Manage, inside)); // manages the whole space
        CHECK(s.withdraw_as(s.teacher, s.folder, subject(s.colleague)).empty());
        CHECK(s.may(s.colleague, Action::Manage, inside)); // has a right of her own now
        CHECK(s.withdraw_as(s.colleague, inside, subject(s.colleague)).empty()); // and may give it up
        CHECK_FALSE(s.may(s.colleague, Action::View, inside));
        CHECK(change(s.teacher, inside, true).empty()); // as it is: nothing happens
        CHECK(change(s.teacher, inside, false).empty());
        CHECK(s.give_as(s.teacher, s.folder, {.to = subject(s.colleague)}).empty());
        CHECK(s.may(s.colleague, Action::View, inside));
    });
}

TEST_CASE("the page finds people, gives, changes, withdraws and gives back, as plain forms") {
    with_staff([](Staff& s) {
        const auto page = "/share/" + to_text(s.folder);
        auto camille = s.cookie(s.teacher);
        const auto nadia = text_of(subject(s.colleague));
        auto found = s.get(page + "?q=hadd", camille);
        CHECK(found.status == 200);
        CHECK(found.body.contains("value=\"" + nadia + "\" checked"));
        CHECK(s.get(page + "?q=zzz", camille).body.contains("Personne de ce nom"));
        CHECK(s.get(page + "?q=", camille).body.contains("Familles de 6e B")); // nothing typed: the nearest

        auto given = s.post(page + "/grants", "to=" + nadia + "&may=edit&until=date&until_day=2026-12-18", camille);
        CHECK(given.status == 303);
        auto shown = s.get(std::string{given.headers.find("location")}, camille).body;
        CHECK(shown.contains("Nadia Haddad"));
        CHECK(shown.contains("Jusqu’au 18\u00a0décembre 2026"));
        CHECK(s.may(s.colleague, Action::Edit, s.folder));

        auto withdrawn = s.post(page + "/withdraw", "to=" + nadia, camille);
        CHECK(withdrawn.status == 303);
        CHECK_FALSE(s.may(s.colleague, Action::View, s.folder));
        const std::string after{withdrawn.headers.find("location")};
        CHECK(after.contains("was=edit"));
        CHECK(s.get(after, camille).body.contains("L’accès est retiré"));
        const auto until = after.substr(after.find("was_until=") + 10);
        CHECK(s.post(page + "/grants", "to=" + nadia + "&may=edit&until=at&until_at=" + until, camille).status == 303);
        CHECK(s.may(s.colleague, Action::Edit, s.folder));

        for (auto form :
             {"may=view", "to=nobody&may=view", "to=public&may=edit", "to=signed-in&may=all", "to=signed-in&may=manage",
              "to=signed-in&may=view&until=date&until_day=2026-02-30", "to=signed-in&may=view&until=at&until_at=x",
              "to=signed-in&may=view&until=date&until_day=2020-01-01"}) {
            auto refused = s.post(page + "/grants", form, camille);
            CHECK_MESSAGE((refused.status == 422 || refused.status == 403), form);
            CHECK_MESSAGE(refused.body.contains("role=\"alert\""), form);
        }
        std::string many = "may=view";
        for (int i = 0; i < 51; ++i) many += "&to=signed-in";
        CHECK(s.post(page + "/grants", many, camille).status == 422);
        CHECK(s.post(page + "/grants", "to=" + nadia + "&may=manage", s.cookie(s.colleague)).status == 403);
        CHECK(s.post(page + "/withdraw", "to=" + nadia, s.cookie(s.colleague)).status == 403);
        CHECK(s.post(page + "/grants", "to=" + nadia + "&may=manage").status == 401);
    });
}

TEST_CASE("who gives up managing an item is led to what is left") {
    with_staff([](Staff& s) {
        const auto page = "/share/" + to_text(s.folder);
        const auto nadia = text_of(subject(s.colleague));
        CHECK(s.give_as(s.teacher, s.folder, {.to = subject(s.colleague), .role = Role::Manage}).empty());
        auto lowered = s.post(page + "/grants", "to=" + nadia + "&may=view", s.cookie(s.colleague));
        CHECK(lowered.headers.find("location") == "/files/" + to_text(s.folder));
        CHECK(s.give_as(s.teacher, s.folder, {.to = subject(s.colleague), .role = Role::Manage}).empty());
        auto gone = s.post(page + "/withdraw", "to=" + nadia, s.cookie(s.colleague));
        CHECK(gone.headers.find("location") == "/");
        auto last = s.post("/share/" + to_text(s.space) + "/withdraw", "to=" + text_of(subject(s.teacher)),
                           s.cookie(s.teacher));
        CHECK(last.status == 409);
        CHECK(last.body.contains("Quelqu’un doit continuer"));
    });
}

TEST_CASE("the API gives, lists, closes and finds") {
    with_staff([](Staff& s) {
        auto inside = s.make(s.folder, "Conseil");
        auto camille = s.cookie(s.teacher);
        const auto item = "/api/sharing/items/" + to_text(inside);
        const auto nadia = text_of(subject(s.colleague));
        auto put = [&](std::string target, std::string body, std::string who) {
            return s.send(http::Method::Put, std::move(target), std::move(body), std::move(who), "application/json");
        };
        CHECK(put(item + "/grants/" + nadia, R"({"role":"comment"})", camille).status == 204);
        CHECK(put(item + "/grants/signed-in", R"({"role":"view","deposit":true})", camille).status == 204);
        CHECK(put(item + "/grants/" + nadia, R"({"role":"rule"})", camille).status == 422);
        CHECK(put(item + "/grants/nobody", R"({"role":"view"})", camille).status == 422);
        CHECK(put(item + "/grants/" + nadia, "{", camille).status == 400);
        CHECK(put(item + "/grants/" + nadia, R"({"role":"view"})", s.cookie(s.colleague)).status == 403);
        CHECK(put(item + "/grants/public", R"({"role":"edit"})", camille).status == 422);
        CHECK(put(item + "/grants/public", R"({"role":"view"})", camille).status == 202); // waits to be approved
        auto access = body_of(s.get(item + "/access", camille));
        REQUIRE(access["own"].size() == 2);
        CHECK(access["own"].at(0)["name"].text() == "Nadia Haddad");
        CHECK(access["own"].at(0)["role"].text() == "comment");
        CHECK(access["own"].at(1)["deposit"].boolean() == true);
        REQUIRE(access["inherited"].size() == 1);
        CHECK(access["inherited"].at(0)["role"].text() == "manage");
        CHECK(access["inherited"].at(0)["from"]["title"].text() == "Mes fichiers");
        CHECK(s.get(item + "/access", s.cookie(s.colleague)).status == 403);
        CHECK(s.get(item + "/access").status == 401);

        CHECK(put(item + "/restricted", R"({"restricted":true})", camille).status == 204);
        CHECK(body_of(s.get(item + "/access", camille))["restricted"].boolean() == true);
        CHECK(put(item + "/restricted", "{}", camille).status == 400);
        CHECK(s.send(http::Method::Delete, item + "/grants/" + nadia, {}, camille).status == 204);
        CHECK(s.send(http::Method::Delete, item + "/grants/" + nadia, {}, camille).status == 404);
        CHECK(s.send(http::Method::Delete, item + "/grants/xyz", {}, camille).status == 404);

        auto names = [&](std::string typed) {
            std::vector<std::string> names;
            auto found = body_of(s.get("/api/sharing/subjects?q=" + typed, camille))["subjects"];
            for (std::size_t i = 0; i < found.size(); ++i) names.push_back(*found.at(i)["name"].text());
            return names;
        };
        using Names = std::vector<std::string>;
        CHECK(names("nad") == Names{"Nadia Haddad"});
        CHECK(names("6e") == Names{"6e B", "Familles de 6e B"});
        CHECK(names("familles%206") == Names{"Familles de 6e B"});
        CHECK(names("moulin") == Names{"Collège Jean-Moulin"});
        CHECK(names("connect") == Names{"Toutes les personnes connectées"});
        CHECK(names("") == Names{"6e B", "Familles de 6e B", "Collège Jean-Moulin", "Toutes les personnes connectées",
                                 "Tout le monde"});
        CHECK(names("%22%3E%3Czzz").empty());
        CHECK(s.get("/api/sharing/subjects?q=nad").status == 401);
        auto family = Site::kept(s.get("/s/" + s.link({}).token));
        CHECK(s.get("/api/sharing/subjects?q=nad", family).status == 401); // staff only
    });
}

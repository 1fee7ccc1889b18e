#include "report.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"
#include "sharing/publishing.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using fixtures::Fields;
using fixtures::School;
using fixtures::Visitor;
using Method = http::Method;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add({.name = "folder",
                                              .app = "files",
                                              .icon = "folder",
                                              .address = "/files/",
                                              .erase = [](db::Tx&, World&, const std::vector<std::int64_t>&) {}});
                        }};

struct Place { // a folder of the teacher's, seen by a link
    explicit Place(School& the_school) : school{the_school} {
        item = school.db.write_now([&](db::Tx& tx) {
            return create_item(tx, school.world, teacher(),
                               {.parent = school.space, .kind = "folder", .title = "Xylographe"})
                ->id;
        });
        link = school.db.write_now(
            [&](db::Tx& tx) { return *create_link(tx, school.world, teacher(), {.item = item, .label = "Familles"}); });
        school.events();
    }
    Viewer teacher() { return school.viewer(school.teacher); }
    std::string about() const { return to_text(item); }
    Visitor family() { return school.with_passes({link.link.id}, "Zoé"); }
    void show_everybody() {
        school.db.write_now([&](db::Tx& tx) {
            set_grant(tx, school.world, teacher(),
                      {.item = item, .subject_kind = Subject::Kind::Public, .role = Role::View});
        });
        school.events();
    }
    School& school;
    ItemId item;
    MadeLink link;
};

json::Value queue(School& school, PersonId who, std::string state = "") {
    auto list = json::parse(school.as(who).get("/api/sharing/reports?state=" + state).body);
    REQUIRE(list.has_value());
    return (*list)["cases"];
}

Fields say(const Place& place, std::string words = "Un visage d’élève.") {
    return {{"item", place.about()}, {"choice", "child"}, {"words", std::move(words)}, {"website", ""}};
}

} // namespace

TEST_CASE("anybody who sees a page reports it without an account, and is told what happens next") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        auto family = place.family();
        auto form = family.get("/report?item=" + place.about());
        CHECK(form.status == 200);
        CHECK(form.body.contains("Xylographe"));
        CHECK(form.body.contains("name=\"website\""));
        CHECK_FALSE(form.body.contains("captcha"));
        auto sent = family.post("/report", say(place));
        CHECK(sent.headers.find("location") == "/report/thanks");
        CHECK(family.follow().body.contains("Votre signalement est arrivé"));
        CHECK(school.events() == std::vector<std::string>{"report.made"});

        auto cases = queue(school, school.head);
        REQUIRE(cases.size() == 1);
        CHECK(cases.at(0)["title"].text() == "Xylographe");
        CHECK(cases.at(0)["reports"].integer() == 1);
        auto page = school.as(school.head).get("/reports/" + place.about()).body;
        CHECK(page.contains("Un visage d’élève."));
        CHECK(page.contains("vu par un lien"));
        CHECK(page.contains("Familles"));
    });
}

TEST_CASE("who cannot see an item learns nothing by reporting it, not even that it is there") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        const auto absent = to_text(school.ids.next_as<ItemId>());
        for (auto visitor : {school.as_stranger(), school.as(school.outsider), school.as(school.colleague),
                             school.as_holder(school.class_link)}) {
            auto there = visitor.get("/report?item=" + place.about());
            auto nowhere = visitor.get("/report?item=" + absent);
            CHECK(there.status == 404);
            CHECK(nowhere.status == 404);
            CHECK_FALSE(there.body.contains("Xylographe"));
            CHECK(visitor.post("/report", say(place)).status == 404);
            CHECK(visitor
                      .api(Method::Post, "/api/sharing/report", R"({"choice":"other","item":")" + place.about() + "\"}")
                      .status == 404);
        }
        CHECK(school.as_stranger().get("/report").status == 404);
        CHECK(school.events().empty());
        CHECK(queue(school, school.head).size() == 0);
    });
}

TEST_CASE("what is reported again is one line with a count; a robot is thanked and forgotten") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        auto family = place.family();
        auto robot = say(place);
        robot.back().second = "https://buy.example";
        CHECK(family.post("/report", robot).headers.find("location") == "/report/thanks");
        CHECK(school.events().empty());
        for (int i = 0; i < reports_per_item; ++i) CHECK(family.post("/report", say(place)).status == 303);
        auto flood = family.post("/report", say(place));
        CHECK(flood.status == 429);
        CHECK(flood.body.contains("Nous avons déjà reçu plusieurs signalements"));
        auto elsewhere = place.family();
        elsewhere.from("198.51.100.4");
        CHECK(elsewhere.post("/report", say(place)).status == 303); // another network is heard
        school.clock.advance(1_h);
        CHECK(family.post("/report", say(place)).status == 303);
        auto cases = queue(school, school.head);
        REQUIRE(cases.size() == 1);
        CHECK(cases.at(0)["reports"].integer() == reports_per_item + 2);
    });
}

TEST_CASE("bad input is told beside its field and nothing is lost") {
    fixtures::at_small_school(app, [](School& school) {
        Place place{school};
        auto family = place.family();
        auto unchosen = say(place, "Mes mots <restent>");
        unchosen[1].second = "everything";
        auto refused = family.post("/report", unchosen);
        CHECK(refused.status == 422);
        CHECK(refused.body.contains("Mes mots &lt;restent&gt;"));
        CHECK(refused.body.contains("id=\"choice-problem\""));
        CHECK(family.post("/report", say(place, std::string(2001, 'x'))).status == 422);
        auto mail = say(place);
        mail.emplace_back("mail", "pas une adresse");
        CHECK(family.post("/report", mail).body.contains("id=\"mail-problem\""));
        CHECK(family.post("/report", say(place, std::string("a\0b", 3))).status == 400);
        CHECK(school.events().empty());
        CHECK(family.post("/report", say(place, std::string(2000, 'x'))).status == 303);
    });
}

TEST_CASE("the door of a link can be reported by who holds its secret, and tells no title") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        const auto hash = school.identity.passwords().hash_now("sesame");
        auto locked = school.db.write_now([&](db::Tx& tx) {
            return *create_link(tx, school.world, place.teacher(), {.item = place.item, .password_hash = hash});
        });
        const auto door = "/s/" + locked.token + "/report";
        auto stranger = school.as_stranger();
        CHECK(stranger.get("/s/" + locked.token).body.contains("href=\"" + door + "\""));
        auto form = stranger.get(door);
        CHECK(form.status == 200);
        CHECK_FALSE(form.body.contains("Xylographe"));
        CHECK(form.headers.find("cache-control") == "no-store");
        school.events();
        CHECK(stranger.post(door, {{"choice", "violence"}}).status == 303);
        CHECK(stranger.get("/s/invented/report").status == 404);
        CHECK(stranger.post("/s/invented/report", {{"choice", "violence"}}).status == 404);
        CHECK(school.events() == std::vector<std::string>{"report.made"});
        CHECK(school.as(school.head).get("/reports/" + place.about()).body.contains("depuis la porte d’un lien"));
    });
}

TEST_CASE("the queue is for who leads the structure and for administrators; a class's page comes to it too") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        place.family().post("/report", say(place));
        const auto class_id = to_text(school.class_6eB);
        auto parents = school.as_holder(school.class_link);
        CHECK(parents.get("/report?class=" + class_id).body.contains("6e B"));
        CHECK(parents.post("/report", {{"class", class_id}, {"choice", "wrong"}}).status == 303);
        CHECK(school.as_stranger().get("/report?class=" + class_id).status == 404);
        school.events();
        CHECK(queue(school, school.head).size() == 2);
        CHECK(queue(school, school.administrator).size() == 2);
        CHECK(school.as(school.head).get("/reports/" + class_id).body.contains("6e B"));
        CHECK(school.as(school.head).post("/reports/" + class_id + "/look").status == 404); // a class is no item
        for (auto who : {school.teacher, school.colleague, school.outsider}) {
            CHECK(queue(school, who).size() == 0);
            CHECK(school.as(who).get("/reports/" + place.about()).status == 404);
            for (auto what : {"take", "close", "look", "withdraw"})
                CHECK(school.as(who).post("/reports/" + place.about() + "/" + what).status == 404);
        }
        CHECK(school.events().empty());
        CHECK(school.as_stranger().get("/reports").status == 303);
    });
}

TEST_CASE("the link of a class is ended from the queue, and whoever came by it is put out at once") {
    fixtures::at_school(app, [](School& school) {
        const auto class_id = to_text(school.class_6eB);
        const auto about = "/reports/" + class_id;
        auto parents = school.as_holder(school.class_link);
        auto adams = school.as_holder(school.parent_link);
        for (auto* family : {&parents, &adams})
            CHECK(family->post("/report", {{"class", class_id}, {"choice", "wrong"}}).status == 303);
        auto head = school.as(school.head);
        auto page = head.get(about).body;
        CHECK(page.contains("Le lien de la classe y mène"));
        CHECK(page.contains("Le lien personnel de Adam Benkacem y mène"));
        CHECK(page.contains("mis dehors tout de suite"));
        const auto link = school.db.read_now(
            [&](db::Tx& tx) { return open_link(tx, school.class_link, school.clock.now())->link.id; });
        CHECK(page.contains("value=\"" + to_text(link) + "\""));
        school.events();
        // Only by who answers for the class, only a link that a report names, and never "the public share" of a class.
        CHECK(school.as(school.teacher).post(about + "/withdraw", {{"link", to_text(link)}}).status == 404);
        Place place{school};
        CHECK(head.post(about + "/withdraw", {{"link", to_text(place.link.link.id)}}).status == 404);
        CHECK(head.post(about + "/withdraw", {{"link", ""}}).status == 404);
        CHECK(school.events().empty());
        CHECK(parents.get("/report?class=" + class_id).status == 200);

        CHECK(head.post(about + "/withdraw", {{"link", to_text(link)}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"link.revoked", "report.withdrawn"});
        CHECK(school.as_stranger().get("/s/" + school.class_link).status == 410);
        CHECK(parents.get("/report?class=" + class_id).status == 404);
        CHECK(adams.get("/report?class=" + class_id).status == 200); // that was another link
        CHECK_FALSE(head.get(about).body.contains("Le lien de la classe y mène"));
        CHECK(head.post(about + "/withdraw", {{"link", to_text(link)}}).status == 303); // nothing left to end
        CHECK(school.events().empty());
    });
}

TEST_CASE("a case is taken, looked at, its share ended and closed; a new report opens it again") {
    fixtures::at_school(app, [](School& school) {
        Place place{school};
        place.show_everybody();
        place.family().post("/report", say(place));
        CHECK(school.as_stranger().post("/report", say(place)).status == 303); // everybody sees it
        school.events();
        auto head = school.as(school.head);
        const auto about = "/reports/" + place.about();
        CHECK(head.post(about + "/take").status == 303);
        CHECK(head.post(about + "/take").status == 303);
        CHECK(school.events() == std::vector<std::string>{"report.taken"});
        auto look = head.post(about + "/look");
        CHECK(look.headers.find("location") == "/files/" + place.about());
        school.events();

        // Only ways that somebody reported by, and only by who answers for the case.
        auto other = school.db.write_now(
            [&](db::Tx& tx) { return *create_link(tx, school.world, place.teacher(), {.item = place.item}); });
        school.events();
        CHECK(head.post(about + "/withdraw", {{"link", to_text(other.link.id)}}).status == 404);
        CHECK(head.post(about + "/withdraw", {{"link", to_text(place.link.link.id)}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"item.ungranted", "link.revoked", "report.withdrawn"});
        CHECK(school.as_stranger().get("/s/" + place.link.token).status == 410);
        CHECK(head.post(about + "/withdraw", {{"link", ""}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"item.ungranted", "report.withdrawn"});
        CHECK_FALSE(school.db.read_now([&](db::Tx& tx) { return is_public(tx, place.item, school.clock.now()); }));
        CHECK(head.post(about + "/withdraw", {{"link", ""}}).status == 303); // nothing left to end
        CHECK(school.events().empty());

        CHECK(head.post(about + "/close", {{"note", std::string(1001, 'x')}}).status == 422);
        CHECK(head.post(about + "/close", {{"note", "Photo retirée."}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"item.ungranted", "report.closed"}); // the look ended
        CHECK(head.post(about + "/look").status == 409);
        CHECK(queue(school, school.head).size() == 0);
        CHECK(queue(school, school.head, "closed").size() == 1);
        CHECK(school.as_holder(other.token).post("/report", say(place)).status == 303);
        CHECK(queue(school, school.head).at(0)["state"].text() == "open");
    });
}

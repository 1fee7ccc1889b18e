#include "sharing/publishing.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"
#include "identity/leading.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using fixtures::School;
using Method = http::Method;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add(
                                {.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
                        }};

ItemId make_folder(School& school, std::string title = "Volcans") {
    auto made = school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        return create_item(tx, school.world, who, {.parent = school.space, .kind = "folder", .title = title});
    });
    REQUIRE(made.has_value());
    school.events();
    return made->id;
}

void set(School& school, StructureId structure, std::optional<Policy> policy) {
    auto done = school.db.write_now([&, who = school.viewer(school.administrator)](db::Tx& tx) {
        return set_policy(tx, school.world, who, structure, policy);
    });
    REQUIRE(done.has_value());
    school.events();
}

bool stranger_sees(School& school, ItemId item) {
    return school.db.read_now([&](db::Tx& tx) { return can(tx, Viewer{}, Action::View, item, school.clock.now()); });
}
bool sees(School& school, PersonId person, ItemId item) {
    return school.db.read_now(
        [&, who = school.viewer(person)](db::Tx& tx) { return can(tx, who, Action::View, item, school.clock.now()); });
}

std::string asking(ItemId item) { return "/api/sharing/items/" + to_text(item) + "/publishing"; }
std::string state(School& school, ItemId item) {
    auto answer = json::parse(school.as(school.teacher).get(asking(item)).body);
    REQUIRE(answer.has_value());
    return (*answer)["state"].text().value_or("?");
}

// The id of the only request that waits for this person.
std::string waiting(School& school, PersonId person) {
    auto list = json::parse(school.as(person).get("/api/sharing/approvals").body);
    REQUIRE(list.has_value());
    REQUIRE((*list)["requests"].size() <= 1);
    return (*list)["requests"].at(0)["id"].text().value_or("");
}

// Some lane, not the one that the routes take: nothing but the database keeps the writers apart.
db::Lane any_lane(School& school) { return {static_cast<std::uint64_t>(school.ids.next() & 0xff)}; }

} // namespace

TEST_CASE("the nearest setting up the tree of structures counts; nobody's is approval") {
    fixtures::at_school(app, [](School& school) {
        auto policy = [&](StructureId structure) {
            return school.db.read_now([&](db::Tx& tx) { return policy_of(tx, structure); });
        };
        CHECK(policy(school.college).policy == Policy::Approved);
        CHECK_FALSE(policy(school.college).from);
        set(school, school.ministry, Policy::Off);
        set(school, school.academy, Policy::Free);
        CHECK(policy(school.college).policy == Policy::Free);
        CHECK(policy(school.college).from == school.academy);
        CHECK(policy(school.other_college).policy == Policy::Off);
        set(school, school.college, Policy::Approved);
        CHECK(policy(school.college).policy == Policy::Approved);
        CHECK(policy(school.department).policy == Policy::Free);
        set(school, school.college, std::nullopt);
        CHECK(policy(school.college).policy == Policy::Free);
        CHECK(policy({}).policy == Policy::Approved);
    });
}

TEST_CASE("a structure that publishes freely shows at once, one that does not publish refuses") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        set(school, school.academy, Policy::Off);
        auto teacher = school.as(school.teacher);
        auto refused = teacher.api(Method::Put, asking(item), "{}");
        CHECK(refused.status == 403);
        CHECK(refused.body.contains("Votre structure ne montre rien au public"));
        CHECK(state(school, item) == "off");
        CHECK(school.events().empty());
        CHECK_FALSE(stranger_sees(school, item));
        set(school, school.college, Policy::Free);
        CHECK(teacher.api(Method::Put, asking(item), "{}").status == 200);
        CHECK(school.events() == std::vector<std::string>{"item.granted", "publishing.approved"});
        CHECK(stranger_sees(school, item));
        CHECK(state(school, item) == "public");
        CHECK(teacher.api(Method::Put, asking(item), "{}").status == 200); // twice is once
        CHECK(school.events().empty());
        CHECK(school.as(school.colleague).api(Method::Put, asking(item), "{}").status ==
              403); // sees it, manages it not
        CHECK(school.as(school.outsider).get("/publishing/" + to_text(item)).status == 403);
        CHECK(school.as_stranger().api(Method::Put, asking(item), "{}").status == 401);
    });
}

TEST_CASE(
    "the sharing dialog shows \"Tout le monde\" with the reason, and not to be chosen, where the structure says no") {
    fixtures::at_school(app, [](School& school) {
        const auto item = make_folder(school);
        const auto of_item = "/api/sharing/subjects?q=monde&item=" + to_text(item);
        const auto offered = [&](PersonId who, const std::string& address) {
            auto answer = json::parse(school.as(who).get(address).body);
            REQUIRE(answer.has_value());
            auto found = (*answer)["subjects"];
            REQUIRE(found.size() == 1);
            CHECK(found.at(0)["to"].text() == "public");
            return std::pair{found.at(0)["off"].boolean().value_or(false), *found.at(0)["detail"].text()};
        };
        const auto page = [&] { return school.as(school.teacher).get("/share/" + to_text(item) + "?q=monde").body; };
        const std::pair on{false, std::string{"Même sans compte, si l’établissement le permet"}};
        const std::pair off{true, std::string{"Votre structure ne montre rien au public"}};
        CHECK(offered(school.teacher, of_item) == on);
        CHECK(page().contains("name=\"to\" value=\"public\" checked>"));
        set(school, school.academy, Policy::Off);
        CHECK(offered(school.teacher, of_item) == off);
        CHECK(page().contains("name=\"to\" value=\"public\" disabled>"));
        CHECK(page().contains(off.second));
        // Who does not manage the item learns nothing of its structure.
        CHECK(offered(school.outsider, of_item) == on);
        // And the form cannot be talked into it.
        auto forced =
            school.as(school.teacher).post("/share/" + to_text(item) + "/grants", {{"to", "public"}, {"may", "view"}});
        CHECK(forced.status >= 400);
        CHECK_FALSE(stranger_sees(school, item));
    });
}

TEST_CASE("a publication that needs approval waits, is looked at, and is published by who leads the school") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        auto teacher = school.as(school.teacher);
        auto head = school.as(school.head);
        CHECK(head.get("/approvals").body.contains("Rien n’attend votre accord"));
        CHECK(head.get("/approvals").body.contains("/structures/" + to_text(school.college) + "/policy"));
        CHECK(teacher.post("/publishing/" + to_text(item)).status == 303);
        CHECK(school.events() == std::vector<std::string>{"publishing.requested"});
        CHECK(teacher.get("/publishing/" + to_text(item)).body.contains("attend une réponse"));
        CHECK_FALSE(stranger_sees(school, item));
        auto id = waiting(school, school.head);
        REQUIRE(!id.empty());

        // The queue shows what it is and who asks, and a number stands in the account menu of every page.
        school.clock.advance(1_min);
        auto page = head.get("/approvals").body;
        CHECK(page.contains("Volcans"));
        CHECK(page.contains("Camille Bernard"));
        CHECK(head.get("/publishing/zzz").body.contains("en attente de votre décision"));
        CHECK_FALSE(teacher.get("/publishing/" + to_text(item)).body.contains("en attente de votre décision"));

        // Nobody else meets the request, and looking is no right before it is asked for.
        for (auto who : {school.colleague, school.outsider, school.administrator, school.teacher}) {
            CHECK(waiting(school, who).empty());
            for (auto what : {"look", "approve", "refuse"})
                CHECK(school.as(who).post("/approvals/" + id + "/" + what, {{"reason", "non"}}).status == 404);
        }
        CHECK(school.events().empty());
        CHECK_FALSE(sees(school, school.head, item));
        auto looked = head.post("/approvals/" + id + "/look");
        CHECK(looked.headers.find("location") == "/files/" + to_text(item));
        CHECK(sees(school, school.head, item));
        CHECK(school.events() == std::vector<std::string>{"item.granted", "publishing.looked"});
        school.clock.advance(1_h);
        CHECK_FALSE(sees(school, school.head, item)); // a look ends by itself
        head.post("/approvals/" + id + "/look");
        CHECK(sees(school, school.head, item));
        CHECK_FALSE(sees(school, school.colleague, item));
        school.events();

        CHECK(head.post("/approvals/" + id + "/approve", {{"revision", "1"}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"item.ungranted", "item.granted", "publishing.approved"});
        CHECK(stranger_sees(school, item));
        CHECK(state(school, item) == "public");
        CHECK(waiting(school, school.head).empty());
        CHECK_FALSE(head.get("/publishing/zzz").body.contains("en attente de votre décision")); // at once
        CHECK(head.post("/approvals/" + id + "/approve").status == 409);
        // The look has ended with the decision: what is left is what everybody has.
        auto grants = school.db.read_now([&](db::Tx& tx) { return grants_on(tx, item); });
        REQUIRE(grants.size() == 1);
        CHECK(grants[0].subject_kind == Subject::Kind::Public);
        CHECK(grants[0].given_by == school.teacher);
    });
}

TEST_CASE("a refusal needs a reason, who asked reads it, and may ask again") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        auto teacher = school.as(school.teacher);
        auto head = school.as(school.head);
        teacher.post("/publishing/" + to_text(item));
        auto id = waiting(school, school.head);
        head.post("/approvals/" + id + "/look");
        school.events();
        auto unsaid = head.post("/approvals/" + id + "/refuse", {{"reason", "  \r\n "}});
        CHECK(unsaid.status == 422);
        CHECK(unsaid.body.contains("role=\"alert\""));
        CHECK(head.post("/approvals/" + id + "/refuse", {{"reason", std::string(1001, 'x')}}).status == 422);
        CHECK(head.post("/approvals/" + id + "/refuse", {{"reason", "a\x01"}}).status == 422);
        CHECK(school.events().empty());
        CHECK(head.post("/approvals/" + id + "/refuse", {{"reason", "Floutez <les> visages.\r\nMerci."}}).status ==
              303);
        CHECK(school.events() == std::vector<std::string>{"item.ungranted", "publishing.refused"});
        CHECK_FALSE(sees(school, school.head, item));
        CHECK_FALSE(stranger_sees(school, item));
        auto told = teacher.get("/publishing/" + to_text(item)).body;
        CHECK(told.contains("Floutez &lt;les&gt; visages.\nMerci."));
        CHECK(told.contains("Hélène Rousseau"));
        CHECK(told.contains("Demander la publication"));
        auto lately = [&] {
            return school.db.read_now(
                [&](db::Tx& tx) { return refused_lately(tx, school.teacher, school.clock.now()).size(); });
        };
        CHECK(lately() == 1);
        CHECK(teacher.api(Method::Put, asking(item), "{}").status == 200);
        CHECK(state(school, item) == "waiting");
        CHECK(lately() == 0); // answered by asking again
    });
}

TEST_CASE("a request is taken back by who asked, and a changed or lost item is not published unseen") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        auto teacher = school.as(school.teacher);
        auto head = school.as(school.head);
        auto ask = [&] {
            CHECK(teacher.post("/publishing/" + to_text(item)).status == 303);
            return waiting(school, school.head);
        };
        auto id = ask();
        CHECK(school.as(school.colleague).post("/publishing/" + to_text(item) + "/withdraw").status == 404);
        school.events();
        CHECK(teacher.post("/publishing/" + to_text(item) + "/withdraw").status == 303);
        CHECK(school.events() == std::vector<std::string>{"publishing.withdrawn"});
        CHECK(teacher.api(Method::Delete, asking(item)).status == 200); // nothing waits: nothing happens
        CHECK(school.events().empty());
        CHECK(head.post("/approvals/" + id + "/approve").status == 409);

        id = ask();
        school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            return rename_item(tx, school.world, who, item, "Volcans et visages");
        });
        auto stale = head.post("/approvals/" + id + "/approve", {{"revision", "1"}});
        CHECK(stale.status == 409);
        CHECK(stale.body.contains("a changé depuis"));
        school.db.write_now(
            [&, who = school.viewer(school.teacher)](db::Tx& tx) { return trash_item(tx, school.world, who, item); });
        CHECK(head.post("/approvals/" + id + "/approve").status == 409);
        CHECK(head.get("/approvals").body.contains("dans la corbeille"));
        CHECK(teacher.post("/publishing/" + to_text(item)).status == 409);
        CHECK_FALSE(stranger_sees(school, item));
    });
}

TEST_CASE("who asked must still manage the item when it is approved") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        auto give = [&](Role role) {
            school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
                set_grant(tx, school.world, who,
                          {.item = item,
                           .subject_kind = Subject::Kind::Person,
                           .subject = school.colleague.value,
                           .role = role});
            });
        };
        give(Role::Manage);
        CHECK(school.as(school.colleague).api(Method::Put, asking(item), "{}").status == 200);
        give(Role::View);
        school.events();
        auto id = waiting(school, school.head);
        auto answer = school.as(school.head).api(Method::Post, "/api/sharing/approvals/" + id + "/approve", "{}");
        CHECK(answer.status == 409);
        CHECK(answer.body.contains("publishing.void"));
        CHECK(school.events().empty());
        CHECK_FALSE(stranger_sees(school, item));
    });
}

TEST_CASE("a right that somebody gave the approver meanwhile is not taken back with the look") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        school.as(school.teacher).post("/publishing/" + to_text(item));
        auto id = waiting(school, school.head);
        auto head = school.as(school.head);
        head.post("/approvals/" + id + "/look");
        school.change([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            set_grant(tx, school.world, who,
                      {.item = item,
                       .subject_kind = Subject::Kind::Person,
                       .subject = school.head.value,
                       .role = Role::Edit});
        });
        head.post("/approvals/" + id + "/look"); // may see it anyway: nothing is given, nothing lowered
        CHECK(head.post("/approvals/" + id + "/refuse", {{"reason", "Pas encore."}}).status == 303);
        CHECK(school.db.read_now([&, who = school.viewer(school.head)](db::Tx& tx) {
            return can(tx, who, Action::Edit, item, school.clock.now());
        }));
    });
}

TEST_CASE("who leads the school, or what stands above it, does not ask themselves") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        auto leads = [&](PersonId who, StructureId structure) {
            return school.db.read_now([&](db::Tx& tx) { return identity::leads(tx, who, structure); });
        };
        CHECK(leads(school.head, school.college));
        CHECK_FALSE(leads(school.head, school.academy));
        CHECK_FALSE(leads(school.teacher, school.college));
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.outsider, school.academy, "manager"); });
        CHECK(leads(school.outsider, school.college));
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.teacher, school.college, "manager"); });
        CHECK(school.as(school.teacher).api(Method::Put, asking(item), "{}").status == 200);
        CHECK(stranger_sees(school, item));
        school.change([&](db::Tx& tx) { identity::set_disabled(tx, school.head, true); });
        CHECK(school.as_stranger().get("/approvals").status == 303);
    });
}

TEST_CASE("only who leads a structure sets its policy, and the page says what inheriting means") {
    fixtures::at_school(app, [](School& school) {
        const auto page = "/structures/" + to_text(school.college) + "/policy";
        for (auto who : {school.teacher, school.outsider}) {
            CHECK(school.as(who).get(page).status == 404);
            CHECK(school.as(who).post(page, {{"policy", "free"}}).status == 404);
        }
        auto head = school.as(school.head);
        CHECK(head.get("/structures/" + to_text(school.academy) + "/policy").status == 404);
        CHECK(head.get(page).body.contains("personne n’a rien choisi"));
        CHECK(head.post(page, {{"policy", "everything"}}).status == 422);
        CHECK(school.events().empty());
        CHECK(head.post(page, {{"policy", "free"}}).headers.find("location") == page + "?saved=1");
        CHECK(school.events() == std::vector<std::string>{"structure.policy_changed"});
        const auto api = "/api/sharing" + page;
        CHECK(head.get(api).body.contains("\"policy\":\"free\""));
        CHECK(head.api(Method::Put, api, R"({"policy":"inherit"})").status == 204);
        CHECK(head.get(api).body.contains("\"policy\":\"approved\""));
        CHECK(school.as(school.administrator).get(page).status == 200);
        CHECK(school.as(school.administrator).get("/structures/zzz/policy").status == 404);
    });
}

TEST_CASE("asked and decided by many at once, a publication is asked once and decided once") {
    fixtures::at_school(app, [](School& school) {
        auto item = make_folder(school);
        school.change([&](db::Tx& tx) { identity::add_function(tx, school.colleague, school.college, "manager"); });
        auto teacher = school.viewer(school.teacher), head = school.viewer(school.head),
             manager = school.viewer(school.colleague);
        std::atomic<int> broken = 0;
        auto at_once = [&](auto... acts) {
            std::vector<std::thread> threads;
            (threads.emplace_back([&, acts] {
                try {
                    acts();
                } catch (const std::exception&) {
                    ++broken;
                }
            }),
             ...);
            for (auto& thread : threads) thread.join();
        };
        auto ask = [&] {
            auto asked = school.db.write_now([&](db::Tx& tx) { return publish(tx, school.world, teacher, item); },
                                             any_lane(school));
            CHECK(asked.value() == Publishing::Waiting);
        };
        at_once(ask, ask, ask, ask);
        auto requests = school.db.read_now([&](db::Tx& tx) { return publications_waiting_for(tx, head, {}, 10); });
        REQUIRE(requests.size() == 1);
        std::atomic<int> settled = 0;
        auto id = requests[0].id;
        auto decide = [&](const Viewer& who, bool yes) {
            settled += school.db
                           .write_now(
                               [&, yes](db::Tx& tx) {
                                   return yes ? approve_publication(tx, school.world, who, id, 0)
                                              : refuse_publication(tx, school.world, who, id, "non");
                               },
                               any_lane(school))
                           .has_value();
        };
        at_once([&] { decide(head, true); }, [&] { decide(manager, false); }, [&] { decide(head, false); },
                [&] { decide(manager, true); });
        CHECK(settled == 1);
        CHECK(broken == 0);
        const bool published =
            school.db.read_now([&](db::Tx& tx) { return last_publication(tx, item)->state; }) == "approved";
        CHECK(stranger_sees(school, item) == published);
    });
}

#include "sharing/poll.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"
#include "sharing/link.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace preau;
using namespace preau::sharing;
using fixtures::Fields;
using fixtures::School;
using fixtures::Visitor;
using Method = http::Method;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add(
                                {.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
                        }};

// A folder of the teacher's that the colleague sees, with a poll in it.
struct Asked {
    explicit Asked(School& the_school, std::string more = "") : school{the_school} {
        folder = school.db.write_now([&](db::Tx& tx) {
            auto made = create_item(
                tx, school.world, teacher(),
                {.parent = school.space, .kind = "folder", .title = "Sortie", .if_taken = NewItem::IfTaken::Number});
            set_grant(tx, school.world, teacher(),
                      {.item = made->id,
                       .subject_kind = Subject::Kind::Person,
                       .subject = school.colleague.value,
                       .role = Role::View});
            return made->id;
        });
        school.events();
        auto made = make(school.teacher, more);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        poll = *parse_id<ItemId>((*json::parse(made.body))["id"].text().value());
        auto shown = look(school.teacher);
        for (std::size_t i = 0; i < shown["choices"].size(); ++i)
            choices.push_back(shown["choices"].at(i)["id"].text().value());
    }
    Viewer teacher() { return school.viewer(school.teacher); }
    http::TestAnswer make(PersonId who, const std::string& more,
                          std::string choices_json = R"(["Lundi","Mardi","=1+1"])") {
        return school.as(who).api(Method::Post, "/api/sharing/polls",
                                  R"({"in":")" + to_text(folder) +
                                      R"(","question":"Quel jour / quelle heure ?","choices":)" + choices_json + more +
                                      "}");
    }
    std::string page() const { return "/polls/" + to_text(poll); }
    json::Value look(PersonId who) { return *json::parse(school.as(who).get("/api/sharing" + page()).body); }
    http::TestAnswer vote(Visitor visitor, std::vector<std::size_t> marks) {
        Fields fields;
        for (auto mark : marks) fields.emplace_back("choice", choices[mark]);
        return visitor.post(page() + "/vote", fields);
    }
    std::int64_t votes(std::size_t choice) {
        return look(school.teacher)["choices"].at(choice)["votes"].integer().value_or(-1);
    }
    School& school;
    ItemId folder, poll;
    std::vector<std::string> choices;
};

} // namespace

TEST_CASE("a poll is made in a folder, voted on once per person, and the vote changed until it closes") {
    fixtures::at_school(app, [](School& school) {
        Asked asked{school};
        CHECK(school.events() == std::vector<std::string>{"item.created"});
        auto nadia = school.as(school.colleague);
        CHECK(asked.vote(nadia, {0}).headers.find("location") == asked.page() + "?voted=1");
        CHECK(asked.vote(nadia, {1}).status == 303);
        CHECK(asked.vote(school.as(school.teacher), {1}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"poll.voted", "poll.voted", "poll.voted"});
        CHECK(asked.votes(0) == 0);
        CHECK(asked.votes(1) == 2);
        CHECK(asked.look(school.teacher)["voters"].integer() == 2);
        auto page = nadia.get(asked.page()).body;
        CHECK(page.contains("Quel jour / quelle heure ?"));
        CHECK(page.contains("<progress"));
        CHECK(page.contains("2 voix · 100"));
        CHECK_FALSE(page.contains("Camille")); // anonymous
        CHECK(nadia.post(asked.page() + "/close").status == 403);
        CHECK(school.as(school.teacher).post(asked.page() + "/close").status == 303);
        CHECK(school.events() == std::vector<std::string>{"poll.closed"});
        auto late = asked.vote(nadia, {0});
        CHECK(late.status == 409);
        CHECK(late.body.contains("votre vote n’a pas été compté"));
        CHECK(asked.votes(1) == 2);
        CHECK(school.events().empty());
    });
}

TEST_CASE("link holders vote once per browser; strangers look at a public poll and cannot vote") {
    fixtures::at_school(app, [](School& school) {
        Asked asked{school, R"(,"named":true)"};
        auto link = school.db.write_now(
            [&](db::Tx& tx) { return *create_link(tx, school.world, asked.teacher(), {.item = asked.folder}); });
        school.events();
        auto zoe = school.with_passes({link.link.id}, "Zoé");
        CHECK(zoe.post(asked.page() + "/vote", {{"choice", asked.choices[0]}}).status == 303);
        CHECK(zoe.post(asked.page() + "/vote", {{"choice", asked.choices[1]}}).status == 303); // the same browser
        auto adam = school.with_passes({link.link.id}, "Adam");
        CHECK(adam.post(asked.page() + "/vote", {{"choice", asked.choices[1]}}).status == 303);
        CHECK(asked.look(school.teacher)["voters"].integer() == 2);
        auto page = school.as(school.teacher).get(asked.page()).body;
        CHECK((page.contains("Zoé, Adam") || page.contains("Adam, Zoé")));
        CHECK(school.as(school.outsider).get(asked.page()).status == 404);
        CHECK(asked.vote(school.as(school.outsider), {0}).status == 404);
        CHECK(school.as_stranger().get(asked.page()).status == 404);
        school.db.write_now([&](db::Tx& tx) {
            set_grant(tx, school.world, asked.teacher(),
                      {.item = asked.folder, .subject_kind = Subject::Kind::Public, .role = Role::View});
        });
        auto stranger = school.as_stranger();
        auto shown = stranger.get(asked.page());
        CHECK(shown.status == 200);
        CHECK_FALSE(shown.body.contains("/vote\""));
        CHECK(shown.body.contains("/report?item="));
        CHECK(asked.vote(stranger, {0}).status == 401);
        CHECK(asked.look(school.teacher)["voters"].integer() == 2);
    });
}

TEST_CASE("who deletes the cookie votes again, and whoever makes the poll is told so") {
    fixtures::at_school(app, [](School& school) {
        Asked asked{school};
        auto form = school.as(school.teacher).get("/polls/new?in=" + to_text(asked.folder)).body;
        CHECK(form.contains("en effaçant ses cookies, elle peut voter de nouveau"));
        auto link = school.db.write_now(
            [&](db::Tx& tx) { return *create_link(tx, school.world, asked.teacher(), {.item = asked.folder}); });
        for (int i = 0; i < 2; ++i) {
            auto zoe = school.with_passes({link.link.id}, "Zoé"); // each time a browser without the cookie
            CHECK(zoe.post(asked.page() + "/vote", {{"choice", asked.choices[0]}}).status == 303);
        }
        CHECK(asked.look(school.teacher)["voters"].integer() == 2);
        // Signed in, a cookie changes nothing.
        for (int i = 0; i < 2; ++i) asked.vote(school.as(school.teacher), {1});
        CHECK(asked.look(school.teacher)["voters"].integer() == 3);
    });
}

TEST_CASE("what cannot be voted is refused and changes nothing") {
    fixtures::at_school(app, [](School& school) {
        Asked asked{school}, other{school}, many{school, R"(,"several":true)"};
        school.events();
        auto nadia = school.as(school.colleague);
        CHECK(asked.vote(nadia, {}).status == 422);
        CHECK(asked.vote(nadia, {0, 1}).status == 422);
        CHECK(nadia.post(asked.page() + "/vote", {{"choice", other.choices[0]}}).status == 422); // of another poll
        CHECK(nadia.post(asked.page() + "/vote", {{"choice", "zzz!"}}).status == 422);
        CHECK(nadia.post("/polls/" + to_text(asked.folder) + "/vote", {{"choice", asked.choices[0]}}).status == 404);
        CHECK(school.events().empty());
        CHECK(many.vote(nadia, {0, 2, 0}).status == 303);
        CHECK(many.votes(0) == 1);
        CHECK(many.votes(2) == 1);
        CHECK(many.look(school.teacher)["voters"].integer() == 1);
    });
}

TEST_CASE("a poll needs a question, 2 to 20 choices that differ, and an end that is to come") {
    fixtures::at_small_school(app, [](School& school) {
        Asked asked{school};
        school.events();
        auto refused = [&](std::string choices, std::string more = "") {
            return asked.make(school.teacher, more, std::move(choices)).status;
        };
        CHECK(refused(R"(["Seul"])") == 422);
        CHECK(refused(R"(["Oui","OUI"])") == 422);
        std::string many = "[";
        for (int i = 0; i < 21; ++i) many += (i ? "," : "") + std::string{"\"c"} + std::to_string(i) + '"';
        CHECK(refused(many + "]") == 422);
        CHECK(refused("[\"a\",\"" + std::string(201, 'x') + "\"]") == 422);
        CHECK(refused(R"(["a","b"])", R"(,"closes_at":1)") == 422);
        CHECK(refused(R"(["a","b"])", R"(,"results":"never")") == 422);
        CHECK(refused(R"(["a","b"])", R"(,"results":"after_close")") == 422); // and no end
        CHECK(asked.make(school.colleague, "").status == 403);
        CHECK(asked.make(school.outsider, "").status == 404);
        auto form = school.as(school.teacher)
                        .post("/polls", {{"in", to_text(asked.folder)}, {"question", ""}, {"choices", "Oui\r\nNon"}});
        CHECK(form.status == 422);
        CHECK(form.body.contains("Oui\nNon"));
        CHECK(form.body.contains("id=\"question-problem\""));
        CHECK(school.events().empty());
        auto made = school.as(school.teacher)
                        .post("/polls", {{"in", to_text(asked.folder)},
                                         {"question", "Oui ?"},
                                         {"choices", "Oui\r\n\r\nNon\r\n"},
                                         {"until", "week"},
                                         {"results", "after_vote"}});
        CHECK(made.status == 303);
        CHECK(school.as(school.colleague).get("/polls/new?in=" + to_text(asked.folder)).status == 403);
        CHECK(school.as(school.teacher).get("/polls/new?in=" + to_text(asked.folder)).status == 200);
    });
}

TEST_CASE("results are shown when they were promised, and exported as text no spreadsheet runs") {
    fixtures::at_school(app, [](School& school) {
        const auto end = std::to_string(school.clock.now() + 1_h);
        Asked later{school, R"(,"results":"after_close","closes_at":)" + end};
        Asked voters{school, R"(,"results":"after_vote")"};
        auto nadia = school.as(school.colleague);
        later.vote(nadia, {2});
        CHECK(later.votes(2) == -1); // not even for who made it
        CHECK(school.as(school.teacher).get(later.page() + "/results.csv").status == 409);
        CHECK_FALSE(nadia.get(later.page()).body.contains("<progress"));
        CHECK(voters.votes(0) == -1);
        voters.vote(nadia, {0});
        CHECK((*json::parse(nadia.get("/api/sharing" + voters.page()).body))["choices"].at(0)["votes"].integer() == 1);
        CHECK(voters.votes(0) == -1); // the teacher has not voted
        school.clock.advance(1_h);
        CHECK(later.vote(nadia, {0}).status == 409);
        CHECK(later.votes(2) == 1);
        auto csv = school.as(school.teacher).get(later.page() + "/results.csv");
        CHECK(csv.body == "\"Lundi\",0\r\n\"Mardi\",0\r\n\"'=1+1\",1\r\n");
        CHECK(csv.headers.find("content-disposition").starts_with("attachment"));
        CHECK(nadia.get(later.page() + "/results.csv").status == 403);
    });
}

TEST_CASE("votes of one voter at once leave one ballot with one choice") {
    fixtures::at_school(app, [](School& school) {
        Asked asked{school};
        auto nadia = school.viewer(school.colleague);
        auto voter = voter_of("a key", asked.poll, nadia, "");
        std::atomic<int> broken = 0;
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < 12; ++i)
            threads.emplace_back([&, i] {
                try {
                    auto choice = *parse_id<ChoiceId>(asked.choices[i % 3]);
                    auto done = school.db.write_now(
                        [&](db::Tx& tx) { return vote(tx, school.world, nadia, asked.poll, voter, "", {choice}); },
                        {i}); // lanes of their own: only the rows keep them apart
                    broken += !done;
                } catch (const std::exception&) {
                    ++broken;
                }
            });
        for (auto& thread : threads) thread.join();
        CHECK(broken == 0);
        CHECK(asked.look(school.teacher)["voters"].integer() == 1);
        CHECK(asked.votes(0) + asked.votes(1) + asked.votes(2) == 1);
    });
}

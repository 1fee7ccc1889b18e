#include "sharing/comments.hpp"

#include "base/json.hpp"
#include "fixtures/school.hpp"
#include "sharing/link.hpp"
#include "text_testing/html_oracle.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using fixtures::School;
using fixtures::Visitor;
using Method = http::Method;
using Events = std::vector<std::string>;

namespace {

const fixtures::App app{.migrations = {}, .install = [](School& school) {
                            school.kinds.add(
                                {.name = "folder", .app = "files", .icon = "folder", .address = "/files/"});
                        }};

ItemId folder_of(School& school, std::optional<Role> of_colleague = Role::Comment) {
    auto made = school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        auto item = create_item(tx, school.world, who, {.parent = school.space, .kind = "folder", .title = "Volcans"});
        if (of_colleague)
            set_grant(tx, school.world, who,
                      {.item = item->id, .subject = school.colleague.value, .role = *of_colleague});
        return item->id;
    });
    school.identity.forget_all();
    school.events();
    return made;
}

std::string link_to(School& school, ItemId item, Role role) {
    auto made = school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
        return create_link(tx, school.world, who, {.item = item, .role = role});
    });
    school.events();
    return made->token;
}

std::string api(ItemId item, std::string_view rest = {}) {
    return "/api/sharing/items/" + to_text(item) + "/comments" + std::string{rest};
}

// Writes one and answers its id.
std::string write(Visitor who, ItemId item, std::string_view body, std::string_view answers_to = {}) {
    std::string json = R"({"body":)";
    json::write_string(json, body);
    if (!answers_to.empty()) json += R"(,"answers_to":")" + std::string{answers_to} + '"';
    auto answer = who.post_json(api(item), json + '}');
    CAPTURE(answer.body);
    REQUIRE(answer.status == 201);
    return (*json::parse(answer.body))["id"].text().value_or("");
}

json::Value list(Visitor who, ItemId item, std::string_view query = {}) {
    auto answer = who.get(api(item, query));
    REQUIRE(answer.status == 200);
    return *json::parse(answer.body);
}

std::string last_detail(School& school, ItemId item) {
    auto events = school.db.read_now([&](db::Tx& tx) { return jobs::events_of(tx, item.value, 0, 1); });
    return events.empty() ? "" : events[0].detail;
}

} // namespace

TEST_CASE("a thread: a comment, an answer, resolved and opened again") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        auto first = write(school.as(school.colleague), item, "La **carte** est fausse");
        auto answer = write(school.as(school.teacher), item, "Merci !", first);
        auto threads = list(school.as(school.teacher), item)["threads"];
        REQUIRE(threads.size() == 1);
        auto thread = threads.at(0);
        CHECK(thread["first"]["author"].text() == "Nadia Haddad");
        CHECK(thread["first"]["html"].text() == "<p>La <strong>carte</strong> est fausse</p>\n");
        CHECK(thread["answers"].at(0)["id"].text() == answer);
        CHECK_FALSE(thread["resolved_at"].integer());
        CHECK(school.as(school.colleague).api(Method::Post, api(item, "/" + first + "/resolve")).status == 204);
        CHECK(list(school.as(school.teacher), item)["threads"].at(0)["resolved_at"].integer());
        CHECK(school.as(school.teacher).api(Method::Post, api(item, "/" + first + "/resolve")).status == 204);
        CHECK(school.as(school.teacher).api(Method::Post, api(item, "/" + first + "/reopen")).status == 204);
        CHECK(school.events() == Events{"comment.added", "comment.added", "comment.resolved", "comment.reopened"});
        CHECK(school.as(school.teacher).api(Method::Post, api(item, "/" + answer + "/resolve")).status == 404);
        // One level: an answer is not answered to.
        auto deeper = school.as(school.teacher).post_json(api(item), R"({"body":"x","answers_to":")" + answer + "\"}");
        CHECK(deeper.status == 409);
    });
}

TEST_CASE("reading needs View, writing Comment; strangers and outsiders learn nothing") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school, Role::View);
        write(school.as(school.teacher), item, "Xylographe");
        school.events();
        CHECK(list(school.as(school.colleague), item)["may_comment"].boolean() == false);
        CHECK(school.as(school.colleague).post_json(api(item), R"({"body":"x"})").status == 403);
        for (auto who : {school.as(school.outsider), school.as(school.head), school.as(school.administrator)}) {
            CHECK(who.get(api(item)).status == 404);
            CHECK(who.post_json(api(item), R"({"body":"x"})").status == 404);
            CHECK_FALSE(who.get("/comments/" + to_text(item)).body.contains("Xylographe"));
        }
        auto stranger = school.as_stranger();
        CHECK_FALSE(stranger.get(api(item)).body.contains("Xylographe"));
        CHECK(stranger.post_json(api(item), R"({"body":"x"})").status >= 400);
        CHECK(school.events().empty());
    });
}

TEST_CASE("one changes one's own; managers delete any; the rest is refused") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        auto hers = write(school.as(school.colleague), item, "un");
        auto his = write(school.as(school.teacher), item, "deux");
        CHECK(school.as(school.colleague).post_json(api(item, "/" + hers), R"({"body":"trois"})").status == 204);
        CHECK(school.as(school.teacher).post_json(api(item, "/" + hers), R"({"body":"x"})").status == 403);
        CHECK(school.as(school.colleague).api(Method::Delete, api(item, "/" + his)).status == 403);
        auto threads = list(school.as(school.teacher), item)["threads"];
        CHECK(threads.at(1)["first"]["body"].text() == "trois");
        CHECK(threads.at(1)["first"]["edited_at"].integer());
        CHECK(threads.at(1)["first"]["may_delete"].boolean() == true);
        CHECK(threads.at(1)["first"]["may_edit"].boolean() == false);
        CHECK(school.as(school.teacher).api(Method::Delete, api(item, "/" + hers)).status == 204);
        CHECK(school.as(school.teacher).api(Method::Delete, api(item, "/" + hers)).status == 404);
        CHECK(list(school.as(school.teacher), item)["threads"].size() == 1);
        CHECK(school.events() == Events{"comment.added", "comment.added", "comment.edited", "comment.deleted"});
    });
}

TEST_CASE("a deleted comment with answers leaves its place, and goes with the last of them") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        auto first = write(school.as(school.colleague), item, "Xylographe");
        auto answer = write(school.as(school.teacher), item, "réponse", first);
        CHECK(school.as(school.colleague).api(Method::Delete, api(item, "/" + first)).status == 204);
        auto page = school.as(school.teacher).get("/comments/" + to_text(item)).body;
        CHECK(page.contains("commentaire supprimé"));
        CHECK(page.contains("réponse"));
        CHECK_FALSE(page.contains("Xylographe"));
        CHECK(school.as(school.colleague).post_json(api(item, "/" + first), R"({"body":"x"})").status == 404);
        write(school.as(school.colleague), item, "encore", first); // the discussion goes on
        auto second = list(school.as(school.teacher), item)["threads"].at(0)["answers"].at(1)["id"].text().value_or("");
        CHECK(school.as(school.teacher).api(Method::Delete, api(item, "/" + answer)).status == 204);
        CHECK(school.as(school.teacher).api(Method::Delete, api(item, "/" + second)).status == 204);
        CHECK(list(school.as(school.teacher), item)["threads"].size() == 0);
    });
}

TEST_CASE("who came by a link writes with the name they gave, and settles nothing") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        auto parent = school.as_holder(link_to(school, item, Role::Comment));
        auto page = parent.get("/comments/" + to_text(item));
        CHECK(page.status == 200);
        CHECK(page.body.contains("name=\"name\""));
        CHECK(parent.post_json(api(item), R"({"body":"Bonjour"})").status == 422); // who?
        CHECK(parent.post_json(api(item), R"({"body":"Bonjour","name":" "})").status == 422);
        auto made =
            parent.post("/comments/" + to_text(item), {{"name", "Maman d’Adam"}, {"body", "Bonjour @Nadia Haddad"}});
        CHECK(made.status == 303);
        CHECK(made.headers.find("location").starts_with("/comments/"));
        CHECK(last_detail(school, item).contains("Maman d’Adam"));
        CHECK(last_detail(school, item).contains(R"("mentions":[])")); // families call nobody
        auto comment = list(school.as(school.teacher), item)["threads"].at(0)["first"];
        CHECK(comment["author"].text() == "Maman d’Adam");
        CHECK_FALSE(comment["person"].text());
        auto id = comment["id"].text().value_or("");
        CHECK(parent.api(Method::Post, api(item, "/" + id + "/resolve")).status == 401);
        CHECK(parent.get("/api/sharing/items/" + to_text(item) + "/mentionable?typed=nadia").status >= 400);
        auto reader = school.as_holder(link_to(school, item, Role::View));
        CHECK(reader.post_json(api(item), R"({"body":"x","name":"y"})").status == 403);
        CHECK(list(reader, item)["threads"].size() == 1);
    });
}

TEST_CASE(
    "who came by a link changes their own words for as long as their browser keeps its token, and nobody else's") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        const auto token = link_to(school, item, Role::Comment);
        auto parent = school.as_holder(token), other = school.as_holder(token);
        const auto page = "/comments/" + to_text(item);
        CHECK(parent.post(page, {{"name", "Maman d’Adam"}, {"body", "Bonjour"}}).status == 303);
        CHECK(other.post(page, {{"name", "Papa de Lina"}, {"body", "Merci"}}).status == 303);
        const auto threads = list(parent, item)["threads"]; // latest first
        REQUIRE(threads.size() == 2);
        const auto id_of = [](const json::Value& thread) { return thread["first"]["id"].text().value_or(""); };
        const auto hers = id_of(threads.at(1)), his = id_of(threads.at(0));
        CHECK(threads.at(1)["first"]["may_edit"].boolean() == true);
        CHECK(threads.at(1)["first"]["may_delete"].boolean() == true);
        CHECK(threads.at(0)["first"]["may_edit"].boolean() == false);
        CHECK(parent.get(page).body.contains("action=\"" + page + "/" + hers + "\""));
        CHECK_FALSE(parent.get(page).body.contains("action=\"" + page + "/" + his + "\""));
        school.events();
        // The same link, another browser; a browser that has written nothing; the link of another item.
        for (auto visitor : {other, school.as_holder(token), school.as_stranger()}) {
            CHECK(visitor.post_json(api(item, "/" + hers), R"({"body":"x"})").status >= 401);
            CHECK(visitor.api(Method::Delete, api(item, "/" + hers)).status >= 401);
        }
        CHECK(school.as(school.colleague).post_json(api(item, "/" + hers), R"({"body":"x"})").status == 403);
        CHECK(school.events().empty());
        CHECK(parent.post_json(api(item, "/" + hers), R"({"body":"Bonsoir"})").status == 204);
        auto changed = list(school.as(school.teacher), item)["threads"].at(1)["first"];
        CHECK(changed["body"].text() == "Bonsoir");
        CHECK(changed["author"].text() == "Maman d’Adam");
        CHECK(parent.post(page + "/" + hers + "/delete", {}).status == 303);
        CHECK(list(parent, item)["threads"].size() == 1);
        CHECK(school.events() == Events{"comment.edited", "comment.deleted"});
        // "J'ai fini": the next one at this tablet comes by the same link and changes nothing.
        CHECK(other.post("/s/leave").status == 303);
        CHECK(other.get("/s/" + token).status < 400);
        CHECK(list(other, item)["threads"].size() == 1);
        CHECK(other.post_json(api(item, "/" + his), R"({"body":"x"})").status == 403);
        // The row of whose hand it was goes with the comment.
        CHECK(school.as(school.teacher).api(Method::Delete, api(item, "/" + his)).status == 204);
        static const db::Query hands_sql{"comment_test.hands", "SELECT count(*) FROM comment_hand"};
        CHECK(school.db.read_now([](db::Tx& tx) { return *tx.one<std::int64_t>(hands_sql, {}); }) == 0);
    });
}

TEST_CASE("a mention reaches who can see the item, and nobody else") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        write(school.as(school.teacher), item, "@Nadia Haddad, et @Maxime Payet ? marie@Nadia Haddad, @personne");
        auto detail = *json::parse(last_detail(school, item));
        REQUIRE(detail["mentions"].size() == 1);
        CHECK(detail["mentions"].at(0).text() == to_text(school.colleague));
        auto first = list(school.as(school.teacher), item)["threads"].at(0)["first"];
        CHECK(first["html"].text()->contains("<strong>@Nadia Haddad</strong>, et @Maxime Payet"));
        // Who was told already is not told again.
        auto id = first["id"].text().value_or("");
        CHECK(school.as(school.teacher).post_json(api(item, "/" + id), R"({"body":"@Nadia Haddad !"})").status == 204);
        CHECK(last_detail(school, item).contains(R"("mentions":[])"));

        const auto offer = "/api/sharing/items/" + to_text(item) + "/mentionable?typed=";
        auto offered = *json::parse(school.as(school.teacher).get(offer + "nad").body);
        REQUIRE(offered["people"].size() == 1);
        CHECK(offered["people"].at(0)["name"].text() == "Nadia Haddad");
        CHECK((*json::parse(school.as(school.teacher).get(offer + "maxime").body))["people"].size() == 0);
        CHECK(school.as(school.outsider).get(offer + "nad").status == 404);
    });
}

TEST_CASE("threads come in pages by key, latest first, with a constant number of answers") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        std::string last;
        for (int i = 0; i < threads_per_page + 5; ++i)
            last = write(school.as(school.teacher), item, "n" + std::to_string(i));
        auto page = list(school.as(school.colleague), item);
        CHECK(page["threads"].size() == threads_per_page);
        CHECK(page["threads"].at(0)["first"]["body"].text() == "n24");
        auto rest = list(school.as(school.colleague), item, "?before=" + page["next"].text().value_or(""));
        CHECK(rest["threads"].size() == 5);
        CHECK(rest["threads"].at(0)["first"]["body"].text() == "n4");
        CHECK_FALSE(rest["next"].text());
        CHECK(school.as(school.colleague).get("/comments/" + to_text(item)).body.contains("?before="));
    });
}

TEST_CASE("a discussion has a limit, and says so") {
    fixtures::at_small_school(app, [](School& school) {
        auto item = folder_of(school);
        auto first = write(school.as(school.teacher), item, "début");
        auto id = *parse_id<CommentId>(first);
        for (int i = 0; i < most_answers; ++i)
            school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
                return add_comment(tx, school.world, who, {.item = item, .answers_to = id, .body = "x"}).has_value();
            });
        auto full = school.as(school.teacher).post_json(api(item), R"({"body":"x","answers_to":")" + first + "\"}");
        CHECK(full.status == 409);
        CHECK(full.body.contains("limite"));
    });
}

TEST_CASE("comments: bad input") {
    fixtures::at_school(app, [](School& school) {
        auto item = folder_of(school);
        auto send = [&](std::string_view body) {
            std::string json = R"({"body":)";
            json::write_string(json, body);
            return school.as(school.colleague).post_json(api(item), json + '}').status;
        };
        CHECK(send("") == 422);
        CHECK(send(" \n ") == 422);
        CHECK(send(std::string(4001, 'x')) == 422);
        CHECK(school.as(school.colleague).post_json(api(item), "{").status == 400);
        CHECK(school.as(school.colleague).post_json(api(item), R"({"body":["a"]})").status < 500);
        CHECK(school.as(school.colleague).post_json(api(item), R"({"body":"x","answers_to":"zzz!"})").status < 500);
        CHECK(school.as(school.colleague).post_json(api(ItemId{12345}), R"({"body":"x"})").status == 404);
        CHECK(school.as(school.colleague).get(api(item, "?before=junk")).status < 500);
        std::string accents;
        for (int i = 0; i < 4000; ++i) accents += "é"; // 4,000 characters, 8,000 bytes
        CHECK(send(accents) == 201);
        auto trashed = school.db.write_now([&, who = school.viewer(school.teacher)](db::Tx& tx) {
            return trash_item(tx, school.world, who, item).has_value();
        });
        CHECK(trashed);
        CHECK(school.as(school.teacher).post_json(api(item), R"({"body":"x"})").status == 409);
    });
}

TEST_CASE("every trick of the hostile corpus stays text, on the page too") {
    fixtures::at_small_school(app, [](School& school) {
        auto item = folder_of(school);
        auto who = school.viewer(school.colleague);
        int n = 0;
        for (auto hostile : text::hostile_html()) {
            if (++n % 3) continue; // each third: the pages of text_test take all
            CAPTURE(hostile);
            auto made = school.db.write_now([&](db::Tx& tx) {
                return add_comment(tx, school.world, who, {.item = item, .body = std::string{hostile}});
            });
            if (!made) continue; // no UTF-8, or controls: refused
            CHECK(text::complaint_about(made->html) == "");
            CHECK_FALSE(made->html.contains("<img"));
        }
        auto page = school.as(school.teacher).get("/comments/" + to_text(item)).body;
        CHECK_FALSE(page.contains("<script>alert"));
        CHECK_FALSE(page.contains("<img src=x"));
        CHECK(web::page_problems(page).empty());
    });
}

TEST_CASE("the page of comments works as forms, and leads back to where they stood") {
    fixtures::at_small_school(app, [](School& school) {
        auto item = folder_of(school);
        auto teacher = school.as(school.teacher);
        auto here = "/comments/" + to_text(item);
        auto made = teacher.post(here, {{"body", "un"}, {"from", "/files/" + to_text(item)}});
        CHECK(made.status == 303);
        CHECK(made.headers.find("location").starts_with("/files/" + to_text(item) + "#comment-"));
        for (auto elsewhere : {"//evil.example", "https://evil.example", "/\\evil.example", ""}) {
            auto answer = teacher.post(here, {{"body", "x"}, {"from", elsewhere}});
            CHECK(answer.headers.find("location").starts_with(here));
        }
        auto page = teacher.get(here);
        CHECK(page.status == 200);
        CHECK(web::page_problems(page.body).empty());
        CHECK(page.body.contains("<item-comments"));
        CHECK(teacher.with_header("Accept-Language", "en").get(here).body.contains("Comments"));
    });
}

// A link on its way by mail: who may send it, to whom, how many, and what stands in the message.
#include "link_mail.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace preau::sharing {
namespace {

using testing::on_each_site;
using testing::Site;

std::vector<mail::Entry> letters(Site& site) {
    return site.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 500); });
}

mail::Body body(Site& site, mail::MessageId id) {
    return *site.db.read_now([id](db::Tx& tx) { return mail::find_body(tx, id); });
}

http::TestAnswer send(Site& site, LinkId link, std::string json, std::string cookie) {
    return site.send(http::Method::Post, "/api/sharing/links/" + to_text(link) + "/mail", std::move(json),
                     std::move(cookie), "application/json");
}

std::string page_of(Site& site, LinkId link) {
    return "/share/" + to_text(site.folder) + "/mail?link=" + to_text(link);
}

} // namespace

TEST_CASE("a link goes to each address alone, with the words of its sender, who gets the answers") {
    on_each_site([](Site& site) {
        site.db.write_now([&](db::Tx& tx) { identity::set_language(tx, site.teacher, "fr"); });
        auto made = site.link({.label = "Familles", .until = site.clock.now() + 7_days});
        const auto cookie = site.cookie(site.teacher);
        auto answer = send(site, made.link.id,
                           R"({"to": ["anne@example.org", "zoe@example.org", "Anne@example.org"],
                               "message": "Bonjour,\n<b>voici</b> le dossier & la suite."})",
                           cookie);
        REQUIRE(answer.status == 200);
        CHECK((*json::parse(answer.body))["sent"].integer() == 2);
        auto sent = letters(site);
        REQUIRE(sent.size() == 2);
        CHECK(sent[1].recipient == "anne@example.org");
        CHECK(sent[0].recipient == "zoe@example.org");
        CHECK(sent[0].kind == "sharing.link");
        CHECK(sent[0].subject == "Camille Bernard partage «\u00a0Volcans\u00a0» avec vous");
        CHECK_FALSE(sent[0].subject.contains(made.token));
        auto words = body(site, sent[0].id);
        const auto address = "http://localhost:8080/s/" + made.token;
        for (const auto& text : {words.body_text, words.body_html}) {
            CHECK(text.contains(address));
            CHECK(text.contains("septembre 2026"));
            CHECK_FALSE(text.contains("anne@")); // nobody learns who else got it
        }
        CHECK(words.body_text.contains("<b>voici</b> le dossier & la suite."));
        CHECK(words.body_html.contains("&lt;b&gt;voici&lt;/b&gt; le dossier &amp; la suite."));
        CHECK_FALSE(words.body_html.contains("<b>"));
        static const db::Query detail{"sharing.test_mailed", "SELECT detail FROM outbox WHERE kind = 'link.mailed'"};
        auto told = site.db.read_now([](db::Tx& tx) { return tx.all<std::string>(detail, {}); });
        REQUIRE(told.size() == 1);
        CHECK(told[0] == fmt::format(R"({{"link":"{}","count":2}})", to_text(made.link.id))); // no address, no token
    });
}

TEST_CASE("only who manages the item sends its link, and only one that opens something") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        const std::string one = R"({"to": ["anne@example.org"]})";
        CHECK(send(site, made.link.id, one, "").status == 401);
        CHECK(send(site, made.link.id, one, site.cookie(site.colleague)).status == 404);
        CHECK(send(site, LinkId{5}, one, site.cookie(site.teacher)).status == 404);
        site.db.write_now([&](db::Tx& tx) {
            set_grant(tx, site.world, *identity::find_viewer(tx, site.teacher),
                      {.item = site.folder, .subject = site.colleague.value, .role = Role::Edit});
        });
        CHECK(send(site, made.link.id, one, site.cookie(site.colleague)).status == 403); // sees it, does not manage it
        auto brief = site.link({.until = site.clock.now() + 1_h});
        site.clock.advance(2_h);
        CHECK(send(site, brief.link.id, one, site.cookie(site.teacher)).status == 410);
        site.db.write_now([&](db::Tx& tx) {
            return revoke_link(tx, site.world, *identity::find_viewer(tx, site.teacher), made.link.id);
        });
        CHECK(send(site, made.link.id, one, site.cookie(site.teacher)).status == 410);
        CHECK(site.get(page_of(site, made.link.id), site.cookie(site.colleague)).status == 403);
        CHECK(letters(site).empty());
    });
}

TEST_CASE("a list with one wrong address sends nothing and names it") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        const auto cookie = site.cookie(site.teacher);
        std::string many = R"({"to": ["a@example.org")";
        for (int i = 0; i < 50; ++i) many += fmt::format(R"(, "b{}@example.org")", i);
        many += "]}";
        for (const auto& [json, words] : std::initializer_list<std::pair<std::string, std::string_view>>{
                 {R"({"to": []})", "au moins une adresse"},
                 {R"({"to": "anne@example.org"})", "au moins une adresse"},
                 {R"({"to": ["anne@example.org", "pas une adresse"]})", "pas une adresse"},
                 {R"({"to": ["anne@example.org\r\nBcc: x@example.org"]})", "adresse électronique complète"},
                 {R"({"to": ["anne@example.org, zoe@example.org"]})", "adresse électronique complète"},
                 {many, "50"},
                 {R"({"to": ["anne@example.org"], "message": ")" + std::string(2'001, 'x') + "\"}", "2"}}) {
            auto answer = send(site, made.link.id, json, cookie);
            CAPTURE(answer.body);
            CHECK(answer.status == 422);
            CHECK(answer.body.contains(words));
        }
        CHECK(send(site, made.link.id, "{", cookie).status == 400);
        CHECK(letters(site).empty());
    });
}

TEST_CASE("nobody sends more than three hundred in a day") {
    on_each_site([](Site& site) {
        auto made = site.link({});
        const auto cookie = site.cookie(site.teacher);
        auto fifty = [](int round) {
            std::string list;
            for (int i = 0; i < 50; ++i) list += fmt::format(R"({}"p{}x{}@example.org")", i ? "," : "", round, i);
            return R"({"to": [)" + list + "]}";
        };
        for (int round = 0; round < 6; ++round) CHECK(send(site, made.link.id, fifty(round), cookie).status == 200);
        auto refused = send(site, made.link.id, R"({"to": ["anne@example.org"]})", cookie);
        CHECK(refused.status == 429);
        CHECK_FALSE(refused.headers.find("retry-after").empty());
        CHECK(letters(site).size() == 300);
        site.clock.advance(1_days);
        CHECK(send(site, made.link.id, R"({"to": ["anne@example.org"]})", site.cookie(site.teacher)).status == 200);
    });
}

TEST_CASE("the form takes addresses as people write them, and says what is wrong beside the field") {
    on_each_site([](Site& site) {
        CHECK(addresses_in(" a@b.fr;c@d.fr,\r\n e@f.fr\t") == std::vector<std::string>{"a@b.fr", "c@d.fr", "e@f.fr"});
        CHECK(addresses_in(" ,\n").empty());
        auto made = site.link({.label = "Familles"});
        const auto cookie = site.cookie(site.teacher);
        auto form = site.get(page_of(site, made.link.id), cookie);
        CHECK(form.status == 200);
        CHECK(form.body.contains("Familles"));
        CHECK(form.body.contains("ne partiront pas")); // there is no mail server here
        const auto place = "/share/" + to_text(site.folder) + "/mail";
        const auto link = "link=" + to_text(made.link.id);
        auto wrong = site.post(place, link + "&to=anne%40example.org%0Anonsense&message=Salut+%3C", cookie);
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("«\u00a0nonsense\u00a0»"));
        CHECK(wrong.body.contains("anne@example.org\nnonsense</textarea>")); // nothing is lost
        CHECK(wrong.body.contains("Salut &lt;</textarea>"));
        CHECK(letters(site).empty());
        auto sent = site.post(place, link + "&to=anne%40example.org%0Azoe%40example.org&message=", cookie);
        CHECK(sent.status == 303);
        auto back = site.get(std::string{sent.headers.find("location")}, cookie);
        CHECK(back.body.contains("2 messages partent"));
        CHECK(letters(site).size() == 2);
        CHECK(site.post(place, "link=zzz&to=anne%40example.org", cookie).status == 404);
    });
}

} // namespace preau::sharing

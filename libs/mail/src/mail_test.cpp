// Messages in the caller's transaction; what a relay does with them is in smtp_test.cpp.
#include "mail_fixture.hpp"

#include "mail_store.hpp"

namespace preau::mail {

using testing::on_each_post;
using testing::Post;

TEST_CASE("without a server a message is kept to be looked at") {
    on_each_post({}, [](Post& post) {
        auto id = post.queue(testing::volcanoes("anne@example.org"));
        REQUIRE(id);
        CHECK_FALSE(post.mail.sends());
        CHECK(post.entry(*id).state == State::Kept);
        CHECK(post.entry(*id).queued_at == post.clock.now());
        CHECK(post.body(*id).body_text == "Bonjour");
        CHECK(post.jobs.run_due() == 0); // and nothing will ever send it
        CHECK(post.all().size() == 1);
    });
}

TEST_CASE("a message that could write headers is refused, and nothing is kept") {
    on_each_post({}, [](Post& post) {
        for (auto break_it : std::initializer_list<void (*)(Message&)>{
                 [](Message& m) { m.to = "a@b.fr\r\nBcc: all@b.fr"; },
                 [](Message& m) { m.to_name = "A\r\nBcc: x@y.fr"; }, [](Message& m) { m.subject = "S\n\nbody"; },
                 [](Message& m) { m.reply_to = "a@b.fr\nX: y"; },
                 [](Message& m) {
                     m.reply_to = "a@b.fr";
                     m.reply_to_name = "N\rX: y";
                 },
                 [](Message& m) { m.subject = "\xff"; }}) {
            auto message = testing::volcanoes("anne@example.org");
            break_it(message);
            auto sent = post.queue(message);
            REQUIRE_FALSE(sent);
            CHECK(sent.error().kind == Error::Kind::Invalid);
        }
        CHECK(post.all().empty());
    });
}

TEST_CASE("a message of a transaction that fails was never there") {
    on_each_post({.smtp_url = "smtp://127.0.0.1:1"}, [](Post& post) {
        auto outcome = post.db.write_now([&](db::Tx& tx) -> Result<void> {
            TRY(post.mail.send(tx, testing::volcanoes("anne@example.org")));
            return not_found("something.else");
        });
        CHECK_FALSE(outcome);
        CHECK(post.all().empty());
        CHECK(post.jobs.run_due() == 0);
    });
}

TEST_CASE("nothing is queued for an address that bounced, until it is cleared") {
    on_each_post({.smtp_url = "smtp://127.0.0.1:1"}, [](Post& post) {
        post.db.write_now([](db::Tx& tx) {
            store::put_bounce(tx, {.address = "anne@example.org", .problem = "550 5.1.1 nobody", .at = 5});
        });
        auto id = post.queue(testing::volcanoes("Anne@example.org")); // however it is written
        CHECK(post.entry(*id).state == State::Withheld);
        CHECK(post.entry(*id).problem == "550 5.1.1 nobody");
        CHECK(post.body(*id).body_text.empty());
        CHECK(post.jobs.run_due() == 0);
        CHECK(post.db.write_now([](db::Tx& tx) { return clear_bounce(tx, "Anne@Example.org"); }));
        CHECK_FALSE(post.db.write_now([](db::Tx& tx) { return clear_bounce(tx, "anne@example.org"); }));
        CHECK(post.entry(*post.queue(testing::volcanoes("anne@example.org"))).state == State::Waiting);
    });
}

TEST_CASE("lists come by key, counts by state, and all is forgotten after thirty days") {
    on_each_post({}, [](Post& post) {
        for (int i = 0; i < 5; ++i) REQUIRE(post.queue(testing::volcanoes("anne@example.org")));
        auto page = post.db.read_now([](db::Tx& tx) { return entries(tx, State::Kept, {}, 3); });
        REQUIRE(page.size() == 3);
        CHECK(page[0].id > page[1].id);
        auto rest = post.db.read_now([&](db::Tx& tx) { return entries(tx, {}, page.back().id, 3); });
        CHECK(rest.size() == 2);
        auto count = post.db.read_now([](db::Tx& tx) { return counts(tx); });
        REQUIRE(count.size() == 1);
        CHECK(count[0].state == State::Kept);
        CHECK(count[0].count == 5);
        post.jobs.run_due(); // from now on it comes every day
        post.clock.advance(31_days);
        REQUIRE(post.queue(testing::volcanoes("zoe@example.org")));
        CHECK(post.jobs.run_due() >= 1);
        REQUIRE(post.all().size() == 1);
        CHECK(post.all()[0].recipient == "zoe@example.org");
    });
}

TEST_CASE("a letter is composed in the reader's language inside the common frame") {
    web::Pages pages;
    preload<TrialMail>(pages, trial_mail);
    const TrialMail view{.name = "<Zoé> & co", .address = "https://preau.example.org/?a=1&b=2"};
    auto french = compose(pages, web::Language::French, trial_mail, view);
    CHECK(french.subject == "Message d’essai de Préau");
    CHECK(french.text.contains("https://preau.example.org/?a=1&b=2"));
    CHECK(french.text.starts_with("Bonjour <Zoé> & co,")); // plain text is not escaped
    CHECK(french.html.contains("&lt;Zoé&gt; &amp; co"));
    CHECK(french.html.contains("<html lang=\"fr\">"));
    CHECK(french.html.contains("href=\"https://preau.example.org/?a=1&amp;b=2\""));
    auto english = compose(pages, web::Language::English, trial_mail, view);
    CHECK(english.subject == "Trial message of Préau");
    CHECK(english.language == "en");
    for (auto outside : {"src=", "@import", "url("}) CHECK_FALSE(french.html.contains(outside)); // nothing is fetched
}

} // namespace preau::mail

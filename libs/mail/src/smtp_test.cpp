// What really leaves, and what becomes of a message when the relay refuses, is busy, hangs or is gone: against a server
// that we did not write.
#include "mail_fixture.hpp"
#include "relay_fixture.hpp"

#include "base/text.hpp"

#include <filesystem>
#include <thread>

namespace preau::mail {
namespace {

using testing::on_each_post;
using testing::Post;
using testing::Relay;
using testing::volcanoes;

std::size_t bounced(Post& post) {
    return post.db.read_now([](db::Tx& tx) { return bounces(tx, "", 100).size(); });
}

struct Certificate { // of a relay called localhost
    std::string folder = std::filesystem::temp_directory_path() / fmt::format("preau-mail-{}", ::getpid());
    std::string cert = folder + "/cert.pem", key = folder + "/key.pem";
    Certificate() {
        std::filesystem::create_directories(folder);
        const auto command = fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                                         "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout {} -out {} "
                                         "2>/dev/null",
                                         key, cert);
        REQUIRE(std::system(command.c_str()) == 0);
    }
    Certificate(const Certificate&) = delete;
    ~Certificate() { std::filesystem::remove_all(folder); }
    std::string settings() const { return fmt::format("tls={},{} auth=preau,s3cret", cert, key); }
};

} // namespace

TEST_CASE("a message arrives as it was written") {
    Relay relay;
    const Options options{.smtp_url = relay.url(), .from = "Préau <preau@ecole.test>", .reply_to = "aide@ecole.test"};
    on_each_post(options, [&](Post& post) {
        auto message = volcanoes("anne@example.org");
        message.to_name = "Zoé \"la grande\" Lefèvre-d’Aubigné";
        message.subject = "Élèves de 6e B : les volcans d’Auvergne, la chaîne des Puys, et ce qu’il reste à déposer 🌋";
        message.text = ".\n..\nÀ bientôt – œuvre, €\n" + std::string(3000, 'x') + "\nfin avec blancs   \n.\nsuite\n";
        message.html = "<p>" + std::string(2500, 'y') + "é</p>";
        auto id = post.queue(message);
        CHECK(post.entry(*id).state == State::Waiting);
        CHECK(post.jobs.run_due() == 1);
        auto letter = relay.next();
        CHECK(letter["envelope_from"] == "preau@ecole.test");
        CHECK(letter["envelope_to"] == "anne@example.org");
        CHECK(letter["from_name"] == "Préau");
        CHECK(letter["to"] == "anne@example.org");
        CHECK(letter["to_name"] == message.to_name);
        CHECK(letter["reply_to"] == "aide@ecole.test");
        CHECK(letter["subject"] == message.subject);
        CHECK(trimmed(letter["text"]) == trimmed(message.text)); // dots at the beginning of a line included
        CHECK(trimmed(letter["html"]) == message.html);
        CHECK(letter["type"] == "multipart/alternative");
        CHECK(letter["mime"] == "1.0");
        CHECK(letter["language"] == "fr");
        CHECK(letter["auto_submitted"] == "auto-generated");
        CHECK(letter["date"] == "2026-09-07T07:00:00.000Z");
        CHECK(letter["message_id"] == "<" + to_text(*id) + "@ecole.test>");
        CHECK(letter["hello"] == "ecole.test");
        CHECK(letter.flag("ascii"));
        CHECK_FALSE(letter.flag("bare"));
        CHECK(letter.number("longest_line") <= 76 + 12); // only the line with libcurl's boundary is longer than 76
        CHECK(letter["header_names"] ==
              "auto-submitted content-language content-type date from message-id mime-version "
              "reply-to subject to");
        CHECK(post.entry(*id).state == State::Sent);
        CHECK(post.entry(*id).settled_at == post.clock.now());
        CHECK(post.body(*id).body_text.empty()); // the content left with it
        CHECK(post.body(*id).body_html.empty());
        CHECK(post.jobs.run_due() == 0);
    });
}

TEST_CASE("what a person sends says who answers, and that no machine wrote it") {
    Relay relay;
    on_each_post({.smtp_url = relay.url()}, [&](Post& post) {
        auto message = volcanoes("anne@example.org");
        message.html.clear();
        message.automatic = false;
        message.reply_to = "camille@ecole.test";
        message.reply_to_name = "Camille, de Préau";
        REQUIRE(post.queue(message));
        post.jobs.run_due();
        auto letter = relay.next();
        CHECK(letter["reply_to"] == "camille@ecole.test");
        CHECK(letter["reply_to_name"] == "Camille, de Préau");
        CHECK_FALSE(letter["header_names"].contains("auto-submitted"));
        CHECK(letter["html"] == "");
        CHECK(trimmed(letter["text"]) == "Bonjour");
    });
}

TEST_CASE("a hundred recipients get a message each, over one connection") {
    Relay relay;
    on_each_post({.smtp_url = relay.url()}, [&](Post& post) {
        constexpr int many = 100;
        for (int i = 0; i < many; ++i) REQUIRE(post.queue(volcanoes(fmt::format("parent{}@example.org", i))));
        CHECK(post.jobs.run_due() == many);
        const auto first = relay.next();
        CHECK(first["envelope_to"] == "parent0@example.org");
        for (int i = 1; i < many; ++i) {
            auto letter = relay.next();
            CHECK(letter["envelope_to"] == fmt::format("parent{}@example.org", i)); // alone: nobody sees the others
            CHECK(letter["to"] == letter["envelope_to"]);
            CHECK(letter.number("connections") == first.number("connections"));
        }
        for (const auto& entry : post.all()) CHECK(entry.state == State::Sent);
    });
}

TEST_CASE("a password travels only under TLS, from a relay whose certificate is right") {
    Certificate certificate;
    Relay relay{certificate.settings()};
    Options options{.smtp_url = relay.url("localhost"),
                    .user = "preau",
                    .password = "s3cret",
                    .require_tls = true,
                    .ca_file = certificate.cert};
    on_each_post(options, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        post.jobs.run_due();
        auto letter = relay.next();
        CHECK(letter.flag("secure"));
        CHECK(letter["user"] == "preau");
        CHECK(post.entry(*id).state == State::Sent);
    });
    options.ca_file.clear(); // nobody vouches for it
    on_each_post(options, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        post.jobs.run_due();
        CHECK(post.entry(*id).state == State::Waiting);
        CHECK(post.entry(*id).problem.contains("certificate"));
    });
    options.ca_file = certificate.cert;
    options.password = "wrong";
    on_each_post(options, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        post.jobs.run_due();
        CHECK(post.entry(*id).state == State::Waiting); // ours to mend, not the recipient's fault
        CHECK(post.entry(*id).problem.contains("5.7.8"));
        CHECK_FALSE(post.entry(*id).problem.contains("wrong\n"));
        CHECK(bounced(post) == 0);
    });
}

TEST_CASE("a relay without TLS gets nothing where TLS is required") {
    Relay relay;
    on_each_post({.smtp_url = relay.url(), .require_tls = true}, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        post.jobs.run_due();
        CHECK(post.entry(*id).state == State::Waiting);
        CHECK(post.entry(*id).attempts == 1);
        CHECK(post.entry(*id).problem.contains("SSL"));
    });
}

TEST_CASE("a relay that is busy is asked again after a pause") {
    Relay relay;
    int round = 0;
    on_each_post({.smtp_url = relay.url()}, [&](Post& post) {
        auto id = post.queue(volcanoes(fmt::format("busy@engine{}.example.org", ++round)));
        CHECK(post.jobs.run_due() == 1);
        CHECK(post.entry(*id).state == State::Waiting);
        CHECK(post.entry(*id).problem.starts_with("451 4.2.1 come back later"));
        CHECK(post.jobs.run_due() == 0); // not at once
        post.clock.advance(10_s);
        CHECK(post.jobs.run_due() == 1);
        CHECK(relay.next()["envelope_to"].starts_with("busy@"));
        CHECK(post.entry(*id).state == State::Sent);
        CHECK(post.entry(*id).attempts == 2);
        CHECK(post.entry(*id).problem.empty());
        CHECK(bounced(post) == 0);
    });
}

TEST_CASE("an address that does not exist is remembered, and gets nothing more") {
    Relay relay;
    on_each_post({.smtp_url = relay.url()}, [&](Post& post) {
        auto first = post.queue(volcanoes("nobody@example.org"));
        auto meanwhile = post.queue(volcanoes("Nobody@example.org")); // queued before anybody knew
        CHECK(post.jobs.run_due() == 2);
        CHECK(post.entry(*first).state == State::Bounced);
        CHECK(post.entry(*first).problem.starts_with("550 5.1.1 no such user here"));
        CHECK(post.body(*first).body_text.empty());
        CHECK(post.entry(*meanwhile).state == State::Withheld);
        CHECK(bounced(post) == 1);
        auto later = post.queue(volcanoes("nobody@example.org"));
        CHECK(post.entry(*later).state == State::Withheld);
        CHECK(post.jobs.run_due() == 0);
        CHECK(post.db.read_now([](db::Tx& tx) { return jobs::Jobs::dead(tx, {}, 10); }).empty());
    });
}

TEST_CASE("a refusal of the relay's own rules or of the words is nobody's bounce") {
    Relay relay;
    on_each_post({.smtp_url = relay.url()}, [&](Post& post) {
        auto relayed = post.queue(volcanoes("relay@example.org"));
        auto words = post.queue(volcanoes("content@example.org"));
        CHECK(post.jobs.run_due() == 2);
        CHECK(post.entry(*relayed).state == State::Bounced);
        CHECK(post.entry(*relayed).problem.contains("5.7.1"));
        CHECK(post.entry(*words).state == State::Bounced);
        CHECK(bounced(post) == 0);
    });
}

TEST_CASE("a relay that hangs costs a bounded time, and the message is tried again") {
    Relay silent{"silent"};
    Relay forgetful;
    int round = 0;
    for (const auto& url : {silent.url(), forgetful.url()})
        on_each_post({.smtp_url = url, .connect_seconds = 1, .total_seconds = 1}, [&](Post& post) {
            auto id = post.queue(volcanoes(fmt::format("hang@n{}.example.org", ++round)));
            CHECK(post.jobs.run_due() == 1);
            CHECK(post.entry(*id).state == State::Waiting);
            CHECK(post.entry(*id).problem.contains("Timeout"));
            CHECK(bounced(post) == 0);
        });
}

TEST_CASE("a server that stops does not wait for a relay that hangs") {
    Relay silent{"silent"};
    on_each_post({.smtp_url = silent.url(), .connect_seconds = 200, .total_seconds = 280}, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        std::thread stopper{[&post] {
            std::this_thread::sleep_for(std::chrono::milliseconds{200});
            post.mail.stop();
        }};
        post.jobs.run_due(); // would last longer than the test may
        stopper.join();
        CHECK(post.entry(*id).state == State::Waiting);
    });
}

TEST_CASE("while the relay is gone the message waits, then it is for the administrator") {
    int port = 0;
    {
        Relay gone;
        port = gone.port;
    }
    on_each_post({.smtp_url = fmt::format("smtp://127.0.0.1:{}", port)}, [&](Post& post) {
        auto id = post.queue(volcanoes("anne@example.org"));
        constexpr int attempts = 16;
        for (int i = 1; i < attempts; ++i) {
            CHECK(post.jobs.run_due() >= 1);
            CHECK(post.entry(*id).state == State::Waiting);
            post.clock.advance(8_h);
        }
        post.jobs.run_due();
        CHECK(post.entry(*id).state == State::Failed);
        CHECK(post.entry(*id).attempts == attempts);
        auto dead = post.db.read_now([](db::Tx& tx) { return jobs::Jobs::dead(tx, {}, 10); });
        REQUIRE(dead.size() == 1);
        CHECK(post.body(*id).body_text == "Bonjour"); // nothing is lost
        Relay back{fmt::format("port={}", port)};
        CHECK(post.db.write_now([&](db::Tx& tx) { return post.jobs.retry(tx, dead[0].id); }));
        CHECK(post.jobs.run_due() == 1);
        CHECK(back.next()["envelope_to"] == "anne@example.org");
        CHECK(post.entry(*id).state == State::Sent);
    });
}

} // namespace preau::mail

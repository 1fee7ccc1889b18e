// Codes of applications and of paper, what a session has shown, and the reset.
#include "identity_fixture.hpp"
#include "totp.hpp"

#include "base/text.hpp"

#include <array>
#include <cstdio>
#include <set>
#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {

// Debian's oathtool as the person's application.
std::string oathtool(std::string_view words, Millis now) {
    std::string key;
    for (char letter : words)
        if (letter != ' ') key += letter;
    auto command = "oathtool --totp --base32 --now '@" + std::to_string(now / 1000) + "' " + key;
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), &pclose};
    REQUIRE(pipe);
    std::array<char, 64> line{};
    REQUIRE(std::fgets(line.data(), line.size(), pipe.get()) != nullptr);
    return std::string{trimmed(std::string{line.data()}.substr(0, 6))};
}

std::string begin(IdentityFixture& people, PersonId person) {
    return people.db.write_now(
        [&](db::Tx& tx) { return begin_totp(tx, people.identity, people.random, person, people.clock.now()); });
}

Result<void> confirm(IdentityFixture& people, PersonId person, const std::string& code) {
    return people.db.write_now(
        [&](db::Tx& tx) { return confirm_totp(tx, people.identity, person, code, people.clock.now()); });
}

Result<void> use(IdentityFixture& people, PersonId person, const std::string& code) {
    return people.db.write_now(
        [&](db::Tx& tx) { return use_totp(tx, people.identity, person, code, people.clock.now()); });
}

Factors factors(IdentityFixture& people, PersonId person) {
    return people.db.read_now([&](db::Tx& tx) { return factors_of(tx, person); });
}

Result<CodeKind> try_code(IdentityFixture& people, std::string code, std::string peer = "192.0.2.7") {
    return sync_wait(check_code(people.db, people.identity, people.clock,
                                {.person = people.teacher, .login = "teacher", .code = std::move(code), .peer = peer}));
}

std::string set_up(IdentityFixture& people) { // words of the key
    auto words = totp_words(begin(people, people.teacher));
    REQUIRE(confirm(people, people.teacher, oathtool(words, people.clock.now())));
    people.clock.advance(1_min);
    return words;
}

std::vector<std::string> codes(IdentityFixture& people) {
    return people.db.write_now(
        [&](db::Tx& tx) { return make_recovery_codes(tx, people.random, people.teacher, people.clock.now()); });
}

} // namespace

TEST_CASE("base 32 is that of RFC 4648") {
    CHECK(base32("") == "");
    CHECK(base32("f") == "MY");
    CHECK(base32("foobar") == "MZXW6YTBOI");
}

TEST_CASE("the codes of RFC 6238, appendix B, cut to six digits") {
    const std::string secret = "12345678901234567890";
    CHECK(totp_step(secret, "287082", 59'000) == 1);
    CHECK(totp_step(secret, "081804", 1'111'111'109'000) == 37'037'036);
    CHECK(totp_step(secret, "005924", 1'234'567'890'000) == 41'152'263);
    CHECK_FALSE(totp_step(secret, "287083", 59'000));
}

TEST_CASE("an application counts once a code of it was shown") {
    with_people([](IdentityFixture& people) {
        auto words = totp_words(begin(people, people.teacher));
        CHECK(words.size() == 39); // 160 bits
        CHECK_FALSE(factors(people, people.teacher).second());
        CHECK_FALSE(use(people, people.teacher, oathtool(words, people.clock.now()))); // not yet
        CHECK(confirm(people, people.teacher, "000000").error().key == "identity.code_wrong");
        CHECK(confirm(people, people.teacher, oathtool(words, people.clock.now())));
        CHECK(factors(people, people.teacher).second());
        CHECK(factors(people, people.teacher).totp_since == people.clock.now());
        CHECK_FALSE(factors(people, people.colleague).second());
        CHECK(use(people, people.teacher, oathtool(words, people.clock.now())).error().key == "identity.code_used");
        people.clock.advance(30_s);
        CHECK(use(people, people.teacher, oathtool(words, people.clock.now())));
    });
}

TEST_CASE("a key that was shown an hour ago is not confirmed any more") {
    with_people([](IdentityFixture& people) {
        auto words = totp_words(begin(people, people.teacher));
        people.clock.advance(1_h);
        CHECK(confirm(people, people.teacher, oathtool(words, people.clock.now())).error().key ==
              "identity.totp_expired");
        CHECK_FALSE(factors(people, people.teacher).second());
    });
}

TEST_CASE("one step early, one late, each once and never backwards") {
    with_people([](IdentityFixture& people) {
        auto words = set_up(people);
        auto now = people.clock.now();
        auto code_at = [&](Millis moment) { return oathtool(words, moment); };
        CHECK_FALSE(use(people, people.teacher, code_at(now - 60_s)));
        CHECK_FALSE(use(people, people.teacher, code_at(now + 60_s)));
        CHECK(use(people, people.teacher, code_at(now - 30_s)));
        CHECK(use(people, people.teacher, code_at(now - 30_s)).error().key == "identity.code_used");
        auto spaced = code_at(now + 30_s);
        CHECK(use(people, people.teacher, " " + spaced.substr(0, 3) + " " + spaced.substr(3) + " "));
        CHECK(use(people, people.teacher, code_at(now)).error().key == "identity.code_used"); // a later one was used
        for (std::string nonsense : {"", "12345", "1234567", "12345a", "-12345", "१२३४५६"})
            CHECK(use(people, people.teacher, nonsense).error().key == "identity.code_wrong");
    });
}

TEST_CASE("one code sent twice at once opens once") {
    with_people([](IdentityFixture& people) {
        auto words = set_up(people);
        for (int round = 0; round < 5; ++round) {
            people.clock.advance(30_s);
            auto code = oathtool(words, people.clock.now());
            std::atomic<int> opened = 0;
            auto open = [&] {
                if (use(people, people.teacher, code)) ++opened;
            };
            std::thread first{open}, second{open};
            first.join();
            second.join();
            CHECK(opened == 1);
        }
    });
}

TEST_CASE("the key of an application lies sealed, and in another person's row it opens nothing") {
    with_people([](IdentityFixture& people) {
        auto secret = begin(people, people.teacher);
        static const db::Query read_sql{"test.totp_secret", "SELECT secret FROM totp WHERE person = $1"};
        static const db::Query move_sql{"test.move_totp", "UPDATE totp SET person = $2 WHERE person = $1"};
        auto stored =
            people.db.read_now([&](db::Tx& tx) { return tx.one<std::string>(read_sql, {people.teacher}).value(); });
        CHECK_FALSE(stored.contains(secret));
        CHECK_FALSE(stored.contains(base32(secret)));
        people.db.write_now([&](db::Tx& tx) { tx.execute(move_sql, {people.teacher, people.colleague}); });
        CHECK_FALSE(people.db.read_now(
            [&](db::Tx& tx) { return pending_totp(tx, people.identity, people.colleague, people.clock.now()); }));
    });
}

TEST_CASE("ten recovery codes, each once, and a new set voids the old") {
    with_people([](IdentityFixture& people) {
        auto first = codes(people);
        CHECK(first.size() == 10);
        CHECK(std::set(first.begin(), first.end()).size() == 10);
        CHECK(bare_totp(first[0]).empty());
        auto spend = [&](PersonId person, std::string code) {
            return people.db.write_now([&](db::Tx& tx) { return use_recovery_code(tx, person, code); });
        };
        CHECK_FALSE(spend(people.colleague, first[0])); // somebody else's
        CHECK(spend(people.teacher, first[0]));
        CHECK(spend(people.teacher, first[0]).error().key == "identity.code_wrong");
        std::string loud = first[1];
        for (char& letter : loud) letter = letter == '-' ? ' ' : static_cast<char>(std::toupper(letter));
        CHECK(spend(people.teacher, loud)); // as it is read from paper
        CHECK(factors(people, people.teacher).recovery_codes == 8);
        auto second = codes(people);
        CHECK(factors(people, people.teacher).recovery_codes == 10);
        CHECK_FALSE(spend(people.teacher, first[2]));
        CHECK(spend(people.teacher, second[2]));
    });
}

TEST_CASE("guessing at codes is slowed down for the account, whoever knows the password") {
    with_people([](IdentityFixture& people) {
        auto words = set_up(people);
        std::optional<Error> last;
        for (int i = 0; i < 30; ++i) {
            auto tried = try_code(people, "000000", "198.51.100.9");
            if (!tried) last = tried.error();
        }
        REQUIRE(last);
        CHECK(last->kind == Error::Kind::Throttled);
        CHECK(last->retry_after > 0);
        CHECK(people.sign_in("teacher", "trois-lapins-bleus-lisent")); // the password is counted by itself
        CHECK(try_code(people, "000000", "198.51.100.9").error().kind ==
              Error::Kind::Throttled); // and forgives nothing
        people.clock.advance(2_h);
        auto kind = try_code(people, oathtool(words, people.clock.now()));
        REQUIRE(kind);
        CHECK(*kind == CodeKind::Totp);
        auto paper = codes(people);
        CHECK(try_code(people, paper[0]).value() == CodeKind::Recovery);
        CHECK_FALSE(try_code(people, paper[0]));
    });
}

TEST_CASE("a recovery code replaces no password: it opens accounts that have none") {
    with_people([](IdentityFixture& people) {
        auto recover = [&](std::string login, std::string code) {
            return sync_wait(check_recovery(people.db, people.identity, login, code, "192.0.2.7"));
        };
        auto paper = codes(people);
        CHECK(recover("teacher", paper[0]).error().key == "identity.recovery_wrong");
        CHECK(factors(people, people.teacher).recovery_codes == 10); // and was not spent
        people.db.write_now([&](db::Tx& tx) { remove_password(tx, people.teacher); });
        auto person = recover(" Teacher ", paper[0]);
        REQUIRE(person);
        CHECK(*person == people.teacher);
        CHECK_FALSE(recover("teacher", paper[0]));
        CHECK_FALSE(recover("colleague", paper[1]));
        CHECK(recover("nobody", paper[1]).error().key == "identity.recovery_wrong");
        CHECK(recover("camille.bernard@ac-lille.fr", paper[1]));
    });
}

TEST_CASE("a session says what it has shown, and when") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto proof = [&] { return people.db.read_now([&](db::Tx& tx) { return proof_of(tx, session.id); }); };
        auto fresh = [&] { return is_fresh(proof(), factors(people, people.teacher), people.clock.now()); };
        CHECK(fresh());
        CHECK_FALSE(second_shown(proof(), people.clock.now()));
        people.clock.advance(15_min);
        CHECK_FALSE(fresh());
        people.db.write_now([&](db::Tx& tx) { note_proof(tx, session.id, people.clock.now(), false); });
        CHECK(fresh());

        set_up(people); // with a second factor the password alone is not enough
        people.db.write_now([&](db::Tx& tx) { note_proof(tx, session.id, people.clock.now(), false); });
        CHECK_FALSE(fresh());
        people.db.write_now([&](db::Tx& tx) { note_proof(tx, session.id, people.clock.now(), true); });
        CHECK(fresh());
        CHECK(second_shown(proof(), people.clock.now()));
        people.clock.advance(12_h);
        CHECK_FALSE(second_shown(proof(), people.clock.now()));
        CHECK_FALSE(second_shown(people.db.read_now([](db::Tx& tx) { return proof_of(tx, SessionId{1}); }), 0));
    });
}

TEST_CASE("a reset takes all second factors and sessions, once, and only when its person opens the link") {
    with_people([](IdentityFixture& people) {
        set_up(people);
        codes(people);
        auto session = people.session(people.teacher);
        auto colleague = people.session(people.colleague);
        auto token = people.db.write_now([&](db::Tx& tx) {
            return make_reset_link(tx, people.ids, people.random, people.teacher, people.clock.now());
        });
        CHECK(factors(people, people.teacher).second()); // started is not done
        CHECK(people.viewer(session).is_person());
        auto seen = people.db.read_now([&](db::Tx& tx) { return find_link(tx, token, people.clock.now()); });
        REQUIRE(seen);
        CHECK(seen->resets);
        auto redeemed = sync_wait(redeem_link(people.db, people.clock, token));
        REQUIRE(redeemed);
        CHECK(redeemed->resets);
        CHECK(redeemed->person == people.teacher);
        people.identity.forget(people.teacher);
        auto left = factors(people, people.teacher);
        CHECK_FALSE(left.second());
        CHECK(left.recovery_codes == 0);
        CHECK(left.password); // the first factor stays
        CHECK_FALSE(people.viewer(session).is_person());
        CHECK(people.viewer(colleague).is_person());
        CHECK(sync_wait(redeem_link(people.db, people.clock, token)).error().kind == Error::Kind::Gone);

        auto late = people.db.write_now([&](db::Tx& tx) {
            return make_reset_link(tx, people.ids, people.random, people.teacher, people.clock.now());
        });
        set_up(people);
        people.clock.advance(24_h);
        CHECK_FALSE(sync_wait(redeem_link(people.db, people.clock, late)));
        CHECK(factors(people, people.teacher).second());
    });
}

TEST_CASE("an ordinary link leaves second factors alone") {
    with_people([](IdentityFixture& people) {
        set_up(people);
        auto token = people.db.write_now([&](db::Tx& tx) {
            return make_one_time_link(tx, people.ids, people.random, people.teacher, people.clock.now());
        });
        auto redeemed = sync_wait(redeem_link(people.db, people.clock, token));
        REQUIRE(redeemed);
        CHECK_FALSE(redeemed->resets);
        CHECK(factors(people, people.teacher).second());
    });
}

TEST_CASE("what is spent with a session is spent with it or not at all") {
    with_people([](IdentityFixture& people) {
        auto paper = codes(people);
        auto refused = sync_wait(people.identity.start_session(
            {.person = people.teacher, .second = true, .spend = [&](db::Tx& tx) -> Result<void> {
                 TRY(use_recovery_code(tx, people.teacher, paper[0]));
                 return fail(Error::Kind::Gone, "identity.passkey_challenge");
             }}));
        CHECK_FALSE(refused);
        CHECK(people.sessions(people.teacher).empty());
        CHECK(factors(people, people.teacher).recovery_codes == 10);
        auto session = sync_wait(
            people.identity.start_session({.person = people.teacher, .second = true, .spend = [&](db::Tx& tx) {
                                               return use_recovery_code(tx, people.teacher, paper[0]);
                                           }}));
        REQUIRE(session);
        CHECK(people.viewer(*session).person == people.teacher);
        CHECK(factors(people, people.teacher).recovery_codes == 9);
        CHECK(second_shown(people.db.read_now([&](db::Tx& tx) { return proof_of(tx, session->id); }),
                           people.clock.now()));
    });
}

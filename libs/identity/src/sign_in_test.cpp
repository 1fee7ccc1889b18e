#include "identity_fixture.hpp"

#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {
constexpr auto right = "trois-lapins-bleus-lisent";
}

TEST_CASE("people sign in by login or mail address, whatever its case") {
    with_people([](IdentityFixture& people) {
        for (std::string login :
             {"teacher", " Teacher ", "camille.bernard@ac-lille.fr", "Camille.Bernard@AC-LILLE.FR"}) {
            auto person = people.sign_in(login, right);
            REQUIRE_MESSAGE(person, login);
            CHECK(*person == people.teacher);
        }
        CHECK(people.sign_in("teacher", "quatre chats gris dorment").error().key == "identity.wrong_password");
        CHECK_FALSE(people.sign_in("teacher", ""));
        CHECK_FALSE(people.sign_in("teacher", std::string(1'000'000, 'x')));
        CHECK_FALSE(people.sign_in("teacher", "\xff"));
    });
}

TEST_CASE("an account that is unknown, has no password or a wrong one answers the same") {
    with_people([](IdentityFixture& people) {
        people.person("nopassword", "Sans Mot");
        for (std::string login : {"teacher", "unknown", "nopassword", "", "\xff", "unknown@example.org"}) {
            auto refused = people.sign_in(login, "wrong-wrong-wrong");
            REQUIRE_FALSE(refused);
            CHECK(refused.error().key == "identity.wrong_password");
            CHECK(refused.error().kind == Error::Kind::Unauthenticated);
            CHECK(refused.error().field.empty());
            CHECK(refused.error().values.empty());
        }
    });
}

TEST_CASE("an unknown account is throttled like a known one") {
    with_people([](IdentityFixture& people) {
        for (std::string login : {"teacher", "unknown"}) {
            for (int i = 0; i < 5; ++i) CHECK(people.sign_in(login, "wrong").error().key == "identity.wrong_password");
            auto refused = people.sign_in(login, "wrong").error();
            CHECK(refused.key == "identity.too_many_tries");
            CHECK(refused.kind == Error::Kind::Throttled);
            CHECK(refused.retry_after == 1);
            CHECK(refused.values[0] == std::pair<std::string, std::string>{"seconds", "1"});
        }
        // Login and address are one account.
        CHECK(people.sign_in("camille.bernard@ac-lille.fr", "wrong").error().key == "identity.too_many_tries");
        people.clock.advance(1_s);
        CHECK(people.sign_in("teacher", right));
        CHECK(people.sign_in("teacher", "wrong").error().key == "identity.wrong_password"); // forgotten by then
    });
}

TEST_CASE("an attacker elsewhere does not keep somebody out of where they always sign in") {
    with_people([](IdentityFixture& people) {
        CHECK(people.sign_in("teacher", right, "192.0.2.7"));
        for (int i = 0; i < 20; ++i) (void)people.sign_in("teacher", "guess", "203.0.113.9");
        CHECK(people.sign_in("teacher", right, "203.0.113.9").error().key == "identity.too_many_tries");
        CHECK(people.sign_in("teacher", right, "192.0.2.200")); // same network
    });
}

TEST_CASE("guesses that come at once do not all pass before the first has failed") {
    with_people([](IdentityFixture& people) {
        std::atomic<int> tried = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 20; ++i)
            threads.emplace_back([&] {
                if (people.sign_in("teacher", "guess").error().key == "identity.wrong_password") ++tried;
            });
        for (auto& thread : threads) thread.join();
        CHECK(tried == 5);
    });
}

TEST_CASE("a password hashed with old parameters is hashed again at sign-in") {
    with_people([](IdentityFixture& people) {
        PasswordPool older{people.random, {.threads = 1, .memory_kib = 32, .passes = 1, .queue = 4}};
        auto old_hash = older.hash_now(right);
        people.db.write_now(
            [&](db::Tx& tx) { set_password(tx, people.ids, people.teacher, old_hash, people.clock.now()); });
        static const db::Query data_sql{"identity_test.password", R"(
            SELECT data FROM sign_in_method WHERE person = $1 AND kind = 'password')"};
        auto stored = [&] {
            return people.db.read_now([&](db::Tx& tx) { return *tx.one<std::string>(data_sql, {people.teacher}); });
        };
        CHECK(stored() == old_hash);
        CHECK(people.sign_in("teacher", right));
        for (int i = 0; i < 3000 && stored() == old_hash; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        CHECK(stored().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        CHECK(people.sign_in("teacher", right));
    });
}

TEST_CASE("an app password is for its account alone, and typed as people type") {
    with_people([](IdentityFixture& people) {
        auto secret = people.db.write_now([&](db::Tx& tx) {
            return make_app_password(tx, people.ids, people.random, people.teacher, "rclone", people.clock.now());
        });
        CHECK(secret.size() == 35); // 32 letters of 5 bits in four groups
        auto by = [&](std::string login, std::string typed) {
            return sync_wait(people.identity.viewer_of_app_password(std::move(login), std::move(typed), "192.0.2.7"));
        };
        auto viewer = by("teacher", secret);
        REQUIRE(viewer);
        CHECK(viewer->person == people.teacher);
        CHECK_FALSE(viewer->session);
        CHECK(viewer->is(signed_in));
        auto bare = secret;
        std::erase(bare, '-');
        CHECK(by("Teacher", bare));
        auto loud = secret;
        std::ranges::transform(loud, loud.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        CHECK(by("teacher", loud));
        CHECK_FALSE(by("colleague", secret));
        CHECK_FALSE(by("teacher", right)); // the account's own password never opens this door
        CHECK_FALSE(by("teacher", ""));
        CHECK_FALSE(by("", secret));
        CHECK_FALSE(by("\xff", secret));
        auto other = secret;
        other.back() = other.back() == '0' ? '1' : '0';
        for (int i = 0; i < 50; ++i) CHECK_FALSE(by("teacher", other));
        CHECK(people.sign_in("teacher", right)); // a forgotten phone locks nobody out
    });
}

TEST_CASE("a one-time link signs in once, for fifteen minutes") {
    with_people([](IdentityFixture& people) {
        auto link = [&] {
            return people.db.write_now([&](db::Tx& tx) {
                return make_one_time_link(tx, people.ids, people.random, people.teacher, people.clock.now());
            });
        };
        auto redeem = [&](std::string token) {
            return sync_wait(redeem_link(people.db, people.clock, std::move(token)));
        };
        auto first = link();
        auto person = redeem(first);
        REQUIRE(person);
        CHECK(person->person == people.teacher);
        auto again = redeem(first);
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == Error::Kind::Gone);
        CHECK(again.error().key == "identity.link_used");

        auto late = link();
        people.clock.advance(15_min);
        CHECK(redeem(late).error().kind == Error::Kind::Gone);
        auto in_time = link();
        people.clock.advance(15_min - 1);
        CHECK(redeem(in_time));
        CHECK(redeem("").error().kind == Error::Kind::Gone);
        CHECK(redeem(std::string(43, 'A')).error().kind == Error::Kind::Gone);
    });
}

TEST_CASE("a one-time link that is opened twice at once signs in one of the two") {
    with_people([](IdentityFixture& people) {
        for (int round = 0; round < 10; ++round) {
            auto token = people.db.write_now([&](db::Tx& tx) {
                return make_one_time_link(tx, people.ids, people.random, people.teacher, people.clock.now());
            });
            std::atomic<int> opened = 0;
            auto open = [&] {
                if (sync_wait(redeem_link(people.db, people.clock, token))) ++opened;
            };
            std::thread first{open}, second{open};
            first.join();
            second.join();
            CHECK(opened == 1);
        }
    });
}

TEST_CASE("ways to sign in are a list that the page shows in order") {
    with_people([](IdentityFixture& people) {
        people.identity.add_method({.name = "oidc", .label_key = "identity.method_oidc", .address = "/signin/oidc"});
        REQUIRE(people.identity.methods().size() == 2);
        CHECK(people.identity.methods()[0].name == "password");
        CHECK(people.identity.methods()[0].shape == SignInMethod::Shape::LoginAndSecret);
        CHECK(people.identity.methods()[1].shape == SignInMethod::Shape::Button);
    });
}

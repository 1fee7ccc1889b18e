#include "identity_fixture.hpp"

#include "base/secret.hpp"

#include <atomic>
#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {

Result<Person> make(IdentityFixture& people, NewPerson person) {
    return people.db.write_now([&](db::Tx& tx) { return create_person(tx, people.ids, people.clock.now(), person); });
}
std::string refusal(const Result<Person>& result) { return result ? "" : result.error().key; }

const db::Query every_hash_sql{"identity_test.every_hash", R"(
    SELECT hash FROM session UNION ALL SELECT hash FROM app_password UNION ALL SELECT hash FROM one_time_link)"};
const db::Query every_text_sql{"identity_test.every_text", R"(
    SELECT data FROM sign_in_method UNION ALL SELECT device || network FROM session UNION ALL SELECT label FROM app_password)"};

} // namespace

TEST_CASE("every query of this library is understood by both engines") {
    db::on_each_engine(migrations(), [](db::Database& db) { db.prepare_all(); });
}

TEST_CASE("a person is made once and found by login, id and in a list") {
    with_people([](IdentityFixture& people) {
        auto found = people.db.read_now([](db::Tx& tx) { return find_person_by_login(tx, "teacher"); });
        REQUIRE(found);
        CHECK(found->id == people.teacher);
        CHECK(found->name == "Camille Bernard");
        CHECK_FALSE(found->admin);
        CHECK(people.db.read_now([](db::Tx& tx) { return has_people(tx); }));
        CHECK_FALSE(people.db.read_now([](db::Tx& tx) { return find_person(tx, PersonId{12}); }));
        auto listed = people.db.read_now([&](db::Tx& tx) {
            auto authors = people_of(tx, {people.colleague.value, people.teacher.value, 99});
            CHECK(tx.query_count() == 1);
            return authors;
        });
        CHECK(listed.size() == 2);
    });
}

TEST_CASE("login names are lower-case letters, digits, dot, hyphen and underscore, 2 to 64 of them") {
    with_people([](IdentityFixture& people) {
        for (std::string login :
             {"", "a", "Teacher", "camille bernard", "rené", "a/b", "a@b", ".hidden", "-x", "_x", "two\nlines"})
            CHECK_MESSAGE(refusal(make(people, {.login = login, .name = "X Y"})) == "identity.login_malformed", login);
        CHECK(refusal(make(people, {.login = std::string(65, 'a'), .name = "X Y"})) == "identity.login_malformed");
        for (std::string login : {"ab", "0ab", "c.bernard_2-b"}) CHECK(make(people, {.login = login, .name = "X Y"}));
        CHECK(make(people, {.login = std::string(64, 'a'), .name = "X Y"}));
    });
}

TEST_CASE("logins and mail addresses are taken once, whatever their case") {
    with_people([](IdentityFixture& people) {
        auto again = make(people, {.login = "teacher", .name = "Somebody Else"});
        CHECK(refusal(again) == "identity.login_taken");
        CHECK(again.error().kind == Error::Kind::Conflict);
        CHECK(again.error().field == "login");
        CHECK(refusal(make(people, {.login = "other", .name = "X Y", .mail = "Camille.Bernard@AC-Lille.fr"})) ==
              "identity.mail_taken");
        CHECK(make(people, {.login = "nomail", .name = "X Y"}));
        CHECK(make(people, {.login = "nomail2", .name = "X Y"})); // no address is not an address
    });
}

TEST_CASE("what cannot be a mail address or a name is refused") {
    with_people([](IdentityFixture& people) {
        for (std::string mail : {"camille", "@ac-lille.fr", "camille@", "a@b@c", "a b@c.fr", "a@.fr", "<a@b.fr>"})
            CHECK_MESSAGE(refusal(make(people, {.login = "somebody", .name = "X Y", .mail = mail})) ==
                              "identity.mail_malformed",
                          mail);
        auto nameless = make(people, {.login = "somebody", .name = "  "});
        REQUIRE_FALSE(nameless);
        CHECK(nameless.error().field == "name");
        CHECK_FALSE(make(people, {.login = "somebody", .name = "\xff\xfe"}));
        CHECK_FALSE(people.db.read_now([](db::Tx& tx) { return find_person_by_login(tx, "somebody"); }));
    });
}

TEST_CASE("two who take one login at the same moment: one gets it, the other is told") {
    with_people([](IdentityFixture& people) {
        for (int round = 0; round < 10; ++round) {
            std::atomic<int> made = 0, taken = 0;
            auto login = "wanted" + std::to_string(round);
            auto one = [&](std::uint64_t lane) { // lanes apart, so that nothing but the index orders them
                auto result = people.db.write_now(
                    [&](db::Tx& tx) {
                        return create_person(tx, people.ids, people.clock.now(), {.login = login, .name = "X Y"});
                    },
                    {lane});
                result ? ++made : ++taken;
                if (!result) CHECK(result.error().key == "identity.login_taken");
            };
            std::thread first{one, 1}, second{one, 2};
            first.join();
            second.join();
            CHECK(made == 1);
            CHECK(taken == 1);
        }
    });
}

TEST_CASE("no table holds a token or a password, only hashes") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto [link, app] = people.db.write_now([&](db::Tx& tx) {
            return std::pair{
                make_one_time_link(tx, people.ids, people.random, people.teacher, people.clock.now()),
                make_app_password(tx, people.ids, people.random, people.teacher, "phone", people.clock.now())};
        });
        auto hashes = people.db.read_now([](db::Tx& tx) { return tx.all<std::string>(every_hash_sql, {}); });
        auto texts = people.db.read_now([](db::Tx& tx) { return tx.all<std::string>(every_text_sql, {}); });
        REQUIRE(hashes.size() == 3);
        CHECK(std::ranges::count(hashes, sha256(session.token)) == 1);
        CHECK(std::ranges::count(hashes, sha256(link)) == 1);
        hashes.insert(hashes.end(), texts.begin(), texts.end());
        for (const auto& stored : hashes)
            for (const auto& secret : {session.token, link, app, std::string{"trois-lapins-bleus-lisent"}})
                CHECK_FALSE(stored.contains(secret));
    });
}

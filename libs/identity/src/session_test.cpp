#include "identity_fixture.hpp"

#include <set>
#include <thread>

using namespace preau;
using namespace preau::identity;

TEST_CASE("a session makes its person, and nothing else makes anybody") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto viewer = people.viewer(session);
        CHECK(viewer.is_person());
        CHECK(viewer.person == people.teacher);
        CHECK(viewer.session == session.id);
        CHECK(viewer.name == "Camille Bernard");
        CHECK(viewer.login == "teacher");
        CHECK(session.token.size() == 43); // 256 bits
        for (std::string token : {std::string{}, std::string{"x"}, std::string(43, 'A'), session.token + "A",
                                  session.token.substr(1), std::string(5000, 'A'), std::string(43, '\0')})
            CHECK(sync_wait(people.identity.viewer_of_session(token)).kind == Viewer::Kind::Stranger);
    });
}

TEST_CASE("each sign-in makes a new session and ends the one it replaces") {
    with_people([](IdentityFixture& people) {
        auto first = people.session(people.teacher);
        CHECK(people.viewer(first).is_person()); // now it is remembered
        auto second = people.session(people.colleague, first.token);
        CHECK(second.token != first.token);
        CHECK_FALSE(people.viewer(first).is_person());
        CHECK(people.viewer(second).person == people.colleague);
    });
}

TEST_CASE("a session that was ended is refused at once") {
    with_people([](IdentityFixture& people) {
        auto here = people.session(people.teacher), there = people.session(people.teacher);
        auto colleague = people.session(people.colleague);
        CHECK(people.viewer(here).is_person());
        CHECK(people.viewer(there).is_person());
        CHECK(people.sessions(people.teacher).size() == 2);

        sync_wait(people.identity.end_session(people.colleague, here.id)); // somebody else's: nothing happens
        CHECK(people.viewer(here).is_person());
        sync_wait(people.identity.end_session(people.teacher, here.id));
        CHECK_FALSE(people.viewer(here).is_person());
        CHECK(people.viewer(there).is_person());

        auto kept = people.session(people.teacher);
        sync_wait(people.identity.end_other_sessions(people.teacher, kept.id));
        CHECK_FALSE(people.viewer(there).is_person());
        CHECK(people.viewer(kept).is_person());
        CHECK(people.viewer(colleague).is_person());
        REQUIRE(people.sessions(people.teacher).size() == 1);
        CHECK(people.sessions(people.teacher)[0].device == "Firefox, Linux");
        CHECK(people.sessions(people.teacher)[0].network == "192.0.2.0/24");
    });
}

TEST_CASE("what another process changed is noticed within a second") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        CHECK(people.viewer(session).is_person());
        people.db.write_now([&](db::Tx& tx) { set_disabled(tx, people.teacher, true); });
        people.clock.advance(1_s);
        CHECK_FALSE(people.viewer(session).is_person());
    });
}

TEST_CASE("disabled people have no session, no new one and no way in") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto app = people.db.write_now([&](db::Tx& tx) {
            return make_app_password(tx, people.ids, people.random, people.teacher, "phone", people.clock.now());
        });
        auto link = people.db.write_now([&](db::Tx& tx) {
            return make_one_time_link(tx, people.ids, people.random, people.teacher, people.clock.now());
        });
        people.db.write_now([&](db::Tx& tx) { set_disabled(tx, people.teacher, true); });
        people.identity.forget(people.teacher);
        CHECK_FALSE(people.viewer(session).is_person());
        CHECK(people.sessions(people.teacher).empty());
        CHECK_FALSE(people.viewer(people.session(people.teacher)).is_person());
        CHECK(people.sign_in("teacher", "trois-lapins-bleus-lisent").error().key == "identity.wrong_password");
        CHECK_FALSE(sync_wait(people.identity.viewer_of_app_password("teacher", app, "192.0.2.7")));
        CHECK(sync_wait(redeem_link(people.db, people.clock, link)).error().kind == Error::Kind::Gone);
        CHECK_FALSE(people.db.read_now([&](db::Tx& tx) { return find_viewer(tx, people.teacher); }));

        people.db.write_now([&](db::Tx& tx) { set_disabled(tx, people.teacher, false); });
        CHECK(people.sign_in("teacher", "trois-lapins-bleus-lisent"));
        CHECK_FALSE(people.viewer(session).is_person()); // what ended stays ended
    });
}

TEST_CASE("a session ends twelve hours after it was last used") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        people.clock.advance(session_idle - 1);
        CHECK(people.viewer(session).is_person()); // and this use counts
        people.clock.advance(session_idle);
        CHECK_FALSE(people.viewer(session).is_person());
        CHECK(people.sessions(people.teacher).empty());
        CHECK_FALSE(people.db.read_now([&](db::Tx& tx) { return find_viewer(tx, session.id, people.clock.now()); }));
    });
}

namespace {
// Seen marks are written beside the request: uses the session until the row says so. Used again each time, because a
// mark is left out while the one before it is still being put away; a later use writes it.
bool seen_becomes(IdentityFixture& people, const NewSession& session, PersonId person, Millis moment) {
    for (int i = 0; i < 3000; ++i) {
        if (!people.viewer(session).is_person()) return false;
        auto sessions = people.sessions(person);
        if (!sessions.empty() && sessions[0].seen_at == moment) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
}
} // namespace

TEST_CASE("a session that is used every day ends after a week all the same") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto end = people.clock.now() + session_lifetime;
        while (people.clock.now() + 11_h < end) {
            people.clock.advance(11_h);
            REQUIRE(seen_becomes(people, session, people.teacher, people.clock.now()));
        }
        people.clock.set(end - 1);
        CHECK(people.viewer(session).is_person());
        people.clock.set(end);
        CHECK_FALSE(people.viewer(session).is_person());
    });
}

TEST_CASE("when a session was last seen is written at most every five minutes") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto start = people.clock.now();
        people.clock.advance(4_min);
        CHECK(people.viewer(session).is_person());
        CHECK(people.sessions(people.teacher)[0].seen_at == start);
        people.clock.advance(1_min);
        CHECK(seen_becomes(people, session, people.teacher, start + 5_min));
    });
}

TEST_CASE("a clock that goes back throws nobody out and never moves the last use back") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto start = people.clock.now();
        CHECK(people.viewer(session).is_person());
        people.clock.advance(-30_days);
        CHECK(people.viewer(session).is_person());
        auto later = people.session(people.colleague);
        CHECK(people.viewer(later).is_person());
        CHECK(later.id > session.id); // ids never go back either
        people.clock.set(start + 1_h);
        CHECK(seen_becomes(people, session, people.teacher, start + 1_h));
        CHECK_FALSE(people.viewer(later).is_person()); // was last seen a month before
    });
}

TEST_CASE("a viewer costs two queries in one hop, and none within the second") {
    with_people([](IdentityFixture& people) {
        auto session = people.session(people.teacher);
        auto queries = people.db.read_now([&](db::Tx& tx) {
            CHECK(find_viewer(tx, session.id, people.clock.now()));
            return tx.query_count();
        });
        CHECK(queries == 2);
        CHECK(people.viewer(session).is_person());
        // Renamed behind its back: the one that is remembered answers until the second is over.
        people.db.write_now([&](db::Tx& tx) { set_language(tx, people.teacher, "en"); });
        CHECK(people.viewer(session).language.empty());
        people.clock.advance(999);
        CHECK(people.viewer(session).language.empty());
        people.clock.advance(1);
        CHECK(people.viewer(session).language == "en");
    });
}

TEST_CASE("dead sessions leave the table, and one person keeps at most fifty") {
    with_people([](IdentityFixture& people) {
        auto first = people.session(people.teacher);
        for (int i = 0; i < 50; ++i) people.session(people.teacher);
        CHECK(people.sessions(people.teacher).size() == 50);
        CHECK_FALSE(people.viewer(first).is_person());
        people.clock.advance(session_lifetime);
        for (int i = 0; i < 3; ++i) people.session(people.colleague);
        static const db::Query count_sql{"identity_test.count_sessions", "SELECT COUNT(*) FROM session"};
        CHECK(people.db.read_now([](db::Tx& tx) { return *tx.one<std::int64_t>(count_sql, {}); }) == 3);
    });
}

TEST_CASE("two sign-ins at once give two sessions") {
    with_people([](IdentityFixture& people) {
        std::array<NewSession, 4> sessions;
        std::vector<std::thread> threads;
        for (auto& session : sessions)
            threads.emplace_back([&] {
                auto person = people.sign_in("teacher", "trois-lapins-bleus-lisent");
                if (person) session = people.session(*person);
            });
        for (auto& thread : threads) thread.join();
        std::set<std::string> tokens;
        for (const auto& session : sessions) {
            CHECK(people.viewer(session).person == people.teacher);
            tokens.insert(session.token);
        }
        CHECK(tokens.size() == sessions.size());
        CHECK(people.sessions(people.teacher).size() == sessions.size());
    });
}

TEST_CASE("keys for signatures last as long as the database and differ by purpose") {
    with_people([](IdentityFixture& people) {
        Identity restarted{people.db, people.clock, people.ids, people.random, quick_passwords};
        CHECK(restarted.signing_key("links") == people.identity.signing_key("links"));
        CHECK(restarted.signing_key("links") != restarted.signing_key("content"));
        CHECK(restarted.signing_key("links").size() == 32);
    });
}

TEST_CASE("devices are described as people call them") {
    CHECK(describe_device("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") ==
          "Firefox, Linux");
    CHECK(describe_device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                          "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0") == "Edge, Windows");
    CHECK(describe_device("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                          "Gecko) Version/17.0 Mobile/15E148 Safari/604.1") == "Safari, iPhone");
    CHECK(describe_device("curl/7.88.1") == "curl");
    CHECK(describe_device("").empty());
    CHECK(describe_device("\xff<script>").empty());
}

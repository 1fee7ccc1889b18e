// For the tests of this library: one school's people on a fresh database of each engine, with a clock that stands
// still.
#pragma once

#include "identity/people.hpp"
#include "identity/second_factor.hpp"
#include "identity/sessions.hpp"

#include "db/test_databases.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <random>

namespace preau::identity {

class SeededRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override {
        std::lock_guard lock{mutex_};
        for (auto& byte : bytes) byte = static_cast<std::byte>(engine_());
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_{2026};
};

// Hashes in a millisecond: what is tested is what happens around them.
inline constexpr PasswordPool::Options quick_passwords{.threads = 2, .memory_kib = 64, .passes = 1, .queue = 64};

struct IdentityFixture {
    explicit IdentityFixture(db::Database& the_db) : db{the_db} {
        teacher = person("teacher", "Camille Bernard", "camille.bernard@ac-lille.fr", "trois-lapins-bleus-lisent");
        colleague = person("colleague", "Nadia Haddad", "nadia.haddad@ac-lille.fr", "quatre chats gris dorment");
    }

    PersonId person(std::string login, std::string name, std::string mail = {}, std::string password = {}) {
        NewPerson made{.login = std::move(login), .name = std::move(name), .mail = std::move(mail)};
        if (!password.empty()) made.password_hash = identity.passwords().hash_now(password);
        return db.write_now([&](db::Tx& tx) { return create_person(tx, ids, clock.now(), made); }).value().id;
    }
    Result<PersonId> sign_in(std::string login, std::string password, std::string peer = "192.0.2.7") {
        return sync_wait(identity.check_password(std::move(login), std::move(password), std::move(peer)));
    }
    NewSession session(PersonId of, std::string replaced = {}) {
        return sync_wait(identity.start_session(of, "Firefox, Linux", "192.0.2.7", std::move(replaced)));
    }
    Viewer viewer(const NewSession& of) { return sync_wait(identity.viewer_of_session(of.token)); }
    std::vector<SessionRow> sessions(PersonId of) {
        return db.read_now([&](db::Tx& tx) { return identity.sessions(tx, of); });
    }

    db::Database& db;
    ManualClock clock;
    SeededRandom random;
    IdSource ids{clock, 7};
    Identity identity{db, clock, ids, random, quick_passwords};
    PersonId teacher, colleague;
};

template <class Body> void with_people(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        IdentityFixture people{db};
        body(people);
    });
}

} // namespace preau::identity

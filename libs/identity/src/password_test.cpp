#include "identity/password_pool.hpp"

#include "identity_fixture.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <limits>

using namespace preau;
using namespace preau::identity;

namespace {
std::string refusal(std::string_view password, std::string_view login = "camille.bernard") {
    auto result = check_new_password(password, login);
    return result ? "" : result.error().key;
}
} // namespace

TEST_CASE("a new password has 12 to 128 characters, not bytes") {
    CHECK(refusal("") == "identity.password_short");
    CHECK(refusal("kT8#vQ2!mZ9") == "identity.password_short");
    CHECK(refusal("kT8#vQ2!mZ9x").empty());
    CHECK(refusal("ééééééé") == "identity.password_short"); // 14 bytes, 7 characters
    std::string varied;
    for (char letter = '!'; letter <= '~'; ++letter) varied += letter;
    while (code_points(varied) < 128) varied += "éÉ";
    CHECK(refusal(varied).empty());
    CHECK(refusal(varied + "x") == "identity.password_long");
    CHECK(refusal("kT8#vQ2!mZ9x\xff") == "text_not_utf8");
}

TEST_CASE("what everybody tries first is refused in all its disguises") {
    for (auto password :
         {"motdepasse2026",   "Motdepasse2026!", "MotDePasse123!",  "P@ssw0rd1234",    "password!!!!",
          "passwordpassword", "azertyuiop123",   "azertyuiopqs",    "AZERTYUIOPQS",    "qwertyuiop12",
          "123456789012",     "012345678901",    "111111111111",    "abababababab",    "abcdefghijkl",
          "bonjourbonjour",   "Bonjour12345",    "soleil202612",    "doudou123456",    "jetaimemaman",
          "marseille2026!",   "Marseille-13013", "college2026!!",   "professeur2026",  "Rentrée2026!!",
          "chocolat12345",    "jeanmoulin2026",  "JeanMoulin!2026", "ecoleprimaire",   "motdepassemotdepasse",
          "iloveyou1234",     "letmeinletmein",  "superman12345",   "Administrateur1", "!!!!!!!!!!!!",
          "............",     "            ",    "camillecamille"})
        CHECK_MESSAGE(refusal(password, "someone") == "identity.password_common", password);
}

TEST_CASE("passwords that people can remember and nobody guesses are accepted") {
    for (auto password : {"trois-lapins-bleus-lisent", "quatre chats gris dorment", "correct horse battery staple",
                          "kT8#vQ2!mZ9x", "le vélo rouge de tante Odile", "gtmlxq-vrzbn-31"})
        CHECK_MESSAGE(refusal(password).empty(), password);
}

TEST_CASE("a password is not the login with something beside it") {
    CHECK(refusal("camille.bernard") == "identity.password_login");
    CHECK(refusal("Camille.Bernard1!") == "identity.password_login");
    CHECK(refusal("camille.bernard aime les volcans d'Islande").empty());
}

TEST_CASE("a hash is argon2id with its parameters, salted, and verifies") {
    SeededRandom random;
    PasswordPool pool{random, {.threads = 1}};
    auto hash = sync_wait(pool.hash("trois-lapins")).value();
    CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(hash != pool.hash_now("trois-lapins"));
    CHECK(sync_wait(pool.verify(hash, "trois-lapins")).value());
    CHECK_FALSE(sync_wait(pool.verify(hash, "trois-lapin")).value());
    CHECK_FALSE(sync_wait(pool.verify("", "trois-lapins")).value());
    for (std::string broken : {"x", "$argon2id$", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA", "$2b$10$abcdefgh"})
        CHECK_FALSE(sync_wait(pool.verify(broken, "trois-lapins")).value());
    CHECK_FALSE(pool.outdated(hash));
    CHECK(pool.outdated("$argon2id$v=19$m=7168,t=5,p=1$c2FsdA$dGFn"));
    // Composed and decomposed letters are the same password.
    CHECK(sync_wait(pool.verify(pool.hash_now("\xc3\xa9t\xc3\xa9"), "e\xcc\x81te\xcc\x81")).value());
}

TEST_CASE("an unknown account costs as much as a known one") {
    SeededRandom random;
    PasswordPool pool{random, {.threads = 1}};
    auto hash = pool.hash_now("trois-lapins");
    // Time on the processor, of this process: whatever else the machine does changes little of it. An answer without a
    // hash costs a thousand times less, so a quarter tells the two apart for certain.
    auto cheapest = [&](const std::string& phc) {
        auto least = std::numeric_limits<std::clock_t>::max();
        for (int i = 0; i < 5; ++i) {
            auto start = std::clock();
            (void)sync_wait(pool.verify(phc, "wrong"));
            least = std::min(least, std::clock() - start);
        }
        return static_cast<double>(least);
    };
    auto known = cheapest(hash), unknown = cheapest("");
    CHECK(unknown > 0.25 * known);
    CHECK(known > 0.25 * unknown);
}

TEST_CASE("a full queue answers busy instead of growing, and what was taken is answered") {
    SeededRandom random;
    std::atomic<int> done = 0, busy = 0;
    {
        PasswordPool pool{random, {.threads = 1, .memory_kib = 19456, .passes = 2, .queue = 2}};
        for (int i = 0; i < 20; ++i)
            start(pool.hash("x"), [&](std::exception_ptr error, Result<std::string>* hash) {
                CHECK_FALSE(error);
                if (hash && *hash) ++done;
                if (hash && !*hash && hash->error().key == "identity.busy" && hash->error().retry_after > 0) ++busy;
            });
    }
    CHECK(done + busy == 20);
    CHECK(done >= 2);
    CHECK(busy >= 1);
}

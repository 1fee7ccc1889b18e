// What the command line does to an installation, without a process: the same function serves the control socket.
#include "installation.hpp"
#include "order.hpp"

#include "base/log.hpp"
#include "http/test_client.hpp"
#include "identity/passkeys.hpp"
#include "identity/people.hpp"
#include "identity/second_factor.hpp"

#include <cstdlib>
#include <doctest/doctest.h>

namespace preau::server {
namespace {

class Installation {
public:
    Installation() {
        log::set_level(log::Level::Warn);
        auto pattern = (std::filesystem::temp_directory_path() / "preau-order.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
        auto directory = DataDirectory::open(path_);
        REQUIRE(directory);
        site = std::make_unique<Site>(*directory, Configuration{}, 8080);
    }
    ~Installation() {
        site.reset();
        std::filesystem::remove_all(path_);
    }
    std::optional<identity::Person> person(const std::string& login) {
        return site->db->read_now([&](db::Tx& tx) { return identity::find_person_by_login(tx, login); });
    }
    http::TestAnswer get(const std::string& target) {
        return http::deliver(site->router, *site->gate, http::make_request(http::Method::Get, target));
    }
    std::unique_ptr<Site> site;

private:
    std::filesystem::path path_;
};

std::string path_after(const std::string& text, std::string_view prefix) {
    auto at = text.find(prefix);
    REQUIRE(at != std::string::npos);
    return text.substr(at, text.find_first_of(" \n", at) - at);
}

} // namespace

TEST_CASE("an account is made with a readable name and a link that opens it") {
    Installation here;
    auto outcome = perform(*here.site, {.verb = "user add", .login = "paul.martin", .mail = "p@example.org"});
    REQUIRE_MESSAGE(outcome.done, outcome.text);
    auto person = here.person("paul.martin");
    REQUIRE(person);
    CHECK(person->name == "Paul Martin");
    CHECK_FALSE(person->admin);
    auto address = path_after(outcome.text, "/signin/once/");
    CHECK(outcome.text.contains("http://localhost:8080" + address));
    CHECK(here.get(address).status == 200);
}

TEST_CASE("a mistake makes no account and says which") {
    Installation here;
    for (const auto& order :
         {Order{.verb = "user add", .login = "Bad Name", .mail = "x@example.org"},
          Order{.verb = "user add", .login = "jo", .mail = "nonsense"},
          Order{.verb = "user add", .login = "jo", .mail = "jo@example.org", .password = "short"}}) {
        auto outcome = perform(*here.site, order);
        CHECK_FALSE(outcome.done);
        CHECK(outcome.text.size() > 10);
        CHECK_FALSE(here.person(order.login));
    }
    REQUIRE(perform(*here.site, {.verb = "user add", .login = "jo", .mail = "jo@example.org"}).done);
    auto taken = perform(*here.site, {.verb = "user add", .login = "jo", .mail = "other@example.org"});
    CHECK_FALSE(taken.done);
    CHECK(taken.text.contains("jo"));
}

TEST_CASE("links and app passwords are for accounts that exist") {
    Installation here;
    for (auto verb : {"user link", "user app-password"}) {
        auto outcome = perform(*here.site, {.verb = verb, .login = "nobody"});
        CHECK_FALSE(outcome.done);
        CHECK(outcome.text.contains("preau user add nobody"));
    }
    REQUIRE(perform(*here.site, {.verb = "user add", .login = "jo", .mail = "jo@example.org"}).done);
    CHECK(perform(*here.site, {.verb = "user link", .login = "jo"}).text.contains("/signin/once/"));
    auto made = perform(*here.site, {.verb = "user app-password", .login = "jo"});
    REQUIRE(made.done);
    auto secret = made.text.substr(0, made.text.size() - 1);
    CHECK_FALSE(secret.contains(' ')); // one word, so that scripts take it as it stands
    CHECK(sync_wait(here.site->identity.viewer_of_app_password("jo", secret, "192.0.2.7")));
    CHECK_FALSE(sync_wait(here.site->identity.viewer_of_app_password("jo", secret + "x", "192.0.2.7")));
}

TEST_CASE("a reset is started by mail, shows the administrator no secret, and changes nothing by itself") {
    Installation here;
    REQUIRE(perform(*here.site, {.verb = "user add", .login = "jo", .mail = "jo@example.org"}).done);
    auto person = here.person("jo")->id;
    here.site->db->write_now([&](db::Tx& tx) {
        identity::add_passkey(
            tx, here.site->ids,
            {.person = person, .credential = {.credential = "c", .public_key = "k", .algorithm = -7}, .label = "Clé"},
            here.site->clock.now());
    });
    auto outcome = perform(*here.site, {.verb = "user reset-factors", .login = "jo"});
    REQUIRE_MESSAGE(outcome.done, outcome.text);
    CHECK(outcome.text.contains("jo@example.org"));
    CHECK_FALSE(outcome.text.contains("/signin/once/"));
    CHECK(outcome.text.contains("/admin/mail")); // there is no SMTP server here
    auto letters = here.site->db->read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); });
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].recipient == "jo@example.org");
    CHECK(here.site->db->read_now([&](db::Tx& tx) { return identity::factors_of(tx, person).second(); }));

    auto nobody = perform(*here.site, {.verb = "user reset-factors", .login = "nobody"});
    CHECK_FALSE(nobody.done);
    CHECK(nobody.text.contains("nobody"));
}

TEST_CASE("the demonstration school is made once, with pages that families can open") {
    Installation here;
    auto made = perform(*here.site, {.verb = "demo"});
    REQUIRE_MESSAGE(made.done, made.text);
    for (auto login : {"teacher", "colleague", "head", "secretary", "inspector", "manager", "admin"}) {
        CAPTURE(login);
        CHECK(here.person(login));
        CHECK(made.text.contains(std::string{login}));
    }
    CHECK(here.person("admin")->admin);
    CHECK_FALSE(here.person("manager")->admin);
    auto family = here.get(path_after(made.text, "/s/"));
    CHECK(family.status == 303);
    CHECK(family.headers.find("location").starts_with("/files/"));
    auto klass = here.get(path_after(made.text.substr(made.text.find("class 6eB")), "/s/"));
    CHECK(klass.headers.find("location").starts_with("/class/"));
    CHECK(made.text.contains("pupil Lina Lemaire"));

    auto again = perform(*here.site, {.verb = "demo"});
    CHECK(again.done);
    CHECK(again.text.contains("there already"));
    CHECK(again.text.contains(path_after(made.text.substr(made.text.find("class 6eB")), "/s/"))); // the same class link
}

TEST_CASE("a healthy installation passes its examination, an unknown order is refused") {
    Installation here;
    CHECK(perform(*here.site, {.verb = "doctor"}).done);
    auto unknown = perform(*here.site, {.verb = "user destroy"});
    CHECK_FALSE(unknown.done);
    CHECK(unknown.text.contains("user destroy"));
}

} // namespace preau::server

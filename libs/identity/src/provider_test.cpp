#include "identity_fixture.hpp"
#include "provider_documents.hpp"

namespace preau::identity {
namespace {

constexpr std::string_view issuer = "https://id.ac-lille.fr";

std::string discovery(std::string_view with = {}, std::string_view said_issuer = issuer) {
    return "{\"issuer\":\"" + std::string{said_issuer} +
           "\",\"authorization_endpoint\":\"https://id.ac-lille.fr/auth\",\"token_endpoint\":\"https://id.ac-lille.fr/"
           "token\","
           "\"jwks_uri\":\"https://id.ac-lille.fr/jwks\"" +
           std::string{with} + "}";
}

} // namespace

TEST_CASE("a provider says of itself what we asked for, letter for letter") {
    auto places = read_places(discovery(), issuer);
    REQUIRE(places);
    CHECK(places->authorization == "https://id.ac-lille.fr/auth");
    CHECK_FALSE(places->secret_in_body);
    CHECK_FALSE(places->names_itself);
    CHECK(read_places(discovery(",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]"), issuer)
              ->secret_in_body);
    CHECK(read_places(discovery(",\"authorization_response_iss_parameter_supported\":true"), issuer)->names_itself);
    CHECK_FALSE(read_places(discovery("", "https://id.ac-lille.fr/"), issuer));
    CHECK_FALSE(read_places(discovery("", "https://evil.example"), issuer));
    CHECK_FALSE(read_places("{}", issuer));
    CHECK_FALSE(read_places("nonsense", issuer));
    auto plain = discovery();
    plain.replace(plain.find("https://id.ac-lille.fr/token"), 5, "http");
    CHECK_FALSE(read_places(plain, issuer)); // the code and the secret would travel in the clear
    auto script = discovery();
    script.replace(script.find("https://id.ac-lille.fr/auth"), 5, "javascript");
    CHECK_FALSE(read_places(script, issuer));
    const std::string local = "http://127.0.0.1:8080";
    CHECK(is_local_provider(local));
    CHECK(is_local_provider("http://localhost/realm"));
    for (auto elsewhere : {"http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.100",
                           "http://localhost:1@evil.example", "http://id.ac-lille.fr", "https://localhost", ""})
        CHECK_FALSE(is_local_provider(elsewhere));
    CHECK(read_places(discovery(",\"end_session_endpoint\":\"javascript:x\""), issuer)->end_session.empty());
}

TEST_CASE("addresses and forms are encoded") {
    CHECK(discovery_address("https://a.fr/realm/") == "https://a.fr/realm/.well-known/openid-configuration");
    CHECK(with_query("https://a.fr/auth", {{"a", "b c"}, {"d", "e&f"}}) == "https://a.fr/auth?a=b%20c&d=e%26f");
    CHECK(with_query("https://a.fr/auth?x=1", {{"a", "b"}}) == "https://a.fr/auth?x=1&a=b");
    CHECK(standard_base64("a:b") == "YTpi");
    CHECK(standard_base64("ab") == "YWI=");
    // RFC 7636 appendix B
    CHECK(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
          "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("a flow comes back as it left, and not when somebody touched it or it is late") {
    const ProviderFlow flow{.provider = "academie",
                            .state = "s",
                            .nonce = "n",
                            .verifier = "v",
                            .to = "/files",
                            .activation = "",
                            .person = PersonId{77},
                            .until = 600'000};
    auto cookie = write_flow(flow, "key");
    auto read = read_flow(cookie, "key", 1000);
    REQUIRE(read);
    CHECK(read->provider == "academie");
    CHECK(read->state == "s");
    CHECK(read->nonce == "n");
    CHECK(read->verifier == "v");
    CHECK(read->to == "/files");
    CHECK(read->person == PersonId{77});
    CHECK_FALSE(read_flow(cookie, "another key", 1000));
    CHECK_FALSE(read_flow(cookie, "key", 600'001));
    CHECK_FALSE(read_flow(cookie, "key", -2'000'000));
    CHECK_FALSE(read_flow("", "key", 1000));
    CHECK_FALSE(read_flow(".", "key", 1000));
    auto touched = cookie;
    touched[3] = touched[3] == 'A' ? 'B' : 'A';
    CHECK_FALSE(read_flow(touched, "key", 1000));
}

TEST_CASE("a person is known by issuer and subject, never by address, and by one of us only") {
    with_people([](IdentityFixture& school) {
        auto write = [&](auto act) { return school.db.write_now(act); };
        auto now = school.clock.now();
        const std::string other_issuer = "https://other.fr";
        CHECK(write([&](db::Tx& tx) { return link_provider(tx, school.teacher, issuer, "u-17", now); }));
        CHECK(write([&](db::Tx& tx) { return link_provider(tx, school.teacher, issuer, "u-17", now); })); // again
        auto taken = write([&](db::Tx& tx) { return link_provider(tx, school.colleague, issuer, "u-17", now); });
        REQUIRE_FALSE(taken);
        CHECK(taken.error().key == "provider.link_taken");
        write([&](db::Tx& tx) {
            CHECK(person_at_provider(tx, issuer, "u-17", now) == school.teacher);
            CHECK_FALSE(person_at_provider(tx, other_issuer, "u-17", now)); // the same word of another provider
            CHECK_FALSE(person_at_provider(tx, issuer, "U-17", now));
            return true;
        });
        auto same_mail = write([&](db::Tx& tx) {
            return create_provided_person(tx, school.ids,
                                          {.issuer = std::string{issuer},
                                           .subject = "u-18",
                                           .name = "Faux",
                                           .mail = "Camille.Bernard@ac-lille.fr"},
                                          now);
        });
        REQUIRE_FALSE(same_mail);
        CHECK(same_mail.error().key == "provider.mail_taken");
        auto made = write([&](db::Tx& tx) {
            return create_provided_person(
                tx, school.ids,
                {.issuer = std::string{issuer}, .subject = "u-18", .name = "Zoé Œuvrard", .mail = "zoe@ac-lille.fr"},
                now);
        });
        REQUIRE(made);
        CHECK(made->login == "zoe.oeuvrard");
        write([&](db::Tx& tx) {
            CHECK(person_at_provider(tx, issuer, "u-18", now) == made->id);
            set_disabled(tx, made->id, true);
            CHECK_FALSE(person_at_provider(tx, issuer, "u-18", now));
            // Whose account was closed does not come back by another one.
            const auto again = create_provided_person(
                tx, school.ids, {.issuer = std::string{issuer}, .subject = "u-18", .name = "Zoé", .mail = ""}, now);
            REQUIRE_FALSE(again);
            CHECK(again.error().key == "provider.account_closed");
            CHECK(provider_links(tx, school.teacher).size() == 1);
            CHECK(unlink_provider(tx, school.teacher, issuer));
            CHECK_FALSE(person_at_provider(tx, issuer, "u-17", now));
            return true;
        });
    });
}

TEST_CASE("an answer is taken once") {
    with_people([](IdentityFixture& school) {
        auto spend = [&](std::string_view state) {
            return school.db.write_now([&](db::Tx& tx) { return spend_answer(tx, state, school.clock.now()); });
        };
        CHECK(spend("one"));
        CHECK(spend("two"));
        CHECK_FALSE(spend("one"));
    });
}

} // namespace preau::identity

#include "configuration.hpp"

#include <doctest/doctest.h>

namespace preau::server {

TEST_CASE("how long the trash keeps things is a number of days within reason") {
    CHECK(parse_configuration("", "preau.toml")->trash_days == 30);
    CHECK(parse_configuration("trash_days = 7", "preau.toml")->trash_days == 7);
    for (auto text :
         {"trash_days = 0", "trash_days = -1", "trash_days = 1.5", "trash_days = \"7\"", "trash_days = 4000"})
        CHECK(parse_configuration(text, "preau.toml").error().contains("line 1"));
}

TEST_CASE("a second factor is demanded from administrators unless the file says otherwise") {
    CHECK(parse_configuration("", "preau.toml")->second_factor_for_admins);
    CHECK(parse_configuration("second_factor = \"admins\"", "preau.toml")->second_factor_for_admins);
    CHECK_FALSE(parse_configuration("second_factor = \"nobody\"", "preau.toml")->second_factor_for_admins);
    for (auto text : {"second_factor = \"\"", "second_factor = \"everybody\"", "second_factor = false"})
        CHECK(parse_configuration(text, "preau.toml").error().contains("line 1"));
}

TEST_CASE("a configuration file says all it can say") {
    auto configuration = parse_configuration(R"(
listen = "[::1]:9090"
public_url = "https://preau.example.org/"
content_url = "https://content.preau.example.org"
trusted_proxies = ["127.0.0.1", "::1"]
database = "host=/run/postgresql dbname=preau"
threads = 4
log_level = "warn"
[tls]
certificate = "/etc/preau/chain.pem"
key = "/etc/preau/key.pem"
[quota]
personal = 20
[[tile]]
name_fr = "Pronote"
address = "https://pronote.example.org/"
)",
                                             "preau.toml");
    REQUIRE(configuration);
    CHECK(configuration->listen.host == "::1");
    CHECK(configuration->listen.port == 9090);
    CHECK(configuration->public_url == "https://preau.example.org");
    CHECK(configuration->content_url == "https://content.preau.example.org");
    CHECK(configuration->trusted_proxies.size() == 2);
    CHECK_FALSE(configuration->on_sqlite());
    CHECK(configuration->threads == 4);
    CHECK(configuration->quota.personal == 20'000'000'000);
    CHECK(configuration->quota.group == 500'000'000'000);
    CHECK(configuration->log_level == log::Level::Warn);
    REQUIRE(configuration->tls);
    CHECK(configuration->tls->key_file == "/etc/preau/key.pem");
    REQUIRE(configuration->tiles.size() == 1);
    CHECK(configuration->tiles[0].name_en == "Pronote");
}

TEST_CASE("nothing needs to be said") {
    auto configuration = parse_configuration("", "preau.toml");
    REQUIRE(configuration);
    CHECK(configuration->on_sqlite());
    CHECK(configuration->public_address(8080) == "http://localhost:8080");
    CHECK(configuration->content_address(8080) == "http://content.localhost:8080");
}

TEST_CASE("a second origin is only invented where every browser resolves it") {
    Configuration configuration{.public_url = "https://preau.example.org"};
    CHECK(configuration.content_address(443).empty());
    configuration.public_url = "https://localhost:8443";
    CHECK(configuration.content_address(8443) == "https://content.localhost:8443");
    configuration.public_url = "https://localhost.example.org";
    CHECK(configuration.content_address(443).empty());
}

TEST_CASE("a mistake is refused with its line and what would be right") {
    struct Case {
        std::string_view text, line, word;
    };
    for (const auto& [text, line, word] : std::initializer_list<Case>{
             {"\nlissen = \"127.0.0.1:80\"", "line 2", "lissen"},
             {"\n\nlisten = \"nonsense\"", "line 3", "HOST:PORT"},
             {"listen = 8080", "line 1", "text"},
             {"public_url = \"preau.example.org\"", "line 1", "https://"},
             {"public_url = \"https://preau.example.org/path\"", "line 1", "without a path"},
             {"public_url = \"https://user@preau.example.org\"", "line 1", "scheme and host"},
             {"database = \"mysql\"", "line 1", "PostgreSQL"},
             {"threads = -1", "line 1", "threads"},
             {"threads = \"two\"", "line 1", "threads"},
             {"[quota]\npersonal = -1", "line 2", "gigabytes"},
             {"[quota]\ngroup = \"500\"", "line 2", "gigabytes"},
             {"[quota]\neverybody = 1", "line 2", "personal"},
             {"log_level = \"loud\"", "line 1", "debug"},
             {"[tls]\ncertificate = \"a.pem\"", "line 1", "both"},
             {"[tls]\ncert = \"a.pem\"", "line 2", "certificate"},
             {"trusted_proxies = \"127.0.0.1\"", "line 1", "list"},
             {"[mail]\nsmtp = \"x\"", "line 2", "smtp_url"},
             {"[mail]\nsmtp_url = \"mail.example.org\"", "line 2", "smtp://"},
             {"[mail]\nsmtp_url = \"smtp://user:secret@mail.example.org\"", "line 2", "smtp://"},
             {"[mail]\nsmtp_url = \"smtp://mail.example.org\"", "line 1", "from"},
             {"[mail]\nfrom = \"Préau <nobody>\"", "line 2", "address"},
             {"[mail]\nfrom = \"P\\nBcc: x <preau@example.org>\"", "line 2", "address"},
             {"[mail]\nrequire_tls = \"yes\"", "line 2", "true or false"},
             {"mail = true", "line 1", "[mail]"},
             {"[[tile]]\nname_fr = \"X\"\naddress = \"javascript:alert(1)\"", "line 1", "https://"},
             {"listen = \"a:1\"\nlisten = \"b:2\"", "line 2", ""},
             {"listen = ", "line 1", ""}}) {
        CAPTURE(text);
        auto configuration = parse_configuration(text, "preau.toml");
        REQUIRE_FALSE(configuration);
        CAPTURE(configuration.error());
        CHECK(configuration.error().contains("preau.toml"));
        CHECK(configuration.error().contains(line));
        CHECK(configuration.error().contains(word));
    }
}

TEST_CASE("mail is set up by one table") {
    auto configuration = parse_configuration(R"([mail]
smtp_url = "smtp://mail.example.org:587/"
user = "preau"
password = "secret"
from = "Préau <preau@example.org>"
reply_to = "aide@example.org"
require_tls = false)",
                                             "preau.toml");
    REQUIRE(configuration);
    CHECK(configuration->mail.smtp_url == "smtp://mail.example.org:587");
    CHECK(configuration->mail.from == "Préau <preau@example.org>");
    CHECK(configuration->mail.require_tls == false);
    CHECK_FALSE(parse_configuration("", "preau.toml")->mail.require_tls);
}

TEST_CASE("providers that sign people in, and the network that they stand in") {
    auto configuration = parse_configuration(R"(
[[provider]]
name = "academie"
label = "Académie de Lille"
issuer = "https://id.ac-lille.fr"
client_id = "preau"
create = true
[[provider]]
name = "dev"
label = "Essai"
issuer = "http://localhost:3000"
client_id = "x"
[outgoing]
allow = ["10.1.0.0/16", "127.0.0.1"]
trusted_certificates = "/etc/ssl/academie.pem")",
                                             "preau.toml");
    REQUIRE_MESSAGE(configuration, configuration.error());
    REQUIRE(configuration->providers.size() == 2);
    CHECK(configuration->providers[0].issuer == "https://id.ac-lille.fr");
    CHECK(configuration->providers[0].create);
    CHECK_FALSE(configuration->providers[1].create); // nobody gets an account unasked
    CHECK(configuration->outgoing.allowed.size() == 2);
    CHECK(configuration->outgoing.trusted_certificates == "/etc/ssl/academie.pem");

    const std::string good =
        "[[provider]]\nname = \"a\"\nlabel = \"A\"\nissuer = \"https://a.fr\"\nclient_id = \"x\"\n";
    REQUIRE(parse_configuration(good, "preau.toml"));
    for (auto [what, instead] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"name = \"a\"", "name = \"A b\""},
             {"label = \"A\"", "label = \"\""},
             {"issuer = \"https://a.fr\"", "issuer = \"http://a.fr\""},
             {"client_id = \"x\"", "client_secret_file = \"/nowhere\""},
             {"client_id = \"x\"", "secret = \"x\""},
             {"client_id = \"x\"", "client_id = \"x\"\ncreate = \"yes\""}}) {
        CAPTURE(instead);
        auto wrong = good;
        wrong.replace(wrong.find(what), what.size(), instead);
        auto refused = parse_configuration(wrong, "preau.toml");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().contains("preau.toml, line "));
    }
    CHECK_FALSE(parse_configuration(good + good, "preau.toml")); // two of one name
    CHECK_FALSE(parse_configuration("[outgoing]\nallow = [\"everything\"]", "preau.toml"));
    CHECK_FALSE(parse_configuration("[outgoing]\nallow_all = true", "preau.toml"));
}

TEST_CASE("addresses to listen on") {
    CHECK(parse_address("127.0.0.1:8080")->port == 8080);
    CHECK(parse_address(":80")->host == "0.0.0.0");
    CHECK(parse_address("localhost:0")->port == 0);
    CHECK(parse_address("[2001:db8::1]:443")->host == "2001:db8::1");
    for (auto wrong : {"", "8080", "host", "host:", "host:http", "host:65536", "host:-1", "host:80x", "::1:80"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_address(wrong));
    }
}

TEST_CASE("a configuration file that is not there is named") {
    auto configuration = read_configuration("/nonexistent/preau.toml");
    REQUIRE_FALSE(configuration);
    CHECK(configuration.error().contains("/nonexistent/preau.toml"));
}

} // namespace preau::server

// The configuration file (TOML). Nothing in it is needed; a key that means nothing is a mistake and is refused with its
// line, because a setting that is silently ignored is found on the bad day.
#pragma once

#include "base/log.hpp"
#include "files/quota/quota.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "identity/providers.hpp"
#include "mail/mail.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preau::server {

struct Address {
    std::string host;
    std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses)
std::expected<Address, std::string> parse_address(std::string_view text);

struct Tile { // a service of somebody else in the bar and on the home
    std::string name_fr, name_en, address, icon, hue;
};

struct Configuration {
    Address listen{.host = "127.0.0.1", .port = 8080};
    std::string public_url; // empty: http://localhost:PORT
    std::string content_url; // empty: content.localhost when the public host is localhost, else none
    std::optional<http::Tls> tls;
    std::vector<std::string> trusted_proxies;
    std::string database = "sqlite"; // or a libpq connection string
    int threads = 0;
    log::Level log_level = log::Level::Info;
    int trash_days = 30; // what was thrown away is deleted for good after so many
    bool second_factor_for_admins = true; // asked for before anything of /admin
    std::vector<Tile> tiles;
    files::QuotaDefaults quota; // of spaces that an administrator gave no limit of their own
    mail::Options mail; // without public_url
    std::vector<identity::ProviderOptions> providers; // who else signs people in
    http::ClientOptions outgoing; // whom this server may ask

    bool on_sqlite() const { return database == "sqlite"; }
    std::string public_address(std::uint16_t port) const; // public_url or its default, without a slash at its end
    std::string content_address(std::uint16_t port) const; // content_url or its default
};

// Errors are sentences for the administrator: "preau.toml, line 3: …".
std::expected<Configuration, std::string> parse_configuration(std::string_view text, std::string_view name);
std::expected<Configuration, std::string> read_configuration(const std::filesystem::path& file);
// "https://preau.example.org": scheme, host, perhaps a port, nothing else.
std::expected<std::string, std::string> check_origin(std::string_view url);

} // namespace preau::server

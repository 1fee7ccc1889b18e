#include "configuration.hpp"

#include "provider_configuration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace preau::server {
namespace {

// Thrown inside this file only: reading a nested file has one way out.
struct Mistake {
    std::uint32_t line;
    std::string sentence;
};

std::uint32_t line_of(const toml::node& node) { return node.source().begin.line; }

std::string text_of(const toml::node& node, std::string_view key) {
    if (auto text = node.value<std::string>(); text && node.is_string()) return *text;
    throw Mistake{line_of(node), fmt::format("{} must be a text in quotes", key)};
}

// Refuses keys that are not in `known`, naming those that are.
template <std::size_t N>
void check_keys(const toml::table& table, const std::array<std::string_view, N>& known, std::string_view where) {
    for (const auto& [key, value] : table)
        if (std::ranges::find(known, key.str()) == known.end())
            throw Mistake{key.source().begin.line, fmt::format("unknown key \"{}\"{}; known keys: {}", key.str(), where,
                                                               fmt::join(known, ", "))};
}

template <class Read> void read_key(const toml::table& table, std::string_view key, Read read) {
    if (const auto* node = table.get(key)) read(*node);
}

std::string origin_of(const toml::node& node, std::string_view key) {
    auto origin = check_origin(text_of(node, key));
    if (!origin) throw Mistake{line_of(node), fmt::format("{}: {}", key, origin.error())};
    return *origin;
}

http::Tls tls_of(const toml::node& node) {
    const auto* table = node.as_table();
    if (!table) throw Mistake{line_of(node), "tls must be a table with certificate and key"};
    check_keys(*table, std::array<std::string_view, 2>{"certificate", "key"}, " in tls");
    http::Tls tls;
    read_key(*table, "certificate", [&](auto& value) { tls.certificate_file = text_of(value, "certificate"); });
    read_key(*table, "key", [&](auto& value) { tls.key_file = text_of(value, "key"); });
    if (tls.certificate_file.empty() || tls.key_file.empty())
        throw Mistake{line_of(node), "tls needs both certificate and key, paths of PEM files"};
    return tls;
}

std::vector<std::string> texts_of(const toml::node& node, std::string_view key) {
    const auto* list = node.as_array();
    if (!list) throw Mistake{line_of(node), fmt::format("{} must be a list of texts", key)};
    std::vector<std::string> texts;
    for (const auto& entry : *list) texts.push_back(text_of(entry, key));
    return texts;
}

int threads_of(const toml::node& node) {
    auto threads = node.value<std::int64_t>();
    if (!node.is_integer() || !threads || *threads < 0 || *threads > 256)
        throw Mistake{line_of(node), "threads must be a number from 0 (one per core) to 256"};
    return static_cast<int>(*threads);
}

// [quota] personal = 100, group = 500: gigabytes.
files::QuotaDefaults quota_of(const toml::node& node) {
    const auto* table = node.as_table();
    if (!table) throw Mistake{line_of(node), "quota must be a table with personal and group, in gigabytes"};
    check_keys(*table, std::array<std::string_view, 2>{"personal", "group"}, " in quota");
    auto bytes_of = [](const toml::node& value, std::string_view key) {
        auto gigabytes = value.value<std::int64_t>();
        if (!value.is_integer() || !gigabytes || *gigabytes < 0 || *gigabytes > 1'000'000)
            throw Mistake{line_of(value), fmt::format("quota.{} must be a whole number of gigabytes", key)};
        return *gigabytes * 1'000'000'000;
    };
    files::QuotaDefaults quota;
    read_key(*table, "personal", [&](auto& value) { quota.personal = bytes_of(value, "personal"); });
    read_key(*table, "group", [&](auto& value) { quota.group = bytes_of(value, "group"); });
    return quota;
}

int trash_days_of(const toml::node& node) {
    auto days = node.value<std::int64_t>();
    constexpr std::int64_t most = 3650;
    if (!node.is_integer() || !days || *days < 1 || *days > most)
        throw Mistake{line_of(node), "trash_days must be a number of days from 1 to 3650"};
    return static_cast<int>(*days);
}

log::Level level_of(const toml::node& node) {
    auto name = text_of(node, "log_level");
    if (name == "debug") return log::Level::Debug;
    if (name == "info") return log::Level::Info;
    if (name == "warn") return log::Level::Warn;
    if (name == "error") return log::Level::Error;
    throw Mistake{line_of(node), "log_level must be \"debug\", \"info\", \"warn\" or \"error\""};
}

std::string database_of(const toml::node& node) {
    auto database = text_of(node, "database");
    if (database == "sqlite" || database.contains('=') || database.starts_with("postgres")) return database;
    throw Mistake{line_of(node), "database must be \"sqlite\" or a PostgreSQL connection string such as "
                                 "\"host=/run/postgresql dbname=preau\""};
}

std::vector<Tile> tiles_of(const toml::node& node) {
    const auto* list = node.as_array();
    constexpr std::size_t most = 30;
    if (!list || list->size() > most) throw Mistake{line_of(node), "write each tile as [[tile]], at most 30 of them"};
    std::vector<Tile> tiles;
    for (const auto& entry : *list) {
        const auto* table = entry.as_table();
        if (!table) throw Mistake{line_of(entry), "write each tile as [[tile]]"};
        check_keys(*table, std::array<std::string_view, 5>{"name_fr", "name_en", "address", "icon", "hue"}, " in tile");
        Tile tile{.icon = "apps", .hue = "notes"};
        read_key(*table, "name_fr", [&](auto& value) { tile.name_fr = text_of(value, "name_fr"); });
        read_key(*table, "name_en", [&](auto& value) { tile.name_en = text_of(value, "name_en"); });
        read_key(*table, "address", [&](auto& value) { tile.address = text_of(value, "address"); });
        read_key(*table, "icon", [&](auto& value) { tile.icon = text_of(value, "icon"); });
        read_key(*table, "hue", [&](auto& value) { tile.hue = text_of(value, "hue"); });
        if (tile.name_fr.empty() || !(tile.address.starts_with("https://") || tile.address.starts_with("http://")))
            throw Mistake{line_of(entry), "a tile needs name_fr and an address that begins with https://"};
        if (tile.name_en.empty()) tile.name_en = tile.name_fr;
        tiles.push_back(std::move(tile));
    }
    return tiles;
}

// "smtp://mail.example.org:587": scheme, host and perhaps a port. User and password have keys of their own, so that an
// address can be shown and logged.
std::string smtp_url_of(const toml::node& node) {
    auto url = text_of(node, "smtp_url");
    while (url.ends_with('/')) url.pop_back();
    const auto after = url.starts_with("smtps://") ? url.substr(8) : url.starts_with("smtp://") ? url.substr(7) : "";
    if (after.empty() || after.find_first_of("/@?# ") != after.npos)
        throw Mistake{line_of(node), "smtp_url must be like smtp://mail.example.org:587 or smtps://mail.example.org"};
    return url;
}

std::string mailbox_of(const toml::node& node, std::string_view key) {
    auto text = text_of(node, key);
    const auto open = text.rfind('<');
    const bool named = open != text.npos && text.ends_with('>');
    const auto address = named ? text.substr(open + 1, text.size() - open - 2) : text;
    if (!mail::check_address(address) || std::ranges::any_of(text, [](unsigned char c) { return c < 0x20; }))
        throw Mistake{line_of(node), fmt::format("{} must be an address, such as \"Préau <preau@example.org>\"", key)};
    return text;
}

mail::Options mail_of(const toml::node& node) {
    const auto* table = node.as_table();
    if (!table) throw Mistake{line_of(node), "write the settings of mail below [mail]"};
    check_keys(
        *table,
        std::array<std::string_view, 7>{"smtp_url", "user", "password", "from", "reply_to", "require_tls", "ca_file"},
        " in mail");
    mail::Options mail;
    read_key(*table, "smtp_url", [&](auto& value) { mail.smtp_url = smtp_url_of(value); });
    read_key(*table, "user", [&](auto& value) { mail.user = text_of(value, "user"); });
    read_key(*table, "password", [&](auto& value) { mail.password = text_of(value, "password"); });
    read_key(*table, "from", [&](auto& value) { mail.from = mailbox_of(value, "from"); });
    read_key(*table, "reply_to", [&](auto& value) { mail.reply_to = mailbox_of(value, "reply_to"); });
    read_key(*table, "ca_file", [&](auto& value) { mail.ca_file = text_of(value, "ca_file"); });
    read_key(*table, "require_tls", [&](auto& value) {
        mail.require_tls = value.template value_exact<bool>();
        if (!mail.require_tls) throw Mistake{line_of(value), "require_tls must be true or false"};
    });
    if (!mail.smtp_url.empty() && !table->contains("from"))
        throw Mistake{line_of(node), "mail needs from, the address that messages come from"};
    return mail;
}

std::string second_factor_of(const toml::node& node) {
    auto who = text_of(node, "second_factor");
    if (who != "admins" && who != "nobody")
        throw Mistake{line_of(node), "second_factor must be \"admins\" or \"nobody\": of whom it is demanded"};
    return who;
}

bool flag_of(const toml::node& node, std::string_view key) {
    auto flag = node.value_exact<bool>();
    if (!flag) throw Mistake{line_of(node), fmt::format("{} must be true or false", key)};
    return *flag;
}

identity::ProviderOptions provider_of(const toml::table& table) {
    check_keys(table,
               std::array<std::string_view, 6>{"name", "label", "issuer", "client_id", "client_secret_file", "create"},
               " in provider");
    identity::ProviderOptions provider;
    read_key(table, "name", [&](auto& value) { provider.name = text_of(value, "name"); });
    read_key(table, "label", [&](auto& value) { provider.label = text_of(value, "label"); });
    read_key(table, "issuer", [&](auto& value) { provider.issuer = text_of(value, "issuer"); });
    read_key(table, "client_id", [&](auto& value) { provider.client_id = text_of(value, "client_id"); });
    read_key(table, "create", [&](auto& value) { provider.create = flag_of(value, "create"); });
    read_key(table, "client_secret_file", [&](auto& value) {
        auto secret = read_secret(text_of(value, "client_secret_file"));
        if (!secret) throw Mistake{line_of(value), secret.error()};
        provider.client_secret = *secret;
    });
    if (auto good = check_provider(provider); !good) throw Mistake{line_of(table), good.error()};
    return provider;
}

std::vector<identity::ProviderOptions> providers_of(const toml::node& node) {
    const auto* list = node.as_array();
    constexpr std::size_t most = 20;
    if (!list || list->size() > most) throw Mistake{line_of(node), "write each provider as [[provider]], at most 20"};
    std::vector<identity::ProviderOptions> providers;
    for (const auto& entry : *list) {
        const auto* table = entry.as_table();
        if (!table) throw Mistake{line_of(entry), "write each provider as [[provider]]"};
        auto provider = provider_of(*table);
        auto same = [&](const auto& other) { return other.name == provider.name || other.issuer == provider.issuer; };
        if (std::ranges::any_of(providers, same))
            throw Mistake{line_of(entry), "two providers have the same name or issuer"};
        providers.push_back(std::move(provider));
    }
    return providers;
}

// [outgoing] allow = ["10.1.0.0/16"], trusted_certificates = "/etc/ssl/academie.pem"
http::ClientOptions outgoing_of(const toml::node& node) {
    const auto* table = node.as_table();
    if (!table) throw Mistake{line_of(node), "write the settings of outgoing requests below [outgoing]"};
    check_keys(*table, std::array<std::string_view, 2>{"allow", "trusted_certificates"}, " in outgoing");
    http::ClientOptions outgoing;
    read_key(*table, "allow", [&](auto& value) {
        for (const auto& text : texts_of(value, "allow")) {
            auto range = http::parse_address_range(text);
            if (!range)
                throw Mistake{line_of(value),
                              fmt::format("allow: \"{}\" is no range of addresses, such as 10.1.0.0/16", text)};
            outgoing.allowed.push_back(*range);
        }
    });
    read_key(*table, "trusted_certificates",
             [&](auto& value) { outgoing.trusted_certificates = text_of(value, "trusted_certificates"); });
    return outgoing;
}

Configuration configuration_of(const toml::table& table) {
    check_keys(table,
               std::array<std::string_view, 15>{"listen", "public_url", "content_url", "tls", "trusted_proxies",
                                                "database", "threads", "log_level", "mail", "tile", "quota",
                                                "trash_days", "second_factor", "provider", "outgoing"},
               "");
    Configuration configuration;
    read_key(table, "listen", [&](auto& node) {
        auto address = parse_address(text_of(node, "listen"));
        if (!address) throw Mistake{line_of(node), address.error()};
        configuration.listen = *address;
    });
    read_key(table, "public_url", [&](auto& node) { configuration.public_url = origin_of(node, "public_url"); });
    read_key(table, "content_url", [&](auto& node) { configuration.content_url = origin_of(node, "content_url"); });
    read_key(table, "tls", [&](auto& node) { configuration.tls = tls_of(node); });
    read_key(table, "trusted_proxies",
             [&](auto& node) { configuration.trusted_proxies = texts_of(node, "trusted_proxies"); });
    read_key(table, "database", [&](auto& node) { configuration.database = database_of(node); });
    read_key(table, "trash_days", [&](auto& node) { configuration.trash_days = trash_days_of(node); });
    read_key(table, "threads", [&](auto& node) { configuration.threads = threads_of(node); });
    read_key(table, "log_level", [&](auto& node) { configuration.log_level = level_of(node); });
    read_key(table, "second_factor",
             [&](auto& node) { configuration.second_factor_for_admins = second_factor_of(node) == "admins"; });
    read_key(table, "mail", [&](auto& node) { configuration.mail = mail_of(node); });
    read_key(table, "quota", [&](auto& node) { configuration.quota = quota_of(node); });
    read_key(table, "provider", [&](auto& node) { configuration.providers = providers_of(node); });
    read_key(table, "outgoing", [&](auto& node) { configuration.outgoing = outgoing_of(node); });
    read_key(table, "tile", [&](auto& node) { configuration.tiles = tiles_of(node); });
    return configuration;
}

std::string_view host_of(std::string_view origin) {
    auto host = origin.substr(origin.find("://") + 3);
    return host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
}

} // namespace

std::expected<Address, std::string> parse_address(std::string_view text) {
    auto wrong = std::unexpected(
        fmt::format("\"{}\" is not an address to listen on: write HOST:PORT, such as 127.0.0.1:8080", text));
    auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return wrong;
    auto host = text.substr(0, colon);
    auto digits = text.substr(colon + 1);
    Address address;
    auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (problem != std::errc{} || end != digits.data() + digits.size()) return wrong;
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.contains(':'))
        return wrong; // an IPv6 address without brackets: its last group would be read as the port
    address.host = host.empty() ? "0.0.0.0" : std::string{host};
    return address;
}

std::expected<std::string, std::string> check_origin(std::string_view url) {
    auto wrong = std::unexpected(
        fmt::format("\"{}\" must be scheme and host, such as https://preau.example.org, without a path", url));
    while (url.ends_with('/')) url.remove_suffix(1);
    auto after = url.starts_with("https://") ? url.substr(8) : url.starts_with("http://") ? url.substr(7) : "";
    if (after.empty() || after.starts_with(':')) return wrong;
    auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view{".-:[]"}.contains(c);
    };
    if (!std::ranges::all_of(after, allowed)) return wrong;
    return std::string{url};
}

std::string Configuration::public_address(std::uint16_t port) const {
    if (!public_url.empty()) return public_url;
    return fmt::format("{}://localhost:{}", tls ? "https" : "http", port);
}

std::string Configuration::content_address(std::uint16_t port) const {
    if (!content_url.empty()) return content_url;
    // Browsers resolve every name below localhost to this machine (RFC 6761 §6.3): a second origin that costs nothing.
    auto origin = public_address(port);
    if (host_of(origin) != "localhost") return {};
    auto place = origin.find("localhost");
    return origin.insert(place, "content.");
}

std::expected<Configuration, std::string> parse_configuration(std::string_view text, std::string_view name) {
    try {
        return configuration_of(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return std::unexpected(
            fmt::format("{}, line {}: {}", name, error.source().begin.line, std::string_view{error.description()}));
    } catch (const Mistake& mistake) {
        return std::unexpected(fmt::format("{}, line {}: {}", name, mistake.line, mistake.sentence));
    }
}

std::expected<Configuration, std::string> read_configuration(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream)
        return std::unexpected(fmt::format("the configuration file {} cannot be read: check the path and its "
                                           "permissions",
                                           file.string()));
    std::ostringstream text;
    text << stream.rdbuf();
    return parse_configuration(text.str(), file.filename().string());
}

} // namespace preau::server

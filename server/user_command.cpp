// `preau user …`: the same service functions as the pages use.
#include "installation.hpp"
#include "order.hpp"

#include "identity/people.hpp"
#include "portal/signin/reset.hpp"

#include <fmt/format.h>

namespace preau::server {
namespace {

// "paul.martin" → "Paul Martin": a first guess that the person can read; --name says better.
std::string name_from_login(std::string_view login) {
    std::string name;
    bool first = true;
    for (char c : login) {
        bool separator = c == '.' || c == '_' || c == '-';
        name += separator ? ' ' : first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        first = separator;
    }
    return name;
}

std::string link_of(const Site& site, std::string_view token) {
    return fmt::format("{}/signin/once/{}", site.addresses.public_url, token);
}

Result<identity::Person> known(db::Tx& tx, const std::string& login) {
    auto person = identity::find_person_by_login(tx, login);
    if (!person) return not_found("server.no_such_account");
    return *person;
}

Outcome unknown_account(const std::string& login) {
    return failed(fmt::format("there is no account \"{0}\": make it with preau user add {0} --mail …", login));
}

} // namespace

Outcome add_user(Site& site, const Order& order) {
    identity::NewPerson form{.login = order.login,
                             .name = order.name.empty() ? name_from_login(order.login) : order.name,
                             .mail = order.mail,
                             .admin = order.admin};
    if (!order.password.empty()) {
        auto good = identity::check_new_password(order.password, order.login);
        if (!good) return failed(good.error());
        form.password_hash = site.identity.passwords().hash_now(order.password);
    }
    struct Made {
        std::string token;
    };
    auto made = site.db->write_now([&site, form](db::Tx& tx) -> Result<Made> {
        auto now = site.clock.now();
        auto person = TRY(identity::create_person(tx, site.ids, now, form));
        if (!form.password_hash.empty()) return Made{};
        return Made{identity::make_one_time_link(tx, site.ids, site.random, person.id, now)};
    });
    if (!made) return failed(fmt::format("{} ({})", failed(made.error()).text, order.login));
    if (made->token.empty()) return done(fmt::format("The account {} is made.\n", order.login));
    return done(fmt::format("The account {} is made. Sign in once within 15 minutes at\n{}\n", order.login,
                            link_of(site, made->token)));
}

Outcome make_app_password(Site& site, const Order& order) {
    auto made = site.db->write_now([&site, login = order.login](db::Tx& tx) -> Result<std::string> {
        auto person = TRY(known(tx, login));
        return identity::make_app_password(tx, site.ids, site.random, person.id, "preau user app-password",
                                           site.clock.now());
    });
    if (!made) return unknown_account(order.login);
    return done(*made + "\n");
}

Outcome make_sign_in_link(Site& site, const Order& order) {
    auto made = site.db->write_now([&site, login = order.login](db::Tx& tx) -> Result<std::string> {
        auto person = TRY(known(tx, login));
        return identity::make_one_time_link(tx, site.ids, site.random, person.id, site.clock.now());
    });
    if (!made) return unknown_account(order.login);
    return done(link_of(site, *made) + "\n");
}

Outcome reset_factors(Site& site, const Order& order) {
    auto sent = site.db->write_now([&site, login = order.login](db::Tx& tx) -> Result<std::string> {
        auto person = TRY(known(tx, login));
        return portal::start_reset(tx, {site.world, site.pages, site.mail, site.addresses.public_url}, Viewer{},
                                   person.id);
    });
    if (!sent && sent.error().key == "server.no_such_account") return unknown_account(order.login);
    if (!sent) return failed(sent.error());
    auto text =
        fmt::format("A link went to {}. It is good for one day; nothing changes before it is opened, and nobody "
                    "else sees it.\n",
                    *sent);
    if (!site.mail.sends())
        text += "No SMTP server is configured, so the message waits under /admin/mail: set [mail] in preau.toml.\n";
    return done(text);
}

} // namespace preau::server

// `preau demo`: all or nothing, and nothing twice.
#include "demo/demonstration.hpp"
#include "installation.hpp"
#include "order.hpp"

#include "portal/class/class_page.hpp"

#include <fmt/format.h>

namespace preau::server {
namespace {

constexpr std::size_t least_password = 8; // it opens a school of invented people only

std::string accounts_text() {
    std::string text;
    for (const auto& person : demo_people())
        text += fmt::format("  {:<10} {}, {}\n", person.login, person.name, person.title);
    return text;
}

struct Made {
    DemoSchool school;
    sharing::MadeLink family;
    std::map<std::string, std::string> sign_in; // one-time tokens by login, without a password
};

Result<Made> make(db::Tx& tx, Site& site, const std::map<std::string, std::string>& hashes,
                  const std::vector<DemoFile>& files) {
    Made made{.school = TRY(make_school(tx, site, hashes))};
    made.family = TRY(make_files(tx, site, made.school, files));
    if (hashes.empty())
        for (const auto& [login, person] : made.school.people)
            made.sign_in[login] = identity::make_one_time_link(tx, site.ids, site.random, person, site.clock.now());
    return made;
}

std::string report(const Site& site, const Made& made) {
    const auto& origin = site.addresses.public_url;
    auto text = fmt::format("The demonstration school is made: Collège Jean-Moulin, class 6e B (6eB).\n\n"
                            "Accounts, sign in at {}/signin{}\n{}",
                            origin, made.sign_in.empty() ? " with the password given" : "", accounts_text());
    for (const auto& [login, token] : made.sign_in)
        text += fmt::format("  {:<10} once, within 15 minutes: {}/signin/once/{}\n", login, origin, token);
    text += "\nBefore /admin, admin is asked for a second factor: a passkey of this computer, or any authenticator "
            "application\n(without a phone: oathtool --totp --base32 \"KEY SHOWN ON THE PAGE\").\n";
    text += fmt::format("\nFor families, without account\n  Volcans, see and hand in: {0}/s/{1}\n"
                        "  class 6eB: {0}/s/{2}\n",
                        origin, made.family.token, made.school.class_link.token);
    for (const auto& link : made.school.pupil_links)
        text += fmt::format("  pupil {}: {}/s/{}\n", link.link.pupil, origin, link.token);
    return text;
}

// What a second run still can say: the accounts, and the class link of whoever is the teacher.
std::string reminder(Site& site) {
    auto link = site.db->read_now([&site](db::Tx& tx) -> std::string {
        auto teacher = identity::find_person_by_login(tx, "teacher");
        if (!teacher) return {};
        for (const auto& group : identity::groups_of(tx, teacher->id)) {
            auto id = portal::store::find_class_link(tx, group.id);
            auto made = id ? sharing::find_link(tx, site.world, *id) : std::nullopt;
            if (made && !made->token.empty())
                return fmt::format("  class {}: {}/s/{}\n", group.name, site.addresses.public_url, made->token);
        }
        return {};
    });
    return fmt::format("The demonstration school is there already; nothing was changed.\n"
                       "Accounts, sign in at {}/signin (a new sign-in link: preau user link NAME)\n{}{}",
                       site.addresses.public_url, accounts_text(), link);
}

} // namespace

Outcome make_demonstration(Site& site, const Order& order) {
    bool there = site.db->read_now(
        [](db::Tx& tx) { return identity::find_person_by_login(tx, demo_people().front().login).has_value(); });
    if (there) return done(reminder(site));
    if (!order.password.empty() && order.password.size() < least_password)
        return failed(fmt::format("the password needs at least {} characters", least_password));
    std::map<std::string, std::string> hashes;
    if (!order.password.empty())
        for (const auto& person : demo_people())
            hashes[std::string{person.login}] = site.identity.passwords().hash_now(order.password);
    auto files = store_demo_files(*site.blobs);
    if (!files) return failed(files.error());
    auto made = site.db->write_now([&](db::Tx& tx) { return make(tx, site, hashes, *files); });
    if (!made) return failed(made.error());
    return done(report(site, *made));
}

} // namespace preau::server

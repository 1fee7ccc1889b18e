// Every route of the whole server against every kind of viewer. The list comes from the router itself, so a route that
// is added tomorrow is tried tomorrow.
#include "files/files.hpp"
#include "fixtures/school.hpp"
#include "identity/people.hpp"
#include "identity/providers.hpp"
#include "portal/portal.hpp"
#include "sharing/link.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>

namespace preau {
namespace {

using fixtures::School;
using fixtures::Visitor;

// Stands in every title, label and byte that a viewer without the right must not meet.
constexpr std::string_view secret_word = "Xylographe";

void install(School& school) {
    auto& files =
        school.keep(std::make_unique<files::Files>(school.db, school.world, *school.blobs, school.identity,
                                                   school.pages, school.kinds, *school.gate, school.addresses));
    files::open(files);
    files::routes(school.router, files);
    auto& portal = school.keep(std::make_unique<portal::Portal>(
        school.db, school.world, school.identity, school.pages, school.kinds, *school.gate, school.addresses.public_url,
        [] { return std::string{}; }, school.mail));
    portal::add_kinds(school.kinds);
    auto& outgoing = school.keep(std::make_unique<http::Client>());
    portal.providers = &school.keep(std::make_unique<identity::Providers>(
        std::vector<identity::ProviderOptions>{
            {.name = "academie", .label = "Académie", .issuer = "http://127.0.0.1:9", .client_id = "preau"}},
        outgoing, school.clock, school.random, school.addresses.public_url));
    portal::preload(school.pages);
    portal::routes(school.router, portal);
}

std::vector<db::Migration> app_migrations() {
    auto all = files::migrations();
    for (auto& migration : portal::migrations()) all.push_back(std::move(migration));
    return all;
}
const fixtures::App app{.migrations = app_migrations, .install = install};

// What the teacher keeps: a folder with a file, a link to it, something thrown away, and one folder that is shared.
class Treasure {
public:
    explicit Treasure(School& the_school) : school{the_school} {
        folder = make("folder", std::string{secret_word});
        open_folder = make("folder", "Ouvert");
        put(folder, std::string{secret_word} + ".txt");
        put(open_folder, std::string{secret_word} + " aussi.txt");
        trashed = make("folder", std::string{secret_word} + " jeté");
        school.db.write_now([&](db::Tx& tx) { return sharing::trash_item(tx, school.world, teacher(), trashed); });
        secret_link = link(folder, Role::View);
        elsewhere = link(make("folder", "Ailleurs"), Role::Edit);
        session =
            school.db.read_now([&](db::Tx& tx) { return school.identity.sessions(tx, school.teacher); }).front().id;
    }

    Viewer teacher() { return school.viewer(school.teacher); }
    ItemId make(std::string kind, std::string title) {
        auto made = school.db.write_now([&](db::Tx& tx) {
            return sharing::create_item(tx, school.world, teacher(),
                                        {.parent = school.space, .kind = kind, .title = title});
        });
        REQUIRE(made.has_value());
        return made->id;
    }
    void put(ItemId parent, const std::string& name) {
        auto visitor = school.as(school.teacher);
        auto answer = visitor.put("/api/files/" + to_text(parent) + "/children/" + percent_encode(name),
                                  std::string{secret_word} + " en octets");
        REQUIRE_MESSAGE(answer.status == 201, answer.body);
        auto id = json::parse(answer.body);
        REQUIRE(id.has_value());
        files.push_back(*parse_id<ItemId>((*id)["id"].text().value()));
    }
    sharing::MadeLink link(ItemId item, Role role, std::optional<Millis> until = {}, std::string password_hash = {}) {
        auto made = school.db.write_now([&](db::Tx& tx) {
            return sharing::create_link(tx, school.world, teacher(),
                                        {.item = item,
                                         .role = role,
                                         .label = std::string{secret_word},
                                         .until = until,
                                         .password_hash = password_hash});
        });
        REQUIRE(made.has_value());
        return *made;
    }

    School& school;
    ItemId folder, open_folder, trashed;
    std::vector<ItemId> files; // one in each folder
    sharing::MadeLink secret_link, elsewhere;
    SessionId session;
};

struct Somebody {
    std::string name;
    Visitor visitor;
    http::Access reach = http::Access::Guest; // the highest level of routes that lets them in
};

std::vector<Somebody> everybody_without_right(School& school, Treasure& treasure) {
    using enum http::Access;
    std::vector<Somebody> all;
    all.push_back({"a stranger", school.as_stranger(), Guest});
    all.push_back({"the holder of another link", school.as_holder(treasure.elsewhere.token), Link});
    auto deposit = treasure.link(treasure.folder, Role::Deposit);
    all.push_back({"who may only hand in", school.with_passes({deposit.link.id}, "Zoé"), Link});
    auto expired = treasure.link(treasure.folder, Role::Edit, school.clock.now() + 1_h);
    all.push_back({"the holder of an expired link", school.as_holder(expired.token), Guest});
    auto revoked = treasure.link(treasure.folder, Role::Edit);
    all.push_back({"the holder of a revoked link", school.as_holder(revoked.token), Guest});
    all.push_back({"the family of a class", school.as_holder(school.class_link), Link});
    all.push_back({"a colleague", school.as(school.colleague), Member});
    all.push_back({"an outsider's program", school.as_program(school.outsider), Member});
    all.push_back({"the administrator", school.as(school.administrator), Admin});
    all.push_back({"the head, who was sent away", school.as(school.head), Guest});

    auto forged = school.as_stranger();
    forged.cookies["__Host-preau"] = std::string(43, 'A');
    forged.cookies["__Host-preau_passes"] = "~" + to_text(treasure.secret_link.link.id) + ".AAAA";
    all.push_back({"a forger", forged, Guest});

    auto hash = school.identity.passwords().hash_now("sesame");
    auto locked = treasure.link(treasure.folder, Role::Edit, {}, hash);
    auto guesser = school.as_stranger();
    CHECK(guesser.get("/s/" + locked.token).status == 200);
    CHECK(guesser.post("/s/" + locked.token, {{"password", "sésame?"}}).status == 422);
    all.push_back({"who does not know the link's password", guesser, Guest});

    for (auto& somebody : all) somebody.visitor.get("/files"); // makes the space of who has one, their own affair
    school.clock.advance(2_h);
    auto done = school.db.write_now(
        [&](db::Tx& tx) { return sharing::revoke_link(tx, school.world, treasure.teacher(), revoked.link.id); });
    REQUIRE(done.has_value());
    school.change([&](db::Tx& tx) { identity::set_disabled(tx, school.head, true); });
    school.events();
    return all;
}

std::string filled(const http::Route& route, const Treasure& treasure, ItemId item) {
    std::string target;
    for (auto segment : split(std::string_view{route.pattern}.substr(1), '/')) {
        const bool named = segment.starts_with('{');
        const auto name = named ? segment.substr(1, segment.size() - 2) : segment;
        target += '/';
        if (!named)
            target += segment;
        else if (name == "id" || name == "item" || name == "folder")
            target += to_text(item);
        else if (name == "link")
            target += to_text(treasure.secret_link.link.id);
        else if (name == "class")
            target += to_text(treasure.school.class_6eB);
        else if (name == "session")
            target += to_text(treasure.session);
        else if (name == "variant")
            target += "download";
        else
            target += "abcdefghijklmnopqrstuvwxyz0"; // a token, a name: a guess
    }
    return target;
}

http::Request request_for(const http::Route& route, const Treasure& treasure, ItemId item) {
    const auto target = filled(route, treasure, item);
    if (route.method == http::Method::Get || route.method == http::Method::Delete)
        return http::make_request(route.method, target);
    if (target.starts_with("/api/") && route.method != http::Method::Put)
        return http::make_request(route.method, target, R"({"name":"neu","role":"edit","label":"neu"})",
                                  "application/json");
    if (route.rule.body == http::Body::Streamed && route.method == http::Method::Post)
        return http::make_request(route.method, target,
                                  "--b\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nEve\r\n"
                                  "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x.txt\"\r\n\r\n"
                                  "x\r\n--b--\r\n",
                                  "multipart/form-data; boundary=b");
    return http::make_request(
        route.method, target,
        "name=neu&may=edit&until=week&label=neu&to=fr&back=%2F&login=teacher&password=falsch&link=" +
            to_text(treasure.secret_link.link.id),
        "application/x-www-form-urlencoded");
}

std::string whole(const http::TestAnswer& answer) {
    std::string text = answer.body;
    for (const auto& [name, value] : answer.headers.all())
        text += '\n' + name + ": " + percent_decode(value).value_or(value);
    return text;
}

// Passing a door that one does not have would be the bug; what stands behind it is asked for by the other checks.
void check_door(const Somebody& somebody, const http::Route& route, const http::TestAnswer& answer) {
    if (somebody.reach >= route.rule.access.value) return;
    const bool sent_away = answer.status == 303 && answer.headers.find("location").starts_with("/signin");
    const bool shut = sent_away || answer.status == 401 || answer.status == 403 || answer.status == 404;
    CHECK_MESSAGE(shut, somebody.name << " at " << route.pattern << ": " << answer.status);
}

} // namespace

TEST_CASE("no route shows or changes anything for a viewer without the right, whoever asks") {
    fixtures::at_school(app, [](School& school) {
        log::set_level(log::Level::Error);
        auto owner = school.as(school.teacher);
        Treasure treasure{school};
        auto people = everybody_without_right(school, treasure);
        const std::vector<ItemId> protected_items{treasure.folder, treasure.files[0], treasure.trashed, school.space};
        for (auto& somebody : people) {
            for (const auto& route : school.router.routes()) {
                if (route->pattern == "/signout" || route->pattern == "/s/leave") continue; // ends the visitor itself
                // A refusal for haste would say nothing about rights: time passes as their classes want it.
                const bool slow = route->rule.rate == http::Rate::SignIn || route->rule.rate == http::Rate::Archive;
                school.clock.advance(slow ? 10_s : 250);
                const bool may_give =
                    somebody.name == "who may only hand in" && route->pattern == "/files/{id}/deposit";
                // Theirs to do, and a line of the journal itself.
                const bool may_export =
                    somebody.name == "the administrator" && route->pattern.ends_with("/admin/audit/export");
                for (auto item : protected_items) {
                    auto request = request_for(*route, treasure, item);
                    request.content_origin = route->rule.origin == http::Origin::Content;
                    auto answer = somebody.visitor.send(std::move(request));
                    const auto said = somebody.name + " at " + route->pattern + ": " + std::to_string(answer.status);
                    const auto text = whole(answer);
                    CHECK_MESSAGE(answer.status < 500, said);
                    CHECK_MESSAGE((answer.status != 429 || route->rule.rate == http::Rate::SignIn), said);
                    // Who may hand in learns the name of the folder, as on paper, and nothing of what is inside.
                    const bool names_place = somebody.name == "who may only hand in" && item == treasure.folder;
                    CHECK_MESSAGE((names_place || !text.contains(secret_word)), said);
                    CHECK_MESSAGE(!text.contains(std::string{secret_word} + ".txt"), said);
                    CHECK_MESSAGE(!text.contains(treasure.secret_link.token), said);
                    check_door(somebody, *route, answer);
                    auto happened = school.events();
                    // Who is refused at the door stands in the journal, and that is all that happened.
                    if (route->pattern.starts_with("/signin")) std::erase(happened, "session.refused");
                    // Whoever is signed in founds a group, of which they are the owner and the one member.
                    if (route->pattern == "/groups/new" || route->pattern == "/api/groups")
                        std::erase(happened, "group.founded");
                    CHECK_MESSAGE((happened.empty() || may_export || (may_give && item == treasure.folder)),
                                  said << ", happened " << (happened.empty() ? "" : happened[0]));
                }
            }
        }
        // Nothing was taken from the one who has the right.
        CHECK(owner.get("/account").status == 200);
        CHECK(owner.get("/files/" + to_text(treasure.folder)).body.contains(secret_word));
        CHECK(owner.get("/share/" + to_text(treasure.folder)).body.contains(treasure.secret_link.token));
        CHECK(school.as_holder(treasure.secret_link.token).get("/files/" + to_text(treasure.folder)).status == 200);
    });
}

TEST_CASE("the same requests meet the secret when its owner asks, and no shared cache keeps it") {
    fixtures::at_small_school(app, [](School& school) {
        auto owner = school.as(school.teacher);
        Treasure treasure{school};
        std::size_t met = 0;
        for (const auto& route : school.router.routes()) {
            if (route->method != http::Method::Get || route->rule.origin == http::Origin::Content) continue;
            auto answer = owner.send(request_for(*route, treasure, treasure.folder));
            if (!whole(answer).contains(secret_word)) continue;
            ++met;
            const auto kept = answer.headers.find("cache-control");
            CHECK_MESSAGE((kept.contains("no-store") || kept.contains("private")), route->pattern << ": " << kept);
        }
        CHECK(met >= 5); // folder, renaming, sharing, its sheet, their API
    });
}

TEST_CASE("neither origin serves what belongs to the other, and cookies mean nothing on the second") {
    fixtures::at_small_school(app, [](School& school) {
        auto owner = school.as(school.teacher);
        std::string jar;
        for (const auto& [name, value] : owner.cookies) jar += name + '=' + value;
        Treasure treasure{school};
        for (const auto& route : school.router.routes()) {
            auto request = request_for(*route, treasure, treasure.folder);
            request.content_origin = route->rule.origin == http::Origin::Main;
            request.headers.set("Cookie", jar);
            request.headers.set("Accept", "text/html");
            auto answer = owner.send(std::move(request));
            CHECK_MESSAGE((answer.status == 404 || answer.status == 405), route->pattern << ": " << answer.status);
            CHECK_FALSE(answer.body.contains("Camille"));
        }
        auto address = "/content/" + to_text(treasure.files[0]) + "/download";
        auto request = http::make_request(http::Method::Get, address);
        request.content_origin = true;
        request.headers.set("Cookie", jar);
        CHECK(owner.send(std::move(request)).status == 403);
    });
}

} // namespace preau

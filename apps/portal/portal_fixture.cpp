#include "portal/portal_fixture.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace preau::portal::testing {
namespace {

std::vector<db::Migration> all_migrations() {
    std::vector<db::Migration> all;
    for (const auto& part :
         {identity::migrations(), jobs::migrations(), mail::migrations(), sharing::migrations(), migrations()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

void remember_cookies(Visitor& visitor, const http::TestAnswer& answer) {
    for (const auto& [name, line] : answer.headers.all()) {
        if (to_lower_ascii(name) != "set-cookie") continue;
        auto pair = line.substr(0, line.find(';'));
        auto equals = pair.find('=');
        auto cookie = pair.substr(0, equals);
        std::erase_if(visitor.cookies, [&](const auto& known) { return known.first == cookie; });
        if (!line.contains("Max-Age=0")) visitor.cookies.emplace_back(cookie, pair.substr(equals + 1));
    }
}

enum class Admin { No, Yes };
PersonId add_person(TestPortal& portal, db::Tx& tx, std::string login, std::string name, const std::string& hash,
                    Admin admin = Admin::No) {
    auto person = identity::create_person(tx, portal.ids, portal.clock.now(),
                                          {.login = login,
                                           .name = std::move(name),
                                           .mail = login + "@ecole.test",
                                           .password_hash = hash,
                                           .admin = admin == Admin::Yes});
    PREAU_ASSERT(person.has_value());
    portal.logins[person->id] = login;
    return person->id;
}

void fill(TestPortal& portal, db::Tx& tx, const std::string& hash) {
    portal.academy = identity::create_structure(tx, portal.ids, {.name = "Académie de Lille", .kind = "academy"});
    auto school = portal.school = identity::create_structure(
        tx, portal.ids,
        {.parent = portal.academy, .name = "Collège Jean-Moulin", .kind = "school", .uai = "", .zone = "Europe/Paris"});
    portal.elsewhere = identity::create_structure(tx, portal.ids, {.name = "Lycée Berthelot", .kind = "school"});
    portal.teacher = add_person(portal, tx, "camille", "Camille Bernard", hash);
    portal.stranger = add_person(portal, tx, "victor", "Victor Roche", hash);
    for (auto person : {portal.teacher, portal.stranger}) identity::add_function(tx, person, school, "teacher");
    portal.head = add_person(portal, tx, "helene", "Hélène Rousseau", hash);
    identity::add_function(tx, portal.head, school, "head");
    portal.secretary = add_person(portal, tx, "julien", "Julien Morel", hash);
    identity::add_function(tx, portal.secretary, school, "secretary");
    portal.rector_secretary = add_person(portal, tx, "odile", "Odile Garnier", hash);
    identity::add_function(tx, portal.rector_secretary, portal.academy, "secretary");
    portal.outsider = add_person(portal, tx, "maxime", "Maxime Payet", hash);
    identity::add_function(tx, portal.outsider, portal.elsewhere, "teacher");
    portal.administrator = add_person(portal, tx, "farid", "Farid Benali", hash, Admin::Yes);
    portal.class_6eb = identity::create_group(tx, portal.ids, {.name = "6e B", .kind = "class", .structure = school});
    identity::add_member(tx, portal.class_6eb, portal.teacher, "owner");
    identity::add_pupil(tx, portal.ids, portal.class_6eb, "Lina Lemaire");
    identity::add_pupil(tx, portal.ids, portal.class_6eb, "Adam Aubert");
    portal.class_link = sharing::create_class_link(tx, portal.world, portal.class_6eb, "");
    portal.pupil_link = sharing::create_class_link(tx, portal.world, portal.class_6eb, "Lina Lemaire");
}

} // namespace

http::TestAnswer Visitor::send(http::Request request) {
    std::string line;
    for (const auto& [name, value] : cookies) line += (line.empty() ? "" : "; ") + name + "=" + value;
    if (!line.empty()) request.headers.set("Cookie", line);
    request.headers.set("Accept-Language", language);
    request.headers.set("User-Agent", agent);
    request.peer = peer;
    auto answer = http::deliver(portal->router, *portal->gate, std::move(request));
    remember_cookies(*this, answer);
    return answer;
}

http::TestAnswer Visitor::get(std::string target) {
    return send(http::make_request(http::Method::Get, std::move(target)));
}

http::TestAnswer Visitor::post(std::string target, const Fields& form) {
    std::string body;
    for (const auto& [name, value] : form)
        body += (body.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    return send(http::make_request(http::Method::Post, std::move(target), body, "application/x-www-form-urlencoded"));
}

TestPortal::TestPortal(db::Database& database)
    : db{database}, identity{database, clock, ids, random, {.threads = 1, .memory_kib = 64, .passes = 1}} {
    sharing::add_own_kinds(kinds);
    add_kinds(kinds);
    kinds.add({.name = "file", .app = "files", .icon = "file", .address = "/files/"});
    kinds.add({.name = "space", .app = "files", .icon = "folder", .address = "/files/", .listed = false});
    pages.add_service({.name = "Fichiers", .href = "/files", .hue = "files", .icon = "folder"},
                      {.name = "Files", .href = "/files", .hue = "files", .icon = "folder"});
    gate = sharing::make_gate(db, world, identity, pages, {.public_url = "http://localhost:8080"});
    portal = std::make_unique<Portal>(
        db, world, identity, pages, kinds, *gate, "http://localhost:8080",
        [] { return std::string{"preau_requests 1\n"}; }, mail);
    portal->providers = &providers;
    open(*portal);
    preload(pages);
    routes(router, *portal);
    auto hash = identity.passwords().hash_now(std::string{password});
    db.write_now([&](db::Tx& tx) { fill(*this, tx, hash); });
}

Visitor TestPortal::as(PersonId person) {
    auto visitor = browser();
    auto answer = visitor.post("/signin", {{"login", logins.at(person)}, {"password", std::string{password}}});
    REQUIRE_MESSAGE(answer.status == 303, answer.body);
    return visitor;
}

Visitor TestPortal::by_link(LinkId link) {
    http::Response response;
    http::Request request;
    request.host = "localhost:8080";
    sharing::write_passes(response, request, identity, {.links = {link}});
    auto visitor = browser();
    remember_cookies(visitor, {.status = 200, .headers = response.headers});
    return visitor;
}

ItemId TestPortal::make_document(std::string title, Share share) {
    return db.write_now([&](db::Tx& tx) {
        auto viewer = *identity::find_viewer(tx, teacher);
        auto space = sharing::personal_space(tx, world, teacher, "Mes fichiers");
        viewer = *identity::find_viewer(tx, teacher);
        auto item = sharing::create_item(tx, world, viewer, {.parent = space, .kind = "file", .title = title});
        PREAU_ASSERT(item.has_value());
        auto to = families(class_6eb);
        if (share == Share::Families)
            sharing::set_grant(tx, world, viewer, {.item = item->id, .subject_kind = to.kind, .subject = to.id});
        return item->id;
    });
}

std::vector<identity::SessionRow> TestPortal::sessions(PersonId person) {
    return db.read_now([&](db::Tx& tx) { return identity.sessions(tx, person); });
}

void on_each_portal(const std::function<void(TestPortal&)>& body) {
    log::set_level(log::Level::Warn);
    db::on_each_engine(all_migrations(), [&](db::Database& database) {
        TestPortal portal{database};
        body(portal);
    });
}

std::string_view location(const http::TestAnswer& answer) { return answer.headers.find("location"); }

std::vector<mail::Entry> letters_written(TestPortal& school) {
    school.jobs.run_due();
    return school.db.read_now([](db::Tx& tx) { return mail::entries(tx, std::nullopt, {}, 50); });
}

std::string link_in_last_letter(TestPortal& school) {
    auto entries = letters_written(school);
    REQUIRE_FALSE(entries.empty());
    auto body = school.db.read_now([&](db::Tx& tx) { return mail::find_body(tx, entries.front().id); });
    REQUIRE(body);
    const std::string begin = "http://localhost:8080/activate/";
    auto at = body->body_text.find(begin);
    REQUIRE_MESSAGE(at != std::string::npos, body->body_text);
    at += std::string_view{"http://localhost:8080"}.size();
    return body->body_text.substr(at, body->body_text.find_first_of("\r\n ", at) - at);
}

} // namespace preau::portal::testing

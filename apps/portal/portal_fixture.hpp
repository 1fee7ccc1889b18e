// For tests: the portal behind its real gate, with the people of a small school, a class and its families.
#pragma once

#include "db/test_databases.hpp"
#include "http/test_client.hpp"
#include "identity/people.hpp"
#include "identity/providers.hpp"
#include "portal/portal.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace preau::portal::testing {

inline constexpr std::string_view password = "quatre-chats-gris-dorment";

using Fields = std::vector<std::pair<std::string, std::string>>;
class TestPortal;

class Visitor { // a browser with its cookies
public:
    http::TestAnswer get(std::string target);
    http::TestAnswer post(std::string target, const Fields& form = {});
    http::TestAnswer send(http::Request request);

    TestPortal* portal = nullptr;
    std::vector<std::pair<std::string, std::string>> cookies;
    std::string language = "fr";
    std::string peer = "192.0.2.7";
    std::string agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
};

class TestPortal {
public:
    explicit TestPortal(db::Database& database);

    db::Database& db;
    ManualClock clock;
    SystemRandom random;
    IdSource ids{clock, 7};
    jobs::Jobs jobs{db, clock, ids};
    sharing::World world{clock, ids, random, jobs};
    identity::Identity identity;
    web::Pages pages{{}, false};
    sharing::Kinds kinds;
    std::unique_ptr<http::Gatekeeper> gate;
    mail::Mail mail{db, jobs, clock, ids, {}}; // never sends
    http::Client outgoing; // reaches nobody here
    identity::Providers providers{
        {{.name = "academie", .label = "Académie de Lille", .issuer = "http://127.0.0.1:9", .client_id = "preau"}},
        outgoing,
        clock,
        random,
        "http://localhost:8080"};
    std::unique_ptr<Portal> portal;
    http::Router router;

    PersonId teacher;  // Camille Bernard, staff of 6e B
    PersonId stranger; // Victor Roche, of the same school, not of the class
    PersonId head, secretary;   // Hélène Rousseau, Julien Morel, of the same school
    PersonId rector_secretary;  // Odile Garnier, secretary of the académie
    PersonId outsider;          // Maxime Payet, of a school elsewhere
    PersonId administrator;     // Farid Benali, of all
    std::map<PersonId, std::string> logins;
    StructureId academy, school; // Académie de Lille, and Collège Jean-Moulin below it
    StructureId elsewhere;       // Lycée Berthelot, of no académie
    GroupId class_6eb;
    sharing::MadeLink class_link, pupil_link; // the pupil is Lina Lemaire

    Visitor browser() { return {.portal = this}; }
    Visitor as(PersonId person);
    Visitor by_link(LinkId link);
    // A document in the teacher's space; shared with the families of the class when `shared`.
    enum class Share { Nobody, Families };
    ItemId make_document(std::string title, Share share);
    std::vector<identity::SessionRow> sessions(PersonId person);
};

void on_each_portal(const std::function<void(TestPortal&)>& body); // SQLite and PostgreSQL
std::string_view location(const http::TestAnswer& answer);
std::vector<mail::Entry> letters_written(TestPortal& school); // latest first, after the jobs that write them
std::string link_in_last_letter(TestPortal& school);  // of activation or a forgotten password, without the site

} // namespace preau::portal::testing

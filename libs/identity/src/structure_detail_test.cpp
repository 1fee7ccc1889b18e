// What a structure says of itself, what is open in it, and the tree by levels.
#include "identity/structure_detail.hpp"
#include "realm_fixture.hpp"

#include "identity/directory.hpp"

using namespace preau;
using namespace preau::identity;

namespace {

using Names = std::vector<std::string>;

Names names(const std::vector<StructureRow>& rows) {
    Names all;
    for (const auto& row : rows) all.push_back(row.name);
    return all;
}

Names search(Realm& realm, std::string typed, std::vector<StructureId> roots = {StructureId{}}) {
    return realm.db.read_now([&](db::Tx& tx) { return names(search_structures(tx, typed, roots, {}, 20).rows); });
}

} // namespace

TEST_CASE("structures are made with what they must have") {
    in_realm([](Realm& realm) {
        auto make = [&](StructureId parent, const StructureForm& form) {
            return realm.db.write_now([&](db::Tx& tx) -> std::string {
                auto made = found_structure(tx, realm.people.ids, parent, form);
                return made ? made->uai + " " + made->zone : made.error().key;
            });
        };
        CHECK(make(realm.lille, {.name = "Lycée Faidherbe", .kind = "school", .uai = " 0590119j "}) ==
              "0590119J Europe/Paris");
        CHECK(make(realm.lille, {.name = "Autre", .kind = "school", .uai = "0590119J"}) == "identity.uai_taken");
        CHECK(make(realm.lille, {.name = "Autre", .kind = "school", .uai = "59"}) == "identity.uai_malformed");
        CHECK(make(realm.lille, {.name = "Autre", .kind = "castle"}) == "identity.structure_kind");
        CHECK(make(realm.lille, {.name = "Autre", .kind = "school", .zone = "Mars/Base"}) == "identity.zone_unknown");
        CHECK(make(realm.lille, {.name = "", .kind = "school"}) == "text_too_short");
        CHECK(make(StructureId{5}, {.name = "Autre", .kind = "school"}) == "identity.structure");
        CHECK(search(realm, "autre").empty());
    });
}

TEST_CASE("a renamed structure is found by its new name alone") {
    in_realm([](Realm& realm) {
        realm.db.write_now([&](db::Tx& tx) {
            return change_structure(tx, realm.moulin,
                                    {.name = "Collège Simone-Veil", .kind = "school", .uai = "0590001A"});
        });
        CHECK(search(realm, "moulin").empty());
        CHECK(search(realm, "veil") == Names{"Collège Simone-Veil"});
        CHECK(search(realm, "coll sim") == Names{"Collège Simone-Veil"});
        CHECK(search(realm, "0590001a") == Names{"Collège Simone-Veil"});
        CHECK(search(realm, "college", {realm.lille}) == Names{"Collège Marie-Curie", "Collège Simone-Veil"});
        CHECK(search(realm, "college", {realm.reunion}) == Names{"Collège Hubert-Delisle"});
        CHECK(search(realm, "0590001A", {realm.reunion}).empty());
        CHECK(search(realm, "…").empty());
    });
}

TEST_CASE("the tree is walked level by level, in French order, by keys") {
    in_realm([](Realm& realm) {
        realm.db.write_now([&](db::Tx& tx) {
            for (auto name : {"Zuydcoote", "École des Érables", "école B", "Ecole A"})
                (void)found_structure(tx, realm.people.ids, realm.curie, {.name = name, .kind = "school"});
        });
        Names all;
        StructureKey after;
        realm.db.read_now([&](db::Tx& tx) {
            for (int page = 0; page < 3; ++page) {
                auto rows = structures_below(tx, realm.curie, after, 2, Closed::Hidden);
                for (const auto& row : rows) all.push_back(row.name);
                if (!rows.empty()) after = {rows.back().sort, rows.back().id};
            }
            CHECK(names(structures_below(tx, {}, {}, 10, Closed::Hidden)) == Names{"Ministère"});
            auto academies = structures_below(tx, realm.ministry, {}, 10, Closed::Hidden);
            CHECK(names(academies) == Names{"Académie de La Réunion", "Académie de Lille"});
            CHECK(academies[0].has_below);
        });
        CHECK(all == Names{"Ecole A", "école B", "École des Érables", "Zuydcoote"});
    });
}

TEST_CASE("a structure closes after what is below it, its functions end, and it opens again") {
    in_realm([](Realm& realm) {
        auto close = [&](StructureId id) {
            return realm.db.write_now([&](db::Tx& tx) { return close_structure(tx, id, realm.now()); });
        };
        auto open = [&](StructureId id) {
            return realm.db.write_now([&](db::Tx& tx) { return open_structure(tx, id); });
        };
        CHECK(close(realm.lille).error().key == "identity.structure_open_below");
        CHECK(close(StructureId{5}).error().key == "identity.structure");
        CHECK(close(realm.moulin));
        CHECK_FALSE(realm.db.read_now(
            [&](db::Tx& tx) { return find_viewer(tx, realm.people.teacher)->is(subject(realm.moulin)); }));
        CHECK(search(realm, "moulin").empty());
        CHECK(realm.function(realm.people.teacher, realm.moulin, "teacher").error().key == "identity.structure_closed");
        realm.db.read_now([&](db::Tx& tx) {
            CHECK(names(structures_below(tx, realm.lille, {}, 10, Closed::Hidden)) == Names{"Collège Marie-Curie"});
            CHECK(structures_below(tx, realm.lille, {}, 10, Closed::Shown).size() == 2);
        });
        CHECK(close(realm.curie));
        CHECK(close(realm.lille));
        CHECK(open(realm.moulin).error().key == "identity.structure_closed");
        CHECK(open(realm.lille));
        CHECK(open(realm.moulin));
        CHECK(search(realm, "moulin") == Names{"Collège Jean-Moulin"});
        CHECK(realm.function(realm.people.teacher, realm.moulin, "teacher"));
    });
}

TEST_CASE("a service that is closed is closed below, and to who works nowhere else") {
    in_realm([](Realm& realm) {
        auto closed = [&](StructureId id) {
            Names all;
            for (const auto& one : realm.db.read_now([&](db::Tx& tx) { return closed_services(tx, id); }))
                all.push_back(one.service + " by " + one.by_name);
            return all;
        };
        auto to = [&](PersonId person) {
            return realm.db.read_now([&](db::Tx& tx) { return services_closed_to(tx, person); });
        };
        auto set = [&](StructureId id, std::string service, bool open) {
            realm.db.write_now([&](db::Tx& tx) { set_service(tx, id, service, open); });
        };
        set(realm.lille, "video", false);
        set(realm.moulin, "video", false);
        set(realm.moulin, "meet", false);
        CHECK(closed(realm.moulin) == Names{"video by Académie de Lille", "meet by Collège Jean-Moulin"});
        CHECK(closed(realm.curie) == Names{"video by Académie de Lille"});
        CHECK(closed(realm.delisle).empty());
        CHECK(to(realm.people.teacher) == Names{"meet", "video"});
        CHECK(realm.function(realm.people.teacher, realm.delisle, "trainer"));
        CHECK(to(realm.people.teacher).empty()); // open there
        set(realm.lille, "video", true);
        CHECK(closed(realm.curie).empty());
        CHECK(to(realm.administrator).empty()); // works nowhere
    });
}

TEST_CASE("cards, logos and mail domains are checked") {
    in_realm([](Realm& realm) {
        auto card = [&](const StructureCard& form) {
            return realm.db.write_now([&](db::Tx& tx) -> std::string {
                auto set = set_card(tx, realm.moulin, form);
                return set ? "set" : set.error().key;
            });
        };
        CHECK(card({.mail = "nobody", .introduction_fr = "x"}) == "identity.mail_malformed");
        CHECK(card({.web = "javascript:alert(1)"}) == "identity.web_malformed");
        CHECK(card({.introduction_fr = std::string(20'001, 'x')}) == "text_too_long");
        CHECK(card({.phone = "\xff"}) == "text_not_utf8");
        CHECK(realm.db.read_now([&](db::Tx& tx) { return card_of(tx, realm.moulin).phone; }).empty());
        CHECK(card({.mail = " moulin@ac-lille.fr ", .phone = "03 20 00 00 00", .introduction_fr = "# Bonjour"}) ==
              "set");
        CHECK(realm.db.read_now([&](db::Tx& tx) { return card_of(tx, realm.moulin).mail; }) == "moulin@ac-lille.fr");

        auto logo = [&](std::string bytes) {
            return realm.db.write_now([&](db::Tx& tx) -> std::string {
                auto set = set_logo(tx, realm.moulin, bytes);
                return set ? find_logo(tx, realm.moulin)->type : set.error().key;
            });
        };
        CHECK(logo("<svg onload=alert(1)>") == "identity.logo_kind");
        CHECK(logo("\x89PNG\r\n\x1a\n…") == "image/png");
        CHECK(logo(std::string{"\xff\xd8\xff"} + std::string(largest_logo, 'x')) == "identity.logo_too_large");

        auto domain = [&](StructureId id, std::string typed) {
            return realm.db.write_now([&](db::Tx& tx) -> std::string {
                auto added = add_domain(tx, id, typed);
                return added ? *added : added.error().key;
            });
        };
        CHECK(domain(realm.lille, " @AC-Lille.fr") == "ac-lille.fr");
        CHECK(domain(realm.reunion, "ac-lille.fr") == "identity.domain_taken");
        CHECK(domain(realm.moulin, "moulin.ac-lille.fr") == "moulin.ac-lille.fr");
        for (auto bad : {"", "fr", "a..fr", "-a.fr", "a b.fr", "a.fr/x"})
            CHECK(domain(realm.lille, bad) == "identity.domain_malformed");
        auto of = [&](std::string mail) {
            return realm.db.read_now([&](db::Tx& tx) { return structure_of_mail(tx, mail); });
        };
        CHECK(of("x@moulin.ac-lille.fr") == realm.moulin); // the longest
        CHECK(of("x@ien.AC-lille.fr") == realm.lille);
        CHECK(of("x@notac-lille.fr") == StructureId{});
        CHECK(of("x") == StructureId{});
    });
}

TEST_CASE("who works in a structure is listed by function and name") {
    in_realm([](Realm& realm) {
        auto rows = realm.db.read_now([&](db::Tx& tx) { return people_in(tx, realm.moulin, {}, 10); });
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].name == "Hélène Rousseau");
        CHECK(rows[1].function == "teacher");
        auto rest = realm.db.read_now([&](db::Tx& tx) { return people_in(tx, realm.moulin, rows[0], 10); });
        CHECK(rest.size() == 1);
        realm.db.write_now([&](db::Tx& tx) { set_disabled(tx, realm.head, true); });
        CHECK(realm.db.read_now([&](db::Tx& tx) { return people_in(tx, realm.moulin, {}, 10).size(); }) == 1);
    });
}

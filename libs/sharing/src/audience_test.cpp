#include "sharing/audience.hpp"

#include "sharing/share.hpp"
#include "site_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

struct Wall : Site {
    explicit Wall(db::Database& database) : Site{database} {
        db.write_now([this](db::Tx& tx) {
            college = identity::create_structure(tx, ids, {.name = "Collège Jean-Moulin", .kind = "school"});
            class_6b = identity::create_group(tx, ids, {.name = "6e B", .kind = "class", .structure = college});
            class_6c = identity::create_group(tx, ids, {.name = "6e C", .kind = "class", .structure = college});
            class_6d = identity::create_group(tx, ids, {.name = "6e D", .kind = "class", .structure = college});
            space = find_personal_space(tx, teacher).value();
        });
    }
    ItemId make(ItemId parent, std::string title, bool restricted = false) {
        return db
            .write_now([&](db::Tx& tx) {
                return create_item(tx, world, *identity::find_viewer(tx, teacher),
                                   {.parent = parent, .kind = "folder", .title = title, .restricted = restricted});
            })
            ->id;
    }
    void give(ItemId item, Subject to, Role role = Role::View, std::optional<Millis> until = {}) {
        db.write_now([&](db::Tx& tx) {
            set_grant(tx, world, *identity::find_viewer(tx, teacher),
                      {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role, .until = until});
        });
    }
    std::vector<Chip> chips(const std::vector<ItemId>& items, PersonId who, web::Language language) {
        return db.read_now([&](db::Tx& tx) {
            std::vector<ChipItem> asked;
            for (auto item : items) asked.push_back(chip_item(*find_item(tx, item)));
            return audience_chips(tx, web::Locale::of(language), *identity::find_viewer(tx, who), asked, clock.now());
        });
    }
    std::string chip(ItemId item) {
        auto chip = chips({item}, teacher, web::Language::French).at(0);
        return chip.text + " (" + chip.icon + ")";
    }

    StructureId college;
    GroupId class_6b, class_6c, class_6d;
    ItemId space;
};

template <class Body> void on_each_wall(Body body) {
    auto list = identity::migrations();
    for (const auto& part : {jobs::migrations(), migrations()}) list.insert(list.end(), part.begin(), part.end());
    db::on_each_engine(list, [&](db::Database& database) {
        Wall wall{database};
        body(wall);
    });
}

} // namespace

TEST_CASE("the chip says whom an item reaches, in a few words") {
    on_each_wall([](Wall& w) {
        auto at = [&](std::vector<Subject> to) {
            static int number = 0;
            auto item = w.make(w.space, "n" + std::to_string(++number));
            for (auto subject : to) w.give(item, subject);
            return w.chip(item);
        };
        const auto b = subject(w.class_6b);
        const auto nadia = subject(w.colleague);
        const auto zoe = subject(w.person("zoe", "Zoé Petit"));
        CHECK(at({}) == "Moi (lock)");
        CHECK(at({nadia}) == "Nadia Haddad (user)");
        CHECK(at({nadia, zoe}) == "2 personnes (users)");
        CHECK(at({b}) == "6e B (users)");
        CHECK(at({b, families(w.class_6b)}) == "6e B + familles (users)");
        CHECK(at({families(w.class_6b)}) == "Familles de 6e B (users)");
        CHECK(at({b, nadia}) == "6e B, Nadia Haddad (users)");
        CHECK(at({b, nadia, zoe}) == "6e B + 2 personnes (users)");
        CHECK(at({b, subject(w.class_6c)}) == "6e B, 6e C (users)");
        CHECK(at({b, subject(w.class_6c), subject(w.class_6d), nadia}) == "6e B + 3 (users)");
        CHECK(at({subject(w.college), b}) == "Collège Jean-Moulin, 6e B (school)");
        CHECK(at({signed_in, nadia}) == "Toute personne connectée (users)");
        CHECK(at({everybody, b}) == "Public (world)");
        CHECK(at({subject(PersonId{4711})}) == "Une personne qui n’est plus là (user)");
    });
}

TEST_CASE("links show as their symbol, expired rights do not count, inherited ones do") {
    on_each_wall([](Wall& w) {
        auto above = w.make(w.space, "Sciences");
        auto inside = w.make(above, "Volcans");
        auto closed = w.make(above, "Conseil", true);
        w.give(above, subject(w.class_6b));
        w.give(inside, subject(w.colleague), Role::View, w.clock.now() + 1_h);
        CHECK(w.chip(inside) == "6e B, Nadia Haddad (users)");
        CHECK(w.chip(closed) == "Moi (lock)");
        w.clock.advance(1_h);
        CHECK(w.chip(inside) == "6e B (users)");
        auto made = w.link({.item = inside});
        CHECK(w.chip(inside) == "6e B (link)");
        w.link({.item = closed});
        CHECK(w.chip(closed) == "Lien (link)");
        w.link({.item = closed});
        CHECK(w.chip(closed) == "2 liens (link)");
        w.db.write_now(
            [&](db::Tx& tx) { return revoke_link(tx, w.world, *identity::find_viewer(tx, w.teacher), made.link.id); });
        CHECK(w.chip(inside) == "6e B (users)");
        CHECK(w.chip(w.space) == "Moi (lock)"); // a root stands in nothing
        w.give(w.space, subject(w.colleague), Role::Manage); // who manages the space comes in everywhere
        CHECK(w.chip(closed) == "Nadia Haddad (link)");
    });
}

TEST_CASE("each viewer reads it from where they stand, in their language, at the same cost for many items") {
    on_each_wall([](Wall& w) {
        auto shared = w.make(w.space, "Sciences");
        w.give(shared, subject(w.colleague));
        CHECK(w.chips({shared}, w.colleague, web::Language::French)[0].text == "Camille Bernard");
        CHECK(w.chips({w.make(w.space, "Moi")}, w.teacher, web::Language::English)[0].text == "Me");
        auto cost = [&](int items) {
            return w.db.write_now([&](db::Tx& tx) {
                std::vector<ChipItem> asked;
                for (int i = 0; i < items; ++i)
                    asked.push_back({.id = shared, .parent = w.space, .restricted = i % 2 == 0});
                const auto before = tx.query_count();
                audiences(tx, *identity::find_viewer(tx, w.teacher), asked, w.clock.now());
                return tx.query_count() - before;
            });
        };
        CHECK(cost(500) == cost(1));
        CHECK(w.chips({}, w.teacher, web::Language::French).empty());
    });
}

TEST_CASE("the list tells own from inherited, and names no folder that the reader may not see") {
    on_each_wall([](Wall& w) {
        auto above = w.make(w.space, "Secret");
        auto inside = w.make(above, "Volcans");
        w.give(above, subject(w.class_6b), Role::Edit);
        w.give(inside, subject(w.colleague), Role::Manage);
        auto lines = [&](PersonId who) {
            return w.db.read_now([&](db::Tx& tx) {
                return access_lines(tx, web::Locale::of(web::Language::French), *identity::find_viewer(tx, who),
                                    *find_item(tx, inside), w.clock.now());
            });
        };
        auto seen = lines(w.teacher);
        REQUIRE(seen.size() == 3);
        CHECK(seen[0].name == "Nadia Haddad");
        CHECK_FALSE(seen[0].inherited);
        CHECK(seen[1].name == "6e B");
        CHECK(seen[1].from_title == "Secret");
        CHECK(seen[2].you);
        CHECK(seen[2].from == w.space);
        auto hers = lines(w.colleague);
        REQUIRE(hers.size() == 3);
        CHECK(hers[0].you);
        CHECK(hers[1].inherited);
        CHECK(hers[1].from_title.empty());
        CHECK_FALSE(hers[1].from);
        auto page = w.get("/share/" + to_text(inside), w.cookie(w.colleague));
        CHECK(page.status == 200);
        CHECK_FALSE(page.body.contains("Secret"));
        CHECK(page.body.contains("Par un dossier au-dessus"));
    });
}

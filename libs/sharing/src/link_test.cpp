#include "sharing_fixture.hpp"

#include "base/seal.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::sharing;
using namespace preau::sharing::testing;

namespace {

Result<Opened> open(School& s, std::string token) {
    return s.db.read_now([&](db::Tx& tx) { return open_link(tx, token, s.clock.now()); });
}
std::string refusal(const auto& result) { return result ? "" : result.error().key; }

} // namespace

TEST_CASE("who comes by a link sees that item and what is below it, nothing else") {
    on_each_school([](School& s) {
        auto space = s.space_of(s.camille);
        auto folder = s.create(s.camille, space, "Volcans")->id;
        auto inside = s.create(s.camille, folder, "Fiche.pdf", "file")->id;
        auto other = s.create(s.camille, space, "Notes", "file")->id;
        auto made = s.link({.item = folder, .role = Role::View, .label = "6e B"});
        REQUIRE(made.has_value());
        CHECK(made->token.size() >= 22); // 128 bits or more
        CHECK(open(s, made->token)->link.id == made->link.id);
        auto family = s.by_links({made->link.id});
        CHECK(family.kind == Viewer::Kind::LinkHolder);
        CHECK(s.can(family, Action::View, inside));
        CHECK_FALSE(s.can(family, Action::Edit, inside));
        CHECK_FALSE(s.can(family, Action::Deposit, folder));
        CHECK_FALSE(s.can(family, Action::View, other));
        CHECK_FALSE(s.can(family, Action::View, space));
        auto elsewhere = s.link({.item = other});
        CHECK_FALSE(s.can(s.by_links({elsewhere->link.id}), Action::View, folder));
    });
}

TEST_CASE("a link may show and take in, or take in alone") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans", "handin")->id;
        auto both = s.by_links({s.link({.item = folder, .role = Role::View, .deposit = true})->link.id});
        CHECK(s.can(both, Action::View, folder));
        CHECK(s.can(both, Action::Deposit, folder));
        CHECK_FALSE(s.can(both, Action::Comment, folder));
        auto only = s.by_links({s.link({.item = folder, .role = Role::None, .deposit = true})->link.id});
        CHECK_FALSE(s.can(only, Action::View, folder));
        CHECK(s.can(only, Action::Deposit, folder));
        CHECK(refusal(s.link({.item = folder, .role = Role::Manage})) == "link.role_impossible");
        CHECK(refusal(s.link({.item = folder, .role = Role::None})) == "link.role_impossible");
        CHECK(refusal(s.link({.item = folder, .until = s.clock.now()})) == "link.until_past");
        CHECK(refusal(s.link({.item = folder, .label = std::string(101, 'x')})) == "text_too_long");
    });
}

TEST_CASE("an expired, revoked or invented link opens nothing, at once") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans")->id;
        auto until = s.clock.now() + 1_h;
        auto ends = *s.link({.item = folder, .until = until});
        auto stays = *s.link({.item = folder});
        const std::vector passes{ends.link.id, stays.link.id};
        CHECK(refusal(open(s, "AAAAAAAAAAAAAAAAAAAAAAAAAAA")) == "link.unknown");
        CHECK(refusal(open(s, "")) == "link.unknown");
        CHECK(refusal(open(s, std::string(5000, 'a'))) == "link.unknown");
        s.clock.set(until - 1);
        CHECK(s.can(s.by_links({ends.link.id}), Action::View, folder));
        auto came_in_time = s.by_links(passes);
        s.clock.set(until);
        CHECK(refusal(open(s, ends.token)) == "link.expired");
        CHECK(s.by_links({ends.link.id}).kind == Viewer::Kind::Stranger);
        CHECK(s.by_links(passes).links == std::vector{stays.link.id});

        s.db.write_now([&](db::Tx& tx) { return revoke_link(tx, s.world, s.camille, stays.link.id); });
        CHECK(refusal(open(s, stays.token)) == "link.revoked");
        CHECK(s.by_links(passes).kind == Viewer::Kind::Stranger);
        // Even a viewer that was resolved before has lost the right: it was the grant, and the grant is gone.
        CHECK_FALSE(s.can(came_in_time, Action::View, folder));
    });
}

TEST_CASE("making, listing and revoking links needs Manage") {
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans")->id;
        s.give(folder, subject(s.nadia.person), Role::Edit);
        auto try_make = [&](const Viewer& who) {
            return s.db.write_now([&](db::Tx& tx) { return create_link(tx, s.world, who, {.item = folder}); });
        };
        auto try_revoke = [&](const Viewer& who, LinkId link) {
            return s.db.write_now([&](db::Tx& tx) { return revoke_link(tx, s.world, who, link); });
        };
        auto list = [&](const Viewer& who) {
            return s.db.read_now([&](db::Tx& tx) { return links_on(tx, s.world, who, folder); });
        };
        CHECK(try_make(s.nadia).error().kind == Error::Kind::Forbidden);
        CHECK(try_make(s.stranger).error().kind == Error::Kind::NotFound);
        auto made = *s.link({.item = folder, .label = "Familles", .password_hash = "$argon2id$…"});
        CHECK(list(s.nadia).empty());
        REQUIRE(list(s.camille).size() == 1);
        CHECK(list(s.camille)[0].token == made.token); // its maker can copy it again
        CHECK(list(s.camille)[0].link.has_password);
        CHECK(try_revoke(s.nadia, made.link.id).error().kind == Error::Kind::Forbidden);
        CHECK(refusal(try_revoke(s.stranger, made.link.id)) == "link.unknown"); // as if there were none
        CHECK(refusal(try_revoke(s.camille, LinkId{4711})) == "link.unknown");
        CHECK(try_revoke(s.camille, made.link.id).has_value());
        CHECK(try_revoke(s.camille, made.link.id).has_value()); // pressed twice
        CHECK(list(s.camille).empty());
        auto events = s.events();
        CHECK(std::ranges::count(events, "link.created") == 1);
        CHECK(std::ranges::count(events, "link.revoked") == 1);
    });
}

TEST_CASE("a class link sees what is shared with the families of that class, and no more") {
    on_each_school([](School& s) {
        const GroupId class_6b{500};
        const GroupId class_6c{501};
        auto space = s.space_of(s.camille);
        auto lesson = s.create(s.camille, space, "Volcans")->id;
        auto staff_only = s.create(s.camille, space, "Conseil")->id;
        s.give(lesson, families(class_6b), Role::View);
        s.give(staff_only, subject(class_6b), Role::Manage);
        auto [of_class, of_pupil, of_others] = s.db.write_now([&](db::Tx& tx) {
            return std::tuple{create_class_link(tx, s.world, class_6b, ""),
                              create_class_link(tx, s.world, class_6b, "Lina Petit"),
                              create_class_link(tx, s.world, class_6c, "")};
        });
        CHECK(open(s, of_pupil.token)->link.pupil == "Lina Petit");
        for (auto link : {of_class.link.id, of_pupil.link.id}) {
            CHECK(s.can(s.by_links({link}), Action::View, lesson));
            CHECK_FALSE(s.can(s.by_links({link}), Action::View, staff_only)); // the class's staff is another subject
        }
        CHECK_FALSE(s.can(s.by_links({of_others.link.id}), Action::View, lesson));
        auto revoke = [&](const Viewer& who) {
            return s.db.write_now([&](db::Tx& tx) { return revoke_link(tx, s.world, who, of_class.link.id); });
        };
        CHECK_FALSE(revoke(s.nadia).has_value());
        CHECK(revoke(person(103, {subject(class_6b)})).has_value());
        CHECK(s.by_links({of_class.link.id}).kind == Viewer::Kind::Stranger);
        CHECK(s.can(s.by_links({of_pupil.link.id}), Action::View, lesson));
    });
}

TEST_CASE("no token stands in the database, only its hash and a sealed copy") {
    static const db::Query all{"sharing.test_link_bytes", R"(
        SELECT label FROM link UNION ALL SELECT pupil FROM link UNION ALL SELECT password_hash FROM link
        UNION ALL SELECT detail FROM outbox UNION ALL SELECT title FROM item)"};
    static const db::Query bytes{"sharing.test_link_blobs", "SELECT token_hash, sealed FROM link"};
    on_each_school([](School& s) {
        auto folder = s.create(s.camille, s.space_of(s.camille), "Volcans")->id;
        auto made = *s.link({.item = folder, .label = "Familles"});
        s.db.read_now([&](db::Tx& tx) {
            for (const auto& text : tx.all<std::string>(all, {})) CHECK_FALSE(text.contains(made.token));
            int rows = 0;
            tx.each(bytes, {}, [&](const db::Row& row) {
                ++rows;
                CHECK(row.bytes(0) == sha256(made.token));
                CHECK_FALSE(row.bytes(1).contains(made.token));
            });
            CHECK(rows == 1);
            // Another key, as after a theft of the table alone, opens nothing.
            World thief{s.clock, s.ids, s.random, s.jobs, sha256("another key")};
            auto stolen = links_on(tx, thief, s.camille, folder);
            REQUIRE(stolen.size() == 1);
            CHECK(stolen[0].token.empty());
        });
    });
}

TEST_CASE("a seal notices another key, another row and a changed byte") {
    CountingRandom random;
    const auto key = sha256("key");
    auto sealed = seal(random, key, "link:1", "secret");
    CHECK(unseal(key, "link:1", sealed) == "secret");
    CHECK_FALSE(unseal(sha256("other"), "link:1", sealed));
    CHECK_FALSE(unseal(key, "link:2", sealed));
    CHECK_FALSE(unseal("", "link:1", sealed));
    CHECK_FALSE(unseal(key, "link:1", sealed.substr(0, 20)));
    CHECK(seal(random, key, "link:1", "secret") != sealed);
    for (auto& byte : sealed) {
        byte = static_cast<char>(byte ^ 1);
        CHECK_FALSE(unseal(key, "link:1", sealed));
        byte = static_cast<char>(byte ^ 1);
    }
}

// The audit journal: what it holds and what it does not, and that no change to it goes unnoticed.
#include "sharing/audit.hpp"

#include "audit_chain.hpp"
#include "db/checks.hpp"
#include "site_fixture.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>

namespace preau::sharing {
namespace {

using testing::on_each_site;
using testing::Site;

const db::Query count_people{"audit.test_people", "SELECT COUNT(*) FROM audit_person"};

struct Journal {
    explicit Journal(Site& the_site, AuditOptions options = {})
        : site{the_site}, audit{the_site.db, the_site.world, std::move(options)} {
        viewer = site.db.read_now([&](db::Tx& tx) { return *identity::find_viewer(tx, site.teacher); });
    }

    void give(Subject to, Role role, std::optional<Millis> until = {}) {
        site.db.write_now([&](db::Tx& tx) {
            set_grant(tx, site.world, viewer,
                      {.item = site.folder, .subject_kind = to.kind, .subject = to.id, .role = role, .until = until});
        });
    }
    void happen(std::string kind, int times = 1) {
        site.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < times; ++i) record_event(tx, site.world, viewer, kind, site.folder);
        });
    }
    // The subscriber has read everything; nothing is sealed by that.
    void write_up() { site.jobs.run_due(); }
    std::vector<AuditEntry> read(const AuditFilter& filter = {}, int limit = 500) {
        return site.db.read_now([&](db::Tx& tx) { return audit_entries(tx, filter, limit); });
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> names;
        for (const auto& entry : read()) names.insert(names.begin(), entry.kind);
        return names;
    }
    std::string name_of(Pseudonym who) {
        auto names = site.db.read_now([&](db::Tx& tx) { return audit_names(tx, {who}); });
        return names.empty() ? "" : names.front().second;
    }
    std::string flaw() { return audit.verify().broken; }
    void tamper(const db::Query& query) {
        site.db.write_now([&](db::Tx& tx) { tx.execute(query, {}); });
    }

    Site& site;
    Audit audit;
    Viewer viewer;
};

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("preau-audit-{}", ::getpid());
    Folder() { std::filesystem::create_directories(path); }
    Folder(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("the journal says who gave what to whom, once, in order, without names and titles") {
    on_each_site([](Site& site) {
        Journal journal{site};
        journal.give(subject(site.colleague), Role::Edit, site.clock.now() + 1_days);
        journal.give(subject(site.colleague), Role::None);
        auto link = site.link({.label = "Pour Anne", .until = site.clock.now() + 2_days});
        journal.write_up();
        journal.write_up();
        auto entries = journal.read();
        REQUIRE(entries.size() >= 6);
        std::ranges::reverse(entries);
        std::vector<std::string> kinds;
        for (const auto& entry : entries) kinds.push_back(entry.kind);
        CHECK(std::ranges::count(kinds, "person.named") == 2);
        const std::vector<std::string> tail{kinds.end() - 4, kinds.end()};
        CHECK(tail == std::vector<std::string>{"item.granted", "item.ungranted", "item.granted", "link.created"});
        for (std::size_t i = 1; i < entries.size(); ++i) CHECK(entries[i].number == entries[i - 1].number + 1);

        const auto& given = entries[entries.size() - 4];
        CHECK(given.item == site.folder);
        CHECK(journal.name_of(given.actor) == "Camille Bernard");
        CHECK(journal.name_of(given.about) == "Nadia Haddad");
        auto detail = *json::parse(given.detail);
        CHECK(detail["role"].text() == "edit");
        CHECK(detail["until"].integer() == site.clock.now() + 1_days);
        CHECK(detail["subject_kind"].text() == "person");
        CHECK_FALSE(detail["subject"].present());
        auto made = *json::parse(entries.back().detail);
        CHECK(made["link"].text() == to_text(link.link.id));
        CHECK(made["role"].text() == "view");
        for (const auto& entry : entries)
            for (auto secret : {"Camille", "Nadia", "Volcans", "Anne"}) CHECK_FALSE(entry.detail.contains(secret));
        for (const auto& entry : entries) CHECK(entry.actor.value != site.teacher.value); // not even the number
    });
}

TEST_CASE("what is sealed verifies, and is sealed once") {
    on_each_site([](Site& site) {
        Journal journal{site};
        CHECK(journal.flaw().empty()); // an empty journal
        CHECK(journal.audit.seal() == 0);
        constexpr int many = 1'500;
        journal.happen("item.moved", many);
        journal.write_up();
        auto open = journal.audit.verify();
        CHECK(open.broken.empty());
        CHECK(open.blocks == 0);
        CHECK(open.unsealed >= many);
        CHECK(journal.audit.seal() == 2);
        CHECK(journal.audit.seal() == 0);
        auto sealed = journal.audit.verify();
        CHECK(sealed.broken.empty());
        CHECK(sealed.blocks == 2);
        CHECK(sealed.unsealed == 0);
        CHECK(sealed.entries == open.unsealed);
        site.clock.advance(2_min);
        journal.happen("item.trashed");
        journal.write_up(); // the timer seals
        site.clock.advance(2_min);
        journal.write_up();
        CHECK(journal.audit.verify().blocks == 3);
        auto end = site.db.read_now([](db::Tx& tx) { return audit_end(tx); });
        CHECK(end.sealed == end.entry);
        CHECK(end.hash == journal.audit.verify().hash);
    });
}

TEST_CASE("any change to what was sealed is noticed, and where") {
    static const db::Query alter{"audit.test_alter", "UPDATE audit_entry SET kind = 'item.restored' WHERE number = 4"};
    static const db::Query alter_detail{"audit.test_detail",
                                        "UPDATE audit_entry SET detail = '{}' || ' ' WHERE number = 4"};
    static const db::Query remove{"audit.test_remove", "DELETE FROM audit_entry WHERE number = 4"};
    static const db::Query close_up{"audit.test_close_up",
                                    "UPDATE audit_entry SET number = number - 1 WHERE number = 5"};
    static const db::Query aside{"audit.test_aside", "UPDATE audit_entry SET number = -4 WHERE number = 4"};
    static const db::Query back{"audit.test_back", "UPDATE audit_entry SET number = 5 WHERE number = -4"};
    static const db::Query drop_block{"audit.test_drop_block", "DELETE FROM audit_block WHERE number = 1"};
    static const db::Query cut{"audit.test_cut", "DELETE FROM audit_entry WHERE number > 4"};
    static const db::Query cut_block{"audit.test_cut_block", "DELETE FROM audit_block WHERE number = 2"};
    static const db::Query cut_open{"audit.test_cut_open",
                                    "DELETE FROM audit_entry WHERE number = (SELECT MAX(number) FROM audit_entry)"};
    static const db::Query add{"audit.test_add", R"(
        INSERT INTO audit_entry (number, position, at, kind, item, actor, about, link, detail)
        SELECT MAX(number) + 1, 0, 0, 'item.granted', 1, 0, 0, 0, '{}' FROM audit_entry)"};
    struct Case {
        std::vector<const db::Query*> changes;
        std::string_view told;
    };
    for (const auto& [changes, told] : std::initializer_list<Case>{
             {{&alter}, "block 1 (entries 1 to"},
             {{&alter_detail}, "block 1 (entries 1 to"},
             {{&remove}, "entry 4 is missing, of block 1"},
             {{&remove, &close_up}, "entry 5 is missing, of block 1"},
             {{&aside, &close_up, &back}, "block 1 (entries 1 to"}, // two entries in another order
             {{&drop_block}, "block 1 is missing"},
             {{&cut, &cut_block}, "entry 5 is missing"},
             {{&cut_block}, "ends with block 1, but block 2"},
             {{&cut_open}, "not sealed yet"},
             {{&add}, "was not written by this server"}}) {
        CAPTURE(told);
        on_each_site([&](Site& site) {
            Journal journal{site};
            journal.happen("item.moved", 6);
            journal.write_up();
            journal.audit.seal();
            journal.happen("item.trashed", 3);
            journal.write_up();
            journal.audit.seal();
            journal.happen("item.restored", 2);
            journal.write_up();
            REQUIRE(journal.flaw().empty());
            for (const auto* change : changes) journal.tamper(*change);
            CHECK_MESSAGE(journal.flaw().contains(told), journal.flaw());
        });
    }
}

TEST_CASE("a journal that was cut and made good again is missed outside the database") {
    static const db::Query cut{"audit.test_cut_all", "DELETE FROM audit_entry WHERE number > (SELECT last_entry FROM "
                                                     "audit_block WHERE number = 1)"};
    static const db::Query cut_block{"audit.test_cut_last", "DELETE FROM audit_block WHERE number > 1"};
    static const db::Query mend{"audit.test_mend", "UPDATE audit_head SET block = 1, hash = (SELECT hash FROM "
                                                   "audit_block), entry = (SELECT last_entry FROM audit_block)"};
    Folder folder;
    on_each_site([&](Site& site) {
        const auto file = folder.path / "audit.head";
        std::filesystem::remove(file);
        Journal journal{site, {.anchor_file = file}};
        for (int i = 0; i < 2; ++i) {
            journal.happen("item.moved");
            journal.write_up();
            CHECK(journal.audit.seal() == 1);
        }
        REQUIRE(journal.flaw().empty());
        std::ifstream stream{file};
        std::string line;
        REQUIRE(std::getline(stream, line));
        auto anchor = anchor_of(line);
        REQUIRE(anchor);
        CHECK(anchor->block == 2);
        CHECK(anchor->hash == journal.audit.verify().hash);
        for (const auto* change : {&cut, &cut_block, &mend}) journal.tamper(*change);
        CHECK(site.db.read_now([](db::Tx& tx) { return verify_audit(tx, {}); }).broken.empty());
        CHECK(journal.flaw() == "block 2 was noted outside the database and is gone");
        journal.happen("item.trashed");
        journal.write_up();
        auto other = *anchor; // somebody writes a second block anew
        journal.audit.seal();
        CHECK(site.db.read_now([&](db::Tx& tx) { return verify_audit(tx, other); }).broken ==
              "block 2 is not the one that was noted outside the database");
    });
    CHECK_FALSE(anchor_of(""));
    CHECK_FALSE(anchor_of("12"));
    CHECK_FALSE(anchor_of("x " + hex(std::string(32, 'a'))));
    CHECK_FALSE(anchor_of("12 abcd"));
    CHECK(anchor_of(to_line({.block = 7, .hash = std::string(32, 'a')}))->block == 7);
}

TEST_CASE("erasing a person makes their entries nobody's, and the chain still holds") {
    on_each_site([](Site& site) {
        Journal journal{site};
        journal.give(subject(site.colleague), Role::View);
        journal.write_up();
        journal.audit.seal();
        const auto entries = journal.read({.kind = "item.granted"});
        REQUIRE_FALSE(entries.empty());
        const auto& given = entries.front();
        REQUIRE(journal.name_of(given.about) == "Nadia Haddad");
        REQUIRE(journal.read({.person = site.colleague}).size() == 2); // the name, and what was given
        site.db.write_now([&](db::Tx& tx) { audit_forget(tx, site.colleague); });
        CHECK(journal.name_of(given.about).empty());
        CHECK(journal.name_of(given.actor) == "Camille Bernard");
        CHECK(journal.read({.person = site.colleague}).empty());
        CHECK(journal.read().front().about == given.about); // the entry stays
        CHECK(site.db.read_now([](db::Tx& tx) { return tx.one<int>(count_people, {}); }) == 1);
        CHECK(journal.flaw().empty());
    });
}

TEST_CASE("the journal is read by item, person, kind and time, a page at a time") {
    on_each_site([](Site& site) {
        Journal journal{site};
        journal.happen("item.moved", 7);
        site.clock.advance(1_days);
        const auto second_day = site.clock.now();
        journal.give(subject(site.colleague), Role::View);
        site.clock.advance(1_days);
        const auto third_day = site.clock.now();
        journal.happen("item.trashed", 2);
        journal.write_up();
        CHECK(journal.read({.kind = "item.moved"}).size() == 7);
        CHECK(journal.read({.item = site.folder, .kind = "item.trashed"}).size() == 2);
        CHECK(journal.read({.item = ItemId{1}}).empty());
        CHECK(journal.read({.person = site.colleague, .kind = "item.granted"}).size() == 1);
        CHECK(journal.read({.item = site.folder, .person = site.teacher, .kind = "item.moved"}).size() == 7);
        CHECK(journal.read({.person = PersonId{5}}).empty());
        CHECK(journal.read({.from = third_day}).size() >= 2);
        CHECK(journal.read({.kind = "item.moved", .from = second_day}).empty());
        CHECK(journal.read({.kind = "item.granted", .from = second_day, .until = third_day}).size() == 1);
        CHECK(journal.read({.kind = "item.trashed", .until = third_day}).empty());
        auto page = journal.read({.kind = "item.moved"}, 3);
        REQUIRE(page.size() == 3);
        auto next = journal.read({.kind = "item.moved", .before = page.back().number}, 10);
        CHECK(next.size() == 4);
        CHECK(next.front().number < page.back().number);
        site.db.read_now([&](db::Tx& tx) {
            CHECK_QUERIES(
                tx, 4,
                audit_entries(tx, {.item = site.folder, .person = site.teacher, .from = second_day, .until = third_day},
                              100));
        });
    });
}

} // namespace preau::sharing

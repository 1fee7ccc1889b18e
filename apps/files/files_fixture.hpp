// For tests: this app at the school of tests/fixtures, and short ways to folders, files, rights and links.
#pragma once

#include "files/files.hpp"
#include "fixtures/school.hpp"
#include "sharing/link.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace preau::files::testing {

using fixtures::Fields;
using fixtures::Visitor;

struct Upload {
    std::string name;
    std::string bytes;
};
http::TestAnswer post_files(Visitor visitor, std::string target, const Fields& fields,
                            const std::vector<Upload>& uploads);
http::TestAnswer put(Visitor visitor, std::string target, std::string bytes, const Fields& headers = {});
// PUT (or another method) whose body breaks off after `bytes` although more was announced.
http::TestAnswer put_cut_off(fixtures::School& school, const Visitor& visitor, std::string target, std::string bytes,
                             http::Method method = http::Method::Put, const Fields& headers = {});

class TestSchool {
public:
    TestSchool(fixtures::School& school, Files& app)
        : base{school}, db{school.db}, clock{school.clock}, world{school.world}, files{app}, teacher{school.teacher},
          colleague{school.colleague}, space{school.space} {}

    fixtures::School& base;
    db::Database& db;
    ManualClock& clock;
    sharing::World& world;
    Files& files;
    PersonId teacher;   // Camille Bernard, has the space
    PersonId colleague; // Nadia Haddad
    ItemId space;

    Visitor as(PersonId person) { return base.as(person); }
    Visitor stranger() { return base.as_stranger(); }
    Visitor program(PersonId person) { return base.as_program(person); }
    Visitor by_links(std::vector<LinkId> links, std::string nickname = {}) {
        return base.with_passes(std::move(links), std::move(nickname));
    }
    std::vector<std::string> events() { return base.events(); }
    // Whether so many files are left on disk. What was given up is removed beside the answer, so it is waited for.
    bool keeps_files(std::size_t count) const;

    ItemId make_folder(ItemId parent, std::string name);
    ItemId put_file(ItemId parent, std::string name, std::string bytes);
    void give(ItemId item, Subject to, Role role);
    void take(ItemId item, Subject from) { give(item, from, Role::None); }
    LinkId link(ItemId item, Role role, bool deposit, std::optional<Millis> until = {});
    void revoke(LinkId link);
    std::vector<std::string> names_in(ItemId parent); // as the database has them, in the order they were made
    std::optional<ItemId> child(ItemId parent, std::string_view name);
};

// On SQLite and on PostgreSQL; on SQLite alone where the database says nothing. `prepare` runs before the app opens.
void on_each_school(const std::function<void(TestSchool&)>& body);
void on_sqlite_school(const std::function<void(TestSchool&)>& body,
                      const std::function<void(fixtures::School&)>& prepare = {});

} // namespace preau::files::testing

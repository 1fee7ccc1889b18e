#include "identity/groups.hpp"

#include "identity_fixture.hpp"

#include "db/checks.hpp"

#include <atomic>
#include <fmt/core.h>
#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {

using Names = std::vector<std::string>;
Viewer seen(db::Tx& tx, PersonId who) { return find_viewer(tx, who).value(); }
template <class T> std::string key_of(const Result<T>& result) { return result ? "" : result.error().key; }

struct Staffroom : IdentityFixture {
    explicit Staffroom(db::Database& database) : IdentityFixture{database} {
        third = person("third", "Éric Ménard");
        outsider = person("outsider", "Maxime Payet");
        db.write_now([this](db::Tx& tx) {
            academy = create_structure(tx, ids, {.name = "Académie", .kind = "academy"});
            college = create_structure(tx, ids, {.parent = academy, .name = "Collège", .kind = "school"});
            elsewhere = create_structure(tx, ids, {.name = "Ailleurs", .kind = "school"});
            for (auto who : {teacher, colleague, third}) add_function(tx, who, college, "teacher");
            add_function(tx, outsider, elsewhere, "teacher");
        });
    }
    Viewer as(PersonId who) {
        return db.read_now([&](db::Tx& tx) { return find_viewer(tx, who).value(); });
    }
    template <class Deed> auto write(GroupId group, Deed deed) {
        return db.write_now([&](db::Tx& tx) { return deed(tx); }, db::lane_of(group));
    }
    GroupId found(std::string name, Joining joining, StructureId in) {
        return write({},
                     [&](db::Tx& tx) {
                         return found_group(tx, ids, seen(tx, teacher),
                                            {.name = name, .joining = joining, .structure = in}, clock.now());
                     })
            .value();
    }
    std::string join(PersonId who, GroupId group) {
        return write(group, [&](db::Tx& tx) { return key_of(join_group(tx, seen(tx, who), group, clock.now())); });
    }
    std::string ask(PersonId who, GroupId group, std::string message = "Bonjour") {
        return write(group,
                     [&](db::Tx& tx) { return key_of(ask_to_join(tx, seen(tx, who), group, message, clock.now())); });
    }
    std::string decide(PersonId by, GroupId group, PersonId who, Decision decision) {
        return write(group, [&](db::Tx& tx) {
            return key_of(decide_request(tx, seen(tx, by), group, who, decision, clock.now()));
        });
    }
    std::string leave(PersonId who, GroupId group) {
        return write(group, [&](db::Tx& tx) { return key_of(leave_group(tx, seen(tx, who), group)); });
    }
    std::string set_role(PersonId by, GroupId group, PersonId who, GroupRole role) {
        return write(group, [&](db::Tx& tx) { return key_of(set_group_role(tx, seen(tx, by), group, who, role)); });
    }
    GroupCard card(GroupId group) {
        return db.read_now([&](db::Tx& tx) { return group_card(tx, group).value(); });
    }
    Names members(GroupId group) {
        Names names;
        for (auto& row : db.read_now([&](db::Tx& tx) { return members_of(tx, group, {}, 100); }))
            names.push_back(row.name);
        return names;
    }
    PersonId third, outsider;
    StructureId academy, college, elsewhere;
};

template <class Body> void with_staffroom(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        Staffroom staffroom{db};
        body(staffroom);
    });
}

} // namespace

TEST_CASE("an open group of the académie is joined at once by who works below it, and is nothing to others") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Sciences", Joining::Open, s.academy);
        CHECK(s.join(s.outsider, group) == "identity.group");
        CHECK(s.join(s.colleague, group) == "");
        CHECK(s.join(s.colleague, group) == ""); // pressed twice
        CHECK(s.card(group).members == 2);
        CHECK(s.members(group) == Names{"Camille Bernard", "Nadia Haddad"});
        CHECK(s.as(s.colleague).is(subject(group)));
        CHECK(s.leave(s.colleague, group) == "");
        CHECK_FALSE(s.as(s.colleague).is(subject(group)));
        CHECK(s.card(group).members == 1);
    });
}

TEST_CASE("a moderated group lets in whom an owner or animator accepts, once") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Sciences", Joining::Moderated, s.college);
        CHECK(s.join(s.colleague, group) == "identity.group_closed");
        CHECK(s.ask(s.colleague, group) == "");
        CHECK(s.ask(s.colleague, group, "Encore moi") == "");
        CHECK(s.card(group).requests == 1);
        auto asked = s.db.read_now([&](db::Tx& tx) { return requests_of(tx, group, 10); });
        REQUIRE(asked.size() == 1);
        CHECK(asked[0].message == "Encore moi");
        CHECK(s.decide(s.third, group, s.colleague, Decision::Accept) == "identity.group_role");
        CHECK(s.decide(s.outsider, group, s.colleague, Decision::Accept) == "identity.group");
        CHECK(s.decide(s.teacher, group, s.colleague, Decision::Accept) == "");
        CHECK(s.decide(s.teacher, group, s.colleague, Decision::Accept) == "identity.group_request");
        CHECK(s.card(group).requests == 0);
        CHECK(s.card(group).members == 2);
        CHECK(s.ask(s.colleague, group) == "identity.group_member");
        CHECK(s.set_role(s.teacher, group, s.colleague, GroupRole::Animator) == "");
        CHECK(s.ask(s.third, group) == "");
        CHECK(s.decide(s.colleague, group, s.third, Decision::Refuse) == "");
        CHECK(s.members(group) == Names{"Camille Bernard", "Nadia Haddad"});
        CHECK(s.ask(s.third, group, std::string(501, 'x')) == "identity.group_words");
    });
}

TEST_CASE("a closed group is known to members and invited people alone") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Direction", Joining::ByInvitation, s.college);
        CHECK(s.ask(s.colleague, group) == "identity.group");
        auto invite = [&](PersonId by, PersonId who) {
            return s.write(group, [&](db::Tx& tx) {
                return key_of(invite_to_group(tx, seen(tx, by), group, who, s.clock.now()));
            });
        };
        auto answer = [&](PersonId who, Decision decision) {
            return s.write(group, [&](db::Tx& tx) {
                return key_of(answer_invitation(tx, seen(tx, who), group, decision, s.clock.now()));
            });
        };
        CHECK(invite(s.colleague, s.third) == "identity.group");
        CHECK(answer(s.outsider, Decision::Accept) == "identity.group");
        CHECK(invite(s.teacher, s.outsider) == ""); // invitations reach beyond the school
        CHECK(answer(s.outsider, Decision::Accept) == "");
        CHECK(s.members(group) == Names{"Camille Bernard", "Maxime Payet"});
        CHECK(invite(s.outsider, s.third) == "identity.group_role"); // a member does not invite
        CHECK(invite(s.teacher, s.outsider) == "identity.group_member");
        CHECK(invite(s.teacher, PersonId{99}) == "identity.group_nobody");
        CHECK(invite(s.teacher, s.third) == "");
        CHECK(answer(s.third, Decision::Refuse) == "");
        CHECK(answer(s.third, Decision::Accept) == "identity.group");
        CHECK(s.card(group).members == 2);
    });
}

TEST_CASE("the last owner names a successor first, also when two leave at once") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Sciences", Joining::Open, s.college);
        s.join(s.colleague, group);
        CHECK(s.leave(s.teacher, group) == "identity.group_last_owner");
        CHECK(s.set_role(s.teacher, group, s.teacher, GroupRole::Member) == "identity.group_last_owner");
        CHECK(s.set_role(s.colleague, group, s.colleague, GroupRole::Owner) == "identity.group_role");
        CHECK(s.set_role(s.teacher, group, s.colleague, GroupRole::Owner) == "");
        std::atomic<int> left = 0;
        std::vector<std::thread> threads;
        for (auto who : {s.teacher, s.colleague}) threads.emplace_back([&, who] { left += s.leave(who, group) == ""; });
        for (auto& thread : threads) thread.join();
        CHECK(left == 1);
        CHECK(s.card(group).members == 1);
    });
}

TEST_CASE("an animator removes members, not owners; a stranger nobody") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Sciences", Joining::Open, s.college);
        for (auto who : {s.colleague, s.third}) s.join(who, group);
        auto remove = [&](PersonId by, PersonId who) {
            return s.write(group, [&](db::Tx& tx) { return key_of(remove_member(tx, seen(tx, by), group, who)); });
        };
        CHECK(remove(s.colleague, s.third) == "identity.group_role");
        s.set_role(s.teacher, group, s.colleague, GroupRole::Animator);
        CHECK(remove(s.colleague, s.teacher) == "identity.group_role");
        CHECK(remove(s.outsider, s.third) == "identity.group");
        CHECK(remove(s.colleague, s.third) == "");
        CHECK(s.members(group) == Names{"Camille Bernard", "Nadia Haddad"});
    });
}

TEST_CASE("groups are discovered nearest structure first, by keys, without those one is in") {
    with_staffroom([](Staffroom& s) {
        s.found("Zèbres", Joining::Open, s.college);
        s.found("Échecs", Joining::Moderated, s.college);
        s.found("Direction", Joining::ByInvitation, s.college);
        s.found("Ailleurs", Joining::Open, s.academy);
        auto mine = s.found("Chorale", Joining::Open, s.college);
        s.join(s.colleague, mine);
        Names met;
        DiscoverKey after;
        for (int page = 0; page < 5; ++page) {
            auto found =
                s.db.read_now([&](db::Tx& tx) { return groups_to_discover(tx, seen(tx, s.colleague), after, 2); });
            for (auto& group : found.groups) met.push_back(group.name);
            if (!found.next) break;
            after = *found.next;
        }
        CHECK(met == Names{"Échecs", "Zèbres", "Ailleurs"});
        auto nothing = s.db.read_now([&](db::Tx& tx) { return groups_to_discover(tx, seen(tx, s.outsider), {}, 10); });
        CHECK(nothing.groups.empty());
        auto search = [&](PersonId who, std::string typed) {
            Names names;
            for (auto& group : s.db.read_now([&](db::Tx& tx) { return search_groups(tx, seen(tx, who), typed); }))
                names.push_back(group.name);
            return names;
        };
        CHECK(search(s.colleague, "éch") == Names{"Échecs"});
        CHECK(search(s.colleague, "chor") == Names{"Chorale"});
        CHECK(search(s.colleague, "direction") == Names{});
        CHECK(search(s.outsider, "éch") == Names{});
        auto own = s.db.read_now([&](db::Tx& tx) { return my_groups(tx, s.teacher, {}, 3); });
        REQUIRE(own.size() == 3);
        CHECK(own[0].name == "Ailleurs");
        auto rest =
            s.db.read_now([&](db::Tx& tx) { return my_groups(tx, s.teacher, {own[2].sort, own[2].id.value}, 9); });
        CHECK(rest.size() == 2);
    });
}

TEST_CASE("a link lets staff in until it is ended, nobody by another one, and no guest") {
    with_staffroom([](Staffroom& s) {
        const std::string key = "a key of the server";
        auto group = s.found("Projet", Joining::ByInvitation, {});
        auto made = s.write(
            group, [&](db::Tx& tx) { return make_group_link(tx, s.ids, seen(tx, s.teacher), group, s.clock.now()); });
        REQUIRE(made);
        const auto token = group_link_token(key, made->id);
        auto open = [&](PersonId who, std::string text) {
            return s.db.read_now(
                [&](db::Tx& tx) { return open_group_link(tx, seen(tx, who), key, text, s.clock.now()); });
        };
        CHECK(key_of(open(s.outsider, token)) == "");
        CHECK(key_of(open(s.outsider, token + "x")) == "identity.group_link");
        CHECK(key_of(open(s.outsider, to_text(made->id))) == "identity.group_link");
        CHECK(s.write(group, [&](db::Tx& tx) { return join_by_link(tx, seen(tx, s.outsider), *made, s.clock.now()); }));
        CHECK(s.members(group) == Names{"Camille Bernard", "Maxime Payet"});
        CHECK(key_of(s.write(group, [&](db::Tx& tx) {
                  return make_group_link(tx, s.ids, seen(tx, s.outsider), group, s.clock.now());
              })) == "identity.group_role");
        CHECK(
            s.write(group, [&](db::Tx& tx) { return end_group_link(tx, seen(tx, s.teacher), group, s.clock.now()); }));
        CHECK(key_of(open(s.colleague, token)) == "identity.group_link");
        CHECK(key_of(s.write(group, [&](db::Tx& tx) {
                  return join_by_link(tx, seen(tx, s.colleague), *made, s.clock.now());
              })) == "identity.group_link");
        auto again = s.write(
            group, [&](db::Tx& tx) { return make_group_link(tx, s.ids, seen(tx, s.teacher), group, s.clock.now()); });
        s.clock.advance(group_link_lifetime);
        CHECK(key_of(open(s.colleague, group_link_token(key, again->id))) == "identity.group_link");
    });
}

TEST_CASE("a page of a large group is one query from its key on, and its number is not counted") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Grand", Joining::Open, s.college);
        s.db.write_now([&](db::Tx& tx) {
            for (int i = 0; i < 60; ++i) {
                auto made = create_person(tx, s.ids, s.clock.now(),
                                          {.login = fmt::format("many{}", i), .name = fmt::format("Zoé {:02}", i)});
                add_member(tx, group, made->id, "member");
            }
        });
        s.db.read_now([&](db::Tx& tx) {
            CHECK_QUERIES(tx, 1, CHECK(group_card(tx, group)->members == 61));
            std::vector<MemberRow> first;
            CHECK_QUERIES(tx, 1, first = members_of(tx, group, {}, 25));
            REQUIRE(first.size() == 25);
            auto second = members_of(tx, group, {first.back().sort, first.back().person.value}, 25);
            CHECK(second.front().name == "Zoé 24"); // Camille Bernard came first
        });
        s.db.write_now([&](db::Tx& tx) { add_member(tx, group, s.colleague, "owner"); });
        s.db.write_now([&](db::Tx& tx) { add_member(tx, group, s.colleague, "member"); }); // again: the role changes
        CHECK(s.card(group).members == 62);
        auto found = s.db.read_now([&](db::Tx& tx) { return members_named(tx, seen(tx, s.teacher), group, "zoé 31"); });
        REQUIRE(found.size() == 1);
        CHECK(found[0].name == "Zoé 31");
    });
}

TEST_CASE("the staff of a class edit its roster, others do not, and a plain group has none") {
    with_staffroom([](Staffroom& s) {
        auto klass = s.db.write_now([&](db::Tx& tx) {
            auto made = create_group(tx, s.ids, {.name = "6e B", .kind = "class", .structure = s.college});
            add_member(tx, made, s.teacher, "owner");
            return made;
        });
        auto plain = s.found("Sciences", Joining::Open, s.college);
        auto add = [&](PersonId who, GroupId group, std::string name) {
            return s.write(group,
                           [&](db::Tx& tx) { return key_of(add_to_roster(tx, s.ids, seen(tx, who), group, name)); });
        };
        CHECK(add(s.colleague, klass, "Lina Lemaire") == "identity.group");
        CHECK(add(s.teacher, plain, "Lina Lemaire") == "identity.group");
        CHECK(add(s.teacher, klass, "x") == "text_too_short");
        CHECK(add(s.teacher, klass, "Lina Lemaire") == "");
        auto pupils = s.db.read_now([&](db::Tx& tx) { return pupils_of(tx, klass); });
        REQUIRE(pupils.size() == 1);
        auto take = [&](PersonId who) {
            return s.write(klass, [&](db::Tx& tx) {
                return key_of(take_off_roster(tx, seen(tx, who), klass, pupils[0].id.value));
            });
        };
        CHECK(take(s.colleague) == "identity.group");
        CHECK(take(s.teacher) == "");
        CHECK(take(s.teacher) == "identity.pupil");
    });
}

TEST_CASE("somebody with a new name stands where it belongs in each of their groups") {
    with_staffroom([](Staffroom& s) {
        auto group = s.found("Sciences", Joining::Open, s.college);
        CHECK(s.join(s.colleague, group) == "");
        CHECK(s.members(group) == Names{"Camille Bernard", "Nadia Haddad"});
        CHECK(s.db.write_now([&](db::Tx& tx) { return key_of(set_name(tx, s.colleague, "Aya Haddad")); }) == "");
        CHECK(s.members(group) == Names{"Aya Haddad", "Camille Bernard"});
    });
}

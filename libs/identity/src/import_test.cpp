#include "import_fixture.hpp"

#include "identity/attachments.hpp"
#include "identity/structure_detail.hpp"

namespace preau::identity {
namespace {

const ImportDifference* find(const ImportReport& report, std::string_view what, std::string_view key) {
    auto found =
        std::ranges::find_if(report.differences, [&](const auto& d) { return d.what == what && d.key == key; });
    return found == report.differences.end() ? nullptr : &*found;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    std::string copy{text};
    auto at = copy.find(what);
    REQUIRE(at != std::string::npos);
    return copy.replace(at, what.size(), with);
}

} // namespace

TEST_CASE("a school comes from three lists, and the same lists again change nothing") {
    with_imports([](ImportFixture& school) {
        auto dry = school.plan(whole_school());
        CHECK(dry.structures.begins == 3);
        CHECK(dry.people.begins == 3);
        CHECK(dry.classes.begins == 1);
        CHECK(dry.mistakes.empty());
        CHECK(school.functions_of("anne.petit") == "none"); // a plan writes nothing

        auto done = school.bring(whole_school());
        CHECK(done.people.begins == 3);
        CHECK(done.people.refused == 0);
        CHECK(school.functions_of("anne.petit") == "Collège A,Lycée B");
        CHECK(school.functions_of("bea.roux") == "Collège A");
        CHECK(school.functions_of("anne.petit2") == "Lycée B"); // another person of the same name
        auto classes = school.groups("bea.roux");
        REQUIRE(classes.size() == 1);
        CHECK(classes[0].name == "6e A");
        CHECK(school.pupils(classes[0].id) == std::vector<std::string>{"Adam Aubert", "Lina Lemaire"});

        auto again = school.plan(whole_school());
        CHECK(again.changes() == 0);
        CHECK(again.structures.unchanged == 3);
        CHECK(again.people.unchanged == 3);
        CHECK(again.classes.unchanged == 1);
        CHECK(again.differences.empty());
    });
}

TEST_CASE("a difference is shown as it was and as it will be, then made") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto files = whole_school();
        *files.structures = replaced(*files.structures, "Lycée B", "Lycée Bachelard");
        *files.people = replaced(*files.people, "Béa Roux;bea@ac.fr;a:head", "Béa Martin;bea.martin@ac.fr;b:head");
        *files.classes =
            replaced(*files.classes, "p1|p2;Lina Lemaire|e2:Adam Aubert", "p1;e2:Adam Aubert-Roy|Zoé Zola");
        auto dry = school.plan(files);
        CHECK(dry.structures.changes == 1);
        CHECK(dry.people.changes == 1);
        CHECK(dry.classes.changes == 1);
        const auto* person = find(dry, "changes", "p2");
        REQUIRE(person);
        REQUIRE(person->fields.size() == 3);
        CHECK(person->fields[0].before == "Béa Roux");
        CHECK(person->fields[0].after == "Béa Martin");
        CHECK(person->fields[2].before == "Collège A (head)");
        CHECK(person->fields[2].after == "Lycée B (head)");

        school.bring(files);
        CHECK(school.functions_of("bea.roux") == "Lycée Bachelard"); // the login stays
        auto classes = school.groups("anne.petit");
        REQUIRE(classes.size() == 1);
        CHECK(school.pupils(classes[0].id) == std::vector<std::string>{"Adam Aubert-Roy", "Zoé Zola"});
        CHECK(school.groups("bea.roux").empty());
        CHECK(school.plan(files).changes() == 0);
        school.db.read_now([&](db::Tx& tx) {
            auto found = search_directory(tx, *find_viewer(tx, school.teacher), "béa mar");
            REQUIRE(found.size() == 1);
            CHECK(found[0].name == "Béa Martin");
            CHECK(search_directory(tx, *find_viewer(tx, school.teacher), "béa roux").empty());
        });
    });
}

TEST_CASE(
    "who is missing loses what the list gave, and the account when nothing is left; they come back as themselves") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto files = whole_school();
        files.people = "key;name;mail;functions\n"
                       "p1;Anne Petit;anne@ac.fr;0590001A:teacher\n"
                       "p3;Anne Petit;;0590002B:teacher\n";
        files.classes = std::nullopt;
        auto before = school.db.read_now([](db::Tx& tx) { return find_person_by_login(tx, "bea.roux")->id; });
        auto done = school.bring(files);
        CHECK(done.people.ends == 1);
        CHECK(done.people.changes == 1);
        CHECK(school.functions_of("bea.roux") == "closed");
        CHECK(school.functions_of("anne.petit") == "Collège A");
        CHECK(school.plan(files).changes() == 0); // ended once

        files.people = std::string{people_list};
        auto back = school.bring(files);
        CHECK(back.people.changes == 2);
        CHECK(school.functions_of("bea.roux") == "Collège A");
        auto after = school.db.read_now([](db::Tx& tx) { return find_person_by_login(tx, "bea.roux")->id; });
        CHECK(before == after);
    });
}

TEST_CASE("a class that is missing keeps its page and loses its staff") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto id = school.groups("anne.petit")[0].id;
        auto done = school.bring({.classes = "key;structure;name\n"});
        CHECK(done.classes.ends == 1);
        CHECK(school.groups("anne.petit").empty());
        school.db.read_now([&](db::Tx& tx) { CHECK(find_group(tx, id).has_value()); });
        school.bring(whole_school());
        CHECK(school.groups("anne.petit")[0].id == id);
    });
}

TEST_CASE("nobody becomes somebody else by a mail address, and no row is known by one") {
    with_imports([](ImportFixture& school) {
        ImportFiles files{.structures = std::string{school_list},
                          .people = "key;name;mail;functions\n"
                                    "p1;Camille Faux;camille.bernard@ac-lille.fr;a:head\n" // the teacher's address
                                    "x@y.fr;Zoé Zola;zoe@ac.fr;a:teacher\n"
                                    "p3;Léa Un;lea@ac.fr;a:teacher\n"
                                    "p4;Léa Deux;LEA@ac.fr;a:teacher\n"};
        auto done = school.bring(files);
        CHECK(done.people.begins == 1);
        CHECK(done.people.refused == 2);
        CHECK(find(done, "refused", "p1")->reason == "import.mail_taken");
        CHECK(find(done, "refused", "p4")->reason == "import.mail_twice");
        REQUIRE(done.mistakes.size() == 1);
        CHECK(done.mistakes[0].reason == "import.key_is_mail");
        school.db.read_now([&](db::Tx& tx) { CHECK(find_person(tx, school.teacher)->name == "Camille Bernard"); });
        CHECK(school.functions_of("camille.faux") == "none");
    });
}

TEST_CASE("a new line with the address of somebody in the list costs them nothing") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        const std::string wrong = "a0;Ugo Vent;Bea@ac.fr;a:teacher\n"; // before the others in either order
        auto files = whole_school();
        files.people = replaced(*files.people, "p1;", wrong + "p1;");
        *files.people = replaced(*files.people, "Béa Roux", "Béa Martin");
        auto done = school.bring(files);
        CHECK(done.people.changes == 1);
        CHECK(done.people.refused == 1);
        CHECK(find(done, "refused", "a0")->reason == "import.mail_twice");
        school.db.read_now([](db::Tx& tx) { CHECK(find_person_by_login(tx, "bea.roux")->name == "Béa Martin"); });
    });
}

TEST_CASE("lines that cannot be taken are told with their reason, and what they stand for does not end") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        ImportFiles files{.structures = "key;parent;kind;name;uai\n"
                                        "ac;;academy;Académie de Lille;\n"
                                        "a;b;school;Collège A;0590001A\n" // each below the other
                                        "b;a;school;Lycée B;0590002B\n"
                                        "c;ac;castle;Château;\n"
                                        "d;ac;school;Double;0590001A\n"
                                        "e;nowhere;school;Perdu;\n",
                          .people = "key;name;mail;functions\n"
                                    "p1;Anne Petit;anne@ac.fr;0999999Z:teacher\n"
                                    "p2;Béa Roux;bea@ac.fr;head\n"
                                    "p3;Anne Petit;not an address;a:teacher\n"};
        auto report = school.plan(files);
        CHECK(report.structures.refused == 5);
        CHECK(report.structures.ends == 0);
        CHECK(find(report, "refused", "a")->reason == "import.parent_circle");
        CHECK(find(report, "refused", "b")->reason == "import.parent_circle");
        CHECK(find(report, "refused", "c")->reason == "import.kind_unknown");
        CHECK(find(report, "refused", "d")->reason == "import.uai_taken");
        CHECK(find(report, "refused", "e")->reason == "import.parent_unknown");
        CHECK(report.people.refused == 3);
        CHECK(report.people.ends == 0);
        CHECK(find(report, "refused", "p1")->reason == "import.structure_unknown");
        CHECK(find(report, "refused", "p1")->value == "0999999Z");
        CHECK(find(report, "refused", "p2")->reason == "import.function_malformed");
        CHECK(find(report, "refused", "p3")->reason == "import.mail_malformed");
    });
}

TEST_CASE("a structure that is there under its UAI gets the key; one that moves takes its people along") {
    with_imports([](ImportFixture& school) {
        auto made = school.db.write_now([&](db::Tx& tx) {
            return create_structure(tx, school.ids,
                                    {.name = "Collège A (provisoire)", .kind = "school", .uai = "0590001A"});
        });
        school.bring(whole_school());
        school.db.read_now([&](db::Tx& tx) {
            CHECK(find_structure(tx, made)->name == "Collège A");
            CHECK(structures_above(tx, made).front().name == "Académie de Lille");
        });
        auto files = whole_school();
        *files.structures = replaced(*files.structures, "a;ac;school", "a;b;school");
        CHECK(school.bring(files).structures.changes == 1);
        school.db.read_now([&](db::Tx& tx) { CHECK(structures_above(tx, made).size() == 3); });
    });
}

TEST_CASE("a list for a part of the tree reaches nothing outside it") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto college = school.db.read_now(
            [](db::Tx& tx) { return find_viewer(tx, find_person_by_login(tx, "bea.roux")->id)->subjects; });
        StructureId within;
        school.db.read_now([&](db::Tx& tx) {
            for (auto subject : college)
                if (subject.kind == Subject::Kind::Structure &&
                    find_structure(tx, StructureId{subject.id})->name == "Collège A")
                    within = StructureId{subject.id};
        });
        ImportOptions options{.source = "college-a", .within = within};
        auto report =
            school.plan({.structures = "key;parent;kind;name;uai\nx;0590002B;school;Annexe;\ny;;school;Racine;\n"
                                       "z;0590001A;school;Annexe A;\nw;0590001A;school;Voisin;0590002B\n",
                         .people = "key;name;mail;functions\n"
                                   "q1;Hugo Dedans;;0590001A:teacher\n"
                                   "q2;Inès Dehors;;0590002B:head\n"},
                        options);
        CHECK(report.structures.begins == 1);
        CHECK(find(report, "refused", "x")->reason == "import.outside");
        CHECK(find(report, "refused", "y")->reason == "import.parent_missing");
        CHECK(find(report, "refused", "w")->reason == "import.outside");
        CHECK(report.people.begins == 1);
        CHECK(find(report, "refused", "q2")->reason == "import.outside");
    });
}

TEST_CASE("a structure that is missing closes when nobody works there any more, and opens when it comes back") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto lycee = school.structure("0590002B");
        auto files = whole_school();
        *files.structures = replaced(*files.structures, "b;ac;school;Lycée B;0590002B\n", "");
        files.people = std::nullopt;
        files.classes = std::nullopt;
        // A line was lost, and two people work there: nobody loses anything.
        auto lost = school.bring(files);
        CHECK(lost.structures.ends == 0);
        CHECK(lost.structures.refused == 1);
        CHECK(find(lost, "refused", "b")->reason == "import.structure_inhabited");
        CHECK(school.functions_of("anne.petit2") == "Lycée B");

        files.people = "key;name;mail;functions\n"
                       "p1;Anne Petit;anne@ac.fr;a:teacher\np2;Béa Roux;bea@ac.fr;a:head\np3;Anne Petit;;a:teacher\n";
        auto done = school.bring(files);
        CHECK(done.structures.ends == 1);
        CHECK(school.functions_of("anne.petit2") == "Collège A");
        school.db.read_now([&](db::Tx& tx) { CHECK(is_closed(tx, lycee)); });
        CHECK(school.plan(files).changes() == 0);

        // Somebody at a closed structure is refused, and stays what they are.
        auto stale = whole_school();
        stale.structures = std::nullopt;
        stale.classes = std::nullopt;
        auto refused = school.bring(stale);
        CHECK(refused.people.refused == 2);
        CHECK(refused.people.ends == 0);
        CHECK(find(refused, "refused", "p3")->reason == "import.structure_closed");
        CHECK(school.functions_of("anne.petit2") == "Collège A");

        auto back = school.bring(whole_school());
        CHECK(back.structures.changes == 1);
        CHECK(back.people.refused == 0);
        CHECK(school.functions_of("anne.petit2") == "Lycée B");
        CHECK(school.structure("0590002B") == lycee);
        CHECK(school.plan(whole_school()).changes() == 0);
    });
}

TEST_CASE("what an administrator gave by hand is not the list's to take") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto college = school.structure("0590001A");
        auto bea = school.db.read_now([](db::Tx& tx) { return find_person_by_login(tx, "bea.roux")->id; });
        school.db.write_now([&](db::Tx& tx) {
            return give_function(
                       tx, {.person = bea, .structure = college, .function = "trainer", .given_by = school.teacher},
                       school.clock.now())
                .has_value();
        });
        ImportFiles files{.people = "key;name;mail;functions\n"
                                    "p1;Anne Petit;anne@ac.fr;0590001A:teacher|0590002B:trainer\n"
                                    "p3;Anne Petit;;0590002B:teacher\n"};
        CHECK(school.bring(files).people.ends == 1);
        CHECK(school.functions_of("bea.roux") == "Collège A");
        school.db.read_now([&](db::Tx& tx) {
            auto lines = functions_of(tx, bea, 10);
            REQUIRE(lines.size() == 2);
            CHECK(lines[0].attachment.function == "trainer");
            CHECK(lines[1].attachment.function == "head");
            CHECK(lines[1].attachment.state == Attachment::State::Over);
        });
    });
}

TEST_CASE("a school in a zone of its own, and a zone that nobody knows") {
    with_imports([](ImportFixture& school) {
        ImportFiles files{.structures = "key;kind;name;zone\nr;school;Collège des Cirques;Indian/Reunion\n"
                                        "x;school;Ailleurs;Mars/Olympus\n"};
        auto done = school.bring(files);
        CHECK(done.structures.begins == 1);
        CHECK(find(done, "refused", "x")->reason == "import.zone_malformed");
    });
}

TEST_CASE("an account beyond one's reach keeps its name and address") {
    with_imports([](ImportFixture& school) {
        school.bring(whole_school());
        auto files = whole_school();
        *files.people = replaced(*files.people, "bea@ac.fr", "mine@attacker.fr");
        std::optional<ImportPlan> plan;
        school.db.read_now([&](db::Tx& tx) { plan.emplace(std::move(*plan_import(tx, files, {}))); });
        ImportHooks hooks{.permission = [](db::Tx&, PersonId) { return false; }, .progress = {}, .roster = {}};
        auto done = sync_wait(carry_out_import(school.db, school.clock, school.ids, std::move(*plan), hooks));
        REQUIRE(done);
        CHECK(done->people.changes == 0);
        CHECK(done->people.refused == 1);
        school.db.read_now([](db::Tx& tx) { CHECK(find_person_by_login(tx, "bea.roux")->mail == "bea@ac.fr"); });
    });
}

TEST_CASE("a source is a word, and something must be imported") {
    with_imports([](ImportFixture& school) {
        auto refusal = [&](const ImportFiles& files, const ImportOptions& options) {
            return school.db.read_now([&](db::Tx& tx) { return plan_import(tx, files, options).error().key; });
        };
        CHECK(refusal({}, {}) == "import.nothing");
        CHECK(refusal({.people = "key;name;functions\n"}, {.source = "Not A Word"}) == "import.source");
        CHECK(refusal({.people = std::string{"\x89PNG\0", 5}}, {}) == "csv_not_text");
        CHECK(refusal({.people = "key;name;functions\n"}, {.within = StructureId{77}}) == "import.structure");
    });
}

} // namespace preau::identity

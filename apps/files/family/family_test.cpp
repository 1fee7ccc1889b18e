#include "base/secret.hpp"
#include "base/text.hpp"
#include "files/family/deposit_service.hpp"
#include "files/family/handin_waits.hpp"
#include "files/files_fixture.hpp"
#include "web/day.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;

namespace {

std::string page_of(ItemId item) { return "/files/" + to_text(item); }
std::string deposit_path(ItemId item) { return "/files/" + to_text(item) + "/deposit"; }

struct Week { // the folder of the week, with a worksheet
    explicit Week(TestSchool& school)
        : folder{school.make_folder(school.space, "Volcans")}, sheet{school.put_file(folder, "Fiche.pdf", "%PDF")} {
        school.events();
    }
    ItemId folder, sheet;
};

} // namespace

TEST_CASE("a parent with a link sees what is there to take, and nothing else") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto below = school.make_folder(week.folder, "Images");
        school.put_file(below, "coupe.png", "png");
        auto secret = school.put_file(school.space, "Notes du conseil.odt", "secret");
        auto until = school.clock.now() + 5_days;
        auto parent = school.by_links({school.link(week.folder, Role::View, false, until)});
        auto page = parent.get(page_of(week.folder));
        CHECK(page.status == 200);
        auto end = web::Locale::of(web::Language::French).date(until, "Europe/Paris");
        for (std::string text :
             {"Collège Jean-Moulin", "Camille Bernard", "Volcans", "Fiche.pdf", "Images", end.c_str()}) {
            CAPTURE(text);
            CHECK(page.body.contains(text));
        }
        CHECK_FALSE(page.body.contains("Rendre le travail"));
        CHECK_FALSE(page.body.contains("Mes fichiers"));
        auto inside = parent.get(page_of(below));
        CHECK(inside.body.contains("coupe.png"));
        CHECK(inside.body.contains("Volcans")); // the way back, as far as the shared folder
        CHECK_FALSE(inside.body.contains("Mes fichiers"));

        CHECK(parent.get(page_of(week.sheet) + "/download").status == 302);
        CHECK(parent.get(page_of(secret)).status == 404);
        CHECK(parent.get(page_of(school.space)).status == 404);
        CHECK(parent.get(page_of(secret) + "/download").status == 404);
        CHECK(post_files(parent, deposit_path(week.folder), {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status == 403);
        CHECK(parent.post(page_of(week.folder) + "/folders", {{"name", "x"}}).status == 401);
        CHECK_FALSE(school.child(week.folder, "Rendus"));
    });
}

TEST_CASE("the last day that a family is told is the one that the sharing dialog says") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto until = web::end_of_day("2027-08-31", "Europe/Paris"); // its last moment is the midnight after
        REQUIRE(until);
        auto page = school.by_links({school.link(week.folder, Role::View, false, *until)}).get(page_of(week.folder));
        CHECK(page.body.contains("août"));
        CHECK(page.body.contains("31"));
        CHECK_FALSE(page.body.contains("septembre"));
    });
}

TEST_CASE("a link to one file shows that file") {
    on_sqlite_school([](TestSchool& school) {
        Week week{school};
        auto parent = school.by_links({school.link(week.sheet, Role::View, false)});
        auto page = parent.get(page_of(week.sheet));
        CHECK(page.status == 200);
        CHECK(page.body.contains("Fiche.pdf"));
        CHECK(parent.get(page_of(week.folder)).status == 404);
    });
}

TEST_CASE("a family hands in, gets a receipt, and only the teacher sees it") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto link = school.link(week.folder, Role::View, true);
        school.give(week.folder, subject(school.colleague), Role::Edit);
        school.events();
        auto parent = school.by_links({link});
        CHECK(parent.get(page_of(week.folder)).body.contains("Rendre le travail"));

        auto answer = post_files(parent, deposit_path(week.folder), {{"first_name", "  Lina "}},
                                 {{"photo.jpg", "jpeg 1"}, {"photo.jpg", "jpeg 2"}});
        REQUIRE_MESSAGE(answer.status == 303, answer.body);
        CHECK(school.events() == std::vector<std::string>{"item.created", "item.created", "file.handed_in",
                                                          "item.created", "file.handed_in"});
        auto handin = school.child(week.folder, "Rendus");
        REQUIRE(handin);
        CHECK(school.names_in(*handin) == std::vector<std::string>{"Lina – photo.jpg", "Lina – photo (2).jpg"});

        // The receipt: public by its secret address, printed or bookmarked.
        std::string address{answer.headers.find("location")};
        CHECK(address.starts_with("/files/receipts/"));
        CHECK(address.size() == std::string{"/files/receipts/"}.size() + 22);
        auto receipt = school.stranger().get(address);
        CHECK(receipt.status == 200);
        for (std::string text :
             {"Lina", "Lina – photo.jpg", "Volcans", "Camille Bernard", "Collège Jean-Moulin", "2\u00a0fichiers",
              "Seule la personne qui a partagé (Camille Bernard) verra ce dépôt"}) {
            CAPTURE(text);
            CHECK(receipt.body.contains(text));
        }
        CHECK(receipt.body.contains(hex(sha256("jpeg 1")).substr(0, 4)));
        CHECK(school.stranger().get(address + "x").status == 404);
        CHECK(school.stranger().get("/files/receipts/AAAAAAAAAAAAAAAAAAAAAA").status == 404);

        // Neither the family, nor another one, nor the colleague who may edit the folder sees what was handed in.
        auto file = school.child(*handin, "Lina – photo.jpg");
        for (auto other : {parent, school.by_links({link}), school.as(school.colleague)}) {
            CHECK_FALSE(other.get(page_of(week.folder)).body.contains("Rendus"));
            CHECK(other.get(page_of(*handin)).status == 404);
            CHECK(other.get(page_of(*file)).status == 404);
            CHECK(other.get(page_of(*file) + "/download").status == 404);
        }
        auto camille = school.as(school.teacher);
        auto listed = camille.get(page_of(week.folder)).body;
        CHECK(listed.contains("Rendus"));
        CHECK(listed.contains("2\u00a0dépôts"));
        CHECK(camille.get(page_of(*handin)).body.contains("Lina – photo.jpg"));
        CHECK(school.program(school.teacher).get("/api/files/" + to_text(*file) + "/content").body == "jpeg 1");
    });
}

TEST_CASE("a link that only takes shows the form and no file") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto parent = school.by_links({school.link(week.folder, Role::Deposit, true)}, "Lina");
        auto page = parent.get(page_of(week.folder));
        CHECK(page.status == 200);
        CHECK(page.body.contains("Rendre le travail"));
        CHECK(page.body.contains("value=\"Lina\"")); // the name given on entry
        CHECK_FALSE(page.body.contains("Fiche.pdf"));
        CHECK(parent.get(page_of(week.sheet)).status == 404);
        CHECK(parent.get(page_of(week.sheet) + "/download").status >= 403);
        CHECK(parent.get("/api/files/" + to_text(week.folder)).status == 403);
        CHECK(post_files(parent, deposit_path(week.folder), {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status == 303);
        CHECK(post_files(parent, deposit_path(week.folder), {{"first_name", "Tom"}}, {{"a.jpg", "x"}}).status == 303);
        // A person who came by the same link hands in by the same page.
        CHECK(school.child(*school.child(week.folder, "Rendus"), "Tom – a.jpg"));
        // The place of the hand-ins takes nothing by itself.
        auto handin = *school.child(week.folder, "Rendus");
        CHECK(post_files(parent, deposit_path(handin), {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status == 404);
    });
}

TEST_CASE("links that ended say so and take nothing") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto revoked = school.link(week.folder, Role::View, true);
        auto expiring = school.link(week.folder, Role::View, true, school.clock.now() + 1_h);
        auto first = school.by_links({revoked});
        auto second = school.by_links({expiring});
        CHECK(first.get(page_of(week.folder)).status == 200);
        CHECK(second.get(page_of(week.folder)).status == 200);
        school.revoke(revoked);
        school.clock.advance(2_h);
        school.events();
        for (auto parent : {first, second}) {
            auto page = parent.get(page_of(week.folder));
            CHECK(page.status == 410);
            CHECK(page.body.contains("Ce lien ne marche plus"));
            CHECK(post_files(parent, deposit_path(week.folder), {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status ==
                  401);
            CHECK(parent.get(page_of(week.sheet) + "/download").status == 410);
        }
        // A link to something else opens nothing here.
        auto elsewhere = school.by_links({school.link(school.make_folder(school.space, "Autre"), Role::View, true)});
        school.events();
        CHECK(elsewhere.get(page_of(week.folder)).status == 404);
        CHECK(post_files(elsewhere, deposit_path(week.folder), {{"first_name", "L"}}, {{"a.jpg", "x"}}).status == 404);
        CHECK(
            post_files(school.stranger(), deposit_path(week.folder), {{"first_name", "L"}}, {{"a.jpg", "x"}}).status ==
            401);
        CHECK(school.events().empty());
        CHECK(school.keeps_files(1));
    });
}

TEST_CASE("a form with something wrong comes back with what was typed, and nothing is kept") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto parent = school.by_links({school.link(week.folder, Role::View, true)});
        school.events();
        auto path = deposit_path(week.folder);
        struct Row {
            Fields fields;
            std::vector<files::testing::Upload> files;
            int status;
        };
        const std::vector<Row> table{
            {{{"first_name", "Lina"}}, {}, 422}, // no file
            {{{"first_name", "Lina"}}, {{"", ""}}, 422}, // an empty file input
            {{{"first_name", "   "}}, {{"a.jpg", "x"}}, 422}, // no name
            {{}, {{"a.jpg", "x"}}, 422}, // no field at all
            {{{"first_name", "Li/na"}}, {{"a.jpg", "x"}}, 422}, // no such file name
            {{{"first_name", "\xc3\x28"}}, {{"a.jpg", "x"}}, 400}, // not UTF-8
            {{{"first_name", std::string(61, 'x')}}, {{"a.jpg", "x"}}, 422},
            {{{"first_name", "Lina"}}, {{"a.jpg", "x"}, {".", "y"}}, 422}, // the second refuses both
        };
        for (const auto& row : table) {
            auto answer = post_files(parent, path, row.fields, row.files);
            CAPTURE(answer.body);
            CHECK(answer.status == row.status);
            CHECK(answer.body.contains("Rien n’a encore été rendu"));
        }
        CHECK(post_files(parent, path, {{"first_name", "Lina"}}, {}).body.contains("value=\"Lina\""));
        CHECK(post_files(parent, path, {{"first_name", "<b>Lina"}}, {}).body.contains("value=\"&lt;b&gt;Lina\""));
        school.files.limits.deposit = 3;
        CHECK(post_files(parent, path, {{"first_name", "Lina"}}, {{"a.jpg", "xxx"}, {"b.jpg", "xxxx"}}).status == 413);
        school.files.limits.deposits = 5;
        CHECK(post_files(parent, path, {{"first_name", "Lina"}}, {{"a.jpg", "xxx"}, {"b.jpg", "xxx"}}).status == 413);
        CHECK(school.events().empty());
        CHECK_FALSE(school.child(week.folder, "Rendus"));
        CHECK(school.keeps_files(1));
    });
}

TEST_CASE("the hand-in folder is found again when renamed, and made anew when thrown away") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        auto parent = school.by_links({school.link(week.folder, Role::View, true)});
        auto path = deposit_path(week.folder);
        REQUIRE(post_files(parent, path, {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status == 303);
        auto handin = *school.child(week.folder, "Rendus");
        auto camille = school.as(school.teacher);
        CHECK(camille.api(http::Method::Patch, "/api/files/" + to_text(handin), R"({"name":"Copies"})").status == 200);
        REQUIRE(post_files(parent, path, {{"first_name", "Tom"}}, {{"a.jpg", "x"}}).status == 303);
        CHECK(school.names_in(handin).size() == 2);
        CHECK(camille.api(http::Method::Delete, "/api/files/" + to_text(handin)).status == 200);
        auto answer = post_files(parent, path, {{"first_name", "Zoé"}}, {{"a.jpg", "x"}});
        REQUIRE(answer.status == 303);
        auto second = school.child(week.folder, "Rendus");
        REQUIRE(second);
        CHECK(*second != handin);
        // A receipt stays true whatever happens to the folder.
        CHECK(camille.api(http::Method::Delete, "/api/files/" + to_text(*second)).status == 200);
        CHECK(school.stranger().get(std::string{answer.headers.find("location")}).body.contains("Zoé – a.jpg"));
    });
}

TEST_CASE("what was handed in waits for the teacher on the home page until they look, and for nobody else") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        const auto link = school.link(week.folder, Role::View, true);
        school.give(week.folder, subject(school.colleague), Role::Edit);
        auto parent = school.by_links({link});
        const auto& french = web::Locale::of(web::Language::French);
        int cost = 0;
        const auto waiting = [&](PersonId person) {
            std::vector<std::string> lines;
            school.db.read_now([&, viewer = school.base.viewer(person)](db::Tx& tx) {
                const auto before = tx.query_count();
                for (const auto& line : waiting_handins(tx, viewer, french, school.clock.now()))
                    lines.push_back(line.title + " " + line.href);
                cost = static_cast<int>(tx.query_count() - before);
            });
            return lines;
        };
        const auto give = [&](ItemId folder, std::vector<testing::Upload> sent) {
            REQUIRE(post_files(parent, deposit_path(folder), {{"first_name", "Lina"}}, sent).status == 303);
        };
        using Lines = std::vector<std::string>;
        CHECK(waiting(school.teacher).empty());
        give(week.folder, {{"a.jpg", "x"}});
        give(week.folder, {{"b.jpg", "x"}, {"c.jpg", "x"}});
        const auto handin = *school.child(week.folder, "Rendus");
        const Lines three{"3 dépôts dans Volcans " + page_of(handin)};
        CHECK(waiting(school.teacher) == three);
        CHECK(waiting(school.colleague).empty()); // may edit the folder, and sees no hand-in
        auto camille = school.as(school.teacher);
        camille.get(page_of(week.folder)); // above it is not in it
        CHECK(waiting(school.teacher) == three);
        CHECK(camille.get(page_of(handin)).status == 200);
        CHECK(waiting(school.teacher).empty());
        give(week.folder, {{"d.jpg", "x"}});
        CHECK(waiting(school.teacher) == Lines{"1 dépôt dans Volcans " + page_of(handin)});
        const auto of_one = cost;

        // Several folders cost what one does.
        for (const auto* name : {"Cartes", "Roches"}) {
            auto folder = school.make_folder(school.space, name);
            parent = school.by_links({school.link(folder, Role::View, true)});
            school.clock.advance(1_min);
            give(folder, {{"a.jpg", "x"}});
        }
        CHECK(waiting(school.teacher).size() == 3);
        CHECK(waiting(school.teacher).front().starts_with("1 dépôt dans Roches"));
        CHECK(cost == of_one);
        // Thrown away: it waits no more.
        CHECK(camille.api(http::Method::Delete, "/api/files/" + to_text(week.folder)).status == 200);
        CHECK(waiting(school.teacher).size() == 2);
    });
}

TEST_CASE("a receipt says where something is reported, also when the link that led to it is over") {
    on_each_school([](TestSchool& school) {
        Week week{school};
        const auto link = school.link(week.folder, Role::View, true);
        auto parent = school.by_links({link});
        auto answer = post_files(parent, deposit_path(week.folder), {{"first_name", "Lina"}}, {{"a.jpg", "x"}});
        REQUIRE(answer.status == 303);
        school.revoke(link);
        const auto page = school.stranger().get(std::string{answer.headers.find("location")}).body;
        const auto begin = page.find("/report?item=");
        REQUIRE(begin != page.npos);
        auto address = page.substr(begin, page.find('"', begin) - begin);
        for (std::size_t at = 0; (at = address.find("&amp;")) != address.npos;) address.replace(at, 5, "&");
        auto form = school.stranger().get(address);
        CHECK(form.status == 200);
        CHECK_FALSE(form.body.contains("Volcans")); // it may have another name by now
        const auto proof = address.substr(address.find("proof=") + 6);
        const auto item = to_text(week.folder);
        school.events();
        auto stranger = school.stranger();
        CHECK(stranger.post("/report", {{"item", item}, {"proof", proof}, {"choice", "wrong"}}).status == 303);
        CHECK(school.events() == std::vector<std::string>{"report.made"});
        // The proof is for this folder alone, and nothing goes without it.
        const auto other = to_text(school.make_folder(school.space, "Autre"));
        school.events();
        CHECK(stranger.post("/report", {{"item", other}, {"proof", proof}, {"choice", "wrong"}}).status == 404);
        CHECK(stranger.get("/report?item=" + item).status == 404);
        CHECK(stranger.get("/report?item=" + item + "&proof=" + proof.substr(1)).status == 404);
        CHECK(school.events().empty());
    });
}

TEST_CASE("the family's page speaks English too, and carries the script only with the form") {
    on_sqlite_school([](TestSchool& school) {
        Week week{school};
        auto reader = school.by_links({school.link(week.folder, Role::View, false)});
        CHECK_FALSE(reader.get(page_of(week.folder)).body.contains("family-deposit"));
        auto giver = school.by_links({school.link(week.folder, Role::View, true)});
        giver.with_header("Accept-Language", "en");
        auto page = giver.get(page_of(week.folder));
        CHECK(page.body.contains("Hand in the work"));
        CHECK(page.body.contains("family-deposit"));
        CHECK(post_files(giver, deposit_path(week.folder), {{"first_name", "Lina"}}, {{"a.jpg", "x"}}).status == 303);
        CHECK(school.child(week.folder, "Hand-ins"));
    });
}

TEST_CASE("names of deposits keep their ending when they are cut") {
    CHECK(deposit_name("Lina", "photo.jpg") == "Lina – photo.jpg");
    CHECK(deposit_name("Lina", "C:\\Photos\\photo.jpg") == "Lina – photo.jpg");
    auto cut = deposit_name("Lina", std::string(300, 'x') + ".jpg");
    CHECK(cut.size() == 255);
    CHECK(cut.ends_with("x.jpg"));
    auto accents = deposit_name("Zoé", std::string(125, 'x') +
                                           "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé.png");
    CHECK(accents.size() <= 255);
    CHECK(valid_utf8(accents));
    CHECK(accents.ends_with(".png"));
}

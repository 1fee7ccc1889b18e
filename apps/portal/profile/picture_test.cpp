// A picture is chosen, seen by those who may see its person, and gone when it is removed; with the real worker in the
// real sandbox.
#include "portal/admin/admin_fixture.hpp"
#include "portal/profile/person_picture.hpp"

#include "base/text.hpp"
#include "web/page_check.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace preau::portal {
namespace {

using fixtures::FormFile;
using fixtures::School;
using fixtures::Visitor;

const std::unique_ptr<sandbox::Sandbox> the_sandbox = sandbox::Sandbox::start(); // before there are threads
const db::Query count_blobs_sql{"picture_test.blobs", "SELECT count(*) FROM blob"};
const db::Query count_rows_sql{"picture_test.rows", "SELECT count(*) FROM person_picture"};

struct Photos {
    explicit Photos(School& the_school)
        : school{the_school},
          previews{
              school.keep(std::make_unique<preview::Previews>(school.db, *school.blobs, *the_sandbox, school.clock,
                                                              school.ids, preview::Options{.worker = PREAU_CONVERT}))} {
        previews.add_jobs(school.jobs);
    }

    static std::string corpus(const std::string& name) {
        std::ifstream file{std::filesystem::path{PREAU_SOURCE_DIR "/libs/preview/corpus"} / name, std::ios::binary};
        REQUIRE_MESSAGE(file.good(), name);
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    http::TestAnswer send(Visitor& visitor, std::string bytes, std::string input = "picture") {
        return visitor.post_files("/account/picture", {}, {FormFile{std::move(input), "moi.jpg", std::move(bytes)}});
    }
    // A picture of that person, from the corpus; answers its address.
    std::string give(PersonId person, const std::string& name = "turned-with-place.jpg") {
        auto visitor = school.as(person);
        auto answer = send(visitor, corpus(name));
        REQUIRE_MESSAGE(answer.status == 303, answer.body);
        return address(visitor);
    }
    static std::string address(Visitor& visitor) {
        const auto page = visitor.get("/account/card").body;
        const auto at = page.find("/320\"");
        if (at == std::string::npos) return {};
        const auto begin = page.rfind('"', at) + 1;
        return page.substr(begin, at + 4 - begin);
    }
    std::int64_t count(const db::Query& query) {
        return school.db.read_now([&query](db::Tx& tx) { return *tx.one<std::int64_t>(query, {}); });
    }
    // What nobody references any more is gone: a day later, as the server's own jobs do it.
    void a_day_passes() {
        school.clock.advance(1_days + 1_min);
        school.jobs.run_due();
        blob::collect(school.db, *school.blobs, 100);
    }

    School& school;
    preview::Previews& previews;
};

Photos*& the_photos() { // of the school that stands
    static Photos* photos = nullptr;
    return photos;
}

std::vector<db::Migration> with_previews() {
    auto all = preview::migrations();
    for (auto& migration : migrations()) all.push_back(std::move(migration));
    return all;
}

void install_with_pictures(School& school) {
    given_space().clear();
    school.keep(std::make_unique<sharing::Audit>(school.db, school.world, sharing::AuditOptions{}));
    auto& photos = school.keep(std::make_unique<Photos>(school));
    auto& portal = school.keep(std::make_unique<Portal>(
        school.db, school.world, school.identity, school.pages, school.kinds, *school.gate, school.addresses.public_url,
        [] { return std::string{}; }, school.mail));
    portal.blobs = school.blobs.get();
    portal.previews = &photos.previews;
    preload(school.pages);
    routes(school.router, portal);
    the_photos() = &photos;
}
const fixtures::App app{.migrations = with_previews, .install = install_with_pictures};

void with_photos(const std::function<void(School&, Photos&)>& body) {
    fixtures::at_school(app, [&](School& school) { body(school, *the_photos()); });
}

} // namespace

TEST_CASE("a picture is made square, without the place where it was taken, and what was sent is not kept") {
    with_photos([](School& school, Photos& photos) {
        auto camille = school.as(school.teacher);
        CHECK(camille.get("/account/card").body.contains("CB")); // initials
        school.events();
        auto sent = photos.send(camille, Photos::corpus("turned-with-place.jpg"));
        CHECK(sent.status == 303);
        auto page = camille.follow();
        CHECK(page.body.contains("Votre photo est enregistrée"));
        CHECK(web::page_problems(page.body).empty());
        const auto large = Photos::address(camille);
        REQUIRE(large.ends_with("/320"));
        const auto small = large.substr(0, large.size() - 3) + "96";
        CHECK(page.body.contains("src=\"" + small + "\"")); // in the menu, at once
        for (const auto& address : {large, small}) {
            auto shown = camille.get(address);
            CHECK(shown.status == 200);
            CHECK(shown.body.starts_with("RIFF"));
            for (const auto* word : {"Exif", "EXIF", "GPS", "XMP"}) CHECK_FALSE(shown.body.contains(word));
            CHECK(shown.headers.find("content-type") == "image/webp");
            CHECK(shown.headers.find("cache-control") == "private, max-age=31536000, immutable");
            CHECK(shown.headers.find("x-content-type-options") == "nosniff");
            CHECK(shown.headers.find("content-security-policy") == "default-src 'none'; sandbox");
        }
        CHECK(photos.count(count_blobs_sql) == 2); // two squares: not what was sent
        CHECK(school.folder.count_files() == 2);
        CHECK(school.events().empty());
    });
}

TEST_CASE("what is no picture is refused with a word, and the one there was stays") {
    with_photos([](School& school, Photos& photos) {
        const auto before = photos.give(school.teacher);
        auto camille = school.as(school.teacher);
        const auto* svg = "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>";
        for (const auto& bytes : {Photos::corpus("60000x60000.png"), Photos::corpus("wrong-magic.jpg"),
                                  Photos::corpus("lesson.pdf"), std::string{svg}, std::string{"\xff\xd8\xff"}}) {
            auto refused = photos.send(camille, bytes);
            CHECK(refused.status == 422);
            CHECK(refused.body.contains("id=\"picture-problem\""));
            CHECK(refused.body.contains("Votre photo n’a pas changé"));
            CHECK(web::page_problems(refused.body).empty());
        }
        CHECK(photos.send(camille, "").status == 422);
        CHECK(photos.send(camille, "x", "other").status == 422);
        CHECK(camille.post("/account/picture").status >= 400);
        CHECK(photos.send(camille, std::string(largest_picture + 64 * 1024, 'x')).status == 413);
        CHECK(Photos::address(camille) == before);
        CHECK(camille.get(before).status == 200); // by the store's thread: after what it had to throw away
        CHECK(photos.count(count_blobs_sql) == 2);
        CHECK(school.folder.count_files() == 2);
        CHECK(school.events().empty());
    });
}

TEST_CASE("a picture is seen by those who may see its person, and is nothing for everybody else") {
    with_photos([](School& school, Photos& photos) {
        const auto address = photos.give(school.teacher);
        for (auto who : {school.colleague, school.outsider, school.administrator})
            CHECK(school.as(who).get(address).status == 200);
        CHECK(school.as_stranger().get(address).status == 303); // to sign in
        CHECK(school.as_holder(school.class_link).get(address).status != 200);
        const auto guest = invite_guest(school);
        const auto nobody = school.as(school.colleague).get("/people/zzzz/picture/0/96");
        CHECK(nobody.status == 404);
        auto hidden = school.as(guest).get(address);
        CHECK(hidden.status == 404);
        auto colleague = school.as(school.colleague);
        auto wrong = address;
        auto& letter = wrong[wrong.find("/picture/") + 9]; // of a mark that is nobody's
        letter = letter == '0' ? '1' : '0';
        for (const auto& guess : {wrong, address.substr(0, address.size() - 3) + "640"})
            CHECK(colleague.get(guess).status == 404);
        school.change([&](db::Tx& tx) { identity::add_member(tx, school.class_6eB, guest, "member"); });
        CHECK(school.as(guest).get(address).status == 200); // in a group with her now
        school.change([&](db::Tx& tx) { identity::set_disabled(tx, school.teacher, true); });
        CHECK(colleague.get(address).status == 404); // she left
    });
}

TEST_CASE("another picture and none: the bytes go, and those that somebody else holds too stay") {
    with_photos([](School& school, Photos& photos) {
        const auto first = photos.give(school.teacher);
        photos.give(school.colleague); // the same bytes: the same two blobs
        CHECK(photos.count(count_blobs_sql) == 2);
        const auto second = photos.give(school.teacher, "small.png");
        CHECK(second != first);
        auto camille = school.as(school.teacher);
        CHECK(camille.get(first).status == 404); // at once
        CHECK(camille.get(second).status == 200);
        CHECK(photos.count(count_rows_sql) == 2);
        photos.a_day_passes();
        CHECK(photos.count(count_blobs_sql) == 4); // two pictures
        camille = school.as(school.teacher);
        CHECK(camille.post("/account/picture/remove").status == 303);
        CHECK(camille.follow().body.contains("Votre photo est retirée"));
        CHECK(Photos::address(camille).empty());
        CHECK(camille.get(second).status == 404);
        CHECK(camille.post("/account/picture/remove").status == 303); // twice is once
        photos.a_day_passes();
        CHECK(photos.count(count_blobs_sql) == 2);
        CHECK(school.folder.count_files() == 2);
        auto nadia = school.as(school.colleague);
        CHECK(nadia.get(Photos::address(nadia)).status == 200);
    });
}

TEST_CASE("who administers people removes a picture that offends, and the journal says so") {
    with_photos([](School& school, Photos& photos) {
        const auto address = photos.give(school.teacher);
        const auto page = "/admin/people/" + to_text(school.teacher);
        delegate(school, school.head, identity::AdminRole::People, school.college);
        delegate(school, school.outsider, identity::AdminRole::People, school.other_college);
        school.events();
        CHECK(school.as(school.colleague).post(page + "/picture/remove").status == 403);
        CHECK(school.as(school.outsider).post(page + "/picture/remove").status >= 403); // another school's
        CHECK(school.events().empty());
        CHECK(school.as(school.teacher).get(address).status == 200);

        auto head = school.as(school.head);
        CHECK(head.get(page).body.contains(page + "/picture/remove"));
        CHECK(head.post(page + "/picture/remove").status == 303);
        CHECK(head.follow().body.contains("La photo est retirée"));
        CHECK(school.events() == std::vector<std::string>{"person.picture_removed"});
        CHECK(school.as(school.teacher).get(address).status == 404);
        CHECK_FALSE(head.get(page).body.contains("/picture/remove"));
        CHECK(head.post(page + "/picture/remove").status == 404);
        CHECK(school.events().empty());
    });
}

TEST_CASE("only a browser's session changes a picture, and without a sandbox none is taken") {
    with_photos([](School& school, Photos& photos) {
        auto program = school.as_program(school.teacher);
        auto answer = program.post_files("/api/account/picture", {},
                                         {FormFile{"picture", "moi.jpg", Photos::corpus("small.jpg")}});
        CHECK(answer.status == 403);
        CHECK(photos.count(count_rows_sql) == 0);
        auto browser = school.as(school.teacher);
        CHECK(browser
                  .post_files("/api/account/picture", {}, {FormFile{"picture", "moi.jpg", Photos::corpus("small.jpg")}})
                  .status == 204);
        CHECK(browser.post("/api/account/picture/remove").status == 204);
    });
    fixtures::at_small_school(administration, [](School& school) { // a portal without previews
        auto camille = school.as(school.teacher);
        auto answer =
            camille.post_files("/account/picture", {}, {FormFile{"picture", "moi.jpg", Photos::corpus("small.jpg")}});
        CHECK(answer.status == 503);
        CHECK(answer.body.contains("ne peuvent pas être préparées"));
    });
}

} // namespace preau::portal

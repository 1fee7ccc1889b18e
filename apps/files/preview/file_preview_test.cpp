#include "files/files_fixture.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;

namespace {

std::string corpus(const std::string& name) {
    std::ifstream file{std::filesystem::path{PREAU_SOURCE_DIR "/libs/preview/corpus"} / name, std::ios::binary};
    REQUIRE_MESSAGE(file.good(), name);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
}

std::string address_of(TestSchool& school, Visitor visitor, ItemId file, const std::string& variant) {
    auto led = visitor.get("/files/" + to_text(file) + "/preview/" + variant);
    CHECK(led.status == 302);
    std::string address{led.headers.find("location")};
    CHECK(address.starts_with(school.base.addresses.content_url + "/content/" + to_text(file) + "/" + variant + "?"));
    return address;
}

// A preview is never a door: no sniffing, no cookie, nobody else's cache.
void check_shown(const http::TestAnswer& answer, std::string_view type) {
    CHECK(answer.status == 200);
    CHECK(answer.headers.find("content-type") == type);
    CHECK(answer.headers.find("x-content-type-options") == "nosniff");
    CHECK(answer.headers.find("content-disposition").starts_with("inline"));
    CHECK(answer.headers.find("content-security-policy") ==
          "sandbox; default-src 'none'; frame-ancestors http://localhost:8080");
    CHECK(answer.headers.find("cache-control") == "private, no-cache");
    CHECK(answer.headers.find("etag").size() == 66);
    CHECK_FALSE(answer.headers.has("set-cookie"));
}

} // namespace

TEST_CASE("who may see a photo sees it small and large, from the second origin") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sortie");
        auto photo = school.put_file(folder, "plage.jpg", corpus("turned-with-place.jpg"));
        school.give(folder, subject(school.colleague), Role::View);
        for (const auto* variant : {"thumb", "large"}) {
            auto shown = school.stranger().open(address_of(school, school.as(school.colleague), photo, variant));
            check_shown(shown, "image/webp");
            CHECK(shown.body.starts_with("RIFF"));
        }
        auto nadias = address_of(school, school.as(school.colleague), photo, "thumb");
        const std::string etag{school.stranger().open(nadias).headers.find("etag")};
        const auto asked_again = [&] { return school.stranger().with_header("If-None-Match", etag).open(nadias); };
        CHECK(asked_again().status == 200); // and http makes 304 of it, because the bytes are what the browser kept
        school.take(folder, subject(school.colleague));
        CHECK(asked_again().status >= 400); // withdrawn: at once, kept or not
        CHECK(school.stranger().open(nadias).status >= 400);
        CHECK(school.as(school.colleague).get("/files/" + to_text(photo) + "/preview/thumb").status == 404);
        CHECK(school.stranger().get("/files/" + to_text(photo) + "/preview/thumb").status == 303); // to the door
        // The signature is for this variant alone.
        auto forged = address_of(school, school.as(school.teacher), photo, "thumb");
        forged.replace(forged.find("/thumb?"), 7, "/large?");
        CHECK(school.stranger().open(forged).status == 403);
        CHECK(school.as(school.teacher).get("/files/" + to_text(photo) + "/preview/else").status == 404);
    });
}

TEST_CASE("a document is shown as PDF, its words as text; a hostile one says that it cannot be") {
    on_sqlite_school([](TestSchool& school) {
        auto lesson = school.put_file(school.space, "leçon.odt", corpus("lesson.odt"));
        auto teacher = school.as(school.teacher);
        auto document = school.stranger().open(address_of(school, teacher, lesson, "document"));
        check_shown(document, "application/pdf");
        CHECK(document.body.starts_with("%PDF"));
        auto words = school.stranger().open(address_of(school, teacher, lesson, "text"));
        check_shown(words, "text/plain; charset=utf-8");
        CHECK(words.body.contains("Photosynthèse"));
        for (auto [name, source] : {std::pair{"bombe.odt", "bomb.odt"}, std::pair{"géante.png", "60000x60000.png"}}) {
            auto file = school.put_file(school.space, name, corpus(source));
            auto variant = std::string{name}.ends_with("odt") ? "text" : "thumb";
            auto refused = school.stranger().open(address_of(school, teacher, file, variant));
            CHECK(refused.status == 404);
        }
        CHECK(teacher.get("/files").status == 200); // the server lives
    });
}

TEST_CASE("an upload has its thumbnail before anybody asks, and lists name its address without a query per row") {
    on_each_school([](TestSchool& school) {
        school.base.jobs.run_due(); // from here on uploads are heard of
        auto photo = school.put_file(school.space, "plage.jpg", corpus("small.jpg"));
        school.put_file(school.space, "notes.txt", "un");
        CHECK(school.base.jobs.run_due() >= 2); // the event, and the job that it led to
        static const db::Query made_sql{"preview_test.made", "SELECT count(*) FROM preview WHERE blob <> 0"};
        CHECK(school.db.read_now([](db::Tx& tx) { return tx.one<std::int64_t>(made_sql, {}); }) == 1);
        auto list = school.as(school.teacher).get("/api/files/" + to_text(school.space)).body;
        auto rows = json::parse(list);
        REQUIRE(rows.has_value());
        CHECK(list.contains("/content/" + to_text(photo) + "/thumb?"));
        CHECK(list.find("/thumb?") == list.rfind("/thumb?")); // the text has none
        // Replaced bytes have another address, so that no browser shows the old picture.
        auto before = address_of(school, school.as(school.teacher), photo, "thumb");
        auto replaced = put(school.as(school.teacher),
                            "/api/files/" + to_text(school.space) + "/children/plage.jpg?if_taken=replace",
                            corpus("turned-with-place.jpg"));
        CHECK_MESSAGE(replaced.status < 300, replaced.body);
        CHECK(address_of(school, school.as(school.teacher), photo, "thumb") != before);
    });
}

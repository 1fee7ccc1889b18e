// With the real worker, the real sandbox, and the tools of this machine. Bad input comes from corpus/ and from below.
#include "preview_fixture.hpp"

#include <cstring>
#include <random>

using namespace preau;
using namespace preau::preview;
using namespace preau::preview::testing;

TEST_CASE("a photo gets a thumbnail: turned as the camera was held, without metadata, once for all copies") {
    on_each([](Bench& bench) {
        const auto photo = corpus("turned-with-place.jpg"); // 600 × 300, EXIF: turned by a quarter, and a place
        REQUIRE(photo.contains("Exif"));
        auto stored = bench.put(photo);
        auto made = bench.make(What::Thumbnail, stored, "image/jpeg");
        REQUIRE_MESSAGE(made.has_value(), bench.key_of(made));
        CHECK(made->type == "image/webp");
        auto webp = bench.bytes(*made);
        CHECK(webp.starts_with("RIFF"));
        CHECK(size_of_webp(webp) == std::pair{200, 400}); // upright now
        for (const auto* word : {"Exif", "EXIF", "GPS", "XMP", "ICCP"}) CHECK_FALSE(webp.contains(word));
        CHECK(size_of_webp(bench.bytes(*bench.make(What::Large, stored, "image/jpeg"))) ==
              std::pair{300, 600}); // never enlarged

        auto again = bench.make(What::Thumbnail, bench.put(photo), "image/jpeg");
        REQUIRE(again.has_value());
        CHECK(again->locator == made->locator);
        CHECK(bench.count(count_previews_sql) == 2);
    });
}

TEST_CASE("a face is square whatever the picture was, without metadata, and of pictures alone") {
    on_each([](Bench& bench) {
        auto stored = bench.put(corpus("turned-with-place.jpg")); // 600 × 300 and turned
        for (auto [what, size] : {std::pair{What::Face, 96}, std::pair{What::Portrait, 320}}) {
            auto made = bench.make(what, stored, "image/jpeg");
            REQUIRE_MESSAGE(made.has_value(), bench.key_of(made));
            auto webp = bench.bytes(*made);
            CHECK(size_of_webp(webp) == std::pair{size, size});
            for (const auto* word : {"Exif", "EXIF", "GPS", "XMP", "ICCP"}) CHECK_FALSE(webp.contains(word));
        }
        auto small = bench.make(What::Portrait, bench.put(corpus("small.png")), "image/png");
        REQUIRE_MESSAGE(small.has_value(), bench.key_of(small));
        CHECK(size_of_webp(bench.bytes(*small)) == std::pair{320, 320}); // made larger
        for (const auto* hostile : {"60000x60000.png", "wrong-magic.jpg", "lesson.pdf", "lesson.odt"})
            CHECK_MESSAGE(bench.key_of(bench.make(What::Face, bench.put(corpus(hostile)), "image/jpeg")) ==
                              "preview.impossible",
                          hostile);
        CHECK_FALSE(bench.previews.can_make(What::Face, "application/pdf"));
    });
}

TEST_CASE("every kind of picture that is promised is made, and SVG is not") {
    on_sqlite([](Bench& bench) {
        const std::vector<std::pair<std::string, std::string>> pictures{
            {"small.png", "image/png"},  {"small.gif", "image/gif"},   {"small.webp", "image/webp"},
            {"small.tif", "image/tiff"}, {"small.heic", "image/heic"}, {"small.jpg", "image/jpeg"}};
        for (const auto& [name, type] : pictures) {
            auto made = bench.make(What::Thumbnail, bench.put(corpus(name)), type);
            CHECK_MESSAGE(made.has_value(), (name + ": " + bench.key_of(made)));
        }
        CHECK_FALSE(bench.previews.can_make(What::Thumbnail, "image/svg+xml"));
        // Not even under another name.
        const auto* svg = "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>";
        CHECK(bench.key_of(bench.make(What::Thumbnail, bench.put(svg), "image/png")) == "preview.impossible");
    });
}

TEST_CASE("the first page of a PDF and of an office document, and their words") {
    on_sqlite([](Bench& bench) {
        for (const auto& ability : bench.previews.abilities())
            if (ability.what == "PDF" || ability.what == "office documents")
                REQUIRE_MESSAGE(ability.why_not.empty(), ability.why_not); // packages.txt installs them
        auto pdf = bench.put(corpus("lesson.pdf"));
        auto page = bench.make(What::Thumbnail, pdf, "application/pdf");
        REQUIRE_MESSAGE(page.has_value(), bench.key_of(page));
        CHECK(size_of_webp(bench.bytes(*page)).second == 400);
        auto words = bench.make(What::Text, pdf, "application/pdf");
        REQUIRE(words.has_value());
        CHECK(bench.bytes(*words).contains("Photosynthèse"));

        auto office = bench.put(corpus("lesson.odt"));
        auto shown = bench.make(What::Thumbnail, office, odt);
        REQUIRE_MESSAGE(shown.has_value(), bench.key_of(shown));
        auto document = bench.make(What::Document, office, odt);
        REQUIRE(document.has_value());
        CHECK(document->type == "application/pdf");
        CHECK(bench.bytes(*document).starts_with("%PDF"));
        for (auto [name, type] : {std::pair{"lesson.odt", odt}, std::pair{"lesson.docx", docx}}) {
            auto text = bench.make(What::Text, bench.put(corpus(name)), type);
            REQUIRE_MESSAGE(text.has_value(), bench.key_of(text));
            CHECK(bench.bytes(*text).contains("Photosynthèse"));
        }
        CHECK(left_in_temporary() == 0);
    });
}

TEST_CASE("words of a text file, whatever its charset") {
    on_sqlite([](Bench& bench) {
        const auto words = [&](std::string_view bytes) {
            auto made = bench.make(What::Text, bench.put(bytes), "text/plain; charset=utf-8");
            return made ? bench.bytes(*made) : made.error().key;
        };
        CHECK(words("\xEF\xBB\xBFÉlève") == "Élève");
        CHECK(words("\xC9l\xE8ve \x9Cuvre") == "Élève œuvre");
        // A last letter that could begin one of UTF-8: nothing was cut, so it is one.
        CHECK(words("caf\xE9") == "café");
        CHECK(words("\xE9t\xE9") == "été");
        CHECK(words(std::string_view{"\xFF\xFE\xC9\0l\0", 6}) == "Él");
        CHECK(words(std::string_view{"a\0b", 3}) == "preview.impossible");
        CHECK(words(std::string(3 << 20, 'x')).size() == 1 << 20);
        CHECK(words(std::string(2 << 20, 'x') + "é").size() == 1 << 20);
    });
}

TEST_CASE("hostile and broken bytes: a clear answer, remembered, nothing left behind, and the next one works") {
    on_each([](Bench& bench) {
        std::mt19937 dice{7};
        std::string noise(100'000, '\0');
        for (auto& byte : noise) byte = static_cast<char>(dice());
        const std::vector<std::tuple<std::string, What, std::string>> hostile{
            {corpus("60000x60000.png"), What::Thumbnail, "image/png"},
            {corpus("wrong-magic.jpg"), What::Thumbnail, "image/jpeg"},
            {corpus("small.png").substr(0, 40), What::Thumbnail, "image/png"},
            {corpus("loop.pdf"), What::Text, "application/pdf"},
            {corpus("bomb.odt"), What::Text, odt},
            {corpus("many-entries.odt"), What::Text, odt},
            {corpus("entities.odt"), What::Text, odt},
            {noise, What::Thumbnail, "image/webp"},
            {noise, What::Thumbnail, "application/pdf"},
            {noise, What::Text, docx},
            {"%PDF-1.7\n", What::Thumbnail, "application/pdf"},
            {"", What::Thumbnail, "image/jpeg"},
        };
        const auto blobs_before = hostile.size();
        for (const auto& [bytes, what, type] : hostile) {
            auto stored = bench.put(bytes);
            auto first = bench.make(what, stored, type);
            CHECK_MESSAGE(bench.key_of(first) == "preview.impossible", type);
            const auto rows = bench.count(count_previews_sql);
            CHECK(bench.key_of(bench.make(what, stored, type)) == "preview.impossible");
            CHECK(bench.count(count_previews_sql) == rows);
        }
        CHECK(bench.count(count_blobs_sql) <= static_cast<std::int64_t>(blobs_before)); // none of theirs
        CHECK(left_in_temporary() == 0);
        // A page of 200 inches, a picture that is a PDF and an archive too: made or refused, never stuck.
        for (const auto* name : {"huge-page.pdf", "polyglot.pdf"}) {
            auto made = bench.make(What::Thumbnail, bench.put(corpus(name)), "application/pdf");
            CHECK_MESSAGE((made.has_value() || made.error().key == "preview.impossible"), std::string{name});
        }
        CHECK(bench.make(What::Thumbnail, bench.put(corpus("small.jpg")), "image/jpeg").has_value());
    });
}

TEST_CASE("without a tool the preview is off, says why, and is not remembered as impossible") {
    on_sqlite([](Bench& bench) {
        Previews crippled{bench.db, *bench.blobs, box(), bench.clock, bench.ids, {.worker = "/nowhere/preau-convert"}};
        CHECK_FALSE(crippled.can_make(What::Thumbnail, "image/jpeg"));
        CHECK(crippled.abilities().front().why_not.contains("/nowhere/preau-convert"));
        auto stored = bench.put(corpus("small.jpg"));
        auto refused = sync_wait(crippled.make(What::Thumbnail, stored, "image/jpeg"));
        CHECK(bench.key_of(refused) == "preview.off");
        CHECK(bench.make(What::Thumbnail, stored, "image/jpeg").has_value());
    });
}

TEST_CASE("previews go when nobody has the bytes any more") {
    on_each([](Bench& bench) {
        jobs::Jobs jobs{bench.db, bench.clock, bench.ids};
        bench.previews.add_jobs(jobs);
        constexpr std::int64_t teacher = 1, pupil = 2;
        auto stored = bench.put(corpus("small.jpg"), teacher);
        bench.put(corpus("small.jpg"), pupil);
        REQUIRE(bench.make(What::Thumbnail, stored, "image/jpeg").has_value());
        const auto day_passes = [&](std::int64_t owner) {
            bench.db.write_now([owner](db::Tx& tx) { blob::release(tx, owner); });
            blob::collect(bench.db, *bench.blobs, 100);
            bench.clock.advance(1_days + 1_min);
            jobs.run_due();
            blob::collect(bench.db, *bench.blobs, 100);
        };
        day_passes(teacher);
        CHECK(bench.count(count_previews_sql) == 1);
        day_passes(pupil);
        CHECK(bench.count(count_previews_sql) == 0);
        CHECK(bench.count(count_blobs_sql) == 0);
    });
}

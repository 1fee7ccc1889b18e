#include "files/files_fixture.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

std::string download_path(ItemId id) { return "/files/" + to_text(id) + "/download"; }

void check_harmless(const http::TestAnswer& answer) {
    CHECK(answer.headers.find("content-security-policy").starts_with("sandbox"));
    CHECK(answer.headers.find("x-content-type-options") == "nosniff");
    CHECK(answer.headers.find("content-disposition").starts_with("attachment"));
    CHECK(answer.headers.find("cache-control").starts_with("private"));
    CHECK_FALSE(answer.headers.has("set-cookie"));
}

} // namespace

TEST_CASE("a download goes to a signed address on the second origin, which serves it in a sandbox") {
    on_each_school([](TestSchool& school) {
        auto file = school.put_file(school.space, "Été <b>.html", "<script>alert(1)</script>");
        auto led = school.as(school.teacher).get(download_path(file));
        CHECK(led.status == 302);
        auto address = led.headers.find("location");
        CHECK(address.starts_with("http://content.localhost:8080/content/" + to_text(file) + "/download?"));
        auto got = school.stranger().open(std::string{address});
        CHECK(got.status == 200);
        CHECK(got.body == "<script>alert(1)</script>");
        CHECK(got.headers.find("content-type") == "application/octet-stream"); // markup is never served as such
        CHECK(got.headers.find("content-disposition").contains("filename*=UTF-8''%C3%89t%C3%A9%20%3Cb%3E.html"));
        CHECK(got.headers.find("etag").size() == 66);
        check_harmless(got);
    });
}

TEST_CASE("what browsers can show has an address to show it in place, on the second origin, and nothing else has") {
    on_each_school([](TestSchool& school) {
        auto shown_at = [&](ItemId file) {
            return school.as(school.teacher).get("/files/" + to_text(file) + "/inline");
        };
        auto picture = school.put_file(school.space, "coupe.png", "not really pixels");
        auto led = shown_at(picture);
        CHECK(led.status == 302);
        CHECK(led.headers.find("location")
                  .starts_with("http://content.localhost:8080/content/" + to_text(picture) + "/inline?"));
        auto got = school.stranger().open(std::string{led.headers.find("location")});
        CHECK(got.body == "not really pixels");
        CHECK(got.headers.find("content-type") == "image/png");
        CHECK(got.headers.find("content-disposition").starts_with("inline"));
        CHECK(got.headers.find("content-security-policy")
                  .starts_with("sandbox; default-src 'none'; frame-ancestors http"));
        CHECK(got.headers.find("x-content-type-options") == "nosniff");
        CHECK(got.headers.find("cache-control").starts_with("private"));
        // Any text is plain text; markup is no text.
        auto text = school.put_file(school.space, "table.csv", "a;b");
        CHECK(
            school.stranger().open(std::string{shown_at(text).headers.find("location")}).headers.find("content-type") ==
            "text/plain; charset=utf-8");
        auto markup = school.put_file(school.space, "page.html", "<script>alert(1)</script>");
        CHECK(shown_at(markup).status == 404);
        // The signature is for one way of sending alone.
        auto address = std::string{led.headers.find("location")};
        address.replace(address.find("/inline?"), 8, "/download?");
        CHECK(school.stranger().open(address).status == 403);
        CHECK(school.as(school.colleague).get("/files/" + to_text(picture) + "/inline").status == 404);
        CHECK(school.stranger().get("/files/" + to_text(picture) + "/inline").status == 303);
        // The file's own page shows it too.
        CHECK(school.as(school.teacher).get("/files/" + to_text(picture)).body.contains("/inline?"));
        CHECK_FALSE(school.as(school.teacher).get("/files/" + to_text(markup)).body.contains("/inline"));
    });
}

TEST_CASE("programs that sign in with each request get the bytes at once") {
    on_each_school([](TestSchool& school) {
        auto file = school.put_file(school.space, "a.pdf", "%PDF");
        auto rclone = school.program(school.teacher);
        auto got = rclone.get("/api/files/" + to_text(file) + "/content");
        CHECK(got.status == 200);
        CHECK(got.body == "%PDF");
        CHECK(got.headers.find("content-type") == "application/pdf");
        check_harmless(got);
        CHECK(rclone.get(download_path(file)).body == "%PDF"); // no address that outlives the app password
        CHECK(school.program(school.colleague).get("/api/files/" + to_text(file) + "/content").status == 404);
        CHECK(school.as(school.teacher).get("/api/files/" + to_text(file) + "/content").status == 302);
        CHECK(school.stranger().get("/api/files/" + to_text(file) + "/content").status == 401);
    });
}

TEST_CASE("an address ends with the right, with the link, with its hour, and serves nothing else") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "a.txt", "un");
        auto other = school.put_file(folder, "b.txt", "deux");
        school.give(folder, subject(school.colleague), Role::View);
        auto link = school.link(folder, Role::View, false);

        std::string nadias{school.as(school.colleague).get(download_path(file)).headers.find("location")};
        std::string familys{school.by_links({link}).get(download_path(file)).headers.find("location")};
        CHECK(school.stranger().open(std::string{nadias}).body == "un");
        CHECK(school.stranger().open(std::string{familys}).body == "un");

        // The signature is for this item alone.
        auto forged = nadias;
        forged.replace(forged.find(to_text(file)), to_text(file).size(), to_text(other));
        CHECK(school.stranger().open(std::string{forged}).status == 403);
        auto variant = nadias;
        variant.replace(variant.find("/download?"), 10, "/inline?");
        CHECK(school.stranger().open(std::string{variant}).status == 403);
        variant.replace(variant.find("/inline?"), 8, "/other?");
        CHECK(school.stranger().open(std::string{variant}).status == 404);

        school.take(folder, subject(school.colleague));
        CHECK(school.stranger().open(std::string{nadias}).status >= 400);
        school.revoke(link);
        CHECK(school.stranger().open(std::string{familys}).status >= 400);

        std::string own{school.as(school.teacher).get(download_path(file)).headers.find("location")};
        school.clock.advance(3_h);
        CHECK(school.stranger().open(std::string{own}).status == 410);
    });
}

TEST_CASE("who may not see it is led nowhere") {
    on_sqlite_school([](TestSchool& school) {
        auto file = school.put_file(school.space, "a.txt", "un");
        CHECK(school.as(school.colleague).get(download_path(file)).status == 404);
        CHECK(school.stranger().get(download_path(file)).status == 303); // to sign in
        CHECK(school.as(school.teacher).get(download_path(school.space)).status == 404);
        CHECK(school.as(school.teacher).get("/files/0000/download").status == 404);
    });
}

TEST_CASE("without a second origin the same bytes come as a sandboxed attachment") {
    auto check = [](TestSchool& school) {
        auto file = school.put_file(school.space, "a.txt", "un");
        auto got = school.as(school.teacher).get(download_path(file));
        CHECK(got.status == 200);
        CHECK(got.body == "un");
        check_harmless(got);
    };
    on_sqlite_school(check, [](fixtures::School& school) { school.addresses.content_url.clear(); });
}

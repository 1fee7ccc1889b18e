#include "http/message.hpp"
#include "http/target.hpp"
#include "http/test_client.hpp"

#include <doctest/doctest.h>

namespace preau::http {

TEST_CASE("paths that could mean two things are refused") {
    using namespace std::string_view_literals;
    for (auto target : {""sv,
                        "x"sv,
                        "*"sv,
                        "/a/../b"sv,
                        "/.."sv,
                        "/%2e%2e/etc"sv,
                        "/%2E%2e"sv,
                        "/a/./b"sv,
                        "//etc"sv,
                        "/a//b"sv,
                        "/a\\b"sv,
                        "/a%5cb"sv,
                        "/a%2Fb"sv,
                        "/a%00"sv,
                        "/a\0b"sv,
                        "/a%0ab"sv,
                        "/%c0%ae%c0%ae/"sv,
                        "/%ff"sv,
                        "/%"sv,
                        "/%4"sv,
                        "/%zz"sv,
                        "/%ed%a0%80"sv,
                        "/a#b"sv,
                        "/a?x=%ff"sv,
                        "/a?x=%00"sv,
                        "/%7f"sv}) {
        CAPTURE(target);
        auto split = split_target(target);
        REQUIRE_FALSE(split);
        CHECK(split.error().key == "http.bad_target");
    }
}

TEST_CASE("a path is decoded once and its query field by field") {
    auto split = split_target("/dossiers/%C3%A9t%C3%A9%20%252e/?q=a+b%26c&vide=&seul&q=2");
    REQUIRE(split);
    CHECK(split->path == "/dossiers/été %2e/");
    CHECK(split->query == Fields{{"q", "a b&c"}, {"vide", ""}, {"seul", ""}, {"q", "2"}});
    CHECK(split_target("/a+b")->path == "/a+b");
    CHECK(split_target("/...")->path == "/...");
    CHECK_FALSE(parse_urlencoded(std::string(3000, '&') + "a=%"));
    std::string many;
    for (int i = 0; i < 1001; ++i) many += "a&";
    CHECK(parse_urlencoded(many).error().key == "http.bad_form");
}

TEST_CASE("header names ignore case and values cannot start another header") {
    Headers headers;
    headers.add("Set-Cookie", "a=1");
    headers.add("set-cookie", "b=2");
    CHECK(headers.find("SET-COOKIE") == "a=1");
    CHECK(headers.all().size() == 2);
    headers.set("set-Cookie", "c=3\r\nX-Evil: 1");
    CHECK(headers.all().size() == 1);
    CHECK(headers.find("set-cookie") == "c=3  X-Evil: 1");
    CHECK(headers.has("Set-Cookie"));
    CHECK_FALSE(headers.has("Set-Cooki"));
}

TEST_CASE("cookies are found by their whole name") {
    auto request = make_request(Method::Get, "/");
    request.headers.add("Cookie", "xsession=no; session=\"yes\";empty=; broken");
    request.headers.add("cookie", "later=2; session=second");
    CHECK(request.cookie("session") == "yes");
    CHECK(request.cookie("later") == "2");
    CHECK(request.cookie("empty").empty());
    CHECK(request.cookie("broken").empty());
    CHECK(request.cookie("absent").empty());
}

TEST_CASE("a form is read from both media types and from no other") {
    auto request = make_request(Method::Post, "/", "name=%C3%A9t%C3%A9&name=2&x=a+b",
                                "application/x-www-form-urlencoded; charset=utf-8");
    auto form = request.form();
    REQUIRE(form);
    CHECK(form->value("name") == "été");
    CHECK(form->value("x") == "a b");
    CHECK_FALSE(form->has("y"));

    auto parts = make_request(
        Method::Post, "/",
        "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nBonjour\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--B--\r\n",
        "multipart/form-data; boundary=B");
    CHECK(parts.form()->fields == std::vector<std::pair<std::string, std::string>>{{"title", "Bonjour"}});
    parts.body.resize(60);
    CHECK(parts.form().error().key == "http.body_truncated");

    auto json = make_request(Method::Post, "/", "{}", "application/json").form();
    REQUIRE_FALSE(json);
    CHECK(status_of(json.error()) == 415);
    CHECK_FALSE(make_request(Method::Post, "/", "a=%ff", "application/x-www-form-urlencoded").form());
}

TEST_CASE("JSON is answered to the API and to whoever prefers it") {
    struct {
        std::string target, accept;
        bool json;
    } cases[] = {{"/api/files", "", true},
                 {"/files", "", false},
                 {"/files", "application/json", true},
                 {"/files", "text/html, application/json;q=0.9", false},
                 {"/files", "text/html;q=0.5, application/json;q=0.9", true},
                 {"/files", "*/*", false}};
    for (const auto& [target, accept, json] : cases) {
        auto request = make_request(Method::Get, target);
        if (!accept.empty()) request.headers.add("Accept", accept);
        CAPTURE(target + " " + accept);
        CHECK(request.wants_json() == json);
    }
}

TEST_CASE("a file name survives in Content-Disposition, and old readers get plain letters") {
    CHECK(content_disposition("attachment", "a.txt") == "attachment; filename=\"a.txt\"");
    CHECK(content_disposition("inline", "Relevé d'été.pdf") ==
          "inline; filename=\"Relev_ d'_t_.pdf\"; filename*=UTF-8''Relev%C3%A9%20d%27%C3%A9t%C3%A9.pdf");
    CHECK(content_disposition("attachment", "a\"b\\c\r\n") ==
          "attachment; filename=\"a_b_c__\"; filename*=UTF-8''a%22b%5Cc%0D%0A");
}

TEST_CASE("cookies carry the __Host- prefix where browsers accept it") {
    auto request = make_request(Method::Get, "/");
    request.host = "localhost:8080";
    CHECK(set_cookie(request, "preau", "abc", std::nullopt) ==
          "__Host-preau=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    request.host = "preau.test";
    CHECK(set_cookie(request, "preau", "abc", 60) == "preau=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    request.secure = true;
    CHECK(cookie_name(request, "preau") == "__Host-preau");
    request.secure = false;
    request.host = "localhost.evil.test";
    CHECK(cookie_name(request, "preau") == "preau");
}

TEST_CASE("a problem says status, key and field, and a redirect stays one line of ASCII") {
    Error error{
        .kind = Error::Kind::Throttled, .key = "identity.wait", .field = "name", .values = {}, .retry_after = 7};
    auto response = problem(error, "Un \"instant\"");
    CHECK(response.status == 429);
    CHECK(response.headers.find("retry-after") == "7");
    CHECK(std::get<std::string>(response.body) ==
          R"({"type":"about:blank","title":"Un \"instant\"","status":429,"key":"identity.wait","field":"name"})");
    CHECK(redirect("/été\r\nX: 1").headers.find("location") == "/%C3%A9t%C3%A9%0D%0AX:%201");
    error.values = {{"status", "99999"}};
    CHECK(status_of(error) == 429);
}

} // namespace preau::http

#include "web/pages.hpp"

#include "http/router.hpp"

#include <doctest/doctest.h>

namespace preau::web {
namespace {

struct Answer {
    http::Response response;
    std::string bytes;
};

Answer get(std::string_view address, std::string_view codings = "") {
    http::Router routes;
    asset_routes(routes);
    const auto match = routes.match(http::Method::Get, address, http::Origin::Main);
    REQUIRE(match.route != nullptr);
    http::Request request;
    request.path = address;
    request.parameters = match.parameters;
    if (!codings.empty()) request.headers.set("Accept-Encoding", codings);
    Answer answer{.response = sync_wait(match.route->handler(request))};
    if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&answer.response.body)) answer.bytes = **shared;
    return answer;
}

} // namespace

TEST_CASE("an asset is found by its hashed name and kept for a year") {
    const auto address = asset_url("base.css");
    CHECK(address.starts_with("/assets/base-"));
    const auto answer = get(address);
    CHECK(answer.response.status == 200);
    CHECK(answer.response.headers.find("Content-Type") == "text/css; charset=utf-8");
    CHECK(answer.response.headers.find("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(answer.response.headers.find("Vary") == "Accept-Encoding");
    CHECK_FALSE(answer.response.headers.has("Content-Encoding"));
    CHECK(answer.bytes.contains("--ground"));
    CHECK_THROWS_AS(asset_url("no-such.css"), TemplateError);
}

TEST_CASE("what was compressed by the build is sent to who accepts it") {
    const auto address = asset_url("base.css");
    const auto plain = get(address);
    struct Case {
        std::string_view accept, coding;
    };
    const Case cases[] = {{"gzip, deflate, br", "br"}, {"gzip", "gzip"},      {"br;q=0, gzip;q=0.5", "gzip"},
                          {"br;q=0.5", "br"},          {"deflate, zstd", ""}, {"brotli", ""}};
    for (const auto& [accept, coding] : cases) {
        CAPTURE(std::string{accept});
        const auto answer = get(address, accept);
        CHECK(answer.response.headers.find("Content-Encoding") == coding);
        if (!coding.empty()) CHECK(answer.bytes.size() < plain.bytes.size() / 3);
    }
}

TEST_CASE("nothing but assets can be reached") {
    for (const char* address : {"/assets/base.css", "/assets/../locale/fr.mo", "/assets/manifest.json",
                                "/assets/none-0000.css", "/assets/base"})
        CHECK(get(address).response.status == 404);
}

TEST_CASE("the weights of a first visit are kept") {
    const auto sent = [](std::string_view name) { return get(asset_url(name), "br").bytes.size(); };
    CHECK(sent("base.css") <= 10 * 1024);
    CHECK(sent("atkinson-hyperlegible-next.woff2") <= 20 * 1024);
    CHECK(sent("icons.svg") <= 10 * 1024);
    CHECK(sent("shell.js") <= 2 * 1024);
}

} // namespace preau::web

// Coming by a share link: /s/TOKEN is exchanged for a pass in a signed cookie, and the secret leaves the address bar.
// Robots that fetch a preview change nothing: a pass stands in the browser's cookie alone, and where the number of
// browsers is limited the pass is given to who presses a button, which robots do not.
#include "base/text.hpp"
#include "browser_token.hpp"
#include "link_visit.hpp"
#include "sharing_routes.hpp"
#include "year_ended.hpp"

namespace preau::sharing {
namespace {

struct PasswordView {
    std::string address; // where the form posts to
    std::string problem;
};
PREAU_DESCRIBE(PasswordView, address, problem)

struct OpenView {
    std::string address; // where the button posts to
};
PREAU_DESCRIBE(OpenView, address)

struct ClosedView {
    std::string title;
    std::string happened;
    std::string safe;
    std::string next;
};
PREAU_DESCRIBE(ClosedView, title, happened, safe, next)

struct LeftView {
    bool signed_in = false;
};
PREAU_DESCRIBE(LeftView, signed_in)

constexpr std::string_view password_page = "sharing/pages/link_password_page.html";
constexpr std::string_view open_page = "sharing/pages/link_open_page.html";
constexpr std::string_view closed_page = "sharing/pages/link_closed_page.html";
constexpr std::string_view left_page = "sharing/pages/link_left_page.html";

// The address holds a secret: no cache keeps it, no page is told more than our origin, no search engine lists it. Not
// `no-referrer`: with it browsers post forms with `Origin: null`, and nobody could type a link's password.
http::Response guarded(http::Response response) {
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Referrer-Policy", "strict-origin");
    response.headers.set("X-Robots-Tag", "noindex");
    return response;
}

web::Shell family_shell(const http::Request& request, std::string_view title_key) {
    auto filled = shell(request, web::Locale::of(language(request)).text(title_key));
    filled.kind = web::Shell::Kind::Family;
    return filled;
}

std::string report_door(const http::Request& request) {
    return "/s/" + percent_encode(request.parameter("token")) + "/report";
}

http::Response closed(Sharing& sharing, const http::Request& request, const Error& error) {
    const auto& locale = web::Locale::of(language(request));
    const bool known = error.key == "link.expired" || error.key == "link.revoked" || error.key == "link.item_gone" ||
                       error.key == "link.used_up" || error.key == "link.suspended";
    const std::string which = known ? error.key : "link.unknown";
    const ClosedView view{.title = locale.text(which + "_title"),
                          .happened = locale.text(which),
                          .safe = locale.text("link.closed_safe"),
                          .next = locale.text("link.closed_next")};
    auto filled = family_shell(request, which + "_title");
    if (known) filled.report = report_door(request); // whoever holds the secret of a link may say what is wrong with it
    return guarded(sharing.pages.page(filled, closed_page, view, http::status_of(error)));
}

http::Response ask_password(Sharing& sharing, const http::Request& request, std::string_view problem_key, int status) {
    const auto& locale = web::Locale::of(language(request));
    const PasswordView view{.address = "/s/" + percent_encode(request.parameter("token")),
                            .problem = problem_key.empty() ? std::string{} : locale.text(problem_key)};
    auto filled = family_shell(request, "link.password_title");
    filled.report = report_door(request);
    return guarded(sharing.pages.page(filled, password_page, view, status));
}

http::Response ask_to_open(Sharing& sharing, const http::Request& request) {
    const OpenView view{.address = "/s/" + percent_encode(request.parameter("token"))};
    auto filled = family_shell(request, "link.open_title");
    filled.report = report_door(request);
    return guarded(sharing.pages.page(filled, open_page, view));
}

struct Entrance {
    Opened opened;
    std::string address; // of the page behind the link
};

// What stands behind the token. A link to something in the trash is as closed as a revoked one.
Result<Entrance> find_entrance(db::Tx& tx, const Sharing& sharing, const std::string& token) {
    const auto now = sharing.world.clock.now();
    Entrance entrance{.opened = TRY(open_link(tx, token, now))};
    const auto& link = entrance.opened.link;
    if (!link.item) {
        entrance.address = "/class/" + to_text(link.group);
        return entrance;
    }
    Viewer holder;
    add_passes(holder, {link});
    auto standing = sharing::standing(tx, holder, link.item, now);
    if (!standing.item || standing.trashed || (standing.role == Role::None && !standing.deposit))
        return fail(Error::Kind::Gone, "link.item_gone");
    entrance.address = sharing.kinds.address(standing.item->kind, standing.item->id);
    if (entrance.address.empty()) entrance.address = "/";
    return entrance;
}

http::Response enter(Sharing& sharing, const http::Request& request, const Entrance& entrance, bool counted) {
    auto passes = read_passes(request, sharing.identity);
    const auto link = entrance.opened.link.id;
    std::erase(passes.links, link); // the latest opened stands last
    passes.links.push_back(link);
    auto response = http::redirect(entrance.address);
    write_passes(response, request, sharing.identity, passes);
    if (counted) remember_counted(response, request, sharing.identity, link);
    return guarded(std::move(response));
}

bool inside(const http::Request& request, const Link& link) {
    return std::ranges::find(viewer(request).links, link.id) != viewer(request).links.end();
}

bool was_counted(const Sharing& sharing, const http::Request& request, const Link& link) {
    const auto counted = counted_links(request, sharing.identity);
    return inside(request, link) || std::ranges::find(counted, link.id) != counted.end();
}

bool used_up(const Link& link) { return link.max_uses && link.uses >= *link.max_uses; }

// Why a link opens nothing: of a class that was closed with its year, in the words of the school.
Task<http::Response> tell_closed(Sharing& sharing, http::Request& request, Error error) {
    if (error.key != "link.class_ended") co_return closed(sharing, request, error);
    auto ended = co_await sharing.db.read([token = std::string{request.parameter("token")}](db::Tx& tx) {
        return find_year_ended(tx, std::string_view{token});
    });
    if (!ended) co_return closed(sharing, request, {.kind = Error::Kind::NotFound, .key = "link.unknown"});
    co_return guarded(year_ended_page(sharing.pages, request, *ended));
}

// Gives the pass, and counts the browser unless it was counted before.
Task<http::Response> count_and_enter(Sharing& sharing, http::Request& request, Entrance entrance) {
    if (was_counted(sharing, request, entrance.opened.link)) co_return enter(sharing, request, entrance, true);
    const auto link = entrance.opened.link.id;
    auto counted = co_await sharing.db.write(
        db::lane_of(link), [link, now = sharing.world.clock.now()](db::Tx& tx) { return use_link(tx, link, now); });
    if (!counted) co_return co_await tell_closed(sharing, request, counted.error());
    co_return enter(sharing, request, entrance, true);
}

Task<Result<Entrance>> look_up(Sharing& sharing, std::string token) {
    co_return co_await sharing.db.read([&sharing, token](db::Tx& tx) { return find_entrance(tx, sharing, token); });
}

Task<http::Response> show_link(Sharing& sharing, http::Request& request) {
    auto entrance = co_await look_up(sharing, std::string{request.parameter("token")});
    if (!entrance) co_return co_await tell_closed(sharing, request, entrance.error());
    const auto& link = entrance->opened.link;
    if (inside(request, link)) co_return enter(sharing, request, *entrance, false);
    const bool counted = was_counted(sharing, request, link);
    if (!counted && used_up(link))
        co_return closed(sharing, request, {.kind = Error::Kind::Gone, .key = "link.used_up"});
    if (link.has_password) co_return ask_password(sharing, request, "", 200);
    if (!counted && link.max_uses) co_return ask_to_open(sharing, request);
    if (looks_like_robot(request)) co_return enter(sharing, request, *entrance, false);
    co_return co_await count_and_enter(sharing, request, *std::move(entrance));
}

Task<http::Response> press_open(Sharing& sharing, http::Request& request) {
    auto entrance = co_await look_up(sharing, std::string{request.parameter("token")});
    if (!entrance) co_return co_await tell_closed(sharing, request, entrance.error());
    const auto& link = entrance->opened.link;
    if (!was_counted(sharing, request, link) && used_up(link))
        co_return closed(sharing, request, {.kind = Error::Kind::Gone, .key = "link.used_up"});
    if (!link.has_password) co_return co_await count_and_enter(sharing, request, *std::move(entrance));
    auto form = request.form();
    if (!form) co_return ask_password(sharing, request, "link.password_wrong", 422);
    // Counted for this link from this address: who guesses elsewhere does not keep a class out.
    auto& throttle = sharing.identity.throttle();
    // An IPv6 customer has 2^64 addresses and counts as one.
    const auto place = request.peer.contains(':') ? identity::network_of(request.peer) : request.peer;
    const auto account = "link " + to_text(entrance->opened.link.id) + ' ' + place;
    if (auto wait = throttle.enter(account, request.peer)) {
        auto response = ask_password(sharing, request, "link.password_wait", 429);
        response.headers.set("Retry-After", std::to_string(*wait));
        co_return response;
    }
    auto right = co_await sharing.identity.passwords().verify(entrance->opened.password_hash,
                                                              std::string{form->value("password")});
    using Outcome = identity::Throttle::Outcome;
    throttle.leave(account, request.peer, !right ? Outcome::Undecided : *right ? Outcome::Right : Outcome::Wrong);
    if (!right) co_return ask_password(sharing, request, "link.password_wait", 503);
    if (!*right) co_return ask_password(sharing, request, "link.password_wrong", 422);
    co_return co_await count_and_enter(sharing, request, *std::move(entrance));
}

Task<http::Response> leave(Sharing& sharing, http::Request& request) {
    auto response = http::redirect("/s/left");
    write_passes(response, request, sharing.identity, {});
    drop_browser_token(response, request); // the next one at this tablet changes nothing of what was written here
    co_return guarded(std::move(response));
}

Task<http::Response> show_left(Sharing& sharing, http::Request& request) {
    const LeftView view{.signed_in = viewer(request).is_person()};
    co_return guarded(sharing.pages.page(family_shell(request, "link.left_title"), left_page, view));
}

// How a link holder wants to be called; goes back to the page the form stood on.
Task<http::Response> set_nickname(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return sharing.pages.error_page(shell(request, ""), form.error(), request.id);
    auto name = check_line(form->value("name"), "name", 1, 60);
    if (!name) co_return sharing.pages.error_page(shell(request, ""), name.error(), request.id);
    auto passes = read_passes(request, sharing.identity);
    passes.nickname = std::move(*name);
    const auto back = form->value("back");
    // A path of ours and nothing else: "//elsewhere" and "/\elsewhere" are other people's hosts to a browser.
    const bool local = back.starts_with('/') && !back.starts_with("//") && back.find('\\') == std::string_view::npos;
    auto response = http::redirect(local ? back : "/");
    write_passes(response, request, sharing.identity, passes);
    co_return response;
}

} // namespace

void link_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<PasswordView>(password_page);
    sharing.pages.preload<OpenView>(open_page);
    sharing.pages.preload<ClosedView>(closed_page);
    sharing.pages.preload<LeftView>(left_page);
    preload_year_ended(sharing.pages);
    routes.get("/s/left", {.access = Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return show_left(sharing, request); });
    routes.post("/s/leave", {.access = Guest, .body_limit = 1024, .rate = http::Rate::Read},
                [&](auto& request) { return leave(sharing, request); });
    routes.post("/s/name", {.access = Link, .body_limit = 4096, .rate = http::Rate::Write},
                [&](auto& request) { return set_nickname(sharing, request); });
    routes.get("/s/{token}", {.access = Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return show_link(sharing, request); });
    routes.post("/s/{token}", {.access = Guest, .body_limit = 4096, .rate = http::Rate::SignIn},
                [&](auto& request) { return press_open(sharing, request); });
}

} // namespace preau::sharing

#include "sharing/gate.hpp"

#include "admitted.hpp"
#include "as_viewer.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "credentials.hpp"
#include "identity/administration.hpp"
#include "identity/second_factor.hpp"
#include "origin_check.hpp"
#include "sharing/face.hpp"
#include "year_ended.hpp"

#include <atomic>
#include <fmt/core.h>

namespace preau::sharing {
namespace {

bool changes_something(const http::Request& request, const http::Route& route) {
    // A WebSocket starts as a GET and then does anything; browsers send its Origin but apply no same-origin rule.
    if (route.socket) return true;
    return request.method != http::Method::Get && request.method != http::Method::Head &&
           request.method != http::Method::Options;
}

bool loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

// "http://localhost:8080": a public address that no other machine can use.
bool only_this_machine(std::string_view public_url) {
    public_url.remove_prefix(std::min(public_url.size(), public_url.find("://") + 3));
    const auto port = public_url.rfind(':');
    const auto host =
        port == std::string_view::npos || public_url.ends_with(']') ? public_url : public_url.substr(0, port);
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool came_by_proxy(const http::Request& request) {
    for (auto name : {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via"})
        if (request.headers.has(name)) return true;
    return false;
}

// Addresses of share links hold a secret that must not travel on in links of the page.
std::string own_address(const http::Request& request) { return request.path.starts_with("/s/") ? "/" : request.target; }

// Coming back, signing out and the look of the pages concern whoever really sits there.
// Those of delegates stand beside those of administrators of all: by address, so that none of tomorrow can forget it.
bool of_administrators(const http::Route& route) {
    auto under = [&](std::string_view root) {
        return route.pattern == root || (route.pattern.starts_with(root) && route.pattern[root.size()] == '/');
    };
    return route.rule.access == http::Access::Admin || under("/admin") || under("/api/admin");
}

bool always_oneself(std::string_view path) {
    return path == "/share/as/leave" || path == "/signout" || path.starts_with("/assets/");
}

// Who looks as somebody else changes nothing, opens no links (that would count) and finds no pages that the other would
// not: see as_viewer.hpp.
std::optional<Error> not_as_somebody_else(const http::Request& request, const http::Route& route) {
    if (changes_something(request, route)) return Error{.kind = Error::Kind::Forbidden, .key = "sharing.as_read_only"};
    const http::Access access = route.rule.access;
    const bool of_staff = access == http::Access::Member || access == http::Access::Admin;
    if (of_staff || request.path.starts_with("/s/"))
        return Error{.kind = Error::Kind::Forbidden, .key = "sharing.as_not_theirs"};
    return std::nullopt;
}

class Gate final : public http::Gatekeeper {
public:
    Gate(db::Database& db, World& world, identity::Identity& identity, const web::Pages& pages, GateOptions options)
        : db_{db}, world_{world}, identity_{identity}, pages_{pages}, options_{std::move(options)},
          local_{only_this_machine(options_.public_url)}, rates_{options_.rates} {}

    Task<std::optional<http::Response>> admit(http::Request& request, const http::Route& route) override;
    http::Response refusal(const http::Request& request, const Error& error) override;
    std::optional<Error> error_of(std::exception_ptr failure) override;

private:
    Task<Result<Viewer>> resolve(http::Request& request, const http::Route& route);
    Task<Result<Viewer>> resolve_credentials(Credentials credentials, std::string peer);
    Task<Viewer> resolve_cookies(http::Request& request);
    Task<std::string> look_as_somebody_else(http::Request& request, Viewer* viewer);
    Task<WaitingCount> waiting_for(const Viewer& viewer);
    std::optional<Error> too_often(const http::Request& request, const http::Route& route, const Viewer& viewer);
    bool exempt(const http::Request& request);
    std::optional<http::Response> check_access(const http::Request& request, const http::Route& route,
                                               const Viewer& viewer);
    Task<std::optional<http::Response>> year_ended(const http::Request& request);
    Task<std::optional<http::Response>> check_second_factor(const http::Request& request, const http::Route& route);

    db::Database& db_;
    World& world_;
    identity::Identity& identity_;
    const web::Pages& pages_;
    GateOptions options_;
    bool local_; // nobody else can come
    std::atomic<bool> warned_ = false;
    http::RateLimiter rates_;
    WaitingCounts counts_;
};

Task<std::optional<http::Response>> Gate::admit(http::Request& request, const http::Route& route) {
    auto viewer = co_await resolve(request, route);
    std::string seen_as;
    if (viewer && viewer->session) seen_as = co_await look_as_somebody_else(request, &*viewer);
    if (!viewer) {
        // Wrong credentials and forged requests count like a stranger's: they cost a question to the database each.
        auto problem = too_often(request, route, Viewer{});
        co_return refusal(request, problem ? *problem : viewer.error());
    }
    const auto chosen =
        web::choose_language(viewer->language, request.cookie("lang"), request.headers.find("accept-language"));
    const bool page =
        viewer->is_person() && request.method == http::Method::Get && !request.wants_json() && !request.content_origin;
    auto waiting = page ? co_await waiting_for(*viewer) : WaitingCount{};
    request.admitted = Admitted{
        .viewer = std::move(*viewer), .language = chosen, .seen_as = seen_as, .waiting = waiting, .counts = &counts_};
    const auto& admitted = sharing::viewer(request);
    if (auto problem = too_often(request, route, admitted)) co_return refusal(request, *problem);
    if (!seen_as.empty() && !always_oneself(request.path))
        if (auto problem = not_as_somebody_else(request, route)) co_return refusal(request, *problem);
    if (auto refused = check_access(request, route, admitted)) {
        if (refused->status == 401 && route.rule.access == http::Access::Link)
            if (auto ended = co_await year_ended(request)) co_return ended;
        co_return refused;
    }
    if (!options_.admins_show_second_factor || !of_administrators(route)) co_return std::nullopt;
    co_return co_await check_second_factor(request, route);
}

// A family comes back to a page that they kept: what they read there ended with the school year, and they are told so,
// in whatever app the page is.
Task<std::optional<http::Response>> Gate::year_ended(const http::Request& request) {
    auto passes = read_passes(request, identity_);
    if (passes.links.empty()) co_return std::nullopt;
    auto ended =
        co_await db_.read([links = std::move(passes.links)](db::Tx& tx) { return find_year_ended(tx, links); });
    if (!ended) co_return std::nullopt;
    if (request.wants_json()) co_return refusal(request, {.kind = Error::Kind::Gone, .key = "link.class_ended"});
    co_return year_ended_page(pages_, request, *ended);
}

// Whoever steals or guesses an administrator's password has nothing yet. Asked here and not in the pages, so that no
// route of tomorrow can forget it. An app password is none: it lies in a program's settings.
Task<std::optional<http::Response>> Gate::check_second_factor(const http::Request& request, const http::Route& route) {
    const auto who = sharing::viewer(request);
    struct Found {
        identity::Proof proof;
        bool has_one = false;
        bool administers = true;
    };
    auto found = co_await db_.read([who, now = world_.clock.now()](db::Tx& tx) {
        if (!who.admin && !identity::rights_of(tx, who.person, now).any()) return Found{.administers = false};
        return Found{.proof = who.session ? identity::proof_of(tx, who.session) : identity::Proof{},
                     .has_one = identity::factors_of(tx, who.person).second()};
    });
    if (!found.administers) co_return std::nullopt; // has nothing here, which the page says
    if (!who.session)
        co_return refusal(request, {.kind = Error::Kind::Forbidden, .key = "sharing.second_factor_session"});
    if (identity::second_shown(found.proof, world_.clock.now())) co_return std::nullopt;
    if (request.wants_json() || changes_something(request, route))
        co_return refusal(request, {.kind = Error::Kind::Forbidden, .key = "sharing.second_factor_needed"});
    co_return http::redirect((found.has_one ? "/account/proof?to=" : "/account/security?why=admin&to=") +
                             percent_encode(request.target));
}

Task<Result<Viewer>> Gate::resolve(http::Request& request, const http::Route& route) {
    // The second origin knows no cookies: its addresses are signed and name their viewer themselves.
    if (request.content_origin) co_return Viewer{};
    auto credentials = read_credentials(request.headers.find("authorization"));
    if (!credentials) co_return std::unexpected(credentials.error());
    if (*credentials) co_return co_await resolve_credentials(std::move(**credentials), request.peer);
    if (route.rule.origin_check && changes_something(request, route)) {
        const bool carries_cookie = !request.cookie(http::cookie_name(request, session_cookie)).empty() ||
                                    !request.cookie(http::cookie_name(request, passes_cookie)).empty();
        if (auto problem = origin_problem(request, options_.public_url, carries_cookie))
            co_return std::unexpected(std::move(*problem));
    }
    co_return co_await resolve_cookies(request);
}

Task<Result<Viewer>> Gate::resolve_credentials(Credentials credentials, std::string peer) {
    auto viewer = co_await identity_.viewer_of_app_password(std::move(credentials.login), std::move(credentials.secret),
                                                            std::move(peer));
    if (!viewer) co_return fail(Error::Kind::Unauthenticated, "sharing.credentials_wrong");
    co_return std::move(*viewer);
}

Task<Viewer> Gate::resolve_cookies(http::Request& request) {
    Viewer viewer;
    std::string token{request.cookie(http::cookie_name(request, session_cookie))};
    if (!token.empty()) viewer = co_await identity_.viewer_of_session(std::move(token));
    auto passes = read_passes(request, identity_);
    if (passes.links.empty()) co_return viewer;
    const auto now = world_.clock.now();
    auto valid =
        co_await db_.read([links = std::move(passes.links), now](db::Tx& tx) { return valid_links(tx, links, now); });
    add_passes(viewer, valid);
    if (viewer.kind == Viewer::Kind::LinkHolder) viewer.name = std::move(passes.nickname);
    co_return viewer;
}

Task<WaitingCount> Gate::waiting_for(const Viewer& viewer) {
    if (auto known = counts_.find(viewer.person, world_.clock.now())) co_return *known;
    auto count =
        co_await db_.read([viewer, now = world_.clock.now()](db::Tx& tx) { return count_waiting(tx, viewer, now); });
    counts_.keep(viewer.person, count, world_.clock.now());
    co_return count;
}

// Puts who would come so in place of who sits there; answers how that one is called, or nothing.
Task<std::string> Gate::look_as_somebody_else(http::Request& request, Viewer* viewer) {
    const auto now = world_.clock.now();
    const auto seen = read_seen_as(request, identity_, now);
    if (!seen || seen->session != viewer->session || always_oneself(request.path)) co_return std::string{};
    *viewer =
        co_await db_.read([real = *viewer, seen = *seen, now](db::Tx& tx) { return viewer_as(tx, real, seen, now); });
    co_return seen->label;
}

// Whoever tries the server out, or measures it, on this very machine is not limited. A reverse proxy here that is not
// named in trusted_proxies looks the same and brings the whole world: with a public address of its own, or with the
// traces that a proxy leaves, limits hold, and everybody shares the network's.
bool Gate::exempt(const http::Request& request) {
    if (!loopback(request.peer)) return false;
    const bool proxied = came_by_proxy(request);
    if (proxied && !warned_.exchange(true))
        log::warn("requests come by a proxy at {} that is not believed: name it in trusted_proxies, or limits count "
                  "everybody behind it as one network",
                  request.peer);
    return local_ && !proxied;
}

std::optional<Error> Gate::too_often(const http::Request& request, const http::Route& route, const Viewer& viewer) {
    if (exempt(request)) return std::nullopt;
    std::string who;
    if (viewer.is_person())
        who = "person " + to_text(viewer.person);
    else if (!viewer.links.empty()) // a whole class comes by one link: each address counts for itself
        who = "link " + to_text(viewer.links.back()) + ' ' + request.peer;
    auto wait = rates_.must_wait(route.rule.rate, who, request.peer, world_.clock.now());
    if (!wait) return std::nullopt;
    return Error{.kind = Error::Kind::Throttled,
                 .key = "sharing.too_often",
                 .values = {{"seconds", std::to_string(*wait)}},
                 .retry_after = *wait};
}

std::optional<http::Response> Gate::check_access(const http::Request& request, const http::Route& route,
                                                 const Viewer& viewer) {
    const http::Access access = route.rule.access;
    if (access == http::Access::Guest) return std::nullopt;
    if (access == http::Access::Link) {
        if (viewer.kind != Viewer::Kind::Stranger) return std::nullopt;
        return refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "sharing.link_needed"});
    }
    if (!viewer.is_person()) {
        if (request.wants_json() || changes_something(request, route))
            return refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "sharing.sign_in_needed"});
        return http::redirect("/signin?to=" + percent_encode(request.target));
    }
    if (access == http::Access::Admin && !viewer.admin)
        return refusal(request, {.kind = Error::Kind::Forbidden, .key = "sharing.admin_needed"});
    return std::nullopt;
}

http::Response Gate::refusal(const http::Request& request, const Error& error) {
    if (!request.wants_json()) return pages_.error_page(shell(request, ""), error, request.id);
    auto response = http::problem(error, web::Locale::of(language(request)).message(error));
    if (response.status == 401) {
        // Our own scripts ask too, and a browser would answer a Basic challenge with a window of its own.
        const bool from_page = request.headers.has("sec-fetch-mode");
        response.headers.set("WWW-Authenticate",
                             from_page ? "Session realm=\"Preau\"" : "Basic realm=\"Preau\", charset=\"UTF-8\"");
    }
    response.headers.set("Cache-Control", "no-store");
    return response;
}

std::optional<Error> Gate::error_of(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const db::Overloaded&) {
        return Error{.kind = Error::Kind::Unavailable, .key = "sharing.overloaded", .retry_after = 3};
    } catch (const db::StorageFull&) {
        return Error{.kind = Error::Kind::StorageFull, .key = "sharing.storage_full"};
    } catch (const db::ConstraintFailure& failure) {
        // Two writers in different lanes met at an index, and the other was first. The service asks before it writes,
        // so that asking again gives the exact answer; the log keeps the query in case it does not.
        log::warn("a write met a constraint: {}", failure.what());
        return Error{.kind = Error::Kind::Conflict, .key = "sharing.changed_meanwhile"};
    } catch (...) {
        return std::nullopt; // a broken world: 500, and the log says more
    }
}

} // namespace

const Viewer& viewer(const http::Request& request) {
    static const Viewer stranger; // before the gate has answered, nobody is anybody
    const auto* admitted = std::any_cast<Admitted>(&request.admitted);
    return admitted ? admitted->viewer : stranger;
}

web::Language language(const http::Request& request) {
    if (const auto* admitted = std::any_cast<Admitted>(&request.admitted)) return admitted->language;
    return web::choose_language("", request.cookie("lang"), request.headers.find("accept-language"));
}

namespace {
WaitingCount waiting_of(const http::Request& request) {
    const auto* admitted = std::any_cast<Admitted>(&request.admitted);
    return admitted ? admitted->waiting : WaitingCount{};
}
} // namespace

std::string seen_as(const http::Request& request) {
    const auto* admitted = std::any_cast<Admitted>(&request.admitted);
    return admitted ? admitted->seen_as : std::string{};
}

namespace {
// How pages look is chosen for this browser: a cookie, so that the first byte of a page says it and nothing flashes.
std::string chosen(const http::Request& request, std::string_view cookie,
                   std::initializer_list<std::string_view> values) {
    const auto value = request.cookie(cookie);
    return std::ranges::find(values, value) == values.end() ? std::string{} : std::string{value};
}
} // namespace

web::Shell shell(const http::Request& request, std::string title) {
    const auto& who = viewer(request);
    return {.language = language(request),
            .title = std::move(title),
            .kind = who.kind == Viewer::Kind::LinkHolder ? web::Shell::Kind::Family
                    : who.is_person()                    ? web::Shell::Kind::App
                                                         : web::Shell::Kind::Entry,
            .person_name = who.is_person() ? who.name : std::string{},
            .picture = picture_address(who.person, who.picture, FaceSize::Small),
            .signed_in = who.is_person(),
            .admin = who.admin || waiting_of(request).administers,
            .guest = who.guest,
            .here = own_address(request),
            .structure_name = who.structure_name,
            .seen_as = seen_as(request),
            .theme = chosen(request, "theme", {"light", "dark"}),
            .density = chosen(request, "density", {"compact"}),
            .approvals = waiting_of(request).approvals,
            .reports = waiting_of(request).reports};
}

std::unique_ptr<http::Gatekeeper> make_gate(db::Database& db, World& world, identity::Identity& identity,
                                            const web::Pages& pages, GateOptions options) {
    if (world.link_seal.empty()) world.link_seal = identity.signing_key("link-seal");
    return std::make_unique<Gate>(db, world, identity, pages, std::move(options));
}

} // namespace preau::sharing

// /account/security: password, second factor, passkeys, recovery codes.
#include "portal/account/account.hpp"

#include "identity/providers.hpp"
#include "portal/signin/local_path.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view security_template = "portal/account/security_page.html";
constexpr std::string_view codes_template = "portal/account/codes_page.html";

struct PasskeyLine {
    std::string id, label, used, remove;
    bool backed_up = false;
};
PREAU_DESCRIBE(PasskeyLine, id, label, used, remove, backed_up)

struct SecurityView {
    AccountSide side{.security = true};
    std::string note, warning, problem;
    std::string go_on; // where they were on their way to
    std::string login;
    std::string device; // how a new passkey is called if nobody says otherwise
    bool second = false;
    bool has_passkeys = false;
    std::vector<PasskeyLine> passkeys;
    bool has_totp = false;
    std::string totp_used, codes_left;
    bool has_password = false;
    bool has_providers = false; // somebody else may sign people in here
    std::string current_problem, new_problem;
};
PREAU_DESCRIBE(SecurityView, side, note, warning, problem, go_on, login, device, second, has_passkeys, passkeys,
               has_totp, totp_used, codes_left, has_password, has_providers, current_problem, new_problem)

struct CodeLine {
    std::string code;
};
PREAU_DESCRIBE(CodeLine, code)
struct CodesView {
    AccountSide side{.security = true};
    std::string site, login, made;
    std::vector<CodeLine> codes;
};
PREAU_DESCRIBE(CodesView, side, site, login, made, codes)

struct Found {
    identity::Factors factors;
    std::vector<identity::Passkey> passkeys;
    identity::Proof proof;
    bool admin = false;
};

std::string note_of(const web::Locale& locale, std::string_view what) {
    for (std::string_view known : {"password", "passkey", "totp", "removed", "password-removed"})
        if (what == known) {
            std::string key{"portal.done_"};
            for (char letter : known) key += letter == '-' ? '_' : letter;
            return locale.text(key);
        }
    return {};
}

// What this person should do next, the most pressing thing first.
std::string warning_of(const web::Locale& locale, const Found& found, std::string_view why) {
    if (why == "admin" && !found.factors.second()) return locale.text("portal.warn_admin");
    if (why == "recovered") return locale.text("portal.warn_recovered");
    if (why == "reset") return locale.text("portal.warn_reset");
    if (found.factors.second() && found.factors.recovery_codes == 0) return locale.text("portal.warn_no_codes");
    return {};
}

SecurityView view_of(const web::Locale& locale, const Viewer& viewer, const Found& found, Millis now) {
    auto used = [&](Millis moment) {
        return moment == 0 ? locale.text("portal.never_used")
                           : locale.text("portal.last_used", {{"moment", locale.ago(moment, now, viewer.zone)}});
    };
    SecurityView view{.login = viewer.login,
                      .second = found.factors.second(),
                      .has_passkeys = !found.passkeys.empty(),
                      .has_totp = found.factors.totp_since != 0,
                      .totp_used = used(found.factors.totp_used),
                      .codes_left = locale.plural("portal.codes_left", found.factors.recovery_codes),
                      .has_password = found.factors.password};
    for (const auto& passkey : found.passkeys)
        view.passkeys.push_back({.id = to_text(passkey.id),
                                 .label = passkey.label,
                                 .used = used(passkey.used_at),
                                 .remove = locale.text("portal.remove_named", {{"name", passkey.label}}),
                                 .backed_up = passkey.backed_up});
    return view;
}

Task<http::Response> show_security(Portal& portal, http::Request& request) {
    co_return co_await security_page(portal, request, std::nullopt);
}

Task<http::Response> make_codes(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    auto factors =
        co_await portal.db.read([person = viewer.person](db::Tx& tx) { return identity::factors_of(tx, person); });
    if (!factors.second()) // codes stand in for a second factor: without one they would open nothing
        co_return co_await security_page(
            portal, request, PageProblem{"", Error{.kind = Error::Kind::Conflict, .key = "portal.codes_need_factor"}});
    co_return co_await new_codes(portal, request);
}

Result<void> remove_own_password(db::Tx& tx, Portal& portal, const Viewer& viewer) {
    auto factors = identity::factors_of(tx, viewer.person);
    if (factors.passkeys == 0 || factors.rungs() < 2) return fail(Error::Kind::Conflict, "portal.password_rungs");
    identity::remove_password(tx, viewer.person);
    sharing::record_event(tx, portal.world, viewer, "person.password_removed", {});
    return {};
}

Task<http::Response> drop_password(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person), [&portal, viewer](db::Tx& tx) { return remove_own_password(tx, portal, viewer); });
    if (!done) co_return co_await security_page(portal, request, PageProblem{"", done.error()});
    co_return http::redirect("/account/security?done=password-removed");
}

} // namespace

Task<http::Response> security_page(Portal& portal, http::Request& request, std::optional<PageProblem> problem) {
    const auto viewer = sharing::viewer(request);
    auto found = co_await portal.db.read([viewer](db::Tx& tx) {
        return Found{.factors = identity::factors_of(tx, viewer.person),
                     .passkeys = identity::passkeys_of(tx, viewer.person),
                     .proof = identity::proof_of(tx, viewer.session),
                     .admin = viewer.admin};
    });
    auto now = portal.world.clock.now();
    auto shell = account_shell(request, "portal.security");
    shell.component = "portal/new-passkey";
    const auto& locale = web::Locale::of(shell.language);
    auto view = view_of(locale, viewer, found, now);
    view.has_providers = portal.providers && !portal.providers->all().empty();
    view.device = identity::describe_device(request.headers.find("user-agent"));
    if (!problem) view.note = note_of(locale, request.query("done"));
    view.warning = warning_of(locale, found, request.query("why"));
    if (request.has_query("to") && identity::second_shown(found.proof, now))
        view.go_on = local_path_or_home(request.query("to"));
    if (problem) {
        auto sentence = locale.message(problem->error);
        (problem->field == "current"  ? view.current_problem
         : problem->field == "chosen" ? view.new_problem
                                      : view.problem) = std::move(sentence);
    }
    co_return portal.pages.page(shell, security_template, view, problem ? http::status_of(problem->error.kind) : 200);
}

Task<http::Response> new_codes(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    auto now = portal.world.clock.now();
    auto codes = co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, now](db::Tx& tx) {
        sharing::record_event(tx, portal.world, viewer, "person.codes_made", {});
        return identity::make_recovery_codes(tx, portal.world.random, viewer.person, now);
    });
    auto shell = account_shell(request, "portal.recovery_codes");
    shell.component = "portal/recovery-codes";
    const auto& locale = web::Locale::of(shell.language);
    CodesView view{.site = identity::relying_party(portal.public_url).id,
                   .login = viewer.login,
                   .made = locale.date_time(now, viewer.zone)};
    for (auto& code : codes) view.codes.push_back({std::move(code)});
    co_return portal.pages.page(shell, codes_template, view);
}

void preload_security(web::Pages& pages) {
    pages.preload<SecurityView>(security_template);
    pages.preload<CodesView>(codes_template);
}

void security_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account/security", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_security(portal, request); });
    routes.post("/account/recovery-codes", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return make_codes(portal, request); });
    routes.post("/account/password/remove", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return drop_password(portal, request); });
}

} // namespace preau::portal

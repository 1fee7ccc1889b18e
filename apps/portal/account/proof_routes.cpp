// "Is it still you?": asked again before a sensitive act when the last proof is older than a quarter of an hour, and of
// administrators when their second factor is older than half a day.
#include "portal/account/account.hpp"
#include "portal/passkeys/passkey_wire.hpp"
#include "portal/signin/local_path.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view proof_template = "portal/account/proof_page.html";
constexpr std::string_view purpose = "prove";

struct ProofView {
    std::string to, login;
    bool password = false; // can be asked for
    bool code = false; // is asked for too
    bool passkeys = false;
    std::string password_problem, code_problem;
};
PREAU_DESCRIBE(ProofView, to, login, password, code, passkeys, password_problem, code_problem)

struct ProofForm {
    std::string password, code, to;
};
PREAU_DESCRIBE(ProofForm, password, code, to)

struct Standing {
    identity::Factors factors;
    identity::Proof proof;
};

Task<Standing> standing(Portal& portal, const Viewer& viewer) {
    auto person = viewer.person;
    auto session = viewer.session;
    co_return co_await portal.db.read([person, session](db::Tx& tx) {
        return Standing{.factors = identity::factors_of(tx, person), .proof = identity::proof_of(tx, session)};
    });
}

bool code_due(const Standing& found, Millis now) {
    return found.factors.second() && !identity::second_shown(found.proof, now);
}

Task<http::Response> proof_page(Portal& portal, http::Request& request, std::string to,
                                std::optional<PageProblem> problem) {
    const auto viewer = sharing::viewer(request);
    auto found = co_await standing(portal, viewer);
    auto shell = account_shell(request, "portal.proof_title");
    ProofView view{.to = std::move(to),
                   .login = viewer.login,
                   .password = found.factors.password,
                   .code = code_due(found, portal.world.clock.now()),
                   .passkeys = found.factors.passkeys > 0};
    if (view.passkeys) shell.component = "portal/passkey-signin";
    if (problem)
        (problem->field == "code" ? view.code_problem : view.password_problem) =
            web::Locale::of(shell.language).message(problem->error);
    auto response =
        portal.pages.page(shell, proof_template, view, problem ? http::status_of(problem->error.kind) : 200);
    if (problem && problem->error.retry_after > 0)
        response.headers.set("retry-after", std::to_string(problem->error.retry_after));
    co_return response;
}

Task<http::Response> show_proof(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    co_return co_await proof_page(portal, request, local_path_or_home(request.query("to")), std::nullopt);
}

Task<http::Response> take_proof(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<ProofForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    const auto viewer = sharing::viewer(request);
    auto to = local_path_or_home(form->to);
    auto found = co_await standing(portal, viewer);
    auto known = co_await portal.identity.check_password(viewer.login, std::move(form->password), request.peer);
    if (!known) {
        auto error = std::move(known.error());
        if (error.kind == Error::Kind::Unauthenticated)
            error = Error{.kind = Error::Kind::Invalid, .key = "portal.current_password_wrong"};
        co_return co_await proof_page(portal, request, std::move(to), PageProblem{"password", std::move(error)});
    }
    const bool second = code_due(found, portal.world.clock.now());
    if (second) {
        auto kind = co_await identity::check_code(
            portal.db, portal.identity, portal.world.clock,
            {.person = viewer.person, .login = viewer.login, .code = std::move(form->code), .peer = request.peer});
        if (!kind) co_return co_await proof_page(portal, request, std::move(to), PageProblem{"code", kind.error()});
    }
    co_await keep_proof(portal, viewer, second);
    co_return http::redirect(to);
}

Task<http::Response> offer(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    const auto viewer = sharing::viewer(request);
    auto person = viewer.person;
    auto credentials = co_await portal.db.read([person](db::Tx& tx) { return identity::credentials_of(tx, person); });
    RequestOptions options{.challenge = base64url(identity::make_challenge(portal.identity, portal.world.random,
                                                                           bound_to_session(viewer.session, purpose),
                                                                           portal.world.clock.now())),
                           .rpId = identity::relying_party(portal.public_url).id,
                           .allowCredentials = names_of(credentials)};
    auto response = http::json_response(json::text_of(options));
    response.headers.set("cache-control", "no-store");
    co_return response;
}

Task<http::Response> take_passkey(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    const auto viewer = sharing::viewer(request);
    auto sent = read_assertion(request.body);
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto answer = co_await check_answer(portal, std::move(*sent), bound_to_session(viewer.session, purpose));
    if (!answer) co_return portal.gate.refusal(request, answer.error());
    if (answer->key.person != viewer.person)
        co_return portal.gate.refusal(request,
                                      Error{.kind = Error::Kind::Forbidden, .key = "identity.passkey_refused"});
    auto now = portal.world.clock.now();
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person),
        [answer = std::move(*answer), session = viewer.session, now](db::Tx& tx) -> Result<void> {
            TRY(spend_answer(tx, answer, now));
            identity::note_proof(tx, session, now, true);
            return {};
        });
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return http::json_response(json::text_of(WhereNext{.to = local_path_or_home(request.query("to"))}));
}

} // namespace

Task<void> keep_proof(Portal& portal, const Viewer& viewer, bool second) {
    auto now = portal.world.clock.now();
    auto session = viewer.session;
    return portal.db.write(db::lane_of(viewer.person),
                           [session, now, second](db::Tx& tx) { identity::note_proof(tx, session, now, second); });
}

Task<std::optional<http::Response>> ask_again(Portal& portal, const http::Request& request, std::string back) {
    if (auto refused = only_by_session(portal, request)) co_return refused;
    auto found = co_await standing(portal, sharing::viewer(request));
    if (identity::is_fresh(found.proof, found.factors, portal.world.clock.now())) co_return std::nullopt;
    if (request.wants_json())
        co_return portal.gate.refusal(request, Error{.kind = Error::Kind::Forbidden, .key = "portal.proof_needed"});
    co_return http::redirect("/account/proof?to=" + percent_encode(back));
}

void preload_proof(web::Pages& pages) { pages.preload<ProofView>(proof_template); }

void proof_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account/proof", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_proof(portal, request); });
    routes.post("/account/proof", {.access = Access::Member, .body_limit = 8 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return take_proof(portal, request); });
    routes.post("/account/proof/passkey/options", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return offer(portal, request); });
    routes.post("/account/proof/passkey", {.access = Access::Member, .body_limit = 16 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return take_passkey(portal, request); });
}

} // namespace preau::portal

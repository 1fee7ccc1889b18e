#include "identity/activation.hpp"
#include "identity/providers.hpp"
#include "portal/admin/admin.hpp"
#include "portal/providers/provider_pages.hpp"
#include "portal/signin/entering.hpp"
#include "portal/signin/local_path.hpp"
#include "portal/signin/signin.hpp"

#include "base/text.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view flow_cookie = "preau_provider";
constexpr std::string_view unknown_template = "portal/providers/provider_unknown_page.html";
constexpr std::string_view signed_out_template = "portal/providers/signed_out_page.html";
constexpr std::string_view activation_cookie = "preau_letter"; // a random word of the browser that opened one
constexpr std::int64_t flow_seconds = 600;

std::string flow_key(const Portal& portal) { return portal.identity.signing_key("provider-flow"); }

std::string activation_cookie_name(const http::Request& request) {
    return http::cookie_name(request, activation_cookie);
}

std::string ticket_for_letter(const Portal& portal, std::string_view browser, std::string_view token) {
    return base64url(hmac_sha256(portal.identity.signing_key("provider-activation"),
                                 std::string{browser} + "." + std::string{token}));
}

bool may_activate(const Portal& portal, const http::Request& request) {
    const auto browser = request.cookie(activation_cookie_name(request));
    return !browser.empty() &&
           same_secret(request.query("ticket"), ticket_for_letter(portal, browser, request.query("activation")));
}

// A GET that begins and stores nothing but a cookie of this browser: who is led here by somebody else ends at the
// provider, and comes back as themselves or not at all.
Task<http::Response> begin(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    const auto ticket = request.query("link"), letter = request.query("activation");
    const bool linking = !ticket.empty();
    if (linking && (!viewer.session || !same_secret(ticket, link_ticket(portal, viewer))))
        co_return http::redirect("/account/providers");
    if (linking)
        if (auto first = co_await ask_again(portal, request, "/account/providers")) co_return std::move(*first);
    if (!linking && !letter.empty() && !may_activate(portal, request))
        co_return portal.gate.refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "provider.answer"});
    auto begun = co_await portal.providers->begin(std::string{request.parameter("provider")},
                                                  linking ? "/account/providers?done=linked"
                                                          : local_path_or_home(request.query("to")));
    if (!begun) co_return portal.gate.refusal(request, begun.error());
    if (linking)
        begun->flow.person = viewer.person;
    else
        begun->flow.activation = letter;
    auto response = http::redirect(begun->address);
    response.headers.add(
        "set-cookie",
        http::set_cookie(request, flow_cookie, identity::write_flow(begun->flow, flow_key(portal)), flow_seconds));
    co_return response;
}

struct Known { // who it is here
    PersonId person;
    bool mail_taken = false;
};

// In one transaction with the spending of the answer: a second one of the same state finds it spent.
Result<Known> settle(db::Tx& tx, Portal& portal, const identity::ProviderFlow& flow, const identity::IdToken& token,
                     bool create, Millis now) {
    if (!identity::spend_answer(tx, flow.state, now)) return fail(Error::Kind::Unauthenticated, "provider.answer");
    if (flow.person || !flow.activation.empty()) {
        // A link by mail makes an account that is not used yet known by the provider; who has a password already does
        // that from their account, with a proof.
        if (!flow.person && TRY(identity::find_activation(tx, flow.activation, now)).forgotten)
            return fail(Error::Kind::Conflict, "provider.has_password");
        auto person = flow.person ? flow.person : TRY(identity::use_activation(tx, flow.activation, now));
        TRY(identity::link_provider(tx, person, token.issuer, token.subject, now));
        record_act(tx, portal, Viewer{}, {.kind = "person.provider_linked", .person = person});
        return Known{.person = person};
    }
    if (auto person = identity::person_at_provider(tx, token.issuer, token.subject, now))
        return Known{.person = *person};
    if (!create) return Known{};
    auto made = identity::create_provided_person(tx, portal.world.ids, token, now);
    if (!made && made.error().key == "provider.mail_taken") return Known{.mail_taken = true};
    if (!made) return std::unexpected(made.error());
    record_act(tx, portal, Viewer{}, {.kind = "person.provided", .person = made->id});
    return Known{.person = made->id};
}

http::Response unknown_page(Portal& portal, http::Request& request, const identity::ProviderOptions& provider,
                            const identity::IdToken& token, bool mail_taken) {
    constexpr int forbidden_status = 403;
    return portal.pages.page(
        entry_shell(request, "portal.provider_unknown_title"), unknown_template,
        ProviderUnknownView{.provider = provider.label, .name = token.name, .mail_taken = mail_taken},
        forbidden_status);
}

void drop_flow(http::Response& response, const http::Request& request) {
    response.headers.add("set-cookie", http::set_cookie(request, flow_cookie, "", 0));
}

Task<http::Response> come_back(Portal& portal, http::Request& request, identity::ProviderFlow flow) {
    const auto now = portal.world.clock.now();
    const auto* provider = portal.providers->find(flow.provider);
    auto token = co_await portal.providers->finish(flow, {.state = std::string{request.query("state")},
                                                          .code = std::string{request.query("code")},
                                                          .issuer = std::string{request.query("iss")},
                                                          .error = std::string{request.query("error")}});
    if (!token) {
        // That somebody there said what does not hold is worth a line; that they were not reached is not.
        if (token.error().kind == Error::Kind::Unauthenticated) co_await note_refusal(portal, {});
        co_return portal.gate.refusal(request, token.error());
    }
    // Who began to link must be who is signed in still: on a shared computer somebody else may be by now.
    const auto viewer = sharing::viewer(request);
    if (flow.person && (!viewer.session || viewer.person != flow.person))
        co_return portal.gate.refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "provider.answer"});
    auto work = [&portal, flow, said = *token, create = provider->create, now](db::Tx& tx) {
        return settle(tx, portal, flow, said, create, now);
    };
    auto known = co_await portal.db.write({}, std::move(work));
    if (!known) co_return portal.gate.refusal(request, known.error());
    if (!known->person) co_return unknown_page(portal, request, *provider, *token, known->mail_taken);
    if (flow.person) co_return http::redirect(flow.to);
    auto response = co_await after_first(portal, request, known->person, flow.to);
    response.headers.add("set-cookie",
                         http::set_cookie(request, way_cookie, provider->name, identity::session_lifetime / 1000));
    co_return response;
}

Task<http::Response> back(Portal& portal, http::Request& request) {
    const auto cookie = request.cookie(http::cookie_name(request, flow_cookie));
    auto flow = identity::read_flow(cookie, flow_key(portal), portal.world.clock.now());
    // The address says which provider answers: that of another flow is none.
    if (!flow || flow->provider != request.parameter("provider")) {
        auto refused = portal.gate.refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "provider.answer"});
        drop_flow(refused, request);
        co_return refused;
    }
    auto response = co_await come_back(portal, request, std::move(*flow));
    drop_flow(response, request);
    co_return response;
}

Task<http::Response> show_signed_out(Portal& portal, http::Request& request) {
    const auto* provider = portal.providers->find(request.query("provider"));
    auto address = provider ? portal.providers->sign_out_address(provider->name) : std::nullopt;
    if (!address) co_return http::redirect("/");
    const auto& locale = web::Locale::of(sharing::language(request));
    co_return portal.pages.page(
        entry_shell(request, "portal.signed_out_title"), signed_out_template,
        SignedOutView{.provider = provider->label,
                      .address = *address,
                      .leave = locale.text("portal.signed_out_there", {{"name", provider->label}})});
}

} // namespace

std::string link_ticket(const Portal& portal, const Viewer& viewer) {
    return base64url(hmac_sha256(portal.identity.signing_key("provider-link"), to_text(viewer.session)));
}

ActivationTicket activation_ticket(const Portal& portal, const http::Request& request, std::string_view token) {
    constexpr std::size_t bits_256 = 32;
    auto browser = std::string{request.cookie(activation_cookie_name(request))};
    if (browser.empty()) browser = portal.world.random.token(bits_256);
    return {.ticket = ticket_for_letter(portal, browser, token),
            .cookie = http::set_cookie(request, activation_cookie, browser, flow_seconds)};
}

std::string after_signing_out(const Portal& portal, const http::Request& request) {
    if (!portal.providers) return "/";
    const auto name = request.cookie(http::cookie_name(request, way_cookie));
    const auto* provider = portal.providers->find(name);
    return provider && portal.providers->sign_out_address(name) ? "/signedout?provider=" + provider->name : "/";
}

std::vector<MethodView> provider_buttons(const Portal& portal, const web::Locale& locale, std::string_view to) {
    std::vector<MethodView> buttons;
    if (!portal.providers) return buttons;
    for (const auto& provider : portal.providers->all())
        buttons.push_back({.address = "/signin/with/" + provider.name +
                                      (to.empty() || to == "/" ? std::string{} : "?to=" + percent_encode(to)),
                           .label = locale.text("portal.provider_button", {{"name", provider.label}})});
    return buttons;
}

void preload_providers(web::Pages& pages) {
    pages.preload<ProviderUnknownView>(unknown_template);
    pages.preload<SignedOutView>(signed_out_template);
}

void provider_routes(http::Router& routes, Portal& portal) {
    if (!portal.providers) return;
    using enum http::Access;
    const http::Rule reading{.access = Guest, .body_limit = 0, .rate = http::Rate::SignIn};
    routes.get("/signin/with/{provider}", reading,
               [&portal](http::Request& request) { return begin(portal, request); });
    routes.get("/signin/with/{provider}/back", reading,
               [&portal](http::Request& request) { return back(portal, request); });
    routes.get("/signedout", {.access = Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_signed_out(portal, request); });
}

} // namespace preau::portal

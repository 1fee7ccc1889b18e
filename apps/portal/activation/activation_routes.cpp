#include "portal/activation/activation_pages.hpp"
#include "portal/admin/admin.hpp"
#include "portal/providers/provider_pages.hpp"
#include "portal/signin/entering.hpp"
#include "portal/signin/signin.hpp"

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "identity/activation.hpp"
#include "identity/providers.hpp"
#include "mail/letter.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view ask_template = "portal/activation/activation_ask_page.html";
constexpr std::string_view choose_template = "portal/activation/activation_choose_page.html";
constexpr std::string_view activation_letter = "portal/activation/activation_mail";
constexpr std::size_t longest_mail = 254;

struct AskForm {
    std::string mail;
};
PREAU_DESCRIBE(AskForm, mail)

struct ChooseForm {
    std::string password;
};
PREAU_DESCRIBE(ChooseForm, password)

struct AskedMail { // payload of the job
    std::string mail, language;
};
PREAU_DESCRIBE(AskedMail, mail, language)

std::string_view title_of(bool forgotten) { return forgotten ? "portal.forgotten_title" : "portal.activation_title"; }

http::Response ask_page(Portal& portal, const http::Request& request, ActivationAskView view, int status = 200) {
    view.action = view.forgotten ? "/forgotten" : "/activate";
    return portal.pages.page(entry_shell(request, title_of(view.forgotten)), ask_template, view, status);
}

Task<http::Response> show_ask(Portal& portal, http::Request& request, bool forgotten) {
    co_return ask_page(portal, request, {.forgotten = forgotten, .sent = request.query("sent") == "1"});
}

// The same row is written whatever was typed: no answer, no delay and no error tells whether somebody has an account.
Task<http::Response> ask(Portal& portal, http::Request& request, bool forgotten) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<AskForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    const auto mail = to_lower_ascii(trimmed(form->mail));
    const auto language = sharing::language(request);
    if (!mail.contains('@') || mail.size() > longest_mail) {
        const auto problem = web::Locale::of(language).text("identity.mail_malformed");
        co_return ask_page(portal, request, {.forgotten = forgotten, .mail = form->mail, .problem = problem}, 422);
    }
    const AskedMail asked{.mail = mail, .language = std::string{web::code(language)}};
    auto* jobs = &portal.world.jobs;
    co_await portal.db.write({}, [jobs, asked](db::Tx& tx) {
        jobs->enqueue(tx,
                      {.kind = "portal.activation", .payload = json::text_of(asked), .key = hex(sha256(asked.mail))});
    });
    co_return http::redirect(forgotten ? "/forgotten?sent=1" : "/activate?sent=1");
}

Task<Result<identity::Activation>> find(Portal& portal, std::string token) {
    co_return co_await portal.db.read(
        [token, now = portal.world.clock.now()](db::Tx& tx) { return identity::find_activation(tx, token, now); });
}

http::Response choose_page(Portal& portal, const http::Request& request, const identity::Activation& activation,
                           const Error* error) {
    const auto& locale = web::Locale::of(sharing::language(request));
    ActivationChooseView view{.token = activation.token,
                              .name = activation.person.name,
                              .login = activation.person.login,
                              .forgotten = activation.forgotten};
    if (error) view.problem = locale.message(*error);
    std::optional<ActivationTicket> ticket;
    if (!activation.forgotten && portal.providers && !portal.providers->all().empty())
        ticket = activation_ticket(portal, request, activation.token);
    if (ticket)
        for (const auto& provider : portal.providers->all())
            view.providers.push_back({.address = "/signin/with/" + provider.name + "?activation=" + activation.token +
                                                 "&ticket=" + ticket->ticket,
                                      .label = locale.text("portal.provider_button", {{"name", provider.label}})});
    view.has_providers = !view.providers.empty();
    auto response = portal.pages.page(entry_shell(request, title_of(activation.forgotten)), choose_template, view,
                                      error ? http::status_of(*error) : 200);
    if (ticket) response.headers.add("set-cookie", ticket->cookie);
    return response;
}

// Programs that look at mail fetch the address: only the form behind it uses the link up.
Task<http::Response> show_choose(Portal& portal, http::Request& request) {
    auto activation = co_await find(portal, std::string{request.parameter("token")});
    if (!activation) co_return portal.gate.refusal(request, activation.error());
    co_return choose_page(portal, request, *activation, nullptr);
}

Task<http::Response> choose(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<ChooseForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto activation = co_await find(portal, std::string{request.parameter("token")});
    if (!activation) co_return portal.gate.refusal(request, activation.error());
    auto good = identity::check_new_password(form->password, activation->person.login);
    if (!good) co_return choose_page(portal, request, *activation, &good.error());
    auto phc = co_await portal.identity.passwords().hash(std::move(form->password));
    if (!phc) co_return choose_page(portal, request, *activation, &phc.error());
    const bool forgotten = activation->forgotten;
    auto work = [&portal, forgotten, token = activation->token, hash = *phc,
                 now = portal.world.clock.now()](db::Tx& tx) -> Result<PersonId> {
        auto person = TRY(identity::activate(tx, portal.world.ids, token, hash, now));
        record_act(tx, portal, Viewer{},
                   {.kind = forgotten ? "person.password_renewed" : "person.activated", .person = person});
        return person;
    };
    auto person = co_await portal.db.write(db::lane_of(activation->person.id), std::move(work));
    if (!person) co_return portal.gate.refusal(request, person.error());
    portal.identity.forget(*person);
    co_return co_await after_first(portal, request, *person, "/", Passage::OpenedOnce);
}

Task<void> send_letter(Portal& portal, jobs::Job job) {
    auto payload = json::parse(job.payload);
    if (!payload) co_return;
    const auto mail = (*payload)["mail"].text().value_or("");
    const auto language = (*payload)["language"].text().value_or("");
    co_await portal.db.write({}, [&portal, mail, language](db::Tx& tx) {
        auto made = identity::begin_activation(tx, portal.world.random, mail, portal.world.clock.now());
        if (!made) return;
        const ActivationLetter words{.name = made->person.name,
                                     .login = made->person.login,
                                     .address = portal.public_url + "/activate/" + made->token,
                                     .site = portal.public_url,
                                     .forgotten = made->forgotten,
                                     .elsewhere = made->token.empty()};
        const auto reads = web::choose_language(made->person.language, language, {});
        auto letter = mail::compose(portal.pages, reads, activation_letter, words);
        // An address that bounced, or that no relay would take, is the journal of mail's affair: nobody here waits.
        (void)portal.mail.send(tx,
                               mail::message(std::move(letter), {.kind = made->forgotten ? "forgotten" : "activation",
                                                                 .to = made->person.mail,
                                                                 .to_name = made->person.name}));
    });
}

} // namespace

void preload_activation(web::Pages& pages) {
    pages.preload<ActivationAskView>(ask_template);
    pages.preload<ActivationChooseView>(choose_template);
    mail::preload<ActivationLetter>(pages, activation_letter);
}

void install_activation(Portal& portal) {
    portal.world.jobs.handle("portal.activation",
                             [&portal](jobs::Job job) { return send_letter(portal, std::move(job)); });
}

void activation_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Guest, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Guest, .body_limit = 8 * 1024, .rate = http::Rate::SignIn};
    routes.get("/activate", reading, [&portal](http::Request& request) { return show_ask(portal, request, false); });
    routes.get("/forgotten", reading, [&portal](http::Request& request) { return show_ask(portal, request, true); });
    routes.post("/activate", writing, [&portal](http::Request& request) { return ask(portal, request, false); });
    routes.post("/forgotten", writing, [&portal](http::Request& request) { return ask(portal, request, true); });
    routes.get("/activate/{token}", reading,
               [&portal](http::Request& request) { return show_choose(portal, request); });
    routes.post("/activate/{token}", writing, [&portal](http::Request& request) { return choose(portal, request); });
}

} // namespace preau::portal

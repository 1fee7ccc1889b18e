// /admin/mail: what waits, what was sent lately, what was refused. The content of a message is shown only where nothing
// is sent at all: elsewhere it may hold an address that opens something, and it is its reader's alone.
#include "portal/admin/admin.hpp"
#include "portal/admin/admin_mail_words.hpp"

#include "base/text.hpp"
#include "identity/people.hpp"
#include "mail/letter.hpp"

namespace preau::portal {
namespace {

struct MessageLine {
    std::string id, subject, to, when, problem, state, chip;
};
PREAU_DESCRIBE(MessageLine, id, subject, to, when, problem, state, chip)

struct MessagesView {
    AdminSide side{.mail = true};
    std::string done, problem;
    std::string relay; // address of the SMTP server, empty: none
    std::vector<AdminChoice> tabs;
    std::vector<MessageLine> rows;
    bool some = false;
    std::string next; // address of the next page
};
PREAU_DESCRIBE(MessagesView, side, done, problem, relay, tabs, rows, some, next)

struct MessageView {
    AdminSide side{.mail = true};
    std::string id, subject, state, chip, to, kind, queued, settled, attempts, problem;
    bool shown = false;
    std::string text;
};
PREAU_DESCRIBE(MessageView, side, id, subject, state, chip, to, kind, queued, settled, attempts, problem, shown, text)

struct BounceLine {
    std::string address, when, problem, clear;
};
PREAU_DESCRIBE(BounceLine, address, when, problem, clear)

struct BouncesView {
    AdminSide side{.mail = true};
    std::string done;
    std::vector<BounceLine> rows;
    bool some = false;
    std::string next;
};
PREAU_DESCRIBE(BouncesView, side, done, rows, some, next)

constexpr std::string_view messages_page = "portal/admin/admin_mail_page.html";
constexpr std::string_view message_page = "portal/admin/admin_message_page.html";
constexpr std::string_view bounces_page = "portal/admin/admin_bounces_page.html";
constexpr std::size_t rows_per_page = 50;

std::string mailbox(const mail::Entry& entry) {
    return entry.recipient_name.empty() ? entry.recipient : entry.recipient_name + " <" + entry.recipient + ">";
}

std::vector<AdminChoice> tabs_of(const web::Locale& locale, const std::vector<mail::Count>& counts,
                                 std::optional<mail::State> chosen) {
    std::vector<AdminChoice> tabs{{.text = locale.text("admin.mail_all"), .chosen = !chosen}};
    for (const auto& state : counts)
        tabs.push_back({.value = "?state=" + std::string{word_of(state.state)},
                        .text = state_words(locale, state.state) + " (" + locale.number(state.count) + ')',
                        .chosen = state.state == chosen});
    return tabs;
}

Task<http::Response> show_messages(Portal& portal, http::Request& request) {
    const auto state = state_named(request.query("state"));
    const auto before = parse_id<mail::MessageId>(request.query("before")).value_or(mail::MessageId{});
    struct Found {
        std::vector<mail::Entry> entries;
        std::vector<mail::Count> counts;
    };
    auto found = co_await portal.db.read([state, before](db::Tx& tx) {
        return Found{.entries = mail::entries(tx, state, before, static_cast<int>(rows_per_page) + 1),
                     .counts = mail::counts(tx)};
    });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    MessagesView view{.relay = portal.mail.options().smtp_url,
                      .tabs = tabs_of(locale, found.counts, state),
                      .some = !found.entries.empty()};
    if (request.query("trial") == "queued")
        view.done = locale.text(portal.mail.sends() ? "admin.mail_trial_sent" : "admin.mail_trial_kept");
    if (request.query("trial") == "refused") view.problem = locale.text("admin.mail_trial_refused");
    if (found.entries.size() > rows_per_page) {
        found.entries.resize(rows_per_page);
        view.next = "/admin/mail?" + (state ? "state=" + std::string{word_of(*state)} + '&' : std::string{}) +
                    "before=" + to_text(found.entries.back().id);
    }
    for (const auto& entry : found.entries)
        view.rows.push_back({.id = to_text(entry.id),
                             .subject = entry.subject,
                             .to = mailbox(entry),
                             .when = locale.ago(entry.queued_at, portal.world.clock.now(), zone),
                             .problem = entry.problem,
                             .state = state_words(locale, entry.state),
                             .chip = std::string{state_chip(entry.state)}});
    co_return portal.pages.page(admin_shell(request, "admin.mail"), messages_page, view);
}

struct Shown {
    std::optional<mail::Entry> entry;
    std::optional<mail::Body> body; // only where nothing is sent
};

Task<Shown> find_message(Portal& portal, http::Request& request) {
    const auto id = parse_id<mail::MessageId>(request.parameter("message")).value_or(mail::MessageId{});
    const bool sends = portal.mail.sends();
    co_return co_await portal.db.read([id, sends](db::Tx& tx) {
        Shown shown{.entry = mail::find_entry(tx, id)};
        if (!sends && shown.entry && shown.entry->state == mail::State::Kept) shown.body = mail::find_body(tx, id);
        return shown;
    });
}

Task<http::Response> show_message(Portal& portal, http::Request& request) {
    auto found = co_await find_message(portal, request);
    if (!found.entry)
        co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "admin.mail_unknown"});
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    const auto& entry = *found.entry;
    MessageView view{.id = to_text(entry.id),
                     .subject = entry.subject,
                     .state = state_words(locale, entry.state),
                     .chip = std::string{state_chip(entry.state)},
                     .to = mailbox(entry),
                     .kind = job_words(locale, "mail." + entry.kind),
                     .queued = locale.date_time(entry.queued_at, zone),
                     .settled = entry.settled_at ? locale.date_time(entry.settled_at, zone) : std::string{},
                     .attempts = entry.attempts ? locale.number(entry.attempts) : std::string{},
                     .problem = entry.problem,
                     .shown = found.body.has_value()};
    if (found.body) view.text = std::move(found.body->body_text);
    auto shell = admin_shell(request, "admin.mail");
    shell.title = entry.subject;
    co_return portal.pages.page(shell, message_page, view);
}

// In a frame of its own that can do nothing: no script, no form, no address of ours.
Task<http::Response> show_html(Portal& portal, http::Request& request) {
    auto found = co_await find_message(portal, request);
    if (!found.body)
        co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "admin.mail_unknown"});
    auto response = http::text_response(200, std::move(found.body->body_html), "text/html; charset=utf-8");
    response.headers.set("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
                         "base-uri 'none'; frame-ancestors 'self'; sandbox");
    response.headers.set("X-Frame-Options", "SAMEORIGIN");
    response.headers.set("Cache-Control", "private, no-store");
    co_return response;
}

// To oneself.
Task<http::Response> send_trial(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    const auto language = sharing::language(request);
    const mail::TrialMail words{.name = viewer.name, .address = portal.public_url};
    auto letter = mail::compose(portal.pages, language, mail::trial_mail, words);
    auto queued =
        co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, letter](db::Tx& tx) -> Result<void> {
            auto person = identity::find_person(tx, viewer.person);
            TRY(portal.mail.send(
                tx,
                mail::message(letter, {.kind = "trial", .to = person ? person->mail : "", .to_name = viewer.name})));
            return {};
        });
    co_return http::redirect(queued ? "/admin/mail?trial=queued" : "/admin/mail?trial=refused");
}

Task<http::Response> show_bounces(Portal& portal, http::Request& request) {
    const std::string after{request.query("after")};
    auto found = co_await portal.db.read(
        [after](db::Tx& tx) { return mail::bounces(tx, after, static_cast<int>(rows_per_page) + 1); });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    BouncesView view{.some = !found.empty()};
    if (request.query("cleared") == "1") view.done = locale.text("admin.bounce_cleared");
    if (found.size() > rows_per_page) {
        found.resize(rows_per_page);
        view.next = "/admin/mail/bounces?after=" + percent_encode(found.back().address);
    }
    for (const auto& bounce : found)
        view.rows.push_back({.address = bounce.address,
                             .when = locale.ago(bounce.at, portal.world.clock.now(), zone),
                             .problem = bounce.problem,
                             .clear = locale.text("admin.bounce_clear_named", {{"address", bounce.address}})});
    co_return portal.pages.page(admin_shell(request, "admin.mail_addresses"), bounces_page, view);
}

Task<http::Response> clear_address(Portal& portal, http::Request& request) {
    auto form = request.form();
    if (!form) co_return portal.gate.refusal(request, form.error());
    const std::string address{form->value("address")};
    if (!valid_utf8(address))
        co_return portal.gate.refusal(request, {.kind = Error::Kind::Malformed, .key = "text_not_utf8"});
    auto cleared =
        co_await portal.db.write(db::Lane{}, [&portal, viewer = sharing::viewer(request), address](db::Tx& tx) {
            if (!mail::clear_bounce(tx, address)) return false; // pressed twice
            sharing::record_event(tx, portal.world, viewer, "admin.bounce_cleared", {});
            return true;
        });
    co_return http::redirect(cleared ? "/admin/mail/bounces?cleared=1" : "/admin/mail/bounces");
}

} // namespace

void preload_admin_mail(web::Pages& pages) {
    pages.preload<MessagesView>(messages_page);
    pages.preload<MessageView>(message_page);
    pages.preload<BouncesView>(bounces_page);
    mail::preload<mail::TrialMail>(pages, mail::trial_mail);
}

void admin_mail_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Admin, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Admin, .body_limit = 4096, .rate = http::Rate::Write};
    routes.get("/admin/mail", reading, [&portal](http::Request& request) { return show_messages(portal, request); });
    routes.post("/admin/mail/trial", writing,
                [&portal](http::Request& request) { return send_trial(portal, request); });
    routes.get("/admin/mail/bounces", reading,
               [&portal](http::Request& request) { return show_bounces(portal, request); });
    routes.post("/admin/mail/bounces", writing,
                [&portal](http::Request& request) { return clear_address(portal, request); });
    routes.get("/admin/mail/{message}", reading,
               [&portal](http::Request& request) { return show_message(portal, request); });
    routes.get("/admin/mail/{message}/html", reading,
               [&portal](http::Request& request) { return show_html(portal, request); });
}

} // namespace preau::portal

// /admin: is anything stuck?
#include "portal/admin/admin.hpp"
#include "portal/admin/admin_mail_words.hpp"

#include "base/text.hpp"
#include "sharing/audit.hpp"

namespace preau::portal {
namespace {

struct WaitingLine {
    std::string kind, count, oldest;
};
PREAU_DESCRIBE(WaitingLine, kind, count, oldest)

struct MailLine {
    std::string state, name, count;
};
PREAU_DESCRIBE(MailLine, state, name, count)

struct PreviewLine { // a kind of file that has no previews here
    std::string name, why;
};
PREAU_DESCRIBE(PreviewLine, name, why)

struct OverviewView {
    AdminSide side{.overview = true};
    std::string dead; // sentence, empty: none
    std::vector<WaitingLine> waiting;
    std::string relay; // address of the SMTP server, empty: none
    std::vector<MailLine> mail;
    std::string audit, sealed;
    std::vector<PreviewLine> previews_off;
    bool has_previews_off = false;
};
PREAU_DESCRIBE(OverviewView, side, dead, waiting, relay, mail, audit, sealed, previews_off, has_previews_off)

constexpr std::string_view overview_page = "portal/admin/admin_overview_page.html";

struct Found {
    std::vector<jobs::WaitingJobs> waiting;
    std::vector<jobs::DeadJobs> dead;
    std::vector<mail::Count> mail;
    sharing::AuditEnd audit;
};

// What is off, and what the sandbox or the search for the tool said: a package, or a step that the kernel refused.
std::vector<PreviewLine> previews_off(const Portal& portal, const web::Locale& locale) {
    std::vector<PreviewLine> lines;
    if (!portal.preview_abilities) return lines;
    for (const auto& ability : portal.preview_abilities()) {
        std::string key = "admin.previews_of_";
        for (char letter : to_lower_ascii(ability.what)) key += letter == ' ' ? '_' : letter;
        if (!ability.why_not.empty()) lines.push_back({.name = locale.text(key), .why = ability.why_not});
    }
    return lines;
}

Task<http::Response> show_overview(Portal& portal, http::Request& request) {
    auto found = co_await portal.db.read([](db::Tx& tx) {
        return Found{.waiting = jobs::Jobs::waiting(tx),
                     .dead = jobs::Jobs::dead_counts(tx),
                     .mail = mail::counts(tx),
                     .audit = sharing::audit_end(tx)};
    });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    const auto now = portal.world.clock.now();
    OverviewView view{.relay = portal.mail.options().smtp_url};
    std::int64_t dead = 0;
    for (const auto& kind : found.dead) dead += kind.count;
    if (dead) view.dead = locale.plural("admin.dead_count", dead);
    for (const auto& kind : found.waiting)
        view.waiting.push_back(
            {.kind = job_words(locale, kind.kind),
             .count = locale.plural("admin.waiting_count", kind.count),
             .oldest = kind.oldest > now
                           ? locale.text("admin.next_at", {{"moment", locale.date_time(kind.oldest, zone)}})
                           : locale.text("admin.due_since", {{"moment", locale.ago(kind.oldest, now, zone)}})});
    for (const auto& state : found.mail)
        view.mail.push_back({.state = std::string{word_of(state.state)},
                             .name = state_words(locale, state.state),
                             .count = locale.number(state.count)});
    view.audit = locale.plural("admin.audit_entries", found.audit.entry);
    view.sealed = found.audit.block
                      ? locale.text("admin.audit_sealed", {{"moment", locale.ago(found.audit.sealed_at, now, zone)}})
                      : locale.text("admin.audit_unsealed");
    view.previews_off = previews_off(portal, locale);
    view.has_previews_off = !view.previews_off.empty();
    co_return portal.pages.page(admin_shell(request, "admin.title"), overview_page, view);
}

// How the installation does is for administrators of all; a delegate begins with the people, or the tree.
Task<http::Response> show_front(Portal& portal, http::Request& request) {
    auto rights = co_await portal.db.read([person = sharing::viewer(request).person, now = portal.world.clock.now()](
                                              db::Tx& tx) { return require_rights(tx, person, now); });
    if (!rights) co_return portal.gate.refusal(request, rights.error());
    if (rights->everything) co_return co_await show_overview(portal, request);
    co_return http::redirect(admin_side(*rights).sees_people ? "/admin/people" : "/admin/structures");
}

} // namespace

void preload_admin_overview(web::Pages& pages) { pages.preload<OverviewView>(overview_page); }

void admin_overview_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin", {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_front(portal, request); });
}

} // namespace preau::portal

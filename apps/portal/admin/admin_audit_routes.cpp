// /admin/audit: the audit journal in words. It names people as long as they were not erased, and things by number only.
#include "portal/admin/admin_audit.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/people.hpp"
#include "identity/structure_detail.hpp"
#include "sharing/audit.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace preau::portal {
namespace {

struct AuditLine {
    std::string number, what, detail, who, when, item;
};
PREAU_DESCRIBE(AuditLine, number, what, detail, who, when, item)

struct AuditView {
    AdminSide side{.audit = true};
    std::string sealed;
    std::string person, person_problem, item, from, until; // as typed
    std::vector<AdminChoice> kinds;
    bool filtered = false;
    std::vector<AuditLine> rows;
    bool some = false;
    std::string next;
    std::string question; // "?person=…", for the export
};
PREAU_DESCRIBE(AuditView, side, sealed, person, person_problem, item, from, until, kinds, filtered, rows, some, next,
               question)

constexpr std::string_view audit_page = "portal/admin/admin_audit_page.html";
constexpr std::size_t rows_per_page = 100;

constexpr std::array<std::string_view, 83> kinds_to_choose{"item.granted",
                                                           "item.ungranted",
                                                           "item.restricted",
                                                           "item.inherits",
                                                           "item.moved",
                                                           "item.trashed",
                                                           "item.restored",
                                                           "item.purged",
                                                           "item.erased",
                                                           "item.expired",
                                                           "item.handed_over",
                                                           "link.created",
                                                           "link.changed",
                                                           "link.revoked",
                                                           "link.restored",
                                                           "link.mailed",
                                                           "link.suspended",
                                                           "link.resumed",
                                                           "publishing.suspended",
                                                           "publishing.resumed",
                                                           "person.left",
                                                           "publishing.requested",
                                                           "publishing.approved",
                                                           "publishing.refused",
                                                           "publishing.withdrawn",
                                                           "report.made",
                                                           "report.taken",
                                                           "report.closed",
                                                           "structure.policy_changed",
                                                           "space.quota",
                                                           "admin.jobs_retried",
                                                           "admin.jobs_dropped",
                                                           "admin.bounce_cleared",
                                                           "person.created",
                                                           "person.function_given",
                                                           "person.function_ended",
                                                           "person.activated",
                                                           "person.password_renewed",
                                                           "person.provided",
                                                           "person.provider_linked",
                                                           "person.provider_unlinked",
                                                           "person.closed",
                                                           "person.opened",
                                                           "person.link_made",
                                                           "person.sessions_ended",
                                                           "person.reset_started",
                                                           "person.reset_done",
                                                           "person.codes_made",
                                                           "person.password_removed",
                                                           "person.totp_added",
                                                           "person.totp_removed",
                                                           "person.passkey_added",
                                                           "person.passkey_removed",
                                                           "person.app_password_made",
                                                           "person.app_password_revoked",
                                                           "person.administrator_made",
                                                           "person.administrator_removed",
                                                           "structure.created",
                                                           "structure.changed",
                                                           "structure.moved",
                                                           "structure.closed",
                                                           "structure.opened",
                                                           "structure.service_closed",
                                                           "structure.service_opened",
                                                           "group.owner_named",
                                                           "group.owner_removed",
                                                           "group.changed",
                                                           "group.closed",
                                                           "group.reopened",
                                                           "class.opened",
                                                           "class.closed",
                                                           "class.reopened",
                                                           "class.staff_named",
                                                           "class.roster_changed",
                                                           "admin.delegated",
                                                           "admin.undelegated",
                                                           "admin.why_asked",
                                                           "admin.audit_exported",
                                                           "admin.imported",
                                                           "session.opened",
                                                           "session.opened_once",
                                                           "session.refused",
                                                           "session.closed"};

using Typed = JournalQuestion;

struct Read {
    bool unknown_person = false;
    std::vector<sharing::AuditEntry> entries;
    std::map<sharing::Pseudonym, std::string> names;
    std::map<StructureId, std::string> structures;
    sharing::AuditEnd end;
};

StructureId structure_of(const sharing::AuditEntry& entry) {
    auto detail = json::parse(entry.detail);
    return detail ? parse_id<StructureId>((*detail)["structure"].text().value_or("")).value_or(StructureId{})
                  : StructureId{};
}

void read_names(db::Tx& tx, Read& read) {
    std::vector<sharing::Pseudonym> people;
    std::vector<StructureId> structures;
    for (const auto& entry : read.entries) {
        for (auto who : {entry.actor, entry.about})
            if (who) people.push_back(who);
        if (auto structure = structure_of(entry)) structures.push_back(structure);
    }
    for (auto& [who, name] : sharing::audit_names(tx, people)) read.names[who] = std::move(name);
    for (auto& row : identity::structures_named(tx, structures)) read.structures[row.id] = std::move(row.name);
}

Read read_journal(db::Tx& tx, const Typed& typed, std::string_view zone) {
    Read read{.end = sharing::audit_end(tx)};
    const auto filter = filter_of(tx, typed, zone);
    if (!filter) {
        read.unknown_person = true;
        return read;
    }
    read.entries = sharing::audit_entries(tx, *filter, static_cast<int>(rows_per_page) + 1);
    read_names(tx, read);
    return read;
}

std::string kind_words(const web::Locale& locale, std::string_view kind) {
    std::string key{"audit."};
    for (char letter : kind) key += letter == '.' ? '_' : letter;
    return locale.has(key) ? locale.text(key) : std::string{kind};
}

std::string name_of(const web::Locale& locale, const Read& read, sharing::Pseudonym who) {
    auto found = read.names.find(who);
    return found == read.names.end() ? locale.text("admin.audit_erased") : found->second;
}

std::string who_words(const web::Locale& locale, const Read& read, const sharing::AuditEntry& entry) {
    if (entry.actor) return name_of(locale, read, entry.actor);
    if (entry.kind == "session.refused") return locale.text("admin.audit_at_the_door");
    return locale.text(entry.link ? "admin.audit_by_link" : "admin.audit_by_server");
}

// A role on a thing, a function, a service or a role of administration: the kind of the entry says which.
std::string named_role(const web::Locale& locale, std::string_view kind, const std::string& role) {
    if (kind.starts_with("person.function")) return function_words(locale, role);
    if (kind.starts_with("admin.")) return role_words(locale, role);
    const auto key = (kind.starts_with("structure.") ? "admin.service_" : "admin.role_") + role;
    return locale.has(key) ? locale.text(key) : std::string{};
}

// "Nadia Haddad, peut modifier, jusqu'au 12 septembre 2026"
std::string detail_words(const web::Locale& locale, const Read& read, const sharing::AuditEntry& entry,
                         std::string_view zone) {
    std::vector<std::string> words;
    auto parsed = json::parse(entry.detail);
    if (!parsed || entry.kind == "person.named") return {};
    const auto& detail = *parsed;
    if (entry.about)
        words.push_back(name_of(locale, read, entry.about));
    else if (auto kind = detail["subject_kind"].text(); kind && locale.has("admin.subject_" + *kind))
        words.push_back(locale.text("admin.subject_" + *kind, {{"id", detail["subject"].text().value_or("")}}));
    if (auto role = detail["role"].text()) words.push_back(named_role(locale, entry.kind, *role));
    if (auto found = read.structures.find(structure_of(entry)); found != read.structures.end())
        words.push_back(found->second);
    if (auto until = detail["until"].integer())
        words.push_back(locale.text("admin.audit_until_date", {{"day", locale.date_time(*until, zone)}}));
    if (auto link = detail["link"].text()) words.push_back(locale.text("admin.audit_link", {{"id", *link}}));
    if (auto job = detail["job"].text(); job && !job->empty()) words.push_back(job_words(locale, *job));
    if (auto count = detail["count"].integer())
        words.push_back(locale.plural(entry.kind == "link.mailed" ? "admin.audit_mails" : "admin.audit_tasks", *count));
    std::string line;
    for (const auto& word : words)
        if (!word.empty()) line += (line.empty() ? "" : ", ") + word;
    return line;
}

std::string with_question(std::string address, const Typed& typed, std::int64_t before) {
    return with_query(std::move(address), {{"before", before ? std::to_string(before) : std::string{}},
                                           {"person", typed.person},
                                           {"item", typed.item},
                                           {"kind", typed.kind},
                                           {"from", typed.from},
                                           {"until", typed.until}});
}

Task<http::Response> show_audit(Portal& portal, http::Request& request) {
    const auto typed = question_of(request);
    const auto& zone = sharing::viewer(request).zone;
    auto read = co_await portal.db.read([typed, zone](db::Tx& tx) { return read_journal(tx, typed, zone); });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto now = portal.world.clock.now();
    AuditView view{.sealed = read.end.block ? locale.text("admin.audit_sealed",
                                                          {{"moment", locale.ago(read.end.sealed_at, now, zone)}})
                                            : locale.text("admin.audit_unsealed"),
                   .person = typed.person,
                   .person_problem = read.unknown_person ? locale.text("admin.audit_no_person") : std::string{},
                   .item = typed.item,
                   .from = typed.from,
                   .until = typed.until,
                   .kinds = {{.text = locale.text("admin.audit_every_kind"), .chosen = typed.kind.empty()}},
                   .filtered = !typed.person.empty() || !typed.item.empty() || !typed.kind.empty() ||
                               !typed.from.empty() || !typed.until.empty(),
                   .some = !read.entries.empty(),
                   .question = with_question({}, typed, 0)};
    for (auto kind : kinds_to_choose)
        view.kinds.push_back(
            {.value = std::string{kind}, .text = kind_words(locale, kind), .chosen = kind == typed.kind});
    if (read.entries.size() > rows_per_page) {
        read.entries.resize(rows_per_page);
        view.next = with_question("/admin/audit", typed, read.entries.back().number);
    }
    for (const auto& entry : read.entries)
        view.rows.push_back({.number = locale.number(entry.number),
                             .what = kind_words(locale, entry.kind),
                             .detail = detail_words(locale, read, entry, zone),
                             .who = who_words(locale, read, entry),
                             .when = locale.date_time(entry.at, zone),
                             .item = entry.item ? to_text(entry.item) : std::string{}});
    co_return portal.pages.page(admin_shell(request, "admin.audit"), audit_page, view);
}

} // namespace

std::vector<JournalLine> journal_lines(db::Tx& tx, const web::Locale& locale, const sharing::AuditFilter& filter,
                                       std::string_view zone, int limit) {
    Read read{.entries = sharing::audit_entries(tx, filter, limit)};
    read_names(tx, read);
    std::vector<JournalLine> lines;
    for (const auto& entry : read.entries)
        lines.push_back({.what = kind_words(locale, entry.kind),
                         .detail = detail_words(locale, read, entry, zone),
                         .who = who_words(locale, read, entry),
                         .when = locale.date_time(entry.at, zone),
                         .number = entry.number,
                         .at = entry.at,
                         .kind = entry.kind,
                         .item = entry.item ? to_text(entry.item) : std::string{}});
    return lines;
}

void preload_admin_audit(web::Pages& pages) { pages.preload<AuditView>(audit_page); }

void admin_audit_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin/audit", {.access = http::Access::Admin, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_audit(portal, request); });
    audit_export_routes(routes, portal);
}

} // namespace preau::portal

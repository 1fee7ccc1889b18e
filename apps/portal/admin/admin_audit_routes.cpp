// /admin/audit: the audit journal in words. It names people as long as they were not erased, and things by number only.
#include "portal/admin/admin.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/people.hpp"
#include "sharing/audit.hpp"
#include "web/day.hpp"

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
};
PREAU_DESCRIBE(AuditView, side, sealed, person, person_problem, item, from, until, kinds, filtered, rows, some, next)

constexpr std::string_view audit_page = "portal/admin/admin_audit_page.html";
constexpr std::size_t rows_per_page = 100;

constexpr std::array<std::string_view, 32> kinds_to_choose{
    "item.granted",         "item.ungranted",      "item.restricted",    "item.inherits",
    "item.moved",           "item.trashed",        "item.restored",      "item.purged",
    "item.erased",          "item.expired",        "item.handed_over",   "link.created",
    "link.changed",         "link.revoked",        "link.restored",      "link.mailed",
    "publishing.requested", "publishing.approved", "publishing.refused", "publishing.withdrawn",
    "report.made",          "report.taken",        "report.closed",      "structure.policy_changed",
    "space.quota",          "admin.jobs_retried",  "admin.jobs_dropped", "admin.bounce_cleared",
    "session.opened",       "session.opened_once", "session.refused",    "session.closed"};

struct Typed {
    std::string person, item, kind, from, until;
    std::int64_t before = 0;
};

struct Read {
    bool unknown_person = false;
    std::vector<sharing::AuditEntry> entries;
    std::map<sharing::Pseudonym, std::string> names;
    sharing::AuditEnd end;
};

// Where the day before ends. A day and a half before the end of a day is somewhere in the one before, whatever the
// clocks do.
std::optional<Millis> beginning_of_day(const std::string& day, std::string_view zone) {
    auto end = web::end_of_day(day, zone);
    return end ? web::end_of_day(web::day_before(*end - 36_h, zone), zone) : std::nullopt;
}

Read read_journal(db::Tx& tx, const Typed& typed, std::string_view zone) {
    Read read{.end = sharing::audit_end(tx)};
    sharing::AuditFilter filter{.item = parse_id<ItemId>(typed.item).value_or(ItemId{}),
                                .kind = typed.kind,
                                .from = beginning_of_day(typed.from, zone),
                                .until = web::end_of_day(typed.until, zone),
                                .before = typed.before};
    if (!typed.person.empty()) {
        auto person = identity::find_person_by_login(tx, typed.person);
        if (!person) {
            read.unknown_person = true;
            return read;
        }
        filter.person = person->id;
    }
    read.entries = sharing::audit_entries(tx, filter, static_cast<int>(rows_per_page) + 1);
    std::vector<sharing::Pseudonym> people;
    for (const auto& entry : read.entries)
        for (auto who : {entry.actor, entry.about})
            if (who) people.push_back(who);
    for (auto& [who, name] : sharing::audit_names(tx, people)) read.names[who] = std::move(name);
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
    if (auto role = detail["role"].text(); role && locale.has("admin.role_" + *role))
        words.push_back(locale.text("admin.role_" + *role));
    if (auto until = detail["until"].integer())
        words.push_back(locale.text("admin.audit_until_date", {{"day", locale.date_time(*until, zone)}}));
    if (auto link = detail["link"].text()) words.push_back(locale.text("admin.audit_link", {{"id", *link}}));
    if (auto job = detail["job"].text(); job && !job->empty()) words.push_back(job_words(locale, *job));
    if (auto count = detail["count"].integer())
        words.push_back(locale.plural(entry.kind == "link.mailed" ? "admin.audit_mails" : "admin.audit_tasks", *count));
    std::string line;
    for (const auto& word : words) line += (line.empty() ? "" : ", ") + word;
    return line;
}

std::string next_address(const Typed& typed, std::int64_t last) {
    std::string address = "/admin/audit?before=" + std::to_string(last);
    for (const auto& [name, value] : {std::pair{"person", &typed.person},
                                      {"item", &typed.item},
                                      {"kind", &typed.kind},
                                      {"from", &typed.from},
                                      {"until", &typed.until}})
        if (!value->empty()) address += std::string{"&"} + name + '=' + percent_encode(*value);
    return address;
}

Typed typed_of(const http::Request& request) {
    auto short_text = [&request](std::string_view name) {
        constexpr std::size_t longest = 100;
        const auto text = trimmed(request.query(name));
        return valid_utf8(text) ? cut_to_bytes(text, longest) : std::string{};
    };
    Typed typed{.person = to_lower_ascii(short_text("person")),
                .item = short_text("item"),
                .kind = short_text("kind"),
                .from = short_text("from"),
                .until = short_text("until")};
    // The address of a page is as good as its number.
    if (const auto slash = typed.item.rfind('/'); slash != std::string::npos) typed.item.erase(0, slash + 1);
    for (char digit : request.query("before").substr(0, 18))
        if (digit >= '0' && digit <= '9') typed.before = typed.before * 10 + (digit - '0');
    return typed;
}

Task<http::Response> show_audit(Portal& portal, http::Request& request) {
    const auto typed = typed_of(request);
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
                   .some = !read.entries.empty()};
    for (auto kind : kinds_to_choose)
        view.kinds.push_back(
            {.value = std::string{kind}, .text = kind_words(locale, kind), .chosen = kind == typed.kind});
    if (read.entries.size() > rows_per_page) {
        read.entries.resize(rows_per_page);
        view.next = next_address(typed, read.entries.back().number);
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

void preload_admin_audit(web::Pages& pages) { pages.preload<AuditView>(audit_page); }

void admin_audit_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin/audit", {.access = http::Access::Admin, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_audit(portal, request); });
}

} // namespace preau::portal

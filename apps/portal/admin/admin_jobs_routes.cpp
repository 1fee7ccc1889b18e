// /admin/jobs: work that failed too often. Trying again and giving up stand in the audit journal.
#include "portal/admin/admin.hpp"

#include "base/json.hpp"

namespace preau::portal {
namespace {

struct DeadLine {
    std::string id, name, problem, when, attempts;
    std::string retry, drop; // what the buttons do, read aloud
};
PREAU_DESCRIBE(DeadLine, id, name, problem, when, attempts, retry, drop)

struct KindLine {
    std::string kind, name, why, count;
};
PREAU_DESCRIBE(KindLine, kind, name, why, count)

struct JobsView {
    AdminSide side{.jobs = true};
    std::string done; // what was just done
    std::vector<KindLine> kinds;
    std::vector<DeadLine> rows;
    bool some = false;
    std::string next; // key of the next page
};
PREAU_DESCRIBE(JobsView, side, done, kinds, rows, some, next)

struct JobsDetail { // of the events
    std::string job;
    std::int64_t count = 0;
};
PREAU_DESCRIBE(JobsDetail, job, count)

constexpr std::string_view jobs_page = "portal/admin/admin_jobs_page.html";
constexpr std::size_t rows_per_page = 50;
constexpr int at_once = 500; // jobs in one transaction
constexpr int most_rounds = 200;

struct Found {
    std::vector<jobs::DeadJob> dead;
    std::vector<jobs::DeadJobs> counts;
};

// In plain words what usually stands behind it: the text of the key job.KIND_why, where there is one.
std::string usual_reason(const web::Locale& locale, std::string_view kind) {
    std::string key = "job.";
    for (char letter : kind) key += letter == '.' || letter == ':' || letter == '-' ? '_' : letter;
    key += "_why";
    return locale.has(key) ? locale.text(key) : std::string{};
}

std::string done_words(const web::Locale& locale, const http::Request& request) {
    const auto did = request.query("did");
    if (did != "retry" && did != "drop") return {};
    std::int64_t count = 0;
    for (char digit : request.query("count").substr(0, 7))
        if (digit >= '0' && digit <= '9') count = count * 10 + (digit - '0');
    return locale.plural(did == "retry" ? "admin.retried" : "admin.dropped", count);
}

Task<http::Response> show_jobs(Portal& portal, http::Request& request) {
    const auto before = parse_id<jobs::JobId>(request.query("before")).value_or(jobs::JobId{});
    auto found = co_await portal.db.read([before](db::Tx& tx) {
        return Found{.dead = jobs::Jobs::dead(tx, before, static_cast<int>(rows_per_page) + 1),
                     .counts = jobs::Jobs::dead_counts(tx)};
    });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    JobsView view{.done = done_words(locale, request), .some = !found.counts.empty()};
    for (const auto& kind : found.counts)
        view.kinds.push_back({.kind = kind.kind,
                              .name = job_words(locale, kind.kind),
                              .why = usual_reason(locale, kind.kind),
                              .count = locale.number(kind.count)});
    if (found.dead.size() > rows_per_page) {
        found.dead.resize(rows_per_page);
        view.next = to_text(found.dead.back().id);
    }
    for (const auto& job : found.dead) {
        const auto name = job_words(locale, job.kind);
        view.rows.push_back({.id = to_text(job.id),
                             .name = name,
                             .problem = job.problem,
                             .when = locale.ago(job.died_at, portal.world.clock.now(), zone),
                             .attempts = locale.plural("admin.attempts", job.attempts),
                             .retry = locale.text("admin.retry_named", {{"name", name}}),
                             .drop = locale.text("admin.drop_named", {{"name", name}})});
    }
    co_return portal.pages.page(admin_shell(request, "admin.jobs_title"), jobs_page, view);
}

struct Change {
    bool retry = false;
    jobs::JobId job;
    std::string kind; // all of it
};

int change_some(db::Tx& tx, Portal& portal, const Viewer& viewer, const Change& change) {
    auto& queue = portal.world.jobs;
    int changed = 0;
    if (change.job)
        changed = change.retry ? queue.retry(tx, change.job) : jobs::Jobs::drop(tx, change.job);
    else
        changed =
            change.retry ? queue.retry_all(tx, change.kind, at_once) : jobs::Jobs::drop_all(tx, change.kind, at_once);
    if (changed)
        sharing::record_event(tx, portal.world, viewer, change.retry ? "admin.jobs_retried" : "admin.jobs_dropped", {},
                              json::text_of(JobsDetail{.job = change.kind, .count = changed}));
    return changed;
}

Task<http::Response> change_jobs(Portal& portal, http::Request& request) {
    auto form = request.form();
    if (!form) co_return portal.gate.refusal(request, form.error());
    const Change change{.retry = form->value("do") == "retry",
                        .job = parse_id<jobs::JobId>(form->value("job")).value_or(jobs::JobId{}),
                        .kind = std::string{form->value("kind")}};
    if ((!change.retry && form->value("do") != "drop") || (!change.job && change.kind.empty()))
        co_return portal.gate.refusal(request, {.kind = Error::Kind::Invalid, .key = "admin.nothing_chosen"});
    int all = 0;
    for (int round = 0; round < most_rounds; ++round) {
        auto changed =
            co_await portal.db.write(db::Lane{}, [&portal, viewer = sharing::viewer(request), change](db::Tx& tx) {
                return change_some(tx, portal, viewer, change);
            });
        all += changed;
        if (changed < at_once) break;
    }
    co_return http::redirect("/admin/jobs?did=" + std::string{change.retry ? "retry" : "drop"} +
                             "&count=" + std::to_string(all));
}

} // namespace

void preload_admin_jobs(web::Pages& pages) { pages.preload<JobsView>(jobs_page); }

void admin_jobs_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    routes.get("/admin/jobs", {.access = Admin, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_jobs(portal, request); });
    routes.post("/admin/jobs", {.access = Admin, .body_limit = 4096, .rate = http::Rate::Write},
                [&portal](http::Request& request) { return change_jobs(portal, request); });
}

} // namespace preau::portal

// /admin/shown/all: how many it would be, and why; /admin/shown/sweeps/ID: how far it is.
#include "portal/shown/shown_sweep.hpp"

#include "base/json.hpp"
#include "sharing/answers.hpp"

#include <set>

namespace preau::portal {
namespace {

constexpr std::string_view all_template = "portal/shown/shown_all_page.html";
constexpr std::string_view sweep_template = "portal/shown/shown_sweep_page.html";
constexpr int most_counted = 1'000; // beyond: "more than"

struct AllView {
    AdminSide side;
    std::string question, owners, here, list, problem, reason;
    bool suspended = false, some = false;
};
PREAU_DESCRIBE(AllView, side, question, owners, here, list, problem, reason, suspended, some)

struct SweepView {
    AdminSide side;
    std::string id, heading, progress, skipped, reason, list;
    bool working = false, may_undo = false;
};
PREAU_DESCRIBE(SweepView, side, id, heading, progress, skipped, reason, list, working, may_undo)

struct SweepJson {
    SweepId sweep;
    bool suspends = false;
    std::int64_t done = 0, skipped = 0;
    std::optional<Millis> ended;
};
PREAU_DESCRIBE(SweepJson, sweep, suspends, done, skipped, ended)

struct Counted {
    identity::Rights rights;
    std::int64_t rows = 0, makers = 0;
    bool more = false;
};

Result<Counted> count(db::Tx& tx, const Viewer& viewer, ShownQuestion question, Millis now) {
    Counted counted{.rights = TRY(settle_question(tx, viewer, question, now))};
    if (question.nobody) return counted;
    const auto keys = sharing::shown_keys(tx, question.filter, sharing::first_shown, most_counted, now);
    std::set<PersonId> makers;
    for (const auto& row : keys.rows) makers.insert(row.maker);
    counted.rows = std::ssize(keys.rows);
    counted.makers = std::ssize(makers);
    counted.more = keys.next.has_value();
    return counted;
}

AdminSide side_of(const identity::Rights& rights) {
    auto side = admin_side(rights);
    side.shown = true;
    return side;
}

Task<http::Response> show_all(Portal& portal, http::Request& request, std::string reason,
                              std::optional<Error> problem) {
    const auto question = shown_question(request);
    auto counted =
        co_await portal.db.read([viewer = sharing::viewer(request), question, now = portal.world.clock.now()](
                                    db::Tx& tx) { return count(tx, viewer, question, now); });
    if (!counted) co_return portal.gate.refusal(request, counted.error());
    const auto& locale = sharing::words_of(request);
    AllView view{.side = side_of(counted->rights),
                 .owners = locale.plural("shown.all_owners", counted->makers),
                 .here = shown_address("/admin/shown/all", question),
                 .list = shown_address("/admin/shown", question),
                 .problem = problem ? locale.message(*problem) : std::string{},
                 .reason = std::move(reason),
                 .suspended = question.filter.suspended,
                 .some = counted->rows > 0 || counted->more};
    const std::string act = view.suspended ? "shown.resume_question" : "shown.suspend_question";
    view.question = view.some ? locale.plural(counted->more ? act + "_more" : act, counted->rows)
                              : locale.text(view.suspended ? "shown.none_suspended" : "shown.none");
    co_return portal.pages.page(admin_shell(request, "shown.title"), all_template, view,
                                problem ? http::status_of(*problem) : 200);
}

http::Response begun(const http::Request& request, SweepId id) {
    if (request.wants_json()) return http::json_response(json::text_of(SweepJson{.sweep = id}));
    return http::redirect("/admin/shown/sweeps/" + to_text(id));
}

Task<http::Response> post_all(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const std::string reason{(*fields)["reason"]};
    auto work = [&portal, viewer = sharing::viewer(request), question = shown_question(request),
                 reason](db::Tx& tx) mutable -> Result<SweepId> {
        TRY(settle_question(tx, viewer, question, portal.world.clock.now()));
        if (question.nobody) return not_found("identity.person");
        return begin_sweep(tx, portal, viewer, question, reason);
    };
    auto sweep = co_await portal.db.write_across(identity::administration_lanes(), std::move(work));
    if (sweep) co_return begun(request, *sweep);
    if (request.wants_json() || sweep.error().kind != Error::Kind::Invalid)
        co_return portal.gate.refusal(request, sweep.error());
    co_return co_await show_all(portal, request, reason, sweep.error());
}

SweepId sweep_in(const http::Request& request) {
    return parse_id<SweepId>(request.parameter("sweep")).value_or(SweepId{});
}

struct Looked {
    Sweep sweep;
    identity::Rights rights;
};

Task<http::Response> show_sweep(Portal& portal, http::Request& request) {
    auto looked = co_await portal.db.read(
        [&portal, viewer = sharing::viewer(request), id = sweep_in(request)](db::Tx& tx) -> Result<Looked> {
            auto sweep = TRY(sweep_for(tx, portal, viewer, id));
            return Looked{std::move(sweep), identity::rights_of(tx, viewer.person, portal.world.clock.now())};
        });
    if (!looked) co_return portal.gate.refusal(request, looked.error());
    const auto& sweep = looked->sweep;
    if (request.wants_json())
        co_return http::json_response(json::text_of(SweepJson{.sweep = sweep.id,
                                                              .suspends = sweep.suspends,
                                                              .done = sweep.done,
                                                              .skipped = sweep.skipped,
                                                              .ended = sweep.ended_at}));
    const auto& locale = sharing::words_of(request);
    SweepView view{.side = side_of(looked->rights),
                   .id = to_text(sweep.id),
                   .progress = locale.plural(sweep.suspends ? "shown.suspended" : "shown.resumed", sweep.done),
                   .skipped = sweep.skipped > 0 ? locale.plural("shown.sweep_skipped", sweep.skipped) : std::string{},
                   .reason = sweep.suspends ? sweep.reason : std::string{},
                   .list = std::string{"/admin/shown?show="} + (sweep.suspends ? "suspended-" : "") +
                           (sweep.items ? "public" : "links"),
                   .working = !sweep.ended_at,
                   .may_undo = sweep.suspends && sweep.ended_at && sweep.done > 0};
    view.heading = locale.text(sweep.suspends ? "shown.sweep_suspends" : "shown.sweep_resumes");
    auto response = portal.pages.page(admin_shell(request, "shown.title"), sweep_template, view);
    if (view.working) response.headers.set("Refresh", "2"); // without script; the page says so
    co_return response;
}

Task<http::Response> post_undo(Portal& portal, http::Request& request) {
    auto work = [&portal, viewer = sharing::viewer(request), id = sweep_in(request)](db::Tx& tx) {
        return undo_sweep(tx, portal, viewer, id);
    };
    auto sweep = co_await portal.db.write_across(identity::administration_lanes(), std::move(work));
    if (!sweep) co_return portal.gate.refusal(request, sweep.error());
    co_return begun(request, *sweep);
}

} // namespace

void preload_sweeps(web::Pages& pages) {
    pages.preload<AllView>(all_template);
    pages.preload<SweepView>(sweep_template);
}

void sweep_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/shown/all",
              [&portal](http::Request& request) { return show_all(portal, request, {}, std::nullopt); });
    admin_post(routes, "/shown/all", [&portal](http::Request& request) { return post_all(portal, request); });
    admin_get(routes, "/shown/sweeps/{sweep}",
              [&portal](http::Request& request) { return show_sweep(portal, request); });
    admin_post(routes, "/shown/sweeps/{sweep}/undo",
               [&portal](http::Request& request) { return post_undo(portal, request); });
}

} // namespace preau::portal

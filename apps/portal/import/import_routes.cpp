#include "portal/import/import_pages.hpp"

#include "base/text.hpp"
#include "http/multipart.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view form_template = "portal/import/import_form_page.html";
constexpr std::string_view run_template = "portal/import/import_run_page.html";
constexpr std::uint64_t largest_upload = 128ULL << 20; // larger lists go by the command line
constexpr int runs_shown = 20;

using State = identity::ImportRun::State;

struct Sent {
    identity::ImportFiles files;
    identity::ImportOptions options;
};

Task<Result<std::string>> bytes_of(http::MultipartReader* parts) {
    std::string bytes;
    std::vector<std::byte> buffer(64 * 1024);
    for (;;) {
        auto count = co_await parts->read(buffer);
        if (!count) co_return std::unexpected(count.error());
        if (*count == 0) co_return bytes;
        bytes.append(reinterpret_cast<const char*>(buffer.data()), *count);
    }
}

Task<Result<Sent>> read_sent(http::Request& request) {
    http::MultipartReader parts{*request.stream, request.headers.find("content-type")};
    Sent sent;
    for (;;) {
        auto part = co_await parts.next();
        if (!part) co_return std::unexpected(part.error());
        if (!*part) co_return sent;
        const auto name = (*part)->name;
        auto bytes = co_await bytes_of(&parts);
        if (!bytes) co_return std::unexpected(bytes.error());
        // A field without a chosen file comes as one without a name.
        const bool chosen = (*part)->filename && !(*part)->filename->empty();
        if (name == "source" && !trimmed(*bytes).empty()) sent.options.source = std::string{trimmed(*bytes)};
        if (name == "structures" && chosen) sent.files.structures = std::move(*bytes);
        if (name == "people" && chosen) sent.files.people = std::move(*bytes);
        if (name == "classes" && chosen) sent.files.classes = std::move(*bytes);
    }
}

Task<http::Response> form_page(Portal& portal, http::Request& request, std::string source, const Error* error) {
    auto runs = co_await portal.db.read([](db::Tx& tx) { return identity::import_runs(tx, runs_shown); });
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto& zone = sharing::viewer(request).zone;
    ImportFormView view{.source = std::move(source), .some = !runs.empty()};
    if (error) view.problem = locale.message(*error);
    for (const auto& run : runs)
        view.runs.push_back({.id = to_text(run.id),
                             .when = locale.date_time(run.created_at, zone),
                             .state = import_state_words(locale, run.state),
                             .source = run.source});
    co_return portal.pages.page(admin_shell(request, "import.title"), form_template, view,
                                error ? http::status_of(*error) : 200);
}

Task<http::Response> show_form(Portal& portal, http::Request& request) {
    co_return co_await form_page(portal, request, "import", nullptr);
}

Task<http::Response> send_lists(Portal& portal, http::Request& request) {
    auto sent = co_await read_sent(request);
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    Error wrong{.kind = Error::Kind::Invalid, .key = sent->files.any() ? "import.source" : "import.nothing"};
    const bool good = sent->files.any() && identity::well_formed_source(sent->options.source);
    if (!good)
        co_return co_await form_page(portal, request, cut_to_bytes(to_lower_ascii(sent->options.source), 40), &wrong);
    auto* world = &portal.world;
    auto keep = [world, lists = std::move(*sent), person = sharing::viewer(request).person](db::Tx& tx) {
        auto run = identity::begin_import_run(tx, world->ids, person, lists.options, lists.files, world->clock.now());
        world->jobs.enqueue(tx, {.kind = "portal.import_examine", .payload = to_text(run)});
        return run;
    };
    auto run = co_await portal.db.write({}, std::move(keep));
    co_return http::redirect("/admin/import/" + to_text(run));
}

std::optional<identity::ImportRunId> run_in(const http::Request& request) {
    return parse_id<identity::ImportRunId>(request.parameter("run"));
}

http::Response no_such_run(Portal& portal, const http::Request& request) {
    return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "import.no_such_run"});
}

Task<http::Response> show_run(Portal& portal, http::Request& request) {
    auto id = run_in(request);
    if (!id) co_return no_such_run(portal, request);
    auto run = co_await portal.db.read([id = *id](db::Tx& tx) { return identity::find_import_run(tx, id); });
    if (!run) co_return no_such_run(portal, request);
    const auto view = import_run_view(web::Locale::of(sharing::language(request)), *run);
    auto response = portal.pages.page(admin_shell(request, "import.title"), run_template, view);
    if (view.working) response.headers.set("Refresh", "2"); // without script; the page says so
    co_return response;
}

// `rentree` examines anew with September's rule; else what was examined is carried out.
Task<http::Response> confirm(Portal& portal, http::Request& request, bool rentree) {
    auto id = run_in(request);
    if (!id) co_return no_such_run(portal, request);
    auto* world = &portal.world;
    auto begin = [world, rentree, id = *id](db::Tx& tx) -> Result<void> {
        auto run = identity::find_import_run(tx, id);
        if (!run) return not_found("import.no_such_run");
        if (run->state != State::Examined) return {}; // pressed twice
        const auto now = world->clock.now();
        if (rentree) {
            identity::set_import_rentree(tx, id);
            identity::move_import_run(tx, id, State::Examined, State::Examining, "", now);
            world->jobs.enqueue(tx, {.kind = "portal.import_examine", .payload = to_text(id)});
            return {};
        }
        if (!identity::import_report_of(run->report).may_go_on()) return fail(Error::Kind::Conflict, "import.braked");
        identity::move_import_run(tx, id, State::Examined, State::Importing, "", now);
        world->jobs.enqueue(tx, {.kind = "portal.import_carry_out", .payload = to_text(id)});
        return {};
    };
    auto begun = co_await portal.db.write(db::lane_of(*id), std::move(begin));
    if (!begun) co_return portal.gate.refusal(request, begun.error());
    co_return http::redirect("/admin/import/" + to_text(*id));
}

} // namespace

void preload_import(web::Pages& pages) {
    pages.preload<ImportFormView>(form_template);
    pages.preload<ImportRunView>(run_template);
}

void import_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Admin, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Admin, .body_limit = 1024, .rate = http::Rate::Write};
    routes.get("/admin/import", reading, [&portal](http::Request& request) { return show_form(portal, request); });
    routes.post(
        "/admin/import",
        {.access = Admin, .body_limit = largest_upload, .rate = http::Rate::Upload, .body = http::Body::Streamed},
        [&portal](http::Request& request) { return send_lists(portal, request); });
    routes.get("/admin/import/{run}", reading, [&portal](http::Request& request) { return show_run(portal, request); });
    routes.post("/admin/import/{run}/confirm", writing,
                [&portal](http::Request& request) { return confirm(portal, request, false); });
    routes.post("/admin/import/{run}/rentree", writing,
                [&portal](http::Request& request) { return confirm(portal, request, true); });
}

} // namespace preau::portal

// /polls: a poll's page, voting, closing, its results as CSV; the same as JSON.
#include "base/json.hpp"
#include "base/text.hpp"
#include "browser_token.hpp"
#include "sharing/answers.hpp"
#include "sharing/poll.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view poll_page = "sharing/pages/poll_page.html";
constexpr std::string_view new_page = "sharing/pages/poll_new_page.html";

struct BarRow {
    ChoiceId id;
    std::string text;
    bool mine = false;
    std::int64_t votes = 0;
    std::string share;  // "12 voix · 40 %"
    std::int64_t most = 1; // of the bar
    std::string names;  // "Camille Bernard, Nadia Haddad"
};
PREAU_DESCRIBE(BarRow, id, text, mine, votes, share, most, names)

struct PollView {
    ItemId item;
    std::string question;
    bool several = false;
    bool named = false;
    bool closed = false;
    bool voted = false;
    bool may_vote = false;
    bool may_manage = false;
    bool may_export = false;
    bool shown = false;
    std::string voters; // "12 personnes ont voté"
    std::string closes; // "Ouvert jusqu'au …"
    std::string later;  // when results are shown, if not now
    std::string problem;
    std::string done;
    std::vector<BarRow> choices;
};
PREAU_DESCRIBE(PollView, item, question, several, named, closed, voted, may_vote, may_manage, may_export, shown, voters,
               closes, later, problem, done, choices)

struct PollOption {
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(PollOption, value, text, chosen)

struct NewPollView {
    std::string parent;
    std::string question;
    std::string choices;
    bool several = false;
    bool named = false;
    std::vector<PollOption> until;
    std::vector<PollOption> results;
    std::string question_problem, choices_problem, closes_problem, problem;
};
PREAU_DESCRIBE(NewPollView, parent, question, choices, several, named, until, results, question_problem,
               choices_problem, closes_problem, problem)

std::string voter(const Sharing& sharing, const http::Request& request, ItemId poll) {
    const auto& who = viewer(request);
    return voter_of(sharing.identity.signing_key("poll"), poll, who, browser_token(request, who).secret);
}

PollView view_of(const web::Locale& locale, const Viewer& who, const ShownPoll& poll) {
    PollView view{.item = poll.item.id,
                  .question = poll.question,
                  .several = poll.several,
                  .named = poll.named,
                  .closed = poll.closed,
                  .voted = poll.voted,
                  .may_vote = !poll.closed && who.kind != Viewer::Kind::Stranger,
                  .may_manage = poll.role >= Role::Edit,
                  .shown = poll.shown,
                  .voters = locale.plural("poll.voters", poll.voters)};
    view.may_export = view.may_manage && (poll.closed || poll.results != "after_close");
    if (poll.closes_at)
        view.closes = locale.text(poll.closed ? "poll.closed_on" : "poll.open_until",
                                  {{"when", locale.date_time(*poll.closes_at, who.zone)}});
    if (!poll.shown) view.later = locale.text("poll.shown_" + poll.results);
    const auto voters = std::max<std::int64_t>(poll.voters, 1);
    for (const auto& choice : poll.choices) {
        BarRow row{.id = choice.id, .text = choice.text, .mine = choice.mine, .votes = choice.votes, .most = voters};
        row.share = locale.plural("poll.votes", choice.votes,
                                  {{"percent", locale.number((choice.votes * 100 + voters / 2) / voters)}});
        for (const auto& name : choice.names) row.names += (row.names.empty() ? "" : ", ") + name;
        view.choices.push_back(std::move(row));
    }
    return view;
}

http::Response render(const Sharing& sharing, const http::Request& request, PollView view, int status = 200) {
    auto filled = shell(request, view.question);
    if (!viewer(request).is_person()) filled.kind = web::Shell::Kind::Family;
    filled.report = report_address(view.item);
    return sharing.pages.page(filled, poll_page, view, status);
}

Task<Result<ShownPoll>> look_up(Sharing& sharing, http::Request& request) {
    const auto id = id_in<ItemId>(request, "poll");
    co_return co_await sharing.db.read([&sharing, who = viewer(request), id, mine = voter(sharing, request, id)](
                                           db::Tx& tx) { return show_poll(tx, sharing.world, who, id, mine); });
}

struct ChoiceJson {
    ChoiceId id;
    std::string text;
    bool mine = false;
    std::optional<std::int64_t> votes;
    std::optional<std::vector<std::string>> names;
};
PREAU_DESCRIBE(ChoiceJson, id, text, mine, votes, names)
struct PollJson {
    ItemId id;
    std::string question;
    bool several = false, named = false, closed = false, voted = false;
    std::optional<Millis> closes_at;
    std::string results;
    std::int64_t voters = 0;
    std::vector<ChoiceJson> choices;
};
PREAU_DESCRIBE(PollJson, id, question, several, named, closed, voted, closes_at, results, voters, choices)

std::string json_of(const ShownPoll& poll) {
    PollJson answer{.id = poll.item.id,
                    .question = poll.question,
                    .several = poll.several,
                    .named = poll.named,
                    .closed = poll.closed,
                    .voted = poll.voted,
                    .closes_at = poll.closes_at,
                    .results = poll.results,
                    .voters = poll.voters};
    for (const auto& choice : poll.choices) {
        ChoiceJson row{.id = choice.id, .text = choice.text, .mine = choice.mine};
        if (poll.shown) row.votes = choice.votes;
        if (poll.shown && poll.named) row.names = choice.names;
        answer.choices.push_back(std::move(row));
    }
    return json::text_of(answer);
}

Task<http::Response> show(Sharing& sharing, http::Request& request) {
    auto poll = co_await look_up(sharing, request);
    if (!poll) co_return refuse(sharing, request, poll.error());
    if (request.wants_json()) co_return http::json_response(json_of(*poll));
    auto view = view_of(words_of(request), viewer(request), *poll);
    if (request.has_query("voted")) view.done = words_of(request).text("poll.done_voted");
    co_return render(sharing, request, std::move(view));
}

Task<http::Response> post_vote(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    std::vector<ChoiceId> choices;
    for (const auto& text : fields->all("choice")) choices.push_back(parse_id<ChoiceId>(text).value_or(ChoiceId{}));
    const auto id = id_in<ItemId>(request, "poll");
    const auto browser = browser_token_or_new(request, viewer(request), sharing.world.random);
    auto who = voter_of(sharing.identity.signing_key("poll"), id, viewer(request), browser.secret);
    auto voted =
        co_await sharing.db.write(db::lane_of(id), [&sharing, asking = viewer(request), id, who, choices](db::Tx& tx) {
            return vote(tx, sharing.world, asking, id, who, asking.name, choices);
        });
    if (!voted) {
        const bool here = voted.error().kind == Error::Kind::Invalid || voted.error().kind == Error::Kind::Conflict;
        if (request.wants_json() || !here) co_return refuse(sharing, request, voted.error());
        auto poll = co_await look_up(sharing, request);
        if (!poll) co_return refuse(sharing, request, poll.error());
        auto view = view_of(words_of(request), viewer(request), *poll);
        view.problem = words_of(request).message(voted.error());
        co_return render(sharing, request, std::move(view), http::status_of(voted.error()));
    }
    auto response = done(request, "/polls/" + to_text(id) + "?voted=1");
    keep_browser_token(response, request, browser);
    co_return response;
}

Task<http::Response> post_close(Sharing& sharing, http::Request& request) {
    const auto id = id_in<ItemId>(request, "poll");
    auto closed = co_await sharing.db.write(db::lane_of(id), [&sharing, who = viewer(request), id](db::Tx& tx) {
        return close_poll(tx, sharing.world, who, id);
    });
    if (!closed) co_return refuse(sharing, request, closed.error());
    co_return done(request, "/polls/" + to_text(id));
}

Task<http::Response> export_csv(Sharing& sharing, http::Request& request) {
    auto csv = co_await sharing.db.read([&sharing, who = viewer(request), id = id_in<ItemId>(request, "poll")](
                                            db::Tx& tx) { return poll_csv(tx, sharing.world, who, id); });
    if (!csv) co_return refuse(sharing, request, csv.error());
    auto response = http::text_response(200, std::move(*csv), "text/csv; charset=utf-8");
    response.headers.set("Content-Disposition", http::content_disposition("attachment", "sondage.csv"));
    response.headers.set("Cache-Control", "private, no-store");
    co_return response;
}

// Choices are lines of one box in a form, a list in JSON.
NewPoll read_new(const Fields& fields, Millis now) {
    NewPoll poll{.parent = parse_id<ItemId>(fields.value("in")).value_or(ItemId{}),
                 .question = std::string{fields.value("question")},
                 .several = fields.has("several") && fields.value("several") != "0",
                 .named = fields.has("named") && fields.value("named") != "0",
                 .results = fields.has("results") ? std::string{fields.value("results")} : "always"};
    for (const auto& text : fields.all("choices"))
        for (auto line : split(text, '\n')) poll.choices.emplace_back(trimmed(line.substr(0, line.find('\r'))));
    const auto until = fields.value("until");
    if (until == "day") poll.closes_at = now + 1_days;
    if (until == "week") poll.closes_at = now + 7_days;
    if (until == "month") poll.closes_at = now + 30_days;
    if (const auto text = fields.value("closes_at"); !text.empty()) {
        Millis moment = 0;
        std::from_chars(text.data(), text.data() + text.size(), moment);
        poll.closes_at = moment; // what is no number is long past, and refused as such
    }
    return poll;
}

http::Response render_new(const Sharing& sharing, const http::Request& request, const NewPoll& poll,
                          std::string_view until, const Error* error) {
    const auto& locale = words_of(request);
    NewPollView view{
        .parent = to_text(poll.parent), .question = poll.question, .several = poll.several, .named = poll.named};
    for (const auto& choice : poll.choices) view.choices += choice + '\n';
    for (std::string value : {"day", "week", "month", ""})
        view.until.push_back({.value = value,
                              .text = locale.text("poll.until_" + (value.empty() ? "never" : value)),
                              .chosen = value == until});
    for (std::string value : {"always", "after_vote", "after_close"})
        view.results.push_back(
            {.value = value, .text = locale.text("poll.results_" + value), .chosen = value == poll.results});
    if (error) {
        auto text = locale.message(*error);
        (error->field == "question"  ? view.question_problem
         : error->field == "choices" ? view.choices_problem
         : error->field == "closes"  ? view.closes_problem
                                     : view.problem) = std::move(text);
    }
    return sharing.pages.page(shell(request, locale.text("poll.new")), new_page, view,
                              error ? http::status_of(*error) : 200);
}

Task<http::Response> show_new(Sharing& sharing, http::Request& request) {
    const auto parent = parse_id<ItemId>(request.query("in")).value_or(ItemId{});
    auto allowed = co_await sharing.db.read([&sharing, who = viewer(request), parent](db::Tx& tx) {
        return require(tx, who, Action::Edit, parent, sharing.world.clock.now());
    });
    if (!allowed) co_return refuse(sharing, request, allowed.error());
    co_return render_new(sharing, request, {.parent = parent}, "week", nullptr);
}

Task<http::Response> post_new(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto form = read_new(*fields, sharing.world.clock.now());
    auto made =
        co_await sharing.db.write(db::lane_of(form.parent), [&sharing, who = viewer(request), form](db::Tx& tx) {
            return create_poll(tx, sharing.world, who, form);
        });
    if (!made) {
        if (request.wants_json() || made.error().kind != Error::Kind::Invalid)
            co_return refuse(sharing, request, made.error());
        co_return render_new(sharing, request, form, fields->value("until"), &made.error());
    }
    const auto address = "/polls/" + to_text(made->id);
    if (!request.wants_json()) co_return http::redirect(address);
    co_return http::json_response(
        json::text_of(std::map<std::string, std::string>{{"id", to_text(made->id)}, {"url", address}}), 201);
}

} // namespace

void poll_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<PollView>(poll_page);
    sharing.pages.preload<NewPollView>(new_page);
    const http::Rule reading{.access = Guest, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule voting{.access = Link, .body_limit = 8 * 1024, .rate = http::Rate::Write};
    const http::Rule making{.access = Member, .body_limit = 32 * 1024, .rate = http::Rate::Write};
    const http::Rule asking{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    routes.get("/polls/new", asking, [&](auto& request) { return show_new(sharing, request); });
    routes.post("/polls", making, [&](auto& request) { return post_new(sharing, request); });
    routes.post("/api/sharing/polls", making, [&](auto& request) { return post_new(sharing, request); });
    for (std::string prefix : {"", "/api/sharing"}) {
        const auto one = prefix + "/polls/{poll}";
        routes.get(one, reading, [&](auto& request) { return show(sharing, request); });
        routes.post(one + "/vote", voting, [&](auto& request) { return post_vote(sharing, request); });
        routes.post(one + "/close", making, [&](auto& request) { return post_close(sharing, request); });
        routes.get(one + "/results.csv", asking, [&](auto& request) { return export_csv(sharing, request); });
    }
}

} // namespace preau::sharing

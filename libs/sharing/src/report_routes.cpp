// /report: "Signaler", without an account, without script, never a riddle to solve. A field that people do not see
// keeps the simplest robots away; who fills it in is thanked like everybody.
#include "base/secret.hpp"
#include "base/text.hpp"
#include "identity/throttle.hpp"
#include "report.hpp"
#include "report_queue_routes.hpp"
#include "sharing/answers.hpp"
#include "sharing/report_proof.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view report_page = "sharing/pages/report_page.html";
constexpr std::string_view thanks_page = "sharing/pages/report_thanks_page.html";

struct ReportChoice {
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(ReportChoice, value, text, chosen)

struct ReportView {
    std::string title; // empty: not to be told
    std::string address; // where the form posts to
    std::string item;  // or
    std::string proof; // of whoever may not see the item any more
    std::string group; // of a class
    std::vector<ReportChoice> choices;
    std::string words;
    std::string mail;
    std::string choice_problem, words_problem, mail_problem, problem;
};
PREAU_DESCRIBE(ReportView, title, address, item, proof, group, choices, words, mail, choice_problem, words_problem,
               mail_problem, problem)

struct ThanksView {
    bool signed_in = false;
};
PREAU_DESCRIBE(ThanksView, signed_in)

// What the address names: an item, a class, or what stands behind the secret of a link.
struct Named {
    ItemId item;
    GroupId group;
    std::string token;
    std::string proof;
};

std::string proof_of(const identity::Identity& identity, ItemId item) {
    return base64url(hmac_sha256(identity.signing_key("report-proof"), to_text(item)));
}

Named named_by(const http::Request& request, const Fields* fields) {
    auto value = [&](std::string_view name) { return fields ? fields->value(name) : request.query(name); };
    return {.item = parse_id<ItemId>(value("item")).value_or(ItemId{}),
            .group = parse_id<GroupId>(value("class")).value_or(GroupId{}),
            .token = std::string{request.parameter("token")},
            .proof = std::string{value("proof")}};
}

Result<Target> find(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, const Named& named) {
    if (!named.token.empty()) return find_target_of_link(tx, named.token);
    auto target = find_target(tx, sharing.world, viewer, named.item, named.group);
    if (target || named.proof.empty() || !same_secret(named.proof, proof_of(sharing.identity, named.item)))
        return target;
    return find_target_with_proof(tx, named.item);
}

web::Shell plain_shell(const http::Request& request, std::string_view title_key) {
    auto filled = shell(request, words_of(request).text(title_key));
    if (!viewer(request).is_person()) filled.kind = web::Shell::Kind::Family;
    return filled;
}

// The address may hold a link's secret.
http::Response guarded(const http::Request& request, http::Response response) {
    if (request.path.starts_with("/s/")) {
        response.headers.set("Cache-Control", "no-store");
        response.headers.set("Referrer-Policy", "strict-origin");
        response.headers.set("X-Robots-Tag", "noindex");
    }
    return response;
}

http::Response render(const Sharing& sharing, const http::Request& request, const Named& named, const Target& target,
                      const NewReport& form, const Error* error) {
    const auto& locale = words_of(request);
    ReportView view{.title = target.seen_as == "closed" ? std::string{} : target.title,
                    .address = named.token.empty() ? "/report" : "/s/" + percent_encode(named.token) + "/report",
                    .item = named.item ? to_text(named.item) : std::string{},
                    .proof = named.proof,
                    .group = named.group ? to_text(named.group) : std::string{},
                    .words = form.words,
                    .mail = form.mail};
    for (auto choice : report_choices)
        view.choices.push_back({.value = std::string{choice},
                                .text = locale.text("report.choice_" + std::string{choice}),
                                .chosen = choice == form.choice});
    if (error) {
        auto text = locale.message(*error);
        (error->field == "choice"  ? view.choice_problem
         : error->field == "words" ? view.words_problem
         : error->field == "mail"  ? view.mail_problem
                                   : view.problem) = std::move(text);
    }
    return guarded(request, sharing.pages.page(plain_shell(request, "report.title"), report_page, view,
                                               error ? http::status_of(*error) : 200));
}

Task<http::Response> show_form(Sharing& sharing, http::Request& request) {
    const auto named = named_by(request, nullptr);
    auto target = co_await sharing.db.read(
        [&sharing, who = viewer(request), named](db::Tx& tx) { return find(tx, sharing, who, named); });
    if (!target) co_return guarded(request, refuse(sharing, request, target.error()));
    co_return render(sharing, request, named, *target, {}, nullptr);
}

http::Response thanks(const http::Request& request) { return done(request, "/report/thanks"); }

Task<http::Response> post_report(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto named = named_by(request, &*fields);
    const bool trapped = !fields->value("website").empty();
    // An IPv6 customer has 2^64 addresses and counts as one.
    const auto place = request.peer.contains(':') ? identity::network_of(request.peer) : request.peer;
    const NewReport form{.choice = std::string{fields->value("choice")},
                         .words = std::string{fields->value("words")},
                         .mail = std::string{fields->value("mail")},
                         .network = hmac_sha256(sharing.identity.signing_key("report-network"), place)};
    auto target = co_await sharing.db.read(
        [&sharing, who = viewer(request), named](db::Tx& tx) { return find(tx, sharing, who, named); });
    if (!target) co_return guarded(request, refuse(sharing, request, target.error()));
    if (trapped) co_return thanks(request);
    // The lane of what it is about: reports of one page are counted one after the other.
    const db::Lane lane{static_cast<std::uint64_t>(target->about)};
    auto said = co_await sharing.db.write(
        lane, [&sharing, target = *target, form](db::Tx& tx) { return report(tx, sharing.world, target, form); });
    if (said) co_return guarded(request, thanks(request));
    const bool here = said.error().kind == Error::Kind::Invalid || said.error().kind == Error::Kind::Throttled;
    if (request.wants_json() || !here) co_return refuse(sharing, request, said.error());
    co_return render(sharing, request, named, *target, form, &said.error());
}

Task<http::Response> show_thanks(Sharing& sharing, http::Request& request) {
    const ThanksView view{.signed_in = viewer(request).is_person()};
    co_return sharing.pages.page(plain_shell(request, "report.thanks_title"), thanks_page, view);
}

} // namespace

std::string report_address(ItemId item) { return "/report?item=" + to_text(item); }
std::string report_address(GroupId group) { return "/report?class=" + to_text(group); }

std::string report_address_with_proof(const identity::Identity& identity, ItemId item) {
    return report_address(item) + "&proof=" + proof_of(identity, item);
}

void report_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<ReportView>(report_page);
    sharing.pages.preload<ThanksView>(thanks_page);
    const http::Rule reading{.access = Guest, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Guest, .body_limit = 32 * 1024, .rate = http::Rate::Write};
    routes.get("/report", reading, [&](auto& request) { return show_form(sharing, request); });
    routes.get("/report/thanks", reading, [&](auto& request) { return show_thanks(sharing, request); });
    routes.post("/report", writing, [&](auto& request) { return post_report(sharing, request); });
    routes.post("/api/sharing/report", writing, [&](auto& request) { return post_report(sharing, request); });
    routes.get("/s/{token}/report", reading, [&](auto& request) { return show_form(sharing, request); });
    routes.post("/s/{token}/report", writing, [&](auto& request) { return post_report(sharing, request); });
    report_queue_routes(routes, sharing);
}

} // namespace preau::sharing

// /share/ITEM/mail?link=ID and POST /api/sharing/links/ID/mail: a link on its way by mail.
#include "base/json.hpp"
#include "link_form.hpp"
#include "link_mail.hpp"
#include "sharing_routes.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

struct MailFormView {
    ItemId item;
    LinkId link;
    std::string title; // of the item
    std::string name;  // of the link
    std::string to, message; // as typed
    std::string to_problem, message_problem, problem;
    std::string done; // what was just sent
    bool sends = true; // false: there is no mail server
};
PREAU_DESCRIBE(MailFormView, item, link, title, name, to, message, to_problem, message_problem, problem, done, sends)

struct SentJson {
    std::int64_t sent = 0;
};
PREAU_DESCRIBE(SentJson, sent)

constexpr std::string_view form_page = "sharing/pages/share_mail_page.html";

struct Shown {
    Item item;
    Link link;
};

Task<Result<Shown>> look_up(Sharing& sharing, http::Request& request, LinkId link) {
    const auto item = parse_id<ItemId>(request.parameter("item")).value_or(ItemId{});
    co_return co_await sharing.db.read([&sharing, who = viewer(request), item, link](db::Tx& tx) -> Result<Shown> {
        auto found = TRY(require(tx, who, Action::Manage, item, sharing.world.clock.now()));
        auto made = find_link(tx, sharing.world, link);
        if (!made || made->link.item != item) return not_found("link.unknown");
        return Shown{.item = std::move(found), .link = std::move(made->link)};
    });
}

http::Response render(Sharing& sharing, const http::Request& request, const Shown& shown, const Error* problem,
                      std::string to, std::string message, std::string done) {
    const auto& locale = web::Locale::of(language(request));
    MailFormView view{.item = shown.item.id,
                      .link = shown.link.id,
                      .title = shown.item.title,
                      .name = shown.link.label.empty() ? locale.text("share.link_unnamed") : shown.link.label,
                      .to = std::move(to),
                      .message = std::move(message),
                      .done = std::move(done),
                      .sends = sharing.mail.sends()};
    if (problem)
        (problem->field == "to"        ? view.to_problem
         : problem->field == "message" ? view.message_problem
                                       : view.problem) = locale.message(*problem);
    auto filled = shell(request, locale.text("share.mail_title"));
    filled.section = sharing.kinds.of(shown.item.kind).app;
    return sharing.pages.page(filled, form_page, view, problem ? http::status_of(*problem) : 200);
}

http::Response refuse_page(Sharing& sharing, const http::Request& request, const Error& error) {
    return sharing.pages.error_page(shell(request, ""), error, request.id);
}

Task<http::Response> show_form(Sharing& sharing, http::Request& request) {
    auto shown = co_await look_up(sharing, request, parse_id<LinkId>(request.query("link")).value_or(LinkId{}));
    if (!shown) co_return refuse_page(sharing, request, shown.error());
    std::int64_t sent = 0;
    const auto typed = request.query("sent").substr(0, 4);
    std::from_chars(typed.data(), typed.data() + typed.size(), sent);
    auto done = sent > 0 ? web::Locale::of(language(request)).plural("share.mail_sent", sent) : std::string{};
    co_return render(sharing, request, *shown, nullptr, {}, {}, std::move(done));
}

Task<Result<int>> send(Sharing& sharing, const http::Request& request, LinkMail form) {
    const auto who = viewer(request);
    // In the lane of the person: the day's number is theirs.
    co_return co_await sharing.db.write(db::lane_of(who.person),
                                        [&sharing, who, tongue = language(request), form](db::Tx& tx) {
                                            return mail_link(tx, sharing, who, tongue, form);
                                        });
}

Task<http::Response> post_form(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse_page(sharing, request, form.error());
    const auto link = parse_id<LinkId>(form->value("link")).value_or(LinkId{});
    auto shown = co_await look_up(sharing, request, link);
    if (!shown) co_return refuse_page(sharing, request, shown.error());
    std::string to{form->value("to")}, message{form->value("message")};
    auto sent = co_await send(sharing, request, {.link = link, .to = addresses_in(to), .message = message});
    if (sent)
        co_return http::redirect("/share/" + to_text(shown->item.id) + "/mail?link=" + to_text(link) +
                                 "&sent=" + std::to_string(*sent));
    const auto& problem = sent.error();
    if (problem.kind != Error::Kind::Invalid && problem.kind != Error::Kind::Throttled)
        co_return refuse_page(sharing, request, problem);
    co_return render(sharing, request, *shown, &problem, std::move(to), std::move(message), {});
}

http::Response refuse(const http::Request& request, const Error& error) {
    return http::problem(error, web::Locale::of(language(request)).message(error));
}

// {"to": ["anne@example.org", …], "message": "…"} → {"sent": 2}
Task<http::Response> post_api(Sharing& sharing, http::Request& request) {
    auto body = json::parse(request.body);
    if (!body) co_return refuse(request, body.error());
    LinkMail form{.link = parse_id<LinkId>(request.parameter("link")).value_or(LinkId{}),
                  .message = (*body)["message"].text().value_or("")};
    const auto to = (*body)["to"];
    for (std::size_t i = 0; i < to.size() && i <= most_link_mails * 2; ++i)
        form.to.push_back(to.at(i).text().value_or(""));
    auto sent = co_await send(sharing, request, std::move(form));
    if (!sent) co_return refuse(request, sent.error());
    co_return http::json_response(json::text_of(SentJson{.sent = *sent}));
}

} // namespace

void link_mail_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    constexpr std::size_t body = 32 * 1024; // fifty addresses and two thousand letters
    sharing.pages.preload<MailFormView>(form_page);
    preload_link_mail(sharing.pages);
    routes.get("/share/{item}/mail", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return show_form(sharing, request); });
    routes.post("/share/{item}/mail", {.access = Member, .body_limit = body, .rate = http::Rate::Write},
                [&](auto& request) { return post_form(sharing, request); });
    routes.post("/api/sharing/links/{link}/mail", {.access = Member, .body_limit = body, .rate = http::Rate::Write},
                [&](auto& request) { return post_api(sharing, request); });
}

} // namespace preau::sharing

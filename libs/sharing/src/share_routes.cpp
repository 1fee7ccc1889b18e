// The share dialog as a page: it works as plain forms, and the component shows the same content in a <dialog>.
#include "audience.hpp"
#include "link_form.hpp"
#include "sharing_routes.hpp"
#include "web/form_input.hpp"

namespace preau::sharing {
namespace {

struct Choice {
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(Choice, value, text, chosen)

struct LinkRow {
    LinkId id;
    std::string name;    // label, or what it allows
    std::string address; // empty: can no longer be shown
    std::string may;
    std::string until;
    bool has_password = false;
    bool fresh = false; // made a moment ago: opened and marked
};
PREAU_DESCRIBE(LinkRow, id, name, address, may, until, has_password, fresh)

struct ShareView {
    ItemId item;
    std::string title;
    std::string back; // page of the item
    std::vector<AudienceRow> audience;
    std::vector<LinkRow> links;
    std::vector<Choice> may;
    std::vector<Choice> until;
    std::string label;
    std::string label_problem;
    std::string password_problem;
    std::string problem; // of the form as a whole
};
PREAU_DESCRIBE(ShareView, item, title, back, audience, links, may, until, label, label_problem, password_problem,
               problem)

struct SheetView {
    std::string title;
    std::string address;
    std::string may;
    std::string until;
    bool has_password = false;
    web::Html qr;
    std::string back;
};
PREAU_DESCRIBE(SheetView, title, address, may, until, has_password, qr, back)

constexpr std::string_view share_page = "sharing/pages/share_page.html";
constexpr std::string_view sheet_page = "sharing/pages/share_sheet_page.html";

struct Shown { // what the page is made of, read in one transaction
    Item item;
    std::vector<AudienceRow> audience;
    std::vector<MadeLink> links;
};

Result<Shown> find_shown(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, const web::Locale& locale,
                         ItemId id) {
    const auto now = sharing.world.clock.now();
    auto item = TRY(require(tx, viewer, Action::Manage, id, now));
    auto audience = audience_of(tx, locale, viewer, item, now);
    auto links = links_on(tx, sharing.world, viewer, id);
    return Shown{.item = std::move(item), .audience = std::move(audience), .links = std::move(links)};
}

LinkRow row_of(const Sharing& sharing, const web::Locale& locale, const Viewer& viewer, const MadeLink& made,
               LinkId fresh) {
    const auto& link = made.link;
    auto may = words_for(locale, link.role, link.deposit);
    return {.id = link.id,
            .name = link.label.empty() ? locale.text("share.link_unnamed") : link.label,
            .address = address_of(sharing, made.token),
            .may = may,
            .until = link.until ? locale.text("share.until_date", {{"day", locale.date(*link.until, viewer.zone)}})
                                : locale.text("share.until_never"),
            .has_password = link.has_password,
            .fresh = link.id == fresh};
}

std::vector<Choice> choices(const web::Locale& locale, std::string_view prefix,
                            std::initializer_list<std::string_view> values, std::string_view chosen) {
    std::vector<Choice> list;
    for (auto value : values)
        list.push_back({.value = std::string{value},
                        .text = locale.text(std::string{prefix} + (value.empty() ? "never" : std::string{value})),
                        .chosen = value == chosen});
    return list;
}

void tell_problem(ShareView& view, const web::Locale& locale, const Error& error) {
    auto text = locale.message(error);
    if (error.field == "label")
        view.label_problem = std::move(text);
    else if (error.field == "password")
        view.password_problem = std::move(text);
    else
        view.problem = std::move(text);
}

http::Response render(const Sharing& sharing, const http::Request& request, const Shown& shown, LinkForm form,
                      LinkId fresh, const Error* problem) {
    const auto& locale = web::Locale::of(language(request));
    if (form.may.empty()) form.may = shown.item.kind == "handin" ? "deposit" : "view";
    ShareView view{
        .item = shown.item.id,
        .title = shown.item.title,
        .back = sharing.kinds.address(shown.item.kind, shown.item.id),
        .audience = shown.audience,
        .may = choices(locale, "share.link_may_", {"view", "view-deposit", "deposit", "comment", "edit"}, form.may),
        .until = choices(locale, "share.until_", {"day", "week", "month", "year", ""}, form.until),
        .label = std::move(form.label)};
    for (const auto& made : shown.links) view.links.push_back(row_of(sharing, locale, viewer(request), made, fresh));
    if (problem) tell_problem(view, locale, *problem);
    auto filled = shell(request, locale.text("share.title", {{"name", shown.item.title}}));
    filled.component = "sharing/share-dialog";
    filled.section = sharing.kinds.of(shown.item.kind).app;
    return sharing.pages.page(filled, share_page, view, problem ? http::status_of(*problem) : 200);
}

http::Response refuse(const Sharing& sharing, const http::Request& request, const Error& error) {
    return sharing.pages.error_page(shell(request, ""), error, request.id);
}

ItemId item_of(const http::Request& request) { return parse_id<ItemId>(request.parameter("item")).value_or(ItemId{}); }

Task<Result<Shown>> look_up(Sharing& sharing, http::Request& request) {
    const auto& locale = web::Locale::of(language(request));
    co_return co_await sharing.db.read([&sharing, &locale, who = viewer(request), id = item_of(request)](db::Tx& tx) {
        return find_shown(tx, sharing, who, locale, id);
    });
}

Task<http::Response> show_share(Sharing& sharing, http::Request& request) {
    auto shown = co_await look_up(sharing, request);
    if (!shown) co_return refuse(sharing, request, shown.error());
    auto fresh = parse_id<LinkId>(request.query("made")).value_or(LinkId{});
    co_return render(sharing, request, *shown, {.until = "year"}, fresh, nullptr);
}

Task<http::Response> post_link(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    auto read = web::read_form<LinkForm>(*form);
    if (!read) co_return refuse(sharing, request, read.error());
    const auto item = item_of(request);
    Error problem;
    auto link = read_link_form(*read, item, sharing.world.clock.now());
    if (link) {
        auto made = co_await make_link(sharing, viewer(request), std::move(*link), read->password);
        if (made) co_return http::redirect("/share/" + to_text(item) + "?made=" + to_text(made->link.id));
        problem = made.error();
    } else {
        problem = link.error();
    }
    if (problem.kind != Error::Kind::Invalid) co_return refuse(sharing, request, problem);
    auto shown = co_await look_up(sharing, request);
    if (!shown) co_return refuse(sharing, request, shown.error());
    co_return render(sharing, request, *shown, std::move(*read), {}, &problem);
}

Task<http::Response> post_revoke(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    const auto link = parse_id<LinkId>(form->value("link")).value_or(LinkId{});
    auto done = co_await take_back(sharing, viewer(request), link);
    if (!done) co_return refuse(sharing, request, done.error());
    co_return http::redirect("/share/" + to_text(item_of(request)));
}

// The sheet speaks to who holds it in hand.
std::string sheet_words(const web::Locale& locale, const Link& link) {
    switch (link.role) {
    case Role::Deposit: return locale.text("share.sheet_deposit");
    case Role::View: return locale.text(link.deposit ? "share.sheet_view_deposit" : "share.sheet_view");
    case Role::Comment: return locale.text("share.sheet_comment");
    default: return locale.text("share.sheet_edit");
    }
}

Task<http::Response> show_sheet(Sharing& sharing, http::Request& request) {
    auto shown = co_await look_up(sharing, request);
    if (!shown) co_return refuse(sharing, request, shown.error());
    const auto wanted = parse_id<LinkId>(request.query("link")).value_or(LinkId{});
    const auto& locale = web::Locale::of(language(request));
    for (const auto& made : shown->links) {
        if (made.link.id != wanted || made.token.empty()) continue;
        auto row = row_of(sharing, locale, viewer(request), made, {});
        const SheetView view{.title = shown->item.title,
                             .address = row.address,
                             .may = sheet_words(locale, made.link),
                             .until = row.until,
                             .has_password = row.has_password,
                             .qr = {qr_svg(row.address, locale.text("share.qr_of", {{"name", shown->item.title}}))},
                             .back = "/share/" + to_text(shown->item.id)};
        auto filled = shell(request, shown->item.title);
        filled.component = "sharing/share-dialog";
        co_return sharing.pages.page(filled, sheet_page, view);
    }
    co_return refuse(sharing, request, {.kind = Error::Kind::NotFound, .key = "link.unknown"});
}

} // namespace

void share_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<ShareView>(share_page);
    sharing.pages.preload<SheetView>(sheet_page);
    routes.get("/share/{item}", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return show_share(sharing, request); });
    routes.post("/share/{item}", {.access = Member, .body_limit = 8 * 1024, .rate = http::Rate::Write},
                [&](auto& request) { return post_link(sharing, request); });
    routes.post("/share/{item}/revoke", {.access = Member, .body_limit = 1024, .rate = http::Rate::Write},
                [&](auto& request) { return post_revoke(sharing, request); });
    routes.get("/share/{item}/sheet", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return show_sheet(sharing, request); });
}

} // namespace preau::sharing

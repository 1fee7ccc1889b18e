// The share dialog as a page: it works as plain forms, and the component shows the same content in a <dialog>.
#include "right_form.hpp"
#include "share_page.hpp"
#include "share_tasks.hpp"
#include "sharing_routes.hpp"
#include "web/form_input.hpp"

#include "base/text.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

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

constexpr std::string_view sheet_page = "sharing/pages/share_sheet_page.html";
constexpr std::size_t most_at_once = 50; // people in one form

http::Response refuse(const Sharing& sharing, const http::Request& request, const Error& error) {
    return sharing.pages.error_page(shell(request, ""), error, request.id);
}

ItemId item_of(const http::Request& request) { return parse_id<ItemId>(request.parameter("item")).value_or(ItemId{}); }

std::string address_of_page(ItemId item) { return "/share/" + to_text(item); }

ShareRequest wanted_of(const http::Request& request) {
    ShareRequest wanted{.item = item_of(request), .searched = request.has_query("q")};
    wanted.typed = cut_to_bytes(request.query("q"), 200);
    auto& done = wanted.done;
    done.what = request.query("done");
    done.to = parse_subject(request.query("to"));
    done.was = request.query("was");
    done.was_until = request.query("was_until");
    done.link = parse_id<LinkId>(request.query("link")).value_or(LinkId{});
    const auto count = request.query("count");
    std::from_chars(count.data(), count.data() + count.size(), done.count);
    return wanted;
}

Task<Result<SharePage>> look_up(Sharing& sharing, http::Request& request, ShareRequest wanted) {
    const auto& locale = web::Locale::of(language(request));
    co_return co_await sharing.db.read([&sharing, &locale, who = viewer(request), wanted](db::Tx& tx) {
        return find_share_page(tx, sharing, who, locale, wanted);
    });
}

Task<http::Response> show(Sharing& sharing, http::Request& request, ShareRequest wanted, ShareForms forms) {
    auto page = co_await look_up(sharing, request, wanted);
    if (!page) co_return refuse(sharing, request, page.error());
    co_return render_share_page(sharing, request, *page, wanted, forms);
}

Task<http::Response> show_share(Sharing& sharing, http::Request& request) {
    ShareForms forms;
    forms.fresh = parse_id<LinkId>(request.query("made")).value_or(LinkId{});
    co_return co_await show(sharing, request, wanted_of(request), std::move(forms));
}

// Errors of the form come back with what was typed; all others are pages of their own.
bool shown_in_form(const Error& error) { return error.kind == Error::Kind::Invalid || error.key.starts_with("share."); }

// Where to go from here: who has just given up managing it sees the item, if that.
Task<http::Response> go_on(Sharing& sharing, http::Request& request, std::string query) {
    const auto id = item_of(request);
    const auto place = co_await sharing.db.read([who = viewer(request), id, now = sharing.world.clock.now()](
                                                    db::Tx& tx) { return standing(tx, who, id, now); });
    if (place.can(Action::Manage)) co_return http::redirect(address_of_page(id) + query);
    if (!place.can(Action::View)) co_return http::redirect("/");
    co_return http::redirect(sharing.kinds.address(place.item->kind, id));
}

struct GiveForm {
    std::string may, until, until_day, until_at;
};
PREAU_DESCRIBE(GiveForm, may, until, until_day, until_at)

Result<std::vector<Gift>> read_gifts(const http::Form& fields, const GiveForm& form, std::string_view zone,
                                     Millis now) {
    const auto right = right_of(form.may);
    if (!right) return invalid("may", "share.role_impossible");
    const auto until = TRY(end_of({form.until, form.until_day, form.until_at}, zone, now));
    std::vector<Gift> gifts;
    for (const auto& [name, value] : fields.fields) {
        if (name != "to") continue;
        const auto who = parse_addressee(value);
        if (!who) return invalid("to", "share.no_such_subject");
        gifts.push_back({.to = who->to,
                         .role = right->role,
                         .deposit = right->deposit,
                         .until = until,
                         .function = who->function,
                         .structure = who->structure});
    }
    if (gifts.empty()) return invalid("to", "share.nobody_chosen");
    if (gifts.size() > most_at_once) return fail(Error::Kind::Invalid, "share.too_many_at_once", "to");
    return gifts;
}

std::string was_query(const std::optional<Grant>& before) {
    if (!before) return {};
    auto query = "&was=" + may_of(before->role, before->deposit);
    return before->until ? query + "&was_until=" + std::to_string(*before->until) : query;
}

Task<http::Response> post_grants(Sharing& sharing, http::Request& request) {
    auto fields = request.form();
    if (!fields) co_return refuse(sharing, request, fields.error());
    auto form = web::read_form<GiveForm>(*fields);
    if (!form) co_return refuse(sharing, request, form.error());
    auto gifts = read_gifts(*fields, *form, viewer(request).zone, sharing.world.clock.now());
    Error problem;
    if (gifts) {
        auto given = co_await give_all(sharing, viewer(request), item_of(request), *gifts);
        if (given) {
            auto query = std::string{"?done="} +
                         (given->waiting  ? "waiting"
                          : given->before ? "changed"
                                          : "given") +
                         "&count=" + std::to_string(given->count);
            if (given->to) query += "&to=" + text_of(*given->to);
            co_return co_await go_on(sharing, request, query + was_query(given->before));
        }
        problem = given.error();
    } else {
        problem = gifts.error();
    }
    if (!shown_in_form(problem)) co_return refuse(sharing, request, problem);
    ShareRequest wanted{.item = item_of(request)};
    wanted.typed = cut_to_bytes(fields->value("q"), 200);
    wanted.searched = fields->has("q");
    ShareForms forms{.may = form->may, .until = form->until, .problem = problem};
    for (const auto& [name, value] : fields->fields)
        if (name == "to") forms.to.push_back(value);
    co_return co_await show(sharing, request, std::move(wanted), std::move(forms));
}

Task<http::Response> post_withdraw(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    const auto from = parse_subject(form->value("to"));
    if (!from) co_return refuse(sharing, request, {.kind = Error::Kind::NotFound, .key = "share.not_given"});
    auto grant = co_await take_away(sharing, viewer(request), item_of(request), *from);
    if (grant) co_return co_await go_on(sharing, request, "?done=withdrawn&to=" + text_of(*from) + was_query(*grant));
    if (!shown_in_form(grant.error())) co_return refuse(sharing, request, grant.error());
    co_return co_await show(sharing, request, {.item = item_of(request)}, {.problem = grant.error()});
}

Task<http::Response> post_restricted(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    const bool on = form->value("on") == "1";
    auto item = co_await close_or_open(sharing, viewer(request), item_of(request), on);
    if (item) co_return co_await go_on(sharing, request, on ? "?done=restricted" : "?done=inherits");
    if (!shown_in_form(item.error())) co_return refuse(sharing, request, item.error());
    co_return co_await show(sharing, request, {.item = item_of(request)}, {.problem = item.error()});
}

Task<http::Response> post_link(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    auto read = web::read_form<LinkForm>(*form);
    if (!read) co_return refuse(sharing, request, read.error());
    const auto item = item_of(request);
    Error problem;
    auto link = read_link_form(*read, item, viewer(request).zone, sharing.world.clock.now());
    if (link) {
        auto made = co_await make_link(sharing, viewer(request), std::move(*link), read->password);
        if (made) co_return http::redirect(address_of_page(item) + "?made=" + to_text(made->link.id));
        problem = made.error();
    } else {
        problem = link.error();
    }
    if (problem.kind != Error::Kind::Invalid) co_return refuse(sharing, request, problem);
    co_return co_await show(sharing, request, {.item = item},
                            {.link = std::move(*read), .problem = problem, .problem_of_link = true});
}

LinkId link_in(const http::Form& form) { return parse_id<LinkId>(form.value("link")).value_or(LinkId{}); }

Task<http::Response> post_change(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    auto read = web::read_form<LinkForm>(*form);
    if (!read) co_return refuse(sharing, request, read.error());
    const auto item = item_of(request);
    Error problem;
    auto change = read_link_change(*read, viewer(request).zone, sharing.world.clock.now());
    if (change) {
        auto done = co_await change_it(sharing, viewer(request), link_in(*form), std::move(*change), read->password);
        if (done) co_return http::redirect(address_of_page(item) + "?done=link_changed");
        problem = done.error();
    } else {
        problem = change.error();
    }
    if (problem.kind != Error::Kind::Invalid) co_return refuse(sharing, request, problem);
    co_return co_await show(
        sharing, request, {.item = item},
        {.link = std::move(*read), .changed = link_in(*form), .problem = problem, .problem_of_link = true});
}

Task<http::Response> post_revoke(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    const auto link = link_in(*form);
    auto done = co_await take_back(sharing, viewer(request), link);
    if (!done) co_return refuse(sharing, request, done.error());
    co_return http::redirect(address_of_page(item_of(request)) + "?done=revoked&link=" + to_text(link));
}

Task<http::Response> post_restore(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refuse(sharing, request, form.error());
    auto done = co_await bring_back(sharing, viewer(request), link_in(*form));
    if (done) co_return http::redirect(address_of_page(item_of(request)) + "?done=restored");
    if (done.error().kind != Error::Kind::Conflict) co_return refuse(sharing, request, done.error());
    co_return co_await show(sharing, request, {.item = item_of(request)}, {.problem = done.error()});
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
    auto shown = co_await look_up(sharing, request, {.item = item_of(request)});
    if (!shown) co_return refuse(sharing, request, shown.error());
    const auto wanted = parse_id<LinkId>(request.query("link")).value_or(LinkId{});
    const auto& locale = web::Locale::of(language(request));
    for (const auto& made : shown->links) {
        if (made.link.id != wanted || made.token.empty()) continue;
        auto row = link_row(sharing, {locale, viewer(request).zone, sharing.world.clock.now()}, made);
        const SheetView view{.title = shown->item.title,
                             .address = row.address,
                             .may = sheet_words(locale, made.link),
                             .until = row.until,
                             .has_password = row.has_password,
                             .qr = {qr_svg(row.address, locale.text("share.qr_of", {{"name", shown->item.title}}))},
                             .back = address_of_page(shown->item.id)};
        auto filled = shell(request, shown->item.title);
        filled.component = "sharing/share-dialog";
        co_return sharing.pages.page(filled, sheet_page, view);
    }
    co_return refuse(sharing, request, {.kind = Error::Kind::NotFound, .key = "link.unknown"});
}

} // namespace

void share_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    preload_share_page(sharing.pages);
    sharing.pages.preload<SheetView>(sheet_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 8 * 1024, .rate = http::Rate::Write};
    routes.get("/share/{item}", reading, [&](auto& request) { return show_share(sharing, request); });
    routes.post("/share/{item}", writing, [&](auto& request) { return post_link(sharing, request); });
    routes.post("/share/{item}/grants", writing, [&](auto& request) { return post_grants(sharing, request); });
    routes.post("/share/{item}/withdraw", writing, [&](auto& request) { return post_withdraw(sharing, request); });
    routes.post("/share/{item}/restricted", writing, [&](auto& request) { return post_restricted(sharing, request); });
    routes.post("/share/{item}/link", writing, [&](auto& request) { return post_change(sharing, request); });
    routes.post("/share/{item}/restore", writing, [&](auto& request) { return post_restore(sharing, request); });
    routes.post("/share/{item}/revoke", writing, [&](auto& request) { return post_revoke(sharing, request); });
    routes.get("/share/{item}/sheet", reading, [&](auto& request) { return show_sheet(sharing, request); });
}

} // namespace preau::sharing

// /share/mine: what I share, to look over and to withdraw. Plain forms: choose, confirm with the number, undo.
#include "base/json.hpp"
#include "identity/directory.hpp"
#include "link_form.hpp"
#include "my_shares.hpp"
#include "right_form.hpp"
#include "sharing/audience.hpp"
#include "sharing_routes.hpp"

#include "base/text.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

constexpr int rows_per_page = 50;
constexpr std::size_t most_at_once = 500;
constexpr std::string_view my_page = "sharing/pages/my_shares_page.html";
constexpr std::string_view confirm_page = "sharing/pages/my_shares_confirm_page.html";

struct MyRow {
    std::string what; // as parse_share() reads it
    std::string title, href, share, hue, icon;
    std::string who;    // label of the link, name of whom it was given to
    std::string may, until, used;
    bool ended = false;
    std::string choose; // "Choisir Volcans, lien « 6e B »"
};
PREAU_DESCRIBE(MyRow, what, title, href, share, hue, icon, who, may, until, used, ended, choose)

struct MyTab {
    std::string href, text;
    bool current = false;
};
PREAU_DESCRIBE(MyTab, href, text, current)

struct What {
    std::string value;
};
PREAU_DESCRIBE(What, value)

struct MyView {
    std::vector<MyTab> tabs;
    std::vector<MyRow> rows;
    bool empty = false;
    std::string show;
    std::string next; // address of the next page
    std::string notice;
    bool bad = false;
    bool may_undo = false;
    std::vector<What> undo;
};
PREAU_DESCRIBE(MyView, tabs, rows, empty, show, next, notice, bad, may_undo, undo)

struct ConfirmView {
    std::string question; // "Retirer 12 accès ?"
    std::string explained;
    std::string show;
    std::vector<What> what;
};
PREAU_DESCRIBE(ConfirmView, question, explained, show, what)

std::string_view word_of(Shares which) {
    return which == Shares::Links ? "links" : which == Shares::People ? "people" : "public";
}
Shares shares_of(std::string_view word) {
    return word == "people" ? Shares::People : word == "public" ? Shares::Public : Shares::Links;
}

std::string key_text(const MyGrant& row) {
    return std::to_string(row.given_at) + '.' + to_text(row.grant.item) + '.' +
           text_of(Subject{row.grant.subject_kind, row.grant.subject});
}
GivenKey parse_key(std::string_view text) {
    GivenKey key;
    const auto parts = split(text, '.');
    if (parts.size() != 3) return key;
    const auto item = parse_id<ItemId>(parts[1]);
    const auto subject = parse_subject(parts[2]);
    Millis at = 0;
    std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), at);
    if (!item || !subject || at <= 0) return key;
    return {at, *item, static_cast<std::int64_t>(subject->kind), subject->id};
}

struct Asked {
    Shares which = Shares::Links;
    std::string after;
};

struct Reading { // of one page, for one reader
    const Sharing& sharing;
    const web::Locale& locale;
    const Viewer& viewer;
    Millis now;
};

MyRow row_for(const Reading& reading, ItemId item, std::string_view kind_name, std::string title) {
    const auto& kind = reading.sharing.kinds.of(kind_name);
    MyRow row{.title = std::move(title),
              .href = reading.sharing.kinds.address(kind_name, item),
              .share = "/share/" + to_text(item),
              .hue = kind.app};
    row.icon = std::string{kind.icon_of(row.title)};
    return row;
}

MyRow row_of(const Reading& reading, MyLink mine) {
    const auto& link = mine.link;
    const auto& locale = reading.locale;
    auto row = row_for(reading, link.item, mine.kind, std::move(mine.title));
    row.what = text_of(subject(link.id));
    row.who = link.label.empty() ? locale.text("share.link_unnamed") : link.label;
    row.may = words_for(locale, link.role, link.deposit);
    row.until = suspended_words(locale, link, reading.viewer.zone);
    row.ended = link.until && *link.until <= reading.now;
    row.used = link.used_at ? locale.ago(*link.used_at, reading.now, reading.viewer.zone) : locale.text("share.unused");
    row.choose = locale.text("share.choose", {{"title", row.title}, {"who", row.who}});
    return row;
}

MyRow row_of(const Reading& reading, MyGrant mine, const std::map<Subject, identity::Named>& names) {
    const auto& grant = mine.grant;
    const auto& locale = reading.locale;
    const Subject to{grant.subject_kind, grant.subject};
    auto row = row_for(reading, grant.item, mine.kind, std::move(mine.title));
    row.what = text_of(Share{.item = grant.item, .subject = to});
    row.who = name_of(locale, to, names);
    row.may = words_for(locale, grant.role, grant.deposit);
    row.until = until_words(locale, grant.until, reading.viewer.zone);
    row.ended = grant.until && *grant.until <= reading.now;
    row.choose = locale.text("share.choose", {{"title", row.title}, {"who", row.who}});
    return row;
}

MyView view_of(db::Tx& tx, const Reading& reading, const Asked& asked) {
    MyView view{.show = std::string{word_of(asked.which)}};
    for (auto which : {Shares::Links, Shares::People, Shares::Public})
        view.tabs.push_back({.href = "/share/mine?show=" + std::string{word_of(which)},
                             .text = reading.locale.text("share.mine_" + std::string{word_of(which)}),
                             .current = which == asked.which});
    std::string next;
    if (asked.which == Shares::Links) {
        auto before = parse_id<LinkId>(asked.after).value_or(LinkId{});
        auto rows = my_links(tx, reading.viewer, before, rows_per_page + 1, reading.now);
        if (rows.size() > rows_per_page) {
            rows.pop_back();
            next = to_text(rows.back().link.id);
        }
        for (auto& row : rows) view.rows.push_back(row_of(reading, std::move(row)));
    } else {
        auto rows = my_grants(tx, reading.viewer, asked.which, parse_key(asked.after), rows_per_page + 1, reading.now);
        if (rows.size() > rows_per_page) {
            rows.pop_back();
            next = key_text(rows.back());
        }
        std::vector<Subject> subjects;
        for (const auto& row : rows) subjects.push_back({row.grant.subject_kind, row.grant.subject});
        const auto names = identity::names_of(tx, subjects);
        for (auto& row : rows) view.rows.push_back(row_of(reading, std::move(row), names));
    }
    view.empty = view.rows.empty();
    if (!next.empty()) view.next = "/share/mine?show=" + view.show + "&after=" + next;
    return view;
}

Task<MyView> look_up(Sharing& sharing, http::Request& request, Asked asked) {
    const auto& locale = web::Locale::of(language(request));
    co_return co_await sharing.db.read(
        [&sharing, &locale, who = viewer(request), asked, now = sharing.world.clock.now()](db::Tx& tx) {
            return view_of(tx, {sharing, locale, who, now}, asked);
        });
}

http::Response render(const Sharing& sharing, const http::Request& request, const MyView& view, int status = 200) {
    auto filled = shell(request, web::Locale::of(language(request)).text("share.mine"));
    filled.component = "sharing/choose-many";
    return sharing.pages.page(filled, my_page, view, status);
}

Task<http::Response> show_mine(Sharing& sharing, http::Request& request) {
    Asked asked{.which = shares_of(request.query("show")), .after = std::string{request.query("after")}};
    co_return render(sharing, request, co_await look_up(sharing, request, std::move(asked)));
}

// One write for each space that is touched, under its lane; a failure of one leaves the others done.
using Act = Withdrawn (*)(db::Tx&, World&, const Viewer&, const std::vector<Share>&);
Task<Withdrawn> in_each_space(Sharing& sharing, Viewer who, std::vector<Share> shares, Act act) {
    const auto spaces =
        co_await sharing.db.read([&sharing, shares](db::Tx& tx) { return spaces_of(tx, sharing.world, shares); });
    std::map<ItemId, std::vector<Share>> grouped;
    for (std::size_t i = 0; i < shares.size(); ++i) grouped[spaces[i]].push_back(shares[i]);
    Withdrawn all;
    for (const auto& [space, some] : grouped) {
        auto part = co_await sharing.db.write(
            db::lane_of(space), [&sharing, who, some, act](db::Tx& tx) { return act(tx, sharing.world, who, some); });
        all.done.insert(all.done.end(), part.done.begin(), part.done.end());
        all.failed.insert(all.failed.end(), part.failed.begin(), part.failed.end());
    }
    co_return all;
}

std::vector<Share> shares_in(const http::Form& form) {
    std::vector<Share> shares;
    for (const auto& [name, value] : form.fields)
        if (name == "what" && shares.size() < most_at_once)
            if (auto share = parse_share(value)) shares.push_back(*share);
    return shares;
}

// All of one tab, as far as one form carries them.
Task<std::vector<Share>> all_of(Sharing& sharing, Viewer who, Shares which) {
    co_return co_await sharing.db.read([who, which, now = sharing.world.clock.now()](db::Tx& tx) {
        std::vector<Share> shares;
        constexpr int limit = most_at_once;
        if (which == Shares::Links)
            for (const auto& row : my_links(tx, who, {}, limit, now))
                shares.push_back({.subject = subject(row.link.id)});
        else
            for (const auto& row : my_grants(tx, who, which, {}, limit, now))
                shares.push_back({.item = row.grant.item, .subject = {row.grant.subject_kind, row.grant.subject}});
        return shares;
    });
}

http::Response confirm(const Sharing& sharing, const http::Request& request, const std::vector<Share>& shares,
                       std::string_view show) {
    const auto& locale = web::Locale::of(language(request));
    ConfirmView view{.question = locale.plural("share.mine_confirm", std::ssize(shares)),
                     .explained = locale.text("share.mine_explained"),
                     .show = std::string{show}};
    for (const auto& share : shares) view.what.push_back({text_of(share)});
    return sharing.pages.page(shell(request, locale.text("share.mine")), confirm_page, view);
}

void tell(MyView& view, const web::Locale& locale, const Withdrawn& result, std::string_view done_key) {
    view.notice = locale.plural(done_key, std::ssize(result.done));
    if (result.failed.empty()) return;
    view.bad = true;
    view.notice += ' ' + locale.plural("share.mine_failed", std::ssize(result.failed)) + ' ' +
                   locale.message(result.failed.front().second);
}

Task<http::Response> post_withdraw(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return sharing.pages.error_page(shell(request, ""), form.error(), request.id);
    const Asked asked{.which = shares_of(form->value("show"))};
    auto shares = shares_in(*form);
    if (form->has("all")) shares = co_await all_of(sharing, viewer(request), asked.which);
    const auto& locale = web::Locale::of(language(request));
    if (shares.empty()) {
        auto view = co_await look_up(sharing, request, asked);
        view.notice = locale.text("share.mine_none_chosen");
        view.bad = true;
        co_return render(sharing, request, view, 422);
    }
    if (!form->has("sure")) co_return confirm(sharing, request, shares, form->value("show"));
    auto result = co_await in_each_space(sharing, viewer(request), std::move(shares), withdraw_each);
    auto view = co_await look_up(sharing, request, asked);
    tell(view, locale, result, "share.mine_withdrawn");
    for (const auto& share : result.done) view.undo.push_back({text_of(share)});
    view.may_undo = !view.undo.empty();
    co_return render(sharing, request, view);
}

Task<http::Response> post_give_back(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return sharing.pages.error_page(shell(request, ""), form.error(), request.id);
    auto result = co_await in_each_space(sharing, viewer(request), shares_in(*form), give_back_each);
    auto view = co_await look_up(sharing, request, {.which = shares_of(form->value("show"))});
    tell(view, web::Locale::of(language(request)), result, "share.mine_restored");
    co_return render(sharing, request, view);
}

// ---- The same for programs.
struct MineJson {
    std::string what;
    ItemId item;
    std::string title;
    std::string who;
    std::optional<Millis> until;
    std::optional<Millis> used_at;
};
PREAU_DESCRIBE(MineJson, what, item, title, who, until, used_at)
struct MinesJson {
    std::vector<MineJson> shares;
    std::optional<std::string> next;
};
PREAU_DESCRIBE(MinesJson, shares, next)
struct FailedJson {
    std::string what, title;
};
PREAU_DESCRIBE(FailedJson, what, title)
struct OutcomeJson {
    std::vector<std::string> done; // as they can be given back
    std::vector<FailedJson> failed;
};
PREAU_DESCRIBE(OutcomeJson, done, failed)

MinesJson json_of(db::Tx& tx, const Reading& reading, const Asked& asked) {
    MinesJson json;
    if (asked.which == Shares::Links) {
        const auto before = parse_id<LinkId>(asked.after).value_or(LinkId{});
        for (const auto& row : my_links(tx, reading.viewer, before, rows_per_page, reading.now))
            json.shares.push_back({text_of(subject(row.link.id)), row.link.item, row.title, row.link.label,
                                   row.link.until, row.link.used_at});
        if (std::ssize(json.shares) == rows_per_page)
            json.next = to_text(LinkId{parse_subject(json.shares.back().what)->id});
        return json;
    }
    const auto rows = my_grants(tx, reading.viewer, asked.which, parse_key(asked.after), rows_per_page, reading.now);
    for (const auto& row : rows) {
        const Subject to{row.grant.subject_kind, row.grant.subject};
        json.shares.push_back({text_of(Share{.item = row.grant.item, .subject = to}), row.grant.item, row.title,
                               text_of(to), row.grant.until, std::nullopt});
    }
    if (std::ssize(rows) == rows_per_page) json.next = key_text(rows.back());
    return json;
}

Task<http::Response> list_mine(Sharing& sharing, http::Request& request) {
    const Asked asked{.which = shares_of(request.query("show")), .after = std::string{request.query("after")}};
    const auto& locale = web::Locale::of(language(request));
    auto json =
        co_await sharing.db.read([&sharing, &locale, who = viewer(request), asked, now = sharing.world.clock.now()](
                                     db::Tx& tx) { return json_of(tx, {sharing, locale, who, now}, asked); });
    co_return http::json_response(json::text_of(json));
}

Task<http::Response> act_on_mine(Sharing& sharing, http::Request& request, Act act) {
    const auto& locale = web::Locale::of(language(request));
    auto body = json::parse(request.body);
    if (!body) co_return http::problem(body.error(), locale.message(body.error()));
    std::vector<Share> shares;
    OutcomeJson json;
    const auto what = (*body)["what"];
    for (std::size_t i = 0; i < what.size() && i < most_at_once; ++i) {
        const auto text = what.at(i).text().value_or("");
        if (auto share = parse_share(text))
            shares.push_back(*share);
        else
            json.failed.push_back({text, locale.text("share.not_given")});
    }
    auto result = co_await in_each_space(sharing, viewer(request), std::move(shares), act);
    for (const auto& share : result.done) json.done.push_back(text_of(share));
    for (const auto& [share, error] : result.failed) json.failed.push_back({text_of(share), locale.message(error)});
    co_return http::json_response(json::text_of(json));
}

} // namespace

void my_shares_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<MyView>(my_page);
    sharing.pages.preload<ConfirmView>(confirm_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 64 * 1024, .rate = http::Rate::Write};
    routes.get("/share/mine", reading, [&](auto& request) { return show_mine(sharing, request); });
    routes.post("/share/mine/withdraw", writing, [&](auto& request) { return post_withdraw(sharing, request); });
    routes.post("/share/mine/restore", writing, [&](auto& request) { return post_give_back(sharing, request); });
    routes.get("/api/sharing/mine", reading, [&](auto& request) { return list_mine(sharing, request); });
    routes.post("/api/sharing/mine/withdraw", writing,
                [&](auto& request) { return act_on_mine(sharing, request, withdraw_each); });
    routes.post("/api/sharing/mine/restore", writing,
                [&](auto& request) { return act_on_mine(sharing, request, give_back_each); });
}

} // namespace preau::sharing

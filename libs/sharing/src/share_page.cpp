#include "share_page.hpp"

#include "identity/directory.hpp"
#include "right_form.hpp"

namespace preau::sharing {
namespace {

struct OwnRow { // a right that was given on this very item
    std::string to;
    std::string icon, name, detail, may, until;
    bool has_until = false;
    bool you = false;
    bool closed = false;
    std::string change; // "Modifier l’accès de Nadia Haddad"
    std::vector<Choice> roles;
    std::vector<Choice> untils;
    std::string until_at; // what it is, to be kept
    std::string until_day;
};
PREAU_DESCRIBE(OwnRow, to, icon, name, detail, may, until, has_until, you, closed, change, roles, untils, until_at,
               until_day)

struct InheritedRow {
    std::string icon, name, detail, may, until;
    bool has_until = false;
    bool you = false;
};
PREAU_DESCRIBE(InheritedRow, icon, name, detail, may, until, has_until, you)

struct AboveRow { // a folder from which rights come
    std::string title;
    std::string href;
    bool known = false; // the viewer may see that folder
    std::vector<InheritedRow> rows;
};
PREAU_DESCRIBE(AboveRow, title, href, known, rows)

struct NoticeView {
    std::string text;
    bool undo = false;
    std::string to, may, until, until_at;
    std::string link; // that can be brought back
};
PREAU_DESCRIBE(NoticeView, text, undo, to, may, until, until_at, link)

struct ShareView {
    ItemId item;
    std::string title;
    std::string back; // page of the item
    std::string problem; // of what was asked as a whole
    std::optional<NoticeView> notice;
    // Whom to add.
    std::string typed;
    bool choosing = false; // the form to give stands open
    bool nobody = false;   // was looked for, not found
    std::vector<Suggestion> found;
    std::vector<Choice> roles;
    std::vector<Choice> untils;
    std::string give_problem;
    // Who has access.
    std::vector<OwnRow> own;
    std::vector<AboveRow> inherited;
    // Links.
    std::vector<LinkRow> links;
    bool several_links = false;
    std::vector<Choice> see_as; // whose eyes one may borrow: the families of one's classes, the public
    bool can_see_as = false;
    std::vector<Choice> may;
    std::vector<Choice> until;
    bool new_link = false; // its form stands open
    std::string label;
    std::string max_uses;
    std::string label_problem;
    std::string password_problem;
    std::string link_problem;
    // Inheriting.
    bool may_restrict = false;
    bool restricted = false;
    std::string losers; // who would no longer have access
    std::string above;  // what it inherits from, if the viewer may see that
};
PREAU_DESCRIBE(ShareView, item, title, back, problem, notice, typed, choosing, nobody, found, roles, untils,
               give_problem, own, inherited, links, several_links, see_as, can_see_as, may, until, new_link, label,
               max_uses, label_problem, password_problem, link_problem, may_restrict, restricted, losers, above)

constexpr std::string_view share_page = "sharing/pages/share_page.html";
const std::vector<std::string_view> until_values{"", "day", "week", "month", "year", "date"};

std::vector<std::string_view> role_values(const Item& item, std::optional<Subject::Kind> kind) {
    std::vector<std::string_view> values{"view", "comment", "edit"};
    if (takes_deposits(item)) values.insert(values.begin() + 1, {"view-deposit", "deposit"});
    if (!kind || role_possible(*kind, Role::Manage, false)) values.push_back("manage");
    return values;
}

class Writer {
public:
    Writer(const Sharing& sharing, const http::Request& request, const SharePage& page)
        : sharing_{sharing}, page_{page}, viewer_{viewer(request)}, locale_{web::Locale::of(language(request))} {}

    ShareView write(const ShareRequest& wanted, const ShareForms& forms) {
        ShareView view{.item = page_.item.id,
                       .title = page_.item.title,
                       .back = sharing_.kinds.address(page_.item.kind, page_.item.id)};
        write_notice(view, wanted.done);
        write_give(view, wanted, forms);
        write_access(view);
        write_eyes(view);
        write_links(view, forms);
        write_inheriting(view);
        if (forms.problem) tell(view, forms);
        return view;
    }

private:
    void write_notice(ShareView& view, const Done& done) {
        if (done.what.empty()) return;
        NoticeView notice{.to = done.to ? text_of(*done.to) : std::string{}, .may = done.was};
        notice.undo = done.to && right_of(done.was).has_value();
        notice.until = done.was_until.empty() ? "" : "at";
        notice.until_at = done.was_until;
        const auto name = page_.done_name.empty() ? locale_.text("share.somebody_gone") : page_.done_name;
        if (done.what == "given" && done.count > 1)
            notice.text = locale_.plural("share.done_given_several", done.count);
        else if (done.what == "given" || done.what == "changed" || done.what == "withdrawn")
            notice.text = locale_.text("share.done_" + done.what, {{"name", name}});
        else if (done.what == "restricted" || done.what == "inherits" || done.what == "revoked" ||
                 done.what == "restored" || done.what == "waiting" || done.what == "link_changed")
            notice.text = locale_.text("share.done_" + done.what);
        if (done.what == "revoked" && done.link) notice.link = to_text(done.link);
        if (!notice.text.empty()) view.notice = std::move(notice);
    }

    void write_give(ShareView& view, const ShareRequest& wanted, const ShareForms& forms) {
        view.typed = wanted.typed;
        view.found = page_.found;
        view.nobody = wanted.searched && view.found.empty();
        for (auto& one : view.found)
            one.chosen = !one.off && (std::ranges::find(forms.to, one.to) != forms.to.end() || view.found.size() == 1);
        view.choosing = !view.found.empty();
        view.roles = choices(locale_, "share.role_", role_values(page_.item, std::nullopt),
                             forms.may.empty() ? "view" : forms.may);
        view.untils = choices(locale_, "share.until_", until_values, forms.until);
    }

    OwnRow own_row(const AccessLine& line) {
        const auto& grant = line.grant;
        OwnRow row{.to = text_of({grant.subject_kind, grant.subject}),
                   .icon = line.icon,
                   .name = line.name,
                   .detail = line.detail,
                   .may = words_for(locale_, grant.role, grant.deposit),
                   .has_until = grant.until.has_value(),
                   .you = line.you,
                   .closed = line.closed,
                   .change = locale_.text("share.change_of", {{"name", line.name}})};
        auto may = may_of(grant.role, grant.deposit);
        auto roles = role_values(page_.item, grant.subject_kind);
        if (grant.subject_kind == Subject::Kind::Public) roles = {"view"};
        if (std::ranges::find(roles, may) == roles.end()) roles.push_back(may); // what it is stays possible
        row.roles = choices(locale_, "share.role_", roles, may);
        row.untils = choices(locale_, "share.until_", until_values, grant.until ? "at" : "");
        if (grant.until) {
            row.until = until_words(locale_, grant.until, viewer_.zone);
            row.until_at = std::to_string(*grant.until);
            row.untils.insert(row.untils.begin(), {.value = "at", .text = row.until, .chosen = true});
        }
        return row;
    }

    void write_access(ShareView& view) {
        ItemId last;
        for (const auto& line : page_.access) {
            if (!line.inherited) {
                view.own.push_back(own_row(line));
                continue;
            }
            if (view.inherited.empty() || line.grant.item != last) {
                last = line.grant.item;
                const bool known = static_cast<bool>(line.from);
                view.inherited.push_back({.title = known ? line.from_title : locale_.text("share.folder_above"),
                                          .href = sharing_.kinds.address(line.from_kind, line.from),
                                          .known = known});
            }
            view.inherited.back().rows.push_back({.icon = line.icon,
                                                  .name = line.name,
                                                  .detail = line.detail,
                                                  .may = words_for(locale_, line.grant.role, line.grant.deposit),
                                                  .until = until_words(locale_, line.grant.until, viewer_.zone),
                                                  .has_until = line.grant.until.has_value(),
                                                  .you = line.you});
        }
    }

    void write_eyes(ShareView& view) {
        for (const auto& line : page_.access) {
            const Subject subject{line.grant.subject_kind, line.grant.subject};
            const bool families = subject.kind == Subject::Kind::Families;
            const bool own_class = families && viewer_.is(preau::subject(GroupId{subject.id}));
            if (!own_class && subject.kind != Subject::Kind::Public) continue;
            auto text = locale_.text("share.see_as_named", {{"name", line.name}});
            const bool twice = std::ranges::any_of(view.see_as, [&](const Choice& one) { return one.text == text; });
            if (!twice) view.see_as.push_back({.value = text_of(subject), .text = std::move(text)});
        }
        view.can_see_as = !view.see_as.empty();
    }

    void write_links(ShareView& view, const ShareForms& forms) {
        const Reader reader{locale_, viewer_.zone, sharing_.world.clock.now()};
        for (const auto& made : page_.links) {
            view.links.push_back(link_row(sharing_, reader, made));
            view.links.back().fresh = made.link.id == forms.fresh;
            if (forms.changed && made.link.id == forms.changed) give_back(view.links.back(), forms);
        }
        std::vector<std::string_view> values{"view", "comment", "edit"};
        if (takes_deposits(page_.item)) values.insert(values.begin() + 1, {"view-deposit", "deposit"});
        const auto otherwise = page_.item.kind == "handin" ? "deposit" : "view";
        view.may = choices(locale_, "share.link_may_", values, forms.link.may.empty() ? otherwise : forms.link.may);
        view.until = choices(locale_, "share.until_", until_values, forms.link.until);
        view.several_links = view.links.size() > 1;
        if (forms.changed) return;
        view.label = forms.link.label;
        view.max_uses = forms.link.max_uses;
    }

    // What was typed of a link that could not be changed so.
    static void give_back(LinkRow& row, const ShareForms& forms) {
        row.changing = true;
        row.label = forms.link.label;
        row.max_uses = forms.link.max_uses;
        for (auto& choice : row.untils) choice.chosen = choice.value == forms.link.until;
    }

    void write_inheriting(ShareView& view) {
        view.may_restrict = static_cast<bool>(page_.item.parent);
        view.restricted = page_.item.restricted;
        view.above = page_.above ? shown_title(*page_.above, viewer_, locale_) : std::string{};
        std::vector<std::string> names;
        for (const auto& line : page_.access) {
            const bool stays = line.grant.item == page_.item.space && line.grant.role == Role::Manage;
            if (line.inherited && !line.you && !stays) names.push_back(line.name);
        }
        for (std::size_t i = 0; i < names.size() && i < 10; ++i) view.losers += (i ? ", " : "") + names[i];
        if (names.size() > 10) view.losers += ", …";
    }

    void tell(ShareView& view, const ShareForms& forms) {
        auto text = locale_.message(*forms.problem);
        auto changed = std::ranges::find(view.links, forms.changed, &LinkRow::id);
        if (forms.changed && changed != view.links.end())
            tell_of_link(*forms.problem, text, changed->label_problem, changed->password_problem, changed->problem);
        else if (forms.problem_of_link)
            tell_of_link(*forms.problem, text, view.label_problem, view.password_problem, view.link_problem);
        else if (view.choosing)
            view.give_problem = std::move(text);
        else
            view.problem = std::move(text);
        view.new_link = forms.problem_of_link && !forms.changed;
    }

    static void tell_of_link(const Error& problem, std::string& text, std::string& of_label, std::string& of_password,
                             std::string& otherwise) {
        auto& place = problem.field == "label" ? of_label : problem.field == "password" ? of_password : otherwise;
        place = std::move(text);
    }

    const Sharing& sharing_;
    const SharePage& page_;
    const Viewer& viewer_;
    const web::Locale& locale_;
};

} // namespace

Result<SharePage> find_share_page(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, const web::Locale& locale,
                                  const ShareRequest& wanted) {
    const auto now = sharing.world.clock.now();
    SharePage page{.item = TRY(require(tx, viewer, Action::Manage, wanted.item, now))};
    if (page.item.parent) {
        auto above = standing(tx, viewer, page.item.parent, now);
        if (above.can(Action::View)) page.above = std::move(above.item);
    }
    page.access = access_lines(tx, locale, viewer, page.item, now);
    page.links = links_on(tx, sharing.world, viewer, wanted.item);
    if (wanted.searched) page.found = suggestions(tx, locale, viewer, wanted.typed, public_sharing_of(tx, page.item));
    if (wanted.done.to) {
        auto names = identity::names_of(tx, {*wanted.done.to});
        page.done_name = name_of(locale, *wanted.done.to, names);
    }
    return page;
}

LinkRow link_row(const Sharing& sharing, const Reader& reader, const MadeLink& made) {
    const auto& link = made.link;
    const auto& locale = reader.locale;
    LinkRow row{.id = link.id,
                .name = link.label.empty() ? locale.text("share.link_unnamed") : link.label,
                .address = address_of(sharing, made.token),
                .may = words_for(locale, link.role, link.deposit),
                .until = suspended_words(locale, link, reader.zone),
                .has_password = link.has_password,
                .ended = link.until && *link.until <= reader.now,
                .label = link.label};
    if (link.max_uses)
        row.used = locale.plural("share.used_of", link.uses, {{"most", locale.number(*link.max_uses)}});
    else
        row.used = link.uses == 0 ? locale.text("share.unused") : locale.plural("share.used", link.uses);
    if (link.used_at) row.used += " · " + locale.ago(*link.used_at, reader.now, reader.zone);
    if (link.max_uses) row.max_uses = std::to_string(*link.max_uses);
    row.untils = choices(locale, "share.until_", until_values, link.until ? "at" : "");
    if (link.until) {
        row.until_at = std::to_string(*link.until);
        row.untils.insert(row.untils.begin(), {.value = "at", .text = row.until, .chosen = true});
    }
    row.change = locale.text("share.change_link", {{"name", row.name}});
    return row;
}

http::Response render_share_page(const Sharing& sharing, const http::Request& request, const SharePage& page,
                                 const ShareRequest& wanted, const ShareForms& forms) {
    auto view = Writer{sharing, request, page}.write(wanted, forms);
    auto filled = shell(request, web::Locale::of(language(request)).text("share.title", {{"name", page.item.title}}));
    filled.component = "sharing/share-dialog";
    filled.section = sharing.kinds.of(page.item.kind).app;
    return sharing.pages.page(filled, share_page, view, forms.problem ? http::status_of(*forms.problem) : 200);
}

void preload_share_page(web::Pages& pages) { pages.preload<ShareView>(share_page); }

} // namespace preau::sharing

// Looking at an item as somebody else would, and coming back. The gate does the rest (gate.cpp).
#include "as_viewer.hpp"
#include "identity/directory.hpp"
#include "sharing/audience.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

ItemId item_of(const http::Request& request) { return parse_id<ItemId>(request.parameter("item")).value_or(ItemId{}); }

struct Entered {
    std::string address;
    std::string label;
};

std::string label_of(db::Tx& tx, const Sharing& sharing, const web::Locale& locale, Subject audience) {
    if (audience.kind == Subject::Kind::Link) {
        auto made = find_link(tx, sharing.world, LinkId{audience.id});
        const auto name = made && !made->link.label.empty() ? made->link.label : locale.text("share.link_unnamed");
        return locale.text("share.as_link", {{"name", name}});
    }
    auto names = identity::names_of(tx, {audience});
    return name_of(locale, audience, names);
}

Result<Entered> enter(db::Tx& tx, const Sharing& sharing, const Viewer& who, const web::Locale& locale, ItemId id,
                      Subject audience) {
    auto item = TRY(may_see_as(tx, who, id, audience, sharing.world.clock.now()));
    Entered entered{.address = sharing.kinds.address(item.kind, id)};
    entered.label = label_of(tx, sharing, locale, audience);
    return entered;
}

Task<http::Response> post_as(Sharing& sharing, http::Request& request) {
    auto form = request.form();
    if (!form) co_return sharing.pages.error_page(shell(request, ""), form.error(), request.id);
    const auto audience = parse_subject(form->value("as"));
    const auto& who = viewer(request);
    // A program has no browser to show anything in.
    if (!audience || !who.session)
        co_return sharing.pages.error_page(shell(request, ""),
                                           {.kind = Error::Kind::Forbidden, .key = "share.cannot_see_as"}, request.id);
    const auto& locale = web::Locale::of(language(request));
    auto entered = co_await sharing.db.read([&sharing, &locale, who, id = item_of(request), as = *audience](
                                                db::Tx& tx) { return enter(tx, sharing, who, locale, id, as); });
    if (!entered) co_return sharing.pages.error_page(shell(request, ""), entered.error(), request.id);
    auto response = http::redirect(entered->address.empty() ? "/" : entered->address);
    write_seen_as(response, request, sharing.identity,
                  {.audience = *audience,
                   .session = who.session,
                   .until = sharing.world.clock.now() + as_lifetime,
                   .label = entered->label});
    co_return response;
}

// Back on the same page, as oneself.
Task<http::Response> leave_as(http::Request& request) {
    auto form = request.form();
    const auto back = form ? form->value("back") : std::string_view{};
    // A path of ours and nothing else: "//elsewhere" and "/\elsewhere" are other people's hosts to a browser.
    const bool local = back.starts_with('/') && !back.starts_with("//") && back.find('\\') == std::string_view::npos;
    auto response = http::redirect(local ? back : "/");
    end_seen_as(response, request);
    co_return response;
}

} // namespace

void as_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    routes.post("/share/{item}/as", {.access = Member, .body_limit = 4096, .rate = http::Rate::Read},
                [&](auto& request) { return post_as(sharing, request); });
    routes.post("/share/as/leave", {.access = Guest, .body_limit = 8192, .rate = http::Rate::Read},
                [](auto& request) { return leave_as(request); });
}

} // namespace preau::sharing

// /shortcut/ITEM leads on to what the shortcut points to, or says that there is nothing for this viewer.
#include "base/json.hpp"
#include "sharing/answers.hpp"
#include "sharing/shortcut.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view broken_page = "sharing/pages/shortcut_broken_page.html";

struct BrokenView {
    std::string back; // the folder it stands in
};
PREAU_DESCRIBE(BrokenView, back)

struct MadeJson {
    ItemId id;
    std::string url;
    std::string name;
};
PREAU_DESCRIBE(MadeJson, id, url, name)

Task<http::Response> follow(Sharing& sharing, http::Request& request) {
    struct Found {
        Item item;
        ShortcutTarget target;
    };
    auto found = co_await sharing.db.read(
        [&sharing, who = viewer(request), id = id_in<ItemId>(request, "item")](db::Tx& tx) -> Result<Found> {
            const auto now = sharing.world.clock.now();
            auto item = TRY(require(tx, who, Action::View, id, now));
            if (item.kind != shortcut_kind) return not_found("sharing.item");
            auto target = shortcut_targets(tx, who, {id}, now)[id];
            return Found{.item = std::move(item), .target = std::move(target)};
        });
    if (!found) co_return refuse(sharing, request, found.error());
    if (found->target.state == ShortcutTarget::State::Open)
        co_return http::redirect(sharing.kinds.address(found->target.kind, found->target.item));
    if (request.wants_json())
        co_return refuse(sharing, request, {.kind = Error::Kind::NotFound, .key = "shortcut.broken"});
    auto filled = shell(request, words_of(request).text("shortcut.broken_title"));
    const BrokenView view{.back = sharing.kinds.address("folder", found->item.parent)};
    co_return sharing.pages.page(filled, broken_page, view, 404);
}

// {target, name}: makes one in the folder of the address.
Task<http::Response> make(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto folder = id_in<ItemId>(request, "item");
    const auto target = parse_id<ItemId>(fields->value("target")).value_or(ItemId{});
    auto made = co_await sharing.db.write(
        db::lane_of(folder),
        [&sharing, who = viewer(request), folder, target, name = std::string{fields->value("name")},
         neutral = words_of(request).text("shortcut.neutral")](db::Tx& tx) {
            return create_shortcut(tx, sharing.world, who, folder, target, name, neutral);
        });
    if (!made) co_return refuse(sharing, request, made.error());
    const MadeJson answer{.id = made->id, .url = sharing.kinds.address(shortcut_kind, made->id), .name = made->title};
    co_return http::json_response(json::text_of(answer), 201);
}

} // namespace

void shortcut_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<BrokenView>(broken_page);
    routes.get("/shortcut/{item}", {.access = Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return follow(sharing, request); });
    routes.post("/api/sharing/items/{item}/shortcuts",
                {.access = Member, .body_limit = 4096, .rate = http::Rate::Write},
                [&](auto& request) { return make(sharing, request); });
}

} // namespace preau::sharing

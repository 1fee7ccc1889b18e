#include "share_tasks.hpp"

#include "sharing/publishing.hpp"

namespace preau::sharing {
namespace {

Task<Result<ItemId>> managed_space(Sharing& sharing, Viewer who, ItemId id) {
    co_return co_await sharing.db.read([who, id, now = sharing.world.clock.now()](db::Tx& tx) -> Result<ItemId> {
        return TRY(require(tx, who, Action::Manage, id, now)).space;
    });
}

// True: it was asked for, and waits to be approved.
Result<bool> show_everybody(db::Tx& tx, Sharing& sharing, const Viewer& who, ItemId item, const Gift& gift) {
    if (who.guest) return fail(Error::Kind::Forbidden, "share.guest", "to");
    if (!role_possible(gift.to.kind, gift.role, gift.deposit)) return invalid("may", "share.role_impossible");
    const auto published = TRY(publish(tx, sharing.world, who, item, gift.until));
    if (published == Publishing::Refused) return fail(Error::Kind::Forbidden, "share.public_refused", "to");
    return published == Publishing::Waiting;
}

Result<Given> give_each(db::Tx& tx, Sharing& sharing, const Viewer& who, ItemId item, const std::vector<Gift>& gifts) {
    Given given{.count = gifts.size()};
    const auto before = grants_on(tx, item);
    for (const auto& gift : gifts) {
        if (gift.to == everybody)
            given.waiting = TRY(show_everybody(tx, sharing, who, item, gift));
        else
            TRY(give(tx, sharing.world, who, item, gift));
    }
    if (gifts.size() != 1) return given;
    given.to = gifts.front().to;
    for (const auto& grant : before)
        if (Subject{grant.subject_kind, grant.subject} == *given.to) given.before = grant;
    return given;
}

} // namespace

Task<Result<Given>> give_all(Sharing& sharing, Viewer who, ItemId item, std::vector<Gift> gifts) {
    auto space = co_await managed_space(sharing, who, item);
    if (!space) co_return std::unexpected(space.error());
    co_return co_await sharing.db.write(db::lane_of(*space), [&sharing, who, item, gifts](db::Tx& tx) {
        return give_each(tx, sharing, who, item, gifts);
    });
}

Task<Result<Grant>> take_away(Sharing& sharing, Viewer who, ItemId item, Subject from) {
    auto space = co_await managed_space(sharing, who, item);
    if (!space) co_return std::unexpected(space.error());
    co_return co_await sharing.db.write(db::lane_of(*space), [&sharing, who, item, from](db::Tx& tx) {
        return withdraw(tx, sharing.world, who, item, from);
    });
}

Task<Result<Item>> close_or_open(Sharing& sharing, Viewer who, ItemId item, bool restricted) {
    auto space = co_await managed_space(sharing, who, item);
    if (!space) co_return std::unexpected(space.error());
    co_return co_await sharing.db.write(db::lane_of(*space), [&sharing, who, item, restricted](db::Tx& tx) {
        return set_restricted(tx, sharing.world, who, item, restricted);
    });
}

} // namespace preau::sharing

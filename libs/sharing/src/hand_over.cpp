#include "sharing/hand_over.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "grant_detail.hpp"
#include "hand_over_store.hpp"
#include "link_store.hpp"
#include "sharing/team.hpp"

#include <algorithm>

namespace preau::sharing {
namespace {

constexpr int most_counted = 10'000;

struct To { // detail of the event: to whom
    std::string subject_kind = "person", subject;
};
PREAU_DESCRIBE(To, subject_kind, subject)

class HandingOver {
public:
    HandingOver(db::Tx& tx, World& world, const Viewer& by, const Leaving& leaving)
        : tx_{tx}, world_{world}, by_{by}, leaving_{leaving} {}

    void space(ItemId space, std::string_view title) {
        store::turn_into_team(tx_, leaving_.leaver, space, title, leaving_.successor, world_.clock.now());
        manage(space);
        outcome_.space = space;
    }
    void team(ItemId team) {
        manage(team);
        ++outcome_.teams;
    }
    void links() {
        if (leaving_.successor && !leaving_.end_links) {
            outcome_.links = store::pass_links_on(tx_, leaving_.leaver, leaving_.successor);
            return;
        }
        constexpr int batch = 200;
        for (auto links = store::live_links_of(tx_, leaving_.leaver, batch); !links.empty();
             links = store::live_links_of(tx_, leaving_.leaver, batch))
            for (auto link : links) end(link);
    }
    void rights() {
        outcome_.rights = store::take_rights_back(tx_, leaving_.leaver);
        store::pass_given_rights_on(tx_, leaving_.leaver, leaving_.successor);
    }
    // In the spaces whose lanes are held; elsewhere somebody else manages what is shown.
    void published(const std::vector<ItemId>& held) {
        for (auto item : store::published_by(tx_, leaving_.leaver, most_counted)) {
            const auto space = space_of(tx_, item);
            if (!space || !std::ranges::binary_search(held, *space)) continue;
            set_grant(tx_, world_, by_, {.item = item, .subject_kind = Subject::Kind::Public, .role = Role::None});
            ++outcome_.published;
        }
    }
    HandedOver outcome() const { return outcome_; }

private:
    void manage(ItemId root) {
        set_grant(tx_, world_, by_,
                  {.item = root,
                   .subject_kind = Subject::Kind::Person,
                   .subject = leaving_.successor.value,
                   .role = Role::Manage,
                   .given_by = leaving_.successor});
        record_event(tx_, world_, by_, "item.handed_over", root,
                     json::text_of(To{.subject = to_text(leaving_.successor)}));
    }
    void end(LinkId id) {
        auto found = store::find_link(tx_, id);
        if (!found || !store::revoke_link(tx_, id, world_.clock.now())) return;
        set_grant(
            tx_, world_, by_,
            {.item = found->link.item, .subject_kind = Subject::Kind::Link, .subject = id.value, .role = Role::None});
        record_event(tx_, world_, by_, "link.revoked", found->link.item, link_detail(found->link));
        ++outcome_.links;
    }

    db::Tx& tx_;
    World& world_;
    const Viewer& by_;
    const Leaving& leaving_;
    HandedOver outcome_;
};

} // namespace

std::vector<ItemId> places_of_leaving(db::Tx& tx, PersonId leaver) {
    auto places = store::teams_managed_only_by(tx, leaver);
    if (auto space = find_personal_space(tx, leaver)) places.push_back(*space);
    std::ranges::sort(places);
    return places;
}

ToHandOver to_hand_over(db::Tx& tx, PersonId leaver) {
    const auto space = find_personal_space(tx, leaver);
    return {.space = space && store::holds_anything(tx, *space),
            .teams = std::ssize(store::teams_managed_only_by(tx, leaver)),
            .links = std::ssize(store::live_links_of(tx, leaver, most_counted)),
            .published = std::ssize(store::published_by(tx, leaver, most_counted))};
}

Result<HandedOver> hand_over(db::Tx& tx, World& world, const Viewer& by, const Leaving& leaving,
                             const std::vector<ItemId>& held) {
    if (leaving.leaver == leaving.successor) return invalid("successor", "sharing.successor_same");
    const auto title = leaving.successor ? TRY(check_name(leaving.title, "title")) : std::string{};
    const auto teams = store::teams_managed_only_by(tx, leaving.leaver);
    const auto space = find_personal_space(tx, leaving.leaver);
    auto holds = [&](ItemId place) { return std::ranges::binary_search(held, place); };
    if (!std::ranges::all_of(teams, holds) || (space && !holds(*space)))
        return fail(Error::Kind::Conflict, "sharing.moved_meanwhile");

    HandingOver handing{tx, world, by, leaving};
    if (leaving.successor) {
        if (space && store::holds_anything(tx, *space)) handing.space(*space, title);
        for (auto team : teams) handing.team(team);
    } else {
        handing.published(held);
    }
    handing.links();
    // Without a successor their rights sleep with the account: whoever takes over later finds what they managed.
    if (leaving.successor) handing.rights();
    return handing.outcome();
}

} // namespace preau::sharing

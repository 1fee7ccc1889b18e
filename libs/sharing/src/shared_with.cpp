#include "sharing/shared_with.hpp"

#include "shared_with_store.hpp"
#include "tree_store.hpp"

#include <limits>
#include <map>
#include <set>

namespace preau::sharing {
namespace {

using Ids = std::vector<std::int64_t>;

// People, groups and structures: what stands for everybody is not "shared with me".
Ids own_subjects(const Viewer& viewer) {
    Ids ids;
    for (const auto& subject : viewer.subjects)
        if (subject.id != 0 && (subject.kind <= Subject::Kind::Structure || subject.kind == Subject::Kind::Function))
            ids.push_back(subject.id);
    return ids;
}

class Gathering {
public:
    Gathering(db::Tx& tx, const Viewer& viewer, Millis now)
        : tx_{tx}, viewer_{viewer}, now_{now}, subjects_{own_subjects(viewer)},
          home_{store::find_personal_space(tx, viewer.person).value_or(ItemId{})} {}

    const Ids& subjects() const { return subjects_; }

    // Four queries for a page, whatever its length; keeps what belongs on the list, in its order.
    std::vector<SharedRow> rows(const std::vector<store::GivenRow>& given) {
        Ids ids;
        std::vector<ItemId> items;
        for (const auto& row : given) {
            ids.push_back(row.id.value);
            items.push_back(row.id);
        }
        auto answers = reaches(tx_, viewer_, items, now_);
        std::map<ItemId, Item> found;
        for (auto& item : store::items_of(tx_, ids)) found.emplace(item.id, std::move(item));
        const auto inner = store::inside_given(tx_, ids, subjects_, now_);
        const std::set<std::int64_t> inside{inner.begin(), inner.end()};
        std::map<ItemId, store::GiftRow> gifts;
        std::set<ItemId> direct;
        for (const auto& gift : store::gifts_on(tx_, ids, subjects_, now_)) {
            if (!viewer_.is({gift.subject_kind, gift.subject})) continue;
            gifts.try_emplace(gift.item, gift); // the latest comes first
            if (gift.subject_kind == Subject::Kind::Person) direct.insert(gift.item);
        }
        std::vector<SharedRow> rows;
        for (std::size_t i = 0; i < given.size(); ++i) {
            auto item = found.find(given[i].id);
            auto gift = gifts.find(given[i].id);
            const auto& answer = answers[i];
            if (item == found.end() || gift == gifts.end() || answer.trashed || !item->second.parent) continue;
            if (answer.role < Role::View && !answer.deposit) continue;
            if (inside.contains(given[i].id.value) || (home_ && item->second.space == home_)) continue;
            rows.push_back({.item = std::move(item->second),
                            .role = answer.role,
                            .deposit = answer.deposit,
                            .at = given[i].at,
                            .given_by = gift->second.given_by,
                            .direct = direct.contains(given[i].id)});
        }
        return rows;
    }

private:
    db::Tx& tx_;
    const Viewer& viewer_;
    Millis now_;
    Ids subjects_;
    ItemId home_; // the viewer's own space: what lies there is not shared with them
};

} // namespace

SharedPage shared_with(db::Tx& tx, const Viewer& viewer, Hidden hidden, SharedKey after, int limit, Millis now) {
    SharedPage page;
    if (!viewer.is_person()) return page;
    constexpr int most_rounds = 20; // of rows that are all left out: then the page is short, and says where to go on
    limit = std::clamp(limit, 1, 200);
    if (!after.id) after = {std::numeric_limits<Millis>::max(), ItemId{std::numeric_limits<std::int64_t>::max()}};
    Gathering gathering{tx, viewer, now};
    const store::GivenQuery query{
        .person = viewer.person, .subject_ids = gathering.subjects(), .hidden = hidden, .now = now};
    for (int round = 0; round < most_rounds; ++round) {
        const auto given = store::given_to(tx, query, after, limit);
        if (given.empty()) return page;
        after = {given.back().at, given.back().id};
        for (auto& row : gathering.rows(given)) {
            page.rows.push_back(std::move(row));
            if (std::ssize(page.rows) < limit) continue;
            page.next = SharedKey{page.rows.back().at, page.rows.back().item.id};
            return page;
        }
        if (std::ssize(given) < limit) return page;
    }
    page.next = after;
    return page;
}

Result<void> hide_shared(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, bool hide) {
    if (!viewer.is_person()) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    auto standing = sharing::standing(tx, viewer, item, world.clock.now());
    if (!standing.deposit) TRY(allow(standing, Action::View)); // who may only hand in sees the folder in the list too
    hide ? store::hide(tx, viewer.person, item) : store::show(tx, viewer.person, item);
    return {};
}

Result<void> leave_shared(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    auto standing = sharing::standing(tx, viewer, id, world.clock.now());
    if (!standing.item || (!standing.deposit && !standing.can(Action::View))) return not_found("sharing.item");
    const auto me = subject(viewer.person);
    const auto grants = grants_on(tx, id);
    const bool direct = viewer.is_person() && std::ranges::any_of(grants, [&](const Grant& grant) {
                            return grant.subject_kind == me.kind && grant.subject == me.id;
                        });
    // A root is left by leave_team(), which asks who answers for it then.
    if (!direct || !standing.item->parent) return fail(Error::Kind::Conflict, "sharing.not_given_directly");
    set_grant(tx, world, viewer, {.item = id, .subject_kind = me.kind, .subject = me.id, .role = Role::None});
    return {};
}

} // namespace preau::sharing

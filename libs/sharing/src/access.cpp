#include "sharing/access.hpp"

#include "access_store.hpp"
#include "archive_store.hpp"
#include "as_viewer.hpp"
#include "grant_detail.hpp"
#include "sharing/tree.hpp"
#include "tree_store.hpp"
#include "visible_items.hpp"

#include "base/fault.hpp"
#include "identity/sessions.hpp"

#include <unordered_map>

namespace preau::sharing {
namespace {

// What one chain says about one viewer. Levels and grants arrive in any order, so nothing is decided before the end.
class Chain {
public:
    Chain(const Viewer& viewer, Millis now) : viewer_{viewer}, now_{now} {}

    void see(const store::ChainRow& row) {
        top_ = std::max(top_, row.depth);
        if (row.parent == 0) root_ = ItemId{row.id};
        if (row.restricted) stop_ = std::min(stop_, row.depth);
        if (row.trash && (row.depth > 0 || row.parent == 0)) trashed_ = true;
        if (!row.has_grant || !viewer_.is({row.grant.subject_kind, row.grant.subject})) return;
        if (row.grant.until && *row.grant.until <= now_) return;
        mine_.emplace_back(row.depth, row.grant);
    }

    Standing decide() const {
        Standing standing{.trashed = trashed_, .depth = top_};
        // A chain that does not reach a root is broken or too deep: then nobody gets anything.
        if (root_)
            for (const auto& [depth, grant] : mine_)
                if (counts(depth, grant)) add(standing, grant);
        if (!standing.reason.grant && !mine_.empty())
            standing.reason.why = trashed_ ? Reason::Why::Trashed : Reason::Why::Restricted;
        return standing;
    }

    ItemId root() const { return root_; }

private:
    bool counts(int depth, const Grant& grant) const {
        const bool manages_space = depth == top_ && grant.role == Role::Manage;
        return manages_space || (!trashed_ && depth <= stop_);
    }

    static void add(Standing& standing, const Grant& grant) {
        const auto role = grant.role == Role::Deposit ? Role::None : grant.role;
        if (grant.deposit || grant.role == Role::Deposit || role >= Role::Edit) standing.deposit = true;
        if (!standing.reason.grant || role > standing.role) standing.reason = {Reason::Why::Granted, grant};
        standing.role = std::max(standing.role, role);
    }

    const Viewer& viewer_;
    Millis now_;
    int top_ = 0;
    int stop_ = 1000; // depth of the nearest restricted level
    ItemId root_; // none: broken, or too deep
    bool trashed_ = false;
    std::vector<std::pair<int, Grant>> mine_;
};

} // namespace

bool Standing::can(Action action) const {
    if (fault("can_always_yes")) return true;
    switch (action) {
    case Action::View: return role >= Role::View;
    case Action::Comment: return role >= Role::Comment;
    case Action::Edit: return role >= Role::Edit;
    case Action::Manage: return role >= Role::Manage;
    case Action::Deposit: return deposit;
    }
    return false;
}

namespace {

Standing own_standing(db::Tx& tx, const Viewer& viewer, ItemId item, Millis now) {
    Chain chain{viewer, now};
    auto found = store::each_of_chain(tx, item, [&](const store::ChainRow& row) { chain.see(row); });
    if (!found) return {.reason = {.why = Reason::Why::NoSuchItem}};
    auto answer = chain.decide();
    answer.height = found->height;
    answer.item = std::move(found->item);
    return answer;
}

struct Rooted {
    Reach reach;
    ItemId root;
};

std::vector<Rooted> own_reaches(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now) {
    std::vector<std::int64_t> ids;
    std::unordered_map<std::int64_t, Chain> chains;
    for (auto item : items)
        if (chains.try_emplace(item.value, viewer, now).second) ids.push_back(item.value);
    if (!ids.empty())
        store::each_of_chains(tx, ids, [&](const store::ChainRow& row) { chains.at(row.start).see(row); });
    std::vector<Rooted> answers;
    for (auto item : items) {
        const auto& chain = chains.at(item.value);
        auto decided = chain.decide();
        answers.push_back(
            {{.role = decided.role, .deposit = decided.deposit, .trashed = decided.trashed}, chain.root()});
    }
    return answers;
}

// Who looks as somebody else sees what both may see (as_viewer.hpp).
Viewer behind(db::Tx& tx, PersonId real) { return identity::find_viewer(tx, real).value_or(Viewer{}); }

std::vector<Rooted> rooted_reaches(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now) {
    auto answers = own_reaches(tx, viewer, items, now);
    const auto real = limit_of(viewer);
    if (!real) return answers;
    const auto others = own_reaches(tx, behind(tx, *real), items, now);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        answers[i].reach.role = std::min(answers[i].reach.role, others[i].reach.role);
        answers[i].reach.deposit = answers[i].reach.deposit && others[i].reach.deposit;
    }
    return answers;
}

} // namespace

Standing standing(db::Tx& tx, const Viewer& viewer, ItemId item, Millis now) {
    auto answer = own_standing(tx, viewer, item, now);
    const auto real = limit_of(viewer);
    if (!real) return answer;
    const auto other = own_standing(tx, behind(tx, *real), item, now);
    answer.role = std::min(answer.role, other.role);
    answer.deposit = answer.deposit && other.deposit;
    if (answer.role == Role::None && !answer.deposit) answer.reason = {};
    return answer;
}

std::vector<Reach> reaches(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now) {
    std::vector<Reach> answers;
    for (const auto& rooted : rooted_reaches(tx, viewer, items, now)) answers.push_back(rooted.reach);
    return answers;
}

std::vector<Item> visible_items(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now) {
    const auto answers = rooted_reaches(tx, viewer, items, now);
    std::unordered_map<std::int64_t, ItemId> spaces;
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (answers[i].reach.role >= Role::View && !answers[i].reach.trashed &&
            spaces.try_emplace(items[i].value, answers[i].root).second)
            ids.push_back(items[i].value);
    if (ids.empty()) return {};
    auto found = store::items_alone(tx, ids);
    for (auto& item : found) item.space = spaces.at(item.id.value);
    return found;
}

bool can(db::Tx& tx, const Viewer& viewer, Action action, ItemId item, Millis now) {
    return standing(tx, viewer, item, now).can(action);
}

Result<Item> allow(const Standing& standing, Action action) {
    if (standing.item && standing.can(action)) return *standing.item;
    // Who may hand in knows that the place exists; everybody else learns nothing, not even that.
    if (standing.role >= Role::View || standing.deposit) return forbidden("sharing.role");
    return not_found("sharing.item");
}

Result<Item> require(db::Tx& tx, const Viewer& viewer, Action action, ItemId item, Millis now) {
    return allow(standing(tx, viewer, item, now), action);
}

void set_grant(db::Tx& tx, World& world, const Viewer& by, const Grant& grant) {
    const Subject subject{grant.subject_kind, grant.subject};
    // Whoever decides anew decides for good: what the right was before a class was closed does not come back.
    if (subject.kind == Subject::Kind::Group || subject.kind == Subject::Kind::Person)
        store::forget_archived_right(tx, grant.item, subject);
    if (grant.role == Role::None) {
        if (store::delete_grant(tx, grant.item, subject))
            record_event(tx, world, by, "item.ungranted", grant.item, grant_detail(grant));
        return;
    }
    auto row = grant;
    row.deposit = grant.deposit || grant.role == Role::Deposit;
    if (!row.given_by) row.given_by = by.person;
    store::put_grant(tx, row, world.clock.now());
    record_event(tx, world, by, "item.granted", grant.item, grant_detail(row));
}

std::vector<Grant> grants_on(db::Tx& tx, ItemId item) { return store::grants_on(tx, item); }

} // namespace preau::sharing

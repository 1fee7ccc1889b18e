#include "sharing/team.hpp"

#include "base/text.hpp"
#include "roots.hpp"
#include "team_store.hpp"
#include "tree_store.hpp"

namespace preau::sharing {
namespace {

constexpr std::size_t most_listed = 200;

Result<Item> managed_team(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    auto item = TRY(require(tx, viewer, Action::Manage, id, now));
    if (item.kind != team_kind) return fail(Error::Kind::Invalid, "sharing.not_a_team");
    return item;
}

// Teams once each, with the best role that any of the viewer's subjects has.
std::vector<store::TeamGrant> belonging(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person()) return {};
    std::vector<std::int64_t> ids;
    for (const auto& subject : viewer.subjects) ids.push_back(subject.id);
    auto grants = store::team_grants(tx, ids, now);
    std::erase_if(grants, [&](const auto& grant) { return !viewer.is({grant.subject_kind, grant.subject}); });
    std::ranges::sort(grants, {},
                      [](const auto& grant) { return std::tuple{grant.id, -static_cast<int>(grant.role)}; });
    auto twice = std::ranges::unique(grants, {}, &store::TeamGrant::id);
    grants.erase(twice.begin(), twice.end());
    return grants;
}

std::vector<TeamRow> rows_of(std::vector<store::TeamGrant> grants) {
    if (grants.size() > most_listed) grants.resize(most_listed);
    std::vector<TeamRow> rows;
    for (auto& grant : grants)
        rows.push_back({.id = grant.id,
                        .title = std::move(grant.title),
                        .role = grant.role,
                        .trashed_at = grant.trashed_at,
                        .archived = grant.archived});
    return rows;
}

} // namespace

Result<Item> create_team(db::Tx& tx, World& world, const Viewer& viewer, std::string_view raw) {
    if (!viewer.is_person()) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    if (viewer.guest) return forbidden("share.guest");
    auto title = TRY(check_name(raw, "title"));
    auto root = make_root(tx, world, world.ids.next_as<ItemId>(), team_kind, title, viewer.person);
    set_grant(tx, world, viewer,
              {.item = root.id,
               .subject_kind = Subject::Kind::Person,
               .subject = viewer.person.value,
               .role = Role::Manage,
               .given_by = viewer.person});
    record_event(tx, world, viewer, "item.created", root.id);
    return root;
}

Result<Item> rename_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, std::string_view raw) {
    auto title = TRY(check_name(raw, "title"));
    const auto now = world.clock.now();
    auto team = TRY(managed_team(tx, viewer, id, now));
    if (team.trashed_at) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (team.title == title) return team;
    store::rename(tx, id, team.kind, title, now);
    record_event(tx, world, viewer, "item.renamed", id, team.title);
    team.title = std::move(title);
    team.revision += 1;
    return team;
}

Result<void> leave_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    auto team = TRY(require(tx, viewer, Action::View, id, world.clock.now()));
    if (team.kind != team_kind) return fail(Error::Kind::Invalid, "sharing.not_a_team");
    const auto me = preau::subject(viewer.person);
    bool belongs = false;
    bool managed = false; // by somebody else, without an end
    for (const auto& grant : grants_on(tx, id)) {
        const bool mine = grant.subject_kind == me.kind && grant.subject == me.id;
        belongs |= mine;
        managed |= !mine && grant.role == Role::Manage && !grant.until;
    }
    if (!viewer.is_person() || !belongs) return fail(Error::Kind::Conflict, "sharing.team_by_group");
    if (!managed) return fail(Error::Kind::Conflict, "sharing.team_last_manager");
    set_grant(tx, world, viewer, {.item = id, .subject_kind = me.kind, .subject = me.id, .role = Role::None});
    return {};
}

Result<Item> trash_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    const auto now = world.clock.now();
    auto team = TRY(managed_team(tx, viewer, id, now));
    if (!store::set_team_trashed(tx, id, now)) return fail(Error::Kind::Conflict, "sharing.trashed");
    record_event(tx, world, viewer, "item.trashed", id);
    team.trashed_at = now;
    return team;
}

Result<Item> restore_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    const auto now = world.clock.now();
    auto team = TRY(managed_team(tx, viewer, id, now));
    if (!store::set_team_trashed(tx, id, std::nullopt)) return fail(Error::Kind::Conflict, "sharing.not_trashed");
    record_event(tx, world, viewer, "item.restored", id);
    team.trashed_at.reset();
    return team;
}

std::vector<TeamRow> teams_of(db::Tx& tx, const Viewer& viewer, Millis now) {
    auto grants = belonging(tx, viewer, now);
    std::erase_if(grants, [](const auto& grant) { return grant.trashed_at || grant.role < Role::View; });
    std::ranges::sort(grants, {}, [](const auto& grant) { return std::tie(grant.sort, grant.id); });
    return rows_of(std::move(grants));
}

std::vector<TeamRow> trashed_teams_of(db::Tx& tx, const Viewer& viewer, Millis now) {
    auto grants = belonging(tx, viewer, now);
    std::erase_if(grants, [](const auto& grant) { return !grant.trashed_at || grant.role < Role::Manage; });
    std::ranges::sort(grants, std::ranges::greater{}, [](const auto& grant) { return *grant.trashed_at; });
    return rows_of(std::move(grants));
}

} // namespace preau::sharing

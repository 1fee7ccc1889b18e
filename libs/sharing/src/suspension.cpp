#include "sharing/suspension.hpp"

#include "free_text.hpp"
#include "suspension_store.hpp"

namespace preau::sharing {
namespace {

constexpr std::size_t longest_reason = 500;

template <class T> std::vector<std::int64_t> values_of(const std::vector<T>& ids) {
    std::vector<std::int64_t> values;
    for (const auto& id : ids) values.push_back(id.value);
    return values;
}

ShownKeys all_known(std::vector<ShownMaker> rows, int limit) {
    ShownKeys keys{.rows = std::move(rows)};
    if (std::ssize(keys.rows) > limit) {
        keys.rows.resize(static_cast<std::size_t>(limit));
        keys.next = keys.rows.back().id;
    }
    return keys;
}

} // namespace

ShownKeys shown_keys(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int limit, Millis now) {
    std::vector<std::int64_t> makers;
    if (filter.maker)
        makers.push_back(filter.maker.value);
    else if (filter.structure)
        makers = store::makers_below(tx, filter.structure);
    const bool few = (filter.maker || filter.structure) && std::ssize(makers) <= store::most_makers;
    if (few && makers.empty()) return {};
    if (few) return all_known(store::shown_of_makers(tx, filter, makers, before, limit + 1, now), limit);

    // A short look finds what is frequent, a second one further down some of what is rare.
    ShownKeys keys;
    for (const int rows : {1'000, 2'000}) {
        const int missing = limit - static_cast<int>(keys.rows.size());
        auto found = all_known(store::shown_in_window(tx, filter, before, rows, missing + 1, now), missing);
        keys.rows.insert(keys.rows.end(), found.rows.begin(), found.rows.end());
        keys.next = found.next;
        if (keys.next) return keys;
        const auto window = store::window_of(tx, filter, before, rows);
        if (window.rows < rows) return keys;
        before = window.least.value_or(before);
        if (std::ssize(keys.rows) == limit) break;
    }
    keys.next = before;
    return keys;
}

ShownPage list_shown(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int limit, Millis now) {
    const auto keys = shown_keys(tx, filter, before, limit, now);
    ShownPage page{.next = keys.next};
    std::vector<std::int64_t> ids;
    for (const auto& row : keys.rows) ids.push_back(row.id);
    if (ids.empty()) return page;
    page.rows = filter.what == ShownFilter::What::Links ? store::shown_links(tx, ids)
                                                        : store::shown_public(tx, ids, filter.suspended);
    return page;
}

Result<SuspensionId> begin_suspension(db::Tx& tx, World& world, const Viewer& by, std::string_view raw) {
    const auto reason = TRY(check_text(raw, "reason", 1, longest_reason));
    const auto id = world.ids.next_as<SuspensionId>();
    store::insert_suspension(tx, id, by.person, world.clock.now(), reason);
    return id;
}

ShownKeys suspended_by(db::Tx& tx, SuspensionId suspension, ShownFilter::What what, std::int64_t before, int limit) {
    return all_known(store::suspended_by(tx, suspension, what, before, limit + 1), limit);
}

std::vector<PersonId> touched_by(db::Tx& tx, SuspensionId suspension, const std::vector<PersonId>& makers) {
    return makers.empty() ? std::vector<PersonId>{} : store::touched_by(tx, suspension, values_of(makers));
}

std::vector<ShownMaker> makers_of_links(db::Tx& tx, const std::vector<LinkId>& links) {
    return links.empty() ? std::vector<ShownMaker>{} : store::makers_of_links(tx, values_of(links));
}

std::vector<ShownMaker> makers_of_public(db::Tx& tx, const std::vector<ItemId>& items) {
    return items.empty() ? std::vector<ShownMaker>{} : store::makers_of_public(tx, values_of(items));
}

std::vector<LinkId> suspend_links(db::Tx& tx, World& world, const Viewer& by, SuspensionId suspension,
                                  const std::vector<LinkId>& links) {
    if (links.empty()) return {};
    std::vector<LinkId> done;
    for (const auto& link : store::links_to_suspend(tx, values_of(links))) {
        done.push_back(link.id);
        record_event(tx, world, by, "link.suspended", link.item, to_text(suspension));
    }
    if (!done.empty()) store::set_suspended(tx, values_of(done), suspension);
    return done;
}

std::vector<LinkId> resume_links(db::Tx& tx, World& world, const Viewer& by, const std::vector<LinkId>& links) {
    if (links.empty()) return {};
    std::vector<LinkId> done;
    for (const auto& link : store::links_to_resume(tx, values_of(links))) {
        done.push_back(link.id);
        record_event(tx, world, by, "link.resumed", link.item);
    }
    if (!done.empty()) store::set_suspended(tx, values_of(done), {});
    return done;
}

bool suspend_public(db::Tx& tx, World& world, const Viewer& by, SuspensionId suspension, ItemId item) {
    const auto right = store::public_right(tx, item);
    if (!right || store::kept_public_right(tx, item)) return false;
    store::keep_public_right(tx, item, suspension, *right);
    set_grant(tx, world, by, {.item = item, .subject_kind = Subject::Kind::Public, .role = Role::None});
    record_event(tx, world, by, "publishing.suspended", item, to_text(suspension));
    return true;
}

bool resume_public(db::Tx& tx, World& world, const Viewer& by, ItemId item) {
    const auto right = store::kept_public_right(tx, item);
    if (!right) return false;
    store::forget_public_right(tx, item);
    set_grant(tx, world, by,
              {.item = item,
               .subject_kind = Subject::Kind::Public,
               .role = Role::View,
               .until = right->until,
               .given_by = right->given_by});
    record_event(tx, world, by, "publishing.resumed", item);
    return true;
}

std::optional<std::string> public_suspended(db::Tx& tx, ItemId item) { return store::public_suspended(tx, item); }

} // namespace preau::sharing

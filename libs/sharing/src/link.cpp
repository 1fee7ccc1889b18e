#include "sharing/link.hpp"

#include "base/seal.hpp"
#include "base/text.hpp"
#include "grant_detail.hpp"
#include "link_store.hpp"

#include <set>

namespace preau::sharing {
namespace {

constexpr std::size_t token_bytes = 20; // 160 random bits, 27 characters

std::string context_of(LinkId link) { return "link:" + to_text(link); }

MadeLink with_token(const World& world, store::SealedLink sealed) {
    auto token = unseal(world.link_seal, context_of(sealed.link.id), sealed.sealed);
    return {.link = std::move(sealed.link), .token = std::move(token).value_or("")};
}

MadeLink insert(db::Tx& tx, World& world, Link link, std::string password_hash) {
    auto token = world.random.token(token_bytes);
    // Without a key there is no sealed copy: the address is shown now and cannot be shown again.
    auto sealed =
        world.link_seal.empty() ? std::string{} : seal(world.random, world.link_seal, context_of(link.id), token);
    store::insert_link(tx, {.link = link, .sealed = std::move(sealed), .password_hash = std::move(password_hash)},
                       sha256(token));
    return {.link = std::move(link), .token = std::move(token)};
}

// Nobody suspends the link of a class but who closes the class with its year.
std::unexpected<Error> suspended(const Link& link) {
    return fail(Error::Kind::Gone, link.group ? "link.class_ended" : "link.suspended");
}

Result<void> check_uses(std::optional<std::int64_t> uses) {
    if (uses && (*uses < 1 || *uses > most_link_uses))
        return std::unexpected(Error{.key = "link.max_uses_impossible",
                                     .field = "max_uses",
                                     .values = {{"limit", std::to_string(most_link_uses)}}});
    return {};
}

Result<Link> checked(const NewLink& form, Millis now) {
    const bool possible = form.role == Role::View || form.role == Role::Comment || form.role == Role::Edit ||
                          form.role == Role::Deposit || (form.role == Role::None && form.deposit);
    if (!possible) return invalid("role", "link.role_impossible");
    if (form.until && *form.until <= now) return invalid("until", "link.until_past");
    TRY(check_uses(form.max_uses));
    auto label = TRY(check_line(form.label, "label", 0, 100));
    return Link{.item = form.item,
                .role = form.role == Role::None ? Role::Deposit : form.role,
                .deposit = form.deposit || form.role == Role::Deposit,
                .label = std::move(label),
                .until = form.until,
                .has_password = !form.password_hash.empty(),
                .created_at = now,
                .max_uses = form.max_uses};
}

// Links of an item: who manages it. Class and pupil links: the staff of that class.
Result<void> may_change(db::Tx& tx, const World& world, const Viewer& viewer, const Link& link) {
    if (link.item) {
        auto allowed = require(tx, viewer, Action::Manage, link.item, world.clock.now());
        if (allowed) return {};
        // In the words of a link that does not exist: who tries numbers learns from neither.
        if (allowed.error().kind == Error::Kind::NotFound) return not_found("link.unknown");
        return std::unexpected(std::move(allowed.error()));
    }
    if (!viewer.is_person() || !viewer.is(subject(link.group))) return not_found("link.unknown");
    return {};
}

} // namespace

Result<MadeLink> create_link(db::Tx& tx, World& world, const Viewer& viewer, const NewLink& form) {
    const auto now = world.clock.now();
    auto place = standing(tx, viewer, form.item, now);
    TRY(allow(place, Action::Manage));
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    auto link = TRY(checked(form, now));
    link.id = world.ids.next_as<LinkId>();
    link.made_by = viewer.person;
    const auto made = insert(tx, world, link, form.password_hash);
    set_grant(tx, world, viewer,
              {.item = link.item,
               .subject_kind = Subject::Kind::Link,
               .subject = link.id.value,
               .role = link.role,
               .until = link.until,
               .given_by = viewer.person,
               .deposit = link.deposit});
    record_event(tx, world, viewer, "link.created", link.item, link_detail(link));
    return made;
}

Result<void> revoke_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId id) {
    auto found = store::find_link(tx, id);
    if (!found) return not_found("link.unknown");
    TRY(may_change(tx, world, viewer, found->link));
    const auto now = world.clock.now();
    if (!store::revoke_link(tx, id, now)) return {}; // pressed twice
    if (found->link.item) {
        set_grant(
            tx, world, viewer,
            {.item = found->link.item, .subject_kind = Subject::Kind::Link, .subject = id.value, .role = Role::None});
        record_event(tx, world, viewer, "link.revoked", found->link.item, link_detail(found->link));
    }
    return {};
}

namespace {

constexpr Millis restorable = 10_min;

void grant_again(db::Tx& tx, World& world, const Viewer& viewer, const Link& link) {
    if (!link.item) return;
    set_grant(tx, world, viewer,
              {.item = link.item,
               .subject_kind = Subject::Kind::Link,
               .subject = link.id.value,
               .role = link.role,
               .until = link.until,
               .given_by = link.made_by,
               .deposit = link.deposit});
}

} // namespace

Result<void> restore_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId id) {
    auto found = store::find_link(tx, id);
    if (!found) return not_found("link.unknown");
    TRY(may_change(tx, world, viewer, found->link));
    if (!found->link.revoked_at) return {}; // pressed twice
    if (*found->link.revoked_at + restorable <= world.clock.now())
        return fail(Error::Kind::Conflict, "link.restore_late");
    store::restore_link(tx, id);
    grant_again(tx, world, viewer, found->link);
    record_event(tx, world, viewer, "link.restored", found->link.item, link_detail(found->link));
    return {};
}

Result<Link> change_link(db::Tx& tx, World& world, const Viewer& viewer, LinkId id, const LinkChange& wanted) {
    auto found = store::find_link(tx, id);
    if (!found) return not_found("link.unknown");
    auto& link = found->link;
    TRY(may_change(tx, world, viewer, link));
    if (link.revoked_at) return fail(Error::Kind::Gone, "link.revoked");
    // An end that has passed already may stay as it is, while the label changes.
    if (wanted.until && wanted.until != link.until && *wanted.until <= world.clock.now())
        return invalid("until", "link.until_past");
    TRY(check_uses(wanted.max_uses));
    auto change = wanted;
    change.label = TRY(check_line(wanted.label, "label", 0, 100));
    store::change_link(tx, id, change);
    link.label = change.label;
    link.max_uses = change.max_uses;
    if (change.password_hash) link.has_password = !change.password_hash->empty();
    if (change.until != link.until) {
        link.until = change.until;
        grant_again(tx, world, viewer, link);
    }
    record_event(tx, world, viewer, "link.changed", link.item, link_detail(link));
    return link;
}

Result<void> use_link(db::Tx& tx, LinkId id, Millis now) {
    if (store::use_link(tx, id, now)) return {};
    auto found = store::find_link(tx, id);
    if (!found || found->link.revoked_at) return fail(Error::Kind::Gone, "link.revoked");
    if (!found->link.suspended.empty()) return suspended(found->link);
    if (found->link.until && *found->link.until <= now) return fail(Error::Kind::Gone, "link.expired");
    return fail(Error::Kind::Gone, "link.used_up");
}

std::vector<MadeLink> links_on(db::Tx& tx, const World& world, const Viewer& viewer, ItemId item) {
    if (!can(tx, viewer, Action::Manage, item, world.clock.now())) return {};
    std::vector<MadeLink> links;
    for (auto& sealed : store::links_on(tx, item)) links.push_back(with_token(world, std::move(sealed)));
    return links;
}

std::optional<MadeLink> find_link(db::Tx& tx, const World& world, LinkId link) {
    auto sealed = store::find_link(tx, link);
    if (!sealed) return std::nullopt;
    return with_token(world, std::move(*sealed));
}

MadeLink create_class_link(db::Tx& tx, World& world, GroupId group, std::string_view pupil) {
    Link link{.id = world.ids.next_as<LinkId>(),
              .group = group,
              .pupil = std::string{pupil},
              .created_at = world.clock.now()};
    return insert(tx, world, std::move(link), {});
}

std::vector<Link> valid_links(db::Tx& tx, const std::vector<LinkId>& links, Millis now) {
    if (links.empty()) return {};
    std::vector<std::int64_t> ids;
    for (auto link : links) ids.push_back(link.value);
    auto valid = store::valid_links(tx, ids, now);
    // In the order of the passes: the latest opened comes last.
    std::ranges::sort(valid, {}, [&](const Link& link) { return std::ranges::find(links, link.id) - links.begin(); });
    return valid;
}

void add_passes(Viewer& viewer, const std::vector<Link>& links) {
    std::set<Subject> subjects{viewer.subjects.begin(), viewer.subjects.end()};
    for (const auto& link : links) {
        viewer.links.push_back(link.id);
        subjects.insert(subject(link.id));
        if (link.group) subjects.insert(families(link.group));
    }
    viewer.subjects.assign(subjects.begin(), subjects.end());
    if (!links.empty() && viewer.kind == Viewer::Kind::Stranger) viewer.kind = Viewer::Kind::LinkHolder;
}

Result<Opened> open_link(db::Tx& tx, std::string_view token, Millis now) {
    if (token.size() > 128) return not_found("link.unknown");
    auto found = store::link_by_token(tx, sha256(token));
    if (!found) return not_found("link.unknown");
    if (found->link.revoked_at) return fail(Error::Kind::Gone, "link.revoked");
    if (!found->link.suspended.empty()) return suspended(found->link);
    if (found->link.until && *found->link.until <= now) return fail(Error::Kind::Gone, "link.expired");
    return Opened{.link = std::move(found->link), .password_hash = std::move(found->password_hash)};
}

} // namespace preau::sharing

#include "link_form.hpp"

#include "right_form.hpp"

#include "base/text.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

Result<std::optional<std::int64_t>> read_uses(std::string_view typed) {
    typed = trimmed(typed);
    if (typed.empty()) return std::nullopt;
    std::int64_t uses = 0;
    const auto read = std::from_chars(typed.data(), typed.data() + typed.size(), uses);
    if (read.ec != std::errc{} || read.ptr != typed.data() + typed.size())
        uses = 0; // no number: refused by the service
    return uses;
}

// The lane of a link's space; of class links, which stand in none, their own.
Task<db::Lane> lane_of_link(Sharing& sharing, LinkId link) {
    auto space = co_await sharing.db.read([&sharing, link](db::Tx& tx) {
        auto found = find_link(tx, sharing.world, link);
        return found ? space_of(tx, found->link.item).value_or(ItemId{}) : ItemId{};
    });
    co_return space ? db::lane_of(space) : db::lane_of(link);
}

} // namespace

std::string suspended_words(const web::Locale& locale, const Link& link, std::string_view zone) {
    if (link.suspended.empty()) return until_words(locale, link.until, zone);
    return locale.text("share.suspended", {{"reason", link.suspended}});
}

std::string address_of(const Sharing& sharing, std::string_view token) {
    return token.empty() ? std::string{} : sharing.options.public_url + "/s/" + std::string{token};
}

Result<NewLink> read_link_form(const LinkForm& form, ItemId item, std::string_view zone, Millis now) {
    const auto right = right_of(form.may);
    if (!right || right->role == Role::Manage) return invalid("may", "link.role_impossible");
    NewLink link{.item = item, .role = right->role, .deposit = right->deposit, .label = form.label};
    link.until = TRY(end_of({form.until, form.until_day, {}}, zone, now));
    link.max_uses = TRY(read_uses(form.max_uses));
    TRY(check_link_password(form.password));
    return link;
}

Result<void> check_link_password(std::string_view password) {
    if (password.empty()) return {};
    const auto length = valid_utf8(password) ? code_points(password) : 0;
    if (length < 4 || length > 128) return invalid("password", "link.password_short");
    return {};
}

Result<LinkChange> read_link_change(const LinkForm& form, std::string_view zone, Millis now) {
    LinkChange change{.label = form.label, .max_uses = TRY(read_uses(form.max_uses))};
    // "As it was" may have passed already: change_link() knows.
    if (form.until == "at")
        change.until = TRY(end_of({form.until, {}, form.until_at}, zone, 0));
    else
        change.until = TRY(end_of({form.until, form.until_day, {}}, zone, now));
    TRY(check_link_password(form.password));
    if (form.without_password) change.password_hash = "";
    return change;
}

Task<Result<MadeLink>> make_link(Sharing& sharing, Viewer viewer, NewLink link, std::string password) {
    const auto now = sharing.world.clock.now();
    auto item = co_await sharing.db.read(
        [viewer, id = link.item, now](db::Tx& tx) { return require(tx, viewer, Action::Manage, id, now); });
    if (!item) co_return std::unexpected(item.error());
    if (!password.empty()) {
        auto hash = co_await sharing.identity.passwords().hash(std::move(password));
        if (!hash) co_return std::unexpected(hash.error());
        link.password_hash = std::move(*hash);
    }
    co_return co_await sharing.db.write(db::lane_of(item->space), [&sharing, viewer, link](db::Tx& tx) {
        return create_link(tx, sharing.world, viewer, link);
    });
}

Task<Result<Link>> change_it(Sharing& sharing, Viewer viewer, LinkId link, LinkChange change, std::string password) {
    const auto lane = co_await lane_of_link(sharing, link);
    if (!password.empty()) {
        // Asked before the hash, so that strangers cannot keep the pool busy.
        auto allowed = co_await sharing.db.read([&sharing, viewer, link](db::Tx& tx) {
            auto found = find_link(tx, sharing.world, link);
            return found && can(tx, viewer, Action::Manage, found->link.item, sharing.world.clock.now());
        });
        if (!allowed) co_return not_found("link.unknown");
        auto hash = co_await sharing.identity.passwords().hash(std::move(password));
        if (!hash) co_return std::unexpected(hash.error());
        change.password_hash = std::move(*hash);
    }
    co_return co_await sharing.db.write(lane, [&sharing, viewer, link, change](db::Tx& tx) {
        return change_link(tx, sharing.world, viewer, link, change);
    });
}

Task<Result<void>> take_back(Sharing& sharing, Viewer viewer, LinkId link) {
    const auto lane = co_await lane_of_link(sharing, link);
    co_return co_await sharing.db.write(
        lane, [&sharing, viewer, link](db::Tx& tx) { return revoke_link(tx, sharing.world, viewer, link); });
}

Task<Result<void>> bring_back(Sharing& sharing, Viewer viewer, LinkId link) {
    const auto lane = co_await lane_of_link(sharing, link);
    co_return co_await sharing.db.write(
        lane, [&sharing, viewer, link](db::Tx& tx) { return restore_link(tx, sharing.world, viewer, link); });
}

} // namespace preau::sharing

#include "link_form.hpp"

#include "base/text.hpp"

#include <chrono>

namespace preau::sharing {
namespace {

// 31 August of this school year, at the end of the day in France: what minors left behind ends with it.
Millis end_of_school_year(Millis now) {
    using namespace std::chrono;
    const auto today = year_month_day{floor<days>(sys_time<milliseconds>{milliseconds{now}})};
    auto end = sys_days{today.year() / August / 31} + 22h;
    if (end <= sys_time<milliseconds>{milliseconds{now}} + 24h)
        end = sys_days{(today.year() + years{1}) / August / 31} + 22h;
    return duration_cast<milliseconds>(end.time_since_epoch()).count();
}

} // namespace

std::string may_of(const Link& link) {
    switch (link.role) {
    case Role::Deposit: return "deposit";
    case Role::Comment: return "comment";
    case Role::Edit: return "edit";
    default: return link.deposit ? "view-deposit" : "view";
    }
}

std::string address_of(const Sharing& sharing, std::string_view token) {
    return token.empty() ? std::string{} : sharing.options.public_url + "/s/" + std::string{token};
}

std::optional<Millis> end_of(std::string_view until, Millis now) {
    if (until == "day") return now + 1_days;
    if (until == "week") return now + 7_days;
    if (until == "month") return now + 30_days;
    if (until == "year") return end_of_school_year(now);
    return std::nullopt;
}

Result<NewLink> read_link_form(const LinkForm& form, ItemId item, Millis now) {
    NewLink link{.item = item, .role = Role::None, .label = form.label, .until = end_of(form.until, now)};
    if (form.may == "view" || form.may == "view-deposit") link.role = Role::View;
    if (form.may == "comment") link.role = Role::Comment;
    if (form.may == "edit") link.role = Role::Edit;
    link.deposit = form.may == "deposit" || form.may == "view-deposit";
    if (link.role == Role::None && !link.deposit) return invalid("may", "link.role_impossible");
    if (!form.password.empty()) {
        auto length = valid_utf8(form.password) ? code_points(form.password) : 0;
        if (length < 4 || length > 128) return invalid("password", "link.password_short");
    }
    return link;
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

Task<Result<void>> take_back(Sharing& sharing, Viewer viewer, LinkId link) {
    auto space = co_await sharing.db.read([&sharing, link](db::Tx& tx) {
        auto found = find_link(tx, sharing.world, link);
        auto space_id = found ? space_of(tx, found->link.item) : std::nullopt;
        return space_id.value_or(ItemId{});
    });
    co_return co_await sharing.db.write(db::lane_of(space), [&sharing, viewer, link](db::Tx& tx) {
        return revoke_link(tx, sharing.world, viewer, link);
    });
}

} // namespace preau::sharing

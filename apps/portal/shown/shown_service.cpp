#include "portal/shown/shown.hpp"

#include "identity/people.hpp"
#include "mail/letter.hpp"

#include <algorithm>
#include <map>

namespace preau::portal {
namespace {

constexpr std::string_view letter_name = "portal/shown/suspended_mail";

struct SuspendedMail {
    std::string reason, address;
    bool links = false; // else an item that everybody could see
};
PREAU_DESCRIBE(SuspendedMail, reason, address, links)

// Once for each maker, however many rows are theirs.
Result<void> require_reach(db::Tx& tx, const ShownActs& acts, const std::vector<sharing::ShownMaker>& rows) {
    const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.portal.world.clock.now()));
    std::vector<PersonId> makers;
    for (const auto& row : rows) makers.push_back(row.maker);
    std::ranges::sort(makers);
    makers.erase(std::ranges::unique(makers).begin(), makers.end());
    for (auto maker : makers)
        if (!identity::reaches(tx, rights, identity::AdminRole::People, maker)) return forbidden("admin.not_yours");
    return {};
}

// A delegate works in the part that they administer: what others suspended of theirs is not theirs to open.
Result<void> require_others(db::Tx& tx, const ShownActs& acts, const std::vector<sharing::ShownMaker>& rows) {
    TRY(require_reach(tx, acts, rows));
    const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.portal.world.clock.now()));
    if (!rights.everything && std::ranges::find(rows, acts.viewer.person, &sharing::ShownMaker::maker) != rows.end())
        return forbidden("shown.own");
    return {};
}

} // namespace

void tell_suspended(db::Tx& tx, Portal& portal, PersonId owner, std::string_view reason, ShownFilter::What what) {
    const auto person = identity::find_person(tx, owner);
    if (!person || person->disabled || person->mail.empty()) return;
    const bool links = what == ShownFilter::What::Links;
    auto letter =
        mail::compose(portal.pages, web::choose_language(person->language, "", ""), letter_name,
                      SuspendedMail{.reason = std::string{reason},
                                    .address = portal.public_url + "/share/mine" + (links ? "" : "?show=public"),
                                    .links = links});
    // An address that takes no mail is no reason to leave open what had to be closed.
    (void)portal.mail.send(
        tx,
        mail::message(std::move(letter), {.kind = "portal.suspended", .to = person->mail, .to_name = person->name}));
}

Result<std::vector<LinkId>> ShownActs::suspend(db::Tx& tx, std::string_view reason,
                                               const std::vector<LinkId>& links) const {
    const auto makers = sharing::makers_of_links(tx, links);
    TRY(require_reach(tx, *this, makers));
    const auto suspension = TRY(sharing::begin_suspension(tx, portal.world, viewer, reason));
    auto done = sharing::suspend_links(tx, portal.world, viewer, suspension, links);
    std::map<PersonId, bool> told;
    for (const auto& row : makers)
        if (std::ranges::find(done, LinkId{row.id}) != done.end() && !told[row.maker]) {
            told[row.maker] = true;
            tell_suspended(tx, portal, row.maker, reason, ShownFilter::What::Links);
        }
    return done;
}

Result<std::vector<LinkId>> ShownActs::resume(db::Tx& tx, const std::vector<LinkId>& links) const {
    TRY(require_others(tx, *this, sharing::makers_of_links(tx, links)));
    return sharing::resume_links(tx, portal.world, viewer, links);
}

Result<bool> ShownActs::suspend(db::Tx& tx, std::string_view reason, ItemId item) const {
    const auto makers = sharing::makers_of_public(tx, {item});
    TRY(require_reach(tx, *this, makers));
    if (makers.empty()) return false;
    const auto suspension = TRY(sharing::begin_suspension(tx, portal.world, viewer, reason));
    if (!sharing::suspend_public(tx, portal.world, viewer, suspension, item)) return false;
    tell_suspended(tx, portal, makers.front().maker, reason, ShownFilter::What::Public);
    return true;
}

Result<bool> ShownActs::resume(db::Tx& tx, ItemId item) const {
    TRY(require_others(tx, *this, sharing::makers_of_public(tx, {item})));
    return sharing::resume_public(tx, portal.world, viewer, item);
}

void preload_shown_mail(web::Pages& pages) { mail::preload<SuspendedMail>(pages, letter_name); }

} // namespace preau::portal

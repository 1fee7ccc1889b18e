#include "link_mail.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "free_text.hpp"
#include "identity/people.hpp"
#include "link_form.hpp"
#include "link_mail_store.hpp"
#include "mail/letter.hpp"

#include <set>

namespace preau::sharing {
namespace {

struct LinkMailView { // of the templates link_mail.txt and link_mail.html
    std::string sender, title, may, message, address, until, site;
    bool has_password = false;
};
PREAU_DESCRIBE(LinkMailView, sender, title, may, message, address, until, site, has_password)

struct MailedDetail {
    LinkId link;
    std::int64_t count = 0;
};
PREAU_DESCRIBE(MailedDetail, link, count)

constexpr std::string_view letter_name = "sharing/pages/link_mail";
constexpr std::size_t longest_message = 2'000;

struct Found {
    MadeLink made;
    Item item;
};

Result<Found> find_mailable(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, LinkId id) {
    const auto now = sharing.world.clock.now();
    auto made = find_link(tx, sharing.world, id);
    if (!made || !made->link.item) return not_found("link.unknown");
    auto place = standing(tx, viewer, made->link.item, now);
    auto item = allow(place, Action::Manage);
    // In the words of a link that does not exist: who tries numbers learns from neither.
    if (!item && item.error().kind == Error::Kind::NotFound) return not_found("link.unknown");
    if (!item) return std::unexpected(std::move(item.error()));
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (made->link.revoked_at) return fail(Error::Kind::Gone, "link.revoked");
    if (made->link.until && *made->link.until <= now) return fail(Error::Kind::Gone, "link.expired");
    if (made->token.empty()) return fail(Error::Kind::Gone, "share.mail_lost");
    return Found{.made = std::move(*made), .item = std::move(*item)};
}

std::unexpected<Error> about_address(std::string key, std::string address) {
    auto error = invalid("to", std::move(key));
    error.error().values = {{"address", std::move(address)}};
    return error;
}

Result<std::vector<std::string>> read_addresses(db::Tx& tx, const std::vector<std::string>& typed) {
    std::vector<std::string> addresses;
    std::set<std::string> seen;
    for (const auto& one : typed) {
        auto address = mail::check_address(one);
        if (!address) {
            constexpr std::size_t longest_shown = 60;
            return about_address("share.mail_address", valid_utf8(one) ? cut_to_bytes(one, longest_shown) : "?");
        }
        if (seen.insert(to_lower_ascii(*address)).second) addresses.push_back(std::move(*address));
        if (addresses.size() > most_link_mails) {
            auto error = invalid("to", "share.mail_too_many");
            error.error().values = {{"limit", std::to_string(most_link_mails)}};
            return error;
        }
    }
    if (addresses.empty()) return invalid("to", "share.mail_nobody");
    for (const auto& address : addresses)
        if (mail::find_bounce(tx, address)) return about_address("share.mail_bounced", address);
    return addresses;
}

std::string may_words(const web::Locale& locale, const Link& link) {
    switch (link.role) {
    case Role::Deposit: return locale.text("share.sheet_deposit");
    case Role::View: return locale.text(link.deposit ? "share.sheet_view_deposit" : "share.sheet_view");
    case Role::Comment: return locale.text("share.sheet_comment");
    default: return locale.text("share.sheet_edit");
    }
}

} // namespace

void preload_link_mail(web::Pages& pages) { mail::preload<LinkMailView>(pages, letter_name); }

std::vector<std::string> addresses_in(std::string_view text) {
    std::vector<std::string> addresses;
    constexpr std::string_view between = ",; \t\r\n";
    for (std::size_t at = text.find_first_not_of(between); at != text.npos;) {
        const auto end = std::min(text.find_first_of(between, at), text.size());
        addresses.emplace_back(text.substr(at, end - at));
        at = text.find_first_not_of(between, end);
    }
    return addresses;
}

Result<int> mail_link(db::Tx& tx, Sharing& sharing, const Viewer& viewer, web::Language language,
                      const LinkMail& form) {
    const auto now = sharing.world.clock.now();
    const auto found = TRY(find_mailable(tx, sharing, viewer, form.link));
    const auto addresses = TRY(read_addresses(tx, form.to));
    auto message = TRY(check_text(form.message, "message", 0, longest_message));
    const auto count = static_cast<std::int64_t>(addresses.size());
    const auto day = now / 1_days;
    if (store::link_mails_sent(tx, viewer.person, day) + count > link_mails_a_day) {
        auto error = fail(Error::Kind::Throttled, "share.mail_limit");
        error.error().values = {{"limit", std::to_string(link_mails_a_day)}};
        error.error().retry_after = static_cast<int>(((day + 1) * 1_days - now) / 1_s);
        return error;
    }
    const auto& link = found.made.link;
    const auto& locale = web::Locale::of(language);
    auto letter = mail::compose(
        sharing.pages, language, letter_name,
        LinkMailView{
            .sender = viewer.name,
            .title = found.item.title,
            .may = may_words(locale, link),
            .message = std::move(message),
            .address = address_of(sharing, found.made.token),
            .until = link.until ? locale.text("share.mail_until", {{"day", locale.date_time(*link.until, viewer.zone)}})
                                : std::string{},
            .site = sharing.options.public_url,
            .has_password = link.has_password});
    const auto person = identity::find_person(tx, viewer.person);
    const bool answers = person && mail::check_address(person->mail);
    for (const auto& address : addresses)
        TRY(sharing.mail.send(tx, mail::message(letter, {.kind = "sharing.link",
                                                         .to = address,
                                                         .reply_to = answers ? person->mail : std::string{},
                                                         .reply_to_name = answers ? viewer.name : std::string{},
                                                         .automatic = false})));
    store::add_link_mails_sent(tx, viewer.person, day, count);
    record_event(tx, sharing.world, viewer, "link.mailed", link.item,
                 json::text_of(MailedDetail{.link = link.id, .count = count}));
    return static_cast<int>(count);
}

} // namespace preau::sharing

#include "portal/notice/notice_mail.hpp"

namespace preau::portal {
namespace {
constexpr std::string_view notice_template = "portal/notice/notice_mail";
} // namespace

web::Language language_of(std::string_view account_language) {
    return account_language == "en" ? web::Language::English : web::Language::French;
}

void send_notice(db::Tx& tx, Portal& portal, web::Language language, const NoticeTo& to, const NoticeMail& notice) {
    if (to.mail.empty() || !mail::check_address(to.mail)) return;
    auto letter = mail::compose(portal.pages, language, notice_template, notice);
    // A name that no header takes is no reason to undo what the letter is about.
    static_cast<void>(
        portal.mail.send(tx, mail::message(std::move(letter), {.kind = to.kind, .to = to.mail, .to_name = to.name})));
}

void preload_notice(web::Pages& pages) { mail::preload<NoticeMail>(pages, notice_template); }

} // namespace preau::portal

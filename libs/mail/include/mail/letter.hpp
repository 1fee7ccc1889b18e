// A message made of templates, in the reader's language:
//
//   mail::preload<LinkMail>(pages, "sharing/pages/link_mail");           // link_mail.txt and link_mail.html
//   auto letter = mail::compose(pages, language, "sharing/pages/link_mail", view);
//   mail.send(tx, mail::message(letter, {.kind = "sharing.link", .to = …}));
//
// The text template begins with the line "Subject: …" and an empty line. The HTML one holds what stands inside the
// common frame (mail_shell.html): plain elements without classes, styles or pictures.
#pragma once

#include "mail/mail.hpp"

namespace preau::mail {

struct Letter {
    std::string subject, text, html;
    std::string language; // "fr", "en"
};

namespace detail {
void preload_shell(web::Pages& pages);
Letter assemble(const web::Pages& pages, web::Language language, std::string text, std::string html);
} // namespace detail

template <class View> void preload(web::Pages& pages, std::string_view name) {
    pages.preload<View>(std::string{name} + ".txt");
    pages.preload<View>(std::string{name} + ".html");
    detail::preload_shell(pages);
}

template <class View>
Letter compose(const web::Pages& pages, web::Language language, std::string_view name, const View& view) {
    return detail::assemble(pages, language, pages.fragment(language, std::string{name} + ".txt", view),
                            pages.fragment(language, std::string{name} + ".html", view));
}

// What an administrator sends to see whether mail works.
struct TrialMail {
    std::string name;    // of the reader
    std::string address; // of this server
};
PREAU_DESCRIBE(TrialMail, name, address)
inline constexpr std::string_view trial_mail = "mail/pages/trial_mail";

// `about` says for whom and why; the letter's words are filled in.
Message message(Letter letter, Message about);

} // namespace preau::mail

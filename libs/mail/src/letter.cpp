#include "mail/letter.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

namespace preau::mail {
namespace {

struct MailShellView {
    std::string language; // "fr"
    std::string title;
    web::Html content;
};
PREAU_DESCRIBE(MailShellView, language, title, content)

constexpr std::string_view shell_template = "mail/pages/mail_shell.html";
constexpr std::string_view subject_mark = "Subject: ";

} // namespace

namespace detail {

void preload_shell(web::Pages& pages) { pages.preload<MailShellView>(shell_template); }

Letter assemble(const web::Pages& pages, web::Language language, std::string text, std::string html) {
    const auto end = text.find('\n');
    PREAU_ASSERT(text.starts_with(subject_mark) && end != text.npos);
    Letter letter{
        .subject = std::string{trimmed(std::string_view{text}.substr(subject_mark.size(), end - subject_mark.size()))},
        .text = std::string{trimmed(std::string_view{text}.substr(end))} + "\n",
        .language = std::string{web::code(language)}};
    const MailShellView view{.language = letter.language, .title = letter.subject, .content = {std::move(html)}};
    letter.html = pages.fragment(language, shell_template, view);
    return letter;
}

} // namespace detail

Message message(Letter letter, Message about) {
    about.subject = std::move(letter.subject);
    about.text = std::move(letter.text);
    about.html = std::move(letter.html);
    about.language = std::move(letter.language);
    return about;
}

} // namespace preau::mail

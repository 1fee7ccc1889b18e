#include "mail_format.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace preau::identity {

bool well_formed_mail(std::string_view mail) {
    if (mail.size() > 254 || !valid_utf8(mail)) return false;
    auto at = mail.find('@');
    if (at == 0 || at == std::string_view::npos || at + 1 == mail.size()) return false;
    auto domain = mail.substr(at + 1);
    if (domain.find('@') != std::string_view::npos || domain.front() == '.' || domain.back() == '.') return false;
    return std::ranges::none_of(mail, [](unsigned char letter) {
        return letter <= ' ' || letter == 0x7f || letter == '<' || letter == '>' || letter == ',' || letter == ';' ||
               letter == '"';
    });
}

} // namespace preau::identity
